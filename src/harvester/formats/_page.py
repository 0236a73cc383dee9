"""What stands around the entries of every page that is written; `_frame.py` reads it back."""

from __future__ import annotations

from collections.abc import Sequence

from harvester.formats._frame import ENTRIES, FOOT, HOME, INDEX_END, PART, RECOMMENDED
from harvester.formats._markdown import destination, escape, link
from harvester.pages import INDEX_PLACE, CountsAsOf, Page

AS_LONG_AS_A_LIST = 16_384  # entries are weighed, written, and written again without stamp: made once
_ABOUT = "counts may be newer; rewritten every night, see docs/lists.md"
_NAMES = {"semantic_scholar": "Semantic Scholar", "openalex": "OpenAlex", "github": "GitHub"}


def frame(page: Page, index: Sequence[str], body: str) -> str:
    """Joins the parts of a page; every part is separated by one empty line, and the page ends with a line feed."""
    parts = [f"# {escape(page.title)}", _ways(page), _head(page, index), stamp(page), _recommended(page)]
    parts += [ENTRIES, body.strip("\n"), _more(page)]
    if page.foot.strip():
        parts += [FOOT, page.foot.strip("\n")]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(page: Page, index: Sequence[str]) -> str:
    block = "\n".join([INDEX_PLACE, *index, INDEX_END]) if index else ""
    head = page.head.strip("\n")
    if INDEX_PLACE in head:
        return head.replace(INDEX_PLACE, block, 1) if block else head.replace(INDEX_PLACE, "", 1).strip("\n")
    return "\n\n".join(part for part in (head, block) if part)


def _ways(page: Page) -> str:
    """The way to the front page and to the part before, on pages that have one."""
    ways = [f"[↑ {escape(page.home[0])}]({destination(page.home[1])})"] if page.home else []
    ways += [f"[← the part before]({destination(page.earlier)})"] if page.earlier else []
    return " · ".join([*ways[:-1], f"{ways[-1]} {HOME if page.home else PART}"]) if ways else ""


def _more(page: Page) -> str:
    return f"[More on the next page →]({destination(page.later)}) {PART}" if page.later else ""


def stamp(page: Page) -> str:
    """The one line that says from when a page is: its numbers for readers, its snapshot for programs."""
    listed = f"list {page.list}; " if page.list else ""
    origin = f"<!-- harvester: made from snapshot {page.snapshot}; {listed}{_ABOUT} -->"
    changed = link("What changed", page.changes) if page.changes else ""
    said = " ".join(part for part in (counts(page.as_of), changed) if part)
    return " ".join(part for part in (f"*{said}*" if said else "", origin if page.snapshot else "") if part)


def counts(as_of: Sequence[CountsAsOf]) -> str:
    """From whom the page's numbers are, and as of which day, in one sentence; nothing where it has none.

    "Or later", because this line stays as it is while nothing but counts changes.
    """
    sources: dict[str, dict[str, list[str]]] = {}
    for one in as_of:
        days = str(one.until) if one.since == one.until else f"{one.since} to {one.until}"
        sources.setdefault(days, {}).setdefault(one.kind, []).append(_NAMES.get(one.source, one.source))
    line = "; ".join(
        ", ".join(f"{kind} from {' and '.join(names)}" for kind, names in kinds.items()) + f" as of {days} or later"
        for days, kinds in sources.items()
    )
    return f"{line[0].upper()}{line[1:]}." if line else ""


def _recommended(page: Page) -> str:
    """The recommended papers, one a line; their numbers stand with the entries, so that only they move at night."""
    if not page.recommended:
        return ""
    why = "**Recommended** by citations, stars and their growth:"
    lines = [f"- {link(found.label, found.url)} {RECOMMENDED}" for found in page.recommended]
    return "\n".join([f"{why} {RECOMMENDED}", "", *lines])
