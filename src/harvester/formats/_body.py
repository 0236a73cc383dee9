"""Reads a whole page: headings, bullets and table rows in any mixture, since hand-kept pages mix them too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvester.formats import _bullet, _row
from harvester.formats._columns import read_cells
from harvester.formats._draft import Draft
from harvester.formats._flat import flatten
from harvester.formats._frame import Frame, read_frame
from harvester.formats._headings import read_heading, shown
from harvester.formats._markdown import split_cells
from harvester.formats._outline import Outline
from harvester.formats._paper import OTHER_FORM, has_paper, read_block
from harvester.formats._text import one_line
from harvester.pages import Parsed, ParsedEntry, ParsedSection, Repair, Unknown

_WINDOW = re.compile(r"papers?\s+from\b", re.IGNORECASE)
NOTHING_RECENT = "*No paper of these days is listed yet.*"
NOTHING_LISTED = "*Nothing is listed here yet.*"


def read_page(text: str) -> Parsed:
    """Reads a page of either style."""
    return _Reader(read_frame(text)).read()


def _any_row(line: str, number: int) -> Iterator[Draft]:
    """Reads a row of other columns, or without a linked title, if it links to a paper."""
    cells = [flatten(cell, {}) for cell in split_cells(line.strip().removesuffix("|"))]
    return read_cells(cells, (), number) if any(map(has_paper, cells)) else iter(())


def _any_bullet(bullet: _bullet.Bullet) -> Iterator[Draft]:
    """Reads a bullet of another form, if it links to a paper."""
    pieces = flatten("\n".join(part.text for part in bullet.parts), {})
    return read_block(pieces, bullet.parts[0].line) if has_paper(pieces) else iter(())


class _Reader:
    """Walks through the pieces of one page and gathers what it finds."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.outline = Outline(frame.title)
        self.entries: list[ParsedEntry] = []
        self.repairs: list[Repair] = list(frame.repairs)
        self.unknown: list[Unknown] = []
        self.front = False
        self.columns: tuple[str, ...] | None = None  # of the table that is being read

    def read(self) -> Parsed:
        frame = self.frame
        if frame.of_section and frame.title:
            self.outline.enter(1, frame.title, 1)
        for piece in _bullet.pieces(frame.lines):
            if isinstance(piece, _bullet.Bullet):
                self._take_bullet(piece)
            else:
                self._take_line(*piece)
        return Parsed(
            title=frame.title,
            head=frame.head,
            foot=frame.foot,
            sections=self._sections(),
            entries=tuple(self.entries),
            repairs=tuple(sorted(self.repairs, key=lambda repair: repair.line)),
            unknown=tuple(self.unknown),
            recent_days=frame.recent_days,
            snapshot=frame.snapshot,
            front=self.front,
        )

    def _take_line(self, number: int, line: str) -> None:
        if heading := read_heading(line):
            if _WINDOW.search(line):
                self.front = True
            else:
                self.outline.enter(heading[0], shown(heading[1]), number)
        elif _row.is_row(line):
            self._take_row(number, line)
        elif line.strip() not in (NOTHING_RECENT, NOTHING_LISTED):
            self.outline.add_prose(line)
            self._tell_unknown(number, line)

    def _take_row(self, number: int, line: str) -> None:
        if _row.is_header(line):
            self.columns = _row.read_header(line) or (self.columns if _row.is_rule(line) else None)
            return
        if band := _row.read_band(line):
            self.outline.at(band, number)
        elif not self._take(_row.read_row(line, number, self.columns)) and not self._take_any(_any_row(line, number)):
            self.outline.add_prose(line)
            self._tell_unknown(number, line)

    def _take_bullet(self, bullet: _bullet.Bullet) -> None:
        first = bullet.parts[0]
        if _bullet.is_empty(bullet):
            self.repairs.append(Repair(first.line, "an empty bullet was left out"))
        elif not self._take(_bullet.read_bullet(bullet)) and not self._take_any(_any_bullet(bullet)):
            for line in _bullet.as_prose(bullet):
                self.outline.add_prose(line)
            self._tell_unknown(first.line, first.text)

    def _take(self, draft: Draft | None) -> bool:
        entry = draft.finish(self.outline.place(draft.line)) if draft else None
        if draft is None or entry is None:
            return False
        self.entries.append(entry)
        self.repairs.extend(draft.repairs)
        return True

    def _take_any(self, drafts: Iterator[Draft]) -> bool:
        """Takes what only the reader of any list understands; on a page of our own, prose is prose."""
        taken = [draft for draft in drafts if self._take(draft)] if self.frame.snapshot is None else []
        self.repairs += [Repair(draft.line, OTHER_FORM) for draft in taken]
        return bool(taken)

    def _tell_unknown(self, number: int, text: str) -> None:
        if text.strip():
            self.unknown.append(Unknown(number, one_line(text), f"kept below the heading {self.outline.path!r}"))

    def _sections(self) -> tuple[ParsedSection, ...]:
        """The sections that an index of pages names come first, in its order; those it does not name follow."""
        found = self.outline.sections()
        pages = {line.title.casefold(): line for line in self.frame.index if line.page}
        named = {section.path.casefold(): section for section in found}
        first = []
        for key, line in pages.items():
            section = named.get(key) or ParsedSection(line.title.replace(" / ", "/"), line.title, 1, 1)
            first.append(ParsedSection(section.path, section.title, 1, section.line, section.prose, line.page))
            first += [below for below in found if below.path.startswith(section.path + " / ")]
        taken = {section.path for section in first}
        return (*first, *(section for section in found if section.path not in taken))
