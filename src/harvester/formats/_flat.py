"""The text of one block as a flat row of pieces: nested emphasis, HTML, references and bare addresses taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from harvester.formats._headings import shown
from harvester.formats._letters import letters, readable
from harvester.formats._markdown import Token, plain, tokens, visible
from harvester.formats._text import one_line

PieceKind = Literal["text", "code", "link", "image", "strong", "em", "break", "quote"]
_ANCHOR = re.compile(r"<a\b([^<>]*)>|</a\s*>", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_WIDTH = re.compile(r"""\bwidth\s*=\s*["']?(\d+%?)""", re.IGNORECASE)
_IMG = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_BOLD = re.compile(r"</?(?:b|strong)\s*>", re.IGNORECASE)
_SLANTED = re.compile(r"</?(?:i|em)\s*>", re.IGNORECASE)
_REFERENCE = re.compile(r"\]\s?\[([^\[\]]{1,200})\]")
_SHORT_REFERENCE = re.compile(r"(?<![\]!\\])\[([^\[\]]{1,200})\](?:\[\])?(?![\[(:])")
_DEFINITION = re.compile(r" {0,3}\[([^\[\]]{1,200})\]:\s+<?(\S+?)>?(?:\s+[\"'(].*)?$")
# An address, an arXiv id or a DOI that stands in running text without being a link.
_BARE = re.compile(
    r"https?://[^\s<>\"'`|\[\]{}]+"
    r"|\barxiv\s?(?:preprint)?\s?[:\s]\s?(?:arxiv:)?(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
    r"|\bdoi\s?:\s?10\.\d{4,9}/[^\s<>\"'`|\[\]{}]+",
    re.IGNORECASE,
)
_SILENT = frozenset("sup sub span font u center div p kbd small big s del strike samp q abbr nobr wbr".split())
_MARKS = {"strong": "**", "em": "*"}
_NESTED = re.compile(r"https?://[^\s()\[\]]+")
_DEEPEST = 6  # emphasis and links nested deeper than anybody writes are read as text


class Piece(NamedTuple):  # made a hundred thousand times a page, which is slow for a frozen dataclass
    """A piece of a block; `text` is plain, in one line; `raw` is its Markdown.

    A break with a depth begins a line below the entry, of which `bold` tells that it is a bullet.
    """

    kind: PieceKind
    text: str
    raw: str = ""
    url: str = ""
    bold: bool = False
    image: str = ""  # address of the image that is all a link shows
    width: str = ""  # of an image
    depth: int = 0


def definitions(lines: Iterator[str]) -> Mapping[str, str]:
    """Reads the addresses that a page defines for reference links, by name."""
    return {found[1].casefold(): found[2] for line in lines if (found := _DEFINITION.match(line))}


def is_definition(line: str) -> bool:
    """Tells whether a line only defines the address of a reference."""
    return bool(_DEFINITION.match(line)) and not line.lstrip().startswith("[//]")


def flatten(text: str, addresses: Mapping[str, str]) -> list[Piece]:
    """Takes a block's text apart; line ends in it are breaks."""
    return list(_pieces(as_markdown(text, addresses), "text", 0))


def as_markdown(line: str, addresses: Mapping[str, str]) -> str:
    """Writes links and emphasis of HTML, and links by reference, as plain Markdown."""
    if "<" in line:
        if "<img" in line and "<a" in line:
            line = _IMAGE.sub(_image, line)
        line = _SLANTED.sub("*", _BOLD.sub("**", _anchors(line)))
    if addresses and "]" in line:
        line = _REFERENCE.sub(lambda found: _target(found, addresses), line)
        line = _SHORT_REFERENCE.sub(lambda found: _short_target(found, addresses), line)
    return line


def _image(found: re.Match[str]) -> str:
    source, alt = _IMG.search(found[0]), _ALT.search(found[0])
    url = (source[1] or source[2] or source[3] or "") if source else ""
    shows = (alt[1] or alt[2] or "").replace("[", "").replace("]", "") if alt else ""
    if not url or _WIDTH.search(found[0]):
        return found[0]
    return f"![{shows}](<{url}>)" if re.search(r"[\s()<>]", url) else f"![{shows}]({url})"


def _short_target(found: re.Match[str], addresses: Mapping[str, str]) -> str:
    url = addresses.get(found[1].casefold())
    return f"[{found[1]}](<{url}>)" if url else found[0]


def _target(found: re.Match[str], addresses: Mapping[str, str]) -> str:
    url = addresses.get(found[1].casefold())
    return f"](<{url}>)" if url else found[0]


def _anchors(line: str) -> str:
    """Writes HTML links as Markdown; one that nobody closes is left out."""
    parts: list[str] = []
    at, href = 0, ""
    for found in _ANCHOR.finditer(line):
        between = line[at : found.start()]
        parts.append(between.replace("[", "\\[").replace("]", "\\]") if href and "](" not in between else between)
        at = found.end()
        if found[1] is None:
            parts.append(f"](<{href}>)" if href else "")
            href = ""
        else:
            parts.append("](<>)" if href else "")
            target = _HREF.search(found[1])
            href = (target[1] or target[2] or target[3] or "").strip() if target else ""
            parts.append("[" if href else "")
    tail = line[at:]
    return "".join([*parts, tail, f"](<{href}>)" if href else ""])


