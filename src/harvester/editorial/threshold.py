"""The score below which a list's candidates are not shown, from what the list itself accepted.

Each accepted paper is scored by a model that has not learnt from it (`learning/held_out.py`). What counts is not the score,
for each model has its own scale, but the place among the papers that were passed over: the share of them that score no
less. The threshold is tonight's score at the place that the wanted share of the accepted papers reaches.

Papers that a list held when it was adopted are learnt from, but do not count here: they are of other years than what comes
by. With few that count there is no threshold: one paper more or less would move it. Nor is there one before enough was
passed over to give places.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from harvester.editorial.learning.past import Past
from harvester.scores import Threshold

FEWEST = 50  # accepted papers that had come by
PASSED = 200  # papers that were passed over


def lacking(past: Past) -> str | None:
    """Says what a history lacks to tell a threshold; None where it has enough."""
    counts, passed = sum(one.brought for one in past.accepted), len(past.passed_over)
    if counts < FEWEST:
        return f"it takes {FEWEST} accepted papers that had come by, and there are {counts}"
    return f"it takes {PASSED} papers that were passed over, and there are {passed}" if passed < PASSED else None


def threshold_of(found: Sequence[float], passed: Sequence[float], recall: float) -> Threshold:
    """Returns the highest score that keeps `recall` of the places, where `passed` are the scores that places count among."""
    ordered = sorted(found)
    lost = min(floor((1 - recall) * len(ordered) + 1e-9), len(ordered) - 1)
    last = ordered[len(ordered) - 1 - lost]
    above = ceil(last * len(passed) - 1e-9)
    score = sorted(passed, reverse=True)[above] if above < len(passed) else 0.0
    return Threshold(score, sum(place <= last for place in ordered), len(ordered))
