"""How things stand: runs, upstreams, lists, values and coverage, told from files alone.

No lock is taken and nothing is written, so that a monitor may ask while a night is at work. Good is a run that did all it
should: state `done`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from harvester.definitions import Editorial, read_editorial
from harvester.errors import HarvesterError
from harvester.settings import Settings, load_editorial
from harvester.steps.coverage import Coverage, coverage
from harvester.steps.runs import Run, is_at_work, runs
from harvester.steps.since import Answered, answered

if TYPE_CHECKING:
    from harvester.curated.manifests import SnapshotRef

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


@dataclass(frozen=True, slots=True)
class Upstream:
    """How one kind of conversation with an upstream stands, and how many requests the last run took for it."""

    answered: Answered
    requests: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """How one list stands."""

    slug: str
    snapshot: str | None = None  # that its pages show
    changed: str | None = None  # the snapshot with which a page of it changed last
    entries: int | None = None
    waiting: int | None = None  # candidates that the queue shows
    held_back_since: datetime | None = None
    why: str | None = None


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
    """Tells how things stand; `max_age` is how long ago the last good night may be."""
    known = list(runs(settings.data))
    standings = tuple(standing(known, kind, settings.data) for kind in KINDS)
    code, words = verdict(standings[0], standings[1], at, max_age)
    problems: list[str] = []
    editorial = _told(lambda: load_editorial(settings), problems)
    covered = _told(lambda: coverage(editorial, settings.data / "raw", at.date()) if editorial else None, problems)
    held = _streak(known, lambda run: bool(run.held_back))
    asked = _told(lambda: _upstreams(settings.data / "raw", known), problems) or ()
    return Status(
        at=at,
        exit_code=code,
        verdict=words,
        runs=standings,
        snapshot=_latest_name(settings, problems),
        snapshot_held_back_since=held[-1].as_of if held else None,
        upstreams=asked,
        lists=_told(lambda: _lists(settings, editorial, known, at), problems) or (),
        values=next((run for run in known if run.figures.get("citations_age")), None),
        coverage=covered,
        problems=tuple(dict.fromkeys(problems)),
    )


def standing(known: Sequence[Run], kind: str, data: Path) -> Standing:
    """Tells how the runs of one kind stand; `known` come newest first."""
    own = [run for run in known if run.kind == kind]
    ended = [run for run in own if run.state != "running"]
    good = next((run for run in ended if run.good), None)
    bad = [run.as_of for run in ended if run.bad and (good is None or run.as_of > good.as_of)]
    found = Standing(kind, ended[0] if ended else None, good, min(bad, default=None))
    if own and own[0].state == "running":
        return replace(found, at_work=own[0]) if is_at_work(own[0], data) else replace(found, killed=own[0])
    return found


def verdict(nightly: Standing, weekly: Standing, at: datetime, max_age: timedelta) -> tuple[int, str]:
    """Returns the exit code and one line that says what to do: 0 well, 3 degraded or failed since, 1 too long ago."""
    hours = max_age / timedelta(hours=1)
    if nightly.last_good is None:
        first = "no night yet: `python flows/nightly.py` holds the first" if nightly.last is None else ""
        first = (
            first or f"no good night yet, the first bad one was that of {_shown(nightly.bad_since)}{_cause(nightly)}"
        )
        return 1, first + _at_work(nightly)
    last = nightly.last_good.ended_at or nightly.last_good.as_of
    if at - last > max_age:
        since = f"; bad since {_shown(nightly.bad_since)}{_cause(nightly)}" if nightly.bad_since else _UNSTARTED
        age = (at - last) / timedelta(hours=1)
        return 1, f"no good night for {age:.0f} hours (at most {hours:g}){since}{_at_work(nightly)}"
    for one in (nightly, weekly):
        if one.bad_since and one.last:
            return 3, f"{one.kind} {one.last.state} since {_shown(one.bad_since)}{_cause(one)}{_at_work(one)}"
        if one.killed:
            what = f"flows/{one.kind}.py"
            return 3, f"the {one.kind} run of {_shown(one.killed.as_of)} was killed: `python {what}` goes on from there"
    return 0, f"well: the last good night was that of {_shown(nightly.last_good.as_of)}{_at_work(nightly)}"


_UNSTARTED = "; none has ended since: look whether the timer runs (`systemctl list-timers`, `crontab -l`)"


def _cause(one: Standing) -> str:
    """The first cause of the last bad run, and what to do."""
    if one.last is None or not one.last.bad:
        return ""
    first = one.last.causes[0].partition("\n")[0] if one.last.causes else "its record does not say why"
    more = f" (and {len(one.last.causes) - 1} more)" if len(one.last.causes) > 1 else ""
    if one.last.held_back:
        remedy = "if what was found is right, `harvester publish --publish-anyway`"
    elif one.last.state == "degraded":
        remedy = "mostly the next night mends it; `harvester doctor --online` asks every upstream"
    else:
        remedy = f"`harvester doctor` says what is in the way, then `python flows/{one.kind}.py`"
    return f": {first}{more}; {remedy}"


def _at_work(one: Standing) -> str:
    return f"; a run is at work since {_shown(one.at_work.started_at)}" if one.at_work else ""


def _upstreams(raw: Path, known: Sequence[Run]) -> tuple[Upstream, ...]:
    return tuple(Upstream(one, _requests(one, known)) for one in answered(raw))


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


# --- lists -------------------------------------------------------------------------------------------------------------


def _lists(settings: Settings, editorial: Editorial | None, known: Sequence[Run], at: datetime) -> tuple[Shown, ...]:
    from harvester.curated import snapshots

    latest = snapshots.latest(settings.data / "curated")
    if latest is None:
        return tuple(Shown(definition.slug) for definition in editorial.lists) if editorial else ()
    manifest = snapshots.read_manifest(latest)
    defined = editorial or read_editorial(manifest["inputs"]["editorial"])
    entries, waiting = _counts(settings, latest, at)
    there = snapshots.snapshots(settings.data / "curated")
    shown = []
    for definition in defined.lists:
        one = _pages(definition.slug, there, known)
        shown.append(replace(one, entries=entries.get(one.slug, 0), waiting=waiting.get(one.slug, 0)))
    return tuple(shown)


def _pages(slug: str, there: Sequence[SnapshotRef], known: Sequence[Run]) -> Shown:
    """Tells what the pages of a list show: the latest snapshot, or the last one before the list was held back."""
    from harvester.curated import snapshots

    mark = held_back_mark(slug)
    streak = _streak(known, lambda run: any(mark in cause for cause in run.causes))
    since = streak[-1].as_of if streak else None
    ref = next((one for one in reversed(there) if since is None or one.as_of < since), None)
    pages = snapshots.read_manifest(ref).get("pages", {}) if ref else {}
    changed = max((page["since"] for name, page in pages.items() if name.startswith(f"{slug}/")), default=None)
    why = next((cause for run in streak[:1] for cause in run.causes if mark in cause), None)
    shown = ref.name if ref and changed else None
    return Shown(slug, snapshot=shown, changed=changed, held_back_since=since, why=why)


def held_back_mark(slug: str) -> str:
    """What the causes of a run say of a list whose pages stayed as they were."""
    return f"the list {slug} stays as it was"


def _counts(settings: Settings, latest: SnapshotRef, at: datetime) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Counts entries and the candidates that the queue shows, by list."""
    from collections import Counter

    from harvester.curated import facts, snapshots
    from harvester.editorial.entries import fold
    from harvester.editorial.log import read_log
    from harvester.editorial.queue import state_of, still_open

    entries = Counter(snapshots.read_table(latest, "entries")["list"].to_pylist())
    ranked = "scores.parquet" in snapshots.read_manifest(latest)["tables"]  # older snapshots are not
    scores = snapshots.read_table(latest, "scores") if ranked else None
    matched = facts.read_candidates(snapshots.read_table(latest, "candidates"), scores)
    waiting = still_open(matched, fold(read_log(settings.editorial).decisions), at.date())
    return entries, Counter(one.list for one in waiting if state_of(one) == "shown")


def _streak(known: Sequence[Run], holds: Callable[[Run], bool]) -> list[Run]:
    """Returns the newest ended runs of which something holds, without a break; those that asked nothing say nothing."""
    found = []
    for run in known:
        if run.state == "running" or run.snapshot is None:
            continue
        if not holds(run):
            break
        found.append(run)
    return found


def _latest_name(settings: Settings, problems: list[str]) -> str | None:
    from harvester.curated import snapshots

    latest = _told(lambda: snapshots.latest(settings.data / "curated"), problems)
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
