"""Tables and bullets in the spellings that hand-kept lists have."""

from __future__ import annotations

import pytest

from harvester.formats import PARSE, Form
from harvester.formats._markdown import note
from harvester.pages import INDEX_PLACE

HEADER = "| Title & Authors | Introduction | Links |\n|:--|:--|:--|\n"
PAPER = "- **A Title of Words**, `ICML`, [arxiv](https://arxiv.org/abs/2405.00001)\n"


@pytest.mark.parametrize(
    "below",
    [
        "\n  *Ada Author, Bo Author*",
        "  *Ada Author, Bo Author*",
        "  *Ada Author, Bo Author* · ([code](https://github.com/a/b) - a)",
        "\n  _Ada Author, Bo Author_",
        "\n  **Ada Author, Bo Author**",
        "\n\tAda Author, Bo Author",
    ],
)
def test_names_below_a_title_are_its_authors(below: str) -> None:
    [found] = PARSE["bullets"](f"## A\n{PAPER}{below}\n").entries

    assert found.wording.authors == "Ada Author, Bo Author" and found.wording.notes == ()


def test_a_band_is_a_section_below_the_heading_of_its_table() -> None:
    row = "|[A Title](https://arxiv.org/abs/2405.0000{}) <br> Ann | | |\n"
    page = f"### Pruning\n{HEADER}{row.format(1)}|**Network Pruning** | | |\n{row.format(2)}\n### Quant\n{HEADER}"
    page += row.format(3)

    assert [entry.section for entry in PARSE["table"](page).entries] == [
        "Pruning",
        "Pruning / Network Pruning",
        "Quant",
    ]


def test_rows_without_a_pipe_in_front_and_with_one_in_code_are_read_whole() -> None:
    found = PARSE["table"](
        f"## A\n{HEADER}|[One](https://arxiv.org/abs/2405.00001) <br> Ann | a `x | y` b | [Blog](https://a.org)|\n"
        "[Two](https://arxiv.org/abs/2405.00002) <br> Bo | | [Blog](https://b.org)\n"
    )

    one, two = (entry.wording for entry in found.entries)
    assert [note.text for note in one.notes] == ["a `x | y` b"] and [link.label for link in one.links] == ["Blog"]
    assert (two.title, two.authors, [link.label for link in two.links]) == ("Two", "Bo", ["Blog"])
    assert [repair.what for repair in found.repairs] == ["a pipe inside code was taken as part of its cell"]


def test_numbered_entries_are_entries() -> None:
    page = f"## A\n1. {PAPER[2:]}2. {PAPER[2:].replace('00001', '00002')}"

    assert [entry.subject for entry in PARSE["bullets"](page).entries] == ["arxiv:2405.00001", "arxiv:2405.00002"]


def test_a_table_of_others_stays_whole_and_ours_keeps_its_header_where_a_row_is_not_read() -> None:
    table = "| Model | Score |\n|---|---|\n| A | 1 |\n| B | 2 |"
    [section] = PARSE["bullets"](f"## A\n{PAPER}\n{table}\n").sections
    assert section.prose == table

    rows = "|[One](https://arxiv.org/abs/2405.00001) <br> Ann | | |\n| Unlinked | | |\n"
    [section] = PARSE["table"](f"## A\n{HEADER}{rows}").sections
    assert section.prose == f"{HEADER}| Unlinked | | |"


def test_code_and_a_table_below_an_entry_stay_with_it_line_by_line() -> None:
    [found] = PARSE["bullets"](f"## A\n{PAPER}\n  | a | b |\n  |---|---|\n\n  ```\n  pip install it\n  ```\n").entries

    assert [(note.text, note.quoted) for note in found.wording.notes] == [
        ("| a | b |", True),
        ("|---|---|", True),
        ("pip install it", True),
    ]


def test_a_link_that_is_called_figure_is_a_link_on_a_page_that_somebody_keeps() -> None:
    [found] = PARSE["bullets"](f"## A\n{PAPER}\n  *Ann* · ([figure](https://x.io/page))\n").entries

    assert found.wording.figure is None and [link.label for link in found.wording.links] == ["figure"]


def test_an_index_of_two_lines_is_an_index() -> None:
    found = PARSE["table"](f"# L\n\n- [Pruning](#pruning)\n- [Quant](quant.md)\n\n### Pruning\n{HEADER}")

    assert "Pruning" not in found.head and [section.page for section in found.sections if section.page] == ["quant.md"]


