"""What lint finds on pages."""

from __future__ import annotations

import pytest

from harvester.formats.markup import mend_encoding, read_markup
from harvester.lists.lint import lint_pages
from harvester.lists.lint_pages import LARGEST, Drawn

THERE = {"../other/x.md", "logo.png", "."}  # files beside the pages


def of_page(text: str, rule: str, **others: str) -> list[tuple[int, str]]:
    pages = {"README.md": read_markup(text)} | {f"{name}.md": read_markup(other) for name, other in others.items()}
    drawn = Drawn("lists/a-list/README.md", "README.md", pages, THERE.__contains__, mend_encoding)
    return [(found.line, found.said) for found in lint_pages([drawn]) if found.rule == rule]


def test_an_anchor_must_be_made_by_a_heading() -> None:
    text = "# List\n[a](#papers) [b](#papers-1) [c](#pappers) [d](sub.md#below) [e](sub.md#above) [f](#own)\n"
    text += '<a name="own"></a>\n## Papers\n### Papers\n'
    found = of_page(text, "broken-anchor", sub="# Sub\n\n## Below\n")
    assert [(line, said.partition(":")[0]) for line, said in found] == [
        (2, "no heading of README.md has the anchor #pappers"),
        (2, "no heading of sub.md has the anchor #above"),
    ]


def test_a_page_must_be_there() -> None:
    text = "[a](sub.md) [b](gone.md#x) [c](../other/x.md) [d](https://a.org/x.md)\n"
    assert [said.partition(":")[0] for _, said in of_page(text, "missing-page", sub="# Sub\n")] == [
        "there is no page gone.md"
    ]


def test_a_file_must_be_there() -> None:
    text = "![a](logo.png?raw=true) [b](LICENSE) <img src='img/x.png'> [c](../x.png) [d](https://a.org/x.png) [e](.)\n"
    assert [said.partition(":")[0] for _, said in of_page(text, "missing-file")] == [
        "there is no file LICENSE below lists/a-list",
        "there is no file img/x.png below lists/a-list",
        "there is no file ../x.png below lists/a-list",
    ]


def test_a_heading_may_stand_below_two_others() -> None:
    assert of_page("# L\n## A\n### Other\n## B\n### Other\n", "repeated-heading") == []
    assert [line for line, _ in of_page("# L\n## A\n### Other\n### Other\n## A\n", "repeated-heading")] == [4, 5]


def test_links_of_a_page_must_have_a_form() -> None:
    text = "[a]() [b](None) [c](www.x.org) [d](https://x.org/a b) [e](x.md) `[f]()`\n\n```\n[g]()\n```\n"
    assert [line for line, _ in of_page(text, "page-link")] == [1, 1, 1, 1]


def test_rows_must_fit_their_header() -> None:
    table = (
        "| A | B |\n|--|:-:|\n| 1 | 2 |\n| 1 | 2 |  [//]: #05/29\n| 1 |\n| a \\| b | 2 |\n|| |\n\n| not | a | table |\n"
    )
    assert [line for line, _ in of_page(table, "table-cells")] == [4, 5]


def test_a_page_must_not_be_too_large() -> None:
    assert of_page("x" * LARGEST, "page-size") == []
    assert len(of_page("ä" * LARGEST, "page-size")) == 1


def test_mojibake_of_a_page_is_told_where_it_is() -> None:
    ((line, said),) = of_page("fine — “so” 🚀\n#### ðŸš€ Updates\n", "page-mojibake")
    assert line == 2 and "🚀" in said


@pytest.mark.parametrize(
    "text",
    [
        "cication: [**-1**](None)",
        "citation: [**99999999**](https://x.org)",
        "![Star -3](https://img.shields.io/badge/Star--3-grey)",
        "![Star 3M](x.svg)",
    ],
)
def test_counts_that_cannot_be_are_told(text: str) -> None:
    assert len(of_page(text, "page-count")) >= 1


def test_counts_that_can_be_are_not() -> None:
    assert of_page("citation: [**0**](x) ![Star 1.2k](https://img.shields.io/badge/Star-1.2k-grey)", "page-count") == []
