"""Entries, facts and a list's definition become pages, without markup.

The editors' word stands where they have one; the machine's where not. A number is on a page only where it is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from harvester.definitions import ListDefinition, Order, SectionDefinition
from harvester.ids import Subject
from harvester.lists.lines import Facts, compose_line, counts_as_of
from harvester.lists.recommend import recommend
from harvester.pages import CHANGES, FRONT, CountsAsOf, IndexLine, Line, Page, Section
from harvester.records import Entry


def compose(
    entries: Iterable[Entry], facts: Facts, definition: ListDefinition, as_of: datetime, snapshot: str
) -> tuple[Page, ...]:
    """Makes the pages of one list; `as_of` (UTC) ends the front page's window, `snapshot` names where facts are from.

    Bullet style is one page. Table style is a front page and one page for every section at the top, whose subsections
    stand on it; sections that name the same page share it.
    """
    listed = [entry for entry in entries if entry.list == definition.slug]
    sections = _with_stray_sections(definition, listed)
    by_section = _by_section(sections, listed, newest_first=definition.style == "bullets")
    if definition.style == "bullets":
        return (_one_page(definition, sections, by_section, facts, snapshot),)
    return _table_pages(definition, sections, by_section, facts, as_of, snapshot)


def stray_sections(definition: ListDefinition, entries: Iterable[Entry]) -> Mapping[str, int]:
    """Returns the sections that entries of the list stand in and its definition lacks, with the number of entries."""
    known = {section.path.casefold() for section in definition.sections}
    paths: dict[str, str] = {}
    found: Counter[str] = Counter()
    for entry in entries:
        path = entry.section.strip() or "Unsorted"
        if entry.list == definition.slug and path.casefold() not in known:
            found[paths.setdefault(path.casefold(), path)] += 1
    return found


def _with_stray_sections(definition: ListDefinition, entries: Sequence[Entry]) -> tuple[SectionDefinition, ...]:
    """A section that entries name and the definition does not is shown last: an entry never vanishes."""
    stray = stray_sections(definition, entries)
    return (*definition.sections, *(SectionDefinition(path, path.rpartition(" / ")[2], 1) for path in stray))


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
    page = _page(definition, FRONT, definition.title, composed, facts, snapshot)
    index = tuple(IndexLine(section.title, section.level, section.path) for section in sections)
    return replace(page, head=definition.head, foot=definition.foot, index=index, changes=CHANGES)


def _page(
    definition: ListDefinition, path: str, title: str, sections: tuple[Section, ...], facts: Facts, snapshot: str
) -> Page:
    return Page(
        path=path,
        title=title,
        sections=sections,
        as_of=shown_as_of(sections, facts, definition),
        snapshot=snapshot,
        list=definition.slug,
        badges=definition.badges,
        columns=definition.columns,
    )


def numbers_as_of(sections: Iterable[Section], facts: Facts) -> tuple[CountsAsOf, ...]:
    """From whom the numbers of some sections are, and as of when."""
    return counts_as_of((line for section in sections for line in section.lines), facts)


def shown_as_of(sections: Iterable[Section], facts: Facts, definition: ListDefinition) -> tuple[CountsAsOf, ...]:
    """The same of the numbers that the page writes: stars are asked by the reader's browser, or left out, by option."""
    found = numbers_as_of(sections, facts)
    return found if definition.badges == "static" else tuple(one for one in found if one.kind != "stars")