@pytest.mark.parametrize(
    "below",
    [
        "([code](https://github.com/a/b) - a)",
        "([code](https://github.com/a/b)) ![Star 3](https://img.shields.io/badge/Star-3-lightgrey?style=social&logo=github)",
        "· ([code](https://github.com/a/b))",
    ],
)
def test_a_line_of_links_below_a_title_is_the_chain_with_and_without_a_dot_in_front(below: str) -> None:
    [found] = PARSE["bullets"](f"## A\n{PAPER}\n  {below}\n").entries

    assert [(link.label, link.url) for link in found.wording.links] == [("code", "https://github.com/a/b")]
    assert found.wording.notes == ()


def test_a_note_that_begins_with_a_link_in_brackets_stays_one() -> None:
    text = "([code](https://github.com/a/b)) runs on phones"
    [found] = PARSE["bullets"](f"## A\n{PAPER}\n  {text}\n").entries
    assert [note.text for note in found.wording.notes] == [text]

    [again] = PARSE["bullets"](f"## A\n{PAPER}\n  {note('([code](https://github.com/a/b))')}\n").entries
    assert [one.text for one in again.wording.notes] == ["([code](https://github.com/a/b))"]
    assert again.wording.links == ()


def test_only_the_date_comment_of_a_list_is_its_date() -> None:
    page = f"## A\n{PAPER.rstrip()} <!-- checked 2024-05-29 -->\n"
    found = PARSE["bullets"](page)
    assert found.entries[0].wording.listed_on is None and found.entries[0].wording.notes == ()
    assert [repair.what for repair in found.repairs] == ["a comment was left out: checked 2024-05-29"]

    row = "|[One](https://arxiv.org/abs/2405.00001) <br> Ann | | [Blog](https://a.org) <!-- 2024-05-29 --> |"
    one, two = PARSE["table"](f"## A\n{HEADER}{row}\n{row.replace('00001', '00002')}[//]: #05/29\n").entries
    assert (one.wording.listed_on, two.wording.listed_on) == (None, "05/29")


@pytest.mark.parametrize("title", ["Citation", "License and Citation Studies"])
def test_a_last_section_that_is_called_like_a_foot_and_holds_papers_is_a_section(title: str) -> None:
    found = PARSE["bullets"](
        f"# L\n\n## A\n{PAPER}\n## {title}\n{PAPER.replace('00001', '00002')}\n## License\n\nMIT\n"
    )

    assert [entry.section for entry in found.entries] == ["A", title]
    assert found.foot == "## License\n\nMIT"


@pytest.mark.parametrize("form", ["bullets", "generic"])
def test_numbers_of_a_numbered_list_are_told_to_go(form: Form) -> None:
    found = PARSE[form](f"## A\n\n1. {PAPER[2:]}2. {PAPER[2:].replace('00001', '00002')}")

    assert len(found.entries) == 2
    said = "2 entries from here on stand in a numbered list: the order is kept, the numbers are not"
    assert [(repair.line, repair.what) for repair in found.repairs] == [(3, said)]


@pytest.mark.parametrize("form", ["bullets", "generic"])
def test_a_remark_below_the_entries_is_told_to_stand_above_them(form: Form) -> None:
    found = PARSE[form](f"## A\n\nAbove.\n\n{PAPER}\nBelow.\n\nMore.\n\n## B\n\nAbove.\n\n{PAPER}")

    assert found.sections[0].prose == "Above.\n\nBelow.\n\nMore."
    assert [(repair.line, repair.what) for repair in found.repairs] == [
        (7, 'a text below entries of "A" stands above them now')
    ]


@pytest.mark.parametrize("index", ["[TOC]", "[[_TOC_]]", "## Contents\n\n[toc]"])
def test_a_mark_for_a_table_of_contents_is_the_place_of_the_index(index: str) -> None:
    found = PARSE["bullets"](f"# L\n\nHello.\n\n{index}\n\n## A\n{PAPER}\n[TOC]\n")
    head = index.rpartition("\n")[0] + "\n" if "\n" in index else ""

    assert found.head == f"Hello.\n\n{head}{INDEX_PLACE}" and found.sections[0].prose == ""
    listed = PARSE["bullets"](f"# L\n\n[TOC]\n\n- [A](#a)\n- [B](#b)\n- [C](#c)\n\n## A\n{PAPER}")
    assert listed.head == INDEX_PLACE


def test_a_text_between_the_title_and_the_first_table_is_the_head_and_the_names_of_columns_are_not() -> None:
    row = "|[What `a|b` means](https://arxiv.org/abs/2405.00001) <br> Ann Author | | |"
    found = PARSE["table"](f"# Pruning\n\nOn weights.\n\n{HEADER}{row}\n")

    assert found.head == "On weights." and [section.prose for section in found.sections] == [""]
    [read] = found.entries  # a pipe in code ends a cell where nobody knows how many columns there are
    assert (read.wording.title, read.wording.authors) == ("What `a | b` means", "Ann Author")
