"""One table row as an entry: `Title & Authors | Introduction | Links`, our own and hand-kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from harvester.definitions import Column
from harvester.formats._draft import Draft, place_badges
from harvester.formats._headings import shown
from harvester.formats._inline import read_rest, read_star
from harvester.formats._markdown import Token, plain, read_note, split_cells, tokens, visible
from harvester.formats._text import clean_url, one_line
from harvester.records import Note

_HEADER = re.compile(r"\|?\s*(?:title|paper)\b[^|]*\|", re.IGNORECASE)
_RULE = re.compile(r"\|?\s*:?-+:?\s*\|[\s|:-]*$")
_LISTED_ON = re.compile(r"\[//\]:\s*#(.*)$")
_ATTRIBUTE = re.compile(r"""\b(src|width|height)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
# The columns that table style knows, by what stands above them; those after the third are the machine's alone.
COLUMNS: Mapping[str, Column] = {
    "Title & Authors": "title",
    "Introduction": "introduction",
    "Links": "links",
    "Published": "published",
    "Citations": "citations",
    "Stars": "stars",
}
_OWN_HEADER = re.compile(rf"(?:\|\s*(?:{'|'.join(COLUMNS)})\s*)+\|\s*$")
_BREAK = re.compile(r"</?(?:br|ul|ol|p|div)\s*/?>|</li\s*>|<(li)\s*>", re.IGNORECASE)
_SLANTED = re.compile(r"_([^_]+)_")
_LEAD = re.compile(r"((?:[•◦]\s*)*)")


def has_table(text: str) -> bool:
    """Tells whether a page holds a table of papers."""
    lines = text.split("\n")
    return any(
        "|" in below and _RULE.match(below.strip()) and _HEADER.match(line.strip()) for line, below in pairwise(lines)
    )


def is_row(line: str) -> bool:
    """Tells whether a line is a row of a table, its header and rule included."""
    return line.lstrip().startswith("|")


def is_rule(line: str) -> bool:
    """Tells whether a row is the rule below a table's header."""
    return bool(_RULE.match(line.strip()))


def is_header(line: str) -> bool:
    """Tells whether a row is a table's header or the rule below it."""
    bare = line.strip()
    return bool(_RULE.match(bare) or _HEADER.match(bare) or _OWN_HEADER.match(bare))


def read_header(line: str) -> tuple[str, ...] | None:
    """Reads which of our own columns a table has; None for a header that is not ours, and for a rule."""
    found = names(line)
    return tuple(COLUMNS[name] for name in found) if found and all(name in COLUMNS for name in found) else None


def names(header: str) -> list[str]:
    """Reads what the columns of a table are called."""
    return [plain(found) for found in split_cells(header.strip().removesuffix("|"))]


def read_band(line: str) -> str | None:
    """Reads the title of a row that only names a section; None for every other row."""
    if not line.lstrip("| \t").startswith("**"):
        return None
    cells = split_cells(line)
    pieces = visible(cells[0]) if cells else []
    if len(pieces) != 1 or pieces[0].kind != "strong" or any(cells[1:]):
        return None
    return shown(pieces[0].text)


def fit(line: str, width: int) -> tuple[str, str]:
    """Mends a row that has more cells than its table has columns; returns it, and what was done, if anything was.

    A pipe in code ends a cell for GitHub, although nobody who writes one means that.
    """
    if not width or line.count("|") <= width + 1:
        return line, ""
    body, _, tail = line.rpartition("|")
    if tail.strip() and not _LISTED_ON.search(tail):
        body, tail = line, ""
    cells = split_cells(body)
    if len(cells) <= width:
        return line, ""
    joined: list[str] = []
    for found in cells:
        if joined and joined[-1].count("`") % 2:
            joined[-1] += f" | {found}"
        else:
            joined.append(found)
    if len(joined) != width:
        return line, f"{len(cells)} cells where the header has {width}: what is too much was kept as notes"
    written = " | ".join(found.replace("|", "\\|") for found in joined)
    return f"| {written} |{tail}", "a pipe inside code was taken as part of its cell"


def read_row(line: str, draft: Draft, columns: Sequence[str] | None = None) -> bool:
    """Reads a row into a draft, in the columns that its table has; False where its first cell has no linked title."""
    body, _, tail = line.rpartition("|")
    if found := _LISTED_ON.search(tail):
        draft.listed_on = found[1].strip().removeprefix("(").removesuffix(")").strip() or None
        line = body + "|"
    cells = [*split_cells(line), "", "", ""]
    if columns:
        named = dict(zip(columns, cells, strict=False))
        cells = [named.get(column, "") for column in ("title", "introduction", "links")] + cells[len(columns) :]
    if not _read_title_cell(draft, cells[0]):
        return False
    _read_introduction(draft, cells[1])
    _read_links(draft, cells[2])
    for extra in cells[3:]:
        if extra:
            draft.notes.append(Note(read_note(extra)))
    place_badges(draft)
    return True


