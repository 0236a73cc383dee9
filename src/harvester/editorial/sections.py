"""Which section of a list a paper belongs to, in three guesses.

Four voices are added up, in log-odds: a regression on words and topics of the list's own placements; how near a paper is to
the mean of a section's papers; whether topics that the editors gave to the section stand in its title, and how often in its
abstract; and that a section without topics is where papers go that fit nowhere else. The editors' word is the same for all
sections, so that a section that is new or has three papers is guessed by its name and topics, and one with fifty by its
papers: each section is one paper more to learn from, made of its title, its prose and its topics, and weighs as much as
five. Placements in sections that the list no longer has are not learnt from, unless the new title is the old one with a
word more, less, or spelt otherwise.
"""

from __future__ import annotations

import difflib
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log1p
from typing import Any

from harvester.editorial.learning.past import Text
from harvester.scores import Guess as Guess

_GUESSES = 3
_AS_PAPERS = 5.0  # what a section by itself weighs
_TITLE, _ABSTRACT, _TOPICS = 1.5, 1.0, 0.5  # weights of the kinds of words in the regression
_LOOSENESS = 10.0  # C
_NEAR = 7.0  # log-odds of a paper whose words are those of the mean of a section, beside one with none of them
_IN_TITLE, _IN_ABSTRACT = 2.0, 1.0  # log-odds of a section's topics
_NO_TOPICS = -0.5  # of a section to which the editors gave none
_SOFTER = 0.6  # of the sum, for the voices say in part the same: brings probabilities to what comes of them
_FEW = 2  # papers of a section at which its mean is believed by half
_MANY = 20  # placements; below that a word of one abstract alone counts too
_LEAST = 1e-3  # probability that a regression leaves to any section
_SAME = 0.85  # likeness of two titles of which one is a slip of the other
_FOLD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A section as its editors describe it; `topics` are those whose papers belong there."""

    path: str
    words: str  # title and prose
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sections:
    """What suggests sections; made by `learn`."""

    shelves: tuple[Shelf, ...]
    words: _Words | None  # None where there is one section or none
    model: Any  # LogisticRegression
    means: Any  # numpy array: one row a section, the mean words of its papers, of length 1
    sure: Any  # numpy array: how far the mean of each section is to be believed, from 0 to 1

    def guess(self, texts: Sequence[Text], among: Iterable[str] | None = None) -> list[tuple[Guess, ...]]:
        """Returns the three most probable sections of each text, the first one first; `among` leaves out others."""
        if not texts or self.words is None:
            return [tuple(Guess(shelf.path, 1.0) for shelf in self.shelves) for _ in texts]
        import numpy as np

        allowed = frozenset(shelf.path for shelf in self.shelves) if among is None else frozenset(among)
        learnt = np.log(self.model.predict_proba(self.words.matrix(texts)) + _LEAST)
        column = {str(path): number for number, path in enumerate(self.model.classes_)}
        near = _NEAR * self._nearness(self.words.mixed.transform(_mixed(text) for text in texts))
        found = []
        for row, text in enumerate(texts):
            odds = {
                shelf.path: _SOFTER * (learnt[row, column[shelf.path]] + near[row, number] + _told(shelf, text))
                for number, shelf in enumerate(self.shelves)
                if shelf.path in allowed
            }
            found.append(_best(odds))
        return found

    def _nearness(self, mixed: Any) -> Any:
        """Returns how near each text is to each section; what few papers tell is drawn to the middle of all sections."""
        near = mixed @ self.means.T
        return self.sure * near + (1 - self.sure) * near.mean(axis=1, keepdims=True)


def _told(shelf: Shelf, text: Text) -> float:
    """Returns what the editors' topics of a section say about a paper."""
    if not shelf.topics:
        return _NO_TOPICS
    hits = [hit for hit in text.hits if hit.topic in shelf.topics]
    in_title = any(hit.in_title for hit in hits)
    return _IN_TITLE * in_title + _IN_ABSTRACT * log1p(sum(hit.in_abstract for hit in hits))


def _best(odds: Mapping[str, float]) -> tuple[Guess, ...]:
    """Turns log-odds into probabilities, and returns the highest ones."""
    highest = max(odds.values(), default=0.0)
    shares = {path: exp(one - highest) for path, one in odds.items()}
    total = sum(shares.values())
    rounded = [(round(1000 * share / total), path) for path, share in shares.items()]
    best = sorted(rounded, key=lambda one: (-one[0], one[1]))[:_GUESSES]
    # all three may have been rounded up; the last one that has as much gives it back
    excess = max(sum(part for part, _ in best) - 1000, 0)
    giving = max((place for place, (part, _) in enumerate(best) if part >= excess), default=0)
    return tuple(Guess(path, (part - excess * (place == giving)) / 1000) for place, (part, path) in enumerate(best))


