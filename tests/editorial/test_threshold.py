"""The threshold of a list: from papers that the model had not seen, for a stated recall, and none with a short history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from ranking_world import BEGIN, TOPICS, bad, good, pruning_history

from harvester.editorial.learning.past import Past, Text
from harvester.editorial.rank import Ranker, learn
from harvester.editorial.threshold import counting, find_threshold, lacking, places, threshold_of, unseen_places
from harvester.scores import Score, Threshold

PAST = pruning_history().before(BEGIN + timedelta(days=151))


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=200),
    st.lists(st.floats(0, 1), min_size=1, max_size=200),
    st.floats(0.5, 0.999),
)
def test_a_threshold_keeps_what_it_promises(scores: list[float], passed: list[float], recall: float) -> None:
    """Of scores on one scale, which those of tonight's model and of the parts are not."""
    limit = threshold_of(places(scores, passed), passed, recall)
    assert limit.of == len(scores) and limit.kept >= recall * len(scores) - 1e-6
    assert sum(one >= limit.score for one in scores) >= limit.kept


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=99), st.lists(st.floats(0, 1), min_size=1, max_size=99))
def test_another_scale_of_the_parts_changes_nothing(scores: list[float], passed: list[float]) -> None:
    other = places([one**3 / 8 for one in scores], [one**3 / 8 for one in passed])
    ties = len({*scores, *passed}) - len({one**3 / 8 for one in (*scores, *passed)})
    assert ties or threshold_of(other, passed, 0.99) == threshold_of(places(scores, passed), passed, 0.99)


def test_where_an_accepted_paper_came_last_nothing_lies_below() -> None:
    assert threshold_of([0.0, 1.0], [0.2, 0.1], 0.99) == Threshold(0.0, 2, 2)


def test_a_history_says_what_it_lacks() -> None:
    assert lacking(PAST) is None
    early = pruning_history().before(BEGIN + timedelta(days=75))
    assert lacking(early) == f"it takes 50 accepted papers that had come by, and there are {len(early.accepted)}"
    few = replace(PAST, undecided=PAST.undecided[:150])
    assert lacking(few) == "it takes 200 papers that were passed over, and there are 150"


@dataclass
class Spy:
    """Notes which accepted papers each model has learnt from, and which texts it scores."""

    seen: list[tuple[set[Text], set[Text]]] = field(default_factory=list)

    def learn(self, past: Past) -> Ranker:
        return _Noting({one.text for one in past.accepted}, self.seen)


@dataclass
class _Noting:
    knows: set[Text]
    seen: list[tuple[set[Text], set[Text]]]
    learnt_from: int = 1

    def scores(self, texts: Sequence[Text]) -> list[float]:
        self.seen.append((self.knows, set(texts)))
        return [0.5] * len(texts)

    def explained(self, texts: Sequence[Text]) -> list[Score]:
        raise NotImplementedError


def test_no_model_scores_what_it_has_learnt_from_and_every_paper_that_counts_is_scored_once() -> None:
    spy = Spy()
    found = unseen_places(PAST, PAST.passed_over, spy.learn)
    accepted, passed = {one.text for one in PAST.accepted}, {one.text for one in PAST.passed_over}
    assert len(found) == len(counting(PAST)) == len(PAST.accepted)
    assert all(not knows & scored for knows, scored in spy.seen)
    assert set().union(*(scored for _, scored in spy.seen)) == accepted | passed


def test_papers_that_were_adopted_do_not_count() -> None:
    history = pruning_history()
    adopted = tuple(one for one in history.sightings if one.subject not in {two.subject for two in history.accepted})
    assert counting(replace(history, sightings=adopted).before(BEGIN + timedelta(days=151))) == []


def test_what_is_accepted_next_lies_above_and_most_others_below() -> None:
    tonight = learn(PAST, TOPICS)
    limit = find_threshold(PAST, tonight, lambda part: learn(part, TOPICS), 0.99)
    assert limit.kept >= 0.99 * limit.of
    assert min(tonight.scores([good(n) for n in range(1000, 1020)])) >= limit.score
    assert sum(one < limit.score for one in tonight.scores([bad(n) for n in range(1000, 1020)])) > 15
