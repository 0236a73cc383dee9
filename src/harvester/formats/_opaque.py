"""Blocks of a page in which nothing is read: code between fences, comments, and what HTML does not read as Markdown.

Grammar: https://spec.commonmark.org/0.31.2/, fenced code blocks and HTML blocks of the kinds 1 to 5. One that nobody ends
would hide all below it, whose authors did not mean that: its first line is text. Time is in proportion to the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ITEM = re.compile(r"([ \t]*)(?:[-*+]|\d{1,9}[.)])([ \t]+)(?=\S)")
_THEMATIC = re.compile(r"[ \t]*([-*_])[ \t]*(?:\1[ \t]*){2,}")
_FENCE = re.compile(r"(`{3,})(?=[^`]*$)|(~{3,})")
_HTML = re.compile(r"<!--|<\?|<!\[CDATA\[|<!(?=[A-Za-z])|<(pre|script|style|textarea)(?=[\s>]|$)", re.IGNORECASE)
_OTHER_HTML = re.compile(r"<(?:\?|!(?!--)|pre|script|style|textarea)", re.IGNORECASE)  # than comments
# Between such a line and the next empty one all is HTML: https://spec.commonmark.org/0.31.2/#html-blocks, kind 6.
_HTML_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|body|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|"
    r"figcaption|figure|footer|form|frame|h[1-6]|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|optgroup|option|p|"
    r"section|summary|table|tbody|td|tfoot|th|thead|title|tr|ul)(?=[\s/>]|$)",
    re.IGNORECASE,
)
# A whole tag on a line of its own, kind 7; a lone end such as `</pre>` is one in every program, whatever the text says.
_TAG_ALONE = re.compile(
    r"(?!<(?:pre|script|style|textarea)(?:[\s>]|$))<(?:/[a-z][a-z0-9-]*\s*"
    r"|[a-z][a-z0-9-]*(?:\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)*\s*/?)>[ \t]*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t:|-]*)?$")  # below the names of a table's columns
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
# A comment within a quote: the quote ends it for Markdown, but the browser reads on until its mark.
_QUOTED_COMMENT = re.compile(r">(?:[>\s]|[-*+][ \t]|\d{1,9}[.)][ \t])*<!--")
_QUOTE_ENDS = re.compile(r"(?:>[ \t]*)+(?:$|#{1,6}(?:[ \t]|$)|`{3,}[^`]*$|~{3,}|<!--.*-->)")  # with no paragraph in it
_PASSES = 8  # a mark that becomes text may let the next one begin a block; no page needs a third pass, but hostile ones
_ENDS = {"<!--": "-->", "<?": "?>", "<![cdata[": "]]>", "<!": ">"}


@dataclass(frozen=True, slots=True)
class Block:
    """A block of some lines, by their places; `last` is the place behind it."""

    first: int
    last: int
    mark: str  # what it begins with
    ending: str  # a line that ends it where the lines do not: a fence that its list item ends; else nothing


def cut(lines: Sequence[tuple[int, str]]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Makes each block one line, with line feeds in it, so that nothing in it is taken for anything else.

    Returns the lines with their numbers; and line and mark of blocks that nobody ends, whose mark was made text.
    """
    if not _may_hold_blocks("\n".join(line for _, line in lines)):
        return list(lines), []
    told = list(lines)
    marks: list[tuple[int, str]] = []
    for _ in range(_PASSES):
        reader = _Reader([line for _, line in told])
        blocks = list(reader.read())
        if not reader.open:
            break
        for place, mark in reader.open.items():
            number, line = told[place]
            told[place] = (number, _as_text(line, mark))
            marks.append((number, mark))
    kept: list[tuple[int, str]] = []
    at = 0
    for block in blocks:
        kept += told[at : block.first]
        text = "\n".join(line for _, line in told[block.first : block.last])
        kept.append((told[block.first][0], text + block.ending))
        at = block.last
    return kept + told[at:], marks


def _may_hold_blocks(text: str) -> bool:
    """Tells whether blocks could begin in a page; on most, comments that end in their line are all that is like one."""
    if "```" in text or "~~~" in text or _OTHER_HTML.search(text):
        return True
    return "<!--" in text and any("<!--" in line.rpartition("-->")[2] for line in text.split("\n"))


def _as_text(line: str, mark: str) -> str:
    if mark == "<!--":
        ended, end, rest = line.rpartition("-->")
        return ended + end + rest.replace(mark, "&lt;!--")
    return line.replace(mark, mark.replace("<", "&lt;") if mark[0] == "<" else "\\" + mark, 1)


