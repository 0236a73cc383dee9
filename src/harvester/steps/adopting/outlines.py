"""The sections of an edited page beside those it had: which is which, which are new, gone or stand elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from harvester.definitions import ListDefinition, SectionDefinition
from harvester.editorial.merging import moves
from harvester.pages import Parsed, ParsedSection
from harvester.steps.adopting.renditions import PageThen


@dataclass(frozen=True, slots=True)
class NewSection:
    """A heading that the page did not have; `after` is the path of the section above it, None at the top."""

    section: SectionDefinition
    after: str | None


@dataclass(frozen=True, slots=True)
class MovedSection:
    """A heading, or a line of the index, that stands elsewhere than it did; `order` are all paths as they stand now."""

    path: str
    line: int | None  # None in an index
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlined:
    """The sections of a page as somebody left it; `paths` gives the definition's path for each of them."""

    paths: Mapping[str, str]
    pairs: tuple[tuple[ParsedSection, ParsedSection, str], ...] = ()  # before, after, path in the definition
    new: tuple[NewSection, ...] = ()
    gone: tuple[str, ...] = ()  # paths in the definition
    moved: tuple[MovedSection, ...] = ()


def outline(then: PageThen, now: Parsed) -> Outlined:
    """Compares headings in the order of the page; those of a front page are a window on the sections, not their home."""
    if then.parsed.front:
        return _front(then, now)
    before = [s for s in _in_order(then.parsed) if s.path.casefold() in then.paths]
    after = _in_order(now)
    if then.parsed.title is not None and now.title is None and len(before) == len(after) == 1:
        return Outlined({after[0].path.casefold(): then.paths[before[0].path.casefold()]}, gone=_all(then, before))
    same = dict(_same(before, after))
    undefined = {section.path.casefold() for section in then.parsed.sections} - {*then.paths}
    paths: dict[str, str] = {}
    pairs, new = [], []
    for at, section in enumerate(after):
        key = section.path.casefold()
        if at in same:
            old = before[same[at]]
            paths[key] = then.paths[old.path.casefold()]
            pairs.append((old, section, paths[key]))
        elif key not in undefined:
            previous = paths.get(after[at - 1].path.casefold()) if at else None
            new.append(NewSection(_defined(section, paths), previous))
            paths[key] = new[-1].section.path
    found = {path for _, _, path in pairs}
    gone = tuple(path for path in _all(then, before) if path not in found)
    moved = _moved(_all(then, before), [(path, section.line) for _, section, path in pairs])
    return Outlined(paths, tuple(pairs), tuple(new), gone, moved)


def as_section(text: str, list_title: str) -> str:
    """Returns a page whose one title, at the top, names its section as such a section reads: a level further down."""
    titles = [line for line in text.split("\n") if re.match(r"#{1,5} ", line)]
    alone = [line for line in titles if line.startswith("# ")] == titles[:1] != []
    if not alone or titles[0].strip("# ").casefold() == list_title.casefold() or "<!-- home -->" in text:
        return text
    return re.sub(r"^(?=#{1,5} )", "#", text, flags=re.MULTILINE)


def as_sections_page(text: str) -> str:
    """Returns a page of a section as such a page reads when it is rendered: named by its section, at the top."""
    if not any(line.startswith("# ") for line in text.split("\n")):
        text = re.sub(r"^#(?=#{1,5} )", "", text, flags=re.MULTILINE)
    return f"{text}\n\n<!-- home -->\n"


def outline_new(file: str, now: Parsed, definition: ListDefinition) -> Outlined:
    """Outlines a page that no snapshot knows: its sections come last, and in table style it is the page of the first."""
    last = definition.sections[-1].path if definition.sections else None
    page = file if definition.style == "table" else None
    paths: dict[str, str] = {}
    new: list[NewSection] = []
    for at, section in enumerate(_in_order(now)):
        known = definition.section(section.path)
        if known is None:
            prose = section.prose if at else above_entries(now, section)
            known = replace(_defined(section, paths), page=page if section.level == 1 else None, prose=prose)
            new.append(NewSection(known, last))
        paths[section.path.casefold()] = last = known.path
    return Outlined(paths, new=tuple(new))


def _defined(section: ParsedSection, paths: Mapping[str, str]) -> SectionDefinition:
    """A heading as a section of the definition, below the section that it stands in."""
    above, _, named = section.path.rpartition(" / ")
    top = paths.get(above.casefold(), above)
    path = f"{top} / {named}" if top else section.path
    return SectionDefinition(path, section.title, path.count(" / ") + 1, prose=section.prose)


def above_entries(page: Parsed, section: ParsedSection) -> str:
    """What stands above the entries of a section's page: below its title, and below the line of the machine's."""
    return "\n\n".join(part for part in (page.head.strip("\n"), section.prose) if part)


def _front(then: PageThen, now: Parsed) -> Outlined:
    """Of a front page the index counts: its lines name the sections and their pages."""
    before = [section for section in then.parsed.sections if section.page]
    after = [section for section in now.sections if section.page]
    paths = {section.path.casefold(): _indexed(section, then) for section in before} | dict(then.paths)
    new: list[NewSection] = []
    last = None
    for section in after:
        known = paths.get(section.path.casefold())
        if known is None:
            new.append(
                NewSection(SectionDefinition(section.path, section.title, section.level, page=section.page), last)
            )
        last = known or section.path
    there = [paths[s.path.casefold()] for s in after if s.path.casefold() in paths]
    gone = tuple(path for s in before if (path := paths[s.path.casefold()]) not in there)
    moved = _moved([paths[s.path.casefold()] for s in before], [(path, None) for path in there])
    return Outlined(paths, new=tuple(new), gone=gone, moved=moved)


def _indexed(section: ParsedSection, then: PageThen) -> str:
    known = then.definition.section(section.path) if then.definition else None
    return known.path if known else section.path


def _all(then: PageThen, sections: Sequence[ParsedSection]) -> tuple[str, ...]:
    return tuple(then.paths[section.path.casefold()] for section in sections)


def _moved(before: Sequence[str], after: Sequence[tuple[str, int | None]]) -> tuple[MovedSection, ...]:
    order = tuple(path for path, _ in after)
    elsewhere = moves(before, order)
    return tuple(MovedSection(path, line, order) for path, line in after if path in elsewhere)


def _in_order(parsed: Parsed) -> list[ParsedSection]:
    return sorted(parsed.sections, key=lambda section: section.line)


def _same(before: Sequence[ParsedSection], after: Sequence[ParsedSection]) -> Iterator[tuple[int, int]]:
    """Yields which heading after is which one before: by path wherever it stands; else one in the place of another."""
    old = {section.path.casefold(): at for at, section in enumerate(before)}
    known = {at: old[section.path.casefold()] for at, section in enumerate(after) if section.path.casefold() in old}
    yield from known.items()
    left_before = [(s.level, s.title.casefold()) for s in before]
    left_after = [(s.level, s.title.casefold()) for s in after]
    taken = {*known.values()}
    matcher = SequenceMatcher(None, left_before, left_after, autojunk=False)
    for word, first, last, start, end in matcher.get_opcodes():
        if last - first != end - start or word not in ("replace", "equal"):
            continue
        for at_before, at_after in zip(range(first, last), range(start, end), strict=True):
            alike = before[at_before].level == after[at_after].level
            if alike and at_before not in taken and at_after not in known:
                yield at_after, at_before
