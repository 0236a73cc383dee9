"""What in topics can hardly be meant: it does no harm to a night, but brings nothing, or far too much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from harvester.topics import Topic

# cs.CL, hep-th, cond-mat.soft, physics.acc-ph
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)?(?:\.(?:[A-Z]{2}|[a-z]{4,}|[a-z]+-[a-z]+))?")


def doubts(topics: Sequence[Topic]) -> tuple[str, ...]:
    """Says what is doubtful, topic by topic.

    Of categories only the form is checked: arXiv opens new ones.
    """
    return tuple(f"topics.toml: topics.{topic.name}: {said}" for topic in topics for said in _of_one(topic))


def _of_one(topic: Topic) -> Iterator[str]:
    ruled_out = {_folded(phrase) for phrase in topic.exclude}
    seen: set[str] = set()
    for phrase in topic.include:
        if _folded(phrase) in seen:
            yield f"include holds {phrase!r} twice: delete one"
        if _folded(phrase) in ruled_out:
            yield f"{phrase!r} stands in include and in exclude, so it rules out what it brings: delete one"
        seen.add(_folded(phrase))
    for phrase in dict.fromkeys(topic.phrases):
        bare = phrase.removeprefix("=")
        if not any(char.isalpha() for char in bare):
            yield f"{phrase!r} has no letter: phrases are words, and there are no wildcards"
        elif len(bare) == 1:
            yield f"{phrase!r} is a single letter, which stands almost everywhere"
    for category in topic.categories:
        if not _CATEGORY.fullmatch(category):
            yield f"{category!r} is no category of arXiv: they are written like cs.CL or hep-th, one by one"


def _folded(phrase: str) -> str:
    return " ".join(phrase.casefold().split())
