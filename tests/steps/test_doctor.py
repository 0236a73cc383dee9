"""The doctor finds what stands in the way of a run, says what to do, and changes nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from listener import listening
from night_runner import run_night

from harvester.raw.gate import open_gate
from harvester.raw.landings import land, open_folder
from harvester.records import Landing, Request
from harvester.rehearsal import NIGHTS, Rehearsal
from harvester.report import Report
from harvester.settings import Settings, load_settings
from harvester.steps import tell
from harvester.steps.doctor import Wishes, examine
from harvester.steps.online import clock_off, remedy
from harvester.steps.probe import Check

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOTHING = Wishes()


def found(home: Path, environment: dict[str, str], wishes: Wishes = NOTHING) -> list[Check]:
    said: list[str] = []
    return examine(environment, home, wishes, lambda: datetime.now(UTC), said.append)


def wrong(checks: list[Check]) -> list[str]:
    return [f"{check.area}: {check.said}" for check in checks if check.state == "wrong"]


def only(checks: list[str]) -> str:
    [one] = checks
    return one


def everything(home: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in home.rglob("*") if path.is_file()}


def test_a_fresh_checkout_has_nothing_in_the_way_and_stays_as_it_is(home: Path) -> None:
    before = everything(home)
    checks = found(home, {"HARVESTER_STATE": str(home / "state")})
    assert wrong(checks) == []
    assert {"GITHUB_TOKEN", "HARVESTER_CONTACT", "HARVESTER_NOTIFY"} <= {
        check.said.split()[0] for check in checks if check.area == "keys"
    }
    assert everything(home) == before
    assert not (home / "data").exists()
    assert [check.said for check in checks if check.area == "gates"] == ["open"]


def test_after_a_night_all_is_well(home: Path, environment: dict[str, str], settings: Settings) -> None:
    run_night(settings, NIGHTS[0])
    checks = found(home, environment)
    assert wrong(checks) == []
    said = " ".join(check.said for check in checks)
    assert "conversations" in said and "is whole" in said and "by what 1 night took" in said


def test_every_mistake_in_the_settings_is_told_and_the_rest_is_looked_at_all_the_same(home: Path) -> None:
    (home / "editorial" / "topics.toml").write_text("categories = [", encoding="utf-8")
    environment = {"HARVESTER_ARXIV_INTERVAL": "soon", "GITHUB_TOKEN": "short", "HARVESTER_STATE": str(home / "state")}
    checks = found(home, environment, Wishes(online=True))
    told = wrong(checks)
    assert [line.split()[1] for line in told if line.startswith("settings")] == [
        "HARVESTER_ARXIV_INTERVAL",
        "GITHUB_TOKEN",
    ]
    assert any(line.startswith("texts: ") and "topics.toml" in line for line in told)
    assert "mend the settings first" in checks[-1].said


Breakage = Callable[[Settings], None]


def _conflict_in_a_list(settings: Settings) -> None:
    path = settings.editorial / "lists" / "efficient-llm.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[:2], "<<<<<<< HEAD\n", *lines[2:]]), encoding="utf-8")


def _conflict_in_a_decision(settings: Settings) -> None:
    path = sorted((settings.editorial / "decisions").glob("*.jsonl"))[0]
    path.write_text("<<<<<<< HEAD\n" + path.read_text(encoding="utf-8"), encoding="utf-8")


def _torn_landing(settings: Settings) -> None:
    body = next((settings.data / "raw" / "github").glob("*/001.body*"))
    body.write_bytes(body.read_bytes()[:40])


def _no_end(settings: Settings) -> None:
    next((settings.data / "raw" / "github").glob("*/done.json")).write_text("{", encoding="utf-8")


def _stray_folder(settings: Settings) -> None:
    (settings.data / "raw" / "github" / "my notes").mkdir()


def _torn_table(settings: Settings) -> None:
    table = settings.data / "curated" / "latest" / "papers.parquet"
    table.chmod(0o644)
    table.write_bytes(table.read_bytes()[:100])


def _pointer_to_nowhere(settings: Settings) -> None:
    (settings.data / "curated" / "LATEST").write_text("2020-01-01T000000Z\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("breakage", "area", "told"),
    [
        (_conflict_in_a_list, "texts", "efficient-llm.toml:3:"),
        (_conflict_in_a_decision, "decisions", ".jsonl, line 1"),
        (_torn_landing, "landings", "/001: the body is torn"),
        (_no_end, "landings", "done.json cannot be read"),
        (_stray_folder, "landings", "move it out of data/raw"),
        (_torn_table, "snapshots", "papers.parquet: missing or damaged"),
        (_pointer_to_nowhere, "snapshots", "LATEST names '2020-01-01T000000Z'"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else None,
)
def test_what_is_broken_is_named_with_its_place(
    home: Path, environment: dict[str, str], settings: Settings, breakage: Breakage, area: str, told: str
) -> None:
    run_night(settings, NIGHTS[0])
    breakage(settings)
    recently = [check for check in found(home, environment, Wishes(all_landings=True)) if check.state == "wrong"]
    assert recently and {check.area for check in recently} == {area}
    assert told in recently[0].said


def test_old_landings_are_looked_into_only_when_asked(
    home: Path, environment: dict[str, str], settings: Settings
) -> None:
    run_night(settings, NIGHTS[0])
    _torn_landing(settings)
    assert wrong(found(home, environment)) == [], "of a rehearsal years ago"


def test_a_file_where_a_folder_belongs_is_told(home: Path) -> None:
    (home / "data").write_text("", encoding="utf-8")
    assert "is no folder" in wrong(found(home, {"HARVESTER_STATE": str(home / "state")}))[0]


def test_a_clock_behind_the_records_is_told(home: Path) -> None:
    path = tell.write_record(home / "data", Report(NOW, NOW, "done"))
    os.utime(path, (time.time() + 3_600, time.time() + 3_600))
    line = only(wrong(found(home, {"HARVESTER_STATE": str(home / "state")})))
    assert line.startswith("clock: ") and "set it right" in line


def test_days_behind_are_told_and_wrong_where_a_real_upstream_is_to_be_asked(
    home: Path, environment: dict[str, str]
) -> None:
    behind = {"HARVESTER_DAYS_BEHIND": "899", "HARVESTER_STATE": str(home / "state")}
    checks = found(home, behind, Wishes(online=True))
    assert "HARVESTER_DAYS_BEHIND=899 is for rehearsals alone" in only(wrong(checks))
    assert "nobody was asked" in checks[-1].said
    checks = found(home, behind)
    assert wrong(checks) == []
    assert any(check.state == "note" and "a run would be refused: unset it" in check.said for check in checks)
    checks = found(home, {**environment, **behind})
    assert wrong(checks) == [] and not any("refused: unset it" in check.said for check in checks)
    assert any("HARVESTER_DAYS_BEHIND=899: to all commands it is 202" in check.said for check in checks)


def test_a_killed_run_and_one_at_work_are_told_apart(home: Path) -> None:
    tell.write_record(home / "data", Report(NOW, NOW, "running", pid=os.getpid()))
    tell.write_record(home / "data", Report(NOW + timedelta(days=1), NOW, "running", pid=4_194_999))
    said = [check.said for check in found(home, {"HARVESTER_STATE": str(home / "state")}) if check.area == "runs"]
    assert "was killed; the next one goes on from there" in said[0]
    assert f"is at work (process {os.getpid()})" in said[1]


def test_a_gate_that_is_held_is_told(home: Path) -> None:
    environment = {"HARVESTER_STATE": str(home / "state")}
    settings = load_settings(environment, home)
    open_gate(settings, settings.upstreams["arxiv_oai"]).hold(600)
    gates = [check for check in found(home, environment) if check.area == "gates"]
    assert len(gates) == 1 and "arxiv asked to be left alone until" in gates[0].said


def test_online_every_upstream_is_asked_once_and_nothing_lands(
    home: Path, environment: dict[str, str], rehearsal: Rehearsal
) -> None:
    checks = found(home, environment, Wishes(online=True))
    assert wrong(checks) == []
    said = [check.said.split()[0] for check in checks if check.area == "online"]
    assert said == ["arxiv_api", "arxiv_oai", "github", "semantic_scholar", "openalex"]
    asked = {name: len(rehearsal.requests(name)) for name in ("github", "semantic_scholar", "openalex")}
    assert set(asked.values()) == {1}
    assert not (home / "data").exists()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            {"upstream": "github", "kind": "http_status", "status": 401},
            "GITHUB_TOKEN may have expired or be wrong, which waiting does not mend",
        ),
        ({"upstream": "semantic_scholar", "kind": "http_status", "status": 429}, "asked too often"),
        ({"upstream": "openalex", "kind": "http_503"}, "in trouble itself"),
        ({"upstream": "arxiv_oai", "kind": "http_503"}, "in trouble itself"),
    ],
    ids=lambda value: value["upstream"] if isinstance(value, dict) else None,
)
def test_online_what_is_wrong_with_an_upstream_is_told_with_what_to_do(
    home: Path, environment: dict[str, str], rehearsal: Rehearsal, fault: dict[str, object], told: str
) -> None:
    rehearsal.play({**fault, "times": None})
    line = only(wrong(found(home, environment, Wishes(online=True))))
    assert str(fault["upstream"]) in line and told in line


def test_online_a_gate_that_is_shut_is_a_note_and_nobody_is_asked(
    home: Path, environment: dict[str, str], settings: Settings, rehearsal: Rehearsal
) -> None:
    open_gate(settings, settings.upstreams["arxiv_api"]).hold(600)
    checks = found(home, environment, Wishes(online=True))
    assert wrong(checks) == []
    notes = [check.said for check in checks if check.area == "online" and check.state == "note"]
    assert [note.partition(": ")[0] for note in notes] == ["arxiv_api", "arxiv_oai"]
    assert all("shut until 2" in note and "nothing to do" in note for note in notes)
    assert rehearsal.requests("arxiv") == []


def test_online_no_connection_is_told(home: Path, environment: dict[str, str]) -> None:
    nowhere = {**environment, "HARVESTER_OPENALEX_URL": "http://127.0.0.1:1"}
    assert "can be reached from here" in only(wrong(found(home, nowhere, Wishes(online=True))))


def landing(date: str | None) -> Landing:
    headers = (("date", date),) if date else ()
    return Landing(Request("github", "GET", "/"), 200, headers, b"", NOW)


@pytest.mark.parametrize("date", [None, "nonsense", format_datetime(NOW + timedelta(seconds=90), usegmt=True)])
def test_a_clock_that_agrees_or_cannot_be_compared_is_well(date: str | None) -> None:
    assert clock_off("github", landing(date)) is None


@pytest.mark.parametrize(("off", "way"), [(timedelta(minutes=10), "behind"), (timedelta(hours=-2), "ahead of")])
def test_a_clock_that_differs_is_told(off: timedelta, way: str) -> None:
    check = clock_off("github", landing(format_datetime(NOW + off, usegmt=True)))
    assert check and f"{abs(off)} {way} that of github" in check.said


def test_a_refusal_without_a_key_does_not_speak_of_one(settings: Settings) -> None:
    nameless = replace(settings.upstreams["github"], key=None)
    assert "HARVESTER_CONTACT" in remedy(nameless, replace(landing(None), status=403))
    assert "its address" in remedy(nameless, replace(landing(None), status=404))


def test_a_test_message_is_sent_and_what_did_not_take_it_is_told(home: Path, environment: dict[str, str]) -> None:
    assert "nobody to tell" in only(wrong(found(home, environment, Wishes(notify=True))))
    with listening() as listener:
        told = {**environment, "HARVESTER_NOTIFY": f"{listener.address}, json://127.0.0.1:1/"}
        checks = found(home, told, Wishes(notify=True))
    assert listener.titles() == ["harvester: a test"]
    assert "1 of 2 addresses took the test message" in [check.said for check in checks]
    assert "the 2. address of HARVESTER_NOTIFY (json) did not take the message" in only(wrong(checks))


def test_landings_of_an_unknown_upstream_are_a_note(home: Path) -> None:
    folder = open_folder(home / "data" / "raw", "github", NOW, "stars", {})
    land(folder, 1, landing(None))
    (home / "data" / "raw" / "gitlab").mkdir()
    notes = [c.said for c in found(home, {"HARVESTER_STATE": str(home / "state")}) if c.area == "landings"]
    assert len(notes) == 1 and "of no upstream that is known" in notes[0]


def test_a_file_of_settings_that_is_not_there_was_not_read(home: Path, environment: dict[str, str]) -> None:
    def told() -> str:
        return next(check.said for check in found(home, environment) if check.area == "settings")

    assert told() == f"read from the environment; {home / '.env'} is not there"
    (home / ".env").write_text("", encoding="utf-8")
    assert told() == f"read from the environment and {home / '.env'}"


def test_a_key_that_is_none_is_not_told_as_missing_too(home: Path, environment: dict[str, str]) -> None:
    said = [
        check.said for check in found(home, {**environment, "GITHUB_TOKEN": "short"}) if "GITHUB_TOKEN" in check.said
    ]
    assert len(said) == 1 and "is not a key" in said[0]
