"""Blocks of a page in which nothing is read: code between fences, comments, and what HTML does not read as Markdown.

Grammar: https://spec.commonmark.org/0.31.2/, fenced code blocks and HTML blocks of the kinds 1 to 5. One that nobody ends
would hide all below it, whose authors did not mean that: its first line is text. Time is in proportion to the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harvester.pages import Repair

_ITEM = re.compile(r"([ \t]*)(?:[-*+]|\d{1,9}[.)])([ \t]+)(?=\S)")
_MAY_OPEN = re.compile(r"[^`~<]*(?:```|~~~|<[!?psSPtT])")
_FENCE = re.compile(r"(`{3,})(?=[^`]*$)|(~{3,})")
_HTML = re.compile(r"<!--|<\?|<!\[CDATA\[|<!(?=[A-Za-z])|<(pre|script|style|textarea)(?=[\s>]|$)", re.IGNORECASE)
_ENDS = {"<!--": "-->", "<?": "?>", "<![cdata[": "]]>", "<!": ">"}


@dataclass(frozen=True, slots=True)
class Block:
    """A block of some lines, by their places; `last` is the place behind it."""

    first: int
    last: int
    mark: str  # what it begins with
    ending: str  # a line that ends it where the lines do not: a fence that its list item ends; else nothing


def cut(lines: Sequence[tuple[int, str]]) -> tuple[list[tuple[int, str]], list[Repair]]:
    """Makes each block one line, with line feeds in it, so that nothing in it is taken for anything else.

    Returns the lines with their numbers, and which marks were made text because nobody ends their block.
    """
    if not any(map(_MAY_OPEN.match, (line for _, line in lines))):
        return list(lines), []
    reader = _Reader([line for _, line in lines])
    blocks = list(reader.read())
    told = list(lines)
    repairs = []
    for place, mark in reader.open.items():
        number, line = told[place]
        begins = line.index(mark)
        told[place] = (number, f"{line[:begins]}\\{line[begins:]}")
        repairs.append(Repair(number, f"a block that nobody ends would hide all below it: {mark} is shown as text"))
    kept: list[tuple[int, str]] = []
    at = 0
    for block in blocks:
        kept += told[at : block.first]
        text = "\n".join(line for _, line in told[block.first : block.last])
        kept.append((told[block.first][0], text + block.ending))
        at = block.last
    return kept + told[at:], repairs


def is_opaque(line: str) -> bool:
    """Tells whether a line is a whole block."""
    return "\n" in line


def is_hidden(block: str) -> bool:
    """Tells whether a block shows nothing: a comment."""
    return block.lstrip().startswith("<!--")


def dedented(block: str) -> str:
    """The block without the indent of its first line."""
    indent = len(block) - len(block.lstrip())
    return "\n".join(line[indent:] if not line[:indent].strip() else line.lstrip() for line in block.split("\n"))


def content(block: str) -> list[str]:
    """The lines of a block that show something, without fences."""
    lines = dedented(block).split("\n")
    if found := _FENCE.match(lines[0]):
        lines = lines[1:-1] if lines[-1].strip().startswith(found[0]) else lines[1:]
    return [line for line in lines if line.strip()]


class _Reader:
    """Walks through lines with the list items that are open, whose ends are ends of blocks too."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.open: dict[int, str] = {}  # marks whose blocks nobody ends, by place
        self._items: list[int] = []  # columns at which the content of the open items begins, outermost first
        self._barren: dict[str, int] = {}  # up to which place no end of such a block was found

    def read(self) -> Iterator[Block]:
        at, blank = 0, True
        while at < len(self.lines):
            line = self.lines[at]
            if not line.strip():
                blank, at = True, at + 1
                continue
            begins = self._enter(line, after_blank=blank)
            blank = False
            found = self._block(at, begins) if begins is not None else None
            if found:
                yield found
            at = found.last if found else at + 1

    def _enter(self, line: str, *, after_blank: bool) -> int | None:
        """Opens and closes items; returns where the line's text begins, None where it is in a block of indented code."""
        column = _width(line)
        begins = len(line) - len(line.lstrip())
        item = _ITEM.match(line)
        if item or after_blank or line[begins] in "`~<#|>":
            while self._items and column < self._items[-1]:
                self._items.pop()
        if column - (self._items[-1] if self._items else 0) >= 4 and not item:
            return None
        while item:
            self._items.append(len(line[: item.end()].expandtabs(4)) if len(item[2]) <= 4 else column + 2)
            begins = item.end()
            item = _ITEM.match(line, begins)
        return begins

    def _block(self, at: int, begins: int) -> Block | None:
        line = self.lines[at]
        if line[begins] in "`~" and (fence := _FENCE.match(line, begins)):
            return self._fenced(at, fence[0])
        if line[begins] == "<" and (found := _HTML.match(line, begins)):
            ending = f"</{found[1].lower()}" if found[1] else _ENDS[found[0].lower()]
            return self._of_html(at, begins, found[0], ending)
        return None

    def _fenced(self, at: int, fence: str) -> Block | None:
        inner = self._items[-1] if self._items else 0
        if at < self._barren.get(fence, 0):
            self.open[at] = fence
            return None
        for place in range(at + 1, len(self.lines)):
            line = self.lines[place]
            bare = line.strip()
            if bare and inner and _width(line) < inner:
                return Block(at, place, fence, "\n" + " " * inner + fence)
            if bare.startswith(fence) and not bare.strip(fence[0]) and _width(line) < inner + 4:
                return Block(at, place + 1, fence, "")
        self._barren[fence] = len(self.lines)
        self.open[at] = fence
        return None

    def _of_html(self, at: int, begins: int, mark: str, ending: str) -> Block | None:
        inner = self._items[-1] if self._items else 0
        if ending in self.lines[at][begins:].lower():
            return None  # a line like others
        if at >= self._barren.get(ending, 0):
            for place in range(at + 1, len(self.lines)):
                line = self.lines[place]
                if ending in line.lower():
                    return Block(at, place + 1, mark, "")
                if inner and line.strip() and _width(line) < inner:
                    self._barren[ending] = place
                    break
            else:
                self._barren[ending] = len(self.lines)
        self.open[at] = mark
        return None


def _width(line: str) -> int:
    """How many columns stand before the text."""
    indent = line[: len(line) - len(line.lstrip())]
    return len(indent.expandtabs(4))
