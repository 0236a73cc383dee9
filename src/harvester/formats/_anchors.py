"""The anchors that GitHub makes for the headings of a page: each of them counts, however it is written.

What is kept of a heading, and how repeated ones are numbered, follows what GitHub really does, as the `github-slugger`
project has recorded it for each class of characters (its test/fixtures.json).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator

from harvester.formats._headings import read_heading, text_of

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_QUOTE_OR_ITEM = re.compile(r" {0,3}(?:>[ \t]?|(?:[-*+]|\d{1,9}[.)])[ \t]+)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}")
_APART = re.compile(r" {0,3}(?:>|[-*+](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$))")
_CODE_LINE = re.compile(r" {4}|\t")
_TABLE_RULE = re.compile(r" {0,3}(?=[^|:]*[|:])[|:\- \t]*-[|:\- \t]*")
_HTML_HEADING = re.compile(r"<h([1-6])(?:\s[^<>]*)?>(.*?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
# Between such a line and the next empty one all is HTML: https://spec.commonmark.org/0.31.2/#html-blocks, kinds 1 and 6.
_HTML_BLOCK = re.compile(
    r" {0,3}</?(?:address|article|aside|blockquote|body|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|"
    r"figcaption|figure|footer|form|frame|h[1-6]|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|optgroup|option|p|"
    r"pre|script|search|section|style|summary|table|tbody|td|textarea|tfoot|th|thead|title|tr|ul)(?=[\s/>]|$)",
    re.IGNORECASE,
)


def headings(markdown: str) -> Iterator[tuple[int, str, int]]:
    """Yields level, text and line number (from 1) of every heading: those with `#`, underlined ones, and HTML's.

    The text is what a reader sees, with the line breaks and spaces that HTML shows as one: the anchor counts them.
    """
    text = _COMMENT.sub(_blank, "\n".join(_outside_code(markdown.split("\n"))))
    found = [*_marked(text.split("\n")), *_in_html(_CODE.sub(_blank, text))]
    yield from sorted(found, key=lambda heading: heading[2])


def _outside_code(lines: Iterable[str]) -> Iterator[str]:
    fence = ""
    for line in lines:
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence):
            fence = ""
        elif not fence:
            yield line
            continue
        yield ""


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _marked(lines: Iterable[str]) -> Iterator[tuple[int, str, int]]:
    """Headings of Markdown: a row of `#`, also in quotes and lists, or a paragraph that is underlined."""
    paragraph: list[str] = []
    in_html = apart = False  # apart: in a table, or in a paragraph of a quote or a list
    for number, line in enumerate(lines, 1):
        blank = not line.strip()
        in_html = not blank and (in_html or bool(_HTML_BLOCK.match(line)))
        heading = None if in_html else read_heading(_inner(line))
        underline = _UNDERLINE.fullmatch(line)
        if heading:
            yield heading[0], text_of(heading[1]), number
        if underline and paragraph:
            text = "\n".join(text_of(part.strip()) for part in paragraph)
            yield (1 if underline[1][0] == "=" else 2), text, number - len(paragraph)
        if blank or heading or in_html or _RULE.fullmatch(line) or (underline and paragraph):
            paragraph, apart = [], False
        elif apart or _APART.match(line) or (paragraph and _TABLE_RULE.fullmatch(line)):
            paragraph, apart = [], True
        elif paragraph or not _CODE_LINE.match(line):
            paragraph.append(line)


def _inner(line: str) -> str:
    """The line without the marks of quotes and list items before it."""
    while found := _QUOTE_OR_ITEM.match(line):
        line = line[found.end() :]
    return line


def _in_html(text: str) -> Iterator[tuple[int, str, int]]:
    for found in _HTML_HEADING.finditer(text):
        number = text.count("\n", 0, found.start()) + 1
        yield int(found[1]), html.unescape(_TAG.sub("", found[2])), number


def anchors(titles: Iterable[str]) -> list[str]:
    """Returns the anchor of every heading of a page, in order.

    Repeated ones are numbered (`other`, `other-1`); a number that is taken already is passed over.
    """
    taken: dict[str, int] = {}
    made = []
    for title in titles:
        base = anchor = _slug(title)
        while anchor in taken:
            taken[base] += 1
            anchor = f"{base}-{taken[base]}"
        taken[anchor] = 0
        made.append(anchor)
    return made


def _slug(title: str) -> str:
    """Small letters, hyphens for spaces, and nothing else but what words are made of."""
    return "".join(char for char in title.lower() if char in "- " or _is_of_words(char)).replace(" ", "-")


def _is_of_words(char: str) -> bool:
    """Letters, marks, decimal digits, numbers that are letters, and what connects words; symbols that are letters, too."""
    kind = unicodedata.category(char)
    return kind[0] in "LM" or kind in ("Nd", "Nl", "Pc") or "\u24b6" <= char <= "\u24e9" or "🄰" <= char <= "🆉"
