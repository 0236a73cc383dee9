"""How good an order is: the measures, and how sure they are.

Intervals (95%) of an order are bootstrap intervals: papers are drawn anew with replacement, within each month, and
everything is measured again. The past is not drawn anew: they tell how much the papers at hand matter, not how much those
learnt from do. Those of plain shares are Wilson's: drawn anew, 39 of 39 are always 39 of 39, which is not that certain.

Papers of one score have no order: a measure is its mean over orders that chance gives them. Topics alone tie most papers,
and would owe their figures to the numbers of the papers otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, sqrt
from statistics import mean
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

DRAWS = 500
_ORDERS = 25  # of papers of one score
BEST = 20  # of a month, as many as a maintainer looks at
_SURE = 1.959964  # standard deviations on either side that hold 95% of a normal distribution
_ENOUGH = 0.95  # of the accepted papers
_EDGES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Scored:
    """The papers of one month, with the scores that they got and whether they were accepted."""

    month: str
    scores: Sequence[float]
    accepted: Sequence[bool]
    days: Sequence[date]


@dataclass(frozen=True, slots=True)
class Bin:
    """The papers whose score lies in [low, high): how many, what the scores promise on average, and what came of it."""

    low: float
    high: float
    papers: int
    promised: float
    accepted: float


class _Month:
    """A month in the order of its scores, as arrays; chance orders papers of one score."""

    def __init__(self, scored: Scored, dice: np.random.Generator) -> None:
        import numpy as np

        order = np.lexsort((dice.permutation(len(scored.scores)), -np.asarray(scored.scores)))
        self.scores = np.asarray(scored.scores)[order]
        self.accepted = np.asarray(scored.accepted, dtype=float)[order]
        days = np.unique([day.toordinal() for day in scored.days], return_inverse=True)[1][order]
        self.place = _places(days)  # of each paper among those of its day, from 1
        self.days = len(set(scored.days))


_Counts = Sequence["np.ndarray[Any, Any]"]  # of each paper of each month, how often it was drawn


def measures(months: Sequence[Scored], seed: int) -> dict[str, Figure]:
    """Measures an order; `months` hold at least one accepted paper each."""
    import numpy as np

    dice = np.random.default_rng(seed)
    orders = [[_Month(month, dice) for month in months] for _ in range(_ORDERS)]
    once = [np.ones(len(month.scores)) for month in months]
    draws = [(orders[turn % _ORDERS], [_drawn(dice, len(each)) for each in once]) for turn in range(DRAWS)]
    return {
        name: _figure(mean(measure(one, once) for one in orders), [measure(*drawn) for drawn in draws])
        for name, measure in _MEASURES.items()
    }


def share_figure(hits: Sequence[bool]) -> Figure:
    """Measures a share of papers, at least one, with the score interval.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", J. Am. Stat. Assoc. 22 (1927).
    """
    papers, share = len(hits), sum(hits) / len(hits)
    middle = share + _SURE**2 / (2 * papers)
    width = _SURE * sqrt(share * (1 - share) / papers + _SURE**2 / (4 * papers**2))
    low, high = ((middle + side) / (1 + _SURE**2 / papers) for side in (-width, width))
    return Figure(round(share, 4), round(max(low, 0.0), 4), round(min(high, 1.0), 4))


def reliability(months: Sequence[Scored]) -> tuple[Bin, ...]:
    """Compares what scores promise with what came of it."""
    pairs = [
        (score, accepted) for month in months for score, accepted in zip(month.scores, month.accepted, strict=True)
    ]
    bins = []
    for low, high in pairwise(_EDGES):
        inside = [(score, accepted) for score, accepted in pairs if low <= score < high or score == high == 1.0]
        if inside:
            promised = sum(score for score, _ in inside) / len(inside)
            came = sum(accepted for _, accepted in inside) / len(inside)
            bins.append(Bin(low, high, len(inside), round(promised, 5), round(came, 5)))
    return tuple(bins)


def _figure(value: float, drawn: Sequence[float]) -> Figure:
    import numpy as np

    known = [one for one in drawn if one == one]
    low, high = np.percentile(known, [2.5, 97.5]) if known else (value, value)
    return Figure(round(float(value), 4), round(float(low), 4), round(float(high), 4))


def _drawn(dice: np.random.Generator, number: int) -> np.ndarray[Any, Any]:
    import numpy as np

    return np.bincount(dice.integers(0, number, number), minlength=number).astype(float)


def _places(days: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    seen: dict[int, int] = {}
    places = []
    for day in days.tolist():
        seen[day] = seen.get(day, 0) + 1
        places.append(seen[day])
    return np.asarray(places)


def _pooled(months: Sequence[_Month], counts: _Counts) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Returns how many accepted papers and how many papers stand above each place, of all months together."""
    import numpy as np

    order = np.argsort(-np.concatenate([month.scores for month in months]), kind="stable")
    drawn = np.concatenate(counts)[order]
    accepted = np.concatenate([month.accepted for month in months])[order]
    return np.cumsum(drawn * accepted), np.cumsum(drawn)


