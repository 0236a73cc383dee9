"""Markdown as GitHub reads it: escaping for each place, and the inline grammar that both list styles share.

Grammar: GitHub Flavored Markdown, https://github.github.com/gfm/. Parsing undoes escaping: `plain(escape(text)) == text`
for every text that `one_line` leaves as it is.
"""

from __future__ import annotations

import html
import re

from harvester.formats._text import clean_url, one_line
from harvester.formats._tokens import ENTITY, Token, plain, split_cells, tokens, unescape, visible

__all__ = [
    "Token", "at_start", "attribute", "cell", "code", "destination", "escape", "link", "note", "plain", "read_note",
    "split_cells", "tokens", "unescape", "visible",
]  # fmt: skip

# LaTeX that GitHub typesets; only where no character of it means something else in Markdown. Prices are no math.
_MATH = re.compile(r"\$(?! )(?:[A-Za-z0-9_^{}+=.,()/ -]|\\[A-Za-z])+(?<! )\$(?!\d)")
_SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)"  # a backslash that would escape what follows
    r"|[`*\[\]~|$]"
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"  # inside a word an underscore is a letter
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    # GitHub makes a link of a bare address and takes the backslashes behind it for a part of it: what they escaped is open.
    r"|(?<=[A-Za-z]):(?=//)|(?<=[wW][wW][wW])\."
)

_ADDRESS = re.compile(r"://|www\.", re.IGNORECASE)
# What is left open in running text, and would be closed by something behind it: a code span, HTML, a comment.
_OPEN = re.compile(r"\\.|`+|<(?=[A-Za-z/!?])|(?<=[fF][tT][pP]):(?=//)")
_SOURCE = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
# What, at the start of a line, would begin a list, a heading, a quote, a rule, a table, a chain of links, or define a link.
_BLOCK_START = re.compile(
    r"[-+*](?:\s|$)|#{1,6}(?:\s|$)|>|\d{1,9}[.)](?:\s|$)|(?:[-*_=]\s*){3,}$|\||·|\(\[|~~~|```|\[[^\]]*\]:"
)


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


def code(text: str) -> str:
    """Writes a code span; backticks inside make its fence longer."""
    line = one_line(text)
    fence = "`" * (max((len(run) for run in re.findall(r"`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def note(markdown: str) -> str:
    """Writes an editors' note: Markdown of one line that can neither leave its place nor carry HTML or unsafe links."""
    return at_start(_all_safe(one_line(markdown)))


def _all_safe(markdown: str) -> str:
    return "".join(map(_safe, tokens(markdown)))


def at_start(markdown: str) -> str:
    """Writes inline Markdown for the start of a line, where it must not begin a list, a heading or the like."""
    if not _BLOCK_START.match(markdown):
        return markdown
    if markdown[0] == "·":
        return "&middot;" + markdown[1:]
    number = len(markdown) - len(markdown.lstrip("0123456789"))  # of a list: the mark behind it is what counts
    return f"{markdown[:number]}\\{markdown[number:]}"


def read_start(markdown: str) -> str:
    """Reads back what `at_start` wrote."""
    if markdown.startswith("&middot;"):
        return "·" + markdown[8:]
    number = len(markdown) - len(markdown.lstrip("0123456789"))
    bare = markdown[:number] + markdown[number + 1 :] if markdown[number : number + 1] == "\\" else markdown
    return bare if bare != markdown and _BLOCK_START.match(bare) else markdown


def read_note(markdown: str) -> str:
    """Reads a note back: what kept its first character from starting a block is not part of it."""
    line = "".join(_read_safe(token) for token in tokens(one_line(markdown)))
    return read_start(line)


def _read_safe(token: Token) -> str:
    """What a page would show of it: an image written in HTML stays one, other HTML is text."""
    if token.kind == "html" and token.raw[:4].casefold() == "<img" and (source := _SOURCE.search(token.raw)):
        target = destination(html.unescape(source[1] or source[2] or ""))
        return f"![image]({target})" if target else ""
    return _safe(token)


def _safe(token: Token) -> str:
    match token.kind:
        case "link" | "image":
            return _safe_link(token) if clean_url(token.url) else escape(plain(token.text))
        case "html":
            return token.raw.replace("<", "&lt;", 1)
        case "strong" | "em":
            mark = "**" if token.kind == "strong" else "*"
            return mark + _all_safe(token.text) + mark
        case "text":
            return _OPEN.sub(_closed_behind_address if _ADDRESS.search(token.raw) else _closed, token.raw)
        case _:
            return token.raw


def _closed_behind_address(found: re.Match[str]) -> str:
    """Where a bare address may swallow a backslash, an entity closes."""
    return {"\\<": "&lt;", "\\`": "&#96;"}.get(found[0]) or _closed(found)


def _closed(found: re.Match[str]) -> str:
    match found[0][0]:
        case "`":
            return found[0].replace("`", "\\`")
        case "<":
            return "&lt;"
        case ":":  # a bare address that is none of the web's
            return "\\:"
        case _:
            return found[0]


def _safe_link(token: Token) -> str:
    """A link with a harmless address; what it encloses may be as bad as the rest."""
    if token.raw.startswith("<"):
        return token.raw
    at = token.raw.index("[") + 1
    return token.raw[:at] + _all_safe(token.text) + token.raw[at + len(token.text) :]


def destination(url: str) -> str | None:
    """Writes an address for the round brackets of a link; None where it must not be a link."""
    safe = clean_url(url)
    if safe is None:
        return None
    return ENTITY.sub(lambda found: "&amp;" + found[0][1:], safe)


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
