"""From margins to probabilities.

A model that is told to take both sides as equally heavy says nothing about how often a list accepts. So a curve of two
numbers (Platt's) is fitted on the margins that papers get from models that have not learnt from them, weighted to the share
that the list really accepted. Two numbers, not an isotonic staircase: a month has ten accepted papers, and steps would tie
what they rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING, Any

from harvester.editorial.learning.models import Role

if TYPE_CHECKING:
    import numpy as np

_FLAT = 0.1  # least slope


@dataclass(frozen=True, slots=True)
class Curve:
    """The probability is `1 / (1 + exp(-(slope * margin + offset)))`."""

    slope: float
    offset: float

    def probability(self, margin: float) -> float:
        """Returns the probability of a margin."""
        return _logistic(self.slope * margin + self.offset)


def level(margins: np.ndarray[Any, Any], weights: Sequence[float], share: float, slope: float = 1.0) -> Curve:
    """Shifts margins so that papers of these weights have `share` on average; the slope is left as it is."""
    weighed = [(slope * float(margin), weight) for margin, weight in zip(margins, weights, strict=True) if weight]
    total = sum(weight for _, weight in weighed)
    low, high = -50.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        mean = sum(weight * _logistic(margin + middle) for margin, weight in weighed) / total
        low, high = (middle, high) if mean < share else (low, middle)
    return Curve(slope, round(low, 4))


def weights_of(roles: Sequence[Role], share: float) -> list[float]:
    """Weighs accepted papers to their share, all others to the rest."""
    accepted = roles.count("accepted")
    other = (1 - share) / (len(roles) - accepted)
    return [share / accepted if role == "accepted" else other for role in roles]


def fitted(margins: np.ndarray[Any, Any], roles: Sequence[Role], share: float) -> Curve:
    """Fits a curve on margins of papers that were held out (`held_out.py`), accepted ones weighted to their share.

    Where the margins tell hardly anything, or the wrong way round, it is nearly flat: order and share are kept.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    accepted = np.array([role == "accepted" for role in roles])
    shares = weights_of(roles, share)
    weights = np.array(shares) * accepted.sum() / share  # an accepted paper weighs one
    model = LogisticRegression(C=100.0, solver="lbfgs", tol=1e-8, max_iter=1000)
    model.fit(margins.reshape(-1, 1), accepted, sample_weight=weights)
    slope, offset = float(model.coef_[0][0]), float(model.intercept_[0])
    return Curve(round(slope, 4), round(offset, 4)) if slope > _FLAT else level(margins, shares, share, _FLAT)


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))
