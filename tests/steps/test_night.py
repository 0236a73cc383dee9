"""Nights, end to end without Prefect: what they ask, what they keep, what they publish."""

from __future__ import annotations

import hashlib
import json
import math
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from night_runner import run_night

from harvester.errors import RunningError, SettingsError
from harvester.rehearsal import NIGHTS, Rehearsal
from harvester.settings import Settings, load_settings
from harvester.steps import tell
from harvester.steps.publish import publish_now
from harvester.steps.replay import replay


def papers(settings: Settings) -> pd.DataFrame:
    return pd.read_parquet(settings.data / "curated" / "latest" / "papers.parquet").set_index("subject")


def files(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_every_value_equals_the_truth_with_source_and_date(settings: Settings, rehearsal: Rehearsal) -> None:
    at = NIGHTS[0]
    rehearsal.move_to(at)
    report = run_night(settings, at)
    assert report.state == "done", report.causes
    table = papers(settings)
    entries = pd.read_parquet(settings.data / "curated" / "latest" / "entries.parquet")
    listed = sorted({s for s in entries["subject"] if s.startswith("arxiv:")})
    assert len(listed) >= 187
    for subject in listed:
        row, truth = table.loc[subject], rehearsal.world.citations(subject.removeprefix("arxiv:"), at)
        if truth is None:
            assert pd.isna(row["citations"]), subject
            assert pd.isna(row["citations_as_of"]), subject
        else:
            assert (row["citations"], row["citations_source"]) == truth, subject
            assert row["citations_as_of"].date() == at.date()
    repositories = pd.read_parquet(settings.data / "curated" / "latest" / "repositories.parquet")
    for row in repositories.itertuples():
        assert (None if pd.isna(row.stars) else row.stars) == rehearsal.world.stars(row.name, at), row.name
    for frame, column in ((table, "citations"), (repositories, "stars")):
        assert not (frame[column] < 0).any()


def test_a_night_asks_no_more_than_the_floor_and_two(settings: Settings, rehearsal: Rehearsal) -> None:
    for at in NIGHTS[:3]:
        rehearsal.reset_log()
        rehearsal.move_to(at)
        figures = run_night(settings, at).figures
        assert figures
        asked = {name: len(rehearsal.requests(name)) for name in ("arxiv", "github", "semantic_scholar", "openalex")}
        assert asked["arxiv"] <= math.ceil(figures.papers / 500) + 2
        assert asked["semantic_scholar"] <= math.ceil(figures.citations_asked / 500) + 2
        assert asked["github"] <= math.ceil(figures.stars_asked / 100) + 2
        assert asked["openalex"] <= 1 + 2


def test_the_same_night_again_asks_nothing_and_publishes_nothing(settings: Settings, rehearsal: Rehearsal) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    before = files(settings.data / "curated"), files(settings.lists)
    rehearsal.reset_log()
    again = run_night(settings, NIGHTS[0])
    assert (again.state, again.published) == ("done", False)
    assert rehearsal.requests() == []
    assert (files(settings.data / "curated"), files(settings.lists)) == before


def test_listed_papers_are_asked_again_weekly_not_nightly(settings: Settings, rehearsal: Rehearsal) -> None:
    asked = []
    for at in NIGHTS[:8]:
        rehearsal.move_to(at)
        asked.append(any(talk.what == "ids" for talk in run_night(settings, at).talks))
    assert asked == [True, *[False] * 5, True, False], "a night early, so that one failed night makes nothing too old"


def test_one_upstream_down_degrades_the_night_and_the_last_values_stay(
    settings: Settings, rehearsal: Rehearsal
) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    before = papers(settings)
    rehearsal.move_to(NIGHTS[1])
    rehearsal.play({"upstream": "semantic_scholar", "kind": "http_status", "status": 403, "times": 99})
    report = run_night(settings, NIGHTS[1])
    assert (report.state, report.exit_code) == ("degraded", 3)
    assert any("semantic_scholar" in cause for cause in report.causes)
    after = papers(settings)
    known = before.index[(before["citations_source"] == "semantic_scholar") & before.index.isin(after.index)]
    assert (after.loc[known, "citations"] == before.loc[known, "citations"]).all()
    assert (after.loc[known, "citations_as_of"] == before.loc[known, "citations_as_of"]).all()
    assert (after.loc[known, "citations_status"] == "failed").all()
    assert report.figures and report.figures.stars_refreshed > 0


def test_with_every_upstream_down_the_lists_stay_and_the_night_says_so(
    settings: Settings, rehearsal: Rehearsal
) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    before = papers(settings)
    rehearsal.move_to(NIGHTS[1])
    for upstream in ("arxiv", "github", "semantic_scholar", "openalex"):
        rehearsal.play({"upstream": upstream, "kind": "http_status", "status": 401, "times": 99})
    report = run_night(settings, NIGHTS[1])
    assert report.state == "degraded"
    after = papers(settings)
    assert (after["citations"].dropna() == before["citations"].dropna()).all()
    assert len(after) == len(before)


def test_without_a_token_the_oldest_sixty_repositories_are_refreshed_and_the_report_says_so(
    environment: dict[str, str], home: Path, rehearsal: Rehearsal
) -> None:
    settings = load_settings({**environment, "GITHUB_TOKEN": ""}, home)
    refreshed: list[set[str]] = []
    waiting: list[int] = []
    for at in NIGHTS[:2]:
        rehearsal.reset_log()
        rehearsal.move_to(at)
        report = run_night(settings, at)
        assert report.state == "done", report.causes
        assert any("60" in note and "token" in note for note in report.notes)
        refreshed.append({request.path for request in rehearsal.requests("github")})
        assert len(refreshed[-1]) <= 62  # a rename is one request more
        repositories = pd.read_parquet(settings.data / "curated" / "latest" / "repositories.parquet")
        waiting.append(int((repositories["stars_status"] == "never_asked").sum()))
    assert waiting[0] > 0 and waiting[1] == max(len(repositories) - 120, 0)
    assert not refreshed[0] & refreshed[1], "those that were never asked come before those that were"


def test_replay_makes_the_same_bytes_with_the_network_off(settings: Settings, rehearsal: Rehearsal, home: Path) -> None:
    for at in NIGHTS[:2]:
        rehearsal.move_to(at)
        run_night(settings, at)
    rehearsal.reset_log()
    latest = (settings.data / "curated" / "LATEST").read_text().strip()
    before = files(settings.data / "curated" / latest), files(settings.lists)
    (settings.data / "curated" / latest / "papers.parquet").unlink()
    for path in settings.lists.rglob("*.md"):
        path.unlink()
    found = replay(settings)
    assert found.identical and found.restored == ("papers.parquet",)
    assert (files(settings.data / "curated" / latest), files(settings.lists)) == before
    assert replay(settings, f"{NIGHTS[0]:%Y-%m-%d}", home / "elsewhere").identical
    assert (home / "elsewhere" / "curated").is_dir()
    assert rehearsal.requests() == []


def test_publish_folds_decisions_without_asking_anybody(settings: Settings, rehearsal: Rehearsal) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    rehearsal.reset_log()
    again = publish_now(settings, None, lambda: NIGHTS[0] + timedelta(hours=5), lambda _: None)
    assert not again.curated.published
    candidates = pd.read_parquet(settings.data / "curated" / "latest" / "candidates.parquet")
    chosen = candidates.iloc[0]
    reject = {"at": "2024-06-03T08:00:00Z", "by": "ann", "list": chosen["list"], "subject": chosen["subject"]}
    line = json.dumps({**reject, "act": "reject", "reason": "off topic"}) + "\n"
    (settings.editorial / "decisions" / "2024-06-03T080000Z-ann-aaaa.jsonl").write_text(line)
    done = publish_now(settings, None, lambda: NIGHTS[0] + timedelta(hours=5), lambda _: None)
    assert done.curated.published
    left = pd.read_parquet(settings.data / "curated" / "latest" / "candidates.parquet")
    assert len(left) == len(candidates) - 1
    assert rehearsal.requests() == []


def test_a_second_start_is_refused_while_one_runs(settings: Settings, rehearsal: Rehearsal) -> None:
    with tell.run_lock(settings.data), pytest.raises(RunningError, match="wait until it has ended"):
        run_night(settings, NIGHTS[0])
    assert rehearsal.requests() == []


def test_a_virtual_clock_is_refused_for_real_upstreams(environment: dict[str, str], home: Path) -> None:
    real = load_settings({**environment, "HARVESTER_GITHUB_URL": "https://api.github.com"}, home)
    with pytest.raises(SettingsError, match="within the last 24 hours"):
        run_night(real, NIGHTS[0])


def test_missed_nights_are_caught_up(settings: Settings, rehearsal: Rehearsal) -> None:
    for at in (NIGHTS[0], NIGHTS[9]):
        rehearsal.move_to(at)
        run_night(settings, at)
    (search,) = (t for t in _last_talks(settings) if t["what"] == "search")
    assert f"from {NIGHTS[0] - timedelta(days=7):%Y-%m-%d} " in search["asked"]


def _last_talks(settings: Settings) -> list[dict[str, str]]:
    last = sorted(path for path in (settings.data / "runs").glob("*Z.json"))[-1]
    talks: list[dict[str, str]] = json.loads(last.read_text())["talks"]
    return talks
