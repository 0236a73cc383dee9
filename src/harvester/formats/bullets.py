"""Bullet style: one page, one bullet an entry, details below.

```
- **Title**, `arXiv, 2405.18218`, [arxiv](…), [pdf](…), citation: [**278**](…)

  *Authors* · ([repository](…) - owner) ![Star 1.2k](…) · ([label](…))
  - `a quoted note`
```
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from harvester.definitions import Badges
from harvester.formats import _badges
from harvester.formats._anchors import anchors, headings
from harvester.formats._body import read_page
from harvester.formats._markdown import at_start, code, destination, escape, link, note
from harvester.formats._page import AS_LONG_AS_A_LIST, frame
from harvester.formats._text import one_line
from harvester.ids import arxiv_of, read_repo, url_of
from harvester.pages import Line, Page, PageLink, Section

NAME = "bullets"
parse = read_page  # hand-kept pages mix both styles, so one reader knows both


def render(page: Page) -> str:
    """Writes a page in bullet style."""
    body = "\n\n".join(_section(section, page.badges) for section in page.sections)
    return frame(page, list(_index(page)), body)


def weigh(page: Page, line: Line) -> int:
    """Returns how many bytes one entry takes."""
    return len(_entry(line, page.badges).encode())


def _index(page: Page) -> Iterator[str]:
    """One line a section; on this page, or on another part of it."""
    here = places(page)
    for line in page.index:
        yield f"{'  ' * (line.level - 1)}- {link(line.title, line.page or '#' + here.get(line.section, ''))}"


def places(page: Page) -> dict[str, str]:
    """Returns the anchor of every section, by its path, as GitHub makes them when all headings of the page are counted."""
    titles = [page.title, *(text for _, text, _ in headings(page.head))]
    before = len(titles)
    titles += [text for section in page.sections for text in _headings_of(section)]
    found = iter(anchors(titles)[before:])
    made = {section.path: [next(found) for _ in _headings_of(section)] for section in page.sections}
    return {path: own[0] for path, own in made.items()}


def _headings_of(section: Section) -> list[str]:
    return [section.title, *(text for _, text, _ in headings(section.prose))]


def _section(section: Section, badges: Badges) -> str:
    heading = f"{'#' * min(section.level + 1, 6)} {escape(section.title)}"
    entries = "\n".join(_entry(line, badges) for line in section.lines)
    return "\n\n".join(part for part in (heading, section.prose.strip("\n"), entries) if part)


@lru_cache(maxsize=AS_LONG_AS_A_LIST)
def _entry(line: Line, badges: Badges) -> str:
    """One entry; the indented paragraphs below it are separated by empty lines, its bullets are not."""
    written = ["- " + at_start(" ".join(part for part in _first(line, badges) if part))]
    for paragraph in _below(line, badges):
        is_bullet = paragraph.lstrip().startswith("- ")
        written += [paragraph] if is_bullet else ["", paragraph]
    return "\n".join(written)


def _first(line: Line, badges: Badges) -> Iterator[str]:
    yield from (_badges.mark(mark) for mark in line.marks)
    yield _paper(line) if _is_paper(line) else _named_link(line, badges)
    if line.withdrawn:
        yield _badges.withdrawn()
    yield from (note(found.text) for found in line.notes if found.depth == 0)
    if line.listed_on:
        yield f"<!-- {one_line(line.listed_on).replace('--', '')} -->"


def _is_paper(line: Line) -> bool:
    return line.subject.startswith(("arxiv:", "doi:", "openreview:"))


def _paper(line: Line) -> str:
    parts = [f"**{_title(line)}**"]
    arxiv = arxiv_of(line.subject)
    venue = line.venue or (f"arXiv, {arxiv}" if arxiv else None)
    if venue:
        parts.append(code(venue))
    own = url_of(line.subject)
    if arxiv:
        parts += [link("arxiv", own), link("pdf", f"https://arxiv.org/pdf/{arxiv}")]
    else:
        parts.append(link(line.subject.partition(":")[0], own))
    if line.citations:
        parts.append(f"citation: [**{line.citations.value}**]({destination(line.citations.url)})")
    return ", ".join(parts)


def _title(line: Line) -> str:
    own = line.title_link.url == url_of(line.subject)
    return escape(line.title) if own else link(line.title, line.title_link.url)


def _named_link(line: Line, badges: Badges) -> str:
    target = destination(line.title_link.url) or url_of(line.subject)
    title = f"**{escape(line.title)}**" if line.bold else escape(line.title)
    owner = _owner(line.title_link)
    venue = f", {code(line.venue)}" if line.venue else ""
    named = f"[{title}]({target}){f' - {escape(owner)}' if owner else ''}"
    return " ".join([named, *_state(line.title_link, badges)]) + venue


def _owner(found: PageLink) -> str | None:
    repo = read_repo(found.url) if "://" in found.url else None
    return found.owner or (repo.partition("/")[0] if repo else None)


def _state(found: PageLink, badges: Badges) -> Iterator[str]:
    if badge := _badges.of_stars(found, badges):
        yield badge
    if found.formerly:
        yield _badges.renamed(found.formerly)
    if found.archived:
        yield _badges.archived()
    if found.gone:
        yield _badges.gone()


def _below(line: Line, badges: Badges) -> Iterator[str]:
    """The paragraph of authors (or of the description) with the chain of links, then the other notes in order."""
    notes = [found for found in line.notes if found.depth > 0]
    by = "" if _is_paper(line) else "by "  # slanted words alone describe what a bullet links to
    opening = f"{by}*{escape(line.authors)}*" if line.authors else ""
    if not opening and notes and not notes[0].bullet:
        opening = note(notes.pop(0).text)
    chain = [_chained(found, badges) for found in line.links]
    if line.figure and (target := destination(line.figure)):
        chain.append(f"· ([figure]({target}))")
    paragraph = " ".join(part for part in [opening, *chain] if part).removeprefix("· ")
    if paragraph:
        yield "  " + paragraph
    for found in notes:
        if text := code(found.text) if found.quoted else note(found.text):  # an empty mark would underline a heading
            yield "  " * found.depth + ("- " if found.bullet else "") + text


def _chained(found: PageLink, badges: Badges) -> str:
    owner = _owner(found)
    named = f"· ({link(found.label, found.url)}{f' - {escape(owner)}' if owner else ''})"
    return " ".join([named, *_state(found, badges)])
