"""What is left of an entry when title, links, authors and venue are taken out of it: its notes, in the list's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from harvester.formats._below import read_nested
from harvester.formats._markdown import read_note
from harvester.formats._shapes import is_label, words
from harvester.records import Note

TAKEN = "\0"  # stands where something was taken out
_HOLLOW = re.compile(r"\\?[\[(（【{<][\s\0,;:|/·•&+*_–—-]*\\?[\])）】}>]|\*\*[\s\0]*\*\*")
_HOLLOW_QUOTES = re.compile(r"[\"“][\s,.;]*\0[\s\0,.;]*[\"”]")  # around a title that went
_BEHIND = r"(?:[\s\0,;|·•–—，；、]|[:：/&+.-](?=[\s\0]|$))*"
_GAP = re.compile(rf"[\s,;:：|/·•&+–—，；、-]*\0{_BEHIND}")
_OPENS = re.compile(r"(?:[\s,;|·•–—，；、。]|[:./&+\\-](?=\s|$)|[.,:](?=\s))+")
_CLOSES = re.compile(r"(?:[\s,;|·•–—，；、\\]|(?<=\s)[:/&+-])+$")
_LINK = re.compile(r"!?\[[^\[\]]*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)|`[^`]*`|https?://\S+")
_BLANKS = re.compile(r"[ \t\n]+")
_SPACES = re.compile(r"\s+")
_BRACKET = re.compile(rf"{_LINK.pattern}|[()\[\]]")
_NUMBER = re.compile(r"\d{1,2}\)")
_NAMED = re.compile(
    r"(?:^|[\s\0|·,;(])[*_]{0,2}([A-Za-z][A-Za-z ()]{1,24}|[\u4e00-\u9fff]{2,6})[*_]{0,2}\s*[:：][*_]{0,2}\s*$"
)


@dataclass(slots=True)
class _Line:
    depth: int = 0
    bullet: bool = True
    quoted: bool = False
    parts: list[str] = field(default_factory=list)


class Left:
    """Takes the Markdown of an entry that nothing else explains, line by line."""

    def __init__(self, own: str) -> None:
        self.own = own  # the address of what the entry is about
        self._lines = [_Line()]
        self.spent: list[str] = []  # words that were left out, because they only say what a link is

    def add(self, markdown: str) -> None:
        """Adds words to the line."""
        self._lines[-1].parts.append(markdown)

    def take(self) -> None:
        """Notes that something stood here."""
        self._lines[-1].parts.append(TAKEN)

    def begin(self, depth: int, mark: str, *, bullet: bool) -> None:
        """Begins a line below the entry."""
        self._lines.append(_Line(depth, bullet, parts=[mark] if mark else []))

    def quote(self, text: str, depth: int) -> None:
        """Adds a line of code."""
        self._lines.append(_Line(depth, quoted=True, parts=[text]))

    @property
    def last(self) -> str:
        """The words before the next piece."""
        return self._lines[-1].parts[-1] if self._lines[-1].parts else ""

    def cut_last(self, length: int) -> None:
        """Leaves only so many characters of the words before the next piece."""
        self._lines[-1].parts[-1] = self.last[:length]

    def take_label(self) -> str | None:
        """Takes the label in front of a bare address: "Code: https://…"."""
        found = _NAMED.search(self.last)
        if not found or not is_label(found[1]):
            return None
        self.cut_last(found.start())
        self.take()
        return found[1].strip()

    def texts(self) -> list[tuple[str, int, bool, bool]]:
        """What is left: text, depth, whether it is a bullet, whether it is code."""
        return [
            (text, line.depth, line.bullet, line.quoted)
            for line in self._lines
            if (text := line.parts[0] if line.quoted else tidy("".join(line.parts), self.spent))
        ]


def note(text: str, depth: int, *, bullet: bool, quoted: bool) -> Note:
    """Makes a note of a line; the entry's own words stand below it, too."""
    if quoted:
        return Note(text, depth=max(depth, 1), quoted=True)
    return read_nested(text, max(depth, 1)) if bullet else Note(read_note(text), depth=max(depth, 1), bullet=False)


def tidy(markdown: str, spent: list[str]) -> str:
    """Writes what is left of a line without the brackets and joints that links left behind; adds to `spent` what goes."""
    text = _BLANKS.sub(" ", markdown)
    taken = TAKEN in text
    if taken and _HOLLOW_QUOTES.search(text):
        text = _HOLLOW_QUOTES.sub(TAKEN, text)
    if _HOLLOW.search(text):
        before = ""
        while before != text:
            before, text = text, "".join(_emptied(text))
    if taken:
        text = _GAP.sub(_joint, text)
    opening = _OPENS.match(text)
    text = _CLOSES.sub("", text[opening.end() :] if opening else text)
    text = _balanced(_SPACES.sub(" ", text)).strip()
    text = without_lone_quote(text) if taken else text
    parts = (part.strip(" ·") for part in text.split(" · "))
    kept = [part for part in parts if words(part) or not part.isascii()]
    gone = dict.fromkeys(part for part in kept if taken and _is_spent(part))
    spent += gone
    return " · ".join(part for part in kept if part not in gone)


def without_lone_quote(text: str) -> str:
    """Leaves out a quotation mark at an end of a text whose other half stands behind a title or a link."""
    if text.count('"') % 2:
        text = text[1:].lstrip() if text.startswith('"') else text.removesuffix('"').rstrip(" ,")
    if text.count("“") > text.count("”"):
        text = text.removesuffix("“").rstrip(" ,")
    return text.removeprefix("”").lstrip() if text.count("”") > text.count("“") else text


def _is_spent(part: str) -> bool:
    """Tells whether a text only said what the link was that stood behind it, or joined two that are gone."""
    if part.casefold() in ("in", "at", "by", "from", "and", "or", "with", "&"):
        return True
    return "(" not in part and not any(map(str.isdigit, part)) and is_label(part)


def _emptied(text: str) -> list[str]:
    """Leaves out empty brackets, not those of links and code."""
    parts, at = [], 0
    for found in _LINK.finditer(text):
        parts += [_HOLLOW.sub(TAKEN, text[at : found.start()]), found[0]]
        at = found.end()
    return [*parts, _HOLLOW.sub(TAKEN, text[at:])]


def _joint(found: re.Match[str]) -> str:
    before, behind = found.string[: found.start()], found.string[found.end() :]
    if not before.strip() or not behind.strip():
        return ""
    return " " if behind[0] in ")],.;:" or before[-1] in "([" else " · "


def _balanced(text: str) -> str:
    """Leaves out round and square brackets whose other half went with a title or a link."""
    open_at: dict[str, list[int]] = {"(": [], "[": []}
    alone: set[int] = set()
    for found in _BRACKET.finditer(text):
        char, at = found[0], found.start()
        if len(char) > 1 or (at and text[at - 1] in "\\:;"):
            continue  # a link, code, or no bracket
        if char in "([":
            open_at[char].append(at)
            continue
        stack = open_at["(" if char == ")" else "["]
        if stack:
            stack.pop()
        elif not _NUMBER.match(text[max(at - 1, 0) : at + 1]):
            alone.add(at)
    alone.update(at for stack in open_at.values() for at in stack)
    return "".join(char for at, char in enumerate(text) if at not in alone) if alone else text
