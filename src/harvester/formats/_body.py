"""Reads a whole page: headings, bullets and table rows in any mixture, since hand-kept pages mix them too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from harvester.formats import _bullet, _row
from harvester.formats._blocks import blocks
from harvester.formats._columns import names_columns, read_cells
from harvester.formats._draft import Draft
from harvester.formats._flat import flatten
from harvester.formats._frame import Frame, read_frame
from harvester.formats._headings import beside, read_heading, shown
from harvester.formats._items import details_of, pieces_of
from harvester.formats._letters import letters
from harvester.formats._markdown import split_cells
from harvester.formats._opaque import dedented, is_hidden, is_opaque
from harvester.formats._outline import Outline, lost_numbers
from harvester.formats._paper import OTHER_FORM, has_paper, read_block
from harvester.formats._text import one_line
from harvester.pages import Parsed, ParsedEntry, ParsedSection, Repair, Unknown

_WINDOW = re.compile(r"papers?\s+from\b", re.IGNORECASE)
NOTHING_RECENT = "*No paper of these days is listed yet.*"
NOTHING_LISTED = "*Nothing is listed here yet.*"


def read_page(text: str) -> Parsed:
    """Reads a page of either style."""
    return _Reader(read_frame(text)).read()


_Numbered = tuple[int, str]


def _grouped(
    pieces: Iterator[_bullet.Bullet | _Numbered],
) -> Iterator[_bullet.Bullet | list[_Numbered] | _Numbered]:
    """Gathers the rows of each table; below a rule, what has a pipe is one, also without a pipe in front."""
    rows: list[_Numbered] = []
    ruled = False
    for piece in pieces:
        line = piece[1] if isinstance(piece, tuple) else ""
        if rows and "|" in line and not is_opaque(line) and (ruled or _row.is_row(line) or _row.is_rule(line)):
            rows.append(piece)  # type: ignore[arg-type]  # it has a line
            ruled = ruled or _row.is_rule(line)
            continue
        if rows:
            yield from _rows_or_lines(rows)
            rows, ruled = [], False
        if "|" in line and not is_opaque(line) and not read_heading(line):
            rows = [piece]  # type: ignore[list-item]  # as above
        else:
            yield piece
    if rows:
        yield from _rows_or_lines(rows)


def _rows_or_lines(rows: list[_Numbered]) -> Iterator[list[_Numbered] | _Numbered]:
    """A line with a pipe in it is running text where no table begins with it."""
    if _row.is_row(rows[0][1]) or (len(rows) > 1 and _row.is_rule(rows[1][1])):
        yield rows
        return
    yield rows[0]
    if rows[1:]:
        yield rows[1:]


def _is_named(line: str) -> bool:
    """Tells whether a row names the columns of a table of papers."""
    return "](" not in line and _row.is_header(line) and not _row.is_rule(line)


def _any_row(line: str, number: int) -> Iterator[Draft]:
    """Reads a row of other columns, or without a linked title, if it links to a paper."""
    cells = [flatten(cell, {}) for cell in split_cells(line.strip().removesuffix("|"))]
    return read_cells(cells, (), number) if any(map(has_paper, cells)) else iter(())


def _any_bullet(bullet: _bullet.Bullet) -> Iterator[Draft]:
    """Reads a bullet of another form, if it links to a paper."""
    items = list(blocks(bullet.lines))
    whole = len(items) == 1 and items[0].kind == "item"
    details, own = details_of(items[0].children, {}) if whole else ([], [])
    if whole and not own:
        pieces = [*pieces_of(items[0], {}), *details]
    else:
        pieces = flatten("\n".join(part.text for part in bullet.parts), {})
    return read_block(pieces, bullet.parts[0].line) if has_paper(pieces) else iter(())


class _Reader:
    """Walks through the pieces of one page and gathers what it finds."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.own = frame.snapshot is not None
        self.outline = Outline(frame.title)
        self.entries: list[ParsedEntry] = []
        self.repairs: list[Repair] = list(frame.repairs)
        self.unknown: list[Unknown] = []
        self.front = False
        self.columns: tuple[str, ...] | None = None  # of the table that is being read, where they are our own
        self.names: list[str] = []  # of its columns, where the first is that of titles
        self.width = 0  # how many columns it has, where its header says so
        self.numbered: list[int] = []  # lines of entries in numbered lists
        self.kept = 0  # the last line that was kept as prose

    def read(self) -> Parsed:
        frame = self.frame
        if frame.of_section and frame.title:
            self.outline.enter(1, frame.title, 1)
        for piece in _grouped(_bullet.pieces(frame.lines)):
            if isinstance(piece, _bullet.Bullet):
                self._take_bullet(piece)
            elif isinstance(piece, list):
                self._take_rows(piece)
            else:
                self._take_line(*piece)
        return Parsed(
            title=frame.title,
            head=frame.head,
            foot=frame.foot,
            sections=self._sections(),
            entries=tuple(self.entries),
            repairs=tuple(sorted([*self.repairs, *lost_numbers(self.numbered)], key=lambda repair: repair.line)),
            unknown=tuple(self.unknown),
            recent_days=frame.recent_days,
            snapshot=frame.snapshot,
            list=frame.list,
            front=self.front,
        )

    def _take_line(self, number: int, line: str) -> None:
        if heading := read_heading(line):
            if _WINDOW.search(line):
                self.front = True
            else:
                self.outline.enter(heading[0], shown(heading[1]), number)
                if (kept := beside(heading[1])) and "shields.io" not in kept:
                    self.outline.add_prose(kept)
        elif line.strip() not in (NOTHING_RECENT, NOTHING_LISTED):
            self._keep(number, dedented(line) if is_opaque(line) else line)
            if not is_opaque(line):
                self._tell_unknown(number, line)

    def _take_rows(self, rows: list[_Numbered]) -> None:
        """Reads a table. Its rows that are no entries stay one, below its header; one of papers without rows goes."""
        ruled = len(rows) > 1 and _row.is_rule(rows[1][1])
        header: list[_Numbered] = []
        if _is_named(rows[0][1]) or (ruled and not (not self.own and self._take_row(*rows[0]))):
            header = rows[: 2 if ruled else 1]
            self._enter_columns(header[0][1])
        elif _row.is_rule(rows[0][1]):
            header = rows[:1]
        left: list[_Numbered] = []
        for number, line in rows[2 if ruled else len(header) :]:
            if _is_named(line):
                self._enter_columns(line)
            elif band := _row.read_band(line):
                self._keep_rows(header, left)
                left = []
                self._take_band(band, number)
            elif not _row.is_rule(line) and not self._take_row(number, line):
                left.append((number, line))
        if len(rows) == len(header) and not _is_named(header[0][1]):
            header, left = [], header
        self._keep_rows(header, left)

    def _enter_columns(self, header: str) -> None:
        names = _row.names(header)
        self.columns, self.width = _row.read_header(header), len(names)
        self.names = names if _row.is_header(header) else []

    def _take_row(self, number: int, line: str) -> bool:
        line, mended = _row.fit(line, self.width)
        line = line if self.own else letters(line)
        draft = Draft(number, self.own)
        if mended:
            draft.mend(mended)
        return (
            self._take_cells(number, line)
            or (_row.read_row(line, draft, self.columns) and self._take(draft))
            or self._take_any(_any_row(line, number))
        )

    def _keep_rows(self, header: Sequence[_Numbered], left: Sequence[_Numbered]) -> None:
        for at, (number, line) in enumerate([*header, *left] if left else ()):
            if at:
                self.outline.add_prose(line)  # rows between them may be entries, so their numbers say nothing
            else:
                self._keep(number, line)
        for number, line in left:
            self._tell_unknown(number, line)
            self.kept = number

    def _take_cells(self, number: int, line: str) -> bool:
        """Reads a row of columns that are named, and are not ours."""
        if self.columns or self.own or not names_columns(self.names):
            return False
        cells = [flatten(cell, {}) for cell in split_cells(line.strip().removesuffix("|"))]
        return [self._take(draft) for draft in read_cells(cells, self.names, number)] == [True]

    def _take_band(self, band: str, number: int) -> None:
        """A row that names a section: a front page's by its path, elsewhere one below the table's heading."""
        if self.front:
            self.outline.at(band, number)
        else:
            self.outline.below(band, number)

    def _take_bullet(self, bullet: _bullet.Bullet) -> None:
        bullet = bullet if self.own else _bullet.with_letters(bullet)
        first = bullet.parts[0]
        draft = Draft(first.line, self.own)
        before = len(self.entries)
        if _bullet.is_empty(bullet):
            self.repairs.append(Repair(first.line, "an empty bullet was left out"))
        elif not self._take_written(bullet, draft) and not self._take_any(_any_bullet(bullet)):
            for number, line in bullet.lines:
                self._keep(number, line)
            self._tell_unknown(first.line, first.text)
        if len(self.entries) > before and first.mark[:1].isdigit():
            self.numbered.append(first.line)

    def _take_written(self, bullet: _bullet.Bullet, draft: Draft) -> bool:
        """Reads a bullet as we write it; on a page of our own, what somebody wrote otherwise is read as on any page."""
        if not _bullet.read_bullet(bullet, draft):
            return False
        if self.own and not _bullet.is_written_here(bullet):
            taken = [other for other in _any_bullet(bullet) if self._take(other)]
            self.repairs += [Repair(other.line, OTHER_FORM) for other in taken]
            if taken:
                return True
        return self._take(draft)

    def _keep(self, number: int, line: str) -> None:
        """Keeps a line as prose; what did not stand together does not come together."""
        if line.strip() and not is_hidden(line):
            self.repairs += self.outline.told_below(self.entries, number)
        kept = self.outline.prose()
        if number > self.kept + 1 and line.strip() and kept and kept[-1].strip():
            kept.append("")
        kept.append(line)
        self.kept = number + line.count("\n")

    def _take(self, draft: Draft) -> bool:
        if not self.own:
            draft.count_citations()
        entry = draft.finish(self.outline.place(draft.line))
        if entry is None:
            return False
        self.entries.append(entry)
        self.repairs.extend(draft.repairs)
        return True

    def _take_any(self, drafts: Iterator[Draft]) -> bool:
        """Takes what only the reader of any list understands; on a page of our own, prose is prose."""
        taken = [] if self.own else [draft for draft in drafts if self._take(draft)]
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
