"""Numbers that can hardly be true: set aside, and accepted when three days agree."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from builders import NIGHT, citations, stars
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.curated.counts import counts, disagree, history
from harvester.curated.suspicion import DAYS, is_suspicious
from harvester.ids import Subject
from harvester.records import Count, Observation, Status

P = Subject("arxiv:2405.00001")
DAY = timedelta(days=1)


def said(*values: int | Status, every: timedelta = DAY) -> list[Observation]:
    """What one source said on days in a row: a number, or why there was none."""
    return [
        citations(P, value, at=NIGHT + day * every)
        if isinstance(value, int)
        else citations(P, None, value, at=NIGHT + day * every)
        for day, value in enumerate(values)
    ]


def count(observations: list[Observation]) -> Count:
    (folded,) = counts(observations).values()
    return folded


def test_a_count_that_fell_by_half_is_set_aside_and_the_last_one_stands_with_its_date() -> None:
    folded = count(said(100, 103, 3))
    assert (folded.value, folded.as_of, folded.status) == (103, NIGHT + DAY, "suspect")
    assert (folded.set_aside, folded.asked_at) == (3, NIGHT + 2 * DAY)


@pytest.mark.parametrize(
    ("accepted", "new", "suspicious"),
    [
        (100, 51, False),
        (100, 50, True),
        (100, 0, True),
        (1, 0, True),
        (0, 0, False),
        (0, 99, False),
        (0, 100, True),
        (1, 99, False),
        (1, 100, True),
        (7, 699, False),
        (7, 700, True),
    ],
)
def test_half_or_less_and_a_hundredfold_or_more_are_suspicious(accepted: int, new: int, suspicious: bool) -> None:
    assert is_suspicious(new, accepted) is suspicious


def test_the_third_day_that_agrees_is_believed() -> None:
    assert [count(said(100, *[3] * days)).value for days in (1, 2, 3)] == [100, 100, 3]
    folded = count(said(100, 3, 3, 3))
    assert (folded.status, folded.as_of, folded.set_aside) == ("ok", NIGHT + 3 * DAY, None)


def test_three_answers_of_one_day_are_one() -> None:
    assert count(said(100, 3, 3, 3, 3, every=timedelta(hours=4))).value == 100


def test_days_that_do_not_agree_start_anew() -> None:
    assert count(said(10, 1000, 5000, 1050)).value == 10
    assert count(said(10, 1000, 5000, 5100, 5200)).value == 5200
    assert count(said(20, 1, 2, 2)).value == 2, "one more or less is no disagreement"
    assert count(said(10, 2, 1, 0)).value == 0, "nor is one after the other"
    assert count(said(100, 3, 30_000, 3)).value == 100


@pytest.mark.parametrize("values", [(4, 450, 520, 598, 690), (1000, 480, 420, 350, 300), (40, 1, 2, 3, 4)])
def test_counts_that_keep_moving_are_believed_on_the_third_day(values: tuple[int, ...]) -> None:
    assert [count(said(*values[:days])).value for days in (2, 3, 4, 5)] == [values[0], values[0], values[3], values[4]]


def test_a_value_that_comes_back_ends_the_suspicion() -> None:
    assert count(said(100, 3, 101)).status == "ok"
    folded = count(said(100, 3, 3, 101, 3, 3))
    assert (folded.value, folded.status) == (101, "suspect")


@pytest.mark.parametrize("between", ["failed", "not_found"])
def test_days_without_a_number_neither_agree_nor_end_the_suspicion(between: Status) -> None:
    assert count(said(100, 3, between, between, between)).value == 100
    assert count(said(100, 3, between, 3, between, 3)).value == 3


def test_not_modified_repeats_what_was_said_last_not_what_was_accepted() -> None:
    repo = "github:o/x"
    answers = [stars(repo, 100), stars(repo, 3, at=NIGHT + DAY)]
    answers += [stars(repo, None, "unchanged", at=NIGHT + n * DAY) for n in (2, 3)]
    assert [count(answers[:n]).value for n in (2, 3, 4)] == [100, 100, 3]


def test_zero_can_be_set_aside_and_believed() -> None:
    folded = count(said(100, 0))
    assert (folded.value, folded.set_aside) == (100, 0)
    assert count(said(100, 0, 0, 0)).value == 0


def test_what_was_set_aside_has_a_row_of_its_own_and_no_value() -> None:
    rows = [(row.value, row.status, row.set_aside) for row in history(said(100, 3, 3, 3))]
    assert rows == [(100, "ok", None), (None, "suspect", 3), (3, "ok", None)]


def test_what_a_person_wrote_down_is_no_answer_to_be_doubted() -> None:
    written = [citations(P, value, at=NIGHT + n * DAY, source="google_scholar") for n, value in enumerate((900, 9))]
    assert [(row.value, row.status) for row in history(written)] == [(900, "ok"), (9, "ok")]


def test_sources_that_differ_by_more_than_a_quarter_disagree_and_are_not_averaged() -> None:
    for theirs, differing in ((75, False), (74, True), (133, False), (134, True)):
        folded = count([citations(P, 100), citations(P, theirs, source="openalex")])
        assert (folded.value, folded.source, folded.elsewhere) == (100, "semantic_scholar", ("openalex", theirs))
        assert disagree(folded) is differing
    assert disagree(count(said(100))) is None
    assert disagree(count([citations(P, 0), citations(P, 0, source="openalex")])) is False


def test_a_suspicious_answer_of_one_source_does_not_make_the_other_speak() -> None:
    folded = count([*said(100, 3), citations(P, 4, source="openalex", at=NIGHT + DAY)])
    assert (folded.value, folded.source, folded.status) == (100, "semantic_scholar", "suspect")


answers = st.builds(
    lambda value, status, hours: citations(
        P, value if status == "ok" else None, status, at=NIGHT + timedelta(hours=hours)
    ),
    st.sampled_from([0, 1, 3, 50, 52, 100, 105, 5_000, 20_000]),
    st.sampled_from(["ok", "ok", "ok", "not_found", "failed", "unchanged"]),
    st.integers(0, 24 * 8),
)


@settings(deadline=None)  # machines are shared
@given(st.lists(answers, min_size=1, max_size=14), st.randoms())
def test_order_of_arrival_does_not_matter_and_twice_is_once(said: list[Observation], random: Random) -> None:
    shuffled = said * 2
    random.shuffle(shuffled)
    assert counts(shuffled) == counts(said)
    assert history(shuffled) == history(said)


@settings(deadline=None)  # machines are shared
@given(st.lists(answers, min_size=1, max_size=14))
def test_no_value_is_shown_that_was_not_said_plausibly_or_on_three_days(said: list[Observation]) -> None:
    rows = history(said)
    folded = count(said)
    assert all((row.value is not None) == (row.status == "ok") for row in rows)
    assert all((row.set_aside is not None) == (row.status == "suspect") for row in rows)
    shown = [row.value for row in rows if row.value is not None]
    assert folded.value == (shown[-1] if shown else None)
    numbers = {one.value for one in said}
    assert set(shown) <= numbers
    accepted: int | None = None
    for row in rows:
        if row.value is None:
            continue
        if accepted is not None and is_suspicious(row.value, accepted):
            near = [one for one in said if one.said_at <= row.said_at and one.status in ("ok", "unchanged")]
            assert len({one.said_at.date() for one in near}) >= DAYS
        accepted = row.value
