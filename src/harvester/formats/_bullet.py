"""One bullet as an entry, our own and hand-kept: wrapped titles, tabs and spaces, chains of links, notes at any depth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from harvester.formats._draft import Draft, place_badges
from harvester.formats._headings import code_blocks, read_heading
from harvester.formats._inline import read_rest
from harvester.formats._markdown import plain, read_note, tokens, visible
from harvester.formats._text import one_line, read_box
from harvester.records import Note

_BULLET = re.compile(r"([ \t]*)([-*+])(?:([ \t]+)(.*))?$")
_CHAIN = re.compile(r"(?:^|\s)·\s*\(")


@dataclass(slots=True)
class Part:
    """One paragraph of an entry: its first line, a bullet below it, or running text; wrapped lines are joined."""

    line: int
    text: str
    depth: int = 0
    bullet: bool = True


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code, which stays as it is: line number and lines, the indent of their fence taken off."""

    line: int
    lines: list[str]


@dataclass(slots=True)
class Bullet:
    """The lines of one top-level bullet."""

    parts: list[Part]
    indents: list[int] = field(default_factory=lambda: [0])  # of the open bullets, outermost first


def pieces(lines: Sequence[tuple[int, str]]) -> Iterator[Bullet | Code | tuple[int, str]]:
    """Groups lines into top-level bullets with all that belongs to them; headings and prose come one by one."""
    first = 0
    for begins, ends in code_blocks([line for _, line in lines]):
        yield from _without_code(lines[first:begins])
        fence = lines[begins][1]
        indent = len(fence) - len(fence.lstrip())
        kept = [line[indent:] if not line[:indent].strip() else line for _, line in lines[begins:ends]]
        yield Code(lines[begins][0], kept)
        first = ends
    yield from _without_code(lines[first:])


def _without_code(lines: Sequence[tuple[int, str]]) -> Iterator[Bullet | tuple[int, str]]:
    open_bullet: Bullet | None = None
    paragraph = False  # whether the next line continues the last part
    for number, line in lines:
        bullet = _BULLET.match(line)
        if not line.strip():
            paragraph = False
        elif bullet and not _continues(bullet):
            indent = len(bullet[1].expandtabs(4))
            if open_bullet is None or indent < 2:
                if open_bullet:
                    yield open_bullet
                open_bullet = Bullet([Part(number, read_box(bullet[4] or ""))])
            else:
                depth = _depth(open_bullet, indent)
                open_bullet.parts.append(Part(number, read_box(bullet[4] or ""), depth))
            paragraph = True
            continue
        elif open_bullet and paragraph and not read_heading(line):
            open_bullet.parts[-1].text += " " + line.strip()
            continue
        elif open_bullet and line[0] in " \t":
            depth = len(open_bullet.indents) - 1 if len(open_bullet.indents) > 1 else 1
            open_bullet.parts.append(Part(number, line.strip(), max(depth, 1), bullet=False))
            paragraph = True
            continue
        if line.strip() or not open_bullet:
            if open_bullet:
                yield open_bullet
                open_bullet = None
            yield number, line
    if open_bullet:
        yield open_bullet


def _continues(bullet: re.Match[str]) -> bool:
    """A rule such as `---` is no bullet."""
    return bullet[2] in "-*" and bool(re.fullmatch(r"\s*(?:[-*]\s*){3,}", bullet[0]))


def _depth(bullet: Bullet, indent: int) -> int:
    """How many levels below the entry: two columns more than the one above open a level, fewer close it."""
    while len(bullet.indents) > 1 and indent < bullet.indents[-1] + 2:
        if indent >= bullet.indents[-2] + 2 and len(bullet.indents) >= 2:
            bullet.indents.pop()
            break
        bullet.indents.pop()
    bullet.indents.append(indent)
    return len(bullet.indents) - 1


def read_bullet(bullet: Bullet) -> Draft | None:
    """Reads a bullet into a draft; None where it begins with no title, linked or bold."""
    draft = Draft(bullet.parts[0].line)
    if not _read_first(draft, bullet.parts[0].text):
        return None
    for part in bullet.parts[1:]:
        _read_part(draft, part)
    place_badges(draft)
    return draft


def is_empty(bullet: Bullet) -> bool:
    """Tells whether nothing stands behind the mark."""
    return len(bullet.parts) == 1 and not bullet.parts[0].text.strip()


def as_prose(bullet: Bullet) -> Iterator[str]:
    """Yields the lines of a bullet that is no entry."""
    for part in bullet.parts:
        yield "  " * part.depth + ("- " if part.bullet else "") + part.text


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
    if part.bullet:
        draft.notes.append(read_nested(part.text, part.depth))
        return
    pieces = tokens(part.text.strip())
    if pieces and pieces[0].kind == "em" and draft.authors is None and not draft.of_link:
        behind = "".join(piece.raw for piece in pieces[1:])
        if not behind or _CHAIN.match(behind):
            draft.authors = plain(pieces[0].text)
            read_rest(draft, pieces[1:])
            return
    chain = _CHAIN.search(part.text)
    before = (part.text[: chain.start()] if chain else part.text).strip()
    if before:
        draft.notes.append(Note(read_note(before), depth=part.depth, bullet=False))
    if chain:
        read_rest(draft, tokens(part.text[chain.start() :]))


def read_nested(text: str, depth: int) -> Note:
    """Reads a bullet below an entry; one that is nothing but code is quoted."""
    pieces = visible(text)
    if len(pieces) == 1 and pieces[0].kind == "code":
        return Note(one_line(pieces[0].text), depth=depth, quoted=True)
    return Note(read_note(text), depth=depth)
