"""Markdown as GitHub reads it: escaping for each place, and the inline grammar that both list styles share.

Grammar: GitHub Flavored Markdown, https://github.github.com/gfm/. Parsing undoes escaping: `plain(escape(text)) == text`
for every text that `one_line` leaves as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from harvester.formats._text import clean_url, one_line

_PUNCTUATION = re.compile(r"\\([!-/:-@\[-`{-~])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# LaTeX that GitHub typesets; only where no character of it means something else in Markdown.
_MATH = re.compile(r"\$(?:[A-Za-z0-9_^{}+=.,()/-]|\\[A-Za-z])+\$")
_SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)"  # a backslash that would escape what follows
    r"|[`*\[\]~|]"
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"  # inside a word an underscore is a letter
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
)

# What would begin a list, a heading, a quote, a rule, a table or a chain of links at the start of a line.
_BLOCK_START = re.compile(r"[-+*](?:\s|$)|#{1,6}(?:\s|$)|>|\d{1,9}[.)](?:\s|$)|(?:[-*_=]\s*){3,}$|\||·|~~~|```")

TokenKind = Literal["text", "code", "link", "image", "strong", "em", "html"]


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of inline Markdown. `raw` is how it is written; `text` what it encloses, still Markdown except in code."""

    kind: TokenKind
    raw: str
    text: str
    url: str = ""


def escape(text: str) -> str:
    """Writes plain text so that Markdown shows it as it is, in one line, in running text as in a link or a table cell."""
    line = one_line(text)
    parts, at = [], 0
    for math in _MATH.finditer(line):
        parts += [_escape(line[at : math.start()]), math[0]]
        at = math.end()
    return "".join([*parts, _escape(line[at:])])


def _escape(text: str) -> str:
    return _SPECIAL.sub(lambda found: "\\" + found[0], text)


def plain(markdown: str) -> str:
    """Reads escaped text back, in one line: backslash escapes and entities become the characters they stand for."""
    return one_line(unescape(markdown))


def unescape(markdown: str) -> str:
    """Reads escaped text back and leaves its spaces as they are."""
    parts, at = [], 0
    for found in _PUNCTUATION.finditer(markdown):
        parts += [_entities(markdown[at : found.start()]), found[1]]
        at = found.end()
    return "".join([*parts, _entities(markdown[at:])])


