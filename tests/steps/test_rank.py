"""Ranking in the night: what is learnt from which history, what is shown, and what a failure leaves."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from queue_world import LIST, NOW, TOPICS, adopted, bad, editorial, folded, good, numbers, of_mine, queue, said, subject

from harvester.curated import tables
from harvester.definitions import read_editorial
from harvester.ids import ArxivId
from harvester.records import Decision, PaperRecord
from harvester.scores import queue_words
from harvester.steps.rank import Ranked, rank


def scores(ranked: Ranked) -> dict[int, float]:
    found = {}
    for one in ranked.candidates:
        assert one.rated and one.rated.score, one
        found[int(one.subject[-5:])] = one.rated.score.score
    return found


def grown() -> tuple[list[PaperRecord], list[Decision]]:
    """Half a year of a list: of 360 papers that came by, each fourth is good and was accepted; the last ten wait."""
    records = [(bad if n % 4 else good)(n, 190 - n // 2) for n in range(360)]
    accepted = [said(n, "accept", 189 - n // 2) for n in range(0, 360, 4)]
    return [*records, *(good(n, 1) for n in range(500, 505)), *(bad(n, 1) for n in range(505, 510))], accepted


def test_with_topics_alone_the_score_is_told_by_topics_and_says_so() -> None:
    ranked = queue([good(1), bad(2)])
    assert {one.rated.basis for one in ranked.candidates if one.rated} == {"topics"}
    assert all(reason.what.startswith(("topic ", "theme")) for one in ranked.candidates if one.rated and one.rated.score
               for reason in one.rated.score.reasons)  # fmt: skip
    assert "what topics hit" in queue_words(of_mine(ranked))
    assert of_mine(ranked).threshold is None


def test_an_adopted_list_alone_is_learnt_from_and_has_no_threshold() -> None:
    known, decisions = adopted(range(100, 130))
    ranked = queue([*known, *(good(n) for n in range(1, 5)), *(bad(n) for n in range(5, 12))], decisions)
    assert set(numbers(ranked.candidates)[:4]) == {1, 2, 3, 4}
    assert of_mine(ranked).basis == "learnt" and of_mine(ranked).accepted == 30
    assert "no threshold (it takes 50 accepted papers that had come by, and there are 0)" in queue_words(
        of_mine(ranked)
    )
    best = ranked.candidates[0].rated
    assert best and best.score and best.score.nearest and best.guesses[0].section == ranked.candidates[0].section


def test_what_resembles_rejected_papers_falls_behind() -> None:
    known, decisions = adopted(range(100, 130))
    records = [*known, *(good(n) for n in range(1, 9)), *(bad(n) for n in range(9, 20))]
    turned_down = [*decisions, said(1, "reject")]
    before, after = scores(queue(records, decisions)), scores(queue(records, turned_down))
    assert 1 not in after
    others = [n for n in range(2, 9) if n != 5]  # 1 and 5 are on pruning of attention heads, these are not
    assert all(after[5] / before[5] < after[n] / before[n] for n in others)


def test_a_grown_list_has_a_threshold_and_says_what_it_keeps() -> None:
    records, decisions = grown()
    ranked = queue(records, decisions, editorial("recall = 0.99\nper_day = 0\nexpire_days = 0"))
    limit = of_mine(ranked).threshold
    assert limit and limit.of == 90 and limit.kept >= 0.99 * limit.of
    lower = [number for number, score in scores(ranked).items() if score < limit.score]
    assert sorted(numbers(ranked.candidates, "below")) == sorted(lower)
    assert set(range(500, 505)) <= set(numbers(ranked.candidates))
    keeps = f"keeps {limit.kept / limit.of:.1%} of what this list accepted ({limit.kept} of 90)"
    assert keeps in queue_words(of_mine(ranked))
    none = queue(records, decisions, editorial("recall = 1.0\nper_day = 0\nexpire_days = 0"))
    assert numbers(none.candidates, "below") == [] and of_mine(none).threshold is None


def test_old_papers_of_low_score_expire_and_stay_in_the_table() -> None:
    records, decisions = grown()
    ranked = queue(records, decisions, editorial("recall = 1\nper_day = 0\nexpire_days = 30\nexpire_below = 0.5"))
    gone = [one for one in ranked.candidates if one.rated and one.rated.place == "expired"]
    assert gone and of_mine(ranked).expired == len(gone)
    for one in gone:
        assert one.rated and one.rated.let_in_on == one.first_seen_at.date() <= NOW.date() - timedelta(days=30)
        assert one.rated.score and one.rated.score.score < 0.5
    assert not set(range(500, 511)) & {int(one.subject[-5:]) for one in gone}  # they came yesterday


@pytest.mark.parametrize("undoing", [True, False], ids=["undone", "reopened"])
def test_what_somebody_opened_again_is_shown_whatever_its_score_and_age_and_has_taken_its_part_of_its_day(
    undoing: bool,
) -> None:
    records, decisions = grown()
    policy = editorial("recall = 1\nper_day = 0\nexpire_days = 30\nexpire_below = 0.5")
    assert 1 in numbers(queue(records, decisions, policy).candidates, "expired")
    rejected = said(1, "reject", 3)
    opened = replace(said(1, "reopen", 1), undoes=rejected.id if undoing else None)
    mine = next(
        one for one in queue(records, [*decisions, rejected, opened], policy).candidates if one.subject == subject(1)
    )
    assert mine.rated and mine.rated.place == "shown" and mine.rated.let_in_on is None
    one_a_day = editorial("recall = 1\nper_day = 1\nexpire_days = 0")
    tonight = [good(n) for n in range(1, 4)]
    assert numbers(queue(tonight, [], one_a_day).candidates) == [3]
    again = [said(3, "reject"), replace(said(3, "reopen"), at=NOW - timedelta(minutes=5))]
    late = [replace(one, at=NOW + timedelta(minutes=n)) for n, one in enumerate(again)]
    assert numbers(queue(tonight, late, one_a_day).candidates) == [3]


def test_what_was_put_off_comes_back_whatever_its_score_where_the_queue_shows_its_twin() -> None:
    records, decisions = grown()
    policy = editorial("recall = 1\nper_day = 0\nexpire_days = 30\nexpire_below = 0.5")
    twin = replace(records[1], arxiv_id=ArxivId("2405.00900"))
    assert 900 in numbers(queue([*records, twin], decisions, policy).candidates, "expired")
    due = said(1, "defer", 5, until=NOW.date())
    assert 900 in numbers(queue([*records, twin], [*decisions, due], policy).candidates)


def test_the_same_inputs_give_the_same_tables_in_whatever_order_they_come() -> None:
    records, decisions = grown()
    texts = editorial()

    def made(seed: int) -> object:
        dice = random.Random(seed)
        world, gathered = folded(dice.sample(records, len(records)), dice.sample(decisions, len(decisions)), texts)
        ranked = rank(world, gathered.harvested, dice.sample(decisions, len(decisions)), texts, NOW)
        return tables.scores_table(ranked.candidates), tables.candidates_table(ranked.candidates, world.papers)

    assert made(1) == made(2)


def test_a_list_that_failed_is_not_tried_again_and_its_candidates_say_why() -> None:
    ranked = queue([good(1), bad(2), good(3)], failed={"mine": "ValueError: out of luck"})
    assert [one.rated.score for one in ranked.candidates if one.rated] == [None, None, None]
    assert {one.rated.why for one in ranked.candidates if one.rated} == {"ranking failed: ValueError: out of luck"}
    told = "its candidates are shown without scores, the strongest match first"
    assert ranked.causes == (f"ranking the list mine failed (ValueError: out of luck); {told}",)


def test_where_sections_cannot_be_suggested_the_scores_stand_and_it_is_told_and_not_tried_again() -> None:
    texts = editorial()
    [mine] = texts.lists
    first, second = mine.sections
    broken = replace(mine, sections=(first, replace(second, topics=5)))  # type: ignore[arg-type]  # unforeseen
    unforeseen = replace(texts, lists=(broken,))
    world, gathered = folded([good(1), bad(2)], [], texts)
    ranked = rank(world, gathered.harvested, [], unforeseen, NOW)
    assert ranked.failures == {} and list(ranked.unplaced) == ["mine"]
    assert [cause.partition(" (")[0] for cause in ranked.causes] == ["suggesting sections of mine failed"]
    again = rank(world, gathered.harvested, [], texts, NOW, {}, ranked.unplaced)
    assert again.candidates == ranked.candidates
    assert scores(again) == scores(rank(world, gathered.harvested, [], texts, NOW))
    assert {one.section for one in again.candidates} == {"Unstructured", None}


@pytest.mark.parametrize("titles", [("A", "B"), ("1", "2"), ("Other", "Others"), ("Others", "More")])
def test_sections_whose_names_say_nothing_are_guessed_by_topics(titles: tuple[str, str]) -> None:
    named = LIST.replace('"Structured"', f'"{titles[0]}"').replace('"Unstructured"', f'"{titles[1]}"')
    texts = read_editorial({"topics.toml": TOPICS, "lists/mine.toml": named})
    ranked = queue([good(1), bad(2)], texts=texts)
    assert ranked.causes == () and len(scores(ranked)) == 2
    assert {int(one.subject[-5:]): one.section for one in ranked.candidates} == {1: titles[1], 2: titles[0]}


def test_a_list_without_candidates_is_not_ranked() -> None:
    ranked = queue([good(1)], texts=editorial(other='title = "Other"\ntopics = []\n'))
    assert [one.list for one in ranked.queues] == ["mine"]


def test_twins_of_decided_papers_are_not_learnt_from_as_passed_over() -> None:
    records, decisions = grown()
    listed = next(record for record in records if record.arxiv_id == decisions[0].subject.removeprefix("arxiv:"))
    twin = replace(listed, arxiv_id=ArxivId("2405.00900"))
    ranked, without = queue([*records, twin], decisions), queue(records, decisions)
    assert subject(900) not in {one.subject for one in ranked.candidates}
    assert scores(ranked) == pytest.approx(scores(without))
