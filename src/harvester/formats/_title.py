"""Which piece of a block is the title, and what of a running text belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from harvester.formats._flat import Piece
from harvester.formats._shapes import is_authors, is_label, is_tag, weight, words
from harvester.formats._targets import subject_of
from harvester.formats._trim import OPENS, sentence, trim

_QUOTED = re.compile(r"[\"“«「《]([^\"“”«»「」《》]{6,300})[\"”»」》]")
_DESCRIBES = re.compile(r"[\s)\]]*(?:[:：–—.;，,]|-\s)")  # what comes in front of a description
_TAGGED = 24  # the score of a short link in brackets, which says what it leads to: "[[PR](…)] Binary Neural Networks"
_LEADS = 80  # the score from which the first candidate is the title
_FIRST = 43  # the score that a short running text has at least where an entry begins with it
_LAST = 5  # the score of what is a title where nothing else is
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
    left: tuple[str, ...]
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
        leads = number == 0 and title.score >= _LEADS
        score = title.score - number + (20 if leads else 0)
        if best is None or score > best.score:
            best = Title(title.text, title.url, title.first, title.last, title.bold, title.left, score)
        if leads:
            break  # no other comes near
    return best


def find_marked_title(pieces: Sequence[Piece]) -> Title | None:
    """Returns the best title that is a link, bold or quoted; in prose nothing else shows where one begins."""
    marked = [piece if piece.kind != "text" or _QUOTED.search(piece.text) else _SILENT for piece in pieces]
    found = find_title(marked)
    return found if found and found.score > _LAST else None


def titled_links(pieces: Sequence[Piece]) -> list[int]:
    """Returns the places of links that are titles of papers by themselves."""
    return [
        at
        for at, piece in enumerate(pieces)
        if piece.kind == "link" and weight(piece.text) == 2 and not piece.image and is_paper_link(piece.url)
    ]


def _candidates(pieces: Sequence[Piece]) -> Iterator[Title]:
    named: Title | None = None  # what in front could be a short title
    at = 0
    while at < len(pieces):
        piece, end = pieces[at], at + 1
        if piece.kind == "link" and not piece.image:
            found = _linked(pieces, at)
        elif piece.kind in ("strong", "em"):
            found = _emphasized(pieces, at)
        else:
            found = None
            if piece.kind in ("text", "code") and not _is_tag(pieces, at):
                end = _run_end(pieces, at)
                run = "".join(_coded(part) if part.kind == "code" else _spaced(part) for part in pieces[at:end])
                for title in _running(run, at, end, named, pieces):
                    yield title
                    named = named or title
        if found:
            yield found
            named, end = named or (found if found.score > _TAGGED else None), found.last
        at = end


def _linked(pieces: Sequence[Piece], at: int) -> Title | None:
    """A link's text as a title; one word that leads to a paper is one, too, unless it is the name in front of a title."""
    piece = pieces[at]
    text, left = trim(piece.text)
    size = weight(text)
    if not size:
        return None
    if size == 1 and (joined := _joined(pieces, at, text)):
        return joined
    if size == 1 and (piece.raw.startswith("[[") or _neighbour(pieces, at - 1).rstrip().endswith("[")):
        return Title(text, piece.url, at, at + 1, piece.bold, left, _TAGGED)
    is_paper = is_paper_link(piece.url)
    score = (100 if is_paper else 85) if size == 2 else 75 if is_paper and not _titled_behind(pieces, at) else 45
    return Title(text, piece.url, at, at + 1, piece.bold, left, score)


def _titled_behind(pieces: Sequence[Piece], at: int) -> bool:
    """Tells whether a title in capitals follows directly: "[CLIP](…) Learning Transferable Visual Models"."""
    behind = _neighbour(pieces, at + 1)
    return not _DESCRIBES.match(behind) and _is_capital(trim(behind)[0])


def _is_capital(text: str) -> bool:
    return len(words(text)) >= 4 and _capitalized(text) >= 0.7


_CODE = ("\ue010", "\ue011")  # stand for the marks of code while a running text is taken apart


_UNDERLINED = re.compile(r"(?:\\_)+(?=\ue010)|(?<=\ue011)(?:\\_)+")  # bold code, as it is written with underscores


def _coded(piece: Piece) -> str:
    return f"{_CODE[0]}{piece.text}{_CODE[1]}"


def without_marks(text: str) -> str:
    """A running text as a reader sees it."""
    return text.replace(_CODE[0], "").replace(_CODE[1], "")


def with_marks(markdown: str) -> str:
    """A running text, escaped, as Markdown."""
    plain = _UNDERLINED.sub("", markdown)
    return plain.replace(_CODE[0], "`").replace(_CODE[1], "`")


def _spaced(piece: Piece) -> str:
    """A text's own spaces at its ends, one each."""
    raw = " " if piece.kind == "break" or piece.kind == "em" else piece.raw or piece.text
    return " " * raw[:1].isspace() + piece.text + " " * (raw[-1:].isspace() and bool(piece.text))


