"""Whose numbers are asked again tonight: the policy of the refresh. Pure.

| what is known of paper or repository | asked again |
|---|---|
| never asked or known, failed or without a count the last time, suspect, or gone for less than three days | every night |
| young: submitted or created at most 180 days ago | every night |
| moving: the number changed within the last 30 days | every night |
| quiet: everything else | every 7 days |
| still: unchanged for half a year | every 30 days |

Metadata of listed papers is asked every 7 days, and every night while arXiv never answered.

Never asked come first, then those that were asked the longest time ago, until the night's budget of requests is spent; the
rest comes first tomorrow. A batch that is not full is filled up with the oldest of the others: it costs the same.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

from harvester.curated.suspicion import DAYS
from harvester.ids import Subject
from harvester.records import Count
from harvester.report import Freshness

NIGHTLY, WEEKLY, MONTHLY = timedelta(days=1), timedelta(days=7), timedelta(days=30)
YOUNG = timedelta(days=180)
MOVING = timedelta(days=30)
STILL = timedelta(days=182)
# What is not asked nightly is asked a night before its period ends, so that one failed night makes nothing too old; half a
# day, because nights do not start to the minute.
_SPARE = timedelta(hours=36)
_URGENT = ("failed", "suspect", "no_count")


@dataclass(frozen=True, slots=True)
class Number:
    """One number to refresh: whose, since when that exists (None: unknown), and what is known of it."""

    subject: Subject
    born_at: datetime | None
    count: Count | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Whom to ask tonight, in order; how many were due, and how many of these the budget leaves for tomorrow."""

    asked: tuple[Subject, ...]
    due: int
    left: int


def period(number: Number, as_of: datetime) -> timedelta:
    """Returns how old a known value may become."""
    count = number.count
    if number.born_at is not None and as_of - number.born_at <= YOUNG:
        return NIGHTLY
    if count is None or count.since is None or count.first_at is None:
        return NIGHTLY
    if count.since > count.first_at and as_of - count.since <= MOVING:
        return NIGHTLY
    return MONTHLY if as_of - count.since >= STILL else WEEKLY


def is_due(number: Number, as_of: datetime) -> bool:
    """Tells whether a number is to be asked tonight."""
    count = number.count
    if count is None or count.asked_at is None:
        return True
    newly_gone = 0 < count.missing_days < DAYS
    every = NIGHTLY if count.status in _URGENT or newly_gone else period(number, as_of)
    return is_over(count.asked_at, every, as_of)


def is_over(asked_at: datetime, every: timedelta, as_of: datetime) -> bool:
    """Tells whether a period has passed or will have before the night after the next one."""
    return as_of - asked_at >= every - min(_SPARE, every / 2)


def tonight(numbers: Iterable[Number], as_of: datetime, batch: int, requests: int) -> Plan:
    """Chooses whose numbers to ask tonight in at most so many requests of `batch` each."""
    known = {number.subject: number for number in numbers}
    asked_at = {one.subject: one.count.asked_at for one in known.values() if one.count and one.count.asked_at}
    return _plan(known, asked_at, {one for one in known if is_due(known[one], as_of)}, batch, requests)


def metadata_tonight(
    named: Iterable[Subject], said_at: Mapping[Subject, datetime], as_of: datetime, batch: int, requests: int
) -> Plan:
    """Chooses whose metadata to ask tonight: weekly, and what nobody ever answered for every night."""
    known = dict.fromkeys(named)
    due = {one for one in known if one not in said_at or is_over(said_at[one], WEEKLY, as_of)}
    return _plan(known, said_at, due, batch, requests)


def _plan(
    known: Iterable[Subject], asked_at: Mapping[Subject, datetime], due: Collection[Subject], batch: int, requests: int
) -> Plan:
    ordered = sorted(known, key=lambda one: (one in asked_at, asked_at.get(one), one))
    wanted = [one for one in ordered if one in due]
    asked = wanted[: batch * requests]
    room = math.ceil(len(asked) / batch) * batch - len(asked)
    others = [one for one in ordered if one not in due]
    return Plan((*asked, *others[:room]), len(wanted), len(wanted) - len(asked))


def freshness(numbers: Iterable[Number], as_of: datetime) -> Freshness:
    """Measures the ages of the known values; what is gone cannot be confirmed any more and is counted apart."""
    known = [(one, one.count, one.count.as_of) for one in numbers if one.count and one.count.as_of]
    ages = [
        (max(as_of - at, timedelta(0)), period(number, as_of)) for number, count, at in known if not count.missing_days
    ]
    return replace(of_ages(ages), gone=len(known) - len(ages))


def of_ages(ages: Sequence[tuple[timedelta, timedelta]]) -> Freshness:
    """Sums up ages, each beside the period it should not exceed."""
    if not ages:
        return Freshness()
    days = [age / timedelta(days=1) for age, _ in ages]
    fresh = sum(age <= every for age, every in ages)
    return Freshness(len(ages), fresh, round(median(days), 2), round(max(days), 2))
