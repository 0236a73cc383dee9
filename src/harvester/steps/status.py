"""How things stand: runs, upstreams, lists, values and coverage, told from files alone.

No lock is taken and nothing is written, so that a monitor may ask while a night is at work. Good is a run that did all it
should: state `done`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from harvester.counting import counted
from harvester.errors import HarvesterError
from harvester.settings import Settings, load_editorial
from harvester.steps.coverage import Coverage, coverage
from harvester.steps.refused_keys import remedies
from harvester.steps.runs import Run, bad_since, is_at_work, runs
from harvester.steps.shown_lists import Shown, latest_then, lists_shown, streak
from harvester.steps.since import Answered, answered

T = TypeVar("T")
KINDS = ("nightly", "weekly", "backfill")


@dataclass(frozen=True, slots=True)
class Standing:
    """How the runs of one kind stand."""

    kind: str
    last: Run | None = None  # that ended
    last_good: Run | None = None
    bad_since: datetime | None = None  # the first bad one after the last good one
    at_work: Run | None = None
    killed: Run | None = None  # the newest, where it neither ended nor is at work
    refused: str = ""  # what to do about keys that were refused in the last one


@dataclass(frozen=True, slots=True)
class Upstream:
    """How one kind of conversation with an upstream stands, and how many requests the last run took for it."""

    answered: Answered
    requests: int | None


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that stands, and in one line what to make of it."""

    at: datetime
    exit_code: int
    verdict: str
    runs: tuple[Standing, ...]
    snapshot: str | None
    snapshot_held_back_since: datetime | None
    upstreams: tuple[Upstream, ...]
    lists: tuple[Shown, ...]
    values: Run | None  # the last run that told how old values are
    coverage: Coverage | None
    problems: tuple[str, ...]  # what kept something from being told


def status(settings: Settings, at: datetime, max_age: timedelta) -> Status:
    """Tells how things stood at that time; `max_age` is how long ago the last good night may be."""
    every = list(runs(settings.data))
    known = [as_seen(run, at) for run in every if run.as_of <= at]
    standings = tuple(_with_remedy(standing(known, kind, settings.data), settings) for kind in KINDS)
    code, words = verdict(standings[0], standings[1], at, max_age)
    problems = _of_later(len(every) - len(known), at)
    editorial = _told(lambda: load_editorial(settings), problems)
    covered = _told(lambda: coverage(editorial, settings.data / "raw", at) if editorial else None, problems)
    held = streak(known, lambda run: bool(run.held_back))
    asked = _told(lambda: _upstreams(settings.data / "raw", known, at), problems) or ()
    return Status(
        at=at,
        exit_code=code,
        verdict=words,
        runs=standings,
        snapshot=_latest_name(settings, at, problems),
        snapshot_held_back_since=held[-1].as_of if held else None,
        upstreams=asked,
        lists=_told(lambda: lists_shown(settings, editorial, known, at), problems) or (),
        values=next((run for run in known if run.figures.get("citations_age")), None),
        coverage=covered,
        problems=tuple(dict.fromkeys(problems)),
    )


def standing(known: Sequence[Run], kind: str, data: Path) -> Standing:
    """Tells how the runs of one kind stand; `known` come newest first."""
    own = [run for run in known if run.kind == kind]
    ended = [run for run in own if run.state != "running"]
    good = next((run for run in ended if run.good), None)
    found = Standing(kind, ended[0] if ended else None, good, bad_since(ended))
    if own and own[0].state == "running":
        working = own[0].ended_at is not None or is_at_work(own[0], data)
        return replace(found, at_work=own[0]) if working else replace(found, killed=own[0])
    return found


def _with_remedy(one: Standing, settings: Settings) -> Standing:
    return replace(one, refused=remedies(one.last.talks, settings.upstreams)) if one.last else one


def as_seen(run: Run, at: datetime) -> Run:
    """Returns a run as its record would have been read then: one that ended later was at work."""
    if run.ended_at is None or run.ended_at <= at:
        return run
    return replace(run, state="running", causes=(), held_back=(), snapshot=None, talks=(), figures={})


def _of_later(runs_later: int, at: datetime) -> list[str]:
    if not runs_later:
        return []
    left_out = f"{runs_later} run{'s are' if runs_later > 1 else ' is'} of a time after {_shown(at)}, and left out"
    return [f"{left_out}; --at shows how things stood at another time"]


