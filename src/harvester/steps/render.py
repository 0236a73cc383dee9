"""Entries and facts become the files of a list: from a snapshot alone, no network, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType

from harvester.curated import snapshots
from harvester.definitions import ListDefinition
from harvester.errors import SettingsError
from harvester.formats import RENDER, WEIGH, bullets, changes, template
from harvester.lists import shelf
from harvester.lists.compose import compose, numbers_as_of, shown_as_of
from harvester.lists.lines import Facts, without_counts
from harvester.lists.split import split
from harvester.pages import CHANGES, FRONT, Changes, Page, PaperFacts, RepoFacts, Stamp, stamped
from harvester.records import Entry
from harvester.settings import Settings, read_texts
from harvester.steps.frozen import read_frozen
from harvester.steps.material import Material, read_changes, read_stamps, snapshot_material


@dataclass(frozen=True, slots=True)
class Document:
    """One file of a list: what it says now, and how it is written with this or an earlier stamp.

    `write_bare` makes every count the same. `days` are those on which the list's papers came out, of a page with a
    window: they tell whether another window would show the same.
    """

    path: str  # below the list's folder
    stamp: Stamp
    write: Callable[[Stamp], str]
    write_bare: Callable[[Stamp], str]
    days: tuple[date, ...] = ()


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
    changed: Changes | None = None,
    stamps: Mapping[str, Stamp] = MappingProxyType({}),
) -> dict[str, str]:
    """Renders one list: text by path below the list's folder.

    `as_of` (UTC) ends the front page's window, `snapshot` is where the facts are from; `stamps` are those of pages that
    keep an earlier one. Raises ListError where a template cannot be filled.
    """
    facts = Facts.of(paper_facts, repo_facts)
    found = documents(entries, facts, definition, as_of, snapshot, changed)
    return {one.path: one.write(stamps.get(one.path, one.stamp)) for one in found}


def documents(
    entries: Iterable[Entry],
    facts: Facts,
    definition: ListDefinition,
    as_of: datetime,
    snapshot: str,
    changed: Changes | None,
) -> list[Document]:
    """Returns the files of one list: its pages, the page of what changed, and what templates make beside or instead."""
    listed = [entry for entry in entries if entry.list == definition.slug]
    composed = compose(listed, facts, definition, as_of, snapshot)
    pages = parted(composed, definition, facts)
    found = {page.path: _page(page, definition) for page in pages}
    found[CHANGES] = _changes(pages[0], snapshot, changed)
    if definition.templates:
        found |= {one.path: one for one in _filled(definition, pages, _whole(composed, facts))}
    days = tuple(day for entry in listed if (day := facts.day_of(entry)))
    return [replace(one, days=days) if one.stamp.window else one for one in found.values()]


def _page(page: Page, definition: ListDefinition) -> Document:
    write = RENDER[definition.style]
    return Document(
        page.path,
        Stamp(page.snapshot, page.as_of, page.window),
        lambda stamp: write(stamped(page, stamp)),
        lambda stamp: write(stamped(without_counts(page), stamp)),
    )


def _changes(front: Page, snapshot: str, changed: Changes | None) -> Document:
    """The page of what changed; the numbers on it are themselves what it tells."""
    told = replace(front, path=CHANGES, as_of=(), window=None, changes=None)

    def write(stamp: Stamp) -> str:
        return changes.render(stamped(told, stamp), changed)

    return Document(CHANGES, Stamp(snapshot), write, write)


def _whole(pages: Sequence[Page], facts: Facts) -> Page:
    """The list as one page: in table style the front page shows a window only."""
    shown = pages if pages[0].window is None else pages[1:]
    sections = tuple(section for page in shown for section in page.sections)
    return replace(pages[0], sections=sections, as_of=numbers_as_of(sections, facts), window=None)


def _filled(definition: ListDefinition, pages: Sequence[Page], whole: Page) -> Iterator[Document]:
    own = Stamp(whole.snapshot, whole.as_of, pages[0].window)
    bare, bare_whole = [without_counts(page) for page in pages], without_counts(whole)
    for file, text in definition.templates.items():
        fill = partial(template.render, file, f"lists/{definition.slug}.{file}.j2", text)
        yield Document(file, own, _writing(fill, pages, whole), _writing(fill, bare, bare_whole))


def _writing(fill: Callable[[Sequence[Page], Page], str], pages: Sequence[Page], whole: Page) -> Callable[[Stamp], str]:
    return lambda stamp: fill([stamped(page, stamp) for page in pages], stamped(whole, stamp))


def parted(pages: Sequence[Page], definition: ListDefinition, facts: Facts) -> list[Page]:
    """Cuts what is too long for GitHub; the index of a page leads to the parts where its sections are."""

    def weigh(page: Page) -> int:
        return len(RENDER[definition.style](page).encode())

    done: list[Page] = []
    for page in pages:
        parts = split(page, weigh, WEIGH[definition.style], lambda sections: shown_as_of(sections, facts, definition))
        if len(parts) > 1 and page.path == FRONT and page.window is None:
            parts = (_with_index(parts), *parts[1:])
        done += parts
    return done


def _with_index(parts: Sequence[Page]) -> Page:
    where: dict[str, str] = {}
    for part in parts[1:]:
        for path, anchor in bullets.places(part).items():
            where.setdefault(path, f"{part.path}#{anchor}")
    here = {section.path for section in parts[0].sections}
    index = (line if line.section in here else replace(line, page=where[line.section]) for line in parts[0].index)
    return replace(parts[0], index=tuple(index))


def list_documents(material: Material, definition: ListDefinition, changed: Changes | None) -> list[Document]:
    """Returns the files of one list from what a snapshot holds."""
    return documents(material.entries, material.facts, definition, material.until, material.snapshot, changed)


def render_snapshot(ref: snapshots.SnapshotRef, definition: ListDefinition) -> dict[str, str]:
    """Renders one list from a snapshot; pages that have not changed since an earlier one keep its stamp."""
    manifest = snapshots.read_manifest(ref)
    stamps = read_stamps(manifest, definition.slug)
    found = list_documents(snapshot_material(ref), definition, read_changes(manifest, definition.slug))
    return {one.path: one.write(stamps.get(one.path, one.stamp)) for one in found}


def changed_since(settings: Settings, snapshot: str) -> tuple[str, ...]:
    """Returns the files of `editorial/` that say something else than the snapshot's; none where there is no such folder."""
    try:
        today = read_texts(settings.editorial)
    except SettingsError:
        return ()
    ref = snapshots.find(settings.data / "curated", snapshot)
    then = snapshots.read_manifest(ref)["inputs"]["editorial"]
    return tuple(sorted(name for name in {*today, *then} if today.get(name) != then.get(name)))


def render_lists(curated: Path, out: Path, wanted: str | None, slug: str | None) -> list[Rendered]:
    """Renders the lists of a snapshot (the latest, or by name or day) into `out/<slug>/`, all or the one named.

    The definitions are those that the snapshot holds, not those of today's `editorial/`.
    """
    ref = snapshots.find(curated, wanted)
    editorial = read_frozen(snapshots.read_manifest(ref)["inputs"]["editorial"])
    done = []
    for definition in [editorial.definition(slug)] if slug else editorial.lists:
        files = render_snapshot(ref, definition)
        folder = out / definition.slug
        done.append(Rendered(definition.slug, folder, ref.name, tuple(sorted(files)), shelf.put(folder, files)))
    return done
