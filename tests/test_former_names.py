"""Sections that were renamed: what names them by a former name means the section of today."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.former_names import FormerNames, mistaken

PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(" / ".join)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Quantisation", "Low-bit models"),
        ("quantisation", "Low-bit models"),
        ("Quantisation / Papers", "Low-bit models / Papers"),
        ("Quantisation / Code", "Quantisation / Code"),  # there is no such section today
        ("low-bit models", "low-bit models"),
        ("Old / Deep / Papers", "Survey"),
        ("Survey", "Survey"),
        ("Nowhere", "Nowhere"),
    ],
)
def test_a_former_name_means_the_section_of_today_and_those_below_follow(said: str, meant: str) -> None:
    names = FormerNames.of(
        [
            ("Low-bit models", ["Quantisation"]),
            ("Low-bit models / Papers", []),
            ("Survey", ["Surveys", "Old / Deep / Papers"]),
        ]
    )
    assert names.now(said) == meant


@given(st.lists(st.tuples(PATHS, st.lists(PATHS, max_size=2)), max_size=5), PATHS)
def test_a_name_of_today_is_asked_in_vain(sections: list[tuple[str, list[str]]], path: str) -> None:
    """Where no former name is wrong, asking twice is asking once, and a section that there is keeps its name."""
    names = FormerNames.of(sections)
    if not list(mistaken(sections)):
        assert names.now(names.now(path)) == names.now(path)
        assert all(names.now(one) == one for one, _ in sections)


def test_what_is_wrong_with_former_names_is_told_with_the_number_of_the_section() -> None:
    told = list(mistaken([("A", ["b", "X"]), ("B", ["Y", "y"]), ("C", ["x"])]))
    assert told == [
        (1, 'sections[1].formerly: "b" is the path of sections[2] now, whose papers stay there: take it out'),
        (2, 'sections[2].formerly: "Y" is given twice: its papers can go to one section, once'),
        (2, 'sections[2].formerly: "y" is given twice: its papers can go to one section, once'),
        (3, 'sections[3].formerly: "x" is given by sections[1], too: its papers can go to one section, once'),
    ]
