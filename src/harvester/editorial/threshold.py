"""The score below which a list's candidates are not shown, from what the list itself accepted.

Every accepted paper that had come by gets the score of a model that has not seen it: the accepted papers are dealt into
parts, and each part is scored by what was learnt from the others. The threshold is the highest score that the wanted share
of them reaches. Papers that a list held when it was adopted are learnt from, but do not count here: they are of other years
than what comes by. With few that count there is no threshold: one paper more or less would move it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import floor

from harvester.editorial.learning.past import Example, Past
from harvester.editorial.rank import Ranker
from harvester.scores import Threshold

FEWEST = 50  # accepted papers that had come by
_PARTS = 3

Learn = Callable[[Past], Ranker]


def counting(past: Past) -> list[Example]:
    """Returns the accepted papers that tell what a threshold would keep: they came by and a topic brought them."""
    return [one for one in past.accepted if one.met and one.text.hits]


def unseen_scores(past: Past, learn: Learn) -> list[float]:
    """Scores each accepted paper that counts by what is learnt from other papers."""
    counts = {one.subject for one in counting(past)}
    found: list[float] = []
    for number in range(_PARTS):
        held_out = [one for one in past.accepted if _part(one) == number]
        rest = replace(past, accepted=tuple(one for one in past.accepted if _part(one) != number))
        texts = [one.text for one in held_out if one.subject in counts]
        found += learn(rest).scores(texts) if texts else []
    return found


def _part(one: Example) -> int:
    return hashlib.sha256(one.subject.encode()).digest()[0] % _PARTS


def threshold_of(scores: Sequence[float], recall: float) -> Threshold | None:
    """Returns the highest score that at least `recall` of the scores reach; None where there are too few to tell."""
    if len(scores) < FEWEST or recall >= 1:
        return None
    ordered = sorted(scores)
    lost = floor((1 - recall) * len(ordered) + 1e-9)
    score = ordered[min(lost, len(ordered) - 1)]
    return Threshold(score, sum(one >= score for one in ordered), len(ordered))
