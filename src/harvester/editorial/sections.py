"""Which section of a list a paper belongs to, in three guesses.

Learnt from the list's own placements, with the sections themselves as prior: each is one paper more, made of its title, its
prose and the topics that the editors gave it, and weighs as much as five. So a section that is new or has three papers is
guessed by its name and topics, and one with fifty by its papers. Placements in sections that the list no longer has are
not learnt from, unless the new title is the old one with a word more, less, or spelt otherwise.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harvester.editorial.learning.past import Text
from harvester.scores import Guess as Guess

_GUESSES = 3
_AS_PAPERS = 5.0  # what a section by itself weighs
_TITLE, _ABSTRACT, _TOPICS = 1.5, 1.0, 1.0  # weights of the kinds of words
_LOOSENESS = 10.0  # C
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

    paths: tuple[str, ...]
    titles: Any  # TfidfVectorizer
    abstracts: Any
    topics: tuple[str, ...]
    model: Any  # LogisticRegression; None where there is one section or none

    def guess(self, texts: Sequence[Text], among: Iterable[str] | None = None) -> list[tuple[Guess, ...]]:
        """Returns the three most probable sections of each text, the first one first; `among` leaves out others."""
        if not texts or self.model is None:
            return [tuple(Guess(path, 1.0) for path in self.paths) for _ in texts]
        allowed = frozenset(self.paths if among is None else among)
        found = self.model.predict_proba(_matrix(self.titles, self.abstracts, self.topics, texts))
        paths = [str(path) for path in self.model.classes_]
        return [_best({path: float(p) for path, p in zip(paths, row, strict=True) if path in allowed}) for row in found]


def _best(probabilities: Mapping[str, float]) -> tuple[Guess, ...]:
    total = sum(probabilities.values()) or 1.0
    guesses = [Guess(path, round(probability / total, 3)) for path, probability in probabilities.items()]
    return tuple(sorted(guesses, key=lambda one: (-one.probability, one.section))[:_GUESSES])


def learn(shelves: Sequence[Shelf], placed: Iterable[tuple[Text, str]], topics: Sequence[str]) -> Sections:
    """Learns from placements (text and section path) in the sections that there are."""
    joined = Joined([shelf.path for shelf in shelves])
    known = [(text, path) for text, section in placed if (path := joined.find(section))]
    own = [(_as_text(shelf), shelf.path) for shelf in shelves]
    paths = tuple(shelf.path for shelf in shelves)
    if len(paths) < 2:
        return Sections(paths, None, None, tuple(topics), None)
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts = [text for text, _ in (*known, *own)]
    titles = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), stop_words="english")
    abstracts = TfidfVectorizer(
        sublinear_tf=True, ngram_range=(1, 2), stop_words="english", min_df=2 if len(known) > 20 else 1
    )
    titles.fit(text.title or "untitled" for text in texts)
    abstracts.fit(text.abstract or text.title or "untitled" for text in texts)
    model = LogisticRegression(C=_LOOSENESS, solver="lbfgs", tol=1e-6, max_iter=2000)
    model.fit(
        _matrix(titles, abstracts, topics, texts),
        [path for _, path in (*known, *own)],
        sample_weight=[1.0] * len(known) + [_AS_PAPERS] * len(own),
    )
    return Sections(paths, titles, abstracts, tuple(topics), model)


def _as_text(shelf: Shelf) -> Text:
    from harvester.editorial.learning.past import TopicHits

    return Text(shelf.words, shelf.words, hits=tuple(TopicHits(topic, 1, 4) for topic in shelf.topics))


def _matrix(titles: Any, abstracts: Any, topics: Sequence[str], texts: Sequence[Text]) -> Any:
    import numpy as np
    from scipy import sparse

    hits = np.zeros((len(texts), 2 * len(topics)))
    column = {topic: 2 * number for number, topic in enumerate(topics)}
    for row, text in zip(hits, texts, strict=True):
        for found in text.hits:
            if found.topic in column:
                row[column[found.topic]] = 2.0 * min(found.in_title, 1)
                row[column[found.topic] + 1] = np.log1p(found.in_abstract) / 1.5
    return sparse.hstack(
        [
            _TITLE * titles.transform(text.title for text in texts),
            _ABSTRACT * abstracts.transform(text.abstract for text in texts),
            sparse.csr_matrix(_TOPICS * hits),
        ],
        format="csr",
    )


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
