"""With every upstream down the lists stay, byte for byte, and each night's report says since when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from night_runner import run_night

from harvester.raw.landings import finish, open_folder
from harvester.records import Outcome
from harvester.rehearsal import NIGHTS, Rehearsal
from harvester.settings import Settings
from harvester.steps.since import answered, of_kind

UPSTREAMS = ("arxiv", "github", "semantic_scholar", "openalex")


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_three_nights_with_every_upstream_down_change_no_list_and_say_since_when(
    settings: Settings, rehearsal: Rehearsal
) -> None:
    rehearsal.move_to(NIGHTS[0])
    assert run_night(settings, NIGHTS[0]).state == "done"
    before = files(settings.lists)
    for upstream in UPSTREAMS:
        rehearsal.play({"upstream": upstream, "kind": "http_status", "status": 401, "times": None})
    reports = []
    for at in NIGHTS[1:4]:
        rehearsal.move_to(at)
        reports.append(run_night(settings, at))
        assert files(settings.lists) == before
    assert [report.state for report in reports] == ["degraded"] * 3
    for report in reports:
        asked = {talk.source for talk in report.talks}
        assert {"arxiv_api", "github", "semantic_scholar"} <= asked
        for source in asked:
            assert any(cause.startswith(f"{source} ") for cause in report.causes), (source, report.causes)
    assert not any("failing since" in cause for cause in reports[0].causes), "the first night speaks for itself"
    first = [cause for cause in reports[0].causes if cause.startswith(("arxiv_api search:", "github", "semantic"))]
    last_good = f"; the last good answer is of {NIGHTS[0]:%Y-%m-%d %H:%M} UTC"
    assert len(first) == 3 and all(cause.endswith(last_good) for cause in first), first
    since = f"failing since {NIGHTS[1]:%Y-%m-%d %H:%M} UTC, the last good answer is of {NIGHTS[0]:%Y-%m-%d %H:%M} UTC"
    for report in reports[1:]:
        assert report.causes[0].count(f" since {NIGHTS[1]:%Y-%m-%d %H:%M} UTC (") >= 3, report.causes[0]
        told = [cause for cause in report.causes if cause.startswith(("arxiv_api search:", "github", "semantic"))]
        assert len(told) == 3 and all(since in cause for cause in told), report.causes

    rehearsal.behave()
    rehearsal.move_to(NIGHTS[4])
    recovered = run_night(settings, NIGHTS[4], anyway=True)  # four repositories went in these days, which holds back
    assert recovered.state == "done", recovered.causes
    assert [one.failing_since for one in answered(settings.data / "raw", NIGHTS[4])] == [None] * 6


@pytest.fixture
def ended(tmp_path: Path) -> Callable[[int, Outcome], None]:
    def end(night: int, outcome: Outcome) -> None:
        finish(open_folder(tmp_path, "github", NIGHTS[night], "stars", {"n": night}), outcome, NIGHTS[night])

    return end


GOOD, BAD = Outcome("complete"), Outcome("failed", "GitHub refused (HTTP 401)", degraded=True)


def test_an_upstream_that_never_answered_well_says_so(tmp_path: Path, ended: Callable[[int, Outcome], None]) -> None:
    ended(0, BAD)
    ended(1, BAD)
    told = of_kind(tmp_path, "github", "stars")
    assert (told.last_good, told.failing_since, told.last_failed) == (None, NIGHTS[0], NIGHTS[1])
    assert told.why == "GitHub refused (HTTP 401)"


def test_a_failure_before_a_good_night_is_remembered_but_over(
    tmp_path: Path, ended: Callable[[int, Outcome], None]
) -> None:
    ended(0, BAD)
    ended(1, GOOD)
    told = of_kind(tmp_path, "github", "stars")
    assert (told.last_good, told.failing_since, told.last_failed) == (NIGHTS[1], None, NIGHTS[0])


def test_a_replayed_night_does_not_know_later_ones(tmp_path: Path, ended: Callable[[int, Outcome], None]) -> None:
    ended(0, BAD)
    ended(2, GOOD)
    assert of_kind(tmp_path, "github", "stars", NIGHTS[1]).failing_since == NIGHTS[0]
    assert of_kind(tmp_path, "github", "stars", NIGHTS[2] + timedelta(1)).failing_since is None
