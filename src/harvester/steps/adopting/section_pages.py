"""A page of a list of several: what stands around its entries belongs to its sections, because a list has one head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harvester.formats.markup import read_markup
from harvester.pages import INDEX_PLACE, Parsed, ParsedSection

_DEEPEST = 5  # below a page's title, Markdown has five levels of headings


def as_sections(page: Parsed, list_title: str | None) -> Parsed:
    """Returns the page with its title as the section of all others, and with head and foot as sections and their prose.

    A title that is a section's already, or the list's own, is no other section; then head and foot go to the first one.
    """
    page = _titled(page, list_title)
    if not page.sections:
        return page
    top, *others = page.sections
    prose, *in_head = _parts(page.head.replace(INDEX_PLACE, ""), top)
    above, *in_foot = _parts(page.foot, top)
    top = replace(top, prose="\n\n".join(part for part in (prose.prose, top.prose, above.prose) if part))
    return replace(page, head="", foot="", sections=tuple(_named_once([top, *in_head, *others, *in_foot])))


def _titled(page: Parsed, list_title: str | None) -> Parsed:
    """The page with all its sections below one that is called like the page."""
    title = page.title or ""
    name = title.replace(" / ", "/")
    known = [section.path.casefold() for section in page.sections]
    too_deep = any(section.level >= _DEEPEST for section in page.sections)
    if not title or too_deep or name.casefold() in known or title.casefold() == (list_title or "").casefold():
        return page
    below = (replace(one, path=f"{name} / {one.path}", level=one.level + 1) for one in page.sections)
    return replace(
        page,
        sections=(ParsedSection(name, title, 1, 1), *below),
        entries=tuple(replace(entry, section=f"{name} / {entry.section}") for entry in page.entries),
    )


def _parts(text: str, top: ParsedSection) -> Iterator[ParsedSection]:
    """What stands above the first heading, as prose of the section at the top; then a section for each heading."""
    lines = text.split("\n")
    headings = read_markup(text).headings
    ends = [*(heading.line - 1 for heading in headings), len(lines)]
    yield replace(top, prose=_joined(lines[: ends[0]]))
    above: list[tuple[int, str]] = []
    for heading, end in zip(headings, ends[1:], strict=True):
        while above and (above[-1][0] >= heading.level or len(above) >= _DEEPEST - 1):
            above.pop()
        title = heading.text or "Untitled"
        above.append((heading.level, title.replace(" / ", "/")))
        path = " / ".join([top.path, *(name for _, name in above)])
        yield ParsedSection(path, title, 1 + len(above), top.line, _joined(lines[heading.line : end]))


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n")


def _named_once(sections: list[ParsedSection]) -> Iterator[ParsedSection]:
    """Gives each section a path of its own; what two of one path say stands below one heading."""
    found: dict[str, ParsedSection] = {}
    for section in sections:
        known = found.get(section.path.casefold())
        prose = "\n\n".join(part for part in (known.prose if known else "", section.prose) if part)
        found[section.path.casefold()] = replace(known or section, prose=prose)
    yield from found.values()