def _read_for_enough(months: Sequence[_Month], counts: _Counts) -> tuple[float, float]:
    import numpy as np

    found, read = _pooled(months, counts)
    if not found[-1]:
        return float("nan"), read[-1]
    place = int(np.searchsorted(found, ceil(_ENOUGH * found[-1])))
    return float(read[place]), float(read[-1])


def _work_saved(months: Sequence[_Month], counts: _Counts) -> float:
    read, total = _read_for_enough(months, counts)
    return _ENOUGH - read / total


def _a_day(months: Sequence[_Month], counts: _Counts) -> float:
    return _read_for_enough(months, counts)[0] / sum(month.days for month in months)


def _place_in_day(months: Sequence[_Month], counts: _Counts) -> float:
    import numpy as np

    places = np.concatenate([month.place for month in months])
    weights = np.concatenate([drawn * month.accepted for month, drawn in zip(months, counts, strict=True)])
    order = np.argsort(places, kind="stable")
    found = np.cumsum(weights[order])
    return float(places[order][np.searchsorted(found, ceil(_ENOUGH * found[-1]))]) if found[-1] else float("nan")


def _recall(share: float) -> Callable[[Sequence[_Month], _Counts], float]:
    def measure(months: Sequence[_Month], counts: _Counts) -> float:
        import numpy as np

        found, read = _pooled(months, counts)
        place = int(np.searchsorted(read, share * read[-1], side="right"))
        return float(found[max(place - 1, 0)] / found[-1]) if found[-1] else float("nan")

    return measure


def _within(month: _Month, counts: np.ndarray[Any, Any], best: float) -> float:
    """Counts the accepted papers among the best of a month."""
    import numpy as np

    read = np.cumsum(counts)
    return float((counts * month.accepted)[read <= best].sum())


def _totals(months: Sequence[_Month], counts: _Counts) -> list[float]:
    return [float((drawn * month.accepted).sum()) for month, drawn in zip(months, counts, strict=True)]


def _best(months: Sequence[_Month], counts: _Counts) -> float:
    return sum(_within(month, drawn, BEST) for month, drawn in zip(months, counts, strict=True)) / (BEST * len(months))


def _best_of_ceiling(months: Sequence[_Month], counts: _Counts) -> float:
    ceiling = sum(min(total, BEST) for total in _totals(months, counts))
    return _best(months, counts) * BEST * len(months) / ceiling if ceiling else float("nan")


def _r_precision(months: Sequence[_Month], counts: _Counts) -> float:
    each = [
        _within(month, drawn, total) / total
        for month, drawn, total in zip(months, counts, _totals(months, counts), strict=True)
        if total
    ]
    return sum(each) / len(each) if each else float("nan")


def _average_precision(months: Sequence[_Month], counts: _Counts) -> float:
    import numpy as np

    each = []
    for month, drawn in zip(months, counts, strict=True):
        found = np.cumsum(drawn * month.accepted)
        read = np.maximum(np.cumsum(drawn), 1)
        if found[-1]:
            each.append(float((drawn * month.accepted * found / read).sum() / found[-1]))
    return sum(each) / len(each) if each else float("nan")


_MEASURES: Mapping[str, Callable[[Sequence[_Month], _Counts], float]] = {
    "wss_95": _work_saved,
    "recall_top_5_percent": _recall(0.05),
    "recall_top_10_percent": _recall(0.1),
    "average_precision": _average_precision,
    "precision_20_best_a_month": _best,
    "precision_20_best_of_ceiling": _best_of_ceiling,
    "r_precision_a_month": _r_precision,
    "candidates_a_day_for_95_percent": _a_day,
    "place_in_day_of_95_percent": _place_in_day,
}


def brier(months: Sequence[Scored]) -> tuple[float, float]:
    """Returns the mean squared error of the scores, and that of the mean share told for every paper."""
    pairs = [
        (score, float(accepted))
        for month in months
        for score, accepted in zip(month.scores, month.accepted, strict=True)
    ]
    share = sum(accepted for _, accepted in pairs) / len(pairs)
    ours = sum((score - accepted) ** 2 for score, accepted in pairs) / len(pairs)
    return round(ours, 6), round(share * (1 - share), 6)


def calibration_error(months: Sequence[Scored]) -> float:
    """Returns how far promises are from what came of them, in the bins of `reliability`, as the mean of all papers."""
    bins = reliability(months)
    papers = sum(one.papers for one in bins)
    return round(sum(one.papers * abs(one.promised - one.accepted) for one in bins) / papers, 6)


def effort(months: Sequence[Scored]) -> tuple[tuple[float, float], ...]:
    """Returns, for each accepted paper found, the shares of all papers read and of accepted papers found by then."""
    pairs = [pair for month in months for pair in zip(month.scores, month.accepted, strict=True)]
    ranked = [accepted for _, accepted in sorted(pairs, key=lambda pair: -pair[0])]
    places = [place for place, accepted in enumerate(ranked, 1) if accepted]
    return tuple(
        (round(place / len(ranked), 5), round(number / len(places), 5)) for number, place in enumerate(places, 1)
    )