def _entities(text: str) -> str:
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def code(text: str) -> str:
    """Writes a code span; backticks inside make its fence longer."""
    line = one_line(text)
    fence = "`" * (max((len(run) for run in re.findall(r"`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def note(markdown: str) -> str:
    """Writes an editors' note: Markdown of one line that can neither leave its place nor carry HTML or unsafe links."""
    safe = "".join(_safe(token) for token in tokens(one_line(markdown)))
    return "\\" + safe if _BLOCK_START.match(safe) else safe


def read_note(markdown: str) -> str:
    """Reads a note back: the backslash that kept its first character from starting a block is not part of it."""
    line = one_line(markdown)
    return line[1:] if line.startswith("\\") and _BLOCK_START.match(line[1:]) else line


def _safe(token: Token) -> str:
    if token.kind in ("link", "image"):
        return token.raw if clean_url(token.url) else escape(plain(token.text))
    return token.raw.replace("<", "&lt;", 1) if token.kind == "html" else token.raw


def destination(url: str) -> str | None:
    """Writes an address for the round brackets of a link; None where it must not be a link."""
    safe = clean_url(url)
    if safe is None:
        return None
    return _ENTITY.sub(lambda found: "&amp;" + found[0][1:], safe)


def link(label: str, url: str) -> str:
    """Writes a link, or its label alone where the address must not be a link."""
    target = destination(url)
    text = escape(label) or escape(url)
    return f"[{text}]({target})" if target else text


def attribute(text: str) -> str:
    """Writes a text for an HTML attribute in double quotes, inside a table cell."""
    return html.escape(one_line(text), quote=True).replace("|", "&#124;").replace("`", "&#96;")


def cell(markdown: str) -> str:
    """Writes inline Markdown for a table cell: a bare pipe would end it."""
    return re.sub(r"((?:\\\\)*)(\\?)\|", r"\1\\|", markdown)


def split_cells(row: str) -> list[str]:
    """Splits a table row into its cells; an escaped pipe belongs to its cell and loses one backslash.

    The empty text before the first pipe is left out; what follows the last one is the last cell.
    """
    cells, at, i = [], 0, -1
    while (i := row.find("|", i + 1)) >= 0:
        backslashes = i - len(row[:i].rstrip("\\"))
        if backslashes % 2 == 0:
            cells.append(row[at:i])
            at = i + 1
    cells.append(row[at:])
    if not cells[0].strip():
        cells = cells[1:]
    return [part.strip().replace("\\|", "|") for part in cells]


def tokens(markdown: str) -> Iterator[Token]:
    """Yields the pieces of one line of inline Markdown, from left to right; their `raw` parts join to the line."""
    at = start = 0
    while found := _OPENING.search(markdown, at):
        token = _read_token(markdown, found.start(), found[0])
        if token is None:
            at = found.end()
            continue
        if found.start() > start:
            yield Token("text", markdown[start : found.start()], markdown[start : found.start()])
        yield token
        at = start = found.start() + len(token.raw)
    if start < len(markdown):
        yield Token("text", markdown[start:], markdown[start:])


_OPENING = re.compile(r"\\.|`+|!\[|\[|\*\*|\*|<")
_HTML = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>")
_BRACKETS = re.compile(r"\\.|`+|\[|\]")
_ROUND = re.compile(r"\\.|[()]")
_TITLE = re.compile(r"""\s+(?:"[^"]*"|'[^']*')$""")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*)>")


def _read_token(text: str, at: int, opening: str) -> Token | None:
    match opening[0]:
        case "`":
            return _read_code(text, at, opening)
        case "[":
            return _read_link(text, at)
        case "!":
            inner = _read_link(text, at + 1)
            return Token("image", "!" + inner.raw, inner.text, inner.url) if inner else None
        case "*":
            return _read_emphasis(text, at, opening)
        case "<":
            return _read_angle(text, at)
        case _:
            return None  # an escaped character is text


def _read_code(text: str, at: int, fence: str) -> Token | None:
    end = re.compile(rf"(?<!`){fence}(?!`)").search(text, at + len(fence))
    if end is None:
        return None
    inner = text[at + len(fence) : end.start()]
    if inner.startswith(" ") and inner.endswith(" ") and inner.strip():
        inner = inner[1:-1]
    return Token("code", text[at : end.end()], inner)


def _read_angle(text: str, at: int) -> Token | None:
    if auto := _AUTOLINK.match(text, at):
        return Token("link", auto[0], auto[1], auto[1])
    found = _HTML.match(text, at)
    return Token("html", found[0], found[0]) if found else None


def _read_emphasis(text: str, at: int, mark: str) -> Token | None:
    at_text = at + len(mark)
    if at_text >= len(text) or text[at_text].isspace():
        return None
    inner_at = at_text
    while found := _OPENING.search(text, inner_at):
        if found[0] == mark and found.start() > at_text:
            end = found.start()
            return Token("strong" if mark == "**" else "em", text[at : end + len(mark)], text[at_text:end])
        skipped = None if found[0][0] == "*" else _read_token(text, found.start(), found[0])
        inner_at = found.start() + len(skipped.raw) if skipped else found.end()
    return None


def _read_link(text: str, at: int) -> Token | None:
    end = _closing_bracket(text, at)
    if end is None or text[end + 1 : end + 2] != "(":
        return None
    found = _read_destination(text, end + 2)
    if found is None:
        return None
    url, after = found
    return Token("link", text[at:after], text[at + 1 : end], url)


def _closing_bracket(text: str, at: int) -> int | None:
    depth = 0
    i = at
    while found := _BRACKETS.search(text, i):
        i = found.end()
        if found[0][0] == "`" and (span := _read_code(text, found.start(), found[0])):
            i = found.start() + len(span.raw)
        depth += (found[0] == "[") - (found[0] == "]")
        if depth == 0 and found[0] == "]":
            return found.start()
    return None


def _read_destination(text: str, at: int) -> tuple[str, int] | None:
    depth, i = 1, at
    while found := _ROUND.search(text, i):
        i = found.end()
        depth += (found[0] == "(") - (found[0] == ")")
        if depth == 0:
            return _address(text[at : found.start()]), found.end()
    return None


def _address(written: str) -> str:
    inner = _TITLE.sub("", written.strip())
    if inner.startswith("<") and inner.endswith(">"):
        inner = inner[1:-1]
    return _entities(_PUNCTUATION.sub(r"\1", inner)).strip()