def _segments(markdown: str) -> list[list[Token]]:
    """Splits a cell at its line breaks."""
    if not markdown:
        return []
    segments: list[list[Token]] = [[]]
    for token in tokens(markdown):
        if token.kind == "html" and (item := _BREAK.fullmatch(token.raw)):
            segments.append([Token("text", "• ", "• ")] if item[1] else [])
        else:
            segments[-1].append(token)
    return [segment for segment in segments if _is_filled(segment)]


def _is_filled(segment: Sequence[Token]) -> bool:
    return len(segment) > 1 or bool(segment and segment[0].raw.strip())  # two pieces in a row are not both spaces


def _read_title_cell(draft: Draft, markdown: str) -> bool:
    titled = False
    for segment in _segments(markdown):
        at = read_rest(draft, segment, stop_at_title=True)
        left = segment[at:]
        if not left:
            continue
        if not titled:
            titled = _read_title(draft, left)
            if not titled:
                return False
        elif len(left) == 1 and left[0].kind == "code":
            draft.venue = one_line(left[0].text)
        elif not _read_authors(draft, left):
            draft.notes.append(Note(read_note("".join(piece.raw for piece in left)), bullet=False))
    return titled


def _read_title(draft: Draft, pieces: Sequence[Token]) -> bool:
    if pieces[0].kind != "link":
        return False
    inner = visible(pieces[0].text) if "**" in pieces[0].text else []
    draft.bold = len(inner) == 1 and inner[0].kind == "strong"
    draft.set_title(plain(inner[0].text if draft.bold else pieces[0].text), pieces[0].url)
    read_rest(draft, pieces[1:])
    return True


def _read_authors(draft: Draft, pieces: Sequence[Token]) -> bool:
    """Words below a title are its authors; a second line of them says where they work."""
    if any(piece.kind not in ("text", "em") for piece in pieces):
        return False
    raw = "".join(piece.raw for piece in pieces).strip()
    slanted = _SLANTED.fullmatch(raw)
    text = plain(slanted[1] if slanted else raw if len(pieces) > 1 else pieces[0].text)
    draft.authors = f"{draft.authors} · {text}" if draft.authors else text
    return True


def _read_introduction(draft: Draft, markdown: str) -> None:
    for segment in _segments(markdown):
        kept = [token for token in segment if not _read_figure(draft, token)]
        raw = "".join(token.raw for token in kept).strip()
        if raw.strip("• "):
            draft.notes.append(_read_note(raw))


def _read_figure(draft: Draft, token: Token) -> bool:
    if read_star(draft, token):
        return True
    if draft.figure is not None:
        return False
    if token.kind == "image" and clean_url(token.url):
        draft.figure = clean_url(token.url)
        return True
    if token.kind == "html" and token.raw.lower().startswith("<img"):
        found = {name.lower(): plain(one or two or three) for name, one, two, three in _ATTRIBUTE.findall(token.raw)}
        draft.figure = clean_url(found.get("src", ""))
        draft.figure_width = found.get("width")
        if "height" in found:
            draft.mend(f"the height of a figure was left out: {found['height']}")
        return draft.figure is not None
    return False


def _read_note(raw: str) -> Note:
    lead = _LEAD.match(raw)
    marks = re.sub(r"\s", "", lead[1]) if lead else ""
    text = raw[lead.end() :] if lead else raw
    bullet = "•" in marks
    depth = len(marks) if bullet else len(marks) + 1
    pieces = tokens(text)
    if len(pieces) == 1 and pieces[0].kind == "code":
        return Note(one_line(pieces[0].text), depth=depth, quoted=True, bullet=bullet)
    if text.startswith("<code>") and text.endswith("</code>"):
        return Note(plain(text[6:-7]), depth=depth, quoted=True, bullet=bullet)
    return Note(read_note(text), depth=depth, bullet=bullet)


def _read_links(draft: Draft, markdown: str) -> None:
    """What is no link in the cell of links is a note below the entry."""
    for segment in _segments(markdown):
        if all(token.kind == "text" for token in segment) and any(map(str.isalnum, segment[0].raw)):
            text = read_note("".join(token.raw for token in segment))
            if text := text if draft.own else draft.take_count(text):
                draft.notes.append(Note(text, bullet=False))
        else:
            read_rest(draft, segment)