def learn(shelves: Sequence[Shelf], placed: Iterable[tuple[Text, str]], topics: Sequence[str]) -> Sections:
    """Learns from placements (text and section path) in the sections that there are."""
    if len(shelves) < 2:
        return Sections(tuple(shelves), None, None, None, None)
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    joined = Joined([shelf.path for shelf in shelves])
    known = [(text, path) for text, section in placed if (path := joined.find(section))]
    own = [(_as_text(shelf), shelf.path) for shelf in shelves]
    texts, paths = [text for text, _ in (*known, *own)], [path for _, path in (*known, *own)]
    words = _read_words(texts, topics, 2 if len(known) > _MANY else 1)
    model = LogisticRegression(C=_LOOSENESS, class_weight="balanced", solver="lbfgs", tol=1e-6, max_iter=2000)
    with (
        warnings.catch_warnings()
    ):  # more sections than papers look to scikit-learn like numbers that someone mislabelled
        warnings.filterwarnings("ignore", "The number of unique classes", UserWarning)
        model.fit(words.matrix(texts), paths, sample_weight=[1.0] * len(known) + [_AS_PAPERS] * len(own))
    papers = np.array([sum(path == shelf.path for _, path in known) for shelf in shelves])
    return Sections(tuple(shelves), words, model, _means(words, texts, paths, shelves), papers / (papers + _FEW))


def _means(words: _Words, texts: Sequence[Text], paths: Sequence[str], shelves: Sequence[Shelf]) -> Any:
    import numpy as np

    mixed = words.mixed.transform(_mixed(text) for text in texts)
    at = np.array(paths)
    means = np.vstack([np.asarray(mixed[at == shelf.path].mean(axis=0)) for shelf in shelves])
    length = np.linalg.norm(means, axis=1, keepdims=True)
    return means / np.where(length > 0, length, 1.0)  # a name may be of words that tell nothing, such as "Others"


@dataclass(frozen=True, slots=True)
class _Words:
    """What turns texts into numbers."""

    titles: Any  # TfidfVectorizer, as the others
    abstracts: Any
    mixed: Any  # of both together
    topics: tuple[str, ...]

    def matrix(self, texts: Sequence[Text]) -> Any:
        """Returns one row a text: words of the title, words of the abstract, topics."""
        from scipy import sparse

        return sparse.hstack(
            [
                _TITLE * self.titles.transform(text.title for text in texts),
                _ABSTRACT * self.abstracts.transform(text.abstract for text in texts),
                sparse.csr_matrix(_TOPICS * _hits(texts, self.topics)),
            ],
            format="csr",
        )


def _read_words(texts: Sequence[Text], topics: Sequence[str], rare: int) -> _Words:
    """Learns the words of texts; of an abstract those that stand in `rare` of them."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    titles, mixed = (TfidfVectorizer(sublinear_tf=True, stop_words="english") for _ in range(2))
    abstracts = TfidfVectorizer(sublinear_tf=True, stop_words="english", min_df=rare)
    return _Words(
        _fitted(titles, [text.title for text in texts]),
        _fitted(abstracts, [text.abstract or text.title for text in texts]),
        _fitted(mixed, [_mixed(text) for text in texts]),
        tuple(topics),
    )


def _fitted(words: Any, texts: Sequence[str]) -> Any:
    """Learns the words of texts; where they have none, or none that stands in enough of them, words say nothing."""
    try:
        return words.fit(texts)
    except ValueError:  # of texts it says nothing else: sections may be named "A" and "B", or "Others" and "More"
        return words.set_params(min_df=1).fit(["untitled"])


def _mixed(text: Text) -> str:
    return f"{text.title} {text.title} {text.abstract}"


def _as_text(shelf: Shelf) -> Text:
    from harvester.editorial.learning.past import TopicHits

    return Text(shelf.words, shelf.words, hits=tuple(TopicHits(topic, 1, 4) for topic in shelf.topics))


def _hits(texts: Sequence[Text], topics: Sequence[str]) -> Any:
    import numpy as np

    hits = np.zeros((len(texts), 2 * len(topics)))
    column = {topic: 2 * number for number, topic in enumerate(topics)}
    for row, text in zip(hits, texts, strict=True):
        for found in text.hits:
            if found.topic in column:
                row[column[found.topic]] = 2.0 * min(found.in_title, 1)
                row[column[found.topic] + 1] = np.log1p(found.in_abstract) / 1.5
    return hits


@dataclass(frozen=True, slots=True)
class Joined:
    """Titles of sections that are one: the same words, words more or less, or a slip."""

    paths: Sequence[str]

    def find(self, section: str) -> str | None:
        """Returns the section that is meant; None where there is none."""
        if section in self.paths:
            return section
        words = _words(section)
        alike = [path for path in self.paths if words and (words <= _words(path) or _words(path) <= words)]
        if len(alike) == 1:
            return alike[0]
        near = difflib.get_close_matches(section, self.paths, n=1, cutoff=_SAME)
        return near[0] if near else None


def _words(title: str) -> frozenset[str]:
    return frozenset(_FOLD.findall(title.casefold()))
