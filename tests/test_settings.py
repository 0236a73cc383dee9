"""Settings: names, defaults, `.env`, and mistakes that say what to do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from harvester.errors import SettingsError
from harvester.settings import load_settings, read_texts


def test_without_anything_set_the_real_upstreams_and_published_paces_hold(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path)
    assert settings.data == tmp_path / "data"
    assert settings.upstreams["arxiv_api"].url == "https://export.arxiv.org"
    assert settings.upstreams["arxiv_api"].interval == 3.0
    assert settings.upstreams["semantic_scholar"].interval == 60.0, "the pool for everybody grants about one a minute"
    assert (settings.attempts, settings.waiting, settings.upstreams["arxiv_api"].silence) == (4, 900.0, 600.0)
    assert not settings.rehearsed
    assert settings.user_agent.startswith("harvester/")


def test_with_a_key_semantic_scholar_is_asked_once_a_second_and_a_person_may_set_another_pace(tmp_path: Path) -> None:
    key = {"SEMANTIC_SCHOLAR_API_KEY": "planted-key"}
    assert load_settings(key, tmp_path).upstreams["semantic_scholar"].interval == 1.0
    slower = {"HARVESTER_SEMANTIC_SCHOLAR_INTERVAL": "5"}
    assert load_settings(slower, tmp_path).upstreams["semantic_scholar"].interval == 5.0
    assert load_settings(slower | key, tmp_path).upstreams["semantic_scholar"].interval == 5.0


def test_attempts_waiting_and_requests_are_bounded_by_settings(tmp_path: Path) -> None:
    given = {
        "HARVESTER_ATTEMPTS": "2",
        "HARVESTER_WAITING": "30",
        "HARVESTER_GITHUB_REQUESTS": "7",
        "HARVESTER_GITHUB_BATCH": "50",
    }
    settings = load_settings(given, tmp_path)
    assert (settings.attempts, settings.waiting, settings.upstreams["github"].requests) == (2, 30.0, 7)
    assert (settings.upstreams["github"].batch, settings.upstreams["openalex"].batch) == (50, None)
    for name, value in (
        ("HARVESTER_ATTEMPTS", "0"),
        ("HARVESTER_OPENALEX_REQUESTS", "many"),
        ("HARVESTER_OPENALEX_BATCH", "0"),
        ("HARVESTER_WAITING", "-1"),
    ):
        with pytest.raises(SettingsError, match=name):
            load_settings({name: value}, tmp_path)


def test_the_environment_wins_over_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("HARVESTER_DATA=from-file\nGITHUB_TOKEN=file-token\n")
    settings = load_settings({"HARVESTER_DATA": "from-environment"}, tmp_path)
    assert settings.data == tmp_path / "from-environment"
    assert settings.upstreams["github"].key == "file-token"


def test_secrets_do_not_show(tmp_path: Path) -> None:
    settings = load_settings({"GITHUB_TOKEN": "ghp_planted", "OPENALEX_API_KEY": "planted-too"}, tmp_path)
    assert "planted" not in repr(settings)
    assert set(settings.secrets) == {"ghp_planted", "planted-too"}


def test_all_interfaces_of_arxiv_share_one_pace(tmp_path: Path) -> None:
    settings = load_settings({"HARVESTER_ARXIV_INTERVAL": "4.5"}, tmp_path)
    assert settings.upstreams["arxiv_oai"].interval == settings.upstreams["arxiv_api"].interval == 4.5
    assert settings.upstreams["arxiv_oai"].gate == settings.upstreams["arxiv_api"].gate


@pytest.mark.parametrize("what", ["INTERVAL", "SILENCE"])
def test_a_pace_of_one_interface_of_arxiv_is_refused_and_the_name_that_is_heard_is_told(
    tmp_path: Path, what: str
) -> None:
    with pytest.raises(SettingsError, match=f"HARVESTER_ARXIV_OAI_{what} is not heard: .*HARVESTER_ARXIV_{what}"):
        load_settings({f"HARVESTER_ARXIV_OAI_{what}": "9"}, tmp_path)


@pytest.mark.parametrize("name", ["HARVESTER_ARXIV_BATCH", "HARVESTER_ARXIV_OAI_BATCH"])
def test_a_batch_that_arxiv_has_none_of_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is not heard"):
        load_settings({name: "9"}, tmp_path)


def test_arxiv_is_asked_faster_than_its_terms_allow_only_on_loopback(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="HARVESTER_ARXIV_INTERVAL must be at least 3 seconds"):
        load_settings({"HARVESTER_ARXIV_INTERVAL": "2.9"}, tmp_path)
    both = {f"HARVESTER_{stem}_URL": "http://127.0.0.1:9" for stem in ("ARXIV", "ARXIV_OAI")}
    settings = load_settings({"HARVESTER_ARXIV_INTERVAL": "0", **both}, tmp_path)
    assert settings.upstreams["arxiv_api"].interval == 0.0


def test_a_rehearsal_is_told_by_loopback_addresses_alone(tmp_path: Path) -> None:
    stems = ("ARXIV", "ARXIV_OAI", "GITHUB", "SEMANTIC_SCHOLAR", "OPENALEX")
    urls = {f"HARVESTER_{stem}_URL": "http://127.0.0.1:8000/x/" for stem in stems}
    assert load_settings(urls, tmp_path).rehearsed
    assert load_settings(urls, tmp_path).upstreams["github"].url == "http://127.0.0.1:8000/x"
    assert not load_settings({**urls, "HARVESTER_GITHUB_URL": "https://localhost.example.org"}, tmp_path).rehearsed


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    wrong = {
        "HARVESTER_GITHUB_URL": "ftp://x",
        "HARVESTER_ARXIV_INTERVAL": "soon",
        "GITHUB_TOKEN": "with space in it",
        "HARVESTER_OPENALEX_URL": "https://user:pw@api.openalex.org",
    }
    with pytest.raises(SettingsError) as caught:
        load_settings(wrong, tmp_path)
    said = str(caught.value)
    assert all(name in said for name in wrong)
    assert "with space in it" not in said


def test_a_missing_topics_file_is_told_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"topics\.toml is missing: run in a checkout"):
        read_texts(tmp_path)


def test_a_key_is_not_sent_over_plain_http_to_another_machine(tmp_path: Path) -> None:
    variables = {"GITHUB_TOKEN": "ghp_planted", "HARVESTER_GITHUB_URL": "http://github.example.org"}
    with pytest.raises(SettingsError, match="use https"):
        load_settings(variables, tmp_path)
    assert load_settings({**variables, "HARVESTER_GITHUB_URL": "http://127.0.0.1:9"}, tmp_path)


SLACK_LIKE = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


def test_addresses_to_tell_are_parted_by_commas_and_spaces_but_not_within(tmp_path: Path) -> None:
    text = f"mailtos://ann:secret-word@example.org?to=a@b.org,c@d.org, json://127.0.0.1:8000/ {SLACK_LIKE}"
    told = load_settings({"HARVESTER_NOTIFY": text}, tmp_path).notify
    assert told == (
        "mailtos://ann:secret-word@example.org?to=a@b.org,c@d.org",
        "json://127.0.0.1:8000/",
        SLACK_LIKE,
    )


def test_addresses_to_tell_are_secrets_with_their_tokens_but_their_hosts_are_none(tmp_path: Path) -> None:
    text = f"mailtos://ann:secret-word@mail1.example.org, {SLACK_LIKE}"
    settings = load_settings({"HARVESTER_NOTIFY": text}, tmp_path)
    assert {"secret-word", "TIiajkdnlazkcOXrIdevi7FQ", SLACK_LIKE} <= {*settings.secrets}
    assert not {"mail1.example.org", "slack", "ann"} & {*settings.secrets}, "a harmless answer may hold these"
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("text", ["xoxb-1234-secret", "json://[secret/", "json://127.0.0.1/, secret"])
def test_a_text_that_is_no_address_to_tell_is_a_mistake_that_does_not_repeat_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="HARVESTER_NOTIFY") as refused:
        load_settings({"HARVESTER_NOTIFY": text}, tmp_path)
    assert "secret" not in str(refused.value)


def test_commands_take_the_machines_time_unless_days_behind_are_set(tmp_path: Path) -> None:
    assert load_settings({}, tmp_path).behind == timedelta(0)
    assert load_settings({"HARVESTER_DAYS_BEHIND": "899"}, tmp_path).behind == timedelta(days=899)
    for wrong in ("-1", "1.5", "a year"):
        with pytest.raises(SettingsError, match="HARVESTER_DAYS_BEHIND must be a whole number"):
            load_settings({"HARVESTER_DAYS_BEHIND": wrong}, tmp_path)
