"""How likely a list is to accept a paper, with the reasons; learnt from what it accepted, rejected and passed over.

**Unlisted is not rejected.** What is learnt is the probability that *this list accepts the paper*, which can be observed,
and not whether it would deserve it, which cannot. Papers that came by and were not accepted within three weeks count as
passed over: all of them together weigh as much as all accepted ones, so that each says very little; a rejection says as
much as ten of them; younger ones say nothing yet. Scores are brought back to the list's true share of accepted papers
afterwards (`learning/probability.py`), on papers scored by models that have not learnt from them.

**Cold start.** With fewer than five accepted papers, topics alone tell (`learning/by_topics.py`). With an adopted list
alone, accepted papers are compared with whatever has come by, however young, and the share is taken to be one in twenty.

Everything is deterministic, and scores have four significant digits, so that machines agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from harvester.editorial.learning import by_topics
from harvester.editorial.learning.held_out import HeldOut, hold_out
from harvester.editorial.learning.models import Models, Role, fit, stacked
from harvester.editorial.learning.past import PATIENCE, Example, Past, Text
from harvester.editorial.learning.probability import Curve, fitted, level, weights_of
from harvester.editorial.learning.signs import read_signs
from harvester.editorial.learning.words import Matrix, Views, Vocabulary, read_vocabulary
from harvester.ids import Subject
from harvester.scores import Nearest as Nearest
from harvester.scores import Score as Score

FEWEST = 5  # accepted papers below which words are no guide
SAMPLE = 8_000  # passed-over papers that are learnt from; more changed no figure by more than its third digit
# of matching papers that are accepted, where nothing tells yet: one in a hundred seen, of which a fifth match
SHARE = 0.05
_COMPARED = 200  # passed-over papers below which younger ones are taken too
_SUREST, _LEAST = 0.9999, 1e-12
_NEAREST = 3
_ALIKE = 0.1  # cosine below which an accepted paper is not near


@dataclass(frozen=True, slots=True)
class Tried:
    """How the accepted papers that count for a threshold fared with models that had not learnt from them.

    A place is the share of the papers passed over that scored no less; `passed` are the scores of these by today's model.
    """

    places: tuple[float, ...] = ()
    passed: tuple[float, ...] = ()


class Ranker(Protocol):
    """What scores papers."""

    @property
    def tried(self) -> Tried:
        """How it did on papers that it was not shown; empty where there were too few."""

    @property
    def learnt_from(self) -> int:
        """The number of accepted papers that it learnt from; 0 where topics alone tell."""

    def scores(self, texts: Sequence[Text]) -> list[float]:
        """Returns the probability of each paper, to four significant digits."""

    def explained(self, texts: Sequence[Text]) -> list[Score]:
        """Returns the scores with their reasons."""


def learn(past: Past, topics: Sequence[str]) -> Ranker:
    """Learns from the past of one list; `topics` are those whose hits tell."""
    passed_over = past.passed_over
    known = passed_over if len(passed_over) >= _COMPARED else past.undecided
    if len(past.accepted) < FEWEST or not known:
        return ByTopics()
    others = _sample(known)
    against = (*past.rejected, *others)
    accepted_texts, other_texts = [one.text for one in past.accepted], [one.text for one in against]
    signs = read_signs(accepted_texts, other_texts, topics)
    vocabulary = read_vocabulary([*accepted_texts, *other_texts], signs)
    rows = stacked(vocabulary.views(accepted_texts, own=True), vocabulary.views(other_texts))
    counted: tuple[tuple[Role, int], ...] = (
        ("accepted", len(past.accepted)),
        ("rejected", len(past.rejected)),
        ("passed", len(others)),
    )
    roles = [role for role, number in counted for _ in range(number)]
    models = fit(rows, roles)
    margins = models.margins(rows)
    examples = (*past.accepted, *against)
    if any(one.met for one in past.accepted) and known is not past.undecided:
        share = _share(past)
        held_out = hold_out(rows, [one.subject for one in examples], roles)
        curve = fitted(held_out.margins, roles, share) if held_out else level(margins, weights_of(roles, share), share)
    else:  # what has come by holds papers that will be accepted, and nothing tells which
        held_out = None
        hit = [role == "passed" and bool(one.text.hits) for role, one in zip(roles, examples, strict=True)]
        whole = hit if any(hit) else [role == "passed" for role in roles]
        curve = level(margins, [float(one) for one in whole], SHARE)
    return Learnt(
        vocabulary,
        models,
        curve,
        tuple(one.subject for one in past.accepted),
        rows.mixed[: len(past.accepted)],
        _tried(held_out, examples, roles, [curve.probability(float(one)) for one in margins]),
    )


def _share(past: Past) -> float:
    """Returns the share of papers that the list accepts, of those that came by since it began and that it has had time for.

    What came by before its first paper was listed nobody judged: counted, it made the share of a list in its first half year
    too low by a quarter to a half. What came by in the last weeks counts on neither side: the accepted ones are known, and
    nothing tells yet who was passed over. Where too few are left to tell a share, all count.
    """
    began, until = min(one.on for one in past.accepted), past.day - PATIENCE
    accepted = sum(began <= one.met_on < until for one in past.accepted if one.met_on)
    others = sum(began <= one.met_on < until for one in (*past.passed_over, *past.rejected) if one.met_on)
    if accepted < FEWEST or others < _COMPARED:
        accepted = sum(one.met for one in past.accepted)
        others = len(past.passed_over) + len(past.rejected)
    return accepted / (accepted + others)


def _tried(held_out: HeldOut | None, examples: Sequence[Example], roles: Sequence[Role], now: Sequence[float]) -> Tried:
    if held_out is None:
        return Tried()
    counting = [role == "accepted" and one.brought for role, one in zip(roles, examples, strict=True)]
    passed = [role == "passed" for role in roles]
    scores = (significant(score) for score, over in zip(now, passed, strict=True) if over)
    return Tried(tuple(held_out.places(counting, passed)), tuple(scores))


def _sample(examples: Sequence[Example]) -> Sequence[Example]:
    """Takes papers as if at random, and the same ones on every machine and in every night."""
    if len(examples) <= SAMPLE:
        return examples
    drawn = sorted(examples, key=lambda one: hashlib.sha256(one.subject.encode()).digest())
    return drawn[:SAMPLE]


@dataclass(frozen=True, slots=True)
class ByTopics:
    """Scores papers of a list that has hardly accepted any."""

    learnt_from: int = 0
    tried: Tried = Tried()

    def scores(self, texts: Sequence[Text]) -> list[float]:
        """Returns what topics tell."""
        return [significant(by_topics.probability(text)) for text in texts]

    def explained(self, texts: Sequence[Text]) -> list[Score]:
        """Returns what topics tell, with the hits as reasons."""
        scored = zip(self.scores(texts), texts, strict=True)
        return [Score(score, by_topics.reasons(text)) for score, text in scored]


@dataclass(frozen=True, slots=True)
class Learnt:
    """Scores papers by their words and signs, and by what topics tell (`learning/models.py`)."""

    vocabulary: Vocabulary
    models: Models
    curve: Curve
    accepted: tuple[Subject, ...]
    accepted_rows: Matrix  # their mixed view
    tried: Tried = Tried()

    @property
    def learnt_from(self) -> int:
        """The number of accepted papers."""
        return len(self.accepted)

    def scores(self, texts: Sequence[Text]) -> list[float]:
        """Returns the probability of each paper."""
        return self._probabilities(self.vocabulary.views(texts)) if texts else []

    def _probabilities(self, views: Views) -> list[float]:
        return [significant(self.curve.probability(float(margin))) for margin in self.models.margins(views)]

    def explained(self, texts: Sequence[Text]) -> list[Score]:
        """Returns the scores with the words and signs that weigh most, and the accepted papers that are nearest."""
        if not texts:
            return []
        views = self.vocabulary.views(texts)
        reasons = self.models.reasons(views, self.vocabulary.names(), self.curve.slope)
        return [Score(*found) for found in zip(self._probabilities(views), reasons, self._nearest(views), strict=True)]

    def _nearest(self, views: Views) -> list[tuple[Nearest, ...]]:
        import numpy as np

        words = len(self.vocabulary.words())
        # by subject, so that which of equals is named does not depend on who was read first
        by_subject = np.argsort(np.array(self.accepted))
        alike = (views.mixed[:, :words] @ self.accepted_rows[by_subject, :words].T).toarray()
        order = np.argsort(-alike.round(4), axis=1, kind="stable")[:, :_NEAREST]
        return [
            tuple(
                Nearest(self.accepted[by_subject[column]], round(float(row[column]), 2))
                for column in columns
                if row[column] >= _ALIKE
            )
            for row, columns in zip(alike, order, strict=True)
        ]


def significant(probability: float) -> float:
    """Rounds to four significant digits; nothing is certain."""
    return float(f"{max(min(probability, _SUREST), _LEAST):.4g}")
