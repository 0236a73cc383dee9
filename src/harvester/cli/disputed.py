"""Decisions that contradict each other, as a queue tells them: who said what, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harvester.cli.shown import Row

if TYPE_CHECKING:
    from harvester.records import Candidate, Decision
    from harvester.steps.standing import Standing


def sides(standing: Standing, candidate: Candidate) -> list[Decision]:
    """Returns the decisions on a candidate that contradict each other, in order of time."""
    about = (candidate.list, candidate.subject)
    return [one for conflict in standing.folded.conflicts if conflict.key[:2] == about for one in conflict.decisions]


def in_short(standing: Standing, candidate: Candidate) -> list[str]:
    """Says who decided what, for a remark; nothing where nobody contradicts."""
    said = [f"{one.by} says {one.act}" for one in sides(standing, candidate)]
    return [f"in conflict: {', '.join(said)}"] if said else []


def ways_out(standing: Standing, candidate: Candidate) -> Iterator[str]:
    """Yields what ends it, with the id of each decision; nothing where nobody contradicts."""
    found = sides(standing, candidate)
    if found:
        yield "in conflict, decided without knowing of each other: decide again, or take one back:"
    for one in found:
        what = one.section or one.reason
        yield f"harvester undo {one.id} ({one.by}, {one.at:%Y-%m-%d %H:%M}: {one.act}{f', {what}' if what else ''})"


def as_rows(standing: Standing, candidate: Candidate) -> list[Row]:
    """Returns who decided what, for JSON."""
    return [{"by": one.by, "at": one.at, "act": one.act, "decision": one.id} for one in sides(standing, candidate)]
