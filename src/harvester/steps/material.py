"""What lists are rendered from, as a snapshot holds it: facts with their growth, entries, stamps of pages, changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from harvester.curated import snapshots
from harvester.curated.facts import last_heard, read_entries, read_history, read_paper_facts, read_repo_facts
from harvester.lists.lines import Facts
from harvester.pages import Change, Changes, CountsAsOf, Stamp
from harvester.records import Entry

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Material:
    """What pages show. `until` is when anything was last said, which ends the front page's window."""

    entries: tuple[Entry, ...]
    facts: Facts
    until: datetime
    snapshot: str


def material(tables: Mapping[str, pa.Table], as_of: datetime) -> Material:
    """Reads the tables of a snapshot as of `as_of`, by the names under which they are published."""
    return _material(tables, [t for name, t in tables.items() if name.startswith("observations/")], as_of)


def snapshot_material(ref: snapshots.SnapshotRef) -> Material:
    """Reads a snapshot from disk."""
    names = ("papers", "paper_repositories", "repositories", "entries")
    tables = {name: snapshots.read_table(ref, name) for name in names}
    return _material(tables, [snapshots.read_table(ref, "observations")], ref.as_of)


def _material(tables: Mapping[str, pa.Table], observations: Iterable[pa.Table], as_of: datetime) -> Material:
    papers, repositories = tables["papers"], tables["repositories"]
    heard = last_heard(papers, repositories, tables["entries"], as_of)
    until = min(heard or as_of, as_of + timedelta(days=1))  # a night ends after its `as_of`
    history = read_history(observations, until.date())
    facts = Facts.of(
        read_paper_facts(papers, tables["paper_repositories"], history).values(),
        read_repo_facts(repositories, history).values(),
    )
    return Material(tuple(read_entries(tables["entries"])), facts, until, snapshots.snapshot_name(as_of))


def write_stamp(stamp: Stamp) -> dict[str, Any]:
    """Writes the stamp of a page as a manifest holds it."""
    as_of = [{**asdict(one), "since": str(one.since), "until": str(one.until)} for one in stamp.as_of]
    window = [str(day) for day in stamp.window] if stamp.window else None
    return {"since": stamp.snapshot, "as_of": as_of, "window": window}


def read_stamps(manifest: snapshots.Manifest, slug: str) -> dict[str, Stamp]:
    """Reads the stamps of one list's pages, by path; a manifest of an older version holds none."""
    pages = manifest.get("pages", {})
    return {
        name.removeprefix(f"{slug}/"): read_stamp(said) for name, said in pages.items() if name.startswith(f"{slug}/")
    }


def read_stamp(said: Mapping[str, Any]) -> Stamp:
    """Reads the stamp of a page from what a manifest says of it."""
    as_of = tuple(
        CountsAsOf(one["kind"], one["source"], date.fromisoformat(one["since"]), date.fromisoformat(one["until"]))
        for one in said["as_of"]
    )
    first, last = said["window"] or (None, None)
    window = (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None
    return Stamp(said["since"], as_of, window)


def write_changes(told: Changes) -> dict[str, Any]:
    """Writes what changed in a list as a manifest holds it."""
    return {"since": str(told.since), "until": str(told.until), "changes": [asdict(one) for one in told.changes]}


def read_changes(manifest: snapshots.Manifest, slug: str) -> Changes | None:
    """Reads what changed in a list; None on its first day."""
    said = manifest.get("changes", {}).get(slug)
    if said is None:
        return None
    since, until = date.fromisoformat(said["since"]), date.fromisoformat(said["until"])
    return Changes(since, until, tuple(Change(**one) for one in said["changes"]))
