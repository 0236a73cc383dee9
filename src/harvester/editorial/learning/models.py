"""What tells accepted papers from others: three voices, each linear, added up.

1. Two logistic regressions, one a view, averaged: they weigh the words and signs that part the papers at hand best.
2. The direction from the mean words of the other papers to those of accepted ones: it gives weight to all words of which
   accepted papers have more, and finds papers that say the same in other words.
3. What topics tell by themselves (`by_topics.py`): the editors' word, which no number of papers makes void.

Each voice is brought to the same spread over papers that were not accepted. The first two are learnt, and speak the louder
the more papers they are learnt from. A sum of linear models is one, and so are its reasons: what each word and sign adds
beside the average paper that was passed over. All of them and what that paper has are the log-odds of the score.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from harvester.editorial.learning.signs import LACKING, TOGETHER
from harvester.editorial.learning.words import Views
from harvester.scores import Reason

if TYPE_CHECKING:
    import numpy as np

Role = Literal["accepted", "rejected", "passed"]

# passed-over papers that one rejection weighs as much as; there is no list with recorded rejections to measure it on
REJECTION = 10.0
_LOOSENESS = (2.0, 1.0)  # C of the mixed and of the parted view
_DIRECTION = 0.5  # spread of the direction beside that of the regressions and that of the topics
_HALF = 10  # accepted papers at which what is learnt is as loud by half as it gets
ELSE = "all else"  # what words add, and topics of their own, that a paper lacks and others have: too many to be named
_FOR, _AGAINST = 5, 3  # reasons told
_LEAST = 0.05  # log-odds below which nothing is a reason


@dataclass(frozen=True, slots=True)
class Linear:
    """One model: what each column weighs, and the margin of a text without any."""

    weights: Any  # numpy array
    offset: float


@dataclass(frozen=True, slots=True)
class Models:
    """A model of the mixed view and one of the parted view; what topics tell is added to them as it is."""

    mixed: Linear
    parted: Linear
    usual: Views  # one row: the average paper that was passed over

    def margins(self, views: Views) -> np.ndarray[Any, Any]:
        """Returns the margin of each text, in log-odds that lack an offset and a slope (`probability.py`)."""
        import numpy as np

        return np.asarray(_margins(self.mixed, views.mixed) + _margins(self.parted, views.parted) + views.told)

    def told(self, views: Views, names: Sequence[Sequence[str]]) -> list[dict[str, float]]:
        """Returns by text what each word and sign adds to its margin beside the usual paper; `names` are the vocabulary's.

        What a text lacks and others have is named where it is one of `LACKING`, and else part of `ELSE`. All of it together
        is the margin less that of the usual paper.
        """
        usual = _by_name(self._weighed(self.usual), names, 0, float(self.usual.told[0]))
        whole, weighed = sum(usual.values()), self._weighed(views)
        return [
            _beside(usual, whole, _by_name(weighed, names, row, float(told))) for row, told in enumerate(views.told)
        ]

    def _weighed(self, views: Views) -> tuple[Any, ...]:
        pairs = ((views.mixed, self.mixed), (views.parted, self.parted))
        return (*(matrix.multiply(model.weights).tocsr() for matrix, model in pairs), views.shares)

    def reasons(self, views: Views, names: Sequence[Sequence[str]], slope: float) -> list[tuple[Reason, ...]]:
        """Returns the words and signs that weigh most in each text, in log-odds beside the usual paper."""
        return [_strongest(told, slope) for told in self.told(views, names)]


def fit(views: Views, roles: Sequence[Role]) -> Models:
    """Learns to tell accepted papers from the others; all of these together weigh as much as all of those."""
    import numpy as np

    accepted = np.array([role == "accepted" for role in roles])
    mixed, parted = (_fit(matrix, roles, c) for matrix, c in zip((views.mixed, views.parted), _LOOSENESS, strict=True))
    words = _direction(views, roles)
    learnt = _margins(mixed, views.mixed) + _margins(parted, views.parted)
    loud = _spread(views.told[~accepted]) * accepted.sum() / (accepted.sum() + _HALF)
    each = loud / _spread(learnt[~accepted])
    along = loud * _DIRECTION / _spread((views.mixed @ words)[~accepted])
    return Models(
        Linear(each * mixed.weights + along * words, each * mixed.offset),
        Linear(each * parted.weights, each * parted.offset),
        _mean(views.rows([number for number, role in enumerate(roles) if role == "passed"])),
    )


def _mean(views: Views) -> Views:
    import numpy as np
    from scipy import sparse

    matrices = (views.mixed, views.parted, views.shares)
    mixed, parted, shares = (sparse.csr_matrix(matrix.mean(axis=0)) for matrix in matrices)
    return Views(mixed, parted, np.array([views.told.mean()]), shares, views.words)


def _direction(views: Views, roles: Sequence[Role]) -> Any:
    """Returns the way from the mean words of other papers to those of accepted ones, in columns of the mixed view."""
    import numpy as np

    accepted = np.array([float(role == "accepted") for role in roles])
    other = np.array([{"accepted": 0.0, "passed": 1.0, "rejected": REJECTION}[role] for role in roles])
    way = views.mixed.T @ (accepted / accepted.sum() - other / other.sum())
    way[views.words :] = 0.0
    return way


def _spread(values: Any) -> float:
    """Returns the standard deviation; one where there is none, as where no topic hits anything."""
    return float(values.std()) or 1.0


def stacked(*parts: Views) -> Views:
    """Puts views below each other."""
    import numpy as np
    from scipy import sparse

    return Views(
        mixed=sparse.vstack([part.mixed for part in parts], format="csr"),
        parted=sparse.vstack([part.parted for part in parts], format="csr"),
        told=np.concatenate([part.told for part in parts]),
        shares=sparse.vstack([part.shares for part in parts], format="csr"),
        words=parts[0].words,
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


def _by_name(weighed: Sequence[Any], names: Sequence[Sequence[str]], row: int, told: float) -> dict[str, float]:
    """Adds up what stands in a row by its name, and what topics tell that none of them has a share in."""
    shares = weighed[-1]
    shared = float(shares.data[shares.indptr[row] : shares.indptr[row + 1]].sum())
    found: dict[str, float] = defaultdict(float, {TOGETHER: told - shared})
    for matrix, named in zip(weighed, names, strict=True):
        start, end = matrix.indptr[row], matrix.indptr[row + 1]
        for column, weight in zip(matrix.indices[start:end], matrix.data[start:end], strict=True):
            found[named[column]] += float(weight)
    return dict(found)


def _beside(usual: Mapping[str, float], whole: float, has: Mapping[str, float]) -> dict[str, float]:
    """Takes the usual paper from what a text has; `whole` is all that the usual one has."""
    found = {name: weight - usual.get(name, 0.0) for name, weight in has.items()}
    named = {f"no {name}": -usual[name] for name in LACKING if name in usual and name not in has}
    return {**found, **named, ELSE: sum(has.values()) - whole - sum(found.values()) - sum(named.values())}


def _strongest(told: Mapping[str, float], slope: float) -> tuple[Reason, ...]:
    reasons = (Reason(what, round(weight * slope, 2)) for what, weight in told.items() if what != ELSE)
    found = sorted(reasons, key=lambda one: (one.weight, one.what))
    against = [one for one in found[:_AGAINST] if one.weight <= -_LEAST]
    helping = [one for one in reversed(found[-_FOR:]) if one.weight >= _LEAST]
    return (*helping, *against)
