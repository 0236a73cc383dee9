"""Phrases: what the local match accepts, the query covers."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.definitions import read_editorial
from harvester.phrases import Words, accepted, author_form, pattern, spellings
from harvester.rehearsal import NIGHTS, World
from harvester.rehearsal.stemming import stems
from harvester.rehearsal.stemming import words as world_words
from harvester.settings import read_texts
from harvester.topics import Topic


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
        ("mixture of expert", "mixtures of experts"),
        ("prune", "pruned"),
        ("pruning", "we prune heads"),
        ("KV cache", "KV caching"),
        ("memory", "memories"),
        ("class", "classes"),
        ("FLOPs", "per FLOP"),
        ("quantized", "Quantizing"),
        ("=LoRA", "LoRA"),
        ("KV cache", "the $KV$~cache"),
        ("KV cache", "the {KV} cache"),
        ("KV cache", "KV\u2212cache"),
        ("KV cache", "KV\u2009cache"),
        ("key value", "key/value pairs"),
        ("key/value", "key-value pairs"),
        ("8-bit", "in Table 2, 8-bit weights"),
        ("8-bit", "2,4,8-bit quantization"),
        ("8-bit", "{4,8}-bit"),
        ("pruning", "see Section 2.Pruning"),
    ],
)
def test_spellings_that_people_take_for_the_same_are_accepted(phrase: str, text: str) -> None:
    assert accepts(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("low rank", "lowrank"),
        ("pruning", "prunable"),
        ("=prune", "pruned"),
        ("LoRA", "loraed"),
        ("analysis of pruning", "analyses ofs pruning"),
        ("MoE", "moeity"),
        ("KV cache", "okv cache"),
        ("8-bit", "1.8-bit weights"),
    ],
)
def test_other_words_are_not_accepted(phrase: str, text: str) -> None:
    assert not accepts(phrase, text)


def test_a_hyphen_allows_one_word_a_space_does_not() -> None:
    assert spellings("Fine-Tuning") == ("fine tuning", "finetuning")
    assert spellings("low rank") == ("low rank",)


KV = (("KV", "key value"), ("LLM", "large language model", "LM"))


@pytest.mark.parametrize("text", ["key-value caches", "KV caching", "the Key Value cache"])
def test_declared_words_stand_for_each_other(text: str) -> None:
    assert re.search(pattern("KV cache", KV), text, re.IGNORECASE)
    assert re.search(pattern("key-value cache", KV), text, re.IGNORECASE)


def test_what_was_asked_before_keeps_its_spelling_and_declared_words_come_behind() -> None:
    assert spellings("KV cache", KV) == ("kv cache", "key value cache")
    assert spellings("efficient LLMs", KV) == ("efficient llms", "efficient large language model", "efficient lm")
    assert spellings("=prune") == ("prune",)
    assert spellings("top k=2") == ("top k=2",)


def test_a_spelling_is_its_own_only_spelling() -> None:
    told = [form for topic in shipped() for form in topic.forms]
    assert all(spellings(form) == (form,) for form in told)


def test_authors_are_asked_for_by_their_names_in_words() -> None:
    assert author_form("Jean-Baptiste O'Neil Jr.") == "au:jean baptiste o neil jr"


def shipped() -> tuple[Topic, ...]:
    return read_editorial(read_texts(Path(__file__).resolve().parents[1] / "editorial")).topics


@cache
def vocabulary() -> list[str]:
    papers = World.load().papers_visible(NIGHTS[0])
    told = {word for paper in papers for word in world_words(f"{paper.facts.title} {paper.version.abstract}")}
    return sorted(word for word in told if word.isalpha() and word.isascii() and len(word) > 2)


def covered(phrase: str, groups: Words = ()) -> list[str]:
    """Returns accepted forms, of words that occur, that no question would find in a stemmed index."""
    asked = {stems(form) for form in spellings(phrase, groups)}
    known = {*vocabulary(), *(word for form in spellings(phrase, groups) for word in form.split())}
    real = (form for form in accepted(phrase, groups) if known.issuperset(form.split()))
    return [form for form in real if stems(form) not in asked]


def test_the_question_finds_every_form_of_the_shipped_topics() -> None:
    assert [lost for topic in shipped() for phrase in topic.phrases for lost in covered(phrase, topic.words)] == []


@given(st.data())
def test_the_question_finds_every_form_of_any_phrase_of_known_words(data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.sampled_from(vocabulary()), min_size=1, max_size=3))
    phrase = data.draw(st.sampled_from([" ", "-"])).join(parts)
    assert covered(phrase, ((parts[0], "key value"),)) == []


words = st.from_regex(r"[a-z][a-z0-9]{1,8}", fullmatch=True)


@given(st.lists(words, min_size=1, max_size=4), st.sampled_from([" ", "-", "\n", "  ", " - "]))
def test_every_accepted_form_reduces_to_a_spelling_of_the_query(parts: list[str], between: str) -> None:
    phrase = "-".join(parts)
    assert accepts(phrase, between.join(parts))
    assert accepts(phrase, "".join(parts))
    assert {" ".join(parts), "".join(parts)} == set(spellings(phrase))
