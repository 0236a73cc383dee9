"""One bullet as an entry, our own and hand-kept: wrapped titles, tabs and spaces, chains of links, notes at any depth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from harvester.formats._below import is_quotation, read_nested, read_quotation, with_quoted
from harvester.formats._draft import Draft, place_badges
from harvester.formats._headings import read_heading
from harvester.formats._inline import read_rest
from harvester.formats._letters import letters
from harvester.formats._markdown import Token, plain, read_note, tokens, visible
from harvester.formats._opaque import content, dedented, is_hidden, is_opaque
from harvester.formats._shapes import is_authors
from harvester.formats._targets import subject_of
from harvester.formats._text import one_line, read_box
from harvester.records import Note

_BULLET = re.compile(r"([ \t]*)([-*+]|\d{1,4}[.)])(?:([ \t]+)(.*))?$")
_THEMATIC = re.compile(r"\s*(?:[-*]\s*){3,}")
_ROW = re.compile(r"[ \t]+\|")
_RULE = re.compile(r"[ \t]+\|?\s*:?-+:?\s*\|[\s|:-]*$")
# HTML at the start of a line that ends a paragraph: https://spec.commonmark.org/0.31.2/#html-blocks, of kind 6.
_HTML_BLOCK = re.compile(r"</?(?:details|summary|div|center|table|section|ul|ol|hr)(?=[\s/>]|$)", re.IGNORECASE)
_DRESSED = re.compile(r"(\*\*|__|_)([^*_]+)\1")
# Slanted or bold words that are a line by themselves, or with the chain of links behind them.
_SLANTED = re.compile(r"(\*{1,2}|_{1,2})(?![\s*_])[^*_]+(?<!\s)\1\s*(?:$|·\s*\()")
_CHAIN = re.compile(r"(?:^|\s)·\s*\(")
_JOINT = re.compile(r"[\s,;·|()]*(?:-\s+(?:[A-Za-z0-9_.-]|\\.)+)?[\s,;·|()]*")  # between the links of a chain; an owner


@dataclass(slots=True)
class Part:
    """One paragraph of an entry: its first line, a bullet below it, or running text; wrapped lines are joined.

    A block of code and a table are one part, whose lines stay apart.
    """

    line: int
    text: str
    depth: int = 0
    mark: str = ""  # of a bullet: "-", "1."


@dataclass(slots=True)
class Bullet:
    """The lines of one top-level bullet."""

    parts: list[Part]
    indents: list[int] = field(default_factory=lambda: [0])  # of the open bullets, outermost first
    lines: list[tuple[int, str]] = field(default_factory=list)  # all of them as they are written, but empty ones


def pieces(lines: Sequence[tuple[int, str]]) -> Iterator[Bullet | tuple[int, str]]:
    """Groups lines into top-level bullets with all that belongs to them; all others come one by one."""
    grouping = _Grouping()
    for number, line in _with_tables(lines):
        yield from grouping.take(number, line)
    yield from grouping.end()


def _with_tables(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Makes tables that stand below a bullet, and link to nothing, one piece each."""
    at = 0
    while at < len(lines):
        number, line = lines[at]
        last = at + 1
        if line[:1] in (" ", "\t") and line.lstrip()[:1] == "|" and last < len(lines) and _RULE.match(lines[last][1]):
            while last < len(lines) and _ROW.match(lines[last][1]):
                last += 1
            table = "\n".join(line for _, line in lines[at:last])
            if "](" not in table:
                yield number, table
                at = last
                continue
        yield number, line
        at += 1


