"""Where entries stand in a section: numbers for those that were moved or are new, so that a page shows the wanted order.

Few entries get a number: those that stand in the right order already keep theirs, and a number between two others makes
room for one more (3.5 stands between 3 and 4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import inf

from harvester.editorial.entries import Key
from harvester.editorial.merging import rising
from harvester.records import Entry

_DIGITS = 12  # no more are needed, unless somebody moves entries between the same two a thousand times


def arrange(wanted: Sequence[Key], entries: Mapping[Key, Entry], *, newest_first: bool) -> dict[Key, float | None]:
    """Returns the order that each newcomer and each moved entry of a section needs; those left out keep theirs.

    `entries` are those that stand in the section already. Entries without order stand above the others where the
    newest comes first, else below; a newcomer at that end needs no order either.
    """
    outwards = list(wanted) if newest_first else list(reversed(wanted))
    free = _free(outwards, entries, newest_first=newest_first)
    found: dict[Key, float | None] = {key: None for key in outwards[:free] if key not in entries}
    rest = [key for key in wanted if key not in set(outwards[:free])]
    numbered = {key: entry for key, entry in entries.items() if entry.order is not None}
    known = [key for key in rest if key in numbered]
    stayed = rising([_rank(numbered[key]) for key in known])
    fixed = {key: numbered[key].order or 0 for at, key in enumerate(known) if at in stayed}
    while (crowded := _crowded(rest, fixed)) is not None:
        del fixed[crowded]
    return {**found, **_numbers(rest, fixed)}


def _free(outwards: Sequence[Key], entries: Mapping[Key, Entry], *, newest_first: bool) -> int:
    """Counts the entries from the end where new ones stand that need no order: by the time of their decision."""
    before: tuple[object, ...] | None = None
    for at, key in enumerate(outwards):
        entry = entries.get(key)
        if entry is None and at == 0:
            continue  # a newcomer is the newest
        if entry is None or entry.order is not None:
            return at
        rank = (entry.decided_at, entry.decision, str(entry.subject), entry.place)
        if before is not None and not rank < before:
            return at
        before = rank
    return len(outwards)


def _rank(entry: Entry) -> tuple[object, ...]:
    return (entry.order, str(entry.subject), entry.place)


def _crowded(rest: Sequence[Key], fixed: Mapping[Key, float]) -> Key | None:
    """Returns an entry that leaves no room for those that must stand before it, None where there is room everywhere."""
    low, waiting = -1.0, 0
    for key in rest:
        if key not in fixed:
            waiting += 1
            continue
        if waiting and _between(low, fixed[key], waiting) is None:
            return key
        low, waiting = fixed[key], 0
    return None


def _numbers(rest: Sequence[Key], fixed: Mapping[Key, float]) -> dict[Key, float]:
    found: dict[Key, float] = {}
    low, waiting = -1.0, list[Key]()
    for key in (*rest, None):
        if key is not None and key not in fixed:
            waiting.append(key)
            continue
        high = inf if key is None else fixed[key]
        found |= zip(waiting, _between(low, high, len(waiting)) or (), strict=True)
        low, waiting = high, []
    return found


def _between(low: float, high: float, count: int) -> list[float] | None:
    """Returns so many rising numbers between two others, not negative and as short as can be; None without room."""
    if high == inf:
        return [int(low) + number for number in range(1, count + 1)]
    step = (high - low) / (count + 1)
    for digits in range(_DIGITS + 1):
        numbers = [round(low + step * number, digits) for number in range(1, count + 1)]
        edges = [low, *numbers, high]
        if all(one < other for one, other in pairwise(edges)) and numbers[:1] >= [0]:
            return [int(number) if number == int(number) else number for number in numbers]
    return None
