"""One block of a list of any form as entries: title, links, authors, venue; the rest becomes a note."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from urllib.parse import unquote, urlsplit

from harvester.formats import _badges
from harvester.formats._bullet import read_nested
from harvester.formats._draft import Draft, counts_citations, is_own, place_badges
from harvester.formats._flat import Piece
from harvester.formats._inline import is_symbol
from harvester.formats._markdown import escape
from harvester.formats._shapes import is_authors, is_date, is_label, is_venue, words
from harvester.formats._targets import repo_at, subject_of, tidy_url
from harvester.formats._text import clean_url, is_web
from harvester.formats._title import Title, find_title, titled_links
from harvester.ids import Subject, is_reader

OTHER_FORM = "an entry of another form was read"
_EMPTY = re.compile(r"\\?[\[(（【{<]\s*\\?[\])）】}>]|(?:\\?[\[\]|]|·)+")
_ID = re.compile(r"(?:arxiv:)?\d{4}\.\d{4,5}(?:v\d+)?", re.IGNORECASE)
_CITED = re.compile(r"\b(?:ci[a-z]*tions?|cited by)\s*[:=]?\s*$", re.IGNORECASE)
_LEADS_ON = re.compile(r"(?:^|\s)(?:[a-z]{2,}\s*|[A-Za-z]{2,}\s*\()$")
_LINKS = re.compile(r"(!?\[[^\[\]]*\]\([^()\s]*\))")
_GOES_ON = re.compile(r"\)?\s*[a-z]{2,}\b(?!\s*$)")
_JOINTS = " \t,.;:|·•/&+*_~-–—\\"
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
    """Makes a draft of pieces: what is neither title nor link nor authors nor venue becomes one note."""
    draft = Draft(line)
    left: list[str] = []
    urls = [piece for piece in pieces if piece.kind == "link"]
    own = _own(title, urls)
    if title:
        bare = _ID.fullmatch(title.left.strip(_JOINTS + "[]"))
        if bare and own and bare[0] in own:
            title = replace(title, left="")
        draft.set_title(title.text, title.url if title.url and title.url == own else None)
        _keep(draft, title.left, left, plainly=True)
        if title.url and title.url != own:
            draft.add_link(label_of(title.url), title.url)
    pieces = _take_marks(draft, pieces)
    for at, piece in enumerate(pieces):
        if title and title.first <= at < title.last:
            continue
        if piece.kind == "link" and piece.url != own and clean_url(piece.url) and _in_sentence(pieces, at):
            left.append(f" {piece.raw} ")
        else:
            _take(draft, piece, own, left)
    _first(draft, own)
    place_badges(draft)
    if draft.authors and not _subject(own or "").startswith(_PAPERS):
        left.append(f" · {escape(draft.authors)}")  # what stands slanted below a link describes it
        draft.authors = None
    if text := draft.take_count(tidy_note("".join(left))):
        draft.notes.append(read_nested(text, 1))
    return draft


def _take_marks(draft: Draft, pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Emoji in front of everything are the entry's marks."""
    told = pieces[0].text.split() if pieces and pieces[0].kind == "text" else []
    marks = list(takewhile(is_symbol, told))
    draft.marks += marks
    return [pieces[0]._replace(text=" ".join(told[len(marks) :])), *pieces[1:]] if marks else pieces


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


def _in_sentence(pieces: Sequence[Piece], at: int) -> bool:
    """Tells whether a link is a word of a running sentence: small letters lead to it, and go on behind it."""
    before, behind = (pieces[i] if 0 <= i < len(pieces) else None for i in (at - 1, at + 1))
    if not before or not behind or before.kind != "text" or behind.kind != "text" or not pieces[at].raw.startswith("["):
        return False
    return bool(_LEADS_ON.search(before.text) and _GOES_ON.match(behind.text))


def _first(draft: Draft, own: str | None) -> None:
    """What the entry is about stands first among its links, so that it is taken for it."""
    url = tidy_url(own) if own else None
    draft.links.sort(key=lambda link: link.url != url)


