"""An empty night is explained from what was seen, and no further."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from night_runner import run_night

from harvester.rehearsal import NIGHTS, Rehearsal
from harvester.report import Talk
from harvester.settings import Settings
from harvester.steps.explain import Seen, announcements, why_empty
from harvester.steps.harvest import nightly


def utc(day: int, hour: int = 3, minute: int = 0) -> datetime:
    return datetime(2024, 6, day, hour, minute, tzinfo=UTC)


# June 2024: the 3rd is a Monday; 20:00 US Eastern is midnight UTC of the next day.
SEEN = Seen(utc(5), date(2024, 5, 28), 1, (), utc(4), (utc(3, 19), utc(1, 12)))
SUNDAY = replace(SEEN, night=utc(9), last_complete=utc(8))

EXPLAINED = {
    "every paper known, an announcement's papers among them": (
        SEEN,
        "no new candidate: 2 papers that arXiv showed were known before",
    ),
    "no announcement since the last search": (
        SUNDAY,
        (
            "no new candidate: weekend: arXiv announces from Sunday to Thursday at 20:00 US Eastern, not once since the "
            "search of Sat 2024-06-08 03:00 UTC; 2 papers that arXiv showed were known before"
        ),
    ),
    "the same day again": (
        replace(SEEN, night=utc(4, 15)),
        (
            "no new candidate: nothing was due: arXiv announces from Sunday to Thursday at 20:00 US Eastern, not once "
            "since the search of Tue 2024-06-04 03:00 UTC; 2 papers that arXiv showed were known before"
        ),
    ),
    "a weekend that was missed has an announcement at its end": (
        replace(SUNDAY, night=utc(10), submitted=(utc(6, 19),)),
        "no new candidate: 1 paper that arXiv showed was known before",
    ),
    "an announcement was due and none of its papers is there": (
        replace(SEEN, submitted=(utc(1, 12),)),
        (
            "no new candidate: an announcement was due at Wed 2024-06-05 00:00 UTC, but no paper that arXiv showed was "
            "submitted from Mon 2024-06-03 18:00 UTC until Tue 2024-06-04 18:00 UTC, as its papers are: a holiday, a late "
            "announcement, or nothing on the topics; 1 paper that arXiv showed was known before"
        ),
    ),
    "arXiv answered with nothing": (
        replace(SEEN, submitted=()),
        "no new candidate: arXiv answered that no paper submitted since 2024-05-28 holds any of the phrases",
    ),
    "new papers that the filter stopped": (
        replace(SEEN, excluded=2, unmatched=1),
        (
            "no new candidate: 3 new papers came, none passed: 2 ruled out by exclude phrases, 1 without a phrase as the "
            "topics write it"
        ),
    ),
    "a new paper that was decided before": (
        replace(SEEN, passed=1),
        "no new candidate: 1 new paper came, none passed: 1 decided already, or of no list's topics",
    ),
    "the search failed": (
        replace(SUNDAY, failures=("arXiv: HTTP 503",), submitted=()),
        (
            "no new candidate: the search of arXiv did not end complete (arXiv: HTTP 503); the last complete one was that "
            "of Sat 2024-06-08 03:00 UTC"
        ),
    ),
    "it never succeeded": (
        replace(SEEN, failures=("timeout",), submitted=(), last_complete=None),
        "no new candidate: the search of arXiv did not end complete (timeout); none was before",
    ),
    "one of two failed, the other brought what does not pass": (
        replace(SEEN, searches=2, failures=("timeout",), unmatched=1),
        (
            "no new candidate: the search of arXiv did not end complete (1 of 2 searches: timeout); the last complete one "
            "was that of Tue 2024-06-04 03:00 UTC; 1 paper came, none a candidate"
        ),
    ),
    "a first night has no search before it": (
        replace(SEEN, last_complete=None),
        "no new candidate: 2 papers that arXiv showed were known before",
    ),
    "a candidate came": (replace(SEEN, candidates=1, excluded=2), None),
    "a candidate came though a search failed": (replace(SEEN, candidates=1, failures=("timeout",)), None),
    "nothing was asked": (replace(SEEN, searches=0), None),
}


@pytest.mark.parametrize("situation", EXPLAINED)
def test_a_night_without_candidates_is_explained(situation: str) -> None:
    seen, told = EXPLAINED[situation]
    assert why_empty(seen) == told


@pytest.mark.parametrize(
    ("after", "until", "due"),
    [
        (utc(3), utc(4), 1),
        (utc(7), utc(8), 0),  # Friday night
        (utc(8), utc(9), 0),  # Saturday night
        (utc(9), utc(10), 1),
        (utc(3), utc(10), 5),
        (utc(4, 0), utc(4, 1), 0),  # just announced
        (utc(3, 23, 59), utc(4, 0), 1),
    ],
)
def test_announcements_are_those_of_the_calendar(after: datetime, until: datetime, due: int) -> None:
    assert len(announcements(after, until)) == due


def test_announcements_leave_no_submission_out_and_follow_the_clock_of_new_york() -> None:
    year = announcements(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
    for one, after in itertools.pairwise(year):
        assert one.until == after.since
        assert timedelta(hours=6) <= one.at - one.until <= timedelta(hours=55)
    assert {one.at.hour for one in year} == {0, 1}  # summer and winter


def test_a_weekend_of_the_rehearsal_is_told_in_the_report(settings: Settings, rehearsal: Rehearsal) -> None:
    told: dict[str, tuple[str, ...]] = {}
    for at in NIGHTS[4:8]:
        rehearsal.move_to(at)
        report = run_night(settings, at)
        told[f"{at:%a}"] = tuple(note for note in report.notes if note.startswith("no new candidate"))
        assert report.figures
        assert bool(told[f"{at:%a}"]) == (report.figures.candidates_new == 0)
    assert any("weekend" in note for note in told["Sun"])


def test_an_outage_is_told_with_the_last_good_night(settings: Settings, rehearsal: Rehearsal) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    rehearsal.move_to(NIGHTS[1])
    rehearsal.play({"upstream": "arxiv", "kind": "http_status", "status": 403, "times": None})
    report = run_night(settings, NIGHTS[1])
    (note,) = (note for note in report.notes if note.startswith("no new candidate"))
    assert "HTTP 403" in note and "the last complete one was that of Mon 2024-06-03 03:00 UTC" in note
    assert not any(note.startswith("not asked tonight") for note in report.notes)


def test_the_same_night_again_claims_nothing(settings: Settings, rehearsal: Rehearsal) -> None:
    rehearsal.move_to(NIGHTS[0])
    for _ in range(2):
        report = run_night(settings, NIGHTS[0])
        assert not [note for note in report.notes if note.startswith("no new candidate")]


def test_a_backfill_is_no_night_and_is_not_explained() -> None:
    night = [Talk("arxiv_api", what, "", "complete") for what in ("search", "search-w2", "ids")]
    assert [talk.what for talk in nightly(night)] == ["search", "search-w2"]
    assert nightly([Talk("arxiv_api", "search-b1", "", "complete"), Talk("github", "search", "", "complete")]) == []