def _table_pages(
    definition: ListDefinition,
    sections: Sequence[SectionDefinition],
    by_section: Mapping[str, list[Entry]],
    facts: Facts,
    as_of: datetime,
    snapshot: str,
) -> tuple[Page, ...]:
    groups = _pages_of(sections)
    composed = {
        path: recommend([_section(section, by_section, facts, definition) for section in group], facts)
        for path, group in groups.items()
    }
    index = tuple(
        IndexLine(section.title, 1, section.path, path)
        for path, group in groups.items()
        for section in group
        if not any(section.path.casefold().startswith(f"{other.path.casefold()} / ") for other in group)
    )
    by_path = {section.path: section for group in composed.values() for section in group}
    days = {(e.subject, e.place): facts.day_of(e) for group in by_section.values() for e in group}
    front = _front(definition, [by_path[section.path] for section in sections], days, facts, as_of, snapshot)
    pages = [replace(front, index=index, changes=CHANGES)]
    for path, found in composed.items():
        page = _page(definition, path, found[0].title, found, facts, snapshot)
        best = tuple(line.title_link for section in found for line in section.lines if line.recommended)
        pages.append(replace(page, home=(definition.title, FRONT), recommended=tuple(dict.fromkeys(best))))
    return tuple(pages)


def _pages_of(sections: Sequence[SectionDefinition]) -> dict[str, list[SectionDefinition]]:
    """Which sections stand on which page: that of the definition, else that of the section above, else its own."""
    pages: dict[str, list[SectionDefinition]] = {}
    by_path: dict[str, str] = {}
    given = {section.page for section in sections if section.page}
    for section in sections:
        above = section.path.rpartition(" / ")[0].casefold()
        path = section.page or by_path.get(above) or _free_name(section.title, {*pages, *given})
        by_path[section.path.casefold()] = path
        pages.setdefault(path, []).append(section)
    return pages


def _free_name(title: str, taken: Collection[str]) -> str:
    """A file name from a title, "Hardware/System" to `hardware_system.md`; numbered where it is taken."""
    stem = "_".join("".join(char if char.isalnum() else " " for char in title.lower()).split()) or "section"
    names = (stem if number == 1 else f"{stem}_{number}" for number in range(1, len(taken) + 3))
    free = (f"{name}.md" for name in names if f"{name}.md" not in (FRONT.lower(), CHANGES.lower()))
    return next(name for name in free if name not in taken)


def _front(
    definition: ListDefinition,
    sections: Sequence[Section],
    days: Mapping[tuple[Subject, int], date | None],
    facts: Facts,
    as_of: datetime,
    snapshot: str,
) -> Page:
    """The window ends on the day of `as_of`; a paper whose day is not known is not in it."""
    last = as_of.astimezone(UTC).date()
    first = last - timedelta(days=definition.recent_days - 1)
    recent = []
    for section in sections:
        lines = tuple(
            line for line in section.lines if (day := days[line.subject, line.place]) and first <= day <= last
        )
        if lines:
            recent.append(Section(section.path, section.title, section.level, "", lines))
    page = _page(definition, FRONT, definition.title, tuple(recent), facts, snapshot)
    return replace(page, head=definition.head, foot=definition.foot, window=(first, last))


def _section(
    section: SectionDefinition, by_section: Mapping[str, list[Entry]], facts: Facts, definition: ListDefinition
) -> Section:
    lines = [compose_line(entry, facts, definition.style) for entry in by_section[section.path.casefold()]]
    if definition.order != "decided":
        lines.sort(key=_KEYS[definition.order])  # stable: among equals, the order decided
    return Section(section.path, section.title, section.level, section.prose, tuple(lines))


def _by_stars(line: Line) -> tuple[bool, int]:
    known = [link.stars for link in (line.title_link, *line.links) if link.stars is not None]
    return not known, -max(known, default=0)


def _by_day(line: Line) -> tuple[bool, int]:
    return line.published is None, -line.published.toordinal() if line.published else 0


def _by_citations(line: Line) -> tuple[bool, int]:
    return line.citations is None, -line.citations.value if line.citations else 0


# What is unknown stands last.
_KEYS: Mapping[Order, Callable[[Line], tuple[bool, int] | str]] = {
    "newest": _by_day,
    "stars": _by_stars,
    "citations": _by_citations,
    "title": lambda line: line.title.casefold(),
}
