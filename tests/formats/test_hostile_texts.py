"""Texts from outside can neither break a page nor inject: reading a rendered page gives the entries back."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from list_builders import AS_OF, SNAPSHOT, a_list, entry, paper, repository
from markdown_it import MarkdownIt

from harvester.definitions import STYLES, Style
from harvester.formats._markdown import cell, code, destination, escape, note, plain, split_cells, tokens
from harvester.formats._text import clean_url, one_line
from harvester.records import Link, Note
from harvester.steps.adopt_pages import read_pages
from harvester.steps.render import render

HOSTILE = st.sampled_from(
    [
        "|", "\\|", "\\", "`", "``", "](javascript:alert(1))", "[", "]", "](", "![x](y)", "<script>", "</td>", "<br>",
        "<!-- entries -->", "-->", "*", "**", "_", "__", "~~", "$", "$x_1$", "&amp;", "&#124;", "&lt", "\n", "\n\n- ",
        "\r\n| a | b |", "\u202e", "\u2066", "\u200b", "\x00", "# ", "> ", "1. ", "· ([a](b))", "citation: ", " - owner",
        "http://a.b", "Publish: x", "\ufeff", "é", "日本", "🚀", "<http://x.y>", "---", "[//]: #05/29", " / ", "^",
    ]
)  # fmt: skip
TEXT = st.lists(st.one_of(HOSTILE, st.text(max_size=8)), min_size=1, max_size=8).map("".join)
WORDS = TEXT.filter(lambda text: any(char.isalnum() for char in one_line(text)))
URL = st.builds(lambda tail: clean_url("https://example.org/" + tail) or "https://example.org/", TEXT)


@given(TEXT)
@example("a\\|b")
@example("$_2$ and H$_2$O_")
def test_escaped_text_reads_back_and_shows_nothing_but_text(text: str) -> None:
    written = escape(text)

    assert plain(written) == one_line(text)
    assert all(token.kind == "text" for token in tokens(written))


@given(st.lists(TEXT, min_size=3, max_size=3))
def test_cells_stay_cells(texts: list[str]) -> None:
    row = "|" + "|".join(cell(escape(text)) for text in texts) + "|"

    assert [plain(found) for found in split_cells(row)[:3]] == [one_line(text) for text in texts]
    assert len(split_cells(row)) - 1 == 3 or not one_line(
        texts[0]
    )  # an empty first cell looks like the row's first pipe


@given(WORDS)
def test_a_code_span_holds_everything(text: str) -> None:
    found = list(tokens(code(text)))

    assert [(token.kind, token.text) for token in found] == [("code", one_line(text))]


@given(TEXT)
def test_an_address_stays_inside_its_brackets(text: str) -> None:
    target = destination("https://example.org/" + text)

    assert target
    found = list(tokens(f"[label]({target})"))
    assert len(found) == 1 and found[0].kind == "link"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "vbscript:x", "None", "", "\x01javascript:x"]
)
def test_unsafe_addresses_are_no_links(url: str) -> None:
    assert destination(url) is None


@pytest.mark.parametrize(
    "address", ["xmpp:a@b.org", "irc://b.org/x", "tel:1", "data:text/html,x", "javascript:alert(1)"]
)
def test_an_address_of_another_scheme_is_no_link_in_a_title_nor_in_a_note(address: str) -> None:
    """A bare `xmpp:` or `mailto:` is text here; GitHub makes a mail address a link by itself, and drops other schemes."""
    for text in (address, f"<{address}>", f"[x]({address})"):
        for written in (escape(text), note(text)):
            assert "<a " not in MarkdownIt("commonmark").render(written)


@example(title="t", authors="a", label="l", url="https://example.org/", note="0\\\x1f|", depth=1)
@given(title=WORDS, authors=WORDS, label=WORDS, url=URL, note=WORDS, depth=st.integers(1, 3))
@pytest.mark.parametrize("style", STYLES)
def test_reading_a_rendered_page_gives_the_entries_back(
    style: Style, title: str, authors: str, label: str, url: str, note: str, depth: int
) -> None:
    subject = "arxiv:2405.18218"
    hostile = entry(
        subject,
        title=title,
        authors=authors,
        links=(Link(label, url), Link("code", "https://github.com/a/b")),
        notes=(Note(note, depth=1, quoted=True), Note("plain words", depth=min(depth, 2))),
    )
    neighbour = entry("arxiv:2405.00001", order=2, title="Next", authors="Ann")
    facts = [paper(subject, 12), paper("arxiv:2405.00001", 3)]
    pages = render([hostile, neighbour], facts, [repository("a/b", 5)], a_list(style), AS_OF, SNAPSHOT)

    again = read_pages(pages, style)

    assert again.unknown == ()
    assert [placed.entry.subject for placed in again.entries] == [subject, "arxiv:2405.00001"]
    found = again.entries[0].entry.wording
    assert (found.title, found.authors) == (one_line(title), one_line(authors))
    assert [(link.label, link.url) for link in found.links] == [
        (one_line(label), url),
        ("code", "https://github.com/a/b"),
    ]
    assert [(n.text, n.quoted) for n in found.notes] == [(one_line(note), True), ("plain words", False)]
    assert again.entries[1].entry.wording.title == "Next"


@given(texts=st.lists(WORDS, min_size=1, max_size=3))
@pytest.mark.parametrize("style", STYLES)
def test_machine_titles_cannot_inject(style: Style, texts: list[str]) -> None:
    subjects = [f"arxiv:2405.{n:05}" for n in range(len(texts))]
    facts = [paper(subject, title=text, authors=(text,)) for subject, text in zip(subjects, texts, strict=True)]
    listed = [entry(subject, order=n) for n, subject in enumerate(subjects, 1)]
    pages = render(listed, facts, [], a_list(style), AS_OF, SNAPSHOT)

    assert [placed.entry.subject for placed in read_pages(pages, style).entries] == subjects
    for text in pages.values():
        assert not re.search(r"(?<!\\)\]\(\s*javascript", text) and not re.search(r"(?<!\\)<script", text)
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
