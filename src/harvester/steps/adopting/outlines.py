"""The sections of an edited page beside those it had: which is which, which got another title, which are new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from harvester.definitions import SectionDefinition
from harvester.pages import Parsed, ParsedSection
from harvester.steps.adopting.renditions import PageThen


@dataclass(frozen=True, slots=True)
class NewSection:
    """A heading that the page did not have; `after` is the path of the section above it, None at the top."""

    section: SectionDefinition
    after: str | None


@dataclass(frozen=True, slots=True)
class Outlined:
    """The sections of a page as somebody left it; `paths` gives the definition's path for each of them."""

    paths: Mapping[str, str]
    pairs: tuple[tuple[ParsedSection, ParsedSection, str], ...] = ()  # before, after, path in the definition
    new: tuple[NewSection, ...] = ()
    gone: tuple[str, ...] = ()  # paths in the definition


def outline(then: PageThen, now: Parsed) -> Outlined:
    """Compares headings in the order of the page; those of a front page are a window on the sections, not their home."""
    if then.parsed.front:
        return Outlined(dict(then.paths))
    before = [s for s in _in_order(then.parsed) if s.path.casefold() in then.paths]
    after = _in_order(now)
    same = dict(_same(before, after))
    paths: dict[str, str] = {}
    pairs, new = [], []
    for at, section in enumerate(after):
        key = section.path.casefold()
        if at in same:
            old = before[same[at]]
            paths[key] = then.paths[old.path.casefold()]
            pairs.append((old, section, paths[key]))
        else:
            above = section.path.rpartition(" / ")[0]
            top = paths.get(above.casefold(), above)
            path = f"{top} / {section.path.rpartition(' / ')[2]}" if top else section.path
            previous = paths.get(after[at - 1].path.casefold()) if at else None
            paths[key] = path
            title = section.title if section.title != path.rpartition(" / ")[2] else path.rpartition(" / ")[2]
            new.append(NewSection(SectionDefinition(path, title, path.count(" / ") + 1, prose=section.prose), previous))
    found = {path for _, _, path in pairs}
    gone = tuple(path for s in before if (path := then.paths[s.path.casefold()]) not in found)
    return Outlined(paths, tuple(pairs), tuple(new), gone)


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