class _Grouping:
    """Walks through lines with the bullet that is open."""

    def __init__(self) -> None:
        self.bullet: Bullet | None = None
        self.paragraph = False  # whether the next line continues the last part
        self.aside: list[tuple[int, str]] = []  # comments that stand between the bullet's lines

    def take(self, number: int, line: str) -> Iterator[Bullet | tuple[int, str]]:
        if not line.strip():
            self.paragraph = False
            if not self.bullet:
                yield number, line
        elif is_opaque(line):
            yield from self._take_block(number, line)
        elif (found := _BULLET.match(line)) and self._begins(found):
            yield from self._take_bullet(number, found)
        elif self.bullet and self.paragraph and not read_heading(line) and not _HTML_BLOCK.match(line):
            self._take_more(self.bullet, number, line)
        elif self.bullet and line[0] in " \t":
            self.bullet.parts.append(Part(number, line.strip(), self.bullet_depth))
            self.bullet.lines.append((number, line))
            self.paragraph = True
        else:
            yield from self.end()
            yield number, line

    def end(self) -> Iterator[Bullet | tuple[int, str]]:
        """Closes the bullet that is open."""
        if self.bullet:
            yield self.bullet
        yield from self.aside
        self.bullet, self.aside = None, []

    @property
    def bullet_depth(self) -> int:
        """How deep running text stands below the bullet."""
        return max(len(self.bullet.indents) - 1, 1) if self.bullet else 0

    def _begins(self, found: re.Match[str]) -> bool:
        """A rule such as `---` is no bullet; a number in the middle of a paragraph is one where a list has begun."""
        if found[2] in ("-", "*"):
            return not _THEMATIC.fullmatch(found[0])
        if found[2] == "+" or not self.paragraph or found[2] in ("1.", "1)"):
            return True
        return any(part.mark[:1].isdigit() for part in self.bullet.parts) if self.bullet else False

    def _take_bullet(self, number: int, found: re.Match[str]) -> Iterator[Bullet | tuple[int, str]]:
        indent = len(found[1].expandtabs(4))
        text = read_box(found[4] or "")
        if self.bullet is None or indent < 2:
            yield from self.end()
            self.bullet = Bullet([Part(number, text, 0, found[2])])
        else:
            self.bullet.parts.append(Part(number, text, _depth(self.bullet, indent), found[2]))
        self.bullet.lines.append((number, found[0]))
        self.paragraph = True

    def _take_more(self, bullet: Bullet, number: int, line: str) -> None:
        """Continues a paragraph; slanted names directly below a title are a part of their own."""
        part, text = bullet.parts[-1], line.strip()
        bullet.lines.append((number, line))
        if is_quotation(text):
            if is_quotation(part.text):
                part.text = with_quoted(part.text, text)
            else:
                bullet.parts.append(Part(number, text, self.bullet_depth))
            return
        if len(bullet.parts) == 1 and text[0] in "*_" and _SLANTED.match(text) and part.text.count("**") % 2 == 0:
            bullet.parts.append(Part(number, text, 1))
            return
        part.text += " " + text

    def _take_block(self, number: int, block: str) -> Iterator[Bullet | tuple[int, str]]:
        self.paragraph = False
        if self.bullet and block[0] in " \t":
            if is_hidden(block):
                self.aside.append((number, dedented(block)))
            else:
                self.bullet.parts.append(Part(number, block, self.bullet_depth))
                self.bullet.lines.append((number, block))
            return
        yield from self.end()
        if block.lstrip()[0] == "|":
            yield from ((number + at, line) for at, line in enumerate(block.split("\n")))
        else:
            yield number, block


def _depth(bullet: Bullet, indent: int) -> int:
    """How many levels below the entry: two columns more than the one above open a level, fewer close it."""
    while len(bullet.indents) > 1 and indent < bullet.indents[-1] + 2:
        if indent >= bullet.indents[-2] + 2 and len(bullet.indents) >= 2:
            bullet.indents.pop()
            break
        bullet.indents.pop()
    bullet.indents.append(indent)
    return len(bullet.indents) - 1


def read_bullet(bullet: Bullet, draft: Draft) -> bool:
    """Reads a bullet into a draft; False where it begins with no title, linked or bold."""
    if not _read_first(draft, bullet.parts[0].text):
        return False
    for part in bullet.parts[1:]:
        _read_part(draft, part)
    _claim_authors(draft)
    place_badges(draft)
    return True


def _claim_authors(draft: Draft) -> None:
    """On hand-kept pages, names that stand first below a title are its authors, however they are dressed."""
    below = next((note for note in draft.notes if note.depth > 0), None)
    if draft.own or draft.of_link or draft.authors is not None or below is None or below.bullet:
        return
    dressed = _DRESSED.fullmatch(below.text)
    text = plain(dressed[2] if dressed else below.text)
    if (dressed and dressed[1] == "_") or is_authors(text):
        draft.authors = text
        draft.notes.remove(below)


