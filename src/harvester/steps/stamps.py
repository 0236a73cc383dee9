"""What a manifest says of the lists' pages: since which snapshot each is as it is, and what has changed in each list.

A page whose content is that of the snapshot before keeps its stamp, so that a second run on the same day, or a night in
which nothing was heard, changes no byte. What changed is the difference to the last snapshot of an earlier day; where
there is none, what changed last stays told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harvester.curated import snapshots
from harvester.curated.changes import TABLES, Told, compare
from harvester.definitions import Editorial
from harvester.errors import ListError, SnapshotError
from harvester.pages import Changes, Stamp
from harvester.steps.material import Material, material, read_changes, write_changes, write_stamp
from harvester.steps.render import Document, list_documents

if TYPE_CHECKING:
    import pyarrow as pa

# Stands for every stamp where only the rest of a page counts.
_BLANK = Stamp("", (), (date.min, date.min))


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
            made = {f"{definition.slug}/{one.path}": _stamped(one) for one in files}
        except ListError as error:
            held_back[definition.slug] = str(error)
            continue
        for name, said in made.items():
            before = known.get(name)
            pages[name] = before if before and before["sha256"] == said["sha256"] else said
    return dict(sorted(pages.items())), held_back


def _stamped(one: Document) -> dict[str, Any]:
    return write_stamp(one.stamp, hashlib.sha256(one.write(_BLANK).encode()).hexdigest())


def differing_pages(promised: Mapping[str, Any], made: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns the pages of two manifests whose content differs, also those that only one of them holds."""
    sums = [{name: said["sha256"] for name, said in pages.items()} for pages in (promised, made)]
    return tuple(sorted(name for name in {*sums[0], *sums[1]} if sums[0].get(name) != sums[1].get(name)))
