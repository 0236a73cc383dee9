"""Pages as they were before somebody edited them, each entry with the placement that it shows.

A rendered page names the snapshot it was made from, and rendering that snapshot again gives the page. A page without a
name is compared with a copy of what it was.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from harvester.curated import snapshots
from harvester.definitions import ListDefinition, SectionDefinition
from harvester.editorial.entries import Key
from harvester.errors import ListError, SettingsError
from harvester.formats import PARSE, RENDER
from harvester.ids import Subject
from harvester.lists.compose import compose
from harvester.lists.lines import Facts
from harvester.pages import FRONT, Line, Page, Parsed, ParsedEntry, stamped
from harvester.records import Entry
from harvester.steps.frozen import read_frozen
from harvester.steps.material import read_stamps, snapshot_material
from harvester.steps.render import parted
from harvester.steps.stamps import BLANK, digest


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry as a page showed it."""

    section: str  # path in the definition
    entry: ParsedEntry
    key: Key
    line: Line | None = None  # what was written, where the page was rendered
    own: Entry | None = None  # what editors had decided then, where the page was rendered


@dataclass(frozen=True, slots=True)
class PageThen:
    """A page as it was before it was edited; `paths` gives the definition's path for each section on it."""

    parsed: Parsed
    shown: tuple[Shown, ...]
    paths: Mapping[str, str]
    definition: ListDefinition | None = None  # of that time, where the page was rendered
    sittings: frozenset[str] | None = None  # those that were known then: file names without suffix
    position: int = 0  # among the pages of the list
    new: bool = False  # nobody has seen it yet: all that stands on it came
    published: bool = True  # False: made of what stands now, which others may have added to
    otherwise: bool = False  # another version of the program made it, and this one makes it otherwise


@dataclass(slots=True)
class Renditions:
    """The pages of one list, by the snapshot that they name; each snapshot is read once."""

    curated: Path
    slug: str
    _read: dict[str, _Rendition] = field(default_factory=dict)

    def page(self, snapshot: str, name: str) -> PageThen | None:
        """Returns the page of that name as that snapshot has it; None where there is no such snapshot or page."""
        ref = self._find(snapshot, name)
        if ref is None:
            return None
        if ref.name not in self._read:
            self._read[ref.name] = _rendition(ref, self.slug)
        return self._read[ref.name].page(name)

    def is_new(self, name: str) -> bool:
        """Tells whether no snapshot has shown an entry on a page of that name."""
        there = snapshots.snapshots(self.curated)
        known = (read_stamps(snapshots.read_manifest(ref), self.slug) for ref in there)
        if not any(_called(name, stamps) for stamps in known):
            return True
        latest = self.page(there[-1].name, name) if there else None
        return latest is not None and not latest.shown and not latest.parsed.front

    def knows(self, path: str) -> bool:
        """Tells whether the latest snapshot has a section of that path."""
        there = snapshots.snapshots(self.curated)
        definition = _definition(snapshots.read_manifest(there[-1]), self.slug) if there else None
        return definition is not None and definition.section(path) is not None

    def _find(self, snapshot: str, name: str) -> snapshots.SnapshotRef | None:
        """A page that did not change keeps the name of an older snapshot: later ones know it, too."""
        there = snapshots.snapshots(self.curated)
        for ref in there:
            if ref.name == snapshot:
                return ref
        for ref in there:
            stamp = read_stamps(snapshots.read_manifest(ref), self.slug).get(name)
            if stamp and stamp.snapshot == snapshot:
                return ref
        return None


def _called(name: str, paths: Iterable[str]) -> list[str]:
    return [path for path in paths if path == name or path.endswith("/" + name)]


def new_page(definition: ListDefinition, position: int) -> PageThen:
    """Stands for a page before it was there."""
    return PageThen(PARSE[definition.style](""), (), {}, position=position, new=True)


@dataclass(slots=True)
class _Rendition:
    """The pages that a snapshot has; each is written and read back when it is asked for: of a long list few are."""

    slug: str
    definition: ListDefinition | None = None
    pages: Mapping[str, tuple[int, Page]] = field(default_factory=dict)  # by path, with its position
    own: Mapping[tuple[Subject, int], Entry] = field(default_factory=dict)
    sittings: frozenset[str] = frozenset()
    published: Mapping[str, str] = field(default_factory=dict)  # digests, by path below `lists/`
    _then: dict[str, PageThen] = field(default_factory=dict)

    def page(self, name: str) -> PageThen | None:
        path = next(iter(_called(name, self.pages)), None)
        if path is None or self.definition is None:
            return None
        if path not in self._then:
            position, page = self.pages[path]
            then = page_then(page, self.definition, self.own, sittings=self.sittings, position=position)
            said = digest(RENDER[self.definition.style](stamped(page, BLANK)))
            self._then[path] = replace(then, otherwise=self.published.get(f"{self.slug}/{path}") != said)
        return self._then[path]


def _rendition(ref: snapshots.SnapshotRef, slug: str) -> _Rendition:
    manifest = snapshots.read_manifest(ref)
    inputs = manifest["inputs"]
    definition = _definition(manifest, slug)
    if definition is None:
        return _Rendition(slug)
    found = snapshot_material(ref)
    pages = parted(
        compose(found.entries, found.facts, definition, found.until, found.snapshot), definition, found.facts
    )
    return _Rendition(
        slug,
        definition,
        {page.path: (position, page) for position, page in enumerate(pages)},
        {(entry.subject, entry.place): entry for entry in found.entries if entry.list == slug},
        frozenset(name.removesuffix(".jsonl") for name in inputs.get("decisions", {})),
        {name: said["sha256"] for name, said in manifest.get("pages", {}).items()},
    )


