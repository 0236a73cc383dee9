"""From margins to probabilities: the share that a list accepts is kept, whatever the margins tell."""

from __future__ import annotations

import random

import numpy as np
import pytest

from harvester.editorial.learning.models import Role
from harvester.editorial.learning.probability import fitted, weights_of

SHARE = 0.02
ACCEPTED: Role = "accepted"
PASSED: Role = "passed"
ROLES = [ACCEPTED] * 40 + [PASSED] * 400


@pytest.mark.parametrize("apart", [2.0, 0.0, -2.0], ids=["they tell", "they tell nothing", "they tell the wrong way"])
def test_the_mean_probability_is_the_share(apart: float) -> None:
    dice = random.Random(1)
    margins = np.array([dice.gauss(apart if role == ACCEPTED else 0.0, 1.0) for role in ROLES])
    curve = fitted(margins, ROLES, SHARE)
    mean = sum(
        weight * curve.probability(float(margin))
        for margin, weight in zip(margins, weights_of(ROLES, SHARE), strict=True)
    )
    assert mean == pytest.approx(SHARE, rel=0.01)
    assert curve.probability(1.0) > curve.probability(0.0)
