"""Reads a whole page: headings, bullets and table rows in any mixture, since hand-kept pages mix them too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvester.formats import _bullet, _row
from harvester.formats._columns import names_columns, read_cells
from harvester.formats._draft import Draft
from harvester.formats._flat import flatten
from harvester.formats._frame import Frame, read_frame
from harvester.formats._headings import beside, read_heading, shown
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
        self.columns: tuple[str, ...] | None = None  # of the table that is being read, where they are our own
        self.names: list[str] = []  # of its columns, where the first is that of titles
        self.header: list[str] = []  # its first lines, which stay where one of its rows does
        self.last_row = 0

    def read(self) -> Parsed:
        frame = self.frame
        if frame.of_section and frame.title:
            self.outline.enter(1, frame.title, 1)
        for piece in _bullet.pieces(frame.lines):
            if isinstance(piece, _bullet.Bullet):
                self._take_bullet(piece)
            elif isinstance(piece, _bullet.Code):
                for line in piece.lines:
                    self.outline.add_prose(line)
            else:
                self._take_line(*piece)
        self._end_table()
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
        if not _row.is_row(line):
            self._end_table()
        if heading := read_heading(line):
            if _WINDOW.search(line):
                self.front = True
            else:
                self.outline.enter(heading[0], shown(heading[1]), number)
                if (kept := beside(heading[1])) and "shields.io" not in kept:
                    self.outline.add_prose(kept)
        elif _row.is_row(line):
            self._take_row(number, line)
        elif line.strip() not in (NOTHING_RECENT, NOTHING_LISTED):
            self.outline.add_prose(line)
            self._tell_unknown(number, line)

    def _take_row(self, number: int, line: str) -> None:
        begins = number != self.last_row + 1
        if begins:
            self._end_table()
        self.last_row = number
        if _row.is_rule(line):
            self.names = _row.names(self.header[0]) if self.header and _row.is_header(self.header[0]) else []
            self.header.append(line)
        elif _row.is_header(line):
            self.columns = _row.read_header(line)
            self.header = [line]
        elif band := _row.read_band(line):
            self._take_band(band, number)
        elif (
            self._take_cells(number, line)
            or self._take(_row.read_row(line, number, self.columns))
            or self._take_any(_any_row(line, number))
        ):
            self.header = []
        elif begins:
            self.header = [line]
        else:
            self._keep_table()
            self.outline.add_prose(line)
            self._tell_unknown(number, line)

    def _take_cells(self, number: int, line: str) -> bool:
        """Reads a row of columns that are named, and are not ours."""
        if self.columns or self.frame.snapshot is not None or not names_columns(self.names):
            return False
        cells = [flatten(cell, {}) for cell in split_cells(line.strip().removesuffix("|"))]
        return [self._take(draft) for draft in read_cells(cells, self.names, number)] == [True]

    def _take_band(self, band: str, number: int) -> None:
        """A row that names a section: a front page's by its path, elsewhere one below the table's heading."""
        if self.front:
            self.outline.at(band, number)
        else:
            self.outline.below(band, number)

    def _keep_table(self) -> None:
        """What stands above rows that are kept is kept with them."""
        for at, line in enumerate(self.header):
            self.outline.add_prose(line)
            if not _row.is_rule(line):
                self._tell_unknown(self.last_row - len(self.header) + at, line)
        self.header = []

    def _end_table(self) -> None:
        """A table without rows is kept, but for one of papers that nobody filled."""
        if self.header and not _row.is_header(self.header[0]):
            self.last_row += 1
            self._keep_table()
        self.header, self.names, self.last_row = [], [], 0

    def _take_bullet(self, bullet: _bullet.Bullet) -> None:
        self._end_table()
        first = bullet.parts[0]
        if _bullet.is_empty(bullet):
            self.repairs.append(Repair(first.line, "an empty bullet was left out"))
        elif not self._take(_bullet.read_bullet(bullet)) and not self._take_any(_any_bullet(bullet)):
            for line in _bullet.as_prose(bullet):
                self.outline.add_prose(line)
            self._tell_unknown(first.line, first.text)

    def _take(self, draft: Draft | None) -> bool:
        if draft and self.frame.snapshot is None:
            draft.count_citations()
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
