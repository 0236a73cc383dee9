"""Entries and facts become the files of a list: from a snapshot alone, no network, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from harvester.curated import snapshots
from harvester.curated.facts import read_entries, read_paper_facts, read_repo_facts
from harvester.definitions import ListDefinition, read_editorial
from harvester.formats import RENDER
from harvester.lists import shelf
from harvester.lists.compose import compose
from harvester.pages import PaperFacts, RepoFacts
from harvester.records import Entry


@dataclass(frozen=True, slots=True)
class Rendered:
    """One list that was put in place."""

    list: str
    folder: Path
    snapshot: str
    files: tuple[str, ...]
    changed: shelf.Changed


def render(
    entries: Iterable[Entry],
    paper_facts: Iterable[PaperFacts],
    repo_facts: Iterable[RepoFacts],
    definition: ListDefinition,
    as_of: datetime,
    snapshot: str,
) -> dict[str, str]:
    """Renders one list: text by path below the list's folder. `as_of` (UTC) and `snapshot` are the snapshot's."""
    pages = compose(entries, paper_facts, repo_facts, definition, as_of, snapshot)
    return {page.path: RENDER[definition.style](page) for page in pages}


def render_snapshot(ref: snapshots.SnapshotRef, definition: ListDefinition) -> dict[str, str]:
    """Renders one list from the tables of a snapshot."""
    papers = read_paper_facts(snapshots.read_table(ref, "papers"), snapshots.read_table(ref, "paper_repositories"))
    repositories = read_repo_facts(snapshots.read_table(ref, "repositories"))
    entries = read_entries(snapshots.read_table(ref, "entries"))
    return render(entries, papers.values(), repositories.values(), definition, ref.as_of, ref.name)


def render_lists(curated: Path, out: Path, wanted: str | None, slug: str | None) -> list[Rendered]:
    """Renders the lists of a snapshot (the latest, or by name or day) into `out/<slug>/`, all or the one named.

    The definitions are those that the snapshot holds, not those of today's `editorial/`.
    """
    ref = snapshots.find(curated, wanted)
    editorial = read_editorial(snapshots.read_manifest(ref)["inputs"]["editorial"])
    done = []
    for definition in [editorial.definition(slug)] if slug else editorial.lists:
        files = render_snapshot(ref, definition)
        folder = out / definition.slug
        done.append(Rendered(definition.slug, folder, ref.name, tuple(sorted(files)), shelf.put(folder, files)))
    return done
