from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from ranking_world import BEGIN, TOPICS, bad, good, pruning_history

from harvester.editorial.learning.past import Past, Text, TopicHits
from harvester.editorial.rank import SHARE, learn, significant

MAY = date(2024, 5, 1)


def test_what_is_like_accepted_papers_comes_first() -> None:
    ranker = learn(pruning_history().before(MAY), TOPICS)
    scores = ranker.scores([good(101), bad(101), good(102), bad(102)])
    assert min(scores[0], scores[2]) > 0.5 > 0.05 > max(scores[1], scores[3])


@pytest.mark.parametrize("papers", [600, 2400])  # too few for a curve on later papers, and enough
def test_scores_are_the_share_that_the_list_accepts(papers: int) -> None:
    history = pruning_history(papers)
    trial = history.trial(MAY, MAY + timedelta(days=28))
    scores = learn(trial.past, TOPICS).scores([one.text for one in trial.seen])
    assert abs(sum(scores) - len(trial.accepted)) < 0.35 * len(trial.accepted)


def test_what_came_by_before_the_list_began_does_not_lower_its_scores() -> None:
    history = pruning_history(2400)
    began = date(2024, 3, 1)
    late = replace(history, accepted=tuple(one for one in history.accepted if one.on >= began))
    trial = late.trial(MAY, MAY + timedelta(days=28))
    scores = learn(trial.past, TOPICS).scores([one.text for one in trial.seen])
    assert abs(sum(scores) - len(trial.accepted)) < 0.35 * len(trial.accepted)


@pytest.mark.parametrize("days", [3, 10, 20, 22, 30])
def test_a_list_that_began_lately_on_an_old_installation_has_sober_scores_and_an_order(days: int) -> None:
    began = MAY - timedelta(days=days)
    history = pruning_history(2400)
    liked = [one for one in history.accepted if began <= one.on < MAY][:8]
    adopted = [replace(one, on=began) for one in history.accepted if one.on < date(2024, 2, 1)]
    late = replace(history, accepted=(*adopted, *liked))
    trial = late.trial(MAY, MAY + timedelta(days=28))
    scores = learn(trial.past, TOPICS).scores([one.text for one in trial.seen])
    assert sorted(scores)[len(scores) // 2] < 0.05
    assert len(set(scores)) > 10


def test_scores_say_why() -> None:
    score = learn(pruning_history().before(MAY), TOPICS).explained([good(100)])[0]
    assert "pruning" in {reason.what for reason in score.reasons if reason.weight > 0}
    assert score.nearest[0].similarity > 0.3
    assert 0 < score.score < 1


def test_the_same_past_gives_the_same_scores_whatever_its_order() -> None:
    past = pruning_history().before(MAY)
    again = replace(past, undecided=tuple(reversed(past.undecided)), accepted=tuple(reversed(past.accepted)))
    texts = [good(100), bad(100), good(7)]
    assert learn(past, TOPICS).explained(texts)[0].score == learn(past, TOPICS).scores(texts)[0]
    assert learn(past, TOPICS).scores(texts) == learn(again, TOPICS).scores(texts)


def test_a_rejection_says_more_than_being_passed_over() -> None:
    past = pruning_history().before(MAY)
    disliked = tuple(replace(one, text=good(3)) for one in past.undecided[:10])
    rest = past.undecided[10:]
    passed = learn(replace(past, undecided=(*disliked, *rest)), TOPICS).scores([good(3)])[0]
    rejected = learn(replace(past, rejected=disliked, undecided=rest), TOPICS).scores([good(3)])[0]
    assert rejected < passed


def test_young_papers_without_a_verdict_say_nothing_against_them() -> None:
    past = pruning_history().before(MAY)
    young = tuple(replace(one, text=good(3), on=MAY - timedelta(days=1)) for one in past.undecided[:10])
    with_young = replace(past, undecided=(*young, *past.undecided[10:]))
    without = replace(past, undecided=past.undecided[10:])
    assert learn(with_young, TOPICS).scores([good(3)]) == learn(without, TOPICS).scores([good(3)])


def test_an_adopted_list_alone_ranks_what_comes_by_tonight() -> None:
    history = pruning_history()
    past = history.before(MAY)
    adopted = replace(
        past,
        accepted=tuple(replace(one, met_on=None) for one in past.accepted),
        undecided=tuple(replace(one, on=MAY - timedelta(days=1)) for one in past.undecided[:50]),
    )
    ranker = learn(adopted, TOPICS)
    scores = ranker.scores([one.text for one in adopted.undecided])
    assert ranker.learnt_from == len(adopted.accepted)
    assert abs(sum(scores) / len(scores) - SHARE) < 0.02
    assert ranker.scores([good(1)])[0] > max(scores)


def test_without_accepted_papers_topics_alone_tell() -> None:
    ranker = learn(Past(BEGIN, ()), TOPICS)
    nothing, abstract, title = ranker.explained(
        [
            Text("A title", "An abstract"),
            Text("A title", "Pruning", hits=(TopicHits("pruning", 0, 1),)),
            Text("Pruning", "Pruning", hits=(TopicHits("pruning", 1, 1),), theme=(0, 1)),
        ]
    )
    assert ranker.learnt_from == 0
    assert nothing.score < abstract.score < title.score < 0.5
    assert [reason.what for reason in title.reasons] == ["topic pruning", "theme"]


def test_no_text_gives_no_score() -> None:
    assert learn(pruning_history().before(MAY), TOPICS).explained([]) == []


def test_authors_of_accepted_papers_speak_for_a_paper_but_not_for_their_own() -> None:
    past = pruning_history().before(MAY)
    known = tuple(replace(one, text=replace(one.text, authors=("Ada Author",))) for one in past.accepted)
    ranker = learn(replace(past, accepted=known), TOPICS)
    plain = Text("On a subject", "We study a subject.")
    assert ranker.scores([replace(plain, authors=("ada  author",))]) > ranker.scores([plain])


def test_of_equally_near_papers_the_first_by_subject_are_named_whatever_the_order_in_which_they_came() -> None:
    past = pruning_history().before(MAY)
    same = tuple(replace(one, text=good(3)) for one in past.accepted)
    found = [learn(replace(past, accepted=order), TOPICS).explained([good(3)])[0] for order in (same, same[::-1])]
    assert found[0].nearest == found[1].nearest
    assert [near.subject for near in found[0].nearest] == sorted(one.subject for one in same)[:3]


def test_nothing_is_certain() -> None:
    assert 0 < significant(0.0) < significant(1.0) < 1


def test_four_digits_are_kept() -> None:
    assert [significant(value) for value in (0.123456, 0.00001234567)] == [0.1235, 1.235e-05]
