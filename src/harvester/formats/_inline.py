"""What both styles write behind a title: venue, links, owners, citations, badges, marks; everything else is a note."""

from __future__ import annotations

import re
from collections.abc import Sequence

from harvester.formats import _badges
from harvester.formats._draft import Draft
from harvester.formats._headings import shown
from harvester.formats._markdown import Token, plain, read_note, visible
from harvester.formats._targets import repo_at, subject_of
from harvester.formats._text import is_web, one_line
from harvester.records import Note

_JOINT = re.compile(r"[\s,·();:|.\[\]]*")
_CITATIONS = re.compile(r"\bci[a-z]*tions?\s*:\s*$", re.IGNORECASE)
_OWNER = re.compile(r"\)?\s+-\s+((?:[A-Za-z0-9_.-]|\\.)+)\s*(?=\)|$)")
_OWNER_AND_MORE = re.compile(r"\s+-\s+((?:[A-Za-z0-9_.-]|\\.)+)(?=[\s,])")
_SYMBOL = re.compile(r":[a-z][a-z0-9_+-]*:|[^\w\s\x00-\x7f\u00b7•◦·–—‘’“”…]+")
_COMMENT = re.compile(r"<!--\s*(.*?)\s*-->")
_DRESS = re.compile(r"</?(?:span|font|u|ins|small|big|sub|sup|center|div|p|b|strong|i|em|br)\b", re.IGNORECASE)


def read_rest(draft: Draft, pieces: Sequence[Token], *, first: bool = False, stop_at_title: bool = False) -> int:
    """Reads pieces into the draft and returns how many were read.

    `stop_at_title` ends before the first piece that is no badge. On an entry's `first` line a code span is
    its venue. What nothing explains becomes a note on the entry's own line.
    """
    if not pieces:
        return 0
    left: list[str] = []
    awaited = "owner" if first else ""  # what the next link or text belongs to: "citations", "owner"
    for at, piece in enumerate(pieces):
        if (piece.kind == "image" or "![" in piece.text) and _read_badge(draft, piece):
            continue
        if piece.kind == "html" and read_star(draft, piece):
            continue
        if stop_at_title:
            if piece.raw.strip() and not _read_symbols(draft, piece):
                return at
            continue
        if piece.kind == "text":
            text = piece.text
            if awaited == "owner" and "-" in text:
                text = _take_owner(draft, text)
            awaited = "citations" if ":" in text and _CITATIONS.search(text) else ""
            if awaited:
                _tell_spelling(draft, text)
                text = _CITATIONS.sub("", text)
            left.append(text)
        elif piece.kind == "link" and awaited == "citations":
            draft.set_citations(shown(piece.text), piece.url)
            awaited = ""
        elif piece.kind == "link":
            draft.add_link(shown(piece.text), piece.url)
            awaited = "owner"
            left.append("\0")
        elif piece.kind == "code" and first and draft.venue is None:
            draft.venue = one_line(piece.text)
        elif piece.kind == "html" and (comment := _COMMENT.match(piece.raw)):
            _take_comment(draft, comment[1])
        elif piece.kind == "html" and _DRESS.match(piece.raw):
            left.append(" ")
        else:
            left.append(piece.raw)
    _keep_left(draft, left)
    return len(pieces)


def _take_owner(draft: Draft, text: str) -> str:
    """Takes the owner of the last link's repository, behind a dash, out of the text; returns the rest."""
    if owner := _OWNER.match(text):
        draft.set_owner(plain(owner[1]))
        return text[owner.end() :]
    more = _OWNER_AND_MORE.match(text)
    return text[more.end() :] if more and _owns(draft, plain(more[1])) else text


def _take_comment(draft: Draft, text: str) -> None:
    """On our own pages a comment is the entry's date; on others its author's matter, whatever stands in it."""
    if draft.own:
        draft.listed_on = text or None
    elif text:
        draft.mend(f"a comment was left out: {one_line(text)}")


