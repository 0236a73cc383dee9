"""What a person did to the pages of a list: entries matched with those that were there, and what differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from harvester.editorial.edits import WORDS
from harvester.editorial.entries import Key
from harvester.ids import Subject
from harvester.pages import Parsed, ParsedEntry
from harvester.records import Edit
from harvester.steps.adopting.outlines import Outlined
from harvester.steps.adopting.renditions import PageThen, Shown, with_authors


@dataclass(frozen=True, slots=True)
class PageNow:
    """A page as somebody left it, beside what it was."""

    file: str
    then: PageThen
    parsed: Parsed
    outlined: Outlined  # its sections, in the words of the definition

    @property
    def entries(self) -> list[tuple[str, ParsedEntry]]:
        """Its entries, each with the definition's path of its section."""
        return [(self.outlined.paths.get(e.section.casefold(), e.section), e) for e in self.parsed.entries]


@dataclass(frozen=True, slots=True)
class Came:
    """An entry that was not on the page."""

    file: str
    section: str
    entry: ParsedEntry


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry of a page and what was changed of it: nothing, its words, its section."""

    file: str
    shown: Shown
    section: str
    edits: tuple[Edit, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Went:
    """An entry that is not on its page any more."""

    file: str
    shown: Shown


Item = Key | tuple[str, Subject, int]  # an entry that stood there, or the n-th newcomer of a subject in a section


@dataclass(frozen=True, slots=True)
class Sequences:
    """The entries of one section, in the order of the page before and after."""

    before: tuple[Item, ...]
    after: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Handwork:
    """All that was done to entries. `sequences` are by section."""

    kept: tuple[Kept, ...]
    came: Mapping[Item, Came]
    went: tuple[Went, ...]
    sequences: Mapping[str, Sequences]


def compare(pages: Sequence[PageNow]) -> Handwork:
    """Compares pages of one kind (front pages, or those of sections) with what they were.

    An entry may be moved from page to page, so they are compared together.
    """
    before = [(page.file, shown) for page in pages for shown in page.then.shown]
    after = [(page.file, *found) for page in pages for found in page.entries]
    matched = _match([shown for _, shown in before], [(section, entry) for _, section, entry in after])
    kept, items = [], dict[int, Item]()
    came: dict[Item, Came] = {}
    for at, (file, section, entry) in enumerate(after):
        if at in matched:
            shown = before[matched[at]][1]
            items[at] = shown.key
            kept.append(Kept(file, shown, section, tuple(_edits(shown, section, entry)), entry.line))
        else:
            number = 1 + sum((item[0], item[1]) == (section, entry.subject) for item in came)
            items[at] = (section, entry.subject, number)
            came[items[at]] = Came(file, section, entry)
    left = {*range(len(before))} - {*matched.values()}
    sequences = _sequences([shown for _, shown in before], [(found[1], items[at]) for at, found in enumerate(after)])
    return Handwork(tuple(kept), came, tuple(Went(*before[at]) for at in sorted(left)), sequences)


def _match(before: Sequence[Shown], after: Sequence[tuple[str, ParsedEntry]]) -> dict[int, int]:
    """Finds which entry is which: of one subject, first those that did not change, then those that did not move."""
    ways: tuple[Callable[[str, ParsedEntry], object], ...] = (
        lambda section, entry: (entry.subject, section, entry.wording),
        lambda section, entry: (entry.subject, section, entry.wording.title),
        lambda section, entry: (entry.subject, section),
        lambda section, entry: (entry.subject, entry.wording),
        lambda section, entry: entry.subject,
    )
    matched: dict[int, int] = {}
    for way in ways:
        waiting: dict[object, list[int]] = defaultdict(list)
        taken = {*matched.values()}
        for at, shown in enumerate(before):
            if at not in taken:
                waiting[way(shown.section, shown.entry)].append(at)
        for at, (section, entry) in enumerate(after):
            if at not in matched and (fitting := waiting[way(section, entry)]):
                matched[at] = fitting.pop(0)
    return matched


def _edits(shown: Shown, section: str, entry: ParsedEntry) -> Iterable[Edit]:
    words = with_authors(entry, shown.line).wording
    for name in WORDS:
        old, new = getattr(shown.entry.wording, name), getattr(words, name)
        if old != new:
            yield Edit(name, old, new)
    if section.casefold() != shown.section.casefold():
        yield Edit("section", shown.section, section)


def _sequences(before: Iterable[Shown], after: Iterable[tuple[str, Item]]) -> dict[str, Sequences]:
    old: dict[str, list[Item]] = defaultdict(list)
    new: dict[str, list[Item]] = defaultdict(list)
    for shown in before:
        old[shown.section].append(shown.key)
    for section, item in after:
        new[section].append(item)
    return {section: Sequences(tuple(old[section]), tuple(new[section])) for section in {**old, **new}}
