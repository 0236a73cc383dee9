from __future__ import annotations

import pytest

from harvester.definitions import read_editorial
from harvester.errors import SettingsError
from harvester.topics import Topic

HEAD = 'categories = ["cs.CL"]\n'


def read(text: str) -> Topic:
    return read_editorial({"topics.toml": HEAD + text}).topics[0]


def test_rules_of_a_topic_are_read() -> None:
    topic = read(
        '[words]\nKV = ["key value"]\n[topics.t]\ninclude = ["KV cache", "paging"]\nat_least = 2\n'
        'require = [["LLM", "GPT"], ["GPU"]]\nauthors = ["Song Han"]\ncode = true\n'
    )
    assert topic.words == (("KV", "key value"),) and topic.require == (("LLM", "GPT"), ("GPU",))
    assert (topic.at_least, topic.authors, topic.code) == (2, ("Song Han",), True)
    assert topic.forms == ("kv cache", "key value cache", "paging", "au:song han")


def test_authors_are_enough() -> None:
    assert read('[topics.t]\nauthors = ["Song Han"]\n').forms == ("au:song han",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[topics.t]\ninclude = []\n", "include is empty"),
        ('[topics.t]\ninclude = ["a"]\nat_least = 2\n', "at_least is 2, but the topic has 1 phrase"),
        ('[topics.t]\ninclude = ["a"]\nrequire = ["b"]\n', "require must hold lists of texts"),
        ('[topics.t]\ninclude = ["a"]\nrequire = [[]]\n', "require must hold lists of texts"),
        ('[topics.t]\ninclude = ["a"]\ncode = "yes"\n', "code must be true or false"),
        ('[words]\nKV = []\n[topics.t]\ninclude = ["a"]\n', "words.KV says nothing"),
        ('[words]\nKV = "key value"\n[topics.t]\ninclude = ["a"]\n', "words.KV must be a list of texts"),
    ],
)
def test_mistakes_in_rules_are_told_with_their_line(text: str, why: str) -> None:
    with pytest.raises(SettingsError) as told:
        read(text)
    assert why in str(told.value) and "topics.toml:" in str(told.value)


def test_an_empty_phrase_is_told_once() -> None:
    with pytest.raises(SettingsError) as told:
        read('[topics.t]\ninclude = ["pruning", ""]\nat_least = 2\n')
    assert len(told.value.mistakes) == 1 and "must hold texts only, none empty" in told.value.mistakes[0]


@pytest.mark.parametrize("phrase", ["/", "$ ~", "-", "="])
def test_a_phrase_without_letter_or_digit_would_ask_for_everything(phrase: str) -> None:
    with pytest.raises(SettingsError, match="neither letter nor digit"):
        read(f'[topics.t]\ninclude = ["pruning", "{phrase}"]\n')