def _owns(draft: Draft, owner: str) -> bool:
    """Tells whether the repository of an entry's own link, which stands in front, has that owner."""
    repo = None if draft.links else repo_at(draft.title_url or "")
    return repo is not None and repo.partition("/")[0].lower() == owner.lower()


def _tell_spelling(draft: Draft, text: str) -> None:
    found = _CITATIONS.search(text)
    if found and not found[0].casefold().startswith("citation"):
        draft.mend("the spelling of 'citation' was mended")


def _keep_left(draft: Draft, left: list[str]) -> None:
    told = "".join(left)
    if not told.strip("\0 ,·();:|.[]"):
        return
    for part in told.split("\0"):
        if not _JOINT.fullmatch(part):
            kept = part.strip(" ,·;")
            if kept.count("(") > kept.count(")"):  # the link that followed stood in brackets
                kept = kept.rstrip(" ,·;(")
            draft.notes.append(Note(read_note(kept), depth=0, bullet=False))


def _read_symbols(draft: Draft, piece: Token) -> bool:
    """Reads emoji and their shortcodes in front of a title as marks; False where the piece holds words."""
    marks = plain(piece.text).split() if piece.kind == "text" else []
    if not marks or not all(map(is_symbol, marks)):
        return False
    draft.marks += marks
    return True


def is_symbol(word: str) -> bool:
    """Tells whether a word is an emoji, or the code of one."""
    return bool(_SYMBOL.fullmatch(word))


def _read_badge(draft: Draft, piece: Token) -> bool:
    """Reads an image or a linked image in front of or behind a title; False where it is none of ours or theirs."""
    inner, target = piece, ""
    if piece.kind == "link":
        within = visible(piece.text)
        if len(within) != 1 or within[0].kind != "image":
            return False
        inner, target = within[0], piece.url
    if inner.kind != "image":
        return False
    if mark := _badges.read_mark(inner):
        draft.marks.append(mark)
        if is_web(target):
            draft.add_link((_badges.read_static(inner.url) or ("", mark))[1], target)
        return True
    if _badges.is_machines(inner) or "shields.io/github/stars/" in inner.url:
        _check_star(draft, inner, target)
        return True
    return bool(target) and _read_linked(draft, inner, target, piece.raw)


def read_star(draft: Draft, piece: Token) -> bool:
    """Reads a badge of stars that leads nowhere, an image of Markdown or of HTML; False for any other piece."""
    url = _badges.source(piece)
    if _badges.star_repo(url) is None:
        return False
    _check_star(draft, Token("image", piece.raw, piece.text, url), "")
    return True


def _read_linked(draft: Draft, image: Token, target: str, raw: str) -> bool:
    """Reads another image that links somewhere: a badge is a link by its words, any other image stays one."""
    subject = subject_of(target) or ""
    if "shields.io/" not in image.url and (not is_web(target) or subject.startswith("url:")):
        draft.notes.append(Note(read_note(raw), depth=0, bullet=False))
        return True
    label, message, _ = _badges.read_static(image.url) or ("", plain(image.text), "")
    if "shields.io/" not in image.url:
        draft.mend(f"the image that a link showed was left out: {image.url}")
    draft.add_link(f"{label} {message}".strip(), target)
    return True


def _check_star(draft: Draft, badge: Token, target: str) -> None:
    """The badge is made anew from its repository's link; one that leads to no repository names that which it counts."""
    written = badge.url.partition("/github/stars/")[2].partition(".svg")[0]
    inside, options = written.startswith(("tree/", "blob/")), "?" in written and ".svg" in badge.url
    if "shields.io/github/stars/" in badge.url and (inside or options):
        draft.mend(f"a malformed star badge is made anew from the repository's link: {written}")
    counted, linked = None if inside else _badges.star_repo(badge.url), repo_at(target) if target else None
    if counted and linked and counted.lower() != linked.lower() and not options:
        draft.mend(f"a star badge of {counted} that led to {linked} is made anew from the repository's link")
        linked = None
    elif is_web(target) and not linked:
        draft.add_link(plain(badge.text) or "Star", target)
    if counted and not linked:
        target = f"https://github.com/{counted}"
    if target:
        draft.badge_targets.append(target)
