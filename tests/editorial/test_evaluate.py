from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from ranking_world import TOPICS, bad, good, pruning_history, subject

from harvester.editorial.evaluate import evaluate
from harvester.editorial.learning.measures import Figure, Scored, measures, reliability, share_figure
from harvester.editorial.learning.past import History, Sighting, Told
from harvester.editorial.sections import Shelf


def shelf(title: str) -> Shelf:
    return Shelf(title, title)


def test_a_list_with_a_taste_is_ranked_well_and_its_months_are_named() -> None:
    found = evaluate(pruning_history(), TOPICS, shelf)
    assert [one.month for one in found.months] == ["2024-03", "2024-04", "2024-05"]
    assert [one.accepted_before >= 20 for one in found.months] == [True] * 3
    assert any(why.startswith("2024-01: only 0") for why in found.left_out)
    assert found.ranking is not None
    assert found.ranking.measures["recall_top_10_percent"].value > 0.9
    assert found.ranking.measures["average_precision"].value > 0.9
    assert found.nets is not None
    assert (found.nets.recall.value, found.nets.passed.value) == (1.0, 0.1)
    assert found.nets.recall.low < 1.0
    assert found.sections is not None and found.sections.all.papers > 20
    assert (found.sections.read, found.sections.title_alone) == (found.sections.all, None)


def test_the_learning_curve_ends_where_everything_was_learnt_from() -> None:
    found = evaluate(pruning_history(300), TOPICS, shelf, curve=True).ranking
    assert found is not None
    assert [step.share for step in found.curve] == [0.0, 0.125, 0.25, 0.5, 1.0]
    assert (found.curve[0].papers, found.curve[-1].measures) == (0, found.measures)


def test_accepted_papers_that_cannot_be_scored_are_named() -> None:
    history = pruning_history()
    unknown, early = subject(400), subject(410)
    texts = {one: told for one, told in history.texts.items() if one != unknown}
    listed = tuple(replace(one, on=date(2024, 1, 5)) if one.subject == early else one for one in history.accepted)
    found = evaluate(replace(history, texts=texts, accepted=listed), TOPICS, shelf)
    assert (found.unread, found.listed_before) == ((unknown,), (early,))


def test_the_same_history_is_measured_the_same_twice() -> None:
    history = pruning_history(300)
    assert evaluate(history, TOPICS, shelf) == evaluate(history, TOPICS, shelf)


def test_the_future_changes_nothing_that_was_measured_before() -> None:
    history = pruning_history()
    later = [Sighting(subject(90_000 + n), date(2024, 5, 20)) for n in range(50)]
    texts = {one.subject: [Told(one.on, good(n) if n % 2 else bad(n))] for n, one in enumerate(later)}
    more = History(history.name, (*history.sightings, *later), history.accepted, texts={**history.texts, **texts})
    end = date(2024, 5, 1)
    assert evaluate(more, TOPICS, shelf, until=end) == evaluate(history, TOPICS, shelf, until=end)


def test_only_the_days_asked_for_are_measured() -> None:
    found = evaluate(pruning_history(), TOPICS, shelf, since=date(2024, 4, 1), until=date(2024, 5, 1))
    assert [one.month for one in found.months] == ["2024-04"]


def test_a_list_without_labels_gives_reasons_instead_of_figures() -> None:
    history = pruning_history(100)
    found = evaluate(History("bare", history.sightings, (), texts=history.texts), TOPICS, shelf)
    assert (found.nets, found.ranking, found.sections, found.months) == (None, None, None, ())
    assert len(found.left_out) == 5 and all(why.endswith("the list accepted no paper") for why in found.left_out)


DAYS = [date(2024, 1, 1) + timedelta(days=number % 10) for number in range(1000)]


def month(accepted: set[int]) -> Scored:
    return Scored("2024-01", [1 - n / 1000 for n in range(1000)], [n in accepted for n in range(1000)], DAYS)


def test_measures_of_an_order_that_is_known() -> None:
    found = {name: figure.value for name, figure in measures([month({0, 1, 2, 99})], 1).items()}
    assert found["wss_95"] == pytest.approx(0.95 - 0.1)
    assert found["recall_top_5_percent"] == 0.75
    assert found["recall_top_10_percent"] == 1.0
    assert found["average_precision"] == pytest.approx((1 + 1 + 1 + 4 / 100) / 4)
    assert found["precision_20_best_a_month"] == pytest.approx(3 / 20)
    assert found["precision_20_best_of_ceiling"] == pytest.approx(3 / 4)
    assert found["r_precision_a_month"] == 0.75
    assert found["candidates_a_day_for_95_percent"] == 10.0
    assert found["place_in_day_of_95_percent"] == 10.0


def test_papers_of_one_score_owe_nothing_to_their_numbers() -> None:
    tied = [
        Scored("2024-01", [0.5] * 1000, [n in good for n in range(1000)], DAYS)
        for good in (range(50), range(950, 1000))
    ]
    first, last = (measures([each], 1) for each in tied)
    for name, figure in first.items():
        assert figure.value == pytest.approx(last[name].value, rel=0.25, abs=0.03), name
    assert first["average_precision"].value == pytest.approx(0.05, abs=0.02)


def test_intervals_hold_the_value() -> None:
    for name, figure in measures([month(set(range(0, 100, 5)))], 1).items():
        assert figure.low <= figure.value <= figure.high, name


def test_a_month_is_measured_by_what_was_accepted_before_whether_or_not_a_text_is_known() -> None:
    history = pruning_history()
    texts = {one: told for one, told in history.texts.items() if one not in {subject(number) for number in range(100)}}
    found = evaluate(replace(history, texts=texts), TOPICS, shelf)
    first = found.months[0]
    assert (first.month, first.accepted_before - first.learnt_from) == ("2024-03", 10)


def test_shares_have_intervals_that_are_no_false_certainty() -> None:
    assert share_figure([True] * 39) == Figure(1.0, 0.9103, 1.0)
    assert share_figure([True] * 3) == Figure(1.0, 0.4385, 1.0)
    assert share_figure([False] * 10) == Figure(0.0, 0.0, 0.2775)
    assert share_figure([True] * 81 + [False] * 19) == Figure(0.81, 0.7222, 0.8749)


def test_reliability_compares_promises_with_what_came() -> None:
    scored = Scored("2024-01", [0.2] * 10 + [0.9] * 10, [n in (0, 1) or n >= 11 for n in range(20)], DAYS[:20])
    assert [(one.papers, one.promised, one.accepted) for one in reliability([scored])] == [
        (10, 0.2, 0.2),
        (10, 0.9, 0.9),
    ]