def is_opaque(line: str) -> bool:
    """Tells whether a line is a whole block."""
    return "\n" in line


def is_hidden(block: str) -> bool:
    """Tells whether a block shows nothing: a comment."""
    return block.lstrip().startswith("<!--")


def dedented(block: str) -> str:
    """The block without the indent of its first line; a fence becomes longer where that would end it too early."""
    first, *others = block.split("\n")
    indent, fence = _width(first), _FENCE.match(first.lstrip())
    lines = [first.lstrip(), *(" " * max(_width(line) - indent, 0) + line.lstrip() for line in others)]
    if fence and indent:
        mark = fence[0]
        runs = [len(run) for line in lines[1:-1] for run in re.findall(rf"[{mark[0]}]+", line)]
        if max(runs, default=0) >= len(mark):
            longer = mark[0] * (max(runs) + 1)
            lines[0], lines[-1] = longer + lines[0][len(mark) :], longer
    return "\n".join(lines)


def content(block: str) -> list[str]:
    """The lines of a block that show something, without fences."""
    lines = dedented(block).split("\n")
    if found := _FENCE.match(lines[0]):
        lines = lines[1:-1] if lines[-1].strip().startswith(found[0]) else lines[1:]
    return [line for line in lines if line.strip()]


class _Reader:
    """Walks through lines with the list items that are open, whose ends are ends of blocks too."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.open: dict[int, str] = {}  # marks whose blocks nobody ends, by place
        self._items: list[int] = []  # columns at which the content of the open items begins, outermost first
        self._barren: dict[str, int] = {}  # up to which place no end of such a block was found

    def read(self) -> Iterator[Block]:
        at, blank = 0, True
        raw = 0  # where a block of HTML ends, with the next empty line or its list item: nothing in it is Markdown
        while at < len(self.lines):
            line = self.lines[at]
            if not line.strip():
                blank, at = True, at + 1
                continue
            blank = blank or at == raw
            begins = self._enter(at, after_blank=blank)
            tag = begins if begins is not None and line[begins] == "<" else None
            alone = blank and tag is not None and bool(_TAG_ALONE.match(line, tag))
            # Behind indented code and behind a block no paragraph goes on.
            blank = blank if begins is None else line[begins] in "#<->*_" and _ends_paragraph(line, begins)
            if at < raw:
                found = self._comment(at, raw)
            elif tag is not None and (alone or _HTML_BLOCK.match(line, tag)):
                raw = self._html_ends(at)
                found = self._whole(at, raw) or self._comment(at, raw)
            else:
                found = self._block(at, begins) if begins is not None else None
            if found:
                blank = True
                yield found
            at = found.last if found else at + 1

    def _enter(self, at: int, *, after_blank: bool) -> int | None:
        """Opens and closes items; returns where the line's text begins, None where it is in a block of indented code."""
        line = self.lines[at]
        begins = len(line) - len(line.lstrip())
        column = _width(line) if begins else 0
        item = None if line[begins].isalpha() or _THEMATIC.fullmatch(line) else _ITEM.match(line)
        if item or after_blank or (line[begins] in "`~<#|>*-_" and self._interrupts(at, begins)):
            while self._items and column < self._items[-1]:
                self._items.pop()
        if column - (self._items[-1] if self._items else 0) >= 4 and not item:
            return None
        while item:
            self._items.append(len(line[: item.end()].expandtabs(4)) if len(item[2]) <= 4 else column + 2)
            begins = item.end()
            item = _ITEM.match(line, begins)
        return begins

    def _interrupts(self, at: int, begins: int) -> bool:
        """Tells whether a line ends the paragraph above it, wherever that stands; any other line goes on with it."""
        line = self.lines[at]
        if line[begins] == "|":
            return at + 1 < len(self.lines) and bool(_RULE.match(self.lines[at + 1]))
        if line[begins] == "<":
            return bool(_HTML.match(line, begins) or _HTML_BLOCK.match(line, begins))
        return line[begins] == ">" or bool(
            _HEADING.match(line, begins) or _FENCE.match(line, begins) or _THEMATIC.fullmatch(line)
        )

    def _block(self, at: int, begins: int) -> Block | None:
        line = self.lines[at]
        if line[begins] in "`~" and (fence := _FENCE.match(line, begins)):
            return self._fenced(at, fence[0])
        if line[begins] == "<" and (found := _HTML.match(line, begins)):
            ending = f"</{found[1].lower()}" if found[1] else _ENDS[found[0].lower()]
            return self._of_html(at, begins, found[0], ending)
        if line[begins] == ">" and _QUOTED_COMMENT.match(line, begins):
            self._quoted_comment(at)
        return None

    def _quoted_comment(self, at: int) -> None:
        """A comment that a quote holds stays in its lines; one that goes on behind the quote is text."""
        for place in range(at, len(self.lines)):
            line = self.lines[place]
            if place > at and not line.lstrip().startswith(">"):
                break
            if "-->" in line:
                return
        self.open[at] = "<!--"

    def _html_ends(self, first: int) -> int:
        """Where HTML ends that an empty line ends: there, or where the list item ends that it stands in."""
        inner = self._items[-1] if self._items else 0
        for at in range(first + 1, len(self.lines)):
            line = self.lines[at]
            if not line.strip() or (inner and _width(line) < inner):
                return at
        return len(self.lines)

    def _whole(self, first: int, last: int) -> Block | None:
        """HTML with fences or comments in it that would mean something else, were its lines taken apart."""
        if not any(map(_is_doubtful, self.lines[first:last])):
            return None
        return self._html(first, last, "<")

    def _html(self, first: int, last: int, mark: str) -> Block:
        """A block of HTML: a comment that begins in it ends in it, or is none."""
        for at in range(last - 1, first - 1, -1):
            line = self.lines[at]
            if "<!--" in line.rpartition("-->")[2]:
                self.open[at] = "<!--"
            if "-->" in line:
                break
        return Block(first, last, mark, "")

    def _comment(self, at: int, last: int) -> Block | None:
        """A comment within other HTML, which must end before that does: behind it, its end would be text."""
        if not self.lines[at].lstrip().startswith("<!--") or "-->" in self.lines[at]:
            return None
        for place in range(at + 1, last):
            if "-->" in self.lines[place]:
                return Block(at, place + 1, "<!--", "")
        self.open[at] = "<!--"
        return None

    def _fenced(self, at: int, fence: str) -> Block | None:
        inner = self._items[-1] if self._items else 0
        if at < self._barren.get(fence, 0):
            self.open[at] = fence
            return None
        for place in range(at + 1, len(self.lines)):
            line = self.lines[place]
            bare = line.strip()
            if bare and inner and _width(line) < inner:
                written = self.lines[at]
                indent = written[: len(written) - len(written.lstrip())] if written.lstrip().startswith(fence) else ""
                return Block(at, place, fence, f"\n{indent or ' ' * inner}{fence}")
            if bare.startswith(fence) and not bare.strip(fence[0]) and _width(line) < inner + 4:
                return Block(at, place + 1, fence, "")
        self._barren[fence] = len(self.lines)
        self.open[at] = fence
        return None

    def _of_html(self, at: int, begins: int, mark: str, ending: str) -> Block | None:
        inner = self._items[-1] if self._items else 0
        if ending in self.lines[at][begins:].lower():
            return None  # a line like others
        if at >= self._barren.get(ending, 0):
            for place in range(at + 1, len(self.lines)):
                line = self.lines[place]
                if inner and line.strip() and _width(line) < inner:
                    self._barren[ending] = place
                    break
                if ending in line.lower():
                    return Block(at, place + 1, mark, "") if ending == "-->" else self._html(at, place + 1, mark)
            else:
                self._barren[ending] = len(self.lines)
        self.open[at] = mark
        return None


def _ends_paragraph(line: str, begins: int) -> bool:
    """Tells whether no paragraph goes on behind a line: a heading, a rule, a comment and the like that ends in it."""
    if line[begins] == ">":
        return _QUOTE_ENDS.match(line, begins) is not None
    return bool(_HEADING.match(line, begins) or _THEMATIC.fullmatch(line) or _HTML.match(line, begins))


def _is_doubtful(line: str) -> bool:
    text = line.lstrip()
    comment = not text.startswith("<!--") and "<!--" in text.rpartition("-->")[2]
    bare = text.lstrip("-*+.)0123456789 \t")
    other = _HTML.match(bare)
    return comment or bool(_FENCE.match(bare)) or bool(other and other[0] != "<!--")


def _width(line: str) -> int:
    """How many columns stand before the text."""
    indent = line[: len(line) - len(line.lstrip())]
    return len(indent.expandtabs(4))
