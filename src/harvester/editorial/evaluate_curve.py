"""The learning curve: what ranking would have been worth with fewer accepted papers to learn from, down to none."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from harvester.editorial.learning.measures import Figure, Scored, measures
from harvester.editorial.learning.past import Example, Past, Trial
from harvester.editorial.rank import Ranker, learn

SHARES = (0.0, 0.125, 0.25, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Step:
    """The measures with a share of the accepted papers; the month that knew most learnt from `papers` of them."""

    share: float
    papers: int
    measures: dict[str, Figure]


def learning_curve(trials: Sequence[Trial], topics: Sequence[str], seed: int) -> tuple[Step, ...]:
    """Scores every month with a share of what was accepted before it; what is left out is unknown, and not passed over."""
    steps = []
    for share in SHARES:
        pasts = [_thinned(trial.past, share) for trial in trials]
        scored = [scored_by(learn(past, topics), trial) for past, trial in zip(pasts, trials, strict=True)]
        steps.append(Step(share, max(len(past.accepted) for past in pasts), measures(scored, seed)))
    return tuple(steps)


def scored_by(ranker: Ranker, trial: Trial) -> Scored:
    """Scores the papers of one month."""
    return Scored(
        month=f"{trial.past.day:%Y-%m}",
        scores=ranker.scores([one.text for one in trial.seen]),
        accepted=[one.subject in trial.accepted for one in trial.seen],
        days=[one.on for one in trial.seen],
    )


def _thinned(past: Past, share: float) -> Past:
    """Keeps a share of the accepted papers, the same ones on every machine."""
    drawn = sorted(past.accepted, key=_dice)[: round(share * len(past.accepted))]
    kept = {one.subject for one in drawn}
    return replace(past, accepted=tuple(one for one in past.accepted if one.subject in kept))


def _dice(one: Example) -> bytes:
    return hashlib.sha256(f"curve {one.subject}".encode()).digest()
