"""Counts that can hardly be true are set aside until they have been said on three days.

Citations and stars grow slowly and hardly ever fall. A count of half the accepted one or less, or of a hundred times as
many, is more often an upstream's mistake than the truth: a merger undone, an index lost, another paper's count. So it waits,
and the accepted value stands, until three answers on different days (UTC) agree. An answer that fits the accepted value
ends the suspicion. Failures and misses in between say nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from harvester.records import Observation

FALL = 2  # a count of half or less
JUMP = 100  # a count of a hundred times as many, or more
DAYS = 3  # on which it must be said
TOLERANCE = 0.10  # within which answers of different days agree; one more or less agrees always


def is_suspicious(said: int, accepted: int) -> bool:
    """Tells whether a count can hardly follow the accepted one."""
    fell = said < accepted and said * FALL <= accepted
    return fell or said >= JUMP * max(accepted, 1)


def judged(series: Iterable[Observation]) -> Iterator[Observation]:
    """Yields the observations of one subject, kind and source, in order of time, with suspicious values set aside.

    Such an observation has the status `suspect`, no value, and its number in `set_aside`.
    """
    accepted: int | None = None
    waiting: list[tuple[date, int]] = []  # the latest answers that are suspicious and agree, by day
    for observation in series:
        said = observation.value
        if observation.status != "ok" or said is None:
            yield observation
            continue
        if accepted is not None and is_suspicious(said, accepted):
            waiting = [*_agreeing(waiting, said), (observation.said_at.date(), said)]
            if len({day for day, _ in waiting}) < DAYS:
                yield replace(observation, value=None, status="suspect", set_aside=said)
                continue
        accepted, waiting = said, []
        yield observation


def _agreeing(waiting: list[tuple[date, int]], said: int) -> list[tuple[date, int]]:
    """Returns the latest of those that wait that agree with one another and with what is said now."""
    low = high = said
    kept: list[tuple[date, int]] = []
    for day, value in reversed(waiting):
        low, high = min(low, value), max(high, value)
        if high - low > max(1, low * TOLERANCE):
            break
        kept.append((day, value))
    return kept[::-1]