def verdict(nightly: Standing, weekly: Standing, at: datetime, max_age: timedelta) -> tuple[int, str]:
    """Returns the exit code and one line that says what to do: 0 well, 3 degraded, failed or killed since, 1 too long ago.

    A night that was killed is told first, whatever else there is to tell: nothing goes on before somebody starts it.
    """
    code, words = _verdict(nightly, weekly, at, max_age)
    if nightly.killed is None:
        return code, words
    return 1 if code == 1 else 3, f"{_killed(nightly, nightly.killed)}; before it: {words}"


def _killed(one: Standing, run: Run) -> str:
    goes_on = f"`python flows/{one.kind}.py` goes on from there"
    return f"the {one.kind} run of {_shown(run.as_of)} was killed: {goes_on}"


def _verdict(nightly: Standing, weekly: Standing, at: datetime, max_age: timedelta) -> tuple[int, str]:
    hours = max_age / timedelta(hours=1)
    if nightly.last_good is None:
        if nightly.last is None:
            first = "no night yet" if nightly.killed else "no night yet: `python flows/nightly.py` holds the first"
        else:
            first = f"no good night yet, the first bad one was that of {_shown(nightly.bad_since)}{_cause(nightly)}"
        return 1, first + _at_work(nightly)
    last = nightly.last_good.ended_at or nightly.last_good.as_of
    if at - last > max_age:
        since = (
            f"; bad since {_shown(nightly.bad_since)}{_cause(nightly)}"
            if nightly.bad_since
            else ""
            if nightly.killed
            else _UNSTARTED
        )
        return 1, f"no good night for {_long(at - last)} (at most {hours:g} hours){since}{_at_work(nightly)}"
    for one in (nightly, weekly):
        if one.bad_since and one.last:
            return 3, f"{one.kind} {one.last.state} since {_shown(one.bad_since)}{_cause(one)}{_at_work(one)}"
        if one is weekly and one.killed:
            return 3, _killed(one, one.killed)
    return 0, f"well: the last good night was that of {_shown(nightly.last_good.as_of)}{_at_work(nightly)}"


def _long(span: timedelta) -> str:
    hours = round(span / timedelta(hours=1))
    return counted(hours, "hour") if hours < 96 else counted(span.days, "day")


_UNSTARTED = "; none has ended since: look whether the timer runs (`systemctl list-timers`, `crontab -l`)"


def _cause(one: Standing) -> str:
    """The first cause of the last bad run, and what to do."""
    if one.last is None or not one.last.bad:
        return ""
    first = one.last.causes[0].partition("\n")[0] if one.last.causes else "its record does not say why"
    more = f" (and {len(one.last.causes) - 1} more)" if len(one.last.causes) > 1 else ""
    if one.last.held_back:
        remedy = "if what was found is right, `harvester publish --publish-anyway`"
    elif one.last.state == "degraded" and one.refused:
        remedy = f"{one.refused}; `harvester doctor --online` tries it"
    elif one.last.state == "degraded":
        remedy = "mostly the next night mends it; `harvester doctor --online` asks every upstream"
    else:
        remedy = f"`harvester doctor` says what is in the way, then `python flows/{one.kind}.py`"
    return f": {first}{more}; {remedy}"


def _at_work(one: Standing) -> str:
    return f"; a run is at work since {_shown(one.at_work.started_at)}" if one.at_work else ""


def _upstreams(raw: Path, known: Sequence[Run], at: datetime) -> tuple[Upstream, ...]:
    return tuple(Upstream(one, _requests(one, known)) for one in answered(raw, at))


def _requests(one: Answered, known: Sequence[Run]) -> int | None:
    for run in known:
        own = [
            talk
            for talk in run.talks
            if talk.get("source") == one.source and str(talk.get("what")).startswith(one.kind)
        ]
        if own:
            return sum(int(talk.get("requests", 0)) for talk in own)
    return None


def _latest_name(settings: Settings, at: datetime, problems: list[str]) -> str | None:
    latest = _told(lambda: latest_then(settings, at), problems)
    return latest.name if latest else None


def _told(look: Callable[[], T], problems: list[str]) -> T | None:
    """Looks, and keeps in words what cannot be read: a status that tells half is better than none."""
    try:
        return look()
    except (HarvesterError, OSError) as error:
        problems.append(str(error))
        return None


def _shown(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "an unknown time"
