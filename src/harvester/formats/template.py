"""A list's own layout: Jinja templates in `editorial/lists/<list>.<file>.j2`, in a sandbox.

Whatever a template prints is escaped as running text; the filters below say so where another place is meant. What a
filter returns is Markdown and is not escaped again. Templates render; they are not read back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from harvester.errors import ListError
from harvester.formats import _badges, _sandbox
from harvester.formats._anchors import anchors
from harvester.formats._markdown import attribute, cell, code, destination, escape, link, note
from harvester.formats._page import counts, stamp
from harvester.formats._text import one_line
from harvester.ids import arxiv_of, url_of
from harvester.pages import INDEX_PLACE, Line, Page, PageLink

NAME = "template"


class Markdown(str):
    """A text that is written for its place already."""

    __slots__ = ()


def render(file: str, name: str, text: str, pages: Sequence[Page], whole: Page) -> str:
    """Fills a template and returns the text of `file`; `name` is the template's path below `editorial/`.

    `whole` is the list as one page, with all sections and lines; `pages` are those that its style would have. Raises
    ListError with the template's line where it cannot be filled.
    """
    from jinja2 import TemplateError

    try:
        made = _sandbox.environment(_finalize, FILTERS)
        filled = _sandbox.filled(_sandbox.compiled(made, text), _context(file, pages, whole))
    except (
        TemplateError,
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        RecursionError,
        AttributeError,
        MemoryError,
    ) as error:
        raise ListError([f"editorial/{name}, line {_line(error)}: {_words(error)}"]) from error
    if file.endswith(".md") and whole.snapshot and f"made from snapshot {whole.snapshot}" not in filled:
        filled = f"{filled.rstrip()}\n\n{stamp(whole)}"
    return filled.rstrip("\n") + "\n"


def _line(error: BaseException) -> int:
    """The line of the template: said by a mistake of grammar, else that of the innermost frame that is the template's."""
    if number := getattr(error, "lineno", None):
        return int(number)
    found, trace = 1, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


def _words(error: BaseException) -> str:
    return one_line(str(error)) or type(error).__name__


def _context(file: str, pages: Sequence[Page], whole: Page) -> Mapping[str, Any]:
    own = next((page for page in pages if page.path == file), whole)
    return {
        "title": whole.title,
        "head": Markdown(whole.head.replace(INDEX_PLACE, "").strip("\n")),
        "foot": Markdown(whole.foot.strip("\n")),
        "sections": whole.sections,
        "lines": [line for section in whole.sections for line in section.lines],
        "pages": pages,
        "page": own,
        "window": own.window,
        "as_of": Markdown(counts(whole.as_of)),
        "snapshot": whole.snapshot,
        "stamp": Markdown(stamp(whole)),
    }


def _finalize(value: object) -> str:
    return value if isinstance(value, Markdown) else "" if value is None else escape(str(value))


def _stars(line: Line) -> int | None:
    return max((found.stars for found in (line.title_link, *line.links) if found.stars is not None), default=None)


def _home(line: Line) -> str:
    return destination(line.title_link.url) or url_of(line.subject)


def _badge(found: PageLink) -> Markdown:
    return Markdown(_badges.of_stars(found, "static"))


def _csv(values: Sequence[object]) -> Markdown:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(["" if value is None else one_line(str(value)) for value in values])
    return Markdown(out.getvalue())


def _said(value: object) -> str:
    """What nobody knows is nothing, not the word None."""
    return "" if value is None else str(value)


def _code(value: object) -> Markdown:
    return Markdown(code(_said(value)) if _said(value) else "")


def _cell(value: object) -> Markdown:
    return Markdown(cell(_finalize(value)))


FILTERS: Mapping[str, Any] = {
    "text": lambda value: Markdown(escape(_said(value))),  # running text, as without a filter
    "cell": _cell,  # in a table
    "code": _code,
    "note": lambda value: Markdown(note(_said(value))),  # the editors' Markdown, without HTML and unsafe links
    "markdown": lambda value: Markdown(_said(value)),  # prose of a definition, as it is
    "attribute": lambda value: Markdown(attribute(_said(value))),
    "link": lambda label, url: Markdown(link(_said(label), _said(url))),
    "url": lambda value: Markdown(destination(_said(value)) or ""),
    "anchor": lambda value: Markdown(anchors([_said(value)])[0]),
    "csv": _csv,  # a row of a CSV file
    "home": lambda line: Markdown(_home(line)),  # where the title of a line links to
    "arxiv": lambda line: arxiv_of(line.subject),
    "cited": lambda line: line.citations.value if line.citations else None,
    "stars": _stars,
    "badge": _badge,
}
