"""Phrases: what the local match accepts, the query covers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.phrases import pattern, spellings


def accepts(phrase: str, text: str) -> bool:
    return re.search(pattern(phrase), text, re.IGNORECASE) is not None


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("KV cache", "we compress KV caches by half"),
        ("KV cache", "the kv-cache grows"),
        ("fine-tuning", "Finetuning is costly"),
        ("fine-tuning", "fine tuning"),
        ("fine-tuning", "a fine\u2010tuning recipe"),
        ("mixture of experts", "Mixture-of-Experts models"),
        ("mixture of experts", "mixture\nof experts"),
    ],
)
def test_spellings_that_people_take_for_the_same_are_accepted(phrase: str, text: str) -> None:
    assert accepts(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("low rank", "lowrank"),
        ("prune", "pruned"),
        ("KV cache", "kv cached"),
        ("MoE", "moeity"),
        ("KV cache", "okv cache"),
    ],
)
def test_other_words_are_not_accepted(phrase: str, text: str) -> None:
    assert not accepts(phrase, text)


def test_a_hyphen_allows_one_word_a_space_does_not() -> None:
    assert spellings("Fine-Tuning") == ("fine tuning", "finetuning")
    assert spellings("low rank") == ("low rank",)


words = st.from_regex(r"[a-z][a-z0-9]{1,8}", fullmatch=True)


@given(st.lists(words, min_size=1, max_size=4), st.sampled_from([" ", "-", "\n", "  ", " - "]))
def test_every_accepted_form_reduces_to_a_spelling_of_the_query(parts: list[str], between: str) -> None:
    phrase = "-".join(parts)
    assert accepts(phrase, between.join(parts))
    assert accepts(phrase, "".join(parts))
    assert {" ".join(parts), "".join(parts)} == set(spellings(phrase))
