"""Any Markdown page, as lint looks at it: headings with their anchors, targets, rows of tables.

Grammar: GitHub Flavored Markdown, https://github.github.com/gfm/. Code blocks and code spans hold no links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from harvester.findings import Heading, Markup, Row, Target
from harvester.formats._anchors import anchors, headings
from harvester.formats._headings import shown
from harvester.formats._markdown import split_cells, tokens, unescape
from harvester.formats._opaque import cut, is_opaque
from harvester.formats._text import mend_encoding, one_line

__all__ = ["mend_encoding", "read_markup"]

_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_ATTRIBUTE = re.compile(r"""\b(src|href|id|name)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->")


def read_markup(text: str) -> Markup:
    """Reads one page; whatever its style, and however broken it is."""
    kept, opened = cut(list(enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1)))
    lines = list(_outside_code(kept))
    found = list(headings("\n".join(line for _, line in lines)))  # numbers count from 1, as `lines` do
    made = anchors(title for _, title, _ in found)
    return Markup(
        text=text,
        headings=tuple(
            Heading(level, one_line(title), anchor, number)
            for (level, title, number), anchor in zip(found, made, strict=True)
        ),
        targets=tuple(target for number, line in lines for target in _targets(line, number)),
        rows=tuple(_rows(lines)),
        unclosed=tuple(opened),
        names=frozenset(value for _, line in lines for key, value in _attributes(line) if key in ("id", "name")),
    )


def _outside_code(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yields every line with its number; those of code blocks and comments are empty."""
    for number, line in lines:
        if is_opaque(line):
            yield from ((number + at, "") for at in range(line.count("\n") + 1))
        else:
            yield number, _COMMENT.sub("", line)


def _targets(markdown: str, number: int) -> Iterator[Target]:
    for token in tokens(markdown):
        if token.kind in ("link", "image"):
            yield Target(token.url, shown(token.text), number, token.kind == "image")
        if token.kind in ("link", "strong", "em"):
            yield from _targets(token.text, number)
        if token.kind == "html":
            yield from (
                Target(value, "", number, key == "src")
                for key, value in _attributes(token.raw)
                if key in ("src", "href")
            )


def _attributes(markdown: str) -> Iterator[tuple[str, str]]:
    if "=" in markdown and "<" in markdown:
        for key, double, single in _ATTRIBUTE.findall(markdown):
            yield key.lower(), unescape(double or single)


def _rows(lines: Iterable[tuple[int, str]]) -> Iterator[Row]:
    """Yields the rows below the rule of each table; a table begins with a header and a rule of as many cells."""
    expected = 0
    before = ""
    for number, line in lines:
        if not line.lstrip().startswith("|"):
            expected = 0
        elif expected:
            yield Row(_cells(line), expected, number)
        elif _RULE.match(line) and before.lstrip().startswith("|"):
            expected = _cells(before)
        before = line


def _cells(row: str) -> int:
    """Counts the cells; what follows the last pipe is one only where there is something."""
    cells = split_cells(row.strip())
    return len(cells) - (cells[-1] == "")
