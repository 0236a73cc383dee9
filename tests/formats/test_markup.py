"""Any Markdown page, as lint looks at it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.findings import Row, Target
from harvester.formats.markup import mend_encoding, read_markup


def test_headings_have_the_anchors_of_github() -> None:
    found = read_markup("# A list\n\n## Other\n\n## [Other](x) `code`!\n\n## Other\n").headings
    assert [(heading.anchor, heading.line) for heading in found] == [
        ("a-list", 1),
        ("other", 3),
        ("other-code", 5),
        ("other-1", 7),
    ]


def test_targets_are_found_wherever_a_reader_can_click() -> None:
    text = '- **[a](x.md)**, [![b](i.png)](y) <img src="z.png"> <https://a.org> `[no](no)` <!-- [no](no) -->\n'
    assert read_markup(text).targets == (
        Target("x.md", "a", 1),
        Target("y", "", 1),
        Target("i.png", "b", 1, image=True),
        Target("z.png", "", 1, image=True),
        Target("https://a.org", "https://a.org", 1),
    )


def test_code_blocks_hold_no_links_headings_and_rows() -> None:
    found = read_markup("```\n# no\n[no](no)\n| a |\n|--|\n| b | c |\n```\n\n# yes\n")
    assert (found.targets, found.rows, [heading.line for heading in found.headings]) == ((), (), [9])


def test_rows_are_measured_by_the_header_above() -> None:
    text = "| A | B |\r\n| --- | :-: |\r\n| 1 | 2 |\r\n|1|2|3|\r\n| x \\| y | `z` |\r\n\r\n| A |\r\n|-|\r\n| 1 |\r\n"
    assert read_markup(text).rows == (Row(2, 2, 3), Row(3, 2, 4), Row(2, 2, 5), Row(1, 1, 9))


@given(st.text(alphabet='|#[]()`!<>-:\\ \n"=abc🚀', max_size=80))
def test_no_page_is_too_broken_to_be_looked_at(text: str) -> None:
    found = read_markup(text)
    last = text.count("\n") + 1
    lines = (
        [one.line for one in found.headings] + [one.line for one in found.targets] + [one.line for one in found.rows]
    )
    assert all(1 <= line <= last for line in lines)


@pytest.mark.parametrize(
    ("broken", "meant"),
    [("JosÃ©", "José"), ("GrÃ¼n", "Grün"), ("ðŸš€", "🚀"), ("¬∑", "·"), ("José – “so”", "José – “so”")],
)
def test_wrongly_decoded_characters_are_known(broken: str, meant: str) -> None:
    assert mend_encoding(broken) == meant
