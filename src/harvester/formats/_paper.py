"""One block of a list of any form as entries: title, links, authors, venue; the rest becomes a note."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from urllib.parse import unquote

from harvester.formats import _badges
from harvester.formats._claims import AUTHORS, ID, JOINTS, is_own_id, keep
from harvester.formats._draft import Draft, counts_citations, is_own, place_badges
from harvester.formats._flat import Piece
from harvester.formats._inline import is_symbol
from harvester.formats._left import Left, note
from harvester.formats._markdown import escape, plain
from harvester.formats._shapes import is_date, is_label, is_name, is_venue, words
from harvester.formats._targets import repo_at, subject_of, tidy_url
from harvester.formats._text import clean_url, is_web, one_line
from harvester.formats._title import Title, find_title, titled_links, with_marks, without_marks
from harvester.ids import Subject, is_reader, split_url

OTHER_FORM = "an entry of another form was read"
_CITED = re.compile(r"\b(?:ci[a-z]*tions?|cited by)\s*[:=]?\s*$", re.IGNORECASE)
_LEADS_ON = re.compile(r"(?:^|\s)(?:[a-z]{2,}\s*|[A-Za-z]{2,}\s*\()$")
_POINTS = re.compile(
    r"(?:^|[\s(;,.])(?:see|see also|cf\.?|from|by|with|on|to|of|in|via|using|like|than|the|also|at|follows|is|for)\s*$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\)?\s*[a-z]{2,}\b(?!\s*$)")
_BARS = re.compile(r"(\s+[|·•]\s+|\s*·\s*)")
_BADGES = re.compile(r"shields\.io/|badge|colab-|\.svg(?:\?|$)", re.IGNORECASE)
_ARXIV = ("https://arxiv.org/", "http://arxiv.org/")
_NO_WORDS = JOINTS + "[]()"
_PAPERS = ("arxiv:", "doi:", "openreview:")


def read_block(
    pieces: Sequence[Piece], line: int, find: Callable[[Sequence[Piece]], Title | None] = find_title
) -> Iterator[Draft]:
    """Reads the papers of one block; several titles that link to papers are several entries."""
    titles = titled_links(pieces)
    starts = [0, *titles[1:]] if len(titles) > 1 else [0]
    for first, last in zip(starts, [*starts[1:], len(pieces)], strict=True):
        part = pieces[first:last]
        if any(_is_target(piece) for piece in part):
            yield draft_of(part, find(part), line)


def has_paper(pieces: Sequence[Piece]) -> bool:
    """Tells whether a link among the pieces leads to a paper with an id."""
    return any(piece.kind == "link" and _subject(piece.url).startswith(_PAPERS) for piece in pieces)


def has_target(pieces: Sequence[Piece]) -> bool:
    """Tells whether anything among the pieces could be what an entry is about."""
    return any(_is_target(piece) for piece in pieces)


def _is_target(piece: Piece) -> bool:
    return piece.kind == "link" and is_web(piece.url)


def _subject(url: str) -> str:
    return subject_of(url) or ""


def draft_of(pieces: Sequence[Piece], title: Title | None, line: int) -> Draft:
    """Makes a draft of pieces: what is neither title nor link nor authors nor venue becomes notes."""
    draft = Draft(line)
    own = _own(title, [piece for piece in pieces if piece.kind == "link"])
    left = Left(own or "")
    if title:
        draft.set_title(title.text, title.url if title.url and title.url == own else None)
    pieces = _labelled(_take_marks(draft, pieces))
    for at, piece in enumerate(pieces):
        if title and title.first <= at < title.last:
            if at == title.first:
                _take_beside(draft, title, left)
        elif draft.authors is None and title and at > title.first and _is_name_alone(pieces, at):
            draft.authors = piece.text.strip(JOINTS)
            left.take()
        elif piece.kind == "link" and piece.url != own and clean_url(piece.url) and _in_sentence(pieces, at, title):
            left.add(piece.raw)
        else:
            _take(draft, piece, left)
    _first(draft, own)
    place_badges(draft)
    _note(draft, left)
    for words_left_out in left.spent if title is None else ():
        draft.mend(f"words that name only a link were left out, and no title was found: {words_left_out}")
    return draft


def _take_beside(draft: Draft, title: Title, left: Left) -> None:
    """What stood around the title in its own text, and the link of a title that is not what the entry is about."""
    left.take()
    for part in (part.lstrip("".join(draft.marks) + " ") for part in title.left):
        keep(draft, without_marks(part), with_marks(escape(part)), left)
        left.take()
    if title.url and title.url != left.own:
        draft.add_link(label_of(title.url), title.url)


def _note(draft: Draft, left: Left) -> None:
    texts = left.texts()
    if draft.authors and not _subject(left.own).startswith(_PAPERS):  # what stands slanted below a link describes it
        texts.append((escape(draft.authors), 0, True, False))
        draft.authors = None
    above = 0
    for told, depth, bullet, quoted in texts:
        text = told if quoted else draft.take_count(told)
        if text:
            above = min(max(depth, 1), above + 1)
            draft.notes.append(note(text, above, bullet=bullet, quoted=quoted))


def _take_marks(draft: Draft, pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Emoji in front of everything are the entry's marks."""
    told = pieces[0].text.split() if pieces and pieces[0].kind == "text" else []
    marks = list(takewhile(is_symbol, told))
    draft.marks += marks
    if not marks:
        return pieces
    text = " ".join(told[len(marks) :])
    return [pieces[0]._replace(text=text, raw=escape(text) + " "), *pieces[1:]]


