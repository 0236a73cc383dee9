"""Coverage per phrase and category: no day is lost, however many nights were missed, and nothing is asked anew."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.windows import Asked, Search, Want, Window, coverage, holes, missing, next_part, settled

TODAY = date(2024, 6, 10)
OVERLAP = 7
OPEN = TODAY - timedelta(days=OVERLAP)  # days from here on stay open after tonight
KV, MOE = ("kv cache",), ("mixture of experts",)
CL, LG = ("cs.CL",), ("cs.LG",)


def days_ago(since: int, until: int = 0) -> Window:
    return Window(TODAY - timedelta(days=since), TODAY - timedelta(days=until))


def want(phrases: tuple[str, ...] = KV, categories: tuple[str, ...] = CL, days: int = 30) -> Want:
    return Want(phrases, categories, TODAY - timedelta(days=days))


def asked(
    since: int, on: int = 1, phrases: tuple[str, ...] = KV, categories: tuple[str, ...] = CL, until: int | None = None
) -> Asked:
    """A search that a night `on` days ago ended, until the day after itself unless told otherwise."""
    window = days_ago(since, on - 1 if until is None else until)
    return Asked(Search(window, phrases, categories), TODAY - timedelta(days=on))


def wanted(wants: Iterable[Want], known: Iterable[Asked], tonight: Iterable[Search] = ()) -> tuple[Search, ...]:
    return missing(tuple(wants), known, tonight, TODAY, OVERLAP)


def windows(searches: Iterable[Search]) -> list[Window]:
    return [search.window for search in searches]


def test_the_first_night_asks_back_to_since() -> None:
    assert wanted([want()], []) == (Search(days_ago(30, -1), KV, CL),)


def test_the_next_night_asks_the_overlap_and_today() -> None:
    assert windows(wanted([want()], [asked(31)])) == [days_ago(8, -1)]


@pytest.mark.parametrize("nights", [1, 3, 30, 60, 200])
def test_missed_nights_are_asked_from_before_they_began_also_beyond_since(nights: int) -> None:
    assert windows(wanted([want(days=14)], [asked(nights + 14, on=nights)])) == [days_ago(nights + OVERLAP, -1)]


def test_a_day_that_was_asked_too_early_for_its_late_papers_is_asked_again() -> None:
    older = asked(30, on=12, until=12)  # its last seven days were not over for seven days
    assert windows(wanted([want()], [older, asked(12)])) == [days_ago(8, -1), days_ago(19, 12)]


def test_a_new_phrase_is_asked_back_to_since_and_nothing_else_is_asked_anew() -> None:
    assert wanted([want(KV), want(MOE)], [asked(31, phrases=KV)]) == (
        Search(days_ago(8, -1), KV + MOE, CL),
        Search(days_ago(30, 8), MOE, CL),
    )


def test_a_new_category_is_asked_back_to_since_for_every_phrase_that_wants_it() -> None:
    wants = [want(KV, CL + LG), want(MOE, CL)]
    assert wanted(wants, [asked(31, phrases=KV + MOE)]) == (
        Search(days_ago(8, -1), KV + MOE, CL + LG),
        Search(days_ago(30, 8), KV, LG),
    )


def test_categories_that_miss_the_same_phrases_are_asked_together() -> None:
    wants = [want(KV + MOE, CL + LG + ("cs.AI",))]
    known = [asked(31, phrases=KV, categories=CL + LG), asked(31, phrases=MOE, categories=CL + LG)]
    assert wanted(wants, [*known, asked(31, phrases=MOE, categories=("cs.AI",))])[1:] == (
        Search(days_ago(30, 8), KV, ("cs.AI",)),
    )
    assert wanted(wants, known[:1])[1:] == (
        Search(days_ago(30, 8), MOE, CL + LG),
        Search(days_ago(30, 8), KV + MOE, ("cs.AI",)),
    )


def test_a_phrase_that_was_taken_out_and_put_back_keeps_its_coverage() -> None:
    known = [asked(60, on=20, phrases=KV + MOE), *(asked(on + 8, on=on, phrases=KV) for on in range(19, 0, -1))]
    assert wanted([want(KV), want(MOE)], known) == (
        Search(days_ago(8, -1), KV + MOE, CL),
        Search(days_ago(27, 8), MOE, CL),
    )


def test_a_longer_look_back_of_one_topic_is_asked_for_that_topic_only() -> None:
    assert wanted([want(KV, days=90), want(MOE)], [asked(31, phrases=KV + MOE)]) == (
        Search(days_ago(8, -1), KV + MOE, CL),
        Search(days_ago(90, 31), KV, CL),
    )


def test_a_backfill_of_long_ago_does_not_make_nights_ask_for_what_lies_between() -> None:
    backfill = asked(900, on=5, until=800)
    assert windows(wanted([want()], [asked(31), backfill])) == [days_ago(8, -1)]


def test_what_tonight_has_asked_is_not_asked_again_tonight() -> None:
    first = wanted([want()], [asked(20, on=1, until=10)])
    assert windows(first) == [days_ago(10, -1), days_ago(30, 20)]
    assert wanted([want()], [asked(20, on=1, until=10)], first[:1]) == first[1:]
    assert wanted([want()], [asked(20, on=1, until=10)], first) == ()


def test_a_look_back_into_the_future_asks_today() -> None:
    assert windows(wanted([want(days=-9)], [])) == [days_ago(0, -1)]


def test_what_is_settled_was_over_for_the_overlap_when_it_was_asked() -> None:
    assert settled(days_ago(30, -1), TODAY, 7) == days_ago(30, 7)
    assert settled(days_ago(30, 20), TODAY, 7) == days_ago(30, 20)
    assert settled(days_ago(7, -1), TODAY, 7) is None


# --- how much at once --------------------------------------------------------------------------------------------------


def test_the_newest_thirty_days_come_first_and_a_short_rest_comes_with_them() -> None:
    search = Search(days_ago(180, -1), KV, CL)
    assert next_part(search, [], 100, OPEN).window == days_ago(29, -1)
    assert next_part(Search(days_ago(43, -1), KV, CL), [], 100, OPEN).window == days_ago(43, -1)
    assert next_part(Search(days_ago(44, -1), KV, CL), [], 100, OPEN).window == days_ago(29, -1)


@pytest.mark.parametrize("left", [1, 2, 3])
def test_the_newest_part_reaches_a_day_that_tonight_settles_however_few_pages_are_left(left: int) -> None:
    part = next_part(Search(days_ago(180, -1), KV, CL), [], left, OPEN)
    assert part.window == days_ago(OVERLAP + 1, -1)
    assert settled(part.window, TODAY, OVERLAP) == days_ago(OVERLAP + 1, OVERLAP)


@pytest.mark.parametrize(
    ("pages", "left", "days"), [(1, 99, 150), (2, 98, 150), (15, 85, 20), (15, 5, 10), (600, 9, 1)]
)
def test_the_pages_of_the_search_before_tell_how_many_days_come_next(pages: int, left: int, days: int) -> None:
    before = Search(days_ago(29, -1), KV, CL)
    part = next_part(Search(days_ago(179, 29), KV, CL), [(before, pages)], left, OPEN)
    assert (part.window.until, part.window.days) == (TODAY - timedelta(days=29), days)


def test_pages_of_other_phrases_tell_nothing() -> None:
    part = next_part(Search(days_ago(180, 8), MOE, CL), [(Search(days_ago(8, -1), KV, CL), 1)], 99, OPEN)
    assert part.window == days_ago(38, 8)


# --- laws --------------------------------------------------------------------------------------------------------------

spans = st.tuples(st.integers(1, 80), st.integers(1, 30)).map(lambda s: days_ago(s[0], max(s[0] - s[1], 0)))
some = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3, unique=True).map(tuple)
kept = st.builds(
    Asked, st.builds(Search, spans, some, some), st.integers(0, 40).map(lambda days: TODAY - timedelta(days=days))
)
wants_drawn = st.lists(
    st.builds(Want, some, some, st.integers(1, 60).map(lambda days: TODAY - timedelta(days=days))), min_size=1
)


def pair_days(search: Search) -> set[tuple[str, str, date]]:
    days = [search.window.since + timedelta(days=n) for n in range(search.window.days)]
    return set(itertools.product(search.phrases, search.categories, days))


@given(wants_drawn, st.lists(kept, max_size=6))
def test_every_wanted_day_of_every_pair_is_settled_or_asked_and_what_some_pair_settled_is_asked_for_no_superset(
    wants: list[Want], known: list[Asked]
) -> None:
    searches = wanted(wants, known)
    told = {day for search in searches for day in pair_days(search)}
    held = {
        (p, c, d)
        for one in known
        if (part := settled(one.search.window, one.on, OVERLAP))
        for p, c, d in pair_days(Search(part, one.search.phrases, one.search.categories))
    }
    for each in wants:
        span = Window(each.since, TODAY + timedelta(days=1))
        needed = pair_days(Search(span, each.phrases, each.categories))
        assert needed <= held | told
    pairs = {(p, c) for each in wants for p in each.phrases for c in each.categories}
    for day in {d for _, _, d in told}:
        absent = {(p, c) for p, c in pairs if (p, c, day) in told}
        assert absent == pairs or not any((p, c, day) in held for p, c in absent)
    assert [s.window.until for s in searches] == sorted((s.window.until for s in searches), reverse=True)
    assert wanted(wants, known, searches) == ()


@given(wants_drawn, st.lists(kept, max_size=4), st.integers(1, 40))
def test_part_by_part_everything_missing_is_asked_once(wants: list[Want], known: list[Asked], pages: int) -> None:
    done: list[tuple[Search, int]] = []
    while absent := wanted(wants, known, [search for search, _ in done]):
        done.append((next_part(absent[0], done, 50, OPEN), pages))
        assert len(done) < 500
    told = [day for search, _ in done for day in pair_days(search)]
    assert len(told) == len(set(told))
    assert set(told) == {day for search in wanted(wants, known) for day in pair_days(search)}


@given(st.lists(spans))
def test_coverage_joins_without_gain_or_loss(covered: list[Window]) -> None:
    def days(windows: Iterable[Window]) -> set[date]:
        return {w.since + timedelta(days=n) for w in windows for n in range(w.days)}

    joined = coverage(covered)
    assert days(joined) == days(covered)
    assert all(a.until < b.since for a, b in itertools.pairwise(joined))
    span = Window(TODAY - timedelta(days=100), TODAY)
    assert days(holes(covered, span)) == days([span]) - days(covered)