def _take(draft: Draft, piece: Piece, own: str | None, left: list[str]) -> None:
    match piece.kind:
        case "link":
            if "shields.io/github/stars/" in piece.image or _badges.star_repo(piece.image):
                draft.badge_targets.append(piece.url)
            elif counted := _counted(piece, left):
                draft.set_citations(counted, piece.url)
            elif is_web(piece.url) and own and is_own(tidy_url(piece.url) or "", Subject(_subject(own))):
                draft.add_link(label_of(piece.url), piece.url)
                label = _ID.sub(" ", piece.text).strip(_JOINTS + "()[]")
                _keep(draft, "" if is_label(label) else f" · {label} · ", left)
            elif is_web(piece.url):
                draft.add_link(piece.text or label_of(piece.url), piece.url)
            elif not piece.url.startswith("#"):
                left.append(f" {piece.raw} " if clean_url(piece.url) else f" {escape(piece.text)} ")
        case "image":
            _take_image(draft, piece, left)
        case "break":
            left.append(" · ")
        case "code":
            left.append(piece.raw)
        case _:
            _keep(draft, piece.text, left)


def _counted(piece: Piece, left: list[str]) -> str | None:
    """The number of citations that a link shows: one to a page that counts them, or behind the word itself."""
    number = piece.text.replace(",", "").strip("*_ ")
    if not number.isdecimal() or len(number) > 7:
        return None
    if left and (named := _CITED.search(left[-1])):
        left[-1] = left[-1][: named.start()]
        return number
    return number if counts_citations(piece.url) else None


def _take_image(draft: Draft, piece: Piece, left: list[str]) -> None:
    if repo := _badges.star_repo(piece.url):
        draft.badge_targets.append(f"https://github.com/{repo}")
    elif "img.shields.io/badge/" in piece.url:
        _keep(draft, _badge_text(piece.url), left)
    elif draft.figure is None and clean_url(piece.url):
        draft.figure = clean_url(piece.url)
    elif clean_url(piece.url):
        left.append(f" {piece.raw} ")


def _badge_text(url: str) -> str:
    """The words of a static badge."""
    path = unquote(urlsplit(url).path).partition("/badge/")[2].removesuffix(".svg").rpartition("-")[0]
    return path.replace("--", "\0").replace("-", " ").replace("_", " ").replace("\0", "-").strip() + " "


def _keep(draft: Draft, text: str, left: list[str], *, plainly: bool = False) -> None:
    """Keeps a text: as authors or venue where it looks so, else for the note."""
    bare = text.strip(_JOINTS + "[]()").removeprefix("by ").strip()
    if not bare:
        left.append(text if not plainly else "")
    elif draft.authors is None and draft.venue is None and (told := _authors_and_venue(bare)):
        draft.authors, draft.venue = told
    elif draft.authors is None and is_authors(bare):
        draft.authors = bare
    elif draft.venue is None and (is_venue(bare) or (is_date(bare) and len(words(bare)) > 0)):
        draft.venue = bare
    else:
        left.append(escape(text) + (" · " if plainly else " "))


def _authors_and_venue(text: str) -> tuple[str, str] | None:
    """Takes apart "Ada Author, Bo Author. ICML 2023"."""
    head, _, tail = text.rpartition(". ")
    return (head, tail) if tail and is_venue(tail) and is_authors(head) else None


def tidy_note(markdown: str) -> str:
    """Writes what is left of a block in one line, without the brackets and joints that links left behind."""
    parts = [_without_empty(part) for part in re.split(r"\s·\s", markdown)]
    kept = [part.strip(_JOINTS + "()") for part in parts]
    text = " · ".join(part for part in kept if words(part) or not part.isascii())
    return re.sub(r"\s+", " ", text).strip()


def _without_empty(part: str) -> str:
    """Leaves out empty brackets beside links, not those of links."""
    if "](" not in part:
        return _EMPTY.sub(" ", part)
    if _LINKS.sub("", part).count("](") > 0:
        return part
    return "".join(text if at % 2 else _EMPTY.sub(" ", text) for at, text in enumerate(_LINKS.split(part)))


def label_of(url: str) -> str:
    """Names a link that has no text of its own: the repository, the site."""
    if _subject(url).startswith("arxiv:") and not is_reader(url):
        return "arXiv"
    repo = repo_at(url)
    if repo:
        return repo.partition("/")[2]
    return urlsplit(url).netloc.removeprefix("www.") or url