def _pieces(markdown: str, within: PieceKind, depth: int) -> Iterator[Piece]:
    for token in tokens(markdown):
        match token.kind:
            case "text":
                yield from _text(token.text, within)
            case "code":
                yield Piece("code", one_line(token.text), token.raw)
            case "image":
                yield Piece("image", plain(token.text), token.raw, token.url)
            case "link":
                yield _link(token, within == "strong")
            case "html":
                yield from _html(token)
            case "strong" | "em":
                yield from _emphasis(token, within, depth)


def _emphasis(token: Token, within: PieceKind, depth: int) -> Iterator[Piece]:
    kind: PieceKind = "strong" if "strong" in (token.kind, within) else "em"
    if depth >= _DEEPEST or not ("](" in token.text or "<" in token.text or _may_be_bare(token.text)):
        yield Piece(kind, shown(readable(token.text)).replace("~~", ""), letters(token.raw))
    elif beside := _is_one(token.text):
        yield Piece(kind, shown(readable(token.text)).replace("~~", ""), letters(token.raw))
        for inner in beside:
            yield from _pieces(inner.raw, "text", depth + 1)
    else:
        yield from _pieces(token.text, kind, depth + 1)


def _is_one(markdown: str) -> list[Token]:
    """Images and links inside emphasized words that are one text all the same; none where the links stand beside it."""
    inner = [token for token in tokens(markdown) if token.raw.strip()]
    beside = [token for token in inner if token.kind in ("image", "link", "html")]
    for at, token in enumerate(inner):
        if token.kind == "link":
            within = 0 < at < len(inner) - 1 and inner[at - 1].kind == inner[at + 1].kind == "text"
            if not within or token.raw[0] != "[" or not token.text[:1].islower():
                return []
        elif (token.kind == "text" and _BARE.search(token.text)) or (
            token.kind == "html" and _tag(token) not in _SILENT
        ):
            return []
    return [token for token in beside if token.kind != "html"] or beside[:1]


def _tag(token: Token) -> str:
    words = token.raw.strip("</> ").split(None, 1)
    return words[0].casefold().rstrip("/") if words else ""


def _html(token: Token) -> Iterator[Piece]:
    name = _tag(token)
    if name == "img":
        found, width = _IMG.search(token.raw), _WIDTH.search(token.raw)
        url = plain(found[1] or found[2] or found[3] or "") if found else ""
        yield Piece("image", "", f"![image](<{url}>)" if url else "", url, width=width[1] if width else "")
    elif name not in _SILENT:
        yield Piece("break", "", "")


def _link(token: Token, bold: bool) -> Piece:
    url = token.url
    if url.startswith("[") and (nested := _NESTED.findall(url)):
        url = nested[-1]  # a link where only its address belongs
    inner = visible(token.text) if "![" in token.text or "**" in token.text else []
    if len(inner) == 1 and inner[0].kind == "image":
        return Piece("link", plain(inner[0].text), token.raw, url, image=inner[0].url)
    strong = bold or (len(inner) == 1 and inner[0].kind == "strong")
    text = shown(readable(token.text))
    if "://" in text and " " not in text:
        text = ""  # an address says no more than where it leads
    return Piece("link", _without_brackets(text), letters(token.raw), url, strong)


def _without_brackets(text: str) -> str:
    """Leaves out brackets around the whole text, and one that nothing closes."""
    inner = text.strip()
    while _is_bracketed(inner):
        inner = inner[1:-1].strip()
    if inner.count("[") > inner.count("]"):
        inner = inner.removeprefix("[").lstrip()
    return inner.removesuffix("]").rstrip() if inner.count("]") > inner.count("[") else inner


def _is_bracketed(text: str) -> bool:
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "[") - (char == "]")
        if depth <= 0:
            return at > 0 and at == len(text) - 1
    return False


def _text(markdown: str, kind: PieceKind) -> Iterator[Piece]:
    if "\n" not in markdown:
        yield from _line(markdown, kind)
        return
    for number, line in enumerate(markdown.split("\n")):
        if number:
            yield Piece("break", "", "\n")
        yield from _line(line, kind)


def _line(markdown: str, kind: PieceKind) -> Iterator[Piece]:
    at = 0
    for found in _BARE.finditer(markdown) if _may_be_bare(markdown) else ():
        if found.start() > at:
            yield _words(markdown[at : found.start()], kind)
        raw = _ended(found[0])
        yield Piece("link", "", raw, plain(raw) if "://" in raw else _named_by(raw))
        at = found.start() + len(raw)
    if at < len(markdown):
        yield _words(markdown[at:], kind)


def _may_be_bare(markdown: str) -> bool:
    folded = markdown.lower()
    return "://" in folded or "arxiv" in folded or "doi" in folded


def _words(markdown: str, kind: PieceKind) -> Piece:
    mark, written = _MARKS.get(kind, ""), letters(markdown)
    inner = written.strip()
    return Piece(kind, plain(readable(markdown)), f" {mark}{inner}{mark} " if mark and inner else written)


def _ended(raw: str) -> str:
    """An address without the marks of the sentence that it stands in; round brackets belong to it in pairs."""
    raw = raw.rstrip(".,;:!?*")
    while raw.endswith(")") and raw.count(")") > raw.count("("):
        raw = raw[:-1].rstrip(".,;:!?*")
    return raw


def _named_by(raw: str) -> str:
    if raw[:3].casefold() == "doi":
        return "https://doi.org/" + raw.partition(":")[2].strip()
    return "https://arxiv.org/abs/" + re.split(r"[:\s]", raw)[-1]
