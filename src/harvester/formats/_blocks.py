"""The lines of any Markdown page as blocks: headings, list items with what belongs to them, rows, paragraphs, code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from harvester.formats._headings import read_heading
from harvester.formats._markdown import split_cells
from harvester.formats._opaque import dedented, is_hidden, is_opaque
from harvester.formats._text import read_box

BlockKind = Literal["heading", "item", "row", "paragraph", "code"]
_ITEM = re.compile(r"([ \t]*)(?:[-*+•]|\d{1,4}[.)])(?:[ \t]+|(?=\[)|(?=\*\*))(.*)$")
_LI = re.compile(r"[ \t]*<li\b[^>]*>\s*", re.IGNORECASE)
_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t:|-]*)?")
_LINE = re.compile(r"(?:[-*_=]\s*){3,}")
_HTML_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*)</h\1\s*>", re.IGNORECASE)
_TR = re.compile(r"<tr\b", re.IGNORECASE)
_END_TR = re.compile(r"</tr\s*>|</t(?:able|body|head)\s*>", re.IGNORECASE)
_CELL = re.compile(r"<t([dh])\b[^>]*>", re.IGNORECASE)
_WRAPPERS = re.compile(r"(?:</?(?:table|thead|tbody|ul|ol)\b[^<>]*>\s*)+", re.IGNORECASE)
_TAGS_OF_TABLES = re.compile(r"</?(?:t[drh]|thead|tbody|table)\b[^>]*>", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """One block. `lines` are its own as written, `texts` what they say; children are the items nested below it."""

    kind: BlockKind
    line: int
    lines: list[str]
    texts: list[str]
    indent: int = 0
    level: int = 0  # of a heading
    cells: list[str] = field(default_factory=list)  # of a row
    header: list[str] = field(default_factory=list)  # of the table that a row stands in
    above: list[str] = field(default_factory=list)  # lines of that header
    children: list[Block] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


def blocks(lines: Sequence[tuple[int, str]]) -> Iterator[Block]:
    """Groups lines into blocks; empty lines and rules between them are left out."""
    return iter(_Grouping(lines).read())


class _Grouping:
    """Walks through lines with the list items that are open."""

    def __init__(self, lines: Sequence[tuple[int, str]]) -> None:
        self.lines = lines
        self.at = 0
        self.done: list[Block] = []
        self.open: list[Block] = []  # items, outermost first
        self.header: list[str] = []
        self.above: list[str] = []
        self.blank = True

    def read(self) -> list[Block]:
        while self.at < len(self.lines):
            number, line = self.lines[self.at]
            self._take(number, line)
            self.at += 1
        return self.done

    def _take(self, number: int, line: str) -> None:
        stripped = line.strip()
        if not stripped:
            self.blank = True
            self.header = []
            return None
        before, self.blank = self.blank, False
        if is_opaque(line):
            return self._take_code(number, line)
        if heading := read_heading(line) or _html_heading(stripped):
            return self._close(Block("heading", number, [line], [heading[1]], level=heading[0]))
        if _TR.match(stripped):
            return self._take_html_row(number)
        if stripped.startswith("|") or (self.header and "|" in stripped):
            return self._take_row(number, line)
        if "|" in stripped and self._is_header():
            return self._take_row(number, line)
        if _WRAPPERS.fullmatch(stripped):
            return self._close(None)
        if _LI.match(line):
            line = "- " + _LI.sub("", line, count=1).removesuffix("</li>")
        if _LINE.fullmatch(stripped):
            return self._close(None)
        if item := _ITEM.match(line):
            return self._take_item(number, line, len(item[1].expandtabs(4)), item[2])
        return self._take_text(number, line, before)

    def _next(self) -> str:
        return self.lines[self.at + 1][1].strip() if self.at + 1 < len(self.lines) else ""

    def _is_header(self) -> bool:
        below = self._next()
        return "|" in below and bool(_RULE.fullmatch(below))

    def _close(self, block: Block | None) -> None:
        self.open = []
        self.header = []
        if block:
            self.done.append(block)

    def _take_code(self, number: int, text: str) -> None:
        block = Block("code", number, kept := dedented(text).split("\n"), kept)
        if self.open and text[0] in " \t" and not is_hidden(text):
            self.open[-1].children.append(block)
        else:
            self._close(block)

    def _take_row(self, number: int, line: str) -> None:
        self.open = []
        stripped = line.strip()
        if _RULE.fullmatch(stripped):
            return
        cells = split_cells(stripped)
        if not cells[-1] and len(cells) > 1:
            cells = cells[:-1]
        if self._is_header():
            self.header = cells
            self.above = [line, self.lines[self.at + 1][1]]
            return
        above = self.above if self.header else []
        self.done.append(Block("row", number, [line], cells, cells=cells, header=self.header, above=above))

    def _take_html_row(self, number: int) -> None:
        last = self._row_end()
        kept = [line for _, line in self.lines[self.at : last + 1]]
        self.at = last
        before, *parts = _CELL.split(" ".join(part.strip() for part in kept))
        kinds, cells = parts[::2], [_TAGS_OF_TABLES.sub("", cell).strip() for cell in [*parts[1::2], before]]
        if not cells[-1]:
            cells = cells[:-1]
        self.open = []
        if cells and all(kind.casefold() == "h" for kind in kinds) and not any("://" in cell for cell in cells):
            self.header = cells
        elif any(cells):
            self.done.append(Block("row", number, kept, cells, cells=cells, header=self.header))

    def _row_end(self) -> int:
        """The place of the line that ends a row of HTML; a row that nobody ends is its first line."""
        for at in range(self.at, min(self.at + 200, len(self.lines))):
            line = self.lines[at][1]
            if _END_TR.search(line):
                return at
            if at > self.at and _TR.match(line.strip()):
                return at - 1
        return self.at

    def _take_item(self, number: int, line: str, indent: int, text: str) -> None:
        self.header = []
        block = Block("item", number, [line], [read_box(text.strip())], indent=indent)
        while self.open and indent < self.open[-1].indent + (2 if indent or self.open[-1].indent else 1):
            self.open.pop()
        (self.open[-1].children if self.open else self.done).append(block)
        self.open.append(block)

    def _take_text(self, number: int, line: str, after_blank: bool) -> None:
        self.header = []
        last = self.done[-1] if self.done else None
        if self.open and (not after_blank or line[0] in " \t"):
            if after_blank:
                self.open[-1].texts.append("")
            self.open[-1].lines.append(line)
            self.open[-1].texts.append(line.strip())
        elif last and last.kind == "paragraph" and not after_blank:
            last.lines.append(line)
            last.texts.append(_unquoted(line))
        else:
            self._close(Block("paragraph", number, [line], [_unquoted(line)]))


def _unquoted(line: str) -> str:
    return line.strip().lstrip("> ").rstrip("\\").strip()


def _html_heading(stripped: str) -> tuple[int, str] | None:
    found = _HTML_HEADING.fullmatch(stripped) if stripped[:2].casefold() == "<h" else None
    return (int(found[1]), found[2].strip()) if found else None
