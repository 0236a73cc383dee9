"""What a manifest says of the lists' pages: since which snapshot each is as it is, and what has changed in each list.

A page whose content is that of the snapshot before keeps its stamp, so that a second run on the same day, or a night in
which nothing was heard, changes no byte. So does a page on which nothing but counts changed: its dates say "or later", and
its window shows the same papers, so both stay true, and one count changes one line.

What changed is the difference to the last snapshot of an earlier day; where there is none, what changed last stays told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harvester.curated import snapshots
from harvester.curated.changes import TABLES, Told, compare
from harvester.definitions import Editorial
from harvester.editorial.places import entries_now
from harvester.errors import ListError, SnapshotError
from harvester.pages import Changes, Stamp
from harvester.steps.material import Material, material, read_changes, read_stamp, write_changes, write_stamp
from harvester.steps.render import Document, list_documents

if TYPE_CHECKING:
    import pyarrow as pa

_OLDEST = 30  # days that the dates of a page whose counts change may stay behind

# Stands for every stamp where only the rest of a page counts.
BLANK = Stamp("", (), (date.min, date.min))


@dataclass(frozen=True, slots=True)
class Marks:
    """What a manifest holds of pages and changes. `held_back` are lists that cannot be rendered, with the reason."""

    pages: Mapping[str, Any]
    changes: Mapping[str, Any]
    held_back: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def mark(curated: Path, tables: Mapping[str, pa.Table], editorial: Editorial, as_of: datetime) -> Marks:
    """Compares what a new snapshot would show with the latest one, and with the last one of an earlier day."""
    latest = snapshots.latest(curated)
    earlier = _of_an_earlier_day(curated, latest, as_of)
    notes: tuple[str, ...] = ()
    try:
        changes = changed(earlier, tables, editorial, as_of.date())
    except SnapshotError as error:
        changes, notes = {}, (f"what changed in the lists is not told: {error}",)
    known = snapshots.read_manifest(latest).get("pages", {}) if latest else {}
    pages, held_back = stamp_pages(material(tables, as_of), editorial, changes, known)
    return Marks(pages, changes, held_back, notes)


def _of_an_earlier_day(
    curated: Path, latest: snapshots.SnapshotRef | None, as_of: datetime
) -> snapshots.SnapshotRef | None:
    there = (ref for ref in snapshots.snapshots(curated) if latest and ref.name <= latest.name)
    return max((ref for ref in there if ref.as_of.date() < as_of.date()), default=None)


def changed(
    earlier: snapshots.SnapshotRef | None, tables: Mapping[str, pa.Table], editorial: Editorial, day: date
) -> dict[str, Any]:
    """Returns what has changed in each list since the earlier snapshot, as a manifest holds it."""
    if earlier is None:
        return {}
    manifest = snapshots.read_manifest(earlier)
    before = Told.of({name: snapshots.read_table(earlier, name) for name in TABLES})
    before = replace(before, entries=entries_now(before.entries, editorial.lists))  # a renamed section moves nothing
    after = Told.of(tables)
    told: dict[str, Any] = {}
    for definition in editorial.lists:
        found = compare(before, after, definition.slug)
        if found:
            told[definition.slug] = write_changes(Changes(earlier.as_of.date(), day, found))
        elif definition.slug in manifest.get("changes", {}):
            told[definition.slug] = manifest["changes"][definition.slug]
    return told


def stamp_pages(
    found: Material, editorial: Editorial, changes: Mapping[str, Any], known: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Returns stamp and digest of every page, and the lists whose templates cannot be filled; `known` are kept if equal."""
    pages: dict[str, Any] = {}
    held_back: dict[str, str] = {}
    for definition in editorial.lists:
        told = read_changes({"changes": changes}, definition.slug)  # type: ignore[typeddict-item]  # as in a manifest
        try:
            files = list_documents(found, definition, told)
            names = {f"{definition.slug}/{one.path}": one for one in files}
            pages |= {name: stamped_page(one, known.get(name)) for name, one in names.items()}
        except ListError as error:
            held_back[definition.slug] = str(error)
    return dict(sorted(pages.items())), held_back


def stamped_page(one: Document, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a manifest says of a page: with the stamp of before where that is as true as a new one."""
    digests = {"sha256": digest(one.write(BLANK)), "uncounted": digest(one.write_bare(BLANK))}
    stamp = one.stamp
    if before:
        known = read_stamp(before)
        equal = before["sha256"] == digests["sha256"]
        counts_alone = before.get("uncounted") == digests["uncounted"] and _holds(known, one.stamp)
        if (equal or counts_alone) and _shows_the_same(known, one):
            stamp = known
    return {**write_stamp(stamp), **digests}


def digest(text: str) -> str:
    """Returns the digest by which a manifest knows a page."""
    return hashlib.sha256(text.encode()).hexdigest()


def _holds(before: Stamp, now: Stamp) -> bool:
    """Tells whether every count is as of the days said before, or later; and none of them of another source."""
    said = {(one.kind, one.source): one for one in before.as_of}
    found = {(one.kind, one.source): one for one in now.as_of}
    return said.keys() == found.keys() and all(
        said[key].since <= one.since and (one.until - said[key].until).days < _OLDEST for key, one in found.items()
    )


def _shows_the_same(before: Stamp, one: Document) -> bool:
    """Tells whether the window of before holds the papers that the page shows, no more and no fewer.

    A page of a template that tells of no window shows the same in any.
    """
    if before.window is None or one.stamp.window is None:
        return before.window == one.stamp.window
    (first, last), (since, until) = before.window, one.stamp.window
    if all((first <= day <= last) == (since <= day <= until) for day in one.days):
        return True
    return one.write(replace(BLANK, window=before.window)) == one.write(replace(BLANK, window=one.stamp.window))


def differing_pages(promised: Mapping[str, Any], made: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns the pages of two manifests whose content differs, also those that only one of them holds."""
    sums = [{name: said["sha256"] for name, said in pages.items()} for pages in (promised, made)]
    return tuple(sorted(name for name in {*sums[0], *sums[1]} if sums[0].get(name) != sums[1].get(name)))
