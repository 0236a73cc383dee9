"""One run and what it froze at its start: settings, topics, lists and decisions.

A night has an identity, its `as_of`. A run that was killed is continued by the next one under the same `as_of`: its
conversations are resumed from disk, and its frozen inputs hold, so that the rows equal those of an undisturbed run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from harvester.curated import snapshots
from harvester.definitions import Editorial
from harvester.editorial.log import Log, read_frozen_log, read_log
from harvester.errors import SettingsError, SnapshotError
from harvester.raw.gate import REAL, Ticking
from harvester.raw.patience import Limits, limits_of
from harvester.report import Report, RunKind
from harvester.settings import Settings
from harvester.steps import tell
from harvester.steps.frozen import read_frozen
from harvester.steps.gather import Memory, remember
from harvester.steps.usable import usable_texts

Clock = Callable[[], datetime]
_TOO_FAR = (
    "must lie within the last 24 hours: what upstreams say now is not what they said then "
    "(a rehearsal, with every upstream on loopback, may play any time)"
)
CONTINUED_WITHIN = timedelta(hours=16)  # less than from one night to the next, whose start may vary by minutes
REPEATED_WITHIN = timedelta(days=1)  # how far back `--as-of` may name a night of real upstreams


@dataclass(frozen=True, slots=True)
class Night:
    """A run under way. `frozen` is what the manifest keeps; `clock` tells what time upstreams are asked at."""

    as_of: datetime
    settings: Settings
    editorial: Editorial
    said: Log  # the frozen sittings
    frozen: Mapping[str, Any]  # {"settings": …, "editorial": {path: text}, "decisions": {file: sha256}, "held_back": …}
    clock: Clock
    say: Callable[[str], None]
    memory: Memory = field(repr=False)
    continued: bool = False
    notes: tuple[str, ...] = ()
    publish_anyway: bool = False  # also what would be held back
    unread: Mapping[str, Sequence[str]] = field(default_factory=dict)  # what is wrong with lists that cannot be read
    kind: RunKind = "nightly"
    # seconds, by gate; shared by all its talks
    waiting_left: dict[str, float] = field(default_factory=dict, repr=False)
    ticking: Ticking = REAL  # a rehearsal may wait in virtual time
    limits_of: Callable[[str], Limits] = limits_of  # what one request to a source may cost


@contextmanager
def begin(
    settings: Settings,
    asked_as_of: datetime | None,
    now: Clock,
    say: Callable[[str], None],
    kind: RunKind = "nightly",
) -> Iterator[Night]:
    """Takes the lock, ends or continues what a killed run of its kind left, freezes the inputs.

    `now` is as far behind the machine's clock as the settings say. Raises RunningError where another run is at work,
    SettingsError or DecisionError where a person's text is wrong.
    """
    demand_true_dates(settings)
    clock = _clock(settings, asked_as_of, now)
    with tell.run_lock(settings.data):
        as_of, continued, notes = _which_night(settings, asked_as_of, clock(), kind)
        frozen = _frozen_inputs(settings, as_of)
        started = Report(as_of, clock(), "running", continued=continued, pid=os.getpid(), kind=kind)
        tell.write_record(settings.data, started)
        night = frozen_night(settings, as_of, frozen, clock, say, continued=continued, notes=notes)
        yield replace(night, kind=kind)


def frozen_night(
    settings: Settings,
    as_of: datetime,
    frozen: Mapping[str, Any],
    clock: Clock,
    say: Callable[[str], None],
    *,
    continued: bool = False,
    notes: tuple[str, ...] = (),
) -> Night:
    """Makes a night from inputs that are frozen already; the caller holds the lock."""
    said = read_frozen_log(settings.editorial, frozen["decisions"])
    editorial = read_frozen(frozen["editorial"])
    return Night(
        as_of=as_of,
        settings=settings,
        editorial=editorial,
        said=said,
        frozen=frozen,
        clock=clock,
        say=say,
        memory=remember(editorial.topics, said.decisions, settings.data),
        unread=frozen.get("held_back", {}),
        continued=continued,
        notes=(*notes, *(f"left out: {mistake}" for mistake in said.torn)),
    )


def freeze(settings: Settings) -> dict[str, Any]:
    """Reads the settings, and what people have said until now: the editorial texts, and every sitting by its digest.

    A mistake in the topics ends the run before anything is asked; one in a list holds back that list, and is kept, too.
    """
    usable = usable_texts(settings)
    held_back = {slug: list(mistakes) for slug, mistakes in usable.held_back.items()}
    return {
        "settings": _told(settings),
        "editorial": dict(usable.texts),
        "decisions": dict(read_log(settings.editorial).digests),
        **({"held_back": held_back} if held_back else {}),
    }


def _told(settings: Settings) -> dict[str, Any]:
    """Writes down where the upstreams were and at what pace they were asked; of keys only that there is one."""
    return {
        source: {"url": upstream.url, "interval": upstream.interval, "key": upstream.key is not None}
        for source, upstream in sorted(settings.upstreams.items())
    }


def _frozen_inputs(settings: Settings, as_of: datetime) -> Mapping[str, Any]:
    """Returns what this night froze before, or freezes now.

    What was frozen holds no more where a later snapshot has folded more since, or where a sitting was taken back.
    """
    before = tell.read_frozen(settings.data, as_of)
    latest = snapshots.latest(settings.data / "curated")
    now_there = read_log(settings.editorial).digests
    outdated = latest is not None and latest.as_of > as_of
    if before is not None and not outdated and before["decisions"].items() <= now_there.items():
        return before
    frozen = freeze(settings)
    tell.write_frozen(settings.data, as_of, frozen)
    return frozen


def demand_true_dates(settings: Settings) -> None:
    """Raises SettingsError where commands live in the past and an upstream in the present: dates would be false."""
    if settings.behind and not settings.rehearsed:
        days = f"HARVESTER_DAYS_BEHIND={settings.behind.days} is for rehearsals alone, and an upstream is the real one"
        raise SettingsError([f"{days}: unset it, or export all that `harvester rehearse` prints"])


def _clock(settings: Settings, asked_as_of: datetime | None, now: Clock) -> Clock:
    """Returns the clock of the run: virtual only where every upstream is a rehearsal, for a real answer has a real time."""
    if asked_as_of is None:
        return now
    start = now()
    if settings.rehearsed:
        return lambda: asked_as_of + (now() - start)
    if not timedelta(0) <= start - asked_as_of <= REPEATED_WITHIN:
        raise SettingsError([f"--as-of {asked_as_of:%Y-%m-%dT%H:%M:%SZ} {_TOO_FAR}"])
    return now


def not_ahead(settings: Settings, asked_as_of: datetime | None, now: datetime) -> None:
    """Raises SettingsError for a time later than tomorrow: later runs could publish nothing before it had come.

    Beside a rehearsal, where every upstream is on loopback, time is virtual, and any will do.
    """
    if asked_as_of is not None and asked_as_of - now > REPEATED_WITHIN and not settings.rehearsed:
        later = f"--as-of {asked_as_of:%Y-%m-%dT%H:%M:%SZ} is later than tomorrow ({now:%Y-%m-%d %H:%M} UTC is now)"
        raise SettingsError([f"{later}: nothing could be published before that time has come; leave --as-of away"])


def ahead(latest: datetime, settings: Settings) -> str:
    """Says what to do about a snapshot of the future, over which nothing can be published."""
    mistake = f"if that snapshot is a mistake, write the name of an earlier one into {settings.data}/curated/LATEST"
    clock = "lower HARVESTER_DAYS_BEHIND" if settings.behind else "set the clock right"
    return f"the latest snapshot is of {latest:%Y-%m-%d %H:%M:%S} UTC, in the future: {clock}; {mistake}"


def older(as_of: datetime, latest: datetime) -> str:
    """Says why nothing can be published any more under a time before the latest snapshot."""
    asked = f"--as-of {as_of:{tell.STAMP}} is older than the latest snapshot, {latest:{tell.STAMP}}"
    return f"{asked}: what came later is folded already"


def _which_night(
    settings: Settings, asked_as_of: datetime | None, now: datetime, kind: RunKind
) -> tuple[datetime, bool, tuple[str, ...]]:
    """Decides the night's identity; every other unfinished run is marked as killed.

    Only what a run of another kind left today is left to the next one of that kind: it will go on from there.
    """
    left = {
        as_of: record
        for as_of, record in tell.unfinished(settings.data)
        if record.get("kind", "nightly") == kind or now - as_of > CONTINUED_WITHIN or as_of == asked_as_of
    }
    latest = snapshots.latest(settings.data / "curated")
    after = latest.as_of if latest else datetime.min.replace(tzinfo=UTC)  # nothing older can be published any more
    recent = [as_of for as_of in left if now - as_of <= CONTINUED_WITHIN and as_of >= after]
    as_of = asked_as_of or (recent[-1] if recent else now)
    as_of = as_of.astimezone(UTC).replace(microsecond=0)
    if as_of < after and asked_as_of is None:
        raise SnapshotError(ahead(after, settings))
    if as_of < after:
        raise SnapshotError(older(as_of, after))
    continued = as_of in left and left[as_of].get("kind", "nightly") == kind
    notes = []
    for other, record in left.items():
        if other != as_of:
            tell.end_as_killed(settings.data, other, record)
            notes.append(f"the run of {other:%Y-%m-%d %H:%M:%S} UTC had been killed; its landings are kept and used")
    return as_of, continued, tuple(notes)
