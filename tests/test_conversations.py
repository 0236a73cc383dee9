"""What upstreams and conversations are called where people read of them."""

from __future__ import annotations

import pytest

from harvester.conversations import conversation_words, ordinal, upstream_words


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("search", "search"),
        ("search-w2", "search, second window"),
        ("search-w12", "search, 12th window"),
        ("search-b1", "search, first part"),
        ("stars", "stars"),
        ("sweep-cs", "sweep of cs"),
        ("sweep-cs-cs-cl", "sweep of cs.CL"),
        ("sweep-physics-cond-mat", "sweep of physics-cond-mat"),
        ("sweep-cs-cs-cl-on", "sweep of cs.CL, going on"),
        ("sweep-cs-cs-cl-on-2", "sweep of cs.CL, going on for the second time"),
        ("sweep-cs-20240101-20240131", "sweep of cs, changes from 2024-01-01 until 2024-01-31"),
        (
            "sweep-stat-stat-ml-20240101-20240131-on",
            "sweep of stat.ML, changes from 2024-01-01 until 2024-01-31, going on",
        ),
    ],
)
def test_the_name_of_a_conversation_says_what_it_is(what: str, words: str) -> None:
    assert conversation_words(what) == words


def test_numbers_become_places() -> None:
    assert [ordinal(n) for n in (1, 3, 10, 11, 12, 13, 21, 22, 103, 111)] == [
        "first", "third", "tenth", "11th", "12th", "13th", "21st", "22nd", "103rd", "111th",
    ]  # fmt: skip


def test_an_upstream_that_nobody_named_keeps_its_name() -> None:
    assert (upstream_words("github"), upstream_words("zenodo")) == ("GitHub", "zenodo")
