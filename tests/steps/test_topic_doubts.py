from __future__ import annotations

from pathlib import Path

from harvester.definitions import read_editorial
from harvester.settings import read_texts
from harvester.steps.topic_doubts import doubts
from harvester.topics import Topic


def test_what_can_hardly_be_meant_is_told_with_the_topic() -> None:
    told = doubts(
        [
            Topic(
                "t",
                ("pruning", "Pruning", "sparse  model", "*", "a", "C++"),
                ("sparse model",),
                ("cs.CL", "cs.*", "CL", "hep-th", "cond-mat.soft", "physics.acc-ph", "cs.cl"),
            )
        ]
    )
    expected = ("'Pruning' twice", "include and in exclude", "'*' has no letter", "'a' is a single", "'cs.*' is no")
    for words in (*expected, "'CL' is no", "'cs.cl' is no"):
        assert sum(words in one for one in told) == 1, words
    assert len(told) == 7 and all(one.startswith("topics.toml: topics.t: ") for one in told)


def test_the_shipped_topics_raise_no_doubt() -> None:
    shipped = read_editorial(read_texts(Path(__file__).resolve().parents[2] / "editorial"))
    assert doubts(shipped.topics) == ()
