"""Who is shown in a queue, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from harvester.definitions import QueuePolicy
from harvester.editorial.policy import Before, placed, ranked
from harvester.ids import Subject
from harvester.records import Candidate
from harvester.scores import Again, Rated, Score, Threshold

TODAY = date(2026, 11, 20)
POLICY = QueuePolicy(per_day=0, recall=0.99, expire_days=60, expire_below=0.05)


def paper(number: int, score: float | None = 0.5, days_ago: int = 0, **more: object) -> Candidate:
    seen = datetime.combine(TODAY - timedelta(days=days_ago), time(3), UTC)
    rated = Rated(None, why="broken") if score is None else Rated(Score(score), "learnt", threshold=None)
    facts = {"rated": rated, **more}
    return Candidate("mine", Subject(f"arxiv:2611.{number:05}"), seen, (), None, **facts)  # type: ignore[arg-type]  # a builder


def order(*candidates: Candidate) -> list[int]:
    return [int(one.subject[-5:]) for one in ranked(candidates, TODAY, Before())]


def shown(candidates: list[Candidate], policy: QueuePolicy, before: Before | None = None) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    before = before or Before()
    for one in placed(ranked(candidates, TODAY, before), policy, TODAY, before):
        assert one.rated
        found.setdefault(one.rated.place, []).append(int(one.subject[-5:]))
    return found


def test_the_likeliest_comes_first_and_of_equal_ones_the_newest_by_number() -> None:
    assert order(paper(1, 0.2), paper(2, 0.9), paper(3, 0.9)) == [3, 2, 1]


def test_a_score_counts_half_after_a_fortnight() -> None:
    assert order(paper(1, 0.8, 14), paper(2, 0.41)) == [2, 1]
    assert order(paper(1, 0.8, 14), paper(2, 0.39)) == [1, 2]


def test_a_second_look_counts_as_new() -> None:
    assert order(paper(1, 0.8, 60, again=Again("s:1", "another title")), paper(2, 0.7)) == [1, 2]


def test_what_has_no_score_comes_last() -> None:
    assert order(paper(1, None), paper(2, 0.001, 90)) == [2, 1]


def test_a_night_of_many_shows_so_many_a_day_the_best_first() -> None:
    many = [paper(n, n / 1000) for n in range(1, 101)]
    policy = replace(POLICY, per_day=30, expire_days=0)
    tonight = shown(many, policy)
    assert tonight["shown"] == list(range(100, 70, -1)) and len(tonight["waits"]) == 70
    later = [replace(one, first_seen_at=one.first_seen_at - timedelta(days=2)) for one in many]
    assert len(shown(later, policy)["shown"]) == 90


def test_what_was_decided_has_taken_its_part_of_the_day_it_came() -> None:
    left = [paper(n, n / 1000, 1) for n in range(1, 71)]  # of a hundred that came yesterday, thirty were decided
    policy = replace(POLICY, per_day=30, expire_days=0)
    assert shown(left, policy, Before(decided={TODAY - timedelta(days=1): 30}))["shown"] == list(range(70, 40, -1))
    assert len(shown(left, policy, Before(decided={TODAY - timedelta(days=1): 60})).get("shown", [])) == 0


def test_a_backlog_does_not_keep_the_best_of_tonight_waiting() -> None:
    backlog = [paper(n, 0.1, 1) for n in range(1, 100)]
    assert 500 in shown([*backlog, paper(500, 0.9)], replace(POLICY, per_day=10))["shown"]


def test_what_lies_below_the_threshold_is_not_shown_but_what_people_put_off_or_a_second_look_is() -> None:
    limit = Threshold(0.01, 99, 100)
    low = Rated(Score(0.005), "learnt", threshold=limit)
    candidates = [
        paper(1, rated=low),
        paper(2, rated=replace(low, score=Score(0.01))),
        paper(3, rated=low),
        paper(4, rated=low, again=Again("s:1", "another abstract")),
    ]
    found = shown(candidates, POLICY, Before(asked={Subject("arxiv:2611.00003"): TODAY}))
    assert found == {"shown": [2, 4, 3], "below": [1]}


def test_an_old_paper_of_low_score_expires_after_its_days_and_no_other_does() -> None:
    candidates = [paper(1, 0.04, 60), paper(2, 0.04, 59), paper(3, 0.05, 400), paper(4, None, 400)]
    assert shown(candidates, POLICY)["expired"] == [1]
    order = ranked(candidates, TODAY, Before())
    [gone] = [one for one in placed(order, POLICY, TODAY, Before()) if one.subject.endswith("01")]
    assert gone.rated and gone.rated.let_in_on == TODAY - timedelta(days=60)
    assert "expired" not in shown(candidates, replace(POLICY, expire_days=0))


def test_what_waits_for_its_turn_does_not_grow_old() -> None:
    policy = replace(POLICY, per_day=30)
    night = [paper(n, 0.04, 60) for n in range(3000)]  # an adopted list's first night
    assert {place: len(found) for place, found in shown(night, policy).items()} == {
        "expired": 30,
        "shown": 60 * 30,
        "waits": 3000 - 61 * 30,
    }


def test_what_people_put_off_or_reopened_is_shown_whatever_its_age_which_counts_anew() -> None:
    candidates = [paper(1, 0.04, 400), paper(2, 0.04, 400), paper(3, 0.045, 14)]
    before = Before(asked={Subject("arxiv:2611.00001"): TODAY - timedelta(days=1)})
    assert shown(candidates, POLICY, before) == {"shown": [1, 3], "expired": [2]}


def test_what_lies_below_the_threshold_has_no_day_and_takes_no_room() -> None:
    low = Rated(Score(0.005), "learnt", threshold=Threshold(0.01, 99, 100))
    candidates = [paper(1, rated=low, days_ago=400), paper(2, 0.04, 60)]
    order = ranked(candidates, TODAY, Before())
    days = {one.subject[-1]: one.rated and one.rated.let_in_on for one in placed(order, POLICY, TODAY, Before())}
    assert days == {"1": None, "2": TODAY - timedelta(days=60)}
    assert shown(candidates, replace(POLICY, per_day=1)) == {"expired": [2], "below": [1]}


def test_nothing_expires_by_what_topics_alone_tell() -> None:
    told = Rated(Score(0.001), "topics")
    assert shown([paper(1, rated=told, days_ago=400)], POLICY) == {"shown": [1]}


@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20)), max_size=60),
    st.integers(1, 10),
    st.dictionaries(st.integers(0, 20), st.integers(0, 15), max_size=4),
)
def test_no_more_are_let_in_than_the_days_had_room_for_and_nobody_is_lost(
    waiting: list[tuple[float, int]], per_day: int, decided: dict[int, int]
) -> None:
    candidates = [paper(n, score, days) for n, (score, days) in enumerate(waiting)]
    before = Before(decided={TODAY - timedelta(days=days): number for days, number in decided.items()})
    found = shown(candidates, QueuePolicy(per_day, 1.0, 0, 0.0), before)
    days = max([days for _, days in waiting] + list(decided), default=0) + 1
    assert sorted(n for place in found.values() for n in place) == list(range(len(waiting)))
    assert len(found.get("shown", [])) <= per_day * days
    without = shown(candidates, QueuePolicy(per_day, 1.0, 0, 0.0))
    assert len(without.get("shown", [])) >= len(found.get("shown", []))


@given(st.lists(st.tuples(st.floats(0, 0.1), st.integers(0, 90)), max_size=60), st.integers(0, 3))
def test_only_what_was_let_in_so_long_ago_expires(waiting: list[tuple[float, int]], per_day: int) -> None:
    policy = replace(POLICY, per_day=per_day)
    candidates = [paper(n, score, days) for n, (score, days) in enumerate(waiting)]
    for one in placed(ranked(candidates, TODAY, Before()), policy, TODAY, Before()):
        assert one.rated and one.rated.score
        day = one.rated.let_in_on
        assert (day is None) == (one.rated.place == "waits")
        if day:
            old = day <= TODAY - timedelta(days=60) and one.rated.score.score < 0.05
            assert one.first_seen_at.date() <= day <= TODAY
            assert one.rated.place == ("expired" if old else "shown")
