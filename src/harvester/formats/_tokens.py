"""Reads inline Markdown as GitHub does: pieces of a line, cells of a row, plain text out of escaped text.

Grammar: GitHub Flavored Markdown, https://github.github.com/gfm/. Every function takes time in proportion to the text,
whatever stands in it: brackets, backticks and comments that nobody closes are looked for once a line.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from typing import Literal, NamedTuple

from harvester.formats._text import one_line

_PUNCTUATION = re.compile(r"\\([!-/:-@\[-`{-~])")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_OPENING = re.compile(r"\\.|`+|!\[|\[|\*\*|\*|<")
_PAIRED = re.compile(r"\\.|`+|[\[\]()]")
_RUN = re.compile(r"`+")
_LABEL, _URL = r"[^\[\]`\\]*", r"[^()\s\\`\"'<>&]*"
_SIMPLE_LINK = re.compile(
    rf"\[(?P<label>{_LABEL})\]\((?P<url>{_URL})\)|\[(?P<image>!\[{_LABEL}\]\({_URL}\))\]\((?P<target>{_URL})\)"
)
# A whole piece as nearly all are: nothing in it that could mean something else, so that nothing has to be paired; or else
# what `_OPENING` finds. A set of characters comes first, because that is what `re` looks for fastest.
_PIECE = re.compile(
    rf"""[\\`!\[*<](?:
    (?P<link>(?<=\[)(?:
        (?P<label>{_LABEL})\]\((?P<url>{_URL})\)|(?P<image>!\[{_LABEL}\]\({_URL}\))\]\((?P<target>{_URL})\)
    ))
    |(?P<code>(?<=`)(?![ ])(?P<inner>[^`]+)`(?!`))
    |(?P<strong>(?<=\*)\*(?!\s)(?P<bold>[^*`\[<\\]+)\*\*)
    |(?P<em>(?<=\*)(?![\s*])(?P<slanted>[^*`\[<\\]+)\*(?!\*))
    |(?P<html>(?<=<)br>)
    |(?<=\\).|(?<=`)`*|(?<=!)\[|(?<=\*)\*?|(?<=[\[<])
    )""",
    re.VERBOSE,
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*)>")

TokenKind = Literal["text", "code", "link", "image", "strong", "em", "html"]


class Token(NamedTuple):  # made tens of thousands of times a page, which is slow for a frozen dataclass
    """One piece of inline Markdown. `raw` is how it is written; `text` what it encloses, still Markdown except in code."""

    kind: TokenKind
    raw: str
    text: str
    url: str = ""


def plain(markdown: str) -> str:
    """Reads escaped text back, in one line: backslash escapes and entities become the characters they stand for."""
    return one_line(unescape(markdown))


def unescape(markdown: str) -> str:
    """Reads escaped text back and leaves its spaces as they are."""
    if "\\" not in markdown:
        return _entities(markdown) if "&" in markdown else markdown
    parts, at = [], 0
    for found in _PUNCTUATION.finditer(markdown):
        parts += [_entities(markdown[at : found.start()]), found[1]]
        at = found.end()
    return "".join([*parts, _entities(markdown[at:])])


def _entities(text: str) -> str:
    return ENTITY.sub(lambda found: html.unescape(found[0]), text)


def split_cells(row: str) -> list[str]:
    """Splits a table row into its cells; an escaped pipe belongs to its cell and loses one backslash.

    The empty text before the first pipe is left out; what follows the last one is the last cell.
    """
    if "\\" not in row:
        cells = row.split("|")
    else:
        cells, at, i = [], 0, -1
        while (i := row.find("|", i + 1)) >= 0:
            if _backslashes(row, at, i) % 2 == 0:
                cells.append(row[at:i])
                at = i + 1
        cells.append(row[at:])
    if not cells[0].strip():
        cells = cells[1:]
    return [part.strip().replace("\\|", "|") for part in cells]


def _backslashes(text: str, first: int, at: int) -> int:
    """How many backslashes stand directly before a place."""
    i = at
    while i > first and text[i - 1] == "\\":
        i -= 1
    return at - i


def tokens(markdown: str) -> list[Token]:
    """Returns the pieces of one line of inline Markdown, from left to right; their `raw` parts join to the line."""
    found = _PIECE.search(markdown)
    if found is None:
        return [Token("text", markdown, markdown)] if markdown else []
    line: _Line | None = None
    made: list[Token] = []
    at = start = 0
    while found:
        begins = found.start()
        token: Token | None
        match found.lastgroup:
            case "link":
                token = _simple_link(found)
            case "code":
                token = Token("code", found[0], found["inner"])
            case "strong":
                token = Token("strong", found[0], found["bold"])
            case "em":
                token = Token("em", found[0], found["slanted"])
            case "html":
                token = Token("html", found[0], found[0])
            case _:
                line = line or _Line(markdown)
                token = line.token(begins, found[0])
        if token is None:
            at = found.end()
        else:
            if begins > start:
                made.append(Token("text", text := markdown[start:begins], text))
            made.append(token)
            at = start = begins + len(token.raw)
        found = _PIECE.search(markdown, at)
    if start < len(markdown):
        made.append(Token("text", rest := markdown[start:], rest))
    return made


def visible(markdown: str) -> list[Token]:
    """Returns the pieces that are not only spaces."""
    return [token for token in tokens(markdown.strip()) if not token.raw.isspace()]


def _simple_link(found: re.Match[str]) -> Token:
    label, url, image, target = found["label"], found["url"], found["image"], found["target"]
    return Token("link", found[0], label, url) if image is None else Token("link", found[0], image, target)


class _Line:
    """One line while it is read. What closes what is found out once, when the first bracket or backtick comes."""

    __slots__ = ("_closing", "_comments_end", "_runs", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._closing: dict[int, int] | None = None
        self._runs: dict[int, list[int]] | None = None
        self._comments_end = False  # no comment ends behind the place that was read last

    def token(self, at: int, opening: str) -> Token | None:
        match opening[0]:
            case "`":
                return self._code(at, len(opening))
            case "[":
                return self._link(at)
            case "!":
                inner = self._link(at + 1)
                return Token("image", "!" + inner.raw, inner.text, inner.url) if inner else None
            case "*":
                return self._emphasis(at, opening)
            case "<":
                return self._angle(at)
            case _:
                return None  # an escaped character is text

    def _code(self, at: int, fence: int) -> Token | None:
        end = self._code_end(at, fence)
        if end is None:
            return None
        inner = self.text[at + fence : end - fence]
        if inner.startswith(" ") and inner.endswith(" ") and inner.strip():
            inner = inner[1:-1]
        return Token("code", self.text[at:end], inner)

    def _code_end(self, at: int, fence: int) -> int | None:
        """Where the code span ends that begins here: behind the next run of as many backticks."""
        if self._runs is None:
            self._runs = {}
            for run in _RUN.finditer(self.text):
                self._runs.setdefault(run.end() - run.start(), []).append(run.start())
        starts = self._runs.get(fence, [])
        found = bisect_left(starts, at + fence)
        return starts[found] + fence if found < len(starts) else None

    def _link(self, at: int) -> Token | None:
        if found := _SIMPLE_LINK.match(self.text, at):
            return _simple_link(found)
        if self._closing is None:
            self._closing = self._pairs(at)
        end = self._closing.get(at)
        if end is None or self.text[end + 1 : end + 2] != "(":
            return None
        after = self._closing.get(end + 1)
        if after is None:
            return None
        address = _address(self.text[end + 2 : after])
        return Token("link", self.text[at : after + 1], self.text[at + 1 : end], address)

    def _pairs(self, first: int) -> dict[int, int]:
        """Which bracket closes which, from here to the end; those in code count only where they are round."""
        closing: dict[int, int] = {}
        squares: list[int] = []
        rounds: list[int] = []
        code_end = 0
        for found in _PAIRED.finditer(self.text, first):
            mark, at = found[0], found.start()
            if mark == "(":
                rounds.append(at)
            elif mark == ")":
                if rounds:
                    closing[rounds.pop()] = at
            elif at < code_end:
                continue
            elif mark == "[":
                squares.append(at)
            elif mark == "]":
                if squares:
                    closing[squares.pop()] = at
            elif mark[0] == "`":
                code_end = self._code_end(at, len(mark)) or 0
        return closing

    def _angle(self, at: int) -> Token | None:
        if self.text.startswith("<!--", at):
            end = -1 if self._comments_end else self.text.find("-->", at + 4)
            self._comments_end = end < 0
            return Token("html", raw := self.text[at : end + 3], raw) if end >= 0 else None
        if auto := _AUTOLINK.match(self.text, at):
            return Token("link", auto[0], auto[1], auto[1])
        found = _TAG.match(self.text, at)
        return Token("html", found[0], found[0]) if found else None

    def _emphasis(self, at: int, mark: str) -> Token | None:
        text, at_text = self.text, at + len(mark)
        if at_text >= len(text) or text[at_text].isspace():
            return None
        inner_at = at_text
        while found := _OPENING.search(text, inner_at):
            opening, begins = found[0], found.start()
            if opening == mark and begins > at_text:
                kind: TokenKind = "strong" if mark == "**" else "em"
                return Token(kind, text[at : begins + len(mark)], text[at_text:begins])
            skipped = None if opening[0] == "*" else self.token(begins, opening)
            inner_at = begins + len(skipped.raw) if skipped else found.end()
        return None


def _address(written: str) -> str:
    inner = written.strip()
    if inner.endswith(('"', "'")):  # a title behind the address
        begins = inner.rfind(inner[-1], 0, -1)
        if begins > 0 and inner[begins - 1].isspace():
            inner = inner[:begins].rstrip()
    if inner.startswith("<") and inner.endswith(">"):
        inner = inner[1:-1]
    if "\\" in inner:
        inner = _PUNCTUATION.sub(r"\1", inner)
    return _entities(inner).strip()
