"""Headings as a page has them line by line; `_anchors.py` makes what links lead to."""

from __future__ import annotations

import re

from harvester.formats._markdown import tokens, unescape
from harvester.formats._text import one_line

_HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
_IS_TEXT = re.compile(r" {0,3}(?![-+*>#|<:`~]|\d+[.)]\s|\[[^\]]*\]:)\S")  # the line begins nothing else
_MARKS = re.compile(r"[`*<\[]")
_DEEPEST = 20  # what is nested deeper than anybody writes is read as text


def read_heading(line: str) -> tuple[int, str] | None:
    """Reads level and Markdown of a heading; None for every other line."""
    found = _HEADING.match(line) if "#" in line[:4] else None
    if not found:
        return None
    text = line[found.end() :].strip(" \t")
    bare = text.rstrip("#")  # a closing row of marks is not part of it
    if bare != text and (not bare or bare[-1] in " \t"):
        text = bare.rstrip(" \t")
    return len(found[1]), text


def beside(markdown: str) -> str:
    """Returns what a heading holds beyond its text: images, and links to other places than its own page."""
    kept = [
        token.raw
        for token in tokens(markdown)
        if token.kind == "image"
        or (token.kind == "link" and not token.url.startswith("#"))
        or token.raw[:4].casefold() == "<img"
    ]
    return " ".join(kept)


def underlined(lines: list[tuple[int, str]]) -> None:
    """Writes headings that are underlined (with `=` or `-`) with the marks of others, in place.

    One line behind an empty one; a line with an address, above a rule, is no heading.
    """
    for at in range(len(lines) - 1):
        (number, line), (next_number, below) = lines[at], lines[at + 1]
        below = below.strip()
        if below[:1] not in ("=", "-") or len(below) < 3 or below.strip(below[0]):
            continue
        if (
            (at == 0 or not lines[at - 1][1].strip())
            and _IS_TEXT.match(line)
            and (below[0] == "=" or "](http" not in line)
        ):
            marks = "#" if below[0] == "=" else "##"
            lines[at : at + 2] = [(number, f"{marks} {line.strip()}"), (next_number, "")]


def shown(markdown: str) -> str:
    """Returns what a reader sees of inline Markdown: link texts without targets, code without backticks, no images."""
    return one_line(text_of(markdown))


def text_of(markdown: str) -> str:
    """The same with every space, also those that an image leaves behind."""
    return _shown(markdown, 0) if _MARKS.search(markdown) else unescape(markdown)


def _shown(markdown: str, depth: int) -> str:
    if depth > _DEEPEST:
        return unescape(markdown)
    parts = []
    for token in tokens(markdown):
        if token.kind == "text":
            parts.append(unescape(token.text))
        elif token.kind == "code":
            parts.append(token.text)
        elif token.kind in ("link", "strong", "em"):
            parts.append(_shown(token.text, depth + 1))
    return "".join(parts)
