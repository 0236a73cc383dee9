"""Table style: a front page with the newest papers, and one page a section; one row an entry.

```
| [![Star 12](…)](…)<br>[Title](…) <br> Authors | <img …> | [Github](…) <br> [Paper](…) |
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from harvester.definitions import Badges, Column
from harvester.formats import _badges
from harvester.formats._body import NOTHING_LISTED, NOTHING_RECENT, read_page
from harvester.formats._markdown import attribute, cell, code, destination, escape, link, note
from harvester.formats._page import AS_LONG_AS_A_LIST, frame
from harvester.formats._row import COLUMNS, has_table
from harvester.formats._text import clean_url, one_line
from harvester.ids import read_repo, repo_of, url_of
from harvester.pages import Citations, Line, Page, PageLink, Section
from harvester.records import Note

NAME = "table"
__all__ = ["NAME", "has_table", "parse", "render"]
parse = read_page  # hand-kept pages mix both styles, so one reader knows both
_HEADERS = {column: name for name, column in COLUMNS.items()}
_BREAK = " <br> "


def render(page: Page) -> str:
    """Writes one page in table style: with a window it is a front page, else the page of a section."""
    index = [f"{'  ' * (line.level - 1)}- {link(line.title, line.page or '#')}" for line in page.index]
    return frame(page, index, _front(page) if page.window else _sections(page))


def weigh(page: Page, line: Line) -> int:
    """Returns how many bytes one entry takes."""
    return len(_row(page.columns, page.badges, line).encode())


def _header(page: Page) -> tuple[str, str]:
    names = " | ".join(_HEADERS[column] for column in page.columns)
    rules = " | ".join(":--" if column == "title" else ":-:" for column in page.columns)
    return f"| {names} |", f"| {rules} |"


def _front(page: Page) -> str:
    """One table of the window's papers, with the section above each group of rows."""
    assert page.window  # render() chose
    first, last = page.window
    rows = [row for section in page.sections for row in (_band(page, section), *_rows(page, section))]
    body = "\n".join([*_header(page), *rows]) if rows else NOTHING_RECENT
    return f"## Papers from {first} to {last}\n\n{body}"


def _rows(page: Page, section: Section) -> Iterator[str]:
    return (_row(page.columns, page.badges, line) for line in section.lines)


def _band(page: Page, section: Section) -> str:
    """The section in the first cell, which is where it is read."""
    return f"| **{cell(escape(section.path))}** |" + " |" * (len(page.columns) - 1)


def _sections(page: Page) -> str:
    parts = []
    deeper = 0 if page.home else 1  # a section's page is named by its section
    for number, section in enumerate(page.sections):
        if number or not page.home:
            parts.append(f"{'#' * min(section.level + deeper, 6)} {escape(section.title)}")
        if section.prose.strip():
            parts.append(section.prose.strip("\n"))
        if section.lines:
            parts.append("\n".join([*_header(page), *_rows(page, section)]))
    if not any(section.lines for section in page.sections):
        parts.append(NOTHING_LISTED)
    return "\n\n".join(parts)


@lru_cache(maxsize=AS_LONG_AS_A_LIST)
def _row(columns: tuple[Column, ...], badges: Badges, line: Line) -> str:
    """The list's own date is a comment in the cell of links: behind the row it would be a cell too many."""
    cells = [cell(_cell(columns, badges, line, column)) for column in columns]
    if line.listed_on:
        at = columns.index("links" if "links" in columns else "title")
        cells[at] += f" <!-- {one_line(line.listed_on).replace('--', '').replace('|', '/')} -->"
    return "".join(f"| {part} " if part else "| " for part in cells) + "|"


def _cell(columns: tuple[Column, ...], badges: Badges, line: Line, column: Column) -> str:
    match column:
        case "title":
            return _title_cell(line, badges, starred="stars" not in columns)
        case "introduction":
            return _BREAK.join(_introduction(line))
        case "links":
            return _BREAK.join(_links(line, cited="citations" not in columns))
        case "published":
            return str(line.published or "")
        case "citations":
            return _citations(line.citations) if line.citations else ""
        case "stars":
            return _BREAK.join(_stars(line, badges))


def _title_cell(line: Line, badges: Badges, *, starred: bool) -> str:
    title = f"**{escape(line.title)}**" if line.bold else escape(line.title)
    linked = f"[{title}]({destination(line.title_link.url) or url_of(line.subject)})"
    inline = [note(found.text) for found in line.notes if found.depth == 0]
    ahead = " ".join(_badges_of(line, badges, starred=starred))
    parts = [f"{ahead}<br>" * bool(ahead) + " ".join([linked, *inline])]
    if line.authors:
        parts.append(escape(line.authors))
    if line.venue:
        parts.append(code(line.venue))
    return _BREAK.join(parts)


def _badges_of(line: Line, badges: Badges, *, starred: bool) -> Iterator[str]:
    """Stars, the editors' marks, and what readers should know before they click."""
    if line.recommended:
        yield _badges.recommended()
    if starred:
        yield from _stars(line, badges)
    yield from (_badges.mark(mark) for mark in line.marks)
    if line.withdrawn:
        yield _badges.withdrawn()


def _stars(line: Line, badges: Badges) -> Iterator[str]:
    """The stars of every repository, each once."""
    shown: set[str] = set()
    for found in (line.title_link, *line.links):
        repo, badge = read_repo(found.url) if found.stars is not None else None, _badges.of_stars(found, badges)
        if repo and badge and repo.lower() not in shown:
            shown.add(repo.lower())
            yield f"[{badge}](https://github.com/{repo})"


def _introduction(line: Line) -> Iterator[str]:
    if line.figure and (source := clean_url(line.figure)):
        width = f'width="{attribute(line.figure_width)}" ' if line.figure_width else ""
        yield f'<img {width}alt="image" src="{attribute(source)}">'
    yield from (_note(found) for found in line.notes if found.depth > 0)


def _note(found: Note) -> str:
    """A note between line breaks; bullets show its depth."""
    lead = "• " * found.depth if found.bullet else "◦ " * (found.depth - 1)
    if not found.quoted:
        return lead + note(found.text)
    breaks_cell = re.search(r"\\\|", one_line(found.text))  # no code span in a table can hold these two characters
    return lead + (f"<code>{escape(found.text)}</code>" if breaks_cell else code(found.text))


def _links(line: Line, *, cited: bool) -> Iterator[str]:
    yield from (_named(found) for found in line.links)
    own = line.title_link if repo_of(line.subject) else PageLink("", url_of(line.subject))
    label = "Github" if repo_of(line.subject) else "Link" if line.subject.startswith("url:") else "Paper"
    yield _named(PageLink(label, own.url, None, None, own.archived, own.gone, own.formerly))
    if line.citations and cited:
        yield f"citation: {_citations(line.citations)}"


def _citations(found: Citations) -> str:
    return f"[**{found.value}**]({destination(found.url)})"


def _named(found: PageLink) -> str:
    owner = f" - {escape(found.owner)}" if found.owner else ""
    marks = [
        _badges.renamed(found.formerly) if found.formerly else "",
        _badges.archived() if found.archived else "",
        _badges.gone() if found.gone else "",
    ]
    return " ".join([link(found.label, found.url) + owner, *(mark for mark in marks if mark)])
