"""The pages of a hand-kept list become one: sections in order, entries with their placement, all that was mended."""

from __future__ import annotations

import gc
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from harvester.definitions import Style
from harvester.formats import PARSE, Form, changes, read
from harvester.ids import Subject
from harvester.pages import FRONT, Parsed, ParsedEntry, ParsedSection
from harvester.steps.adopting.found import Found
from harvester.steps.adopting.fronts import OnPage, join_rows
from harvester.steps.adopting.section_pages import as_sections

_PART = re.compile(r"-from-[^/]+\.md$")  # a later part of a page that was cut


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry with the placement it gets: 1, or more where the list holds the subject several times."""

    entry: ParsedEntry
    place: int
    order: int  # in its section, from 1


@dataclass(frozen=True, slots=True)
class HandKept:
    """A whole hand-kept list, as read."""

    title: str | None
    style: Style
    head: str
    foot: str
    recent_days: int | None
    sections: tuple[ParsedSection, ...]
    entries: tuple[Placed, ...]
    repairs: tuple[Found, ...]
    unknown: tuple[Found, ...]
    differing: tuple[Found, ...] = ()  # what a front page says otherwise than a section's page
    forms: Mapping[str, Form] = field(default_factory=dict)  # in which each file was read
    left_out: Mapping[str, int] = field(default_factory=dict)  # where facts alone were wanted

    @property
    def several(self) -> Mapping[Subject, list[str]]:
        """Subjects that stand in the list more than once, with their sections."""
        sections: dict[Subject, list[str]] = {}
        for placed in self.entries:
            sections.setdefault(placed.entry.subject, []).append(placed.entry.section)
        return {subject: found for subject, found in sections.items() if len(found) > 1}


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pauses the search for cycles: reading makes many small records, hardly a cycle, and a tenth of its time went there."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_no_collection()
def read_pages(texts: Mapping[str, str], form: Form | None) -> HandKept:
    """Reads the files of one list, by name, in the order given; without a form each page's is guessed.

    In table style one file may be the front page; the others are pages of sections, named by their headings. A row of
    the front page that a section's page has too is the same entry. A list of any other form becomes one in bullet style.
    """
    own = {name: text for name, text in texts.items() if not changes.is_told_by(text)}
    pages = {name: (form, PARSE[form](text)) if form else read(text) for name, text in own.items()}
    chosen: Style = "table" if any(found == "table" for found, _ in pages.values()) else "bullets"
    parsed = {name: _as_front(name, page) if len(pages) > 1 else page for name, (_, page) in pages.items()}
    ordered = sorted(parsed.items(), key=lambda item: not item[1].front)  # the front page first; else as given
    first = ordered[0][1]
    joining = [ordered[0], *((name, _beside(page, first)) for name, page in ordered[1:])]
    sections, entries, differing = _join(joining, several=len(ordered) > 1 or first.front)
    return HandKept(
        title=first.title,
        style=chosen,
        head=first.head,
        foot=first.foot,
        recent_days=first.recent_days,
        sections=tuple(sections),
        entries=tuple(_place(entries)),
        repairs=(
            *(Found(name, r.line, r.what) for name, page in parsed.items() for r in page.repairs),
            *_merged(dict(joining)),
        ),
        unknown=tuple(found for name, page in parsed.items() for found in _unknown(name, page, pages[name][0])),
        differing=tuple(differing),
        forms={name: found for name, (found, _) in pages.items()},
    )


def _beside(page: Parsed, first: Parsed) -> Parsed:
    return page if page.front else as_sections(page, first.title)


def _unknown(name: str, page: Parsed, form: Form) -> Iterator[Found]:
    """What was not understood; in a list of other form any text below a heading may be meant as an entry."""
    yield from (Found(name, u.line, u.where, u.text) for u in page.unknown)
    told = [" ".join(unknown.text.split()) for unknown in page.unknown]
    for section in page.sections if form == "generic" else ():
        for paragraph in section.prose.split("\n\n"):
            text = " ".join(paragraph.split())
            if text and not any(one in text for one in told):
                yield Found(name, section.line, f'prose below the heading "{section.path}" in this line', text)


def _as_front(name: str, page: Parsed) -> Parsed:
    """A README without entries, beside other pages, is their front page: what its headings name stands on no page."""
    if not _is_front_name(name) or page.entries or page.front:
        return page
    return replace(page, front=True, sections=tuple(section for section in page.sections if section.page))


def _is_front_name(name: str) -> bool:
    return name.casefold() == FRONT.casefold()  # other folders have one, too; no page of a section can be called so


def _join(
    pages: Sequence[tuple[str, Parsed]], *, several: bool
) -> tuple[list[ParsedSection], list[ParsedEntry], list[Found]]:
    sections: dict[str, ParsedSection] = {}
    entries: list[OnPage] = []
    front: list[OnPage] = []
    for name, page in pages:
        renamed = _names_in_index(name, page, sections.values())
        for section in page.sections:
            if page.front and section.level > 1:
                continue  # a window on a page that has all subsections, in their order
            moved = replace(section, path=_moved(section.path, renamed))
            own = several and not page.front and section.level == 1 and not _is_front_name(name)
            on_page = name if own else section.page
            known = sections.get(moved.path.casefold())
            prose = "\n\n".join(part for part in (known.prose if known else "", section.prose) if part)
            sections[moved.path.casefold()] = replace(known or moved, prose=prose, page=on_page or moved.page)
        placed = [replace(entry, section=_moved(entry.section, renamed)) for entry in page.entries if renamed]
        (front if page.front else entries).extend(OnPage(name, entry) for entry in placed or page.entries)
    for page in (page for _, page in pages if page.front):
        for section in page.sections:  # subsections whose page was not given
            sections.setdefault(section.path.casefold(), section)
    joined, differing = join_rows(front, entries)
    return _in_order(list(sections.values())), [one.entry for one in joined], differing


def _merged(pages: Mapping[str, Parsed]) -> Iterator[Found]:
    """Tells of sections at the top of two pages that have one title, and so became one; parts of a page that was cut are."""
    seen: dict[str, tuple[str, int]] = {}
    for name, page in pages.items():
        for section in page.sections if not page.front and not _PART.search(name) else ():
            if section.level > 1:
                continue
            file, line = seen.setdefault(section.path.casefold(), (name, section.line))
            if file != name:
                told = (
                    f'section "{section.path}" stands in {file}, line {line}, too: both became one section on one page'
                )
                yield Found(name, section.line, f"{told}; to keep both, give one of them another title and adopt anew")


def _in_order(sections: list[ParsedSection]) -> list[ParsedSection]:
    """Sections keep their order, and subsections stand below the one at the top that they belong to."""
    tops = list(dict.fromkeys(section.path.partition(" / ")[0].casefold() for section in sections))
    return sorted(sections, key=lambda section: tops.index(section.path.partition(" / ")[0].casefold()))


def _names_in_index(name: str, page: Parsed, known: Iterable[ParsedSection]) -> Mapping[str, str]:
    """A section's page goes by the name that the front page's index gives it, where the page has one section only."""
    tops = [section for section in page.sections if section.level == 1]
    indexed = next((section.path for section in known if section.page == name), None)
    return {tops[0].path: indexed} if indexed and len(tops) == 1 and not page.front else {}


def _moved(path: str, renamed: Mapping[str, str]) -> str:
    top, slash, rest = path.partition(" / ")
    return renamed.get(top, top) + slash + rest


def _place(entries: Iterable[ParsedEntry]) -> Iterator[Placed]:
    places: Counter[Subject] = Counter()
    orders: Counter[str] = Counter()
    for entry in entries:
        places[entry.subject] += 1
        orders[entry.section] += 1
        yield Placed(entry, places[entry.subject], orders[entry.section])
