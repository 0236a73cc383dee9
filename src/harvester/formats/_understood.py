"""Whether a page is one of our two styles, or one of any other form."""

from __future__ import annotations

import re

from harvester.formats._paper import OTHER_FORM
from harvester.formats._shapes import is_label, is_venue
from harvester.ids import arxiv_of
from harvester.pages import Parsed, ParsedEntry

_OWN_BULLET = re.compile(r"^[-*+] \*\*[^*\n]+\*\*,(?: `[^`\n]+`,)? \[", re.MULTILINE)
_OWN_HEADER = re.compile(r"^\|?\s*Title & Authors\s*\|\s*Introduction\s*\|\s*Links\s*\|?", re.MULTILINE | re.IGNORECASE)
_OWN_ROW = re.compile(r"^\|[^\n]*\]\([^\n]*\|", re.MULTILINE)
_LINKED_ID = re.compile(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})")


def is_understood(parsed: Parsed, text: str) -> bool:
    """Tells whether a page read in table or bullet style is one: its papers are entries, and their titles are titles.

    A page of our own is one by its stamp.
    """
    if parsed.snapshot or not parsed.entries:
        return bool(parsed.snapshot)
    linked = set(_LINKED_ID.findall(text))
    read = {arxiv_of(entry.subject) for entry in parsed.entries}
    short = [title for entry in parsed.entries if len(title := entry.wording.title or "") <= 40]
    named = sum(is_label(title) or is_venue(title) for title in short)
    other = sum(repair.what == OTHER_FORM for repair in parsed.repairs)
    missed = sum("](http" in unknown.text for unknown in parsed.unknown)
    untold = sum(_is_untold(entry) for entry in parsed.entries)
    few = 0.03 * len(parsed.entries)
    if (
        len(linked - read) > 0.03 * len(linked) + 1
        or other > min(few + 2, 0.5 * len(parsed.entries))
        or missed > 0.1 * len(parsed.entries) + 8
    ):
        return False
    if named <= few and untold <= 0.2 * len(parsed.entries):
        return True
    return named <= few + 2 and 2 * _own_grammar(text) > len(parsed.entries)


def _own_grammar(text: str) -> int:
    """How many lines are entries as our two styles write them: bold title, venue in a code span; rows of three columns."""
    rows = len(_OWN_ROW.findall(text)) if _OWN_HEADER.search(text) else 0
    return rows + len(_OWN_BULLET.findall(text))


def _is_untold(entry: ParsedEntry) -> bool:
    """Tells whether badges, slanted words or brackets were left over beside a title."""
    inline = [note.text for note in entry.wording.notes if note.depth == 0]
    return any("![" in text or text[:1] in "*[]" or (text[:1] == "(" and is_venue(text)) for text in inline)
