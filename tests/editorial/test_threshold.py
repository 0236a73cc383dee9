"""The threshold of a list: from papers that the model had not seen, for a stated recall, and none with a short history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from ranking_world import BEGIN, TOPICS, pruning_history

from harvester.editorial.learning.past import Past, Text
from harvester.editorial.rank import Ranker, learn
from harvester.editorial.threshold import FEWEST, counting, threshold_of, unseen_scores
from harvester.scores import Score

PAST = pruning_history().before(BEGIN + timedelta(days=151))


@given(st.lists(st.floats(0, 1), min_size=FEWEST, max_size=300), st.floats(0.5, 0.999))
def test_a_threshold_keeps_what_it_promises_and_could_not_be_higher(scores: list[float], recall: float) -> None:
    limit = threshold_of(scores, recall)
    assert limit and limit.of == len(scores)
    assert limit.kept == sum(one >= limit.score for one in scores) >= recall * len(scores) - 1e-6
    higher = [one for one in scores if one > limit.score]
    assert not higher or len(higher) < recall * len(scores) + 1e-6


def test_a_short_history_gives_no_threshold() -> None:
    assert threshold_of([0.5] * (FEWEST - 1), 0.99) is None
    assert threshold_of([0.5] * FEWEST, 1.0) is None


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
    found = unseen_scores(PAST, spy.learn)
    assert len(found) == len(counting(PAST)) == len(PAST.accepted)
    assert all(not knows & scored for knows, scored in spy.seen)
    assert set().union(*(scored for _, scored in spy.seen)) == {one.text for one in PAST.accepted}


def test_papers_that_were_adopted_do_not_count() -> None:
    history = pruning_history()
    adopted = tuple(one for one in history.sightings if one.subject not in {two.subject for two in history.accepted})
    assert counting(replace(history, sightings=adopted).before(BEGIN + timedelta(days=151))) == []


def test_accepted_papers_score_high_where_the_taste_is_known() -> None:
    limit = threshold_of(unseen_scores(PAST, lambda part: learn(part, TOPICS)), 0.99)
    assert limit and limit.kept >= 0.99 * limit.of
    others = learn(PAST, TOPICS).scores([one.text for one in PAST.undecided])
    assert sum(one < limit.score for one in others) > 0.95 * len(others)
