"""History replayed month by month: what nets, ranking and section suggestion would have been worth.

Each month is a `Trial`: learnt from what was known before it, scored as the papers read when they came. What cannot be
measured is left out and named: months without labels, months before which fewer than twenty papers were accepted, whether
or not a text of them is known (there is hardly anything to learn from), papers that came by after they were listed, and
papers of which only a later version's text is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from harvester.counting import counted
from harvester.editorial.evaluate_curve import Step, learning_curve, scored_by
from harvester.editorial.evaluate_sections import SectionGuesses, guessed_sections
from harvester.editorial.learning.measures import (
    Bin,
    Figure,
    Scored,
    brier,
    calibration_error,
    effort,
    measures,
    reliability,
    share_figure,
)
from harvester.editorial.learning.past import History, Trial
from harvester.editorial.rank import learn as learn_ranking
from harvester.editorial.sections import Shelf
from harvester.ids import Subject

LEAST = 20  # accepted papers before a month, of known text or not, below which it is left out
SEED = 20261120  # of the draws of the intervals


@dataclass(frozen=True, slots=True)
class Month:
    """One month that was measured."""

    month: str
    accepted_before: int
    learnt_from: int  # of these, the papers whose text was known
    seen: int
    days: int
    accepted: int
    unread: int  # came by, but only a later version's text is known
    unread_accepted: int
    listed_before: int


@dataclass(frozen=True, slots=True)
class Nets:
    """What the topics pass, of all papers that came by while the list was kept."""

    seen: int
    accepted: int
    recall: Figure
    passed: Figure
    missed: tuple[Subject, ...]  # accepted papers that no topic passes


@dataclass(frozen=True, slots=True)
class Ranking:
    """How good the order was."""

    measures: dict[str, Figure]
    by_month: dict[str, dict[str, float]]
    reliability: tuple[Bin, ...]
    brier: float
    brier_of_mean: float  # of telling the mean share for every paper
    calibration_error: float  # between what scores promise and what came of it, mean of all papers
    effort: tuple[
        tuple[float, float], ...
    ]  # shares of papers read and of accepted papers found, in order of the scores
    hardest: tuple[tuple[Subject, float], ...]  # accepted papers that came last, and the share that stood above them
    curve: tuple[Step, ...] = ()  # with fewer accepted papers to learn from; empty where it was not asked for


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that was measured on one list; None where there was nothing to measure."""

    list: str
    months: tuple[Month, ...]
    left_out: tuple[str, ...]  # months, and why
    unread: tuple[Subject, ...]  # accepted papers that are not scored: no text of the day on which they came is known
    listed_before: tuple[Subject, ...]  # accepted papers that are not scored: they came by after they were listed
    nets: Nets | None
    ranking: Ranking | None
    sections: SectionGuesses | None


def evaluate(
    history: History,
    topics: Sequence[str],
    shelf: Callable[[str], Shelf],
    since: date | None = None,
    until: date | None = None,
    curve: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Replays a history; `shelf` tells what editors say of a section, by its title. `until` is exclusive.

    `curve` asks for the learning curve, too, which takes four times as long.
    """
    spans = [span for span in _months(history) if (since or date.min) <= span[0] and span[1] <= (until or date.max)]
    listed = history.listed
    months, left_out, scored = [], [], []
    trials = []
    for start, end in spans:
        why = _unfit(history, start, end)
        if why:
            left_out.append(f"{start:%Y-%m}: {why}")
            continue
        trial = history.trial(start, end)
        if not trial.accepted:
            left_out.append(f"{start:%Y-%m}: no accepted paper came by with a text of its day")
            continue
        say(f"{history.name}: {start:%Y-%m}, {len(trial.seen):,} papers, {len(trial.accepted)} accepted")
        months.append(_month(history, trial))
        scored.append(_scored(trial, topics))
        trials.append(trial)
    return Evaluation(
        list=history.name,
        months=tuple(months),
        left_out=tuple(left_out),
        unread=tuple(one for trial in trials for one in trial.unread if one in listed),
        listed_before=tuple(one for trial in trials for one in trial.listed_before if one in listed),
        nets=_nets(history, spans),
        ranking=_ranking(scored, trials, learning_curve(trials, topics, SEED) if curve else ()) if scored else None,
        sections=guessed_sections(history, spans, topics, shelf),
    )


def _months(history: History) -> Iterator[tuple[date, date]]:
    """Yields the months in which papers came by."""
    for year, month in sorted({(one.on.year, one.on.month) for one in history.sightings}):
        yield date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def _unfit(history: History, start: date, end: date) -> str | None:
    """Says why a month cannot be measured."""
    days = history.listed.values()
    if not days or max(days) < start:
        return (
            f"no labels: the last paper was listed on {max(days)}" if days else "no labels: the list accepted no paper"
        )
    if min(days) >= end:
        return f"no labels: the first paper was listed on {min(days)}"
    before = len(history.listed_by(start))
    if before < LEAST:
        return f"only {counted(before, 'paper')} had been accepted before it; a month is measured from {LEAST} on"
    return None


def _month(history: History, trial: Trial) -> Month:
    return Month(
        month=f"{trial.past.day:%Y-%m}",
        accepted_before=len(history.listed_by(trial.past.day)),
        learnt_from=len(trial.past.accepted),
        seen=len(trial.seen),
        days=len({one.on for one in trial.seen}),
        accepted=len(trial.accepted),
        unread=len(trial.unread),
        unread_accepted=len(history.listed.keys() & set(trial.unread)),
        listed_before=len(trial.listed_before),
    )


def _scored(trial: Trial, topics: Sequence[str]) -> Scored:
    return scored_by(learn_ranking(trial.past, topics), trial)


def _ranking(scored: Sequence[Scored], trials: Sequence[Trial], curve: tuple[Step, ...]) -> Ranking:
    ours, mean = brier(scored)
    by_month = {
        month.month: {name: figure.value for name, figure in measures([month], SEED).items()} for month in scored
    }
    return Ranking(
        measures=measures(scored, SEED),
        by_month=by_month,
        reliability=reliability(scored),
        brier=ours,
        brier_of_mean=mean,
        calibration_error=calibration_error(scored),
        effort=effort(scored),
        hardest=tuple(_hardest(scored, trials)),
        curve=curve,
    )


def _hardest(scored: Sequence[Scored], trials: Sequence[Trial]) -> list[tuple[Subject, float]]:
    found = []
    for month, trial in zip(scored, trials, strict=True):
        ranked = sorted(zip(month.scores, trial.seen, strict=True), key=lambda one: -one[0])
        found += [
            (example.subject, round((place + 1) / len(ranked), 4))
            for place, (_, example) in enumerate(ranked)
            if example.subject in trial.accepted
        ]
    return sorted(found, key=lambda one: -one[1])[:10]


def _nets(history: History, spans: Iterable[tuple[date, date]]) -> Nets | None:
    """Measures what topics pass in months with labels; nets learn nothing, so that no month is too early."""
    days = history.listed.values()
    trials = [history.trial(*span) for span in spans if days and max(days) >= span[0] and min(days) < span[1]]
    seen = [(one, one.subject in trial.accepted) for trial in trials for one in trial.seen]
    listed = [one for one, accepted in seen if accepted]
    if not listed:
        return None
    return Nets(
        seen=len(seen),
        accepted=len(listed),
        recall=share_figure([bool(one.text.hits) for one in listed]),
        passed=share_figure([bool(one.text.hits) for one, _ in seen]),
        missed=tuple(one.subject for one in listed if not one.text.hits),
    )
