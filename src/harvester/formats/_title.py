"""Which piece of a block is the title, and what of a running text belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from harvester.formats._flat import Piece
from harvester.formats._shapes import is_authors, is_date, is_label, is_venue, says_venue, weight, words
from harvester.formats._targets import subject_of

_SENTENCE = re.compile(r"(?<=[.?!。])\s+(?=[^\W_a-z]|[\d\"“(\[])")
_STOP = re.compile(r"[.?!。]")
_ABBREVIATED = re.compile(r"(?:\b[A-Z]|\b(?:vs|al|e\.g|i\.e|etc|Dr|Mr|St|No|Fig|cf|Vol|Proc))\.$")
_SHORTCODE = re.compile(r"(?:\d+\s*)?:[a-z][a-z0-9_+-]*:\d*|\d+⭐")
_QUOTED = re.compile(r"[\"“«「《]([^\"“”«»「」《》]{6,300})[\"”»」》]")
_FIRST_GROUP = re.compile(r"\s*(?:\[([^\[\]]{0,60})\]|\(([^()]{0,60})\)|【([^【】]{0,60})】)\s*[:：|-]?\s*")
_LAST_GROUP = re.compile(r"\s*(?:\[([^\[\]]{0,120})\]|\(([^()]{0,120})\)|（([^（）]{0,120})）)\s*[.,]?$")
_PREFIX = re.compile(r"([^:|–—]{2,40}?)\s*(?::\s|\||\s[–—-]\s)\s*")
_LONGEST = 2_000  # characters in which a title is looked for
_OPENS = " \t.,;:|·•*_~]>)}’'`-–—+&/\\"
_CLOSES = " \t,;:|·•*_~[<({‘'`-–—+&/\\"
_BRACKETS = ("]", ")", "）")
_SMALL = frozenset(
    "a an the of for in on with via by to from is are and or as at be can do does not under over".split()
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title that was found: its text, where it links to, which pieces it took, and what of them is no title."""

    text: str
    url: str | None
    first: int
    last: int  # the piece behind the title's last one
    bold: bool
    left: str
    score: int


_SILENT = Piece("break", "")


def is_paper_link(url: str) -> bool:
    """Tells whether an address leads to a paper that has an id: arXiv, DOI, OpenReview."""
    subject = subject_of(url)
    return bool(subject and subject.startswith(("arxiv:", "doi:", "openreview:")))


def find_title(pieces: Sequence[Piece]) -> Title | None:
    """Returns the best title of a block; None where nothing looks like one."""
    return _best(tuple(pieces))


@lru_cache(64)  # asked for a block, then for its parts, of which it often has but one
def _best(pieces: tuple[Piece, ...]) -> Title | None:
    best: Title | None = None
    for number, title in enumerate(_candidates(pieces)):
        score = title.score - number + (20 if number == 0 and title.score >= 80 else 0)
        if best is None or score > best.score:
            best = Title(title.text, title.url, title.first, title.last, title.bold, title.left, score)
    return best


def find_marked_title(pieces: Sequence[Piece]) -> Title | None:
    """Returns the best title that is a link, bold or quoted; in prose nothing else shows where one begins."""
    marked = [piece if piece.kind != "text" or _QUOTED.search(piece.text) else _SILENT for piece in pieces]
    return find_title(marked)


def titled_links(pieces: Sequence[Piece]) -> list[int]:
    """Returns the places of links that are titles of papers by themselves."""
    return [
        at
        for at, piece in enumerate(pieces)
        if piece.kind == "link" and weight(piece.text) == 2 and not piece.image and is_paper_link(piece.url)
    ]


def _candidates(pieces: Sequence[Piece]) -> Iterator[Title]:
    described = False  # whether something in front could be a short title
    at = 0
    while at < len(pieces):
        piece, end = pieces[at], at + 1
        if piece.kind == "link" and not piece.image:
            text, left = trim(piece.text)
            size = weight(text)
            if size == 1 and (joined := _joined(pieces, at, text)):
                yield joined
                described, end = True, joined.last
            elif size:
                score = (100 if is_paper_link(piece.url) else 85) if size == 2 else 45
                yield Title(text, piece.url, at, end, piece.bold, left, score)
                described = True
        elif piece.kind in ("strong", "em"):
            found = _emphasized(pieces, at)
            if found:
                yield found
                described, end = True, found.last
        elif piece.kind in ("text", "code"):
            if _is_tag(pieces, at):
                at += 1
                continue
            end = _run_end(pieces, at)
            run = "".join(part.text if part.kind == "code" else _spaced(part) for part in pieces[at:end])
            yield from _running(run, at, end, described)
        at = end