def with_letters(bullet: Bullet) -> Bullet:
    """A bullet of a hand-kept page, its accents as letters; its lines stay as they are written."""
    written = [part for part in bullet.parts if "\\" in part.text and not is_opaque(part.text)]
    parts = [replace(part, text=letters(part.text)) if part in written else part for part in bullet.parts]
    return replace(bullet, parts=parts) if written else bullet


def is_written_here(bullet: Bullet) -> bool:
    """Tells whether a bullet of one of our pages is written as we do: a paper's title is bold, all others are linked."""
    pieces = visible(bullet.parts[0].text)
    at = next(
        (at for at, piece in enumerate(pieces) if piece.kind in ("strong", "link") and "![" not in piece.text), None
    )
    if at is None:
        return False
    if pieces[at].kind == "link":
        return not (subject_of(pieces[at].url) or "").startswith(("arxiv:", "doi:", "openreview:"))
    behind = pieces[at + 1 : at + 3]
    return len(behind) == 2 and behind[0].text.strip() == "," and behind[1].kind in ("code", "link")


def is_empty(bullet: Bullet) -> bool:
    """Tells whether nothing stands behind the mark."""
    return len(bullet.parts) == 1 and not bullet.parts[0].text.strip()


def _read_first(draft: Draft, text: str) -> bool:
    """Reads title, venue, links and citations of an entry; False where the bullet begins with no title."""
    pieces = tokens(text.strip())
    at = read_rest(draft, pieces, stop_at_title=True)
    if at == len(pieces):
        return False
    title = pieces[at]
    if title.kind == "strong":
        inner = visible(title.text)
        linked = inner[0] if len(inner) == 1 and inner[0].kind == "link" else None
        draft.set_title(plain(linked.text) if linked else plain(title.text), linked.url if linked else None)
        draft.of_bold = True
        read_rest(draft, pieces[at + 1 :], first=True)
        return True
    if title.kind != "link":
        return False
    inner = visible(title.text) if "**" in title.text else []
    draft.bold = len(inner) == 1 and inner[0].kind == "strong"
    draft.set_title(plain(inner[0].text if draft.bold else title.text), title.url)
    draft.of_link = True
    read_rest(draft, pieces[at + 1 :], first=True)
    return True


def _read_part(draft: Draft, part: Part) -> None:
    if is_opaque(part.text):
        draft.notes += [Note(one_line(line), depth=part.depth, quoted=True) for line in content(part.text)]
        draft.mend("a block of code or a table below an entry is kept line by line")
        return
    if quotation := read_quotation(part.text, part.depth):
        draft.notes.append(quotation)
        return
    if part.mark:
        number = f"{part.mark} " if part.mark[0].isdigit() else ""
        draft.notes.append(read_nested(number + part.text, part.depth))
        return
    if _read_authors(draft, tokens(part.text.strip())):
        return
    if _is_chain(part.text):
        read_rest(draft, tokens(part.text))
        return
    chain = _CHAIN.search(part.text)
    before = (part.text[: chain.start()] if chain else part.text).strip()
    if before:
        draft.notes.append(Note(read_note(before), depth=part.depth, bullet=False))
    if chain:
        read_rest(draft, tokens(part.text[chain.start() :]))


def _is_chain(text: str) -> bool:
    """Tells whether a line is a chain of links from its first character on, as it is where no authors are known."""
    if not text.startswith("(["):
        return False
    return all(piece.kind in ("link", "image") or _JOINT.fullmatch(piece.raw) for piece in tokens(text))


def _read_authors(draft: Draft, pieces: Sequence[Token]) -> bool:
    """Slanted words below a title are its authors, below a link they describe it, unless "by" stands before them."""
    by = bool(pieces) and pieces[0].raw == "by "
    at = 1 if by else 0
    if len(pieces) <= at or pieces[at].kind != "em" or draft.authors is not None:
        return False
    if by != draft.of_link and (draft.own or draft.of_link):
        return False
    behind = "".join(piece.raw for piece in pieces[at + 1 :])
    if behind and not _CHAIN.match(behind):
        return False
    draft.authors = plain(pieces[at].text)
    read_rest(draft, pieces[at + 1 :])
    return True
