"""Who is asked again tonight, and what follows from it over many nights."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from builders import NIGHT
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.curated import due
from harvester.curated.due import MONTHLY, NIGHTLY, WEEKLY, Number
from harvester.ids import Subject
from harvester.records import Count, Observation, Status

DAY = timedelta(days=1)
OLD = NIGHT - timedelta(days=2000)


def number(
    name: str = "a",
    *,
    asked: float = 1,
    changed: float | None = None,
    known: float = 100,
    born: float = 2000,
    status: Status = "ok",
) -> Number:
    """A number last asked, changed and first known so many days ago, of something born so many days ago."""
    since = NIGHT - (known if changed is None else changed) * DAY
    asked_at = NIGHT - asked * DAY
    count = Count(Subject(name), "stars", 5, "github", asked_at, status, asked_at, None, NIGHT - known * DAY, since)
    return Number(Subject(name), NIGHT - born * DAY, count)


def gone(*, asked: float, days: int) -> Number:
    one = number(asked=asked, status="gone")
    assert one.count
    return replace(one, count=replace(one.count, missing_days=days))


@pytest.mark.parametrize(
    ("one", "period"),
    [
        (number(born=180), NIGHTLY),
        (number(born=181), WEEKLY),
        (number(changed=30), NIGHTLY),
        (number(changed=31), WEEKLY),
        (number(known=3), WEEKLY),
        (number(known=181), WEEKLY),
        (number(known=182), MONTHLY),
        (number(known=900, changed=182), MONTHLY),
        (number(known=900, born=100), NIGHTLY),
        (replace(number(known=900), born_at=None), MONTHLY),
    ],
    ids=str,
)
def test_the_period_follows_from_age_and_movement(one: Number, period: timedelta) -> None:
    assert due.period(one, NIGHT) == period


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (Number(Subject("a"), OLD, None), True),
        (Number(Subject("a"), OLD, Count(Subject("a"), "stars", None, None, None, "not_found", NIGHT - DAY)), True),
        (number(status="failed"), True),
        (number(status="suspect"), True),
        (number(asked=0), False),
        (number(asked=5.4), False),
        (number(asked=5.5), True),
        (number(asked=28, known=400), False),
        (number(asked=28.5, known=400), True),
        (number(asked=0.9, born=10), True),
        (number(asked=0.1, born=10), False),
        (gone(asked=2, days=3), False),
        (gone(asked=2, days=2), True),
    ],
    ids=str,
)
def test_who_is_due(one: Number, expected: bool) -> None:
    assert due.is_due(one, NIGHT) is expected


def test_never_asked_come_first_then_the_oldest_and_the_budget_leaves_the_rest_for_tomorrow() -> None:
    new = Number(Subject("n"), OLD, None)
    plan = due.tonight([number("b", asked=8), number("c", asked=9), number("a", asked=8), new], NIGHT, 1, 2)
    assert (plan.asked, plan.due, plan.left) == (("n", "c"), 4, 2)


def test_the_last_batch_is_filled_up_with_the_oldest_of_the_others() -> None:
    known = [number("due", asked=8), number("b", asked=2), number("a", asked=1), number("c", asked=3)]
    assert due.tonight(known, NIGHT, 3, 10).asked == ("due", "c", "b")
    assert due.tonight(known[1:], NIGHT, 3, 10).asked == (), "with nobody due nobody is asked"


def test_a_budget_of_nothing_asks_nobody() -> None:
    assert due.tonight([number(asked=9)], NIGHT, 100, 0) == due.Plan((), 1, 1)


def test_metadata_is_asked_weekly_and_nightly_while_unknown() -> None:
    said = {Subject("old"): NIGHT - 6 * DAY, Subject("new"): NIGHT - DAY}
    named = [Subject("new"), Subject("never"), Subject("old")]
    assert due.metadata_tonight(named, said, NIGHT, 2, 9) == due.Plan((Subject("never"), Subject("old")), 2, 0)
    assert due.metadata_tonight(named[:1], said, NIGHT, 2, 9).asked == ()


def test_ages_are_measured_against_each_ones_period() -> None:
    fresh = due.freshness([number(asked=1, born=5), number(asked=6), number(asked=8), gone(asked=9, days=1)], NIGHT)
    assert (fresh.values, fresh.fresh, fresh.median_days, fresh.oldest_days) == (3, 2, 6.0, 8.0)
    assert fresh.gone == 1
    assert due.freshness([Number(Subject("a"), OLD, None)], NIGHT).values == 0


# --- nights ------------------------------------------------------------------------------------------------------------


class World:
    """Numbers that grow or stand still, asked for night after night as the policy wants."""

    def __init__(self, things: int, batch: int, requests: int, fails: Callable[[], bool]) -> None:
        self.batch, self.requests, self.fails = batch, requests, fails
        self.born = {Subject(f"s{n:04}"): NIGHT - (n % 50) * 40 * DAY for n in range(things)}
        self.moving = {subject for n, subject in enumerate(self.born) if n % 3 == 0}
        self.said: list[Observation] = []
        self.sent = 0

    def value(self, subject: Subject, at: datetime) -> int:
        return 100 + ((at - NIGHT).days if subject in self.moving else 0)

    def numbers(self) -> list[Number]:
        from harvester.curated.counts import counts

        known = counts(self.said)
        return [Number(subject, born, known.get((subject, "stars"))) for subject, born in self.born.items()]

    def night(self, as_of: datetime) -> due.Plan:
        plan = due.tonight(self.numbers(), as_of, self.batch, self.requests)
        said_at = as_of + timedelta(minutes=1)
        for start in range(0, len(plan.asked), self.batch):
            self.sent += 1
            failed = self.fails()
            for subject in plan.asked[start : start + self.batch]:
                value = None if failed else self.value(subject, as_of)
                status: Status = "failed" if failed else "ok"
                self.said.append(Observation(subject, "stars", "github", said_at, value, status))
        return plan


def test_over_forty_nights_no_value_grows_older_than_its_period() -> None:
    world = World(400, batch=20, requests=1000, fails=lambda: False)
    for night in range(40):
        as_of = NIGHT + night * DAY + timedelta(minutes=(night * 17) % 60)
        plan = world.night(as_of)
        fresh = due.freshness(world.numbers(), as_of)
        assert (plan.left, fresh.values, fresh.fresh) == (0, 400, 400)
        assert len(plan.asked) <= math.ceil(plan.due / 20) * 20
    assert world.sent < 40 * 400 / 20 * 0.75, "what stands still is left in peace"


def test_a_night_that_fails_whole_makes_nothing_older_than_its_period_where_the_next_one_succeeds() -> None:
    random = Random(5)
    world = World(400, batch=20, requests=1000, fails=lambda: down)
    down = False
    for night in range(40):
        down = not down and night > 0 and random.random() < 0.3
        as_of = NIGHT + night * DAY
        world.night(as_of)
        fresh = due.freshness(world.numbers(), as_of)
        assert (fresh.values, fresh.fresh) == (400, 400)


def test_too_small_a_budget_goes_round_and_forgets_nobody() -> None:
    world = World(300, batch=1, requests=60, fails=lambda: False)
    left = [world.night(NIGHT + night * DAY).left for night in range(12)]
    assert left[:4] == [240, 180, 120, 60] or left[0] == 240
    oldest = max(NIGHT + 11 * DAY - one.count.asked_at for one in world.numbers() if one.count and one.count.asked_at)
    assert oldest <= 7 * DAY
    assert all(one.count for one in world.numbers())


numbers = st.builds(
    number,
    st.text("abcdef", min_size=1, max_size=3),
    asked=st.floats(0, 40),
    known=st.floats(40, 900),
    changed=st.none() | st.floats(0, 40),
    born=st.floats(0, 1000),
    status=st.sampled_from(["ok", "failed", "gone", "suspect"]),
)


@settings(deadline=None)  # machines are shared
@given(
    st.lists(numbers, max_size=30, unique_by=lambda one: one.subject),
    st.integers(1, 7),
    st.integers(0, 5),
    st.randoms(),
)
def test_a_plan_is_within_its_budget_whatever_the_order(
    known: list[Number], batch: int, requests: int, random: Random
) -> None:
    plan = due.tonight(known, NIGHT, batch, requests)
    random.shuffle(known)
    assert due.tonight(known, NIGHT, batch, requests) == plan
    assert len(set(plan.asked)) == len(plan.asked) <= batch * requests
    wanted = {one.subject for one in known if due.is_due(one, NIGHT)}
    assert plan.due == len(wanted)
    assert plan.left == len(wanted - set(plan.asked))
    assert math.ceil(len(plan.asked) / batch) == math.ceil((plan.due - plan.left) / batch), (
        "filling up costs no request"
    )