def _spaced(piece: Piece) -> str:
    """A text's own spaces at its ends, one each."""
    raw = piece.raw or piece.text if piece.kind != "break" else " "
    return " " * raw[:1].isspace() + piece.text + " " * (raw[-1:].isspace() and bool(piece.text))


def _run_end(pieces: Sequence[Piece], at: int) -> int:
    """Where a running text ends: at a tag, or at a line end behind which something new begins."""
    end = at
    while end < len(pieces):
        piece = pieces[end]
        if piece.kind == "break":
            if end == at or not _wraps(pieces, end):
                break
        elif piece.kind not in ("text", "code") or _is_tag(pieces, end):
            break
        end += 1
    return max(end, at + 1)


def _is_tag(pieces: Sequence[Piece], at: int) -> bool:
    """Tells whether a piece of code stands in brackets: "[`bnn`]"."""
    return pieces[at].kind == "code" and _neighbour(pieces, at - 1).endswith("[")


def _wraps(pieces: Sequence[Piece], at: int) -> bool:
    """Tells whether a text goes on behind a line end: in the middle of a phrase, or with a small letter."""
    before, behind = _neighbour(pieces, at - 1), _neighbour(pieces, at + 1)
    last = before.rpartition(" ")[2].casefold()
    return bool(before and behind) and (last in _SMALL or before[-1] in "-:" or behind.lstrip()[:1].islower())


def _emphasized(pieces: Sequence[Piece], at: int) -> Title | None:
    """A bold or slanted title, with the plain one that goes on behind its short name: "**LoRA**: Low-Rank …"."""
    piece = pieces[at]
    before, behind = _neighbour(pieces, at - 1), _neighbour(pieces, at + 1)
    if before.endswith("[") and behind.startswith("]"):
        return None  # a tag
    text, left = trim(piece.text)
    size = weight(text)
    if not size or (piece.kind == "em" and is_authors(piece.text)):
        return None
    if size == 1 and (joined := _joined(pieces, at, text)):
        return joined
    score = (95 if size == 2 else 55) if piece.kind == "strong" else (70 if size == 2 else 35)
    return Title(text, None, at, at + 1, piece.kind == "strong", left, score)


def _joined(pieces: Sequence[Piece], at: int, name: str) -> Title | None:
    """A title whose short name is set apart: "**LoRA**: Low-Rank Adaptation …"; small letters tell a description."""
    piece, behind = pieces[at], _neighbour(pieces, at + 1)
    goes_on = re.match(r"\s*:\s+(?=\S)", behind)
    if not goes_on and not (piece.text.endswith(":") and behind):
        return None
    told, left = trim(behind[goes_on.end() :] if goes_on else behind)
    if weight(told) < 2 or _capitalized(told) < 0.6:
        return None
    return Title(f"{name.rstrip(':')}: {told}", piece.url or None, at, at + 2, piece.kind != "em", left, 95)


def _neighbour(pieces: Sequence[Piece], at: int) -> str:
    return pieces[at].text if 0 <= at < len(pieces) and pieces[at].kind == "text" else ""


def _capitalized(text: str) -> float:
    found = [word for word in words(text) if word.casefold() not in _SMALL]
    return sum(not word[0].islower() for word in found) / len(found) if found else 0.0


def _running(text: str, first: int, last: int, described: bool) -> Iterator[Title]:
    if quoted := _QUOTED.search(text):
        title, left = trim(quoted[1])
        if weight(title) == 2:
            rest = f"{text[: quoted.start()].strip(_OPENS)} {left} {text[quoted.end() :].strip(_OPENS)}"
            yield Title(title, None, first, last, False, rest.strip(), 97)
            return
    title, left = trim(text)
    size = weight(title)
    if size and is_authors(title):
        yield Title(title, None, first, last, False, left, 15)
    elif size:
        told = described and (text.lstrip()[:1] in ":-–—," or title[:1].islower())
        score = 30 if told else 90 if size == 2 else 25
        yield Title(title, None, first, last, False, left, score)


