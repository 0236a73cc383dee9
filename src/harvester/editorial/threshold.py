"""The score below which a list's candidates are not shown, from what the list itself accepted.

The accepted papers are dealt into parts, and each part is scored by a model that has learnt from the others alone. What
counts is not the score, for each model has its own scale, but the place among the papers that were passed over: the share of
them that score no less. The threshold is tonight's score at the place that the wanted share of the accepted papers reaches.

Papers that a list held when it was adopted are learnt from, but do not count here: they are of other years than what comes
by. With few that count there is no threshold: one paper more or less would move it. Nor is there one before enough was
passed over to give places.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import ceil, floor

from harvester.editorial.learning.past import Example, Past
from harvester.editorial.rank import Ranker
from harvester.scores import Threshold

FEWEST = 50  # accepted papers that had come by
PASSED = 200  # papers that were passed over
_PARTS = 3
_PLACES = 2_000  # passed-over papers that places are counted among

Learn = Callable[[Past], Ranker]


def counting(past: Past) -> list[Example]:
    """Returns the accepted papers that tell what a threshold would keep: they came by and a topic brought them."""
    return [one for one in past.accepted if one.met and one.text.hits]


def lacking(past: Past) -> str | None:
    """Says what a history lacks to tell a threshold; None where it has enough."""
    counts, passed = len(counting(past)), len(past.passed_over)
    if counts < FEWEST:
        return f"it takes {FEWEST} accepted papers that had come by, and there are {counts}"
    return f"it takes {PASSED} papers that were passed over, and there are {passed}" if passed < PASSED else None


def find_threshold(past: Past, tonight: Ranker, learn: Learn, recall: float) -> Threshold:
    """Finds the threshold of a list whose history lacks nothing."""
    passed = sorted(past.passed_over, key=_lot)[:_PLACES]
    found = unseen_places(past, passed, learn)
    return threshold_of(found, tonight.scores([one.text for one in passed]), recall)


def unseen_places(past: Past, passed: Sequence[Example], learn: Learn) -> list[float]:
    """Returns the place of each accepted paper that counts, by what is learnt from other accepted papers."""
    counts = {one.subject for one in counting(past)}
    found: list[float] = []
    for number in range(_PARTS):
        held_out = [one for one in past.accepted if _part(one) == number and one.subject in counts]
        rest = replace(past, accepted=tuple(one for one in past.accepted if _part(one) != number))
        if held_out:
            ranker = learn(rest)
            others = ranker.scores([one.text for one in passed])
            found += places(ranker.scores([one.text for one in held_out]), others)
    return found


def places(scores: Iterable[float], others: Sequence[float]) -> list[float]:
    """Returns, for each score, the share of the others that are no lower."""
    return [sum(other >= score for other in others) / len(others) for score in scores]


def threshold_of(found: Sequence[float], passed: Sequence[float], recall: float) -> Threshold:
    """Returns the highest score that keeps `recall` of the places, where `passed` are the scores that places count among."""
    ordered = sorted(found)
    lost = min(floor((1 - recall) * len(ordered) + 1e-9), len(ordered) - 1)
    last = ordered[len(ordered) - 1 - lost]
    above = ceil(last * len(passed) - 1e-9)
    score = sorted(passed, reverse=True)[above] if above < len(passed) else 0.0
    return Threshold(score, sum(place <= last for place in ordered), len(ordered))


def _lot(one: Example) -> bytes:
    """Orders papers as if at random, and in the same way on every machine and in every night."""
    return hashlib.sha256(one.subject.encode()).digest()


def _part(one: Example) -> int:
    return _lot(one)[0] % _PARTS
