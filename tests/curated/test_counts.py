from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from builders import NIGHT, citations, stars
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.curated.counts import counts, history
from harvester.ids import Subject
from harvester.records import Count, Observation, Status

P = Subject("arxiv:2405.00001")
DAY = timedelta(days=1)


def count(*observations: Observation) -> Count:
    (folded,) = counts(observations).values()
    return folded


def known(folded: Count) -> tuple[int | None, str | None, datetime | None, Status, datetime | None]:
    return folded.value, folded.source, folded.as_of, folded.status, folded.asked_at


def test_a_failed_refresh_keeps_the_last_value() -> None:
    folded = count(citations(P, 7), citations(P, None, "failed", at=NIGHT + DAY))
    assert known(folded) == (7, "semantic_scholar", NIGHT, "failed", NIGHT + DAY)


def test_not_found_after_a_value_is_gone_and_keeps_it() -> None:
    folded = count(citations(P, 7), citations(P, None, "not_found", at=NIGHT + DAY))
    assert known(folded) == (7, "semantic_scholar", NIGHT, "gone", NIGHT + DAY)


def test_days_of_being_gone_are_counted_since_the_last_value_and_failures_are_none() -> None:
    words: list[Status] = ["ok", "not_found", "failed", "not_found", "failed"]
    said = [citations(P, 7 if word == "ok" else None, word, at=NIGHT + n * DAY) for n, word in enumerate(words)]
    assert [count(*said[:n]).missing_days for n in range(1, 6)] == [0, 1, 1, 2, 2]
    assert count(*said, citations(P, 8, at=NIGHT + 9 * DAY)).missing_days == 0


def test_known_without_a_count_keeps_value_and_date_and_is_not_gone() -> None:
    folded = count(citations(P, 7), citations(P, None, "no_count", at=NIGHT + DAY))
    assert known(folded) == (7, "semantic_scholar", NIGHT, "no_count", NIGHT + DAY)
    assert folded.missing_days == 0
    back = count(
        citations(P, 7),
        citations(P, None, "not_found", at=NIGHT + DAY),
        citations(P, None, "no_count", at=NIGHT + 2 * DAY),
    )
    assert (back.status, back.missing_days) == ("no_count", 0)


def test_known_without_a_count_from_the_start_leaves_the_word_to_the_next_source() -> None:
    null = citations(P, None, "no_count")
    assert known(count(null)) == (None, None, None, "no_count", NIGHT)
    assert known(count(null, citations(P, 40, source="openalex")))[:2] == (40, "openalex")


def test_not_found_from_the_start_is_not_found() -> None:
    assert known(count(citations(P, None, "not_found"))) == (None, None, None, "not_found", NIGHT)


def test_zero_is_a_number() -> None:
    folded = count(citations(P, 0), citations(P, 9, source="openalex"))
    assert known(folded) == (0, "semantic_scholar", NIGHT, "ok", NIGHT)


@pytest.mark.parametrize("value", [-1, -2147483648, 2**31, 10**30])
def test_an_impossible_number_is_a_failed_attempt(value: int) -> None:
    folded = count(citations(P, 7), citations(P, value, at=NIGHT + DAY))
    assert known(folded) == (7, "semantic_scholar", NIGHT, "failed", NIGHT + DAY)
    assert [row.value for row in history([citations(P, value)])] == [None]


def test_an_unchanged_answer_moves_the_as_of_and_adds_no_row() -> None:
    said = [citations(P, 7), citations(P, 7, at=NIGHT + DAY)]
    assert known(count(*said)) == (7, "semantic_scholar", NIGHT + DAY, "ok", NIGHT + DAY)
    assert history(said) == said[:1]


def test_not_modified_confirms_the_last_value() -> None:
    said = [
        stars("github:o/x", 7),
        stars("github:o/x", None, "failed", at=NIGHT + DAY),
        stars("github:o/x", None, "unchanged", at=NIGHT + 2 * DAY),
    ]
    assert known(count(*said)) == (7, "github", NIGHT + 2 * DAY, "ok", NIGHT + 2 * DAY)
    assert [(row.value, row.status) for row in history(said)] == [(7, "ok"), (None, "failed"), (7, "ok")]


def test_not_modified_without_a_value_confirms_nothing() -> None:
    assert known(count(stars("github:o/x", None, "unchanged")))[0] is None


def test_openalex_fills_only_where_semantic_scholar_never_knew() -> None:
    theirs = citations(P, 40, source="openalex")
    assert known(count(citations(P, None, "not_found"), theirs)) == (40, "openalex", NIGHT, "ok", NIGHT)
    assert known(count(citations(P, 7), theirs)) == (7, "semantic_scholar", NIGHT, "ok", NIGHT)
    gone = citations(P, None, "not_found", at=NIGHT + DAY)
    assert known(count(citations(P, 7), gone, theirs)) == (7, "semantic_scholar", NIGHT, "gone", NIGHT + DAY)


def test_while_one_source_failed_the_other_s_not_found_is_not_the_last_word() -> None:
    folded = count(citations(P, None, "not_found"), citations(P, None, "failed", source="openalex", at=NIGHT + DAY))
    assert known(folded) == (None, None, None, "failed", NIGHT + DAY)


def test_history_has_a_row_for_each_change_of_value_or_status() -> None:
    steps: list[tuple[int | None, Status]] = [(1, "ok"), (1, "ok"), (2, "ok"), (None, "not_found"), (None, "not_found")]
    said = [citations(P, value, status, at=NIGHT + n * DAY) for n, (value, status) in enumerate(steps)]
    rows = [(row.said_at, row.value, row.status) for row in history(said)]
    assert rows == [(NIGHT, 1, "ok"), (NIGHT + 2 * DAY, 2, "ok"), (NIGHT + 3 * DAY, None, "gone")]


def test_of_several_answers_in_one_second_the_last_wins_and_none_hides_a_value() -> None:
    tick = timedelta(milliseconds=100)
    assert count(citations(P, 1), citations(P, 2, at=NIGHT + tick)).value == 2
    assert count(citations(P, 1), citations(P, None, "failed", at=NIGHT + tick)).status == "ok"


observations = st.builds(
    lambda value, status, n, source: citations(
        P, value if status == "ok" else None, status, at=NIGHT + n * timedelta(milliseconds=400), source=source
    ),
    st.integers(-2, 5),
    st.sampled_from(["ok", "not_found", "no_count", "failed", "unchanged"]),
    st.integers(0, 12),
    st.sampled_from(["semantic_scholar", "openalex"]),
)


@settings(deadline=None)  # machines are shared
@given(st.lists(observations, max_size=12), st.randoms())
def test_order_of_arrival_does_not_matter_and_twice_is_once(said: list[Observation], random: Random) -> None:
    shuffled = said * 2
    random.shuffle(shuffled)
    assert history(shuffled) == history(said)
    assert counts(shuffled) == counts(said)


@settings(deadline=None)  # machines are shared
@given(st.lists(observations, min_size=1, max_size=12))
def test_a_value_is_one_that_was_said_and_history_ends_with_it(said: list[Observation]) -> None:
    folded = count(*said)
    rows = history(said)
    assert all((row.value is not None) == (row.status == "ok") and (row.value or 0) >= 0 for row in rows)
    assert history(rows) == rows
    last = [row.value for row in rows if row.source == folded.source and row.value is not None]
    assert folded.value == (last[-1] if last else None)
    assert (folded.value is None) == (folded.source is None) == (folded.as_of is None)
