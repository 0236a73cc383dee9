"""Texts as numbers: one vocabulary for titles and abstracts, learnt from the past alone.

Two views of a text are made, and the models of both are averaged: in one the title counts twice and is mixed with the
abstract, in the other each is weighed by itself. Both get the same signs (`signs.py`). Pairs of words were tried and
brought nothing that single words with the signs do not bring, at three times the cost; so did categories, which did harm:
sources name them more or less fully, and a model learns the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harvester.editorial.learning import by_topics
from harvester.editorial.learning.past import Text
from harvester.editorial.learning.signs import Signs

if TYPE_CHECKING:
    import numpy as np

Matrix = Any  # of scipy.sparse, one row a text

_TITLE = 0.7  # weight of the title's words beside the abstract's, where each is normalised
_FEW = 50  # texts; below that a word of one text alone counts too


@dataclass(frozen=True, slots=True)
class Views:
    """The two views of some texts."""

    mixed: Matrix
    parted: Matrix
    told: np.ndarray[Any, Any]  # by text: what topics tell by themselves, in log-odds above a text without any
    shares: Matrix  # of `told`: by topic, and last by the theme
    words: int  # columns of the mixed view, the first ones, that are words

    def rows(self, chosen: Sequence[int]) -> Views:
        """Returns the views of some of the texts."""
        return Views(self.mixed[chosen], self.parted[chosen], self.told[chosen], self.shares[chosen], self.words)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What turns texts into numbers; made by `read_vocabulary`."""

    counter: Any  # CountVectorizer
    weighing: tuple[Any, Any, Any]  # TfidfTransformer of title and abstract together, of titles, of abstracts
    signs: Signs

    def views(self, texts: Sequence[Text], own: bool = False) -> Views:
        """Returns both views; `own` texts are accepted ones, whose authors do not vouch for themselves."""
        import numpy as np
        from scipy import sparse

        titles, abstracts = _counts(self.counter, texts)
        signs = sparse.csr_matrix(self.signs.of(texts, own))
        together, title, abstract = self.weighing
        return Views(
            mixed=sparse.hstack([together.transform(2 * titles + abstracts), signs], format="csr"),
            parted=sparse.hstack(
                [_TITLE * title.transform(titles), abstract.transform(abstracts), signs], format="csr"
            ),
            told=np.array([by_topics.odds(text) for text in texts]),
            shares=self._shares(texts),
            words=titles.shape[1],
        )

    def _shares(self, texts: Sequence[Text]) -> Matrix:
        from scipy import sparse

        column = {name: number for number, name in enumerate(self.names()[2])}
        found = sparse.lil_matrix((len(texts), len(column)))
        for row, text in enumerate(texts):
            for name, share in by_topics.shares(text).items():
                if name in column:  # other lists have topics, too
                    found[row, column[name]] = share
        return found.tocsr()

    def names(self) -> tuple[list[str], list[str], list[str]]:
        """Returns the reasons that the columns of both views and of the shares are part of; words of a title are words."""
        words, signs = self.words(), self.signs.names
        shares = [by_topics.TOPIC + topic for topic in self.signs.topics] + [by_topics.THEME]
        return [*words, *signs], [*words, *words, *signs], shares

    def words(self) -> list[str]:
        """Returns the words that the first columns of both views stand for."""
        return [str(word) for word in self.counter.get_feature_names_out()]


def read_vocabulary(texts: Sequence[Text], signs: Signs) -> Vocabulary:
    """Learns the words that occur in two texts at least, and how rare they are."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

    rare = 2 if len(texts) > _FEW else 1
    counter = CountVectorizer(stop_words="english", min_df=rare, token_pattern=r"(?u)\b\w\w+\b")
    counter.fit(f"{text.title} . {text.abstract}" for text in texts)
    titles, abstracts = _counts(counter, texts)
    together, title, abstract = (
        TfidfTransformer(sublinear_tf=True).fit(counts) for counts in (2 * titles + abstracts, titles, abstracts)
    )
    return Vocabulary(counter, (together, title, abstract), signs)


def _counts(counter: Any, texts: Sequence[Text]) -> tuple[Matrix, Matrix]:
    titles = counter.transform(text.title for text in texts)
    return titles, counter.transform(text.abstract for text in texts)
