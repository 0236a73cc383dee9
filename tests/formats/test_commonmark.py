"""Rendered pages as a CommonMark parser reads them: what comes from outside is text, and stays where it belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from list_builders import AS_OF, SNAPSHOT, a_list, entry, paper, repository
from markdown_it import MarkdownIt
from markdown_it.token import Token

from harvester.definitions import COLUMNS, STYLES, Style
from harvester.formats._markdown import escape, note, plain
from harvester.formats._text import one_line
from harvester.ids import Subject
from harvester.pages import Change, Changes
from harvester.records import Link, Note
from harvester.steps.render import render

PIECES = [
    "|", "\\", "\\|", "`", "``", "](javascript:alert(1))", "[a](javascript:x)", "![", "](", "[", "]", ")",
    "<script>x</script>", "<img src=x onerror=y>", "</td>", "<br>", "<!--", "-->", "<!-- entries -->", "*", "**", "_", "~~",
    "$", "$x_1$", "&lt;", "&#106;avascript:", "<javascript:alert(1)>", "\n", "\n\n", "\n# ", "\n- ", "\r\n| a | b |",
    "\u202e", "\u2066", "\u200b", "\x00", "---", "> ", "1. ", "Ω", "💮", "data:text/html,x", "http://a.b", "<http://a.b>",
    "[x]: javascript:y", "![x](y)", "'", '"', '" onload="x', "https://a.b/c", "www.a.b", "ftp://a.b", "a@b.org", "@user",
    "#12", "[^1]", "[^1]: x", "~~x~~", ":--:", "W" * 300, "<details>", "<svg onload=x>", "```", "\u061c", "\u2028",
]  # fmt: skip
HOSTILE = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), min_size=1, max_size=7).map("".join)
WORDS = HOSTILE.filter(lambda text: any(char.isalnum() for char in one_line(text)))
OURS = re.compile(
    r"<br>|</?code>"
    r"|<!-- (?:(?!--).)* -->"  # a comment hides what it holds
    r'|<img (?:width="[^"<>]*" )?alt="image" src="https://example\.org/[^"<>]*">'
)


def parsed(text: str) -> list[Token]:
    reader = MarkdownIt("commonmark").enable("table").enable("strikethrough")
    reader.validateLink = lambda url: True  # type: ignore[method-assign]  # refuse nothing: it is we who must
    return reader.parse(text)


def inline(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from inline(token.children or [])


def assert_harmless(text: str) -> list[Token]:
    tokens = parsed(text)
    for token in inline(tokens):
        if token.type in ("html_inline", "html_block"):
            left = OURS.sub("", token.content).strip()
            assert not left, f"HTML from outside: {left!r}"
        for name in ("href", "src"):
            url = str(token.attrs.get(name, "https:"))
            scheme = re.match(r"\s*([A-Za-z][A-Za-z0-9+.-]*):", url)
            assert not scheme or scheme[1] in ("https", "http"), f"a link from outside: {url!r}"
    return tokens


def cells(tokens: list[Token]) -> list[int]:
    """The number of cells of every row of every table, header included, as written."""
    rows: list[int] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append(0)
        elif token.type in ("td_open", "th_open"):
            rows[-1] += 1
    return rows


def world(style: Style, texts: list[str], **options: Any) -> dict[str, str]:
    title, authors, label, note, venue, mark, day, section = texts
    subject = Subject("arxiv:2405.00001")
    listed = [
        entry(
            subject,
            "Quantization",
            1,
            title=title,
            authors=authors,
            venue=venue,
            links=(Link(label, "https://example.org/" + label, label), Link("", "https://github.com/a/b")),
            notes=(Note(note), Note(note, quoted=True), Note(note, depth=0, bullet=False)),
            marks=(mark, f"Publish: {mark}"),
            figure="https://example.org/" + note,
            figure_width=note,
            listed_on=day,
        ),
        entry("arxiv:2405.00002", "Quantization", 2),
        entry("github:a/b", "Quantization", 3, title=title, bold=True),
        entry("url:https://example.org/x", "Quantization", 4, title=title),
    ]
    facts = [paper(subject, 12), paper("arxiv:2405.00002", 5, title=title, authors=(authors, label))]
    definition = a_list(style, "Quantization", **options)
    definition = replace(
        definition,
        title=title,
        sections=(replace(definition.sections[0], title=section.replace(" / ", " ") or "x", page="q.md"),),
    )
    changed = Changes(
        AS_OF.date(),
        AS_OF.date(),
        tuple(
            Change(kind, subject, 1, title, "https://example.org/" + label, section, before, after)  # type: ignore[arg-type]  # words as text
            for kind, before, after in [
                ("added", None, None),
                ("moved", section, note),
                ("renamed", note, title),
                ("code", None, "https://github.com/a/b"),
                ("stars", "1", "2"),
            ]
        ),
    )
    return render(listed, facts, [repository("a/b", 7, archived=True)], definition, AS_OF, SNAPSHOT, changed)


EIGHT = st.lists(WORDS, min_size=8, max_size=8)


@given(EIGHT)
@settings(deadline=None, max_examples=30)
@example(["a | b `c", "x](javascript:alert(1))", "<b>", "a\\", "`", "|", "-->", "# t"])
@pytest.mark.parametrize("columns", [COLUMNS[:3], COLUMNS], ids=["three columns", "all columns"])
def test_tables_keep_their_columns_and_rows(columns: Any, texts: list[str]) -> None:
    pages = world("table", texts, columns=columns)

    for text in pages.values():
        assert_harmless(text)
    tokens = parsed(pages["q.md"])
    assert cells(tokens) == [len(columns)] * 5
    rows = [line for line in pages["q.md"].split("\n") if line.startswith("|")]
    assert [len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) for row in rows] == [len(columns) + 1] * 6
    assert sum(token.type == "heading_open" for token in tokens) == 1


@given(EIGHT)
@settings(deadline=None, max_examples=30)
@example(["0", "0", "0", "![](javascript:alert(1))", *["](javascript:alert(1))"] * 3, "0"])
def test_bullets_stay_one_an_entry(texts: list[str]) -> None:
    pages = world("bullets", texts)

    for text in pages.values():
        assert_harmless(text)
    tokens = parsed(pages["README.md"].partition("\n<!-- entries -->\n")[2])
    assert [token.level for token in tokens if token.type == "heading_open"] == [0]
    assert sum(token.type == "list_item_open" and token.level == 1 for token in tokens) == 4
    assert not any(token.type in ("table_open", "blockquote_open", "hr", "code_block", "fence") for token in tokens)


@given(EIGHT)
@settings(deadline=None, max_examples=15)
def test_the_page_of_changes_holds_one_bullet_a_change(texts: list[str]) -> None:
    tokens = assert_harmless(world("bullets", texts)["CHANGES.md"])

    assert sum(token.type == "list_item_open" for token in tokens) == 5
    assert sum(token.type == "heading_open" for token in tokens) == 6


@given(EIGHT)
@settings(deadline=None, max_examples=10)
@pytest.mark.parametrize("badges", ["static", "dynamic", "none"])
def test_badges_of_every_kind_are_images_of_shields(badges: Any, texts: list[str]) -> None:
    for style in STYLES:
        for text in world(style, texts, badges=badges).values():
            for token in inline(assert_harmless(text)):
                if token.type == "image" and token.content in ("Star", "Star 7", "Archived"):
                    assert str(token.attrs["src"]).startswith("https://img.shields.io/")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("http://a.b<svg onload=x>", r"http\://a.b\<svg onload=x>"),
        ("see FTP://a.b|c", r"see FTP\://a.b\|c"),
        ("www.a.b`c`", r"www\.a.b\`c\`"),
        ("10:30, a://b and awww.", r"10:30, a\://b and awww\."),
    ],
)
def test_a_bare_address_is_no_link_that_would_swallow_the_escapes_behind_it(text: str, written: str) -> None:
    """cmark-gfm takes `http://a.b\\` for the address, and `<svg onload=x>` behind it for HTML."""
    assert escape(text) == written and plain(written) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("see https://a.b/c", "see https://a.b/c"),
        (r"http://a.b\<b>", "http://a.b&lt;b>"),
        (r"http://a.b\`c", "http://a.b&#96;c"),
        (r"plain \<b> stays", r"plain \<b> stays"),
        ("ftp://a.b", r"ftp\://a.b"),
    ],
)
def test_an_address_in_a_note_stays_a_link_and_opens_nothing(text: str, written: str) -> None:
    assert note(text) == written and note(written) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (r"An $O(n \log n)$ bound", r"An $O(n \log n)$ bound"),
        ("H$_2$O and $x_1$", "H$_2$O and $x_1$"),
        ("from $5 to $10", r"from \$5 to \$10"),
        ("$5-$10", r"\$5-\$10"),
        ("$a|b$ and $*$", r"\$a\|b\$ and \$\*\$"),
    ],
)
def test_math_stays_where_it_can_and_prices_are_no_math(text: str, written: str) -> None:
    assert escape(text) == written
