"""How things stand, told from files alone: before the first run, while one is at work, after good and bad ones."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from night_runner import run_night

from harvester.rehearsal import NIGHTS, Rehearsal
from harvester.report import Report, RunKind, RunState
from harvester.settings import Settings, load_settings
from harvester.steps import tell
from harvester.steps.status import Status, status

FIRST = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
MOST = timedelta(hours=36)


@pytest.fixture
def here(home: Path) -> Settings:
    return load_settings({}, home)


def hold(here: Settings, night: float, state: RunState, *causes: str, kind: RunKind = "nightly") -> None:
    at = (FIRST + timedelta(days=night)).replace(microsecond=0)
    ended = None if state == "running" else at
    tell.write_record(here.data, Report(at, at, state, ended_at=ended, causes=causes, kind=kind, pid=os.getpid()))


def told(here: Settings, night: float) -> Status:
    return status(here, FIRST + timedelta(days=night), MOST)


def test_before_the_first_night_it_says_how_to_start(here: Settings) -> None:
    found = told(here, 0)
    assert found.exit_code == 1
    assert "python flows/nightly.py" in found.verdict
    assert found.snapshot is None
    assert [one.slug for one in found.lists] == ["efficient-llm-plaza", "efficient-llm"]
    assert not here.data.exists(), "it only looks"


def test_a_good_night_is_well_for_36_hours(here: Settings) -> None:
    hold(here, 0, "done")
    assert told(here, 1.4).exit_code == 0
    late = told(here, 1.6)
    assert late.exit_code == 1
    assert "no good night for 38 hours" in late.verdict
    assert "timer" in late.verdict
    assert status(here, FIRST + timedelta(days=1.6), timedelta(hours=60)).exit_code == 0


def test_a_degraded_night_is_told_with_its_cause_and_since_when(here: Settings) -> None:
    hold(here, 0, "done")
    hold(here, 1, "degraded", "github stars: GitHub refused (HTTP 401)", "and another")
    found = told(here, 1.1)
    assert found.exit_code == 3
    assert "degraded since 2026-11-02 05:30 UTC: github stars: GitHub refused (HTTP 401) (and 1 more)" in found.verdict
    assert "harvester doctor --online" in found.verdict
    hold(here, 2, "failed", "curate: No space left on device")
    long = told(here, 2.1)
    assert long.exit_code == 1, "neither is good"
    assert "bad since 2026-11-02 05:30 UTC: curate: No space left" in long.verdict
    hold(here, 3, "done")
    assert told(here, 3.1).exit_code == 0


def test_a_refused_key_is_named_and_waiting_is_not_the_remedy(
    home: Path, environment: dict[str, str], rehearsal: Rehearsal
) -> None:
    settings = load_settings(environment, home)
    rehearsal.move_to(NIGHTS[0])
    rehearsal.play({"upstream": "github", "kind": "http_401", "times": None})
    report = run_night(settings, NIGHTS[0])
    assert any("GitHub refused (HTTP 401); the key is that of GITHUB_TOKEN" in cause for cause in report.causes)
    line = status(settings, NIGHTS[0] + timedelta(hours=1), MOST).verdict
    assert "GitHub: GITHUB_TOKEN may have expired or be wrong, which waiting does not mend: make a new one" in line
    assert "next night" not in line


def test_a_failed_week_degrades_and_a_backfill_does_not(here: Settings) -> None:
    hold(here, 0, "done")
    hold(here, 0.1, "failed", "backfill: stopped", kind="backfill")
    assert told(here, 0.5).exit_code == 0
    hold(here, 0.2, "failed", "replay: papers differ", kind="weekly")
    found = told(here, 0.5)
    assert (found.exit_code, found.verdict.startswith("weekly failed since 2026-11-01")) == (3, True)


def test_a_night_at_work_is_told_apart_from_one_that_was_killed(here: Settings) -> None:
    hold(here, 0, "done")
    hold(here, 1, "running")  # by this very process
    found = told(here, 1.01)
    assert found.runs[0].at_work and not found.runs[0].killed
    assert (found.exit_code, "a run is at work since 2026-11-02 05:30 UTC" in found.verdict) == (0, True)
    record = next((here.data / "runs").glob("2026-11-02*"))
    record.write_text(record.read_text().replace(f'"pid": {os.getpid()}', '"pid": 4194999'))
    found = told(here, 1.01)
    assert found.runs[0].killed and not found.runs[0].at_work
    assert (found.exit_code, "goes on from there" in found.verdict) == (3, True)


def test_that_the_last_night_was_killed_is_told_first_whatever_went_before(here: Settings) -> None:
    def killed(night: float) -> str:
        hold(here, night, "running")
        record = max((here.data / "runs").glob("*Z.json"))
        record.write_text(record.read_text().replace(f'"pid": {os.getpid()}', '"pid": 4194999'))
        found = told(here, night + 0.1)
        assert found.exit_code == (3 if night else 1), found.verdict
        return found.verdict

    words = "was killed: `python flows/nightly.py` goes on from there; before it: "
    assert killed(0) == f"the nightly run of 2026-11-01 05:30 UTC {words}no night yet"
    hold(here, 0, "done")
    hold(here, 1, "degraded", "github stars: HTTP 502")
    hold(here, 2, "done")
    assert killed(3).endswith(f"{words}well: the last good night was that of 2026-11-03 05:30 UTC")


def test_how_it_stood_then_knows_nothing_of_later(here: Settings) -> None:
    hold(here, 0, "done")
    hold(here, 1, "degraded", "github stars: HTTP 502")
    tell.write_record(
        here.data,
        Report(FIRST + timedelta(days=2), FIRST + timedelta(days=2), "failed", ended_at=FIRST + timedelta(days=2.1)),
    )
    then = told(here, 0.5)
    assert (then.exit_code, then.runs[0].last and then.runs[0].last.as_of) == (0, FIRST)
    assert any("2 runs are of a time after 2026-11-01 17:30 UTC" in problem for problem in then.problems)
    during = told(here, 2.05)
    assert during.runs[0].at_work and "bad since 2026-11-02" in during.verdict
    assert during.problems == ()


def test_the_lock_is_left_alone(here: Settings) -> None:
    hold(here, 0, "done")
    with tell.run_lock(here.data):
        assert told(here, 1).exit_code == 0


def test_half_of_it_is_told_where_the_rest_cannot_be_read(here: Settings) -> None:
    hold(here, 0, "done")
    (here.editorial / "topics.toml").write_text("<<<<<<< HEAD\n", encoding="utf-8")
    (here.data / "curated").mkdir()
    (here.data / "curated" / "LATEST").write_text("2026-11-01T053000Z\n", encoding="utf-8")
    (here.data / "runs" / "2026-11-01T060000Z.json").write_text('{"state": "do', encoding="utf-8")
    found = told(here, 1)
    assert found.exit_code == 0
    assert any("topics.toml" in problem for problem in found.problems)
    assert any("LATEST" in problem for problem in found.problems)


def test_after_nights_lists_values_upstreams_and_coverage_stand_with_their_dates(
    settings: Settings, rehearsal: Rehearsal
) -> None:
    for at in NIGHTS[:2]:
        rehearsal.move_to(at)
        run_night(settings, at)
    name = f"{NIGHTS[1]:{tell.STAMP}}"
    definition = settings.editorial / "lists" / "efficient-llm.toml"
    good = definition.read_text(encoding="utf-8")
    definition.write_text(f"<<<<<<< HEAD\n{good}", encoding="utf-8")
    rehearsal.move_to(NIGHTS[2])
    rehearsal.play({"upstream": "github", "kind": "http_status", "status": 401, "times": None})
    assert run_night(settings, NIGHTS[2]).state == "degraded"
    definition.write_text(good, encoding="utf-8")

    found = status(settings, NIGHTS[2] + timedelta(hours=3), MOST)
    assert (found.exit_code, found.snapshot) == (3, f"{NIGHTS[2]:{tell.STAMP}}")
    plaza, held = found.lists
    assert (held.slug, held.snapshot, held.held_back_since) == ("efficient-llm", name, NIGHTS[2])
    assert held.why and "efficient-llm.toml:1:" in held.why
    assert (plaza.snapshot, plaza.held_back_since) == (found.snapshot, None)
    assert plaza.entries and plaza.waiting and held.entries
    github = next(one for one in found.upstreams if one.answered.source == "github")
    assert (github.answered.last_good, github.answered.failing_since) == (NIGHTS[1], NIGHTS[2])
    assert "401" in (github.answered.why or "")
    assert github.requests
    assert found.coverage and found.coverage.until == NIGHTS[2].date() and found.coverage.holes == ()
    assert found.values and found.values.figures["stars_age"]["values"] > 100
    assert found.problems == ()
