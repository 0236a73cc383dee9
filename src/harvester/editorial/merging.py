"""Three versions of a sequence become one: what somebody changed between two of them is done to the third."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def merge(before: Iterable[Item], after: Iterable[Item], now: Iterable[Item]) -> list[Item]:
    """Does to `now` what was changed from `before` to `after`, and nothing else.

    What went goes, unless it is gone already; what came or was moved stands behind what it stands behind in `after`.
    Doing it twice is doing it once, where all items differ. Equal items are told apart by their order.
    """
    merged = _merge(_numbered(before), _numbered(after), _numbered(now))
    return [item for item, _ in merged]


def _numbered(items: Iterable[Item]) -> list[tuple[Item, int]]:
    seen: Counter[Item] = Counter()
    numbered = []
    for item in items:
        seen[item] += 1
        numbered.append((item, seen[item]))
    return numbered


def _merge(before: Sequence[Item], after: Sequence[Item], now: Sequence[Item]) -> list[Item]:
    there = {*now}
    came = {*after} - {*before} - there
    moved = moves(before, after) & there
    gone = {*before} - {*after}
    merged = [item for item in now if item not in gone and item not in moved]
    for at, item in enumerate(after):
        if item in came or item in moved:
            _place(merged, item, after[:at], after[at + 1 :])
    return merged


def _place(merged: list[Item], item: Item, earlier: Sequence[Item], later: Sequence[Item]) -> None:
    """Puts an item behind its nearest neighbour above, else before its nearest one below, else at the end."""
    standing = {known: at for at, known in enumerate(merged)}
    above = next((standing[known] + 1 for known in reversed(earlier) if known in standing), None)
    below = next((standing[known] for known in later if known in standing), len(merged))
    merged.insert(below if above is None else above, item)


def moves(before: Sequence[Item], after: Sequence[Item]) -> set[Item]:
    """Returns the fewest items whose move explains the order of `after`; of two that were swapped, the upper one."""
    places = {item: at for at, item in enumerate(before)}
    common = [item for item in after if item in places]
    stayed = rising([places[item] for item in common])
    return {item for at, item in enumerate(common) if at not in stayed}


def rising(ranks: Sequence[float | tuple[object, ...]]) -> set[int]:
    """Returns the indexes of a longest strictly rising subsequence."""
    tails: list[float | tuple[object, ...]] = []  # smallest last rank of a rising run of each length
    ends: list[int] = []
    before: list[int | None] = []
    for at, rank in enumerate(ranks):
        length = bisect_left(tails, rank)
        before.append(ends[length - 1] if length else None)
        tails[length : length + 1] = [rank]
        ends[length : length + 1] = [at]
    found: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found
