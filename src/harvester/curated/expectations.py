"""What a new snapshot must meet before readers get it, compared with the latest one; pure.

Growth is normal and so is a single odd number. Many odd numbers at once, counts that were known and are not any more, and
entries that nobody took away are mistakes of an upstream, of a disk or of ours: the latest snapshot is the better one then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.curated.suspicion import DAYS
from harvester.errors import HeldBack
from harvester.ids import Subject
from harvester.records import Count, Entry, Kind, Repo

if TYPE_CHECKING:
    import pyarrow as pa

SUSPECT_SHARE = 0.01  # of the values that were asked; more at once is an outage, not news
SUSPECT_LEAST = 3  # in a small collection one odd number is more than a hundredth
TRIFLE = 5  # a fall of fewer is set aside like any other, and holds nothing back: 1 → 0 happens to many
_EXAMPLES = 3

Key = tuple[Subject, Kind]
Placed = tuple[str, Subject, int]  # list, subject, placement


@dataclass(frozen=True, slots=True)
class Shown:
    """What a snapshot says, as far as expectations go."""

    known: frozenset[Key]  # counts that have a value
    suspect: frozenset[Key]
    gone: frozenset[Key]
    nodes: Mapping[Subject, str]  # identity of the repositories that ever answered
    entries: frozenset[Placed]

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table]) -> Shown:
        """Reads the tables `papers`, `repositories` and `entries` of a snapshot."""
        papers = tables["papers"].select(["subject", "citations", "citations_status"]).to_pylist()
        repos = tables["repositories"].select(["subject", "stars", "stars_status", "node_id"]).to_pylist()
        entries = tables["entries"].select(["list", "subject", "place"]).to_pylist()
        numbers: list[tuple[Subject, Kind, int | None, str]]
        numbers = [(row["subject"], "citations", row["citations"], row["citations_status"]) for row in papers]
        numbers += [(row["subject"], "stars", row["stars"], row["stars_status"]) for row in repos]
        return cls(
            known=frozenset((subject, kind) for subject, kind, value, _ in numbers if value is not None),
            suspect=frozenset((subject, kind) for subject, kind, _, status in numbers if status == "suspect"),
            gone=frozenset((subject, kind) for subject, kind, _, status in numbers if status == "gone"),
            nodes={row["subject"]: row["node_id"] for row in repos if row["node_id"]},
            entries=frozenset((row["list"], row["subject"], row["place"]) for row in entries),
        )


def demand(
    before: Shown,
    counts: Mapping[Key, Count],
    repos: Mapping[Subject, Repo],
    asked: Collection[Key],
    entries: Iterable[Entry],
    explained: Collection[tuple[str, Subject]],
) -> None:
    """Raises HeldBack where the new snapshot does not meet what the latest one lets expect.

    `asked` are the numbers that are still asked for; `explained` the lists and subjects that decisions speak of which the
    latest snapshot did not know.
    """
    still_asked = [counts[key] for key in sorted(asked) if key in counts and counts[key].value is not None]
    found = (
        _too_many_suspects(before, still_asked),
        _too_many_gone(before, still_asked),
        _vanished(before, counts, repos, asked),
        _unexplained(before, entries, explained),
    )
    unmet = tuple(one for one in found if one)
    if unmet:
        raise HeldBack(unmet)


def _too_many_suspects(before: Shown, known: Sequence[Count]) -> str | None:
    """Counts those that have become suspect: what was published as suspect holds nothing back again."""
    suspect = (one for one in known if one.status == "suspect" and not _is_trifle(one))
    new = [one for one in suspect if (one.subject, one.kind) not in before.suspect]
    if not _too_many(len(new), len(known)):
        return None
    shown = [f"{one.subject} {one.kind} {one.value:,} → {one.set_aside:,}" for one in new]
    return f"{len(new)} of {len(known)} counts changed at once as counts hardly do: {_first(shown)}"


def _is_trifle(one: Count) -> bool:
    return one.value is not None and one.set_aside is not None and 0 < one.value - one.set_aside < TRIFLE


def _too_many_gone(before: Shown, known: Sequence[Count]) -> str | None:
    """Counts those that are said to be gone, unless that was published, or said on three days."""
    new = [one for one in known if 0 < one.missing_days < DAYS and (one.subject, one.kind) not in before.gone]
    if not _too_many(len(new), len(known)):
        return None
    shown = [f"{one.subject} {one.kind} {one.value:,}" for one in new]
    return f"{len(new)} of {len(known)} known counts are said to be gone at once: {_first(shown)}"


def _too_many(number: int, of: int) -> bool:
    return number >= SUSPECT_LEAST and number > of * SUSPECT_SHARE


def _vanished(
    before: Shown, counts: Mapping[Key, Count], repos: Mapping[Subject, Repo], asked: Collection[Key]
) -> str | None:
    """Finds counts that were known, of subjects that are still asked for under their name."""
    lost = []
    for subject, kind in sorted(before.known & frozenset(asked)):
        repo = repos.get(subject)
        other = repo and repo.record and before.nodes.get(subject) not in (None, repo.record.node_id)
        count = counts.get((subject, kind))
        if (count is None or count.value is None) and not other:
            lost.append(f"{subject} {kind}")
    return f"{_counted(len(lost), 'count')} known before would be unknown: {_first(lost)}" if lost else None


def _unexplained(before: Shown, entries: Iterable[Entry], explained: Collection[tuple[str, Subject]]) -> str | None:
    """Finds entries that went though nobody decided so."""
    there = {(entry.list, entry.subject, entry.place) for entry in entries}
    gone = sorted(one for one in before.entries - there if one[:2] not in explained)
    shown = [f"{subject} of {slug}" for slug, subject, _ in gone]
    return (
        f"{_counted(len(gone), 'entry', 'entries')} would go that no decision takes away: {_first(shown)}"
        if gone
        else None
    )


def _counted(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _first(shown: Sequence[str]) -> str:
    rest = f" and {len(shown) - _EXAMPLES:,} more" if len(shown) > _EXAMPLES else ""
    return ", ".join(shown[:_EXAMPLES]) + rest
