"""One row of a table of any columns as entries: which cell holds the title, and what the others tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from harvester.formats._draft import Draft
from harvester.formats._flat import Piece
from harvester.formats._markdown import escape
from harvester.formats._paper import draft_of, has_target
from harvester.formats._shapes import is_date, is_label, is_venue
from harvester.formats._title import Title, find_title
from harvester.records import Note

_TITLES = re.compile(r"title|标题|题目|论文名", re.IGNORECASE)
_PAPERS = re.compile(r"paper|论文|article|publication|work|name|名称", re.IGNORECASE)
_OTHERS = re.compile(
    r"author|venue|conf|journal|date|year|time|code|link|pdf|url|keyword|tag|institut|affiliation|org|note|comment|"
    r"summary|abstract|introduction|tl;?dr|task|highlight|category|type|topic|star|repo|github|intro|remark|score|"
    r"dataset|param|size|backbone|base model|描述|作者|机构|时间|代码|备注|简介|autor|автор|著者|저자|год|jahr|заметк",
    re.IGNORECASE,
)
_FACTS = re.compile(
    r"\W*(?:authors?|作者|venues?|conf(?:erence)?|journal|publication|publisher|published(?: in| at)?|year|date|time"
    r"|时间|会议|发表|年份)\W*",
    re.IGNORECASE,
)
_AUTHORS = re.compile(r"author|作者|autor|автор|著者|저자", re.IGNORECASE)
_NUMBERS = re.compile(r"#|no\.?|idx|index|序号|编号", re.IGNORECASE)
_MARKED = ("✗", "✘", "❌", "×", "⚠️", "⚠", "✖", "✖️")
_WHEN_WHERE = re.compile(
    r"venue|conf|journal|publish|date|year|time|时间|会议|发表|年份|日期|год|дата|jahr|年", re.IGNORECASE
)
_EMPTY_CELLS = ("", "-", "--", "---", "–", "—", "/", "\\", "N/A", "n/a", "NA", "None", "TBD")


def names_columns(header: Sequence[str]) -> bool:
    """Tells whether a header names the title of a paper and, in columns of their own, who wrote it or where and when."""
    titled = any(_TITLES.search(name) or _PAPERS.search(name) for name in header)
    return titled and any(_FACTS.fullmatch(name) for name in header)


def read_cells(cells: Sequence[Sequence[Piece]], header: Sequence[str], line: int) -> Iterator[Draft]:
    """Reads a row; nothing where no cell links to anything."""
    if not any(has_target(cell) for cell in cells):
        return
    names = [header[at] if at < len(header) else "" for at in range(len(cells))]
    chosen = _title_cell(cells, names)
    pieces: list[Piece] = []
    title: Title | None = None
    authors: str | None = None
    venues: list[str] = []
    for at, cell in enumerate(cells):
        text = " ".join(piece.text for piece in cell if piece.text and piece.kind != "image").strip()
        linked = has_target(cell)
        if chosen and at == chosen[0]:
            moved = len(pieces)
            title = replace(chosen[1], first=chosen[1].first + moved, last=chosen[1].last + moved)
            pieces += cell
        elif not linked and _says_nothing(text.strip("*_ "), names[at]):
            pieces += [piece for piece in cell if piece.kind == "image"]
        elif not linked and _AUTHORS.search(names[at]) and authors is None:
            authors = text
        elif not linked and (_WHEN_WHERE.search(names[at]) or is_venue(text) or is_date(text)) and len(text) <= 60:
            venues.append(text)
        else:
            pieces += [*_named(names[at], text, linked), *cell]
        pieces.append(Piece("break", ""))
    draft = draft_of(pieces, title, line)
    if authors and draft.about_paper:
        draft.authors = authors
    elif authors:
        draft.notes.append(Note(escape(authors)))
    draft.venue = _venue([*venues, *([draft.venue] if draft.venue else [])])
    yield draft


def _says_nothing(text: str, name: str) -> bool:
    """Tells whether a cell is empty: a cross in a column of links says that there is none, elsewhere it says something."""
    if text in _EMPTY_CELLS or (_NUMBERS.fullmatch(name) and text.rstrip(".").isdecimal()):
        return True
    return text in _MARKED and (not name or is_label(name))


def _named(name: str, text: str, linked: bool) -> list[Piece]:
    """What a column is called goes in front of its words."""
    return [Piece("text", f"{name}: ", f"{name}: ")] if name and text and not linked and not is_label(name) else []


def _venue(parts: Sequence[str]) -> str | None:
    """Venue and year as one; a date alone where there is no venue."""
    kept: list[str] = []
    for part in sorted(dict.fromkeys(parts), key=is_date):
        if not any(part in other for other in kept):
            kept.append(part)
    return ", ".join(kept) or None


def _title_cell(cells: Sequence[Sequence[Piece]], names: Sequence[str]) -> tuple[int, Title] | None:
    best: tuple[int, Title] | None = None
    for at, cell in enumerate(cells):
        found = find_title(cell)
        if found is None:
            continue
        score = found.score + _bonus(names[at])
        if best is None or score > best[1].score:
            best = (at, replace(found, score=score))
    return best or _named_cell(cells)


def _named_cell(cells: Sequence[Sequence[Piece]]) -> tuple[int, Title] | None:
    """The words of the first cell, where no cell holds a title: a row is about what it begins with."""
    text = " ".join(piece.text for piece in cells[0] if piece.text).strip("*_ ")
    if has_target(cells[0]) or not any(map(str.isalpha, text)) or is_venue(text) or is_date(text) or len(text) > 200:
        return None
    return 0, Title(text, None, 0, len(cells[0]), False, (), 20)


def _bonus(name: str) -> int:
    if _TITLES.search(name):
        return 80
    if _OTHERS.search(name):
        return -60
    return 25 if _PAPERS.search(name) else 0
