"""List items as pieces: an entry's own text, what stands below it, and the items below it that are entries themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from harvester.formats._below import is_quotation, with_quoted
from harvester.formats._blocks import Block
from harvester.formats._flat import Piece, flatten
from harvester.formats._opaque import content
from harvester.formats._paper import has_paper, has_target
from harvester.formats._text import one_line
from harvester.formats._title import find_title

_NUMBERED = re.compile(r"\s*(\d{1,4}[.)])\s")


def pieces_of(item: Block, addresses: Mapping[str, str], depth: int = 0) -> list[Piece]:
    """The pieces of an item and of the paragraphs that belong to it."""
    pieces: list[Piece] = []
    for number, text in enumerate(_paragraphs(item.texts)):
        if number:
            pieces.append(Piece("break", "", depth=max(depth, 1)))
        pieces += flatten(text, addresses)
    return pieces


def details_of(
    children: Sequence[Block], addresses: Mapping[str, str], depth: int = 1
) -> tuple[list[Piece], list[Block]]:
    """Parts of an entry that stand below it, as pieces; and the children that are entries of their own."""
    details: list[Piece] = []
    own: list[Block] = []
    for child in children:
        if child.kind == "code":
            code = (one_line(line) for line in content("\n".join(child.lines)))
            details += [Piece("quote", line, depth=depth) for line in code]
            continue
        pieces = pieces_of(child, addresses, depth) if child.kind == "item" else []
        if child.kind != "item" or _is_own_entry(pieces):
            own.append(child)
            continue
        below, entries = details_of(child.children, addresses, depth + 1)
        details += [Piece("break", "", number_of(child), bold=True, depth=depth), *pieces, *below]
        own += entries
    return details, own


def _paragraphs(texts: Sequence[str]) -> Iterator[str]:
    part: list[str] = []
    for text in [*texts, ""]:
        if part and is_quotation(text) and is_quotation(part[0]):
            part[-1] = with_quoted(part[-1], text)
            continue
        if part and (not text or is_quotation(text)):
            yield "\n".join(part)
            part = []
        if text:
            part.append(text)


def number_of(item: Block) -> str:
    """The number of an item in a numbered list, as it is written."""
    found = _NUMBERED.match(item.lines[0])
    return found[1] + " " if found else ""


def _is_own_entry(pieces: Sequence[Piece]) -> bool:
    """Tells whether an item below another is an entry by itself, no part of it."""
    if not has_target(pieces):
        return False
    title = find_title(pieces)
    if title is None or title.score < (75 if title.first == 0 else 80):
        return False
    return title.url is not None or has_paper(pieces)
