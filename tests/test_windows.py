"""Coverage: no day is lost, however many nights were missed."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from harvester.windows import Window, coverage, holes, settled, wanted

TODAY = date(2024, 6, 10)


def days_ago(since: int, until: int = 0) -> Window:
    return Window(TODAY - timedelta(days=since), TODAY - timedelta(days=until))


def test_the_first_night_asks_the_first_days() -> None:
    assert wanted([], TODAY, overlap_days=7, first_days=30) == (days_ago(30, -1),)


def test_the_next_night_asks_the_overlap_and_today() -> None:
    assert wanted([days_ago(31, 1)], TODAY, 7, 30) == (days_ago(8, -1),)


def test_missed_nights_are_asked_again_from_before_they_began() -> None:
    assert wanted([days_ago(60, 20)], TODAY, 7, 30) == (days_ago(27, -1),)


def test_a_hole_in_the_middle_is_asked_as_a_window_of_its_own() -> None:
    covered = [days_ago(90, 60), days_ago(50, 0)]
    assert wanted(covered, TODAY, 3, 30) == (days_ago(63, 50), days_ago(3, -1))


def test_today_never_counts_as_covered() -> None:
    assert settled(days_ago(8, -1), TODAY) == days_ago(8, 0)
    assert settled(days_ago(0, -1), TODAY) is None


spans = st.tuples(st.integers(1, 80), st.integers(1, 30)).map(lambda s: days_ago(s[0], max(s[0] - s[1], 0)))


@given(st.lists(spans), st.integers(0, 10))
def test_after_asking_what_is_wanted_nothing_since_the_first_day_is_missing(
    covered: list[Window], overlap: int
) -> None:
    asked = wanted(covered, TODAY, overlap, 30)
    known = [*covered, *asked]
    first = min(window.since for window in known)
    assert holes(known, Window(first, TODAY + timedelta(days=1))) == ()


@given(st.lists(spans))
def test_coverage_joins_without_gain_or_loss(covered: list[Window]) -> None:
    def days(windows: object) -> set[date]:
        assert isinstance(windows, list | tuple)
        return {w.since + timedelta(days=n) for w in windows for n in range(w.days)}

    joined = coverage(covered)
    assert days(joined) == days(covered)
    assert all(a.until < b.since for a, b in itertools.pairwise(joined))
