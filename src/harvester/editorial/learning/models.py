"""Two logistic regressions, one a view, and their average."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from harvester.editorial.learning.reasons import Reason
from harvester.editorial.learning.words import Views

if TYPE_CHECKING:
    import numpy as np

Role = Literal["accepted", "rejected", "passed"]

REJECTION = (
    10.0  # passed-over papers that one rejection weighs as much as; no list with recorded rejections to measure it on
)
_LOOSENESS = (2.0, 1.0)  # C of the mixed and of the parted view
_FOR, _AGAINST = 5, 3  # reasons told


@dataclass(frozen=True, slots=True)
class Linear:
    """One model: what each column weighs, and the margin of a text without any."""

    weights: Any  # numpy array
    offset: float


@dataclass(frozen=True, slots=True)
class Models:
    """A model of the mixed view and one of the parted view."""

    mixed: Linear
    parted: Linear

    def margins(self, views: Views) -> np.ndarray[Any, Any]:
        """Returns the average margin of each text: above zero where it looks accepted."""
        import numpy as np

        both = [_margins(self.mixed, views.mixed), _margins(self.parted, views.parted)]
        return np.asarray(sum(both) / 2)

    def reasons(
        self, views: Views, words: Sequence[str], signs: Sequence[str], slope: float
    ) -> list[tuple[Reason, ...]]:
        """Returns the words and signs that weigh most in each text; a word of the title counts as that word."""
        names = ([*words, *signs], [*words, *words, *signs])
        weighed = [
            matrix.multiply(model.weights * slope / 2).tocsr()
            for matrix, model in ((views.mixed, self.mixed), (views.parted, self.parted))
        ]
        return [_strongest(weighed, names, row) for row in range(views.mixed.shape[0])]


def fit(views: Views, roles: Sequence[Role]) -> Models:
    """Learns to tell accepted papers from the others; all of these together weigh as much as all of those."""
    return Models(*(_fit(matrix, roles, c) for matrix, c in zip((views.mixed, views.parted), _LOOSENESS, strict=True)))


def stacked(*parts: Views) -> Views:
    """Puts views below each other."""
    from scipy import sparse

    return Views(
        mixed=sparse.vstack([part.mixed for part in parts], format="csr"),
        parted=sparse.vstack([part.parted for part in parts], format="csr"),
    )


def _fit(matrix: Any, roles: Sequence[Role], looseness: float) -> Linear:
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    counted = Counter(roles)
    against = counted["passed"] + REJECTION * counted["rejected"]
    total = len(roles) / 2
    each = {"accepted": total / counted["accepted"], "passed": total / against, "rejected": REJECTION * total / against}
    accepted = np.array([role == "accepted" for role in roles])
    model = LogisticRegression(C=looseness, solver="liblinear", dual=False, tol=1e-5, max_iter=300, random_state=0)
    model.fit(matrix, accepted, sample_weight=np.array([each[role] for role in roles]))
    return Linear(model.coef_[0], float(model.intercept_[0]))


def _margins(model: Linear, matrix: Any) -> Any:
    return matrix @ model.weights + model.offset


def _strongest(weighed: Sequence[Any], names: Sequence[Sequence[str]], row: int) -> tuple[Reason, ...]:
    total: dict[str, float] = defaultdict(float)
    for matrix, named in zip(weighed, names, strict=True):
        start, end = matrix.indptr[row], matrix.indptr[row + 1]
        for column, weight in zip(matrix.indices[start:end], matrix.data[start:end], strict=True):
            total[named[column]] += float(weight)
    found = sorted(
        (Reason(what, round(weight, 2)) for what, weight in total.items()), key=lambda one: (one.weight, one.what)
    )
    against = [one for one in found[:_AGAINST] if one.weight <= -0.05]
    helping = [one for one in reversed(found[-_FOR:]) if one.weight >= 0.05]
    return (*helping, *against)
