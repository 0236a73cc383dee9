from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.cli.shown import padded, shortened, stacked, width_of, wrapped

TEXTS = st.text(st.sampled_from("ab 日本é…́-"), max_size=40)


@given(TEXTS, st.integers(1, 50))
def test_a_shortened_text_fits_and_says_that_it_was_cut(text: str, width: int) -> None:
    short = shortened(text, width)
    assert width_of(short) <= width
    assert short == text or short.endswith("…")


@given(TEXTS, st.integers(0, 50))
def test_columns_are_aligned_whatever_their_letters(text: str, width: int) -> None:
    assert width_of(padded(shortened(text, max(width, 1)), max(width, 1))) == max(width, 1)


def test_lines_break_between_words_and_never_within() -> None:
    link = "https://example.org/a-very-long-path"
    assert wrapped(f"see {link} for more", 12) == ["see", link, "for more"]


@pytest.mark.parametrize("width", [5, 20, 60])
def test_rows_without_room_for_a_table_stand_below_each_other(width: int) -> None:
    columns = ("id", "title", "score", "remark")
    lines = list(stacked(columns, [["2405.00001", "On pruning", "33%", ""]], width))
    assert lines[0] == "2405.00001  33%"
    assert " ".join(line.strip() for line in lines[1:]) == "title: On pruning"
