"""Whatever stands in a list: reading it never fails, loses no paper that it links to, and takes time as its length does."""

from __future__ import annotations

import time

import lists_checked as raw
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harvester.formats import FORMS, PARSE, Form, read
from harvester.pages import Parsed

PIECES = st.sampled_from(
    [
        "- ", "* ", "1. ", "+\t", "  - ", "\t", "\n",
        "\n\n", "\r\n", "# ", "## Section\n", "|", "| a | b |\n", "|:--|--|\n",
        "| Title | Paper |\n|--|--|\n", "**", "*", "_", "`", "```\n", "[",
        "]", "(", ")", "](", "![", "<br>", "<td>", "<tr>",
        "</tr>", "<a href='", "'>", "</a>", "<!--", "-->", "<img src=\"",
        "\">", "\\", "&amp;", "&#x", "$", "·", "· ([a](b))",
        "[//]: #05/29", "[1]: http://a.b\n", "[x][1]", "http://",
        "arXiv:2405.00009", "citation: [**-1**](None)", "None", "\ufeff",
        "\u202e", "é", "🚀", "论文标题在这里",
        "Ada Author, Bo Author. ", "ICLR 2024", "A Title of Several Words", "Paper", "---\n",
        "<details>", "</li>", "<li>", "> ",
        "(https://[x/y)", "![Star](https://[img.shields.io/badge/a-b-c)", "<img src=\"\">",
        "et al. ", " - ", "https://github.com/a/b", "[code](https://github.com/a/b)", "\x00",
    ]
)  # fmt: skip
TEXT = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=30).map("".join)
LINK = st.builds(
    lambda label, number, tail: f"[{label}](https://arxiv.org/abs/2405.{number:05}{tail})",
    st.sampled_from(["Paper", "A Title of Several Words", "[pdf]", "**Bold and Linked Title**", "arXiv", "ICLR 2024"]),
    st.integers(1, 99_999),
    st.sampled_from(["", "v2"]),
)


def everything(parsed: Parsed) -> str:
    """All that was kept of a page, entries and prose."""
    prose = [parsed.head, parsed.foot, *(section.prose for section in parsed.sections), parsed.title or ""]
    entries = [f"https://arxiv.org/abs/{entry.subject.partition(':')[2]} {entry.wording}" for entry in parsed.entries]
    return "\n".join([*prose, *(section.title for section in parsed.sections), *entries])


@settings(deadline=None)  # the first damaged line loads ftfy
@given(TEXT)
@example(text='- <img src="">')
@pytest.mark.parametrize("form", FORMS)
def test_reading_never_fails_and_twice_says_the_same(form: Form, text: str) -> None:
    assert PARSE[form](text) == PARSE[form](text)


@settings(deadline=None)
@given(before=TEXT, link=LINK, behind=TEXT)
@example(before="", link="[A Title of Several Words](https://arxiv.org/abs/2405.00001)", behind="")
@example(
    before="- [[x](http://a.b)] ", link="[Paper](https://arxiv.org/abs/2405.00001v2)", behind=" Title of it. [`tag`]"
)
@pytest.mark.parametrize("kind", ["- ", "1. ", "| 2024 | ", "", "* **A Title of Several Words** "])
def test_no_paper_that_a_line_links_to_is_lost(kind: str, before: str, link: str, behind: str) -> None:
    """On a line of its own, beside texts that do not reach into it."""
    text = f"# List\n\n{before}\n\n## Papers\n\n{kind}{link}\n\n{behind}"
    wanted = raw.arxiv_ids(link)[0]

    for parsed in (PARSE["generic"](text), read(text)[1]):
        assert wanted in everything(parsed)


@settings(deadline=None)
@given(number=st.integers(1, 99_999), around=st.lists(PIECES, min_size=1, max_size=4))
def test_no_paper_is_lost_among_marks_on_its_own_line(number: int, around: list[str]) -> None:
    beside = "".join(around).replace("\n", " ").replace("\r", " ")
    text = f"## Papers\n\n- A Title {beside} https://arxiv.org/abs/2405.{number:05} {beside}\n"

    assert f"2405.{number:05}" in everything(PARSE["generic"](text))


def test_rows_around_the_first_entry_of_a_list_without_headings_stay_in_a_table() -> None:
    row = "| [A Title of Several Words](https://arxiv.org/abs/2405.00001) | 2024 |"
    parsed = PARSE["generic"](f"| Title | Year |\n|--|--|\n| before | 1 |\n{row}\n| behind | 2 |\n")

    assert parsed.head == "| Title | Year |\n|--|--|\n| before | 1 |"
    assert [section.prose for section in parsed.sections] == ["| Title | Year |\n|--|--|\n| behind | 2 |"]


UNITS = (
    "[", "]", "(", ")", "`", "``` ", "*a ", "**a ", "<",
    "<!--", "<a ", "<a href=x>", "![", "[a](", "![a](", "|", "\\|", "- ",
    "  - ", "# ", " ", "1. ", "&", "$", "· (", ". A",
    " - ", ", ", "(2024)", "[2024] ", "Et al. ", "A. B, ", ":fire:", "🔥", "“",
    "<br>", "<tr>", "<td>",
    "http://", "https://arxiv.org/abs/2405.00001 ", "[a b c](https://arxiv.org/abs/2405.00001) ",
    "arxiv:2405.00001 ", "][a]", "[//]: #", "citation: ", "= ", "~",
)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_very_long_lines_are_read_in_proportion(unit: str) -> None:
    """Three lines of 60,000 characters take a second at most; where anything grows with the square, they take many."""
    line = unit * (60_000 // len(unit))
    text = f"- {line}\n\n| {line}\n\n# {line}\n"
    for form in ("bullets", "generic"):
        started = time.process_time()
        PARSE[form](text)
        assert time.process_time() - started < 15
