"""What stands around the entries of a page that is read: stamp, title, head with index, foot. `_page.py` writes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from harvester.formats._headings import beside, read_heading, shown, underlined
from harvester.formats._markdown import tokens
from harvester.formats._opaque import cut, is_opaque
from harvester.formats._text import mend_encoding
from harvester.pages import INDEX_PLACE, IndexLine, Repair

ENTRIES, FOOT, INDEX_END = "<!-- entries -->", "<!-- foot -->", "<!-- /sections -->"
COUNTS, HOME, PART = "<!-- counts -->", "<!-- home -->", "<!-- part -->"
RECOMMENDED = "<!-- recommended -->"
_MACHINES = (COUNTS, HOME, PART, RECOMMENDED)
_ORIGIN = re.compile(
    r"(?<!\\)<!-- harvester: made from snapshot (\S+)\b(?:; list ([a-z0-9-]+);)?[^<>]*-->[ \t]*$", re.MULTILINE
)
_INDEX_LINE = re.compile(r"\s*[-*+]\s+(\[.*\])\(([^()\s]*)\)\s*$")
_PART_PAGE = re.compile(r"-from-[^/#]+\.md#")  # a later part of a page that was cut
_TOC = re.compile(r"\[{1,2}_?TOC_?\]{1,2}", re.IGNORECASE)
_RECENT = re.compile(r"(?:past|last)\s+(\d{1,3})\s+days", re.IGNORECASE)
_FOOT_TITLE = re.compile(
    r"contribut|licen[cs]e|acknowledg|star history|citation|cite|contact|related lists", re.IGNORECASE
)
_ENTRY = re.compile(r"(?:[-*+]\s+|\|\s*)(?:\*\*|\[).*\barxiv\.org/(?:abs|pdf)/", re.IGNORECASE)  # above any heading
_PAPER = re.compile(
    r"(?:[-*+]\s+|\d{1,4}[.)]\s+|\|\s*)(?:\*\*|\[).*(?:arxiv\.org/(?:abs|pdf)/|://doi\.org/|openreview\.net/)",
    re.IGNORECASE,
)
_HEAD_TITLE = re.compile(r"contents|updates|news|introduction|about|overview|contribut|how to", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of a page that is read. `lines` are those between head and foot, with their numbers from 1."""

    title: str | None
    head: str
    foot: str
    lines: tuple[tuple[int, str], ...]
    index: tuple[IndexLine, ...]
    repairs: tuple[Repair, ...]
    recent_days: int | None
    snapshot: str | None
    list: str | None  # where the stamp names it
    of_section: bool  # the page of one section, which its title names


def read_frame(text: str) -> Frame:
    """Takes a page apart. Marks of our own pages are believed; a hand-kept page is cut where its headings say so."""
    snapshot, listed = _stamp(text) if "<!-- harvester: made from snapshot" in text else (None, None)
    lines, repairs = _mended_lines(text, _as_it_is if snapshot else mend_encoding)
    of_section = HOME in text and any(line.endswith(HOME) for _, line in lines)
    kept = [(n, line) for n, line in lines if not (line.endswith("-->") and not is_opaque(line) and _is_machines(line))]
    title, kept = _take_title(kept)
    first, last = _entries_between(kept)
    if not snapshot:
        first, last, kept = _without_toc(first, last, kept)
    index, head = _read_index([line for _, line in kept[:first]], [line for _, line in kept[first:last]])
    spoken = _RECENT.search(head)
    return Frame(
        title=title,
        head=_tidy(head),
        foot=_tidy("\n".join(line for _, line in kept[last:] if line.strip() != FOOT)),
        lines=tuple((n, line) for n, line in kept[first:last] if line.strip() != ENTRIES),
        index=index,
        repairs=tuple(repairs),
        recent_days=int(spoken[1]) if spoken else None,
        snapshot=snapshot,
        list=listed,
        of_section=of_section,
    )


def _stamp(text: str) -> tuple[str | None, str | None]:
    """Reads the names of snapshot and list out of the stamp; what stands in a block of code is none."""
    lines, _ = cut(list(enumerate(text.split("\n"))))
    stamps = (_ORIGIN.search(line) for _, line in lines if not is_opaque(line))
    return next(((stamp[1], stamp[2]) for stamp in stamps if stamp), (None, None))


def _is_machines(line: str) -> bool:
    return line.endswith(_MACHINES) or ("<!-- harvester" in line and bool(_ORIGIN.search(line)))


def plain_lines(text: str) -> tuple[list[tuple[int, str]], list[Repair]]:
    """Returns the lines of a hand-kept page with their numbers, mended, and what was mended."""
    return _mended_lines(text, mend_encoding)


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text.replace(ENTRIES, "")).strip("\n ")


def _as_it_is(line: str) -> str:
    """A page of our own is never damaged: what looks so is what an editor or an upstream wrote."""
    return line


