"""What holds among the decisions on one identity: what was taken back, and where two contradict each other."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from harvester.records import Decision

BESIDE = ("edit", "apart")  # acts that are no verdict on a paper


@dataclass(frozen=True, slots=True)
class Agreement:
    """The decisions on one identity that nobody took back; those of them that hold; those that contradict each other.

    Edits, and papers held apart, hold beside the verdicts they follow, whatever was decided since, and contradict nothing.
    `verdict` is the last verdict that holds; None where nothing was agreed.
    """

    effective: tuple[Decision, ...]
    holding: tuple[Decision, ...]
    contradicting: tuple[Decision, ...]

    @property
    def verdict(self) -> Decision | None:
        """The decision whose verdict holds."""
        return next((decision for decision in reversed(self.holding) if decision.act not in BESIDE), None)


def place_in_log(decision: Decision) -> tuple[datetime, str, int]:
    """Sorts decisions by time, then file name, then line."""
    stem, _, line = decision.id.rpartition(":")
    return (decision.at, stem, int(line) if line.isdecimal() else 0)


def in_order(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Orders the decisions on one identity: by place in the log, but none before the one it follows or takes back."""
    known = {decision.id: decision for decision in decisions}
    if len(known) == 1:
        return tuple(known.values())
    waiting: dict[str, set[str]] = {}  # decision: those it must come after
    after: dict[str, list[str]] = {}
    for decision in known.values():
        earlier = {other for other in (decision.follows, decision.undoes) if other in known and other != decision.id}
        waiting[decision.id] = {other for other in earlier if other is not None}
        for other in waiting[decision.id]:
            after.setdefault(other, []).append(decision.id)
    ready = [(place_in_log(known[name]), name) for name, others in waiting.items() if not others]
    heapq.heapify(ready)
    ordered: list[Decision] = []
    while ready:
        name = heapq.heappop(ready)[1]
        ordered.append(known.pop(name))
        for later in after.get(name, []):
            waiting[later].discard(name)
            if not waiting[later]:
                heapq.heappush(ready, (place_in_log(known[later]), later))
    return (*ordered, *sorted(known.values(), key=place_in_log))  # what follows itself in a circle was written by hand


def agree(ordered: Sequence[Decision]) -> Agreement:
    """Finds out what holds among the decisions on one identity, given in order."""
    effective = _effective(ordered)
    said = [decision for decision in effective if decision.undoes is None]
    verdicts = [decision for decision in said if decision.act not in BESIDE]
    unsettled: set[str] = set()
    yielding: set[str] = set()
    for group in _siblings(verdicts):
        if _contradicting(group):
            unsettled |= {decision.id for decision in group}
        else:
            yielding |= _yielding(group)
    contradicting = tuple(decision for decision in verdicts if decision.id in unsettled)
    holding = []
    for decision in said:
        if decision.follows in unsettled:
            unsettled.add(decision.id)  # what was decided upon one side of a conflict waits with it
        elif decision.id not in unsettled | yielding:
            holding.append(decision)
    return Agreement(effective, tuple(holding), contradicting)


def _effective(ordered: Sequence[Decision]) -> tuple[Decision, ...]:
    """Leaves out what a later `reopen` takes back, unless that was taken back itself."""
    undone: set[str] = set()
    effective = []
    for decision in reversed(ordered):
        if decision.id in undone:
            continue
        effective.append(decision)
        if decision.undoes is not None:
            undone.add(decision.undoes)
    return tuple(reversed(effective))


def _siblings(verdicts: Sequence[Decision]) -> Iterable[list[Decision]]:
    """Groups verdicts that follow the same decision: those made without knowing of each other."""
    groups: dict[str | None, list[Decision]] = {}
    for decision in verdicts:
        groups.setdefault(decision.follows, []).append(decision)
    return (group for group in groups.values() if len(group) > 1)


def _contradicting(group: Sequence[Decision]) -> bool:
    """Tells whether the last words of different sittings differ; within one sitting the later line is a second thought.

    Putting off is no verdict on the paper and contradicts nothing.
    """
    last_words = {_sitting(decision): decision.act for decision in group}
    return len({*last_words.values()} - {"defer"}) > 1


def _yielding(group: Sequence[Decision]) -> set[str]:
    """Returns the deferrals that yield, because in another sitting somebody accepted or rejected."""
    firm = {_sitting(decision) for decision in group if decision.act != "defer"}
    return {decision.id for decision in group if decision.act == "defer" and firm - {_sitting(decision)}}


def _sitting(decision: Decision) -> str:
    return decision.id.rpartition(":")[0]
