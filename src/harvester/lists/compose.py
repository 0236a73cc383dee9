"""Entries, facts and a list's definition become pages, without markup.

The editors' word stands where they have one; the machine's where not. A number is on a page only where it is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from harvester.definitions import ListDefinition, SectionDefinition
from harvester.lists.lines import Facts, compose_line, counts_as_of
from harvester.pages import IndexLine, Line, Page, PaperFacts, RepoFacts, Section
from harvester.records import Entry

FRONT = "README.md"


def compose(
    entries: Iterable[Entry],
    papers: Iterable[PaperFacts],
    repositories: Iterable[RepoFacts],
    definition: ListDefinition,
    as_of: datetime,
    snapshot: str,
) -> tuple[Page, ...]:
    """Makes the pages of one list; `as_of` (UTC) ends the front page's window, `snapshot` names where facts are from.

    Bullet style is one page. Table style is a front page and one page for every section at the top, whose subsections
    stand on it; sections that name the same page share it.
    """
    facts = Facts.of(papers, repositories)
    listed = [entry for entry in entries if entry.list == definition.slug]
    sections = _with_stray_sections(definition.sections, listed)
    by_section = _by_section(sections, listed, newest_first=definition.style == "bullets")
    if definition.style == "bullets":
        return (_one_page(definition, sections, by_section, facts, snapshot),)
    return _table_pages(definition, sections, by_section, facts, as_of, snapshot)


def _with_stray_sections(
    defined: Sequence[SectionDefinition], entries: Sequence[Entry]
) -> tuple[SectionDefinition, ...]:
    """A section that entries name and the definition does not is shown last: an entry never vanishes."""
    known = {section.path.casefold() for section in defined}
    stray: dict[str, SectionDefinition] = {}
    for entry in entries:
        path = entry.section.strip() or "Unsorted"
        if path.casefold() not in known:
            title = path.rpartition(" / ")[2]
            stray.setdefault(path.casefold(), SectionDefinition(path, title, 1))
    return (*defined, *stray.values())


def _by_section(
    sections: Sequence[SectionDefinition], entries: Sequence[Entry], *, newest_first: bool
) -> Mapping[str, list[Entry]]:
    """Adopted entries keep their order. Newer ones stand above them in bullet style, below them in table style.

    Both are the custom of the lists that brought the styles.
    """
    grouped: dict[str, list[Entry]] = {section.path.casefold(): [] for section in sections}
    for entry in entries:
        grouped[(entry.section.strip() or "Unsorted").casefold()].append(entry)
    for group in grouped.values():
        adopted = sorted((e for e in group if e.order is not None), key=lambda e: (e.order, e.subject, e.place))
        newer = sorted(
            (e for e in group if e.order is None),
            key=lambda e: (e.decided_at, e.decision, e.subject, e.place),
            reverse=newest_first,
        )
        group[:] = newer + adopted if newest_first else adopted + newer
    return grouped


def _one_page(
    definition: ListDefinition,
    sections: Sequence[SectionDefinition],
    by_section: Mapping[str, list[Entry]],
    facts: Facts,
    snapshot: str,
) -> Page:
    composed = tuple(_section(section, by_section, facts, definition) for section in sections)
    return Page(
        path=FRONT,
        title=definition.title,
        sections=composed,
        head=definition.head,
        foot=definition.foot,
        index=tuple(IndexLine(section.title, section.level, section.path) for section in sections),
        as_of=counts_as_of(_lines(composed), facts),
        snapshot=snapshot,
    )


def _table_pages(
    definition: ListDefinition,
    sections: Sequence[SectionDefinition],
    by_section: Mapping[str, list[Entry]],
    facts: Facts,
    as_of: datetime,
    snapshot: str,
) -> tuple[Page, ...]:
    groups = _pages_of(sections)
    index = tuple(
        IndexLine(section.title, 1, section.path, path) for path, group in groups.items() for section in group[:1]
    )
    pages = [_front(definition, sections, by_section, facts, as_of, index, snapshot)]
    for path, group in groups.items():
        composed = tuple(_section(section, by_section, facts, definition) for section in group)
        pages.append(
            Page(
                path=path,
                title=group[0].title,
                sections=composed,
                home=(definition.title, FRONT),
                as_of=counts_as_of(_lines(composed), facts),
                snapshot=snapshot,
            )
        )
    return tuple(pages)


def _pages_of(sections: Sequence[SectionDefinition]) -> dict[str, list[SectionDefinition]]:
    """Which sections stand on which page: that of the definition, else that of the section above, else its own."""
    pages: dict[str, list[SectionDefinition]] = {}
    by_path: dict[str, str] = {}
    for section in sections:
        above = section.path.rpartition(" / ")[0].casefold()
        path = section.page or by_path.get(above) or _free_name(section.title, pages)
        by_path[section.path.casefold()] = path
        pages.setdefault(path, []).append(section)
    return pages


def _free_name(title: str, taken: Mapping[str, object]) -> str:
    """A file name from a title, "Hardware/System" to `hardware_system.md`; numbered where it is taken."""
    stem = "_".join("".join(char if char.isalnum() else " " for char in title.lower()).split()) or "section"
    names = (stem if number == 1 else f"{stem}_{number}" for number in range(1, len(taken) + 3))
    free = (f"{name}.md" for name in names if name != FRONT.removesuffix(".md").lower())
    return next(name for name in free if name not in taken)


def _front(
    definition: ListDefinition,
    sections: Sequence[SectionDefinition],
    by_section: Mapping[str, list[Entry]],
    facts: Facts,
    as_of: datetime,
    index: tuple[IndexLine, ...],
    snapshot: str,
) -> Page:
    """The window's last day is that of the snapshot; a paper belongs to it by its first version's day in UTC."""
    last = as_of.astimezone(UTC).date()
    first = last - timedelta(days=definition.recent_days - 1)
    recent = {
        path: [entry for entry in group if first <= facts.day_of(entry) <= last] for path, group in by_section.items()
    }
    composed = tuple(
        _section(section, recent, facts, definition) for section in sections if recent[section.path.casefold()]
    )
    return Page(
        path=FRONT,
        title=definition.title,
        sections=tuple(Section(s.path, s.title, s.level, "", s.lines) for s in composed),
        head=definition.head,
        foot=definition.foot,
        index=index,
        window=(first, last),
        as_of=counts_as_of(_lines(composed), facts),
        snapshot=snapshot,
    )


def _section(
    section: SectionDefinition, by_section: Mapping[str, list[Entry]], facts: Facts, definition: ListDefinition
) -> Section:
    lines = tuple(compose_line(entry, facts, definition.style) for entry in by_section[section.path.casefold()])
    return Section(section.path, section.title, section.level, section.prose, lines)


def _lines(sections: Iterable[Section]) -> Iterator[Line]:
    for section in sections:
        yield from section.lines