def _is_name_alone(pieces: Sequence[Piece], at: int) -> bool:
    """Tells whether a piece is one person's name, and all of its line."""
    if pieces[at].kind != "text" or not is_name(pieces[at].text.strip(JOINTS)):
        return False
    around = (pieces[i] for i in (at - 1, at + 1) if 0 <= i < len(pieces))
    return pieces[at - 1].kind == "break" and all(piece.kind == "break" for piece in around)


def _labelled(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """A dressed label and the words behind it are one text: "**Authors**: Ada Author"; the pieces keep their places."""
    told = list(pieces)
    for at in range(len(told) - 1):
        label, behind = told[at], told[at + 1]
        if label.kind not in ("strong", "em") or behind.kind != "text" or not is_label(label.text):
            continue
        if label.text.endswith((":", "：")) or behind.text[:1] in (":", "：") or AUTHORS.fullmatch(label.text + ":"):
            joint = "" if label.text.endswith((":", "：")) or behind.text[:1] in (":", "：") else ": "
            told[at] = Piece("text", f"{label.text}{joint}{behind.text}", f"{label.raw.strip()}{joint}{behind.raw}")
            told[at + 1] = Piece("text", "", "")
    return told


def _own(title: Title | None, links: Sequence[Piece]) -> str | None:
    """The address of what the entry is about: a paper before a repository, what the title links to before the rest."""
    targets = ([title.url] if title and title.url else []) + [
        piece.url for piece in sorted(links, key=lambda piece: not is_label(piece.text)) if is_web(piece.url)
    ]
    found = [(url, _subject(url)) for url in targets]
    for kind in _PAPERS:
        if own := next((url for url, subject in found if subject.startswith(kind)), None):
            return own
    return targets[0] if targets else None


def _in_sentence(pieces: Sequence[Piece], at: int, title: Title | None) -> bool:
    """Tells whether a link is a word of a running sentence: small letters lead to it, and go on behind it or point at it."""
    before, behind = (pieces[i] if 0 <= i < len(pieces) else None for i in (at - 1, at + 1))
    if not before or before.kind != "text" or not pieces[at].raw.startswith("["):
        return False
    if behind and behind.kind == "text" and _LEADS_ON.search(before.text) and _GOES_ON.match(behind.text):
        return True
    told = not title or not title.first <= at - 1 < title.last
    return told and bool(_POINTS.search(before.text)) and not repo_at(pieces[at].url)


def _first(draft: Draft, own: str | None) -> None:
    """What the entry is about stands first among its links, so that it is taken for it."""
    url = tidy_url(own) if own else None
    draft.links.sort(key=lambda link: link.url != url)


def _take(draft: Draft, piece: Piece, left: Left) -> None:
    match piece.kind:
        case "link":
            _take_link(draft, piece, left)
        case "image":
            _take_image(draft, piece, left)
        case "break" if piece.depth:
            left.begin(piece.depth, piece.raw, bullet=piece.bold)
        case "break":
            left.add(" · " if left.last.strip() else " ")
        case "quote":
            left.quote(piece.text, piece.depth)
        case "code" if is_own_id(piece.text, left.own):
            left.take()
        case "code" if draft.venue is None and (is_venue(piece.text) or is_date(piece.text)):
            draft.venue = piece.text
            left.take()
        case "code":
            left.add(piece.raw)
        case _ if not piece.text.strip(_NO_WORDS):
            left.add(piece.raw)
        case _:
            parts = _BARS.split(piece.raw) if piece.kind == "text" and len(words(piece.text)) > 1 else [piece.raw]
            if len(parts) < 3:
                return keep(draft, piece.text, piece.raw, left)
            for at, part in enumerate(parts):
                left.add(part) if at % 2 else keep(draft, plain(part), part, left)
    return None


def _take_link(draft: Draft, piece: Piece, left: Left) -> None:
    if "shields.io/github/stars/" in piece.image or _badges.star_repo(piece.image):
        draft.badge_targets.append(piece.url)
        if not repo_at(piece.url) and (starred := _badges.star_repo(piece.image)):
            draft.badge_targets.append(f"https://github.com/{starred}")
        return left.take()
    if counted := _counted(piece, left):
        draft.set_citations(counted, piece.url)
    elif (subject := _subject(left.own)) and is_own(tidy_url(piece.url) or "", Subject(subject)):
        draft.add_link(label_of(piece.url), piece.url)
        label = ID.sub(" ", piece.text).strip(JOINTS + "()[]")
        left.take_label()
        left.take()
        if not is_label(label):
            keep(draft, label, escape(label), left)
    elif is_web(piece.url):
        draft.add_link(piece.text or left.take_label() or label_of(piece.url), piece.url)
    elif not piece.url.startswith("#"):
        if not clean_url(piece.url):
            draft.mend(f"an address was tidied: {one_line(piece.url)[:120]}")
        left.add(f" {piece.raw} " if clean_url(piece.url) else f" {escape(piece.text)} ")
        return None
    elif piece.text or not piece.image:
        draft.mend(f"a link within the page was left out: {piece.text or piece.url}")
        if not is_label(piece.text):
            return left.add(f" {escape(piece.text)} ")
    left.take()
    return _take_shown(draft, piece, left)


def _take_shown(draft: Draft, piece: Piece, left: Left) -> None:
    """The image that is all a link shows: a badge says what the link says, any other is the entry's."""
    if not piece.image or _BADGES.search(piece.image) or not clean_url(piece.image):
        return
    if draft.figure is None:
        draft.figure = clean_url(piece.image)
    else:
        left.add(f" ![{escape(piece.text) or 'image'}](<{clean_url(piece.image)}>) ")


def _counted(piece: Piece, left: Left) -> str | None:
    """The number of citations that a link shows: one to a page that counts them, or behind the word itself."""
    number = piece.text.replace(",", "").strip("*_ ")
    if not number.isdecimal() or len(number) > 7:
        return None
    if named := _CITED.search(left.last):
        left.cut_last(named.start())
        return number
    return number if counts_citations(piece.url) else None


def _take_image(draft: Draft, piece: Piece, left: Left) -> None:
    if repo := _badges.star_repo(piece.url):
        draft.badge_targets.append(f"https://github.com/{repo}")
        left.take()
    elif "img.shields.io/badge/" in piece.url:
        text = _badge_text(piece.url)
        keep(draft, text, f" {escape(text)} ", left)
    elif draft.figure is None and clean_url(piece.url):
        draft.figure, draft.figure_width = clean_url(piece.url), piece.width or None
        left.take()
    elif clean_url(piece.url):
        left.add(f" {piece.raw} ")


def _badge_text(url: str) -> str:
    """The words of a static badge."""
    path = unquote(split_url(url).path).partition("/badge/")[2].removesuffix(".svg").rpartition("-")[0]
    return path.replace("--", "\0").replace("-", " ").replace("_", " ").replace("\0", "-").strip()


def label_of(url: str) -> str:
    """Names a link that has no text of its own: the repository, the site."""
    if url.startswith(_ARXIV) or (_subject(url).startswith("arxiv:") and not is_reader(url)):
        return "arXiv"
    repo = repo_at(url)
    if repo:
        return repo.partition("/")[2]
    return split_url(url).netloc.removeprefix("www.") or url
