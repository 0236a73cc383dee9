"""What a report says of numbers in doubt: set aside as unlikely, or said otherwise by another source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harvester.curated.counts import disagree
from harvester.curated.suspicion import DAYS
from harvester.records import Count
from harvester.steps.fold import Folded

_EXAMPLES = 5


def doubted(folded: Folded) -> tuple[str, ...]:
    """Tells which numbers are newly gone or set aside, from what to what, and on which papers two sources disagree."""
    suspect = [_set_aside(count) for count in folded.counts.values() if count.set_aside is not None]
    differing = [_differing(count) for count in folded.counts.values() if disagree(count)]
    gone = [f"{one.subject} {one.kind} {one.value:,}" for one in folded.counts.values() if 0 < one.missing_days < DAYS]
    notes = []
    if gone:
        notes.append(f"said to be gone, the last value stands: {_first(gone)}")
    if suspect:
        notes.append(f"set aside until three days agree, the last value stands: {_first(suspect)}")
    if differing:
        papers = f"{len(differing):,} paper{'s' * (len(differing) > 1)}"
        notes.append(f"sources differ by more than a quarter on {papers}, none is averaged: {_first(differing)}")
    return tuple(notes)


def replaced(before: Mapping[str, str | None], folded: Folded) -> tuple[str, ...]:
    """Tells which names belong to another repository than in the latest snapshot; `before` are its node ids by subject."""
    now = {subject: repo.record.node_id for subject, repo in folded.repos.items() if repo.record}
    others = [subject for subject, node in now.items() if before.get(subject) not in (None, node)]
    return (f"another repository goes by that name now, its stars begin anew: {_first(others)}",) if others else ()


def _set_aside(count: Count) -> str:
    return f"{count.subject} {count.kind} from {count.value:,} to {count.set_aside:,} ({count.source})"


def _differing(count: Count) -> str:
    source, value = count.elsewhere or ("", 0)
    return f"{count.subject} {count.value:,} ({count.source}) against {value:,} ({source})"


def _first(shown: Sequence[str]) -> str:
    rest = f" and {len(shown) - _EXAMPLES:,} more" if len(shown) > _EXAMPLES else ""
    return ", ".join(shown[:_EXAMPLES]) + rest
