"""Anchors as GitHub makes them: what is kept of a heading, and which headings count when repeated ones are numbered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from list_builders import AS_OF, SNAPSHOT, a_list, entry
from lists_checked import hand_kept
from markdown_it import MarkdownIt

from harvester.formats._anchors import anchors, headings
from harvester.formats.markup import read_markup
from harvester.steps.render import render


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("## Efficient Inference", "efficient-inference"),
        ("## Hardware/System", "hardwaresystem"),
        ("## Survey & Others", "survey--others"),
        ("## a - dash, en–dash", "a---dash-endash"),
        ("## 🚀 Updates", "-updates"),
        ("## ✏️ Notes", "\ufe0f-notes"),  # the selector behind the pencil is a mark
        (":rocket: First".join(["## ", ""]), "rocket-first"),
        ("## 量化 Quantization", "量化-quantization"),
        ("## Éléments", "éléments"),
        ("## x_1 ‿ ＿", "x_1-‿-＿"),
        ("## m² ① Ⅳ Ⓐ", "m--ⅳ-ⓐ"),
        ("## `code` and [a *link*](x) ![no](i.png)", "code-and-a-link-"),
        ("## Q\\&A &amp; more ##", "qa--more"),
        ("Underlined\n---", "underlined"),
        ("Over\ntwo lines\n===", "overtwo-lines"),
        ('<h2 align="center">HTML <b>too</b> &amp; more</h2>', "html-too--more"),
        ('<h1 align="center">\n  <br>\n  Name\n</h1>', "----name"),
        ("> ## Quoted", "quoted"),
        ("1. ## In a list", "in-a-list"),
    ],
)
def test_what_github_keeps_of_a_heading(heading: str, anchor: str) -> None:
    (found,) = headings(heading)

    assert anchors([found[1]]) == [anchor]


@pytest.mark.parametrize(
    "text",
    [
        "- item\n---", "a\n\n---", "> quote\n---", "| a |\n|---|", "```\n# code\n```", "    # code", "<!--\n## hidden\n-->",
        "`<h2>code</h2>`", "<details>\n## not yet\n</details>", "#hashtag", "####### seven", "* * *",
    ],
)  # fmt: skip
def test_what_looks_like_a_heading_and_is_none(text: str) -> None:
    assert list(headings(text)) == []


def test_repeated_headings_are_numbered_and_taken_numbers_passed_over() -> None:
    """As recorded from GitHub by github-slugger."""
    titles = ["echo", "echo", "echo 1", "echo-1", "echo", "foxtrot-1", "foxtrot", "foxtrot"]

    assert anchors(titles) == ["echo", "echo-1", "echo-1-1", "echo-1-2", "echo-2", "foxtrot-1", "foxtrot", "foxtrot-2"]


@pytest.mark.parametrize("head", ["## Pruning", "Pruning\n-------", '<h3 align="center">Pruning</h3>', "> # Pruning"])
def test_the_index_leads_past_a_heading_of_the_same_name_in_the_head(head: str) -> None:
    definition = a_list("bullets", "Quantization", "Pruning", head=f"{head}\n\nAbout it.")

    text = render([entry("arxiv:2405.00001")], [], [], definition, AS_OF, SNAPSHOT)["README.md"]

    assert "- [Pruning](#pruning-1)" in text and "- [Quantization](#quantization)" in text
    made = {heading.text: heading.anchor for heading in read_markup(text).headings}  # the last one of a name stays
    assert (made["Pruning"], made["Quantization"]) == ("pruning-1", "quantization")


def by_commonmark(text: str) -> list[tuple[int, int]]:
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [(int(token.tag[1]), token.map[0] + 1) for token in tokens if token.type == "heading_open" and token.map]


def test_headings_of_hand_kept_lists_are_those_that_commonmark_finds() -> None:
    pages = hand_kept("")
    if not pages:
        pytest.skip("the shared folder with hand-kept lists is absent")
    for path in pages:
        text = path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
        lines = text.split("\n")
        mine = [(level, line) for level, _, line in headings(text) if "<h" not in lines[line - 1].lower()]
        assert mine == by_commonmark(text), path.name


LINES = st.sampled_from(
    ["", "", "words", "more words", "# A", "## B ##", "===", "---", "| a | b |", "```", "> q", "- i", "<b>x</b>"]
)


@given(st.lists(LINES, max_size=8))
@settings(deadline=None)
def test_headings_of_plain_pages_are_those_that_commonmark_finds(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert [(level, line) for level, _, line in headings(text)] == by_commonmark(text)
