"""Folds of a page (`<details>`): one that holds entries is a part of its section, any other stays as it is written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from harvester.formats._opaque import is_opaque
from harvester.formats._text import one_line

BEGINS, ENDS = "\ue020", "\ue021"  # stand for the marks of a fold that holds entries; its title follows the first
_BEGIN = re.compile(r"<details\b[^<>]*>", re.IGNORECASE)
_END = re.compile(r"</details\s*>", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary\b[^<>]*>(.*?)(?:</summary\s*>|$)", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]*>")
_ENTRY = re.compile(r"(?:arxiv\.org|doi\.org|openreview\.net|github\.com)/\w", re.IGNORECASE)
# What a fold says about itself, not about what it holds.
_NO_TITLE = re.compile(
    r"(?:click|expand|show|open|unfold|see|view|full|list|details?|more|all|papers?|here|to|the|展开|点击|查看|更多|详情|\W)*",
    re.IGNORECASE,
)

_Lines = Sequence[tuple[int, str]]


def unfolded(lines: _Lines) -> list[tuple[int, str]]:
    """Writes folds that hold entries as marks; folds within folds, too."""
    if not any("<details" in line.casefold() for _, line in lines):
        return list(lines)
    told = dict(_marked(lines))
    kept: list[tuple[int, str]] = []
    for at, (number, line) in enumerate(lines):
        kept += [(number, text) for text in told.get(at, [line])]
    return kept


def _marked(lines: _Lines) -> list[tuple[int, list[str]]]:
    marked: list[tuple[int, list[str]]] = []
    open_at: list[int] = []
    for at, (_, line) in enumerate(lines):
        if is_opaque(line):
            continue
        if _BEGIN.search(line):
            open_at.append(at)
        if _END.search(line) and open_at:
            first = open_at.pop()
            if first < at and any(_ENTRY.search(line) for _, line in lines[first : at + 1]):
                marked += _fold(lines, first, at)
    return marked


def _fold(lines: _Lines, first: int, last: int) -> list[tuple[int, list[str]]]:
    """The lines of a fold's marks, anew: its title is what its summary says."""
    title = ""
    marked: list[tuple[int, list[str]]] = []
    rest = _BEGIN.sub("", lines[first][1], count=1)
    for at in range(first, min(first + 4, last)):
        text = rest if at == first else lines[at][1]
        if found := _SUMMARY.search(text):
            title = one_line(_TAGS.sub("", found[1])).strip("# *_:：")
            marked.append(
                (at, ["", BEGINS + ("" if _NO_TITLE.fullmatch(title) else title), "", _SUMMARY.sub("", text)])
            )
            break
        if text.strip() and at > first:
            break
        marked.append((at, [text]))
    else:
        return []
    if not any(BEGINS in text for _, texts in marked for text in texts):
        marked[0] = (first, ["", BEGINS, "", rest])
    return [*marked, (last, ["", ENDS, "", _END.sub("", lines[last][1], count=1)])]
