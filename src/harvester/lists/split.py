"""Pages that have grown too long become parts with links between them.

GitHub shows the first 512,000 bytes of a Markdown file. A part is named after the entry it begins with, and where a page
is cut depends on its entries, not on their number: of the entries in the middle half of what is too long, the one whose
digest is smallest begins a new part, and so on for both halves. So an entry more changes the part it stands in (which it
may cut in two) and leaves the others where they are; the first part keeps the name of the page.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from harvester.ids import arxiv_of
from harvester.pages import CountsAsOf, Line, Page, Section

LONGEST = 500_000  # bytes; GitHub cuts at 512,000
_FEW = 50  # lines that are not weighed one by one

Weigh = Callable[[Page], int]
WeighLine = Callable[[Page, Line], int]
AsOf = Callable[[Sequence[Section]], tuple[CountsAsOf, ...]]


def split(page: Page, weigh: Weigh, weigh_line: WeighLine, as_of: AsOf, longest: int = LONGEST) -> tuple[Page, ...]:
    """Cuts a page into parts of at most `longest` bytes; `weigh` and `weigh_line` tell how many bytes something takes.

    Head, index, foot and recommendations stand on the first part. A section that goes on repeats its heading, and those
    of the sections above it. A line that is longer than a page stays whole.
    """
    lines = [line for section in page.sections for line in section.lines]
    if len(lines) <= _FEW and weigh(page) <= longest:
        return (page,)
    sizes = [weigh_line(page, line) + 1 for line in lines]
    bare = replace(page, sections=tuple(replace(section, lines=()) for section in page.sections))
    room = longest - weigh(bare) - 200 * (1 + len(page.sections))  # links between the parts, headers of tables
    cuts = tuple(_cuts([0, *accumulate(sizes)], [_digest(line) for line in lines], 0, len(lines), max(room, 1)))
    return _parts(page, lines, cuts, as_of) if cuts else (page,)


def _cuts(before: Sequence[int], digests: Sequence[bytes], first: int, end: int, room: int) -> Iterator[int]:
    """Where the lines from `first` to `end` are cut; `before` is how many bytes stand in front of each."""
    whole = before[end] - before[first]
    if whole <= room or end - first < 2:
        return
    low = bisect_left(before, before[first] + whole // 4, first + 1, end - 1)
    high = bisect_left(before, before[first] + whole * 3 // 4, low + 1, end)
    at = min(range(low, high), key=lambda number: digests[number])
    yield from _cuts(before, digests, first, at, room)
    yield at
    yield from _cuts(before, digests, at, end, room)


def _digest(line: Line) -> bytes:
    return hashlib.sha256(f"{line.subject} {line.place}".encode()).digest()


def _parts(page: Page, lines: Sequence[Line], cuts: Sequence[int], as_of: AsOf) -> tuple[Page, ...]:
    paths = [page.path, *(_name(page.path, lines[at]) for at in cuts)]
    spans = list(pairwise((0, *cuts, len(lines))))
    parts = []
    for number, (first, end) in enumerate(spans):
        sections = tuple(_between(page.sections, first, end, last=number == len(spans) - 1))
        part = page if number == 0 else replace(page, head="", foot="", index=(), recommended=(), changes=None)
        parts.append(
            replace(
                part,
                path=paths[number],
                sections=sections,
                as_of=as_of(sections),
                earlier=paths[number - 1] if number else None,
                later=paths[number + 1] if number + 1 < len(paths) else None,
            )
        )
    return tuple(parts)


def _name(path: str, line: Line) -> str:
    key = arxiv_of(line.subject) or _digest(line).hex()[:8]
    again = f"-{line.place}" if line.place > 1 else ""
    return f"{path.removesuffix('.md')}-from-{key.replace('/', '-')}{again}.md"


def _between(sections: Sequence[Section], first: int, end: int, *, last: bool) -> Iterator[Section]:
    """The sections of one part: those that begin in it, and, without their prose, those that go on and those above."""
    at = 0
    for number, section in enumerate(sections):
        begin, stop = at, at + len(section.lines)
        at = stop
        begins = first <= begin < end or (last and begin == end)
        goes_on = begin < first < stop
        leads = first and (number == 0 or any(_is_above(section, below, first, end) for below in _spans(sections)))
        if begins or goes_on:
            shown = section.lines[max(first - begin, 0) : max(end - begin, 0)]
            yield replace(section, lines=shown, prose=section.prose if begins else "")
        elif leads and begin < first:
            yield replace(section, lines=(), prose="")


def _spans(sections: Sequence[Section]) -> Iterator[tuple[str, int, int]]:
    at = 0
    for section in sections:
        yield section.path, at, at + len(section.lines)
        at += len(section.lines)


def _is_above(section: Section, below: tuple[str, int, int], first: int, end: int) -> bool:
    path, begin, stop = below
    return path.startswith(section.path + " / ") and begin < end and stop > first
