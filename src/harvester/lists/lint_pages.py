"""Rules on pages: any Markdown, ours or kept by hand."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from harvester.findings import Heading, Markup, Severity, Target
from harvester.lists.lint_entries import MOST, Spot, unusable

LARGEST = 500_000  # bytes; GitHub cuts a page off at 512,000
_CITATIONS = re.compile(r"\bci[a-z]*tions?\s*:\s*\[?\**\s*(-?\d+)", re.IGNORECASE)
_STAR_BADGE = re.compile(r"!\[Stars? (-?[\d.]+)([kM]?)\]|img\.shields\.io/badge/Stars?-(-?[\d.]+)([kM]?)-")
_UNITS = {"": 1, "k": 1_000, "M": 1_000_000}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page and the others of its list, by path below the list's folder; `there` tells which files there are."""

    file: str  # as somebody in the checkout would type it
    path: str
    pages: Mapping[str, Markup]
    there: Callable[[str], bool]
    mend: Callable[[str], str]  # undoes mojibake; gives back what is sound

    @property
    def markup(self) -> Markup:
        """The page itself."""
        return self.pages[self.path]

    def at(self, line: int, said: str) -> Spot:
        """Tells something about a line of the page."""
        return Spot(self.file, line, said, None, self.path)


@dataclass(frozen=True, slots=True)
class PageRule:
    """What a rule looks for is the first line of its function's docstring."""

    severity: Severity
    look: Callable[[Drawn], Iterator[Spot]]


def broken_anchor(drawn: Drawn) -> Iterator[Spot]:
    """A link leads to an anchor that no heading of its page makes."""
    for target in drawn.markup.targets:
        address, hash_mark, fragment = target.url.partition("#")
        page = _page_meant(drawn, address)
        if not hash_mark or not fragment or page is None or page not in drawn.pages:
            continue
        known = drawn.pages[page].names | {heading.anchor for heading in drawn.pages[page].headings}
        wanted = unquote(fragment)
        if wanted.casefold() not in {name.casefold() for name in known} and wanted.casefold() != "top":
            remedy = "link to a heading as GitHub spells it: small letters, hyphens for spaces, -1 behind the second"
            yield drawn.at(target.line, f"no heading of {page} has the anchor #{wanted}: {remedy}")


def missing_page(drawn: Drawn) -> Iterator[Spot]:
    """A link leads to a page that the list does not have."""
    for target in drawn.markup.targets:
        page = _missing(drawn, target)
        if page and page.endswith(".md"):
            yield drawn.at(target.line, f"there is no page {page}: mend the link, or give the section that page")


def missing_file(drawn: Drawn) -> Iterator[Spot]:
    """A relative link or image leads to a file that is not there, seen from where the page lies."""
    for target in drawn.markup.targets:
        file = _missing(drawn, target)
        if file and not file.endswith(".md"):
            remedy = "put it there, or link where it is with ../ in front or by its full address"
            yield drawn.at(
                target.line, f"there is no file {file} below {posixpath.dirname(drawn.file) or '.'}: {remedy}"
            )


def _missing(drawn: Drawn, target: Target) -> str | None:
    """The path that a relative address means, where nothing is there; None for other addresses."""
    if unusable(target.url):
        return None
    path = _page_meant(drawn, target.url.partition("#")[0])
    return path if path and path not in drawn.pages and not drawn.there(path) else None


def _page_meant(drawn: Drawn, address: str) -> str | None:
    """The page that a relative address means; None for other addresses."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or address.startswith("/"):
        return None
    folder = posixpath.dirname(drawn.path)
    return posixpath.normpath(posixpath.join(folder, unquote(parts.path))) if parts.path else drawn.path


def repeated_heading(drawn: Drawn) -> Iterator[Spot]:
    """The same heading stands twice below the same heading, so that their anchors depend on their order."""
    above: list[Heading] = []
    seen: dict[tuple[str, ...], int] = {}
    for heading in drawn.markup.headings:
        above = [*(one for one in above if one.level < heading.level), heading]
        path = tuple(one.text.casefold() for one in above)
        first = seen.setdefault(path, heading.line)
        if first != heading.line:
            said = (
                f'heading "{heading.text}" stands in line {first} already: join the two, or name one of them otherwise'
            )
            yield drawn.at(heading.line, said)


def link_form(drawn: Drawn) -> Iterator[Spot]:
    """A link is empty, has no scheme, or has a space inside."""
    for target in drawn.markup.targets:
        if why := unusable(target.url):
            label = f' of "{target.label}"' if target.label else ""
            yield drawn.at(target.line, f"link {target.url!r}{label} {why}")


def table_cells(drawn: Drawn) -> Iterator[Spot]:
    """A row of a table has another number of cells than its header: GitHub drops what is too much."""
    for row in drawn.markup.rows:
        if row.cells != row.expected:
            remedy = "add the cells that lack" if row.cells < row.expected else r"write \| for a pipe inside a cell"
            yield drawn.at(row.line, f"{row.cells} cells where the header has {row.expected}: {remedy}")


def unclosed_block(drawn: Drawn) -> Iterator[Spot]:
    """A block of code or a comment is begun and nobody ends it: all below it is code, or not seen at all."""
    for line, mark in drawn.markup.unclosed:
        yield drawn.at(line, f"{mark} begins a block that nobody ends: end it, or take it out")


def page_size(drawn: Drawn) -> Iterator[Spot]:
    """A page is larger than 500,000 bytes: GitHub shows no more than 512,000."""
    size = len(drawn.markup.text.encode("utf-8", "replace"))
    if size > LARGEST:
        yield drawn.at(1, f"{size:,} bytes: divide its sections into subsections, or onto several pages")


def mojibake(drawn: Drawn) -> Iterator[Spot]:
    """A line holds characters that were decoded with the wrong encoding."""
    for number, line in enumerate(drawn.markup.text.split("\n"), 1):
        if not line.isascii() and (mended := drawn.mend(line)) != line:
            changed = next(
                at for at, (old, new) in enumerate(zip(line + "\0", mended + "\0", strict=False)) if old != new
            )
            here = slice(max(0, changed - 15), changed + 15)
            yield drawn.at(number, f"{line[here]!r} was decoded wrongly: write {mended[here]!r}")


def impossible_count(drawn: Drawn) -> Iterator[Spot]:
    """A number of citations or stars is negative, or more than anything has."""
    for number, line in enumerate(drawn.markup.text.split("\n"), 1):
        for found in _CITATIONS.finditer(line):
            if not 0 <= int(found[1]) <= MOST:
                yield drawn.at(number, f"{found[1]} citations cannot be: leave out what is not known")
        for found in _STAR_BADGE.finditer(line):
            written, unit = (found[1], found[2]) if found[1] is not None else (found[3], found[4])
            if written.count(".") > 1 or not 0 <= float(written) * _UNITS[unit] <= MOST:
                yield drawn.at(number, f"{written}{unit} stars cannot be: leave out what is not known")


PAGE_RULES: Mapping[str, PageRule] = {
    "broken-anchor": PageRule("error", broken_anchor),
    "missing-page": PageRule("error", missing_page),
    "missing-file": PageRule("warning", missing_file),
    "repeated-heading": PageRule("warning", repeated_heading),
    "page-link": PageRule("error", link_form),
    "table-cells": PageRule("error", table_cells),
    "unclosed-block": PageRule("error", unclosed_block),
    "page-size": PageRule("error", page_size),
    "page-mojibake": PageRule("error", mojibake),
    "page-count": PageRule("error", impossible_count),
}
