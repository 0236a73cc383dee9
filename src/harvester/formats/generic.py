"""Any Markdown list or table of papers; reads, does not render (an adopted list is shown in table or bullet style).

Every link to arXiv, a DOI, OpenReview or GitHub is found in list items at any depth, rows of any columns, HTML tables and
paragraphs, with the title that stands beside it and the headings above it. A title that nobody wrote stays unknown: then
the page shows what upstream says. What is no entry is kept as prose of its section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from harvester.formats import _columns
from harvester.formats._blocks import Block, blocks
from harvester.formats._draft import Draft
from harvester.formats._flat import Piece, as_markdown, definitions, flatten, is_definition
from harvester.formats._folds import BEGINS, ENDS, unfolded
from harvester.formats._frame import is_toc, plain_lines
from harvester.formats._headings import beside, shown
from harvester.formats._items import details_of, number_of, pieces_of
from harvester.formats._opaque import is_hidden
from harvester.formats._outline import NO_HEADING, Outline, lost_numbers
from harvester.formats._paper import has_paper, has_target, read_block
from harvester.formats._shapes import words
from harvester.formats._text import one_line
from harvester.formats._title import Title, find_marked_title, find_title
from harvester.pages import Parsed, ParsedEntry, ParsedSection, Repair, Unknown

NAME = "generic"
_ANCHOR_LINK = re.compile(r"\[[^\[\]]*\]\(#[^()\s]*\)")
_INDEX_TITLE = re.compile(r"(?:table of )?contents?|toc|index|quick links|目录", re.IGNORECASE)
_POINTS = re.compile(r"(?:see(?:\s+also)?|cf\.?|refer to|related(?: lists| work)?|based on|thanks to)\b", re.IGNORECASE)
_GROUP_AT_MOST = 12  # words that name a group of entries
_TOLD_AT_MOST = 40  # words beside title and links: a paragraph with more of them is prose that mentions a paper


def parse(text: str) -> Parsed:
    """Reads a page of any form."""
    return _Reader(text).read()


class _Reader:
    """Walks through the blocks of one page and gathers what it finds."""

    def __init__(self, text: str) -> None:
        lines, repairs = plain_lines(text)
        self.addresses = definitions(line for _, line in lines)
        kept = [(number, line) for number, line in lines if not is_definition(line) and not is_toc(line)]
        self.lines = unfolded(kept)
        self.folds: list[str] = []  # the sections that the open folds stand in, where they are sections of their own
        said = "\n".join(line for _, line in self.lines).casefold() if self.addresses else ""
        self.unused = [line.strip() for _, line in lines if is_definition(line) and not _is_used(line, said)]
        self.title: str | None = None
        self.outline = Outline(None)
        self.head: list[str] = []
        self.table: list[str] | None = None  # header of the table whose row was kept last
        self.entries: list[ParsedEntry] = []
        self.repairs: list[Repair] = list(repairs)
        self.unknown: list[Unknown] = []
        self.at = 1  # the line of the block that is read
        self.numbered: list[int] = []  # lines of entries in numbered lists

    def read(self) -> Parsed:
        for block in blocks(self.lines):
            self.at = block.line
            match block.kind:
                case "heading":
                    self._take_heading(block)
                case "item":
                    self._take_item(block)
                case "row":
                    self._take_row(block)
                case "paragraph":
                    self._take_paragraph(block)
                case "code":
                    self._keep(block.lines)
        self.head += self.unused
        return Parsed(
            title=self.title,
            head="\n".join(self.head).strip("\n"),
            foot="",
            sections=tuple(self._sections()),
            entries=tuple(self.entries),
            repairs=tuple(sorted([*self.repairs, *lost_numbers(self.numbered)], key=lambda repair: repair.line)),
            unknown=tuple(self.unknown),
        )

    def _take_heading(self, block: Block) -> None:
        title, kept = _heading(block.text), beside(as_markdown(block.text, self.addresses))
        if self.title is None and block.level == 1 and not self.outline.path:
            self.title = title or None
            self.outline.top = title
        elif title:
            self.outline.enter(block.level, title, block.line)
            kept = "" if "shields.io" in kept else kept
        if kept:
            self._keep([kept])

    def _take_item(self, block: Block) -> None:
        pieces = pieces_of(block, self.addresses)
        if _is_index(pieces):
            return self._take_children(block.children)
        title = find_title(pieces)
        details, own = details_of(block.children, self.addresses)
        everything = [*pieces, *details]
        if own and not has_target(pieces) and not has_paper(details) and _told(pieces) <= _GROUP_AT_MOST:
            return self._take_group(block)
        if title and not has_target(pieces) and not has_target(details):
            title = None
        if title is None and not has_paper(pieces):
            self._keep_unknown(block)
            return self._take_children(block.children)
        if title and not has_target(pieces) and not has_paper(details):
            self._keep_unknown(block)
            return self._take_children(block.children)
        if not self._take_drafts(read_block(everything, block.line)):
            self._keep_unknown(block)
        elif number_of(block):
            self.numbered.append(block.line)
        return self._take_children(own)

    def _take_group(self, block: Block) -> None:
        """An item that only names those below it is a section of them."""
        level = NO_HEADING + block.indent
        self.outline.enter(level, one_line(shown(as_markdown(block.text, self.addresses))).strip(" :："), block.line)
        self._take_children(block.children)
        self.outline.leave(level)

    def _take_children(self, children: Sequence[Block]) -> None:
        for child in children:
            if child.kind == "item":
                self._take_item(child)
            else:
                self._keep(child.lines)

    def _take_row(self, block: Block) -> None:
        cells = [flatten(cell, self.addresses) for cell in block.cells]
        if not self._take_drafts(_columns.read_cells(cells, block.header, block.line)):
            self._keep_row(block)
            self._tell_unknown(block)

    def _keep_row(self, block: Block) -> None:
        """A row that is kept stays in its table, below its header."""
        if block.lines[0].lstrip().startswith("<"):
            return self._keep(["<table>", *block.lines, "</table>"])
        kept = self.outline.prose() if self.outline.path else self.head  # empty where an entry began the section
        if kept and block.above and block.above is self.table:
            kept.pop()  # the empty line behind the last row
            self._keep(block.lines)
        else:
            self._keep([*block.above, *block.lines])
        self.table = block.above
        return None

    def _take_paragraph(self, block: Block) -> None:
        """A paragraph is an entry where it begins with a title; lines that each name a paper are one entry each."""
        if block.lines[0][:1] in (BEGINS, ENDS):
            return self._take_fold(block)
        if _POINTS.match(block.text):
            return self._keep(block.lines)
        parts = [flatten(text, self.addresses) for text in block.texts]
        if sum(has_paper(part) for part in parts) > 1:
            for number, part in enumerate(parts):
                self._take_text(part, block.line + number, block.lines[number : number + 1])
        else:
            self._take_text(flatten(block.text, self.addresses), block.line, block.lines)
        return None

    def _take_fold(self, block: Block) -> None:
        """A fold with a title is a section below the one that it stands in."""
        title = block.lines[0][1:]
        if block.lines[0][0] == BEGINS:
            self.folds.append(title)
            if title:
                self.outline.enter(NO_HEADING + len(self.folds), title, block.line)
            self.repairs.append(Repair(block.line, "a fold was opened: its entries stand among the others"))
        elif self.folds and self.folds.pop():
            self.outline.leave(NO_HEADING + len(self.folds) + 1)

    def _take_text(self, pieces: Sequence[Piece], line: int, lines: Sequence[str]) -> None:
        title = find_marked_title(pieces) or (find_title(pieces) if _told(pieces) <= _TOLD_AT_MOST else None)
        if not has_paper(pieces) or (title is None and _told(pieces) > 0):
            return self._keep(lines)
        is_prose = _told(pieces) - (len(words(title.text)) if title else 0) > _TOLD_AT_MOST
        drafts = list(read_block(pieces, line, lambda part: find_marked_title(part) or find_title(part)))
        if is_prose or (title and not _leads(title, pieces)):
            self._keep(lines)
            for draft in drafts:
                draft.notes = []
            self._take_drafts([draft for draft in drafts if draft.title_url])
        elif not self._take_drafts(drafts):
            self._keep(lines)
        return None

    def _take_drafts(self, drafts: Iterator[Draft] | Sequence[Draft]) -> bool:
        taken = False
        for draft in drafts:
            if entry := draft.finish(self.outline.place(draft.line)):
                self.entries.append(entry)
                self.repairs.extend(draft.repairs)
                taken = True
        return taken

    def _keep(self, lines: Sequence[str]) -> None:
        self.table = None
        if any(line.strip() for line in lines) and not is_hidden("\n".join(lines)):
            self.repairs += self.outline.told_below(self.entries, self.at)
        if self.addresses:
            lines = [as_markdown(line, self.addresses) if "]" in line else line for line in lines]
        for line in [*lines, ""]:
            if self.outline.path:
                self.outline.add_prose(line)
            else:
                self.head.append(line)

    def _keep_unknown(self, block: Block) -> None:
        self._keep(block.lines)
        self._tell_unknown(block)

    def _tell_unknown(self, block: Block) -> None:
        where = f"kept below the heading {self.outline.path!r}" if self.outline.path else "kept in the head"
        self.unknown.append(Unknown(block.line, one_line(" ".join(block.texts)), where))

    def _sections(self) -> Iterator[ParsedSection]:
        """All sections but a table of contents of which nothing is left."""
        sections = self.outline.sections()
        used = {entry.section for entry in self.entries}
        for section in sections:
            below = any(other.path.startswith(section.path + " / ") for other in sections)
            if below or section.prose.strip() or section.path in used or not _INDEX_TITLE.search(section.title):
                yield section


def _heading(markdown: str) -> str:
    """A heading's text without links to other places of its page."""
    return one_line(shown(_ANCHOR_LINK.sub("", markdown)).replace("()", "").replace("[]", "")).strip(" :")


def _is_used(definition: str, said: str) -> bool:
    return definition.strip().casefold().partition("]:")[0] + "]" in said


def _is_index(pieces: Sequence[Piece]) -> bool:
    """Tells whether an item only leads to another place of the page."""
    links = [piece for piece in pieces if piece.kind == "link"]
    told = " ".join(piece.text for piece in pieces if piece.kind in ("text", "em", "code"))
    return bool(links) and all(link.url.startswith("#") for link in links) and len(words(told)) <= 3


def _told(pieces: Sequence[Piece]) -> int:
    return sum(len(words(piece.text)) for piece in pieces if piece.kind in ("text", "em", "strong"))


def _leads(title: Title, pieces: Sequence[Piece]) -> bool:
    """Tells whether hardly a word stands before the title."""
    return _told(pieces[: title.first]) <= 2
