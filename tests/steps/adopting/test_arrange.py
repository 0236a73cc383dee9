from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.editorial.entries import Key
from harvester.ids import Subject
from harvester.records import Entry, Wording
from harvester.steps.adopting.arrange import arrange

START = datetime(2026, 11, 1, tzinfo=UTC)


def key(name: str) -> Key:
    return Key("mine", Subject(f"url:https://example.org/{name}"), 1)


def entry(name: str, order: float | None, hour: int = 0) -> Entry:
    return Entry(
        "mine", key(name).subject, 1, "One", order, Wording(), None, START + timedelta(hours=hour), "ann", name
    )


def found(wanted: str, entries: dict[str, float | None], *, newest_first: bool = True) -> dict[str, float | None]:
    """The orders that are given, by name. Entries without order are listed here from the newest to the oldest."""
    there = {key(name): entry(name, order, -hour) for hour, (name, order) in enumerate(entries.items())}
    numbers = arrange([key(name) for name in wanted], there, newest_first=newest_first)
    return {name.subject[-1]: number for name, number in numbers.items()}


@pytest.mark.parametrize(
    ("wanted", "entries", "numbers"),
    [
        ("abc", {"a": 1, "b": 2, "c": 3}, {}),
        ("axbc", {"a": 1, "b": 2, "c": 3}, {"x": 1.5}),
        ("cab", {"a": 1, "b": 2, "c": 3}, {"c": 0}),
        ("acb", {"a": 1, "b": 2, "c": 3}, {"c": 1.5}),
        ("axyb", {"a": 1, "b": 1.5}, {"x": 1.2, "y": 1.3}),
        ("abx", {"a": 1, "b": 2}, {"x": 3}),
        ("xab", {"a": 1, "b": 2}, {"x": None}),  # the newest stands on top as it is
        ("nxa", {"n": None, "a": 1}, {"x": 0}),
        ("xna", {"n": None, "a": 1}, {"x": None}),
        ("nma", {"m": None, "n": None, "a": 1}, {"m": 0}),
    ],
)
def test_few_numbers_and_short_ones_make_room(
    wanted: str, entries: dict[str, float | None], numbers: dict[str, float | None]
) -> None:
    assert found(wanted, entries) == numbers


def test_where_new_ones_stand_below_a_newcomer_at_the_end_needs_no_number() -> None:
    assert found("abx", {"a": 1, "b": 2}, newest_first=False) == {"x": None}
    assert found("axb", {"a": 1, "b": 2}, newest_first=False) == {"x": 1.5}


@given(
    orders=st.dictionaries(st.sampled_from("abcdefgh"), st.none() | st.integers(0, 4) | st.floats(0, 5), max_size=8),
    new=st.sets(st.sampled_from("xyz")),
    newest_first=st.booleans(),
    data=st.data(),
)
def test_a_page_shows_the_wanted_order(
    orders: dict[str, float | None], new: set[str], newest_first: bool, data: st.DataObject
) -> None:
    wanted = data.draw(st.permutations([*orders, *sorted(new)]))
    there = {key(name): entry(name, order, -hour) for hour, (name, order) in enumerate(orders.items())}
    numbers = arrange([key(name) for name in wanted], there, newest_first=newest_first)

    entries = [
        entry(name, numbers.get(key(name), orders.get(name)), 1 if name in new else -hour)
        for hour, name in enumerate([*orders, *sorted(new)])
    ]
    numbered = sorted((e for e in entries if e.order is not None), key=lambda e: (e.order, e.subject, e.place))
    newer = sorted((e for e in entries if e.order is None), key=lambda e: e.decided_at, reverse=newest_first)
    shown = newer + numbered if newest_first else numbered + newer
    assert [e.decision for e in shown] == wanted
    assert sum(e.order is None for e in entries if e.decision in new) <= 1
