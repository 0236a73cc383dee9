"""What a report says of numbers in doubt: set aside as unlikely, or said otherwise by another source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from harvester.curated.counts import disagree
from harvester.curated.suspicion import DAYS
from harvester.records import Count
from harvester.steps.fold import Folded

_EXAMPLES = 5


def doubted(folded: Folded) -> tuple[str, ...]:
    """Tells which numbers are newly gone, uncounted or set aside, and on which papers two sources disagree."""
    suspect = [_set_aside(count) for count in folded.counts.values() if count.set_aside is not None]
    differing = [_differing(count) for count in folded.counts.values() if disagree(count)]
    gone = [f"{one.subject} {one.kind} {one.value:,}" for one in folded.counts.values() if 0 < one.missing_days < DAYS]
    uncounted = [f"{one.subject} {one.kind} {one.value:,}" for one in folded.counts.values() if _newly_uncounted(one)]
    notes = []
    if uncounted:
        notes.append(f"known there without a count, the last value stands: {_first(uncounted)}")
    if gone:
        notes.append(f"said to be gone, the last value stands: {_first(gone)}")
    if suspect:
        notes.append(f"set aside until three days agree, the last value stands: {_first(suspect)}")
    if differing:
        papers = f"{len(differing):,} paper{'s' * (len(differing) > 1)}"
        notes.append(f"sources differ by more than a quarter on {papers}, none is averaged: {_first(differing)}")
    return tuple(notes)


def _newly_uncounted(count: Count) -> bool:
    """Tells whether a source has just stopped to count what it knows; later the status and the age of the value tell."""
    lately = count.asked_at and count.as_of and count.asked_at - count.as_of < timedelta(days=DAYS)
    return count.status == "no_count" and bool(lately)


def _set_aside(count: Count) -> str:
    return f"{count.subject} {count.kind} from {count.value:,} to {count.set_aside:,} ({count.source})"


def _differing(count: Count) -> str:
    source, value = count.elsewhere or ("", 0)
    return f"{count.subject} {count.value:,} ({count.source}) against {value:,} ({source})"


def _first(shown: Sequence[str]) -> str:
    rest = f" and {len(shown) - _EXAMPLES:,} more" if len(shown) > _EXAMPLES else ""
    return ", ".join(shown[:_EXAMPLES]) + rest
