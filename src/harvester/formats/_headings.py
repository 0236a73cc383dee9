"""Headings, and the anchors that GitHub makes for them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from harvester.formats._markdown import tokens, unescape
from harvester.formats._text import one_line

_HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
_MARKS = re.compile(r"[`*<\[]")
_DEEPEST = 20  # what is nested deeper than anybody writes is read as text
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


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


def headings(markdown: str) -> Iterator[tuple[int, str, int]]:
    """Yields level, text as shown, and line number (from 1) of every heading outside code blocks."""
    fence = ""
    for number, line in enumerate(markdown.split("\n"), 1):
        if found := _FENCE.match(line):
            if not fence:
                fence = found[1]
            elif found[1].startswith(fence):
                fence = ""
        elif not fence and (heading := read_heading(line)):
            yield heading[0], shown(heading[1]), number


def shown(markdown: str) -> str:
    """Returns what a reader sees of inline Markdown: link texts without targets, code without backticks, no images."""
    return one_line(_shown(markdown, 0) if _MARKS.search(markdown) else unescape(markdown))


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


def anchors(titles: Iterable[str]) -> list[str]:
    """Returns the anchor of every heading of a page, in order.

    GitHub lowers the case, drops what is neither letter, digit, mark, underscore, hyphen nor space, turns spaces into
    hyphens, and numbers repeated ones (`other`, `other-1`); a number that is taken already is passed over.
    """
    taken: dict[str, int] = {}
    made = []
    for title in titles:
        base = anchor = _slug(title)
        while anchor in taken:
            taken[base] += 1
            anchor = f"{base}-{taken[base]}"
        taken[anchor] = 0
        made.append(anchor)
    return made


def _slug(title: str) -> str:
    kept = (char for char in title.strip().lower() if char in "_- " or unicodedata.category(char)[0] in "LNM")
    return "".join(kept).replace(" ", "-")
