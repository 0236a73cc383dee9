"""Topics over papers, with the evidence.

All forms of all phrases are looked for in one pass (Aho-Corasick) over the text in lower case, with hyphens and line
breaks as spaces; what is found inside a word does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from harvester.curated.likeness import folded
from harvester.ids import find_repos
from harvester.phrases import BETWEEN, accepted
from harvester.records import Hit, Match, Paper, PaperRecord
from harvester.topics import Topic

Place = Literal["title", "abstract"]

_SPACED = {ord(char): " " for char in BETWEEN}
_SPACES = re.compile("  +")
_Spans = dict[int, tuple[int, int]]  # by phrase: where its first form begins and ends


class _Automaton(Protocol):
    def find_matches_as_indexes(self, haystack: str, overlapping: bool = False) -> list[tuple[int, int, int]]: ...


@dataclass(frozen=True, slots=True)
class _Topic:
    """A topic with its phrases as numbers."""

    name: str
    categories: frozenset[str]
    include: tuple[int, ...]
    any_of: frozenset[int]  # the same
    exclude: frozenset[int]
    require: tuple[frozenset[int], ...]
    at_least: int
    authors: Mapping[frozenset[str], str]  # by the words of a name, the name as written
    code: bool


@dataclass(frozen=True, slots=True)
class Matching:
    """Topics, ready to be looked for in many papers; made by `compile_topics`."""

    topics: tuple[_Topic, ...]
    phrases: tuple[str, ...]
    automaton: _Automaton
    meant: tuple[tuple[int, ...], ...]  # by form: the phrases it is a form of
    has_authors: bool

    def matches(self, paper: Paper) -> tuple[Match, ...]:
        """Returns the topics that fit the paper, in their order, each with the first hit per phrase and field.

        A paper fits when it carries one of the topic's categories, enough include phrases stand in title or abstract, each
        at a place of its own (or a known author wrote it), one of each required group does, and no exclude phrase; and when
        it links code, where the topic asks for that. A paper without metadata fits nothing.
        """
        record = paper.record
        if record is None:
            return ()
        found = {place: self._found(text) for place, text in (("title", record.title), ("abstract", record.abstract))}
        both = found["title"].keys() | found["abstract"].keys()
        if not both and not self.has_authors:
            return ()
        carried = {*record.categories, record.primary_category}
        return tuple(
            Match(paper.subject, topic.name, hits)
            for topic in self.topics
            if not topic.categories.isdisjoint(carried) and (hits := self._hits(topic, record, found, both))
        )

    def _hits(self, topic: _Topic, record: PaperRecord, found: Mapping[str, _Spans], both: set[int]) -> tuple[Hit, ...]:
        """Returns the evidence; none where the topic does not fit."""
        standing = topic.any_of & both
        enough = len(standing) >= topic.at_least
        authors = _known_authors(topic, record) if topic.authors else ()
        if not (enough or authors) or not topic.exclude.isdisjoint(both):
            return ()
        if any(group.isdisjoint(both) for group in topic.require) or (topic.code and not _links_code(record)):
            return ()
        if topic.at_least > 1 and not authors and not self._stand_apart(standing, topic.at_least, record):
            return ()
        places: tuple[tuple[Place, str], ...] = (("title", record.title), ("abstract", record.abstract))
        told = (
            Hit(self.phrases[number], place, text[slice(*found[place][number])])
            for number in topic.include
            for place, text in places
            if number in found[place]
        )
        return (*told, *authors)

    def _stand_apart(self, phrases: frozenset[int], least: int, record: PaperRecord) -> bool:
        """Tells whether so many of the phrases stand at places that do not overlap: one place is no two signs."""
        ends = {frozenset[int](): 0}  # by the phrases that have a place: where the last one ends, at the earliest
        for text in (record.title, record.abstract):
            low = _SPACES.sub(" ", _lowered(text))
            places = sorted(
                (end, start, number)
                for form, start, end in self._places(low)
                for number in phrases.intersection(self.meant[form])
            )
            for end, start, number in places:
                for placed, last in [*ends.items()]:
                    if last <= start and number not in placed:
                        more = placed | {number}
                        ends[more] = min(end, ends.get(more, end))
                        if len(more) >= least:
                            return True
            ends = dict.fromkeys(ends, 0)
        return False

    def _found(self, text: str) -> _Spans:
        """Finds the phrases of a text; of several forms at one place the longest counts."""
        low = _lowered(text)
        if "  " in low:
            return self._found_spaced(low)
        return self._spans(low)

    def _found_spaced(self, low: str) -> _Spans:
        """Finds phrases where several spaces stand together, as if one did, and tells where in the text they stand."""
        parts: list[str] = []
        origin: list[int] = []  # by place in the joined text: its place in this one
        end = 0
        for run in _SPACES.finditer(low):
            parts.append(low[end : run.start() + 1])
            origin += range(end, run.start() + 1)
            end = run.end()
        parts.append(low[end:])
        origin += range(end, len(low) + 1)
        return {
            number: (origin[start], origin[stop - 1] + 1)
            for number, (start, stop) in self._spans("".join(parts)).items()
        }

    def _spans(self, low: str) -> _Spans:
        found: _Spans = {}
        for form, start, end in self._places(low):
            for number in self.meant[form]:
                before = found.get(number)
                if before is None or start < before[0] or (start == before[0] and end > before[1]):
                    found[number] = (start, end)
        return found

    def _places(self, low: str) -> Iterator[tuple[int, int, int]]:
        """Yields each form that stands there as words of its own, with its place; places may overlap."""
        for form, start, end in self.automaton.find_matches_as_indexes(low, overlapping=True):
            if (start and _goes_on(low, start)) or (end < len(low) and _in_word(low[end])):
                continue
            yield form, start, end


def _lowered(text: str) -> str:
    """Returns the text in lower case, as long as it was, with a space for whatever may stand between words."""
    low = text.lower()
    if len(low) != len(text):  # a few letters become two in lower case; offsets must stay
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return low.translate(_SPACED)


def _goes_on(low: str, start: int) -> bool:
    """Tells whether a word or a number goes on at a place: "8-bit" is not in "1.8-bit"."""
    before = low[start - 1]
    return _in_word(before) or (before == "." and low[start].isdigit() and low[start - 2 : start - 1].isdigit())


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _known_authors(topic: _Topic, record: PaperRecord) -> tuple[Hit, ...]:
    written = {frozenset(folded(author).replace(".", " ").split()): author for author in record.authors}
    return tuple(Hit(name, "authors", written[words]) for words, name in topic.authors.items() if words in written)


def _links_code(record: PaperRecord) -> bool:
    return any(True for text in (record.abstract, record.comment or "") for _ in find_repos(text))


def compile_topics(topics: Sequence[Topic]) -> Matching:
    """Prepares topics for matching."""
    from ahocorasick_rs import AhoCorasick, Implementation

    words = {phrase: topic.words for topic in topics for phrase in topic.phrases}
    number = {phrase: n for n, phrase in enumerate(words)}
    forms: dict[str, list[int]] = {}
    for phrase, n in number.items():
        for form in accepted(phrase, words[phrase]):
            forms.setdefault(form, []).append(n)

    def numbers(phrases: Iterable[str]) -> tuple[int, ...]:
        return tuple(number[phrase] for phrase in dict.fromkeys(phrases))

    compiled = tuple(
        _Topic(
            name=topic.name,
            categories=frozenset(topic.categories),
            include=numbers(topic.include),
            any_of=frozenset(numbers(topic.include)),
            exclude=frozenset(numbers(topic.exclude)),
            require=tuple(frozenset(numbers(group)) for group in topic.require),
            at_least=topic.at_least,
            authors={frozenset(folded(name).replace(".", " ").split()): name for name in topic.authors},
            code=topic.code,
        )
        for topic in topics
    )
    automaton = AhoCorasick(forms, implementation=Implementation.DFA)  # three times as fast, for some milliseconds
    has_authors = any(topic.authors for topic in topics)
    return Matching(compiled, tuple(number), automaton, tuple(map(tuple, forms.values())), has_authors)
