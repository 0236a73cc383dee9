"""Notes below an entry: bullets, quoted words, the lines of a quotation."""

from __future__ import annotations

from harvester.formats._markdown import plain, read_note, visible
from harvester.formats._text import one_line
from harvester.records import Note


def read_nested(text: str, depth: int) -> Note:
    """Reads a bullet below an entry; one that is nothing but code is quoted."""
    pieces = visible(text)
    if len(pieces) == 1 and pieces[0].kind == "code":
        return Note(one_line(pieces[0].text), depth=depth, quoted=True)
    return Note(read_note(text), depth=depth)


def is_quotation(text: str) -> bool:
    """Tells whether a paragraph is one of a quotation: `> …`."""
    return text[:1] == ">"


def with_quoted(quotation: str, line: str) -> str:
    """A quotation with its next line, in one line without that one's mark."""
    return f"{quotation} {line.lstrip('> ')}".rstrip()


def read_quotation(text: str, depth: int) -> Note | None:
    """Reads a quotation as a quoted note; None where more than words stands in it, which a code span would not show."""
    inner = text.lstrip("> ")
    pieces = visible(inner)
    if not is_quotation(text) or len(pieces) != 1 or pieces[0].kind != "text" or "$" in inner or "://" in inner:
        return None
    return Note(plain(inner), depth=depth, quoted=True)