def _run_end(pieces: Sequence[Piece], at: int) -> int:
    """Where a running text ends: at a tag, or at a line end behind which something new begins."""
    end = at
    while end < len(pieces):
        piece = pieces[end]
        if piece.kind == "break":
            if end == at or not _wraps(pieces, end):
                break
        elif (piece.kind not in ("text", "code") and not _is_stressed(pieces, end)) or _is_tag(pieces, end):
            break
        end += 1
    return max(end, at + 1)


def _is_stressed(pieces: Sequence[Piece], at: int) -> bool:
    """Tells whether a piece is one slanted word in the middle of a phrase."""
    before, behind = (pieces[i].raw if 0 <= i < len(pieces) else "" for i in (at - 1, at + 1))
    if pieces[at].kind != "em" or len(words(pieces[at].text)) != 1 or not weight(pieces[at].text):
        return False
    return bool(re.search(r"\w\s$", before) and re.match(r"\s\w", behind))


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
    if (before.endswith("[") and behind.startswith("]")) or is_tag(piece.text):
        return None  # a tag
    text, left = trim(piece.text)
    size = weight(text)
    if not size and at == 0 and piece.kind == "strong" and text and is_label(text):
        return Title(text, None, at, at + 1, True, left, _LAST)  # where nothing else could be the title
    if not size or (piece.kind == "em" and is_authors(piece.text)):
        return None
    if size == 1 and (joined := _joined(pieces, at, text)):
        return joined
    if piece.kind == "strong":
        if size == 1 and piece.text[:1] + piece.text[-1:] == "[]":
            return Title(text, None, at, at + 1, True, left, _TAGGED)
        leads = not any(words(other.text) for other in pieces[:at]) and not _linked_next(pieces, at)
        return Title(text, None, at, at + 1, True, left, 95 if size == 2 else 80 if leads else 60)
    score = 70 if size == 2 else 35
    return Title(text, None, at, at + 1, False, left, score)


def _linked_next(pieces: Sequence[Piece], at: int) -> bool:
    """Tells whether a link follows that is no label: then what is bold in front of it says who or what kind."""
    behind = next((piece for piece in pieces[at + 1 :] if words(piece.text) or piece.kind == "link"), None)
    return behind is not None and behind.kind == "link" and bool(weight(behind.text))


def _joined(pieces: Sequence[Piece], at: int, name: str) -> Title | None:
    """A title whose short name is set apart: "**LoRA**: Low-Rank Adaptation …"; small letters tell a description."""
    piece, behind = pieces[at], _neighbour(pieces, at + 1)
    goes_on = re.match(r"\s*(?::\s+|：\s*)(?=\S)", behind)
    if not goes_on and not (piece.text.endswith(":") and behind):
        return None
    told, left = sentence(behind[goes_on.end() :] if goes_on else behind)
    if weight(told) < 2 or _capitalized(told) < 0.6:
        return None
    return Title(f"{name.rstrip(':')}: {told}", piece.url or None, at, at + 2, piece.kind != "em", left, 95)


def _neighbour(pieces: Sequence[Piece], at: int) -> str:
    return pieces[at].text if 0 <= at < len(pieces) and pieces[at].kind == "text" else ""


def _capitalized(text: str) -> float:
    found = [word for word in words(text) if word.casefold() not in _SMALL]
    return sum(not word[0].islower() for word in found) / len(found) if found else 0.0


def _running(text: str, first: int, last: int, named: Title | None, pieces: Sequence[Piece]) -> Iterator[Title]:
    if quoted := _QUOTED.search(text):
        title, left = trim(quoted[1])
        if weight(title) == 2:
            beside = (text[: quoted.start()].strip(OPENS), *left, text[quoted.end() :].lstrip(OPENS).rstrip())
            yield Title(without_marks(title), None, first, last, False, tuple(filter(None, beside)), 97)
            return
    title, left = sentence(text)
    size = weight(title)
    if size and is_authors(title):
        yield Title(without_marks(title), None, first, last, False, left, 15)
    elif size:
        score = (
            30
            if named and ((named.url and not _of_paper(pieces)) or _describes(text, title, first, named))
            else 90
            if size == 2
            else 25
        )
        yield Title(without_marks(title), None, first, last, False, left, score if first else max(score, _FIRST))


def _of_paper(pieces: Sequence[Piece]) -> bool:
    return any(piece.kind == "link" and is_paper_link(piece.url) for piece in pieces)


def _describes(text: str, title: str, first: int, named: Title) -> bool:
    """Tells whether a running text says something about what is named in front of it."""
    if named.score < 35 or is_label(named.text):
        return False
    if _DESCRIBES.match(text) or title[:1].islower():
        return True
    return named.score >= 60 and (named.url is not None or first > named.last) and not _is_capital(title)