def _definition(manifest: Mapping[str, Any], slug: str) -> ListDefinition | None:
    try:
        return read_frozen(manifest["inputs"]["editorial"]).definition(slug)
    except (KeyError, SettingsError):
        return None


def under_todays_names(then: PageThen, definition: ListDefinition) -> PageThen:
    """Returns a page with the paths that its sections have in the definition of today; its words stay as they were."""
    names = definition.former_names()
    if not names.former or then.definition is None:
        return then
    sections = (replace(one, path=names.now(one.path), formerly=(one.path,)) for one in then.definition.sections)
    return replace(
        then,
        shown=tuple(replace(one, section=names.now(one.section)) for one in then.shown),
        paths={path: names.now(known) for path, known in then.paths.items()},
        definition=replace(then.definition, sections=tuple(sections)),
    )


def unpublished(
    sections: Sequence[SectionDefinition], definition: ListDefinition, entries: Iterable[Entry], position: int
) -> PageThen:
    """Makes the page of sections that stand on the list and on no page yet, as it would be made now.

    `sections` are the topmost. What was decided since somebody wrote the page cannot be told from what is on it, so every
    rejection counts as later.
    """
    below = tuple(f"{section.path.casefold()} / " for section in sections)
    own = tuple(one for one in definition.sections if f"{one.path.casefold()} / ".startswith(below))
    kept = [one for one in entries if one.list == definition.slug and definition.section(one.section) in own]
    alone = replace(definition, sections=own, head="", foot="", templates={})
    pages = compose(kept, Facts.of((), ()), alone, datetime.max.replace(tzinfo=UTC), "unpublished")
    page = next(page for page in pages if page.path == (sections[0].page or FRONT))
    decided = {(entry.subject, entry.place): entry for entry in kept}
    return replace(page_then(page, alone, decided, position=position), definition=definition, published=False)


def page_then(
    page: Page,
    definition: ListDefinition,
    own: Mapping[tuple[Subject, int], Entry],
    *,
    sittings: frozenset[str] = frozenset(),
    position: int = 0,
) -> PageThen:
    """Writes a page and reads it back, so that what was written and what is read of it stand side by side."""
    parsed = PARSE[definition.style](RENDER[definition.style](page))
    written = [(section, line) for section in page.sections for line in section.lines]
    if len(written) != len(parsed.entries):
        counts = f"{len(written)} entries are written and {len(parsed.entries)} are read back"
        raise ListError([f"{page.path}: {counts}: a mistake of harvester, so nothing was adopted; please report it"])
    shown, paths = [], _headings(page, parsed)
    for entry, (section, line) in zip(parsed.entries, written, strict=True):
        paths[entry.section.casefold()] = section.path
        key = Key(definition.slug, line.subject, line.place)
        read = with_authors(entry, line)
        shown.append(Shown(section.path, read, key, line, own.get((line.subject, line.place))))
    return PageThen(parsed, tuple(shown), paths, definition, sittings, position)


def with_authors(entry: ParsedEntry, line: Line | None) -> ParsedEntry:
    """Tells authors from a note: below a plain link both are a line in italics, and which it is says what was written."""
    words = entry.wording
    note = words.notes[0] if words.notes else None
    if line is None or not line.authors or words.authors or note is None or note.bullet:
        return entry
    found = re.fullmatch(r"\*([^*]+)\*", note.text)
    return replace(entry, wording=replace(words, authors=_plain(found[1]), notes=words.notes[1:])) if found else entry


def _plain(markdown: str) -> str:
    """What a line of names says, without the escapes that it was written with."""
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)).strip()


def _headings(page: Page, parsed: Parsed) -> dict[str, str]:
    """Sections without entries: by their order, where the page has as many headings as sections."""
    headings = sorted(parsed.sections, key=lambda section: section.line)
    if page.window or len(headings) != len(page.sections):
        return {}
    pairs = zip(headings, page.sections, strict=True)
    return {found.path.casefold(): section.path for found, section in pairs}


def copy_then(parsed: Parsed, definition: ListDefinition, entries: Iterable[Entry], position: int) -> PageThen:
    """Takes a copy of a page; which placement an entry is follows from what stands on the list now."""
    there: dict[tuple[Subject, str], list[Entry]] = defaultdict(list)
    elsewhere: dict[Subject, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda one: one.place):
        if entry.list == definition.slug:
            there[entry.subject, entry.section.casefold()].append(entry)
            elsewhere[entry.subject].append(entry)
    paths = dict(_named(parsed, definition))
    shown: list[Shown] = []
    taken: set[Key] = set()
    for found in parsed.entries:
        section = paths.get(found.section.casefold(), found.section)
        fitting = [*there[found.subject, section.casefold()], *elsewhere[found.subject]]
        free = (Key(one.list, one.subject, one.place) for one in fitting)
        unknown = (Key(definition.slug, found.subject, place) for place in count(1))  # it stands there no more
        key = next(key for key in chain(free, unknown) if key not in taken)
        taken.add(key)
        shown.append(Shown(section, found, key))
    return PageThen(parsed, tuple(shown), paths, position=position)


def _named(parsed: Parsed, definition: ListDefinition) -> Iterator[tuple[str, str]]:
    for section in parsed.sections:
        known = definition.section(section.path) or definition.section(section.title)
        if known:
            yield section.path.casefold(), known.path
