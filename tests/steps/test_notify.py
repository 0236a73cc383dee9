"""People are told of bad runs once, again when they change or last a week, and of the first good one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from listener import Listener, listening

from harvester.report import Report, RunKind, RunState, Talk
from harvester.settings import Settings, load_settings
from harvester.steps import tell
from harvester.steps.notify import tell_of_failed_start, tell_people
from harvester.steps.runs import runs

FIRST = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
PASSWORD = "planted-pass-0123456789"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening(f"ann:{PASSWORD}@") as running:
        yield running


@pytest.fixture
def told(tmp_path: Path, listener: Listener) -> Settings:
    return load_settings({"HARVESTER_NOTIFY": listener.address}, tmp_path)


def hold(
    settings: Settings,
    night: int,
    state: RunState,
    *causes: str,
    kind: RunKind = "nightly",
    late: timedelta | None = None,
) -> Report:
    """Ends a run of so many nights after the first as the flows do."""
    at = FIRST + timedelta(days=night) + (late or timedelta())
    names = [cause.partition(":")[0].split() for cause in causes]
    talks = tuple(Talk(name[0], name[1], "all", "failed", degraded=True) for name in names if "_" in name[0])
    report = Report(at, at, state, ended_at=at, causes=causes, talks=talks, kind=kind)
    tell.write_record(settings.data, report)
    return tell_people(settings, report, lambda _: None)


DOWN = "arxiv_api search: arXiv did not answer (HTTP 503)"


def test_only_news_is_told_a_bad_night_another_state_other_causes_and_the_first_good_one(
    told: Settings, listener: Listener
) -> None:
    hold(told, 0, "done")
    hold(told, 1, "degraded", DOWN)
    hold(told, 2, "degraded", f"{DOWN}; failing since 2026-11-02 05:30 UTC")
    hold(told, 3, "degraded", "arxiv_api search-w2: no connection within 10 seconds")
    hold(told, 4, "degraded", DOWN, "231 of 231 citation counts got no usable answer")
    hold(told, 5, "degraded", DOWN, "17 of 230 citation counts got no usable answer")
    hold(told, 6, "failed", "curate: No space left on device")
    hold(told, 7, "done")
    hold(told, 8, "done")
    assert listener.titles() == [
        "harvester: night of 2026-11-02 degraded",
        "harvester: night of 2026-11-05 degraded",
        "harvester: night of 2026-11-07 failed",
        "harvester: night of 2026-11-08 recovered",
    ]
    assert DOWN in listener.told[0]["message"]
    assert "bad since 2026-11-02 05:30 UTC; the last good one was that of 2026-11-01" in listener.told[1]["message"]
    assert [message["type"] for message in listener.told] == ["warning", "warning", "failure", "success"]


def test_recovered_and_bad_since_name_the_same_night(told: Settings, listener: Listener) -> None:
    hold(told, 0, "done")
    for night in range(1, 10):  # told on the first and, a week later, again
        hold(told, night, "degraded", DOWN)
    hold(told, 10, "done")
    first, again, recovered = (message["message"] for message in listener.told)
    assert all("bad since 2026-11-02 05:30 UTC" in message for message in (first, again, recovered))
    assert "the last one was that of 2026-11-10 05:30 UTC" in recovered


def test_the_line_that_sums_an_outage_up_is_no_news_by_itself(told: Settings, listener: Listener) -> None:
    hold(told, 0, "degraded", DOWN, "curate: odd")
    hold(told, 1, "degraded", "down: arXiv since 2026-11-01 05:30 UTC (no connection)", DOWN, "curate: odd")
    assert len(listener.told) == 1


def test_a_lasting_trouble_is_told_again_weekly_though_nights_start_at_different_minutes(
    told: Settings, listener: Listener
) -> None:
    for night in range(16):
        hold(told, night, "degraded", DOWN, late=timedelta(minutes=-7 * (night % 3)))
    assert [title.split()[3] for title in listener.titles()] == ["2026-11-01", "2026-11-08", "2026-11-15"]


def test_a_message_that_nobody_took_is_tried_again_and_leaves_a_note(told: Settings, listener: Listener) -> None:
    listener.status = 500
    report = hold(told, 0, "degraded", DOWN)
    assert (report.state, report.notified) == ("degraded", False)
    [note] = report.notes
    assert "the 1. address of HARVESTER_NOTIFY (json) did not take the message" in note
    listener.status = 200
    assert hold(told, 1, "degraded", DOWN).notified
    assert hold(told, 2, "degraded", DOWN).notified is None
    assert len(listener.told) == 2


def test_kinds_of_runs_have_news_of_their_own(told: Settings, listener: Listener) -> None:
    hold(told, 0, "degraded", DOWN)
    hold(told, 1, "failed", "replay: differs", kind="weekly")
    hold(told, 2, "done")
    hold(told, 8, "done", kind="weekly")
    assert [title.rpartition(" ")[2] for title in listener.titles()] == ["degraded", "failed", "recovered", "recovered"]


def test_without_an_address_nothing_is_told_and_nothing_noted(tmp_path: Path) -> None:
    report = hold(load_settings({}, tmp_path), 0, "failed", "curate: oh")
    assert (report.notified, report.notes) == (None, ())


@pytest.mark.parametrize("address", ["json://127.0.0.1:1/", "nobody-knows-this://127.0.0.1/"])
def test_an_address_that_cannot_be_told_is_a_note_and_no_failure(tmp_path: Path, address: str) -> None:
    settings = load_settings({"HARVESTER_NOTIFY": address}, tmp_path)
    report = hold(settings, 0, "degraded", DOWN)
    assert report.notified is False
    assert "harvester doctor --notify" in report.notes[0]
    assert address not in report.notes[0]


def test_one_good_address_of_two_is_enough_and_the_other_is_noted(tmp_path: Path, listener: Listener) -> None:
    settings = load_settings({"HARVESTER_NOTIFY": f"json://127.0.0.1:1/ {listener.address}"}, tmp_path)
    report = hold(settings, 0, "degraded", DOWN)
    assert (report.notified, len(report.notes), len(listener.told)) == (True, 1, 1)


def test_a_run_that_cannot_start_is_told_once_and_known_afterwards(told: Settings, listener: Listener) -> None:
    why = f"editorial/topics.toml: line 3: Expected '='; and {PASSWORD}"
    for night in range(3):
        tell_of_failed_start(told, "nightly", FIRST + timedelta(days=night), why, lambda _: None)
    assert listener.titles() == ["harvester: night of 2026-11-01 failed"]
    assert "topics.toml: line 3" in listener.told[0]["message"]
    assert [run.state for run in runs(told.data)] == ["failed"] * 3
    hold(told, 3, "done")
    assert listener.titles()[-1] == "harvester: night of 2026-11-04 recovered"


def test_a_run_that_the_next_one_goes_on_from_keeps_its_record(told: Settings, listener: Listener) -> None:
    tell.write_record(told.data, Report(FIRST, FIRST, "running", pid=os.getpid()))
    tell_of_failed_start(
        told, "nightly", FIRST + timedelta(minutes=2), "Prefect's server did not start", lambda _: None
    )
    assert [run.state for run in runs(told.data)] == ["running"]
    assert len(listener.told) == 1


def test_no_address_and_no_password_gets_into_records_and_messages(told: Settings, listener: Listener) -> None:
    listener.status = 403
    hold(told, 0, "degraded", DOWN)
    written = b"".join(path.read_bytes() for path in told.data.rglob("*") if path.is_file())
    assert PASSWORD.encode() not in written
    assert PASSWORD not in str(listener.told)


def test_a_message_is_short_however_many_causes_there_are(told: Settings, listener: Listener) -> None:
    hold(told, 0, "failed", *(f"cause {'x' * 400} {n}" for n in range(40)))
    assert len(listener.told[0]["message"]) <= 1_500
    assert "bad since" in listener.told[0]["message"]
