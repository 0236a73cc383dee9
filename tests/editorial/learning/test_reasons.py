"""Reasons add up to what they claim: all that a paper has beside the average one is the log-odds of its score."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import log

import pytest
from ranking_world import BEGIN, TOPICS, bad, good, pruning_history

from harvester.editorial.learning.models import ELSE
from harvester.editorial.learning.past import Past, Text, TopicHits
from harvester.editorial.rank import Learnt, learn

MAY = date(2024, 5, 1)
SUREST = 0.9999  # no score is higher
TEXTS = [good(100), bad(100), Text("On a subject", "We study a subject."), replace(good(101), code=True)]


def log_odds(score: float) -> float:
    return log(score / (1 - score))


def ranker(past: Past) -> Learnt:
    found = learn(past, TOPICS)
    assert isinstance(found, Learnt)
    return found


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    return ranker(pruning_history(2400).before(MAY))


def test_what_is_told_of_a_paper_and_the_usual_paper_make_its_score(learnt: Learnt) -> None:
    views, slope = learnt.vocabulary.views(TEXTS), learnt.curve.slope
    usual = slope * float(learnt.models.margins(learnt.models.usual)[0]) + learnt.curve.offset
    told = learnt.models.told(views, learnt.vocabulary.names())
    for one, score in zip(told, learnt.scores(TEXTS), strict=True):
        summed = min(usual + slope * sum(one.values()), log_odds(SUREST))
        assert summed == pytest.approx(log_odds(score), abs=0.01)


def test_a_reason_is_what_was_told_in_log_odds_to_two_digits(learnt: Learnt) -> None:
    told = learnt.models.told(learnt.vocabulary.views(TEXTS), learnt.vocabulary.names())
    for score, one in zip(learnt.explained(TEXTS), told, strict=True):
        assert score.reasons
        assert all(reason.weight == round(one[reason.what] * learnt.curve.slope, 2) for reason in score.reasons)
        assert ELSE not in {reason.what for reason in score.reasons}


def test_what_all_papers_have_is_no_reason() -> None:
    history = pruning_history()
    everywhere = (TopicHits("inference", 2, 3),)
    texts = {
        subject: [replace(one, text=replace(one.text, hits=everywhere, theme=(1, 1))) for one in told]
        for subject, told in history.texts.items()
    }
    alike = ranker(replace(history, texts=texts).before(MAY))
    for score in alike.explained([replace(one, hits=everywhere, theme=(1, 1)) for one in (good(100), bad(100))]):
        assert not {reason.what for reason in score.reasons} & {"topic inference", "theme", "topics"}


def test_a_topic_that_hits_is_named_and_what_is_lacking_too(learnt: Learnt) -> None:
    fits, lacks = learnt.explained([replace(good(101), theme=(1, 1)), Text("On pruning weights", "We prune weights.")])
    assert "topic pruning" in {reason.what for reason in fits.reasons if reason.weight > 0}
    assert "theme" not in {reason.what for reason in lacks.reasons}


def test_by_topics_alone_reasons_are_what_they_add_to_a_paper_that_just_fits() -> None:
    many = tuple(TopicHits(f"topic{number}", number % 3, number) for number in range(4))
    texts = [
        Text("", "", hits=(TopicHits("pruning", 1, 1),)),
        Text("", "", hits=many, theme=(1, 2)),
        Text("", "", hits=(TopicHits("pruning", 9, 0),), theme=(0, 1)),
    ]
    just_fits = Text("", "", hits=(TopicHits("pruning", 0, 0),))
    alone = learn(Past(BEGIN + timedelta(days=1), ()), TOPICS)
    base = log_odds(alone.scores([just_fits])[0])
    for score in alone.explained(texts):
        assert base + sum(reason.weight for reason in score.reasons) == pytest.approx(log_odds(score.score), abs=0.03)
