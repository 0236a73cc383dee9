from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harvester.editorial.merging import merge, moves, rising

DIFFERENT = st.lists(st.sampled_from("abcdefgh"), max_size=8, unique=True)
LETTERS = st.lists(st.sampled_from("abcdefgh"), max_size=8)


def done(before: str, after: str, now: str) -> str:
    return "".join(merge(before, after, now))


def test_what_was_changed_is_done_to_what_stands_now() -> None:
    assert done("abc", "abxc", "Nabc") == "Nabxc"
    assert done("abc", "ac", "abNc") == "aNc"
    assert done("abcd", "dabc", "abNcd") == "dabNc"
    assert done("abc", "xabc", "Nabc") == "Nxabc"  # it stands before its neighbour, not before the newest


def test_what_is_gone_or_there_already_is_left_alone() -> None:
    assert done("abc", "ab", "ab") == "ab"
    assert done("ab", "abx", "xab") == "xab"
    assert done("abc", "cab", "ab") == "ab"


def test_two_neighbours_that_were_swapped_are_one_move() -> None:
    assert len(moves("abcd", "acbd")) == 1
    assert moves("abcd", "abcd") == set()


@given(LETTERS, LETTERS)
def test_nobody_else_means_the_page_as_it_was_left(before: list[str], after: list[str]) -> None:
    assert merge(before, after, before) == after


@given(DIFFERENT, DIFFERENT, DIFFERENT)
def test_nothing_changed_changes_nothing_and_twice_is_once(before: list[str], after: list[str], now: list[str]) -> None:
    assert merge(before, before, now) == now
    once = merge(before, after, now)
    assert merge(before, after, once) == once


@given(st.lists(st.integers(0, 20)))
def test_a_rising_run_rises_and_none_is_longer(ranks: list[int]) -> None:
    found = [ranks[at] for at in sorted(rising(ranks))]
    assert found == sorted(set(found))
    best = [1] * len(ranks)
    for at, rank in enumerate(ranks):
        best[at] = 1 + max((best[before] for before in range(at) if ranks[before] < rank), default=0)
    assert len(found) == max(best, default=0)
