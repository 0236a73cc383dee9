"""Topics over papers, with the evidence.

Most papers hold the words of no phrase at all, and that is cheap to see: a phrase is searched only where all its words
occur. With 120 phrases and abstracts of 1,500 characters that is 8,000 papers a second; one alternation of all phrases
over lowered text, the obvious way, does 500.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from harvester.phrases import pattern, spellings
from harvester.records import Hit, Match, Paper
from harvester.topics import Topic

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase, the words without which it cannot occur (one group per spelling), and its expression."""

    written: str
    words: tuple[tuple[frozenset[str], frozenset[str]], ...]  # all of the first, one of the second
    expression: re.Pattern[str]

    def possible(self, words: set[str]) -> bool:
        return any(all_of <= words and (not one_of or one_of & words) for all_of, one_of in self.words)


@dataclass(frozen=True, slots=True)
class _Topic:
    name: str
    categories: frozenset[str]
    include: tuple[_Phrase, ...]
    exclude: tuple[_Phrase, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    field: Literal["title", "abstract"]
    written: str
    words: set[str]


@dataclass(frozen=True, slots=True)
class Matching:
    """Topics, ready to be looked for in many papers; made by `compile_topics`."""

    topics: tuple[_Topic, ...]

    def matches(self, paper: Paper) -> tuple[Match, ...]:
        """Returns the topics that fit the paper, in their order, each with the first hit per phrase and field.

        A paper fits when it carries one of the topic's categories, at least one include phrase stands in title or
        abstract, and no exclude phrase does. A paper without metadata fits nothing.
        """
        if paper.record is None:
            return ()
        record = paper.record
        carried = {*record.categories, record.primary_category}
        topics = [topic for topic in self.topics if topic.categories & carried]
        if not topics:
            return ()
        texts = (_text("title", record.title), _text("abstract", record.abstract))
        found = ((topic, _hits(topic.include, texts)) for topic in topics)
        return tuple(
            Match(paper.subject, topic.name, hits) for topic, hits in found if hits and not _hits(topic.exclude, texts)
        )


def compile_topics(topics: Sequence[Topic]) -> Matching:
    """Prepares topics for matching."""
    return Matching(
        tuple(
            _Topic(
                topic.name,
                frozenset(topic.categories),
                tuple(_phrase(written) for written in topic.include),
                tuple(_phrase(written) for written in topic.exclude),
            )
            for topic in topics
        )
    )


def _phrase(written: str) -> _Phrase:
    return _Phrase(
        written,
        tuple(_needed(spelling) for spelling in spellings(written)),
        re.compile(pattern(written), re.IGNORECASE),
    )


def _needed(spelling: str) -> tuple[frozenset[str], frozenset[str]]:
    """Returns the words a spelling consists of; the last may carry a plural ending."""
    *first, last = _WORDS.findall(spelling) or [""]
    return frozenset(first), frozenset((last, last + "s", last + "es") if last else ())


def _text(field: Literal["title", "abstract"], written: str) -> _Text:
    return _Text(field, written, set(_WORDS.findall(written.lower())))


def _hits(phrases: Sequence[_Phrase], texts: Sequence[_Text]) -> tuple[Hit, ...]:
    return tuple(
        Hit(phrase.written, text.field, found[0])
        for phrase in phrases
        for text in texts
        if phrase.possible(text.words) and (found := phrase.expression.search(text.written))
    )
