from __future__ import annotations

import pytest

from harvester.counting import counted


@pytest.mark.parametrize(
    ("number", "noun", "told"),
    [
        (1, "record", "1 record"),
        (0, "record", "0 records"),
        (2, "entry", "2 entries"),
        (1, "category", "1 category"),
        (3, "day", "3 days"),
        (1300, "changed page", "1,300 changed pages"),
    ],
)
def test_a_number_has_its_noun_in_the_right_form(number: int, noun: str, told: str) -> None:
    assert counted(number, noun) == told
