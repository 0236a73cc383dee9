"""Topics and lists: every mistake is named at once, with file, key and remedy."""

from __future__ import annotations

import pytest

from harvester.definitions import read_editorial
from harvester.errors import SettingsError

TOPICS = """
categories = ["cs.CL"]
[harvest]
first_days = 10
[topics.pruning]
include = ["network pruning", "sparsity"]
exclude = ["tree pruning"]
[topics.moe]
include = ["mixture of experts"]
categories = ["cs.LG"]
"""
LIST = """
title = "A list"
style = "bullets"
[[sections]]
path = "Pruning"
topics = ["pruning"]
[[sections]]
path = "Quantization / Papers"
[[sections]]
path = "MoE / Papers"
"""


def test_topics_and_lists_are_read() -> None:
    editorial = read_editorial({"topics.toml": TOPICS, "lists/a.toml": LIST, "lists/a.head.md": "Hello\n"})
    assert [(t.name, t.categories) for t in editorial.topics] == [("pruning", ("cs.CL",)), ("moe", ("cs.LG",))]
    assert (editorial.harvest.first_days, editorial.harvest.overlap_days) == (10, 7)
    definition = editorial.definition("a")
    assert (definition.style, definition.head) == ("bullets", "Hello\n")
    assert [(s.path, s.title, s.level) for s in definition.sections][1] == ("Quantization / Papers", "Papers", 2)


def test_a_section_is_found_by_path_or_by_a_title_that_only_it_has() -> None:
    definition = read_editorial({"topics.toml": TOPICS, "lists/a.toml": LIST}).definition("a")
    found = definition.section("pruning")
    assert found and found.path == "Pruning"
    assert definition.section("Papers") is None  # two sections have that title
    assert definition.nearest_sections("Prunning") == ["Pruning"]


def test_all_mistakes_of_all_files_are_told_at_once() -> None:
    texts = {
        "topics.toml": TOPICS.replace("[topics.moe]", "colour = 3\n[topics.moe]").replace(
            "first_days = 10", "first_day = 10"
        ),
        "lists/a.toml": LIST.replace('style = "bullets"', 'style = "bulets"').replace('["pruning"]', '["prunning"]'),
        "lists/b.toml": "title = 3\n<<<<<<< HEAD\n",
    }
    with pytest.raises(SettingsError) as caught:
        read_editorial(texts)
    said = str(caught.value)
    assert "did you mean 'first_days'" in said
    assert "topics.pruning.colour is unknown" in said
    assert "lists/a.toml: style 'bulets' is unknown" in said
    assert "topic 'prunning'" in said
    assert "lists/b.toml: not valid TOML" in said


def test_an_unknown_list_names_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="lists: a"):
        read_editorial({"topics.toml": TOPICS, "lists/a.toml": LIST}).definition("z")
