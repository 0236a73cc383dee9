"""Counts that can hardly be true are set aside until they have been said on three days.

Citations and stars grow slowly and hardly ever fall. A count of half the accepted one or less, or of a hundred times as
many, is more often an upstream's mistake than the truth: a merger undone, an index lost, another paper's count. So it waits,
and the accepted value stands, until answers of three days (UTC) agree: each could follow the one before it, so that what
keeps moving is believed as well. An answer that fits the accepted value ends the suspicion. Failures and misses in between
say nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from harvester.records import Observation

FALL = 2  # a count of half or less
JUMP = 100  # a count of a hundred times as many, or more
DAYS = 3  # on which it must be said


def is_suspicious(said: int, accepted: int) -> bool:
    """Tells whether a count can hardly follow the accepted one."""
    fell = said < accepted and said * FALL <= accepted
    return fell or said >= JUMP * max(accepted, 1)


def judged(series: Iterable[Observation]) -> Iterator[Observation]:
    """Yields the observations of one subject, kind and source, in order of time, with suspicious values set aside.

    Such an observation has the status `suspect`, no value, and its number in `set_aside`.
    """
    accepted: int | None = None
    waiting: list[tuple[date, int]] = []  # the latest answers that are suspicious and follow one another, by day
    for observation in series:
        said = observation.value
        if observation.status != "ok" or said is None:
            yield observation
            continue
        if accepted is not None and is_suspicious(said, accepted):
            agreeing = waiting if waiting and _follows(said, waiting[-1][1]) else []
            waiting = [*agreeing, (observation.said_at.date(), said)]
            if len({day for day, _ in waiting}) < DAYS:
                yield replace(observation, value=None, status="suspect", set_aside=said)
                continue
        accepted, waiting = said, []
        yield observation


def _follows(said: int, before: int) -> bool:
    """Tells whether an answer agrees with the one before it: of small numbers, one less may be half.

    Both are then on the same side of the accepted value: from one side to the other is more than a hundredfold, or a fall.
    """
    return abs(said - before) <= 1 or not is_suspicious(said, before)
