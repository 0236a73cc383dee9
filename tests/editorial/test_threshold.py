"""The threshold of a list: from papers that the model had not seen, for a stated recall, and none with a short history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ranking_world import BEGIN, TOPICS, bad, good, pruning_history

from harvester.editorial.learning.held_out import HeldOut, hold_out
from harvester.editorial.learning.models import Role
from harvester.editorial.learning.signs import read_signs
from harvester.editorial.learning.words import read_vocabulary
from harvester.editorial.rank import Tried, learn
from harvester.editorial.threshold import lacking, threshold_of
from harvester.scores import Threshold

PAST = pruning_history().before(BEGIN + timedelta(days=151))


def _places(scores: Sequence[float], passed: Sequence[float]) -> list[float]:
    everything = HeldOut(np.array([*scores, *passed]), np.zeros(len(scores) + len(passed), int))
    ours = [True] * len(scores) + [False] * len(passed)
    return everything.places(ours, [not one for one in ours])


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=200),
    st.lists(st.floats(0, 1), min_size=1, max_size=200),
    st.floats(0.5, 0.999),
)
def test_a_threshold_keeps_what_it_promises(scores: list[float], passed: list[float], recall: float) -> None:
    """Of scores on one scale, which those of tonight's model and of the parts are not."""
    limit = threshold_of(_places(scores, passed), passed, recall)
    assert limit.of == len(scores) and limit.kept >= recall * len(scores) - 1e-6
    assert sum(one >= limit.score for one in scores) >= limit.kept


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=99), st.lists(st.floats(0, 1), min_size=1, max_size=99))
def test_another_scale_of_the_parts_changes_nothing(scores: list[float], passed: list[float]) -> None:
    other = _places([one**3 / 8 for one in scores], [one**3 / 8 for one in passed])
    ties = len({*scores, *passed}) - len({one**3 / 8 for one in (*scores, *passed)})
    assert ties or threshold_of(other, passed, 0.99) == threshold_of(_places(scores, passed), passed, 0.99)


def test_where_an_accepted_paper_came_last_nothing_lies_below() -> None:
    assert threshold_of([0.0, 1.0], [0.2, 0.1], 0.99) == Threshold(0.0, 2, 2)


def test_a_history_says_what_it_lacks() -> None:
    assert lacking(PAST) is None
    early = pruning_history().before(BEGIN + timedelta(days=75))
    assert lacking(early) == f"it takes 50 accepted papers that had come by, and there are {len(early.accepted)}"
    few = replace(PAST, undecided=PAST.undecided[:150])
    assert lacking(few) == "it takes 200 papers that were passed over, and there are 150"


def _roles(accepted: int, passed: int) -> list[Role]:
    roles: list[Role] = ["accepted"] * accepted
    return roles + ["passed"] * passed


def test_a_paper_is_scored_by_models_that_have_not_learnt_from_it() -> None:
    """What a paper is, is learnt from for others, and changes nothing of what is made of itself."""
    examples = (*PAST.accepted, *PAST.undecided)
    texts = [one.text for one in examples]
    signs = read_signs(texts[: len(PAST.accepted)], texts[len(PAST.accepted) :], TOPICS)
    rows = read_vocabulary(texts, signs).views(texts)
    roles = _roles(len(PAST.accepted), len(PAST.undecided))
    other: list[Role] = [*roles[:-1], "rejected"]
    before, after = (hold_out(rows, [one.subject for one in examples], each) for each in (roles, other))
    assert before and after and before.margins[-1] == after.margins[-1]
    learnt = before.parts != before.parts[-1]
    assert (before.margins[learnt] != after.margins[learnt]).all()
    assert (before.margins[~learnt] == after.margins[~learnt]).all()


@given(st.data(), st.integers(1, 60))
def test_places_are_counted_in_each_part_by_itself(data: st.DataObject, papers: int) -> None:
    def drawn(what: st.SearchStrategy[Any]) -> list[Any]:
        return data.draw(st.lists(what, min_size=papers, max_size=papers))

    margins, parts = drawn(st.integers(-4, 4)), drawn(st.integers(0, 2))
    chosen, among = drawn(st.booleans()), drawn(st.booleans())
    found = HeldOut(np.array(margins, float), np.array(parts)).places(chosen, among)
    expected = []
    for margin, part, one in zip(margins, parts, chosen, strict=True):
        beside = [m for m, p, a in zip(margins, parts, among, strict=True) if a and p == part]
        if one and beside:
            expected.append(sum(m >= margin for m in beside) / len(beside))
    assert sorted(found) == pytest.approx(sorted(expected))


def test_every_paper_that_counts_is_tried_once() -> None:
    tried = learn(PAST, TOPICS).tried
    assert len(tried.places) == len(PAST.accepted) and len(tried.passed) == len(PAST.passed_over)


def test_papers_that_were_adopted_do_not_count() -> None:
    history = pruning_history()
    adopted = tuple(one for one in history.sightings if one.subject not in {two.subject for two in history.accepted})
    past = replace(history, sightings=adopted).before(BEGIN + timedelta(days=151))
    assert lacking(past) == "it takes 50 accepted papers that had come by, and there are 0"
    assert learn(past, TOPICS).tried == Tried()


def test_what_is_accepted_next_lies_above_and_most_others_below() -> None:
    tonight = learn(PAST, TOPICS)
    limit = threshold_of(tonight.tried.places, tonight.tried.passed, 0.99)
    assert limit.kept >= 0.99 * limit.of
    assert min(tonight.scores([good(n) for n in range(1000, 1020)])) >= limit.score
    assert sum(one < limit.score for one in tonight.scores([bad(n) for n in range(1000, 1020)])) > 15