def _mended_lines(text: str, mend: Callable[[str], str]) -> tuple[list[tuple[int, str]], list[Repair]]:
    repairs = []
    if text.startswith("\ufeff"):
        repairs.append(Repair(1, "a byte order mark was left out"))
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for at, line in enumerate(lines if not text.isascii() else ()):
        if not line.isascii() and (mended := mend(line)) != line:
            repairs.append(Repair(at + 1, "characters that were decoded wrongly were mended"))
            lines[at] = mended
    if "\r" in text:
        repairs.append(Repair(1, "line ends were made those of Unix"))
    kept, opened = cut(list(enumerate(map(str.rstrip, lines), 1)))
    if mend is mend_encoding:
        underlined(kept)
    repairs += [
        Repair(number, f"{mark} begins a block that nobody ends: it is shown as text") for number, mark in opened
    ]
    return kept, repairs


def _take_title(lines: list[tuple[int, str]]) -> tuple[str | None, list[tuple[int, str]]]:
    """A title is a heading of level 1 before which nothing stands."""
    for at, (number, line) in enumerate(lines):
        if not line.strip():
            continue
        found = read_heading(line)
        if found and found[0] == 1 and (title := shown(found[1])):
            kept = beside(found[1])
            return title, lines[:at] + ([(number, kept)] if kept else []) + lines[at + 1 :]
        break
    return None, lines


def _entries_between(lines: list[tuple[int, str]]) -> tuple[int, int]:
    texts = [line.strip() for _, line in lines]
    if ENTRIES in texts:  # a page of our own says where its foot begins: a section may well be called "Citation"
        return texts.index(ENTRIES), texts.index(FOOT) if FOOT in texts else len(texts)
    last = texts.index(FOOT) if FOOT in texts else _foot_begins(texts)
    headed = False  # whether a heading of the head came
    for at, line in enumerate(texts[:last]):
        found = read_heading(line) if line[:1] == "#" else None
        if not headed and _ENTRY.match(line):
            return _table_begins(texts, at), last
        headed = headed or found is not None
        if found and not _HEAD_TITLE.search(shown(found[1])):
            return at, last
    return (0 if not any(read_heading(line) for line in texts[:last]) else last), last


def _table_begins(texts: list[str], at: int) -> int:
    """The names of the columns above a row are of its table, not of the head."""
    while at and texts[at][:1] == texts[at - 1][:1] == "|":
        at -= 1
    return at


def _foot_begins(texts: list[str]) -> int:
    """The foot begins at the first of the last headings that speak of contributing and the like, and hold no entry."""
    begins = len(texts)
    for at in range(len(texts) - 1, -1, -1):
        if texts[at][:1] == "#" and (found := read_heading(texts[at])):
            if not _FOOT_TITLE.search(shown(found[1])) or any(map(_PAPER.match, texts[at:begins])):
                break
            begins = at
    return begins


def _read_index(lines: list[str], below: list[str]) -> tuple[tuple[IndexLine, ...], str]:
    """Finds the index in a head: our own block, or three or more lines in a row that link to anchors and pages.

    Two are one, too, where one of them leads to a heading of the page.
    """
    found = _block(lines, below)
    if found is None:
        return (), "\n".join(lines)
    first, last = found
    index = tuple(line for text in lines[first:last] if (line := _index_line(text)))
    kept = [*lines[:first], INDEX_PLACE, *lines[last:]]
    return index, "\n".join(line for line in kept if line.strip() != INDEX_END)


def _block(lines: list[str], below: list[str]) -> tuple[int, int] | None:
    texts = [line.strip() for line in lines]
    if INDEX_PLACE in texts and INDEX_END in texts:
        return texts.index(INDEX_PLACE), texts.index(INDEX_END) + 1
    first = 0
    while first < len(lines):
        last = first
        while last < len(lines) and _index_line(lines[last]):
            last += 1
        if last - first >= 3 or (last - first == 2 and _leads_to(lines[first:last], below)):
            return first, last
        first = last + 1
    return None


def _leads_to(index: list[str], below: list[str]) -> bool:
    headings = {shown(found[1]).casefold() for line in below if (found := read_heading(line))}
    return any(line.title.casefold() in headings and not line.page for text in index if (line := _index_line(text)))


def is_toc(line: str) -> bool:
    """Tells whether a line is the mark where a program puts a table of contents."""
    return bool(_TOC.fullmatch(line.strip()))


def _without_toc(first: int, last: int, lines: list[tuple[int, str]]) -> tuple[int, int, list[tuple[int, str]]]:
    """The index stands where the head has the first mark of one; where it has an index of lines, and below, marks go."""
    if not any(is_toc(line) for _, line in lines):
        return first, last, lines
    parts = (lines[:first], lines[first:last], lines[last:])
    above, between, below = ([(n, line) for n, line in part if not is_toc(line)] for part in parts)
    if len(above) < first and not _read_index([line for _, line in above], [line for _, line in between])[0]:
        at = next(at for at, (_, line) in enumerate(lines) if is_toc(line))
        above.insert(at, (lines[at][0], INDEX_PLACE))
    return len(above), len(above) + len(between), [*above, *between, *below]


def _index_line(text: str) -> IndexLine | None:
    found = _INDEX_LINE.match(text)
    if not found:
        return None
    target = found[2]
    if not target.startswith("#") and not re.fullmatch(r"[\w./ %-]+\.md(?:#\S*)?", target):
        return None
    title = shown(tokens(found[1] + "()")[0].text)
    indent = len(text.expandtabs(4)) - len(text.expandtabs(4).lstrip())
    here = target.startswith("#") or _PART_PAGE.search(target)
    return IndexLine(title, indent, title, None if here else target)