def trim(text: str) -> tuple[str, str]:
    """Cuts a running text to its title; returns it and what was cut off (venue, authors, dates, tags)."""
    title, left = _trim(text[:_LONGEST])
    return title, " ".join(part for part in (left, text[_LONGEST:]) if part)


@lru_cache(1_024)  # a block's texts are looked at twice or more: as a title, beside one, in a part of the block
def _trim(text: str) -> tuple[str, str]:
    left: list[str] = []
    title = _trim_front(_SHORTCODE.sub(" ", text) if ":" in text or "⭐" in text else text, left)
    if _STOP.search(title):
        title = _first_sentences(title, left)
    title = _trim_end(title, left)
    return title, " ".join(part for part in left if part)


def _trim_front(text: str, left: list[str]) -> str:
    title = text.lstrip(_OPENS)
    while title:
        group = _FIRST_GROUP.match(title) if title[0] in "[(【" or title[0].isspace() else None
        if group and weight(title[group.end() :]):
            inner = group[1] if group[1] is not None else group[2] or group[3] or ""
            if group[2] is None or _is_beside(inner):
                left.append(inner.strip("*_`# "))
                title = title[group.end() :].lstrip(_OPENS)
                continue
        prefix = _PREFIX.match(title)
        if prefix and _is_beside(prefix[1]) and weight(title[prefix.end() :]):
            left.append(prefix[1].strip())
            title = title[prefix.end() :].lstrip(_OPENS)
            continue
        dated, _, rest = title.partition(" ")
        if len(dated) >= 6 and is_date(dated) and weight(rest):
            left.append(dated)
            title = rest.lstrip(_OPENS)
            continue
        if not title[0].isalnum() and title[0] not in '([{"“$<#@' and not title[0].isascii():
            title = title[1:].lstrip(_OPENS)  # an emoji
            continue
        break
    return title


def _is_beside(text: str) -> bool:
    return is_date(text) or is_venue(text) or is_label(text)


def _first_sentences(text: str, left: list[str]) -> str:
    """Ends where authors, a venue or more sentences than a title has begin; begins behind authors."""
    at, authors = 0, []
    for boundary in _SENTENCE.finditer(text[:2_000]):
        before, behind = text[at : boundary.start()], text[boundary.end() :]
        if _ABBREVIATED.search(before):
            continue
        if is_authors(before) and weight(behind):
            authors.append(before.strip())
            at = boundary.end()
            continue
        ends_as_question = before.endswith(("?", "!"))
        tail = says_venue(behind[:200]) or is_authors(behind.split(". ")[0][:300]) or is_label(behind)
        if not ends_as_question or (tail and len(words(behind)) < 40 and weight(behind.split(". ")[0]) != 2):
            left.extend([*authors, behind])
            return before
        if tail and is_authors(behind.split(". ")[0][:300]):
            left.extend([*authors, behind])
            return before
    left.extend(authors)
    return text[at:]


def _trim_end(text: str, left: list[str]) -> str:
    title = text
    while True:
        title = title.rstrip(_CLOSES + "⚠️🔥⭐👍✨🌟")
        group = _LAST_GROUP.search(title[-130:]) if title.rstrip().rstrip(".,").rstrip()[-1:] in _BRACKETS else None
        if group:
            inner = next((part for part in group.groups() if part is not None), "")
            start = len(title) - len(title[-130:]) + group.start()
            if "@" in inner or _is_beside(inner) or is_authors(inner):
                left.append(inner)
                title = title[:start]
                continue
        head, mark, tail = _last_part(title)
        if mark and tail and weight(head) and (is_venue(tail) or is_date(tail) or (mark != ":" and is_label(tail))):
            left.append(tail.strip())
            title = head
            continue
        break
    return title[:-1].rstrip() if title.endswith(".") and not title.endswith("...") else title


def _last_part(text: str) -> tuple[str, str, str]:
    """Splits at the last comma, bar or dash between spaces."""
    at, mark = 0, ""
    for found in (", ", " | ", " - ", " – ", " — ", ". ", "? "):
        if (place := text.rfind(found)) > at:
            at, mark = place, found
    if at <= 0:
        return text, "", ""
    keep = at + 1 if mark == "? " else at
    return text[:keep], mark, text[at + len(mark) :]
