"""From margins to probabilities.

A model that is told to take both sides as equally heavy says nothing about how often a list accepts. So a curve of two
numbers (Platt's) is fitted on papers that came after those that a model was learnt from, weighted to the share that the list
really accepted. Two numbers, not an isotonic staircase: a month has ten accepted papers, and steps would tie what they rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING, Any

from harvester.editorial.learning.models import Role, fit
from harvester.editorial.learning.past import Example
from harvester.editorial.learning.words import Views

if TYPE_CHECKING:
    import numpy as np

_LATER = 0.4  # share of the accepted papers, the latest ones, that the curve is fitted on
_FEWEST = (10, 100)  # accepted and passed-over papers, on either side, without which there is nothing to fit


@dataclass(frozen=True, slots=True)
class Curve:
    """The probability is `1 / (1 + exp(-(slope * margin + offset)))`."""

    slope: float
    offset: float

    def probability(self, margin: float) -> float:
        """Returns the probability of a margin."""
        return _logistic(self.slope * margin + self.offset)


def later_curve(views: Views, examples: Sequence[Example], roles: Sequence[Role], share: float) -> Curve | None:
    """Fits a curve on the later papers with models of the earlier ones; None where there are too few of either."""
    days = sorted(example.on for example, role in zip(examples, roles, strict=True) if role == "accepted")
    cut = days[int(len(days) * (1 - _LATER))]
    earlier = [number for number, example in enumerate(examples) if example.on < cut]
    later = [number for number, example in enumerate(examples) if example.on >= cut and roles[number] != "rejected"]
    if any(_too_few([roles[number] for number in side]) for side in (earlier, later)):
        return None
    models = fit(views.rows(earlier), [roles[number] for number in earlier])
    return _fitted(models.margins(views.rows(later)), [roles[number] for number in later], share)


def level(margins: np.ndarray[Any, Any], weights: Sequence[float], share: float) -> Curve:
    """Shifts margins so that papers of these weights have `share` on average; the slope is left as it was learnt."""
    weighed = [(float(margin), weight) for margin, weight in zip(margins, weights, strict=True) if weight]
    total = sum(weight for _, weight in weighed)
    low, high = -50.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        mean = sum(weight * _logistic(margin + middle) for margin, weight in weighed) / total
        low, high = (middle, high) if mean < share else (low, middle)
    return Curve(1.0, round(low, 4))


def weights_of(roles: Sequence[Role], share: float) -> list[float]:
    """Weighs accepted papers to their share, the passed-over ones to the rest; a rejected one is of no stream."""
    accepted, passed = roles.count("accepted"), roles.count("passed")
    each = {"accepted": share / accepted, "passed": (1 - share) / passed, "rejected": 0.0}
    return [each[role] for role in roles]


def _too_few(roles: Sequence[Role]) -> bool:
    accepted, passed = roles.count("accepted"), roles.count("passed")
    return accepted < _FEWEST[0] or passed < _FEWEST[1]


def _fitted(margins: np.ndarray[Any, Any], roles: Sequence[Role], share: float) -> Curve:
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    accepted = np.array([role == "accepted" for role in roles])
    weights = np.array(weights_of(roles, share)) * accepted.sum() / share  # an accepted paper weighs one
    model = LogisticRegression(C=100.0, solver="lbfgs", tol=1e-8, max_iter=1000)
    model.fit(margins.reshape(-1, 1), accepted, sample_weight=weights)
    slope, offset = float(model.coef_[0][0]), float(model.intercept_[0])
    return Curve(round(max(slope, 0.1), 4), round(offset, 4))


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))
