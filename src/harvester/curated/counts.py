"""Observations fold to last known values: never a false number, never a lost one.

A failure keeps value and as-of. *Not found* after a value is `gone`, with the value kept; of what is known there without a
count (`no_count`) the value stays as well. Zero is a number. A number that
can hardly be true is set aside (`suspicion`), and the last accepted one stands. Two sources are never mixed: the first that
ever knew a value speaks, in the order of `SOURCES`, and its name stands beside it; where the next one says something else,
that is told and not averaged. Others (`google_scholar`, from hand-kept lists) are history only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from harvester.curated.suspicion import judged
from harvester.ids import Subject
from harvester.records import Count, Kind, Observation, Status

# Who speaks for a kind, first first. OpenAlex splits or lacks many preprints, so it only fills gaps.
SOURCES: Mapping[Kind, tuple[str, ...]] = {"citations": ("semantic_scholar", "openalex"), "stars": ("github",)}

_MOST = 2**31 - 1  # above it a count is not believable, and int32 columns end here
_WEIGHT: Mapping[Status, int] = {
    "failed": 1,
    "never_asked": 0,
    "not_found": 2,
    "no_count": 2,
    "gone": 2,
    "unchanged": 3,
    "suspect": 3,
    "ok": 4,
}
_DISAGREEING = 0.25  # of the larger of two counts: where they are further apart, one of them lacks much


def history(observations: Iterable[Observation]) -> list[Observation]:
    """Returns the observations that brought something new for their subject, kind and source, sorted by these and time.

    Repositories come under their current subjects (`renames.attributed`). Statuses are resolved: no `unchanged` remains
    (a 304 confirms the last value, and what it repeats is no news), *not found* after a value is `gone`, and what was
    set aside is `suspect`.
    """
    rows: list[Observation] = []
    for (_, kind, source), series in sorted(_series(observations).items()):
        last: tuple[int | None, int | None, Status] | None = None
        listened_to = source in SOURCES[kind]  # what a person wrote down is no answer, and no answer can confirm it
        for observation in judged(_resolved(series)) if listened_to else _resolved(series):
            now = (observation.value, observation.set_aside, observation.status)
            if now != last:
                rows.append(observation)
                last = now
    return rows


def counts(observations: Iterable[Observation]) -> dict[tuple[Subject, Kind], Count]:
    """Returns the last known value of every subject and kind that was ever asked for, sorted by both.

    Who is not among `SOURCES` is not listened to.
    """
    told: dict[tuple[Subject, Kind], list[_Told]] = defaultdict(list)
    spoken = (observation for observation in observations if observation.source in SOURCES[observation.kind])
    for (subject, kind, source), series in sorted(_series(spoken).items()):
        told[subject, kind].append(_fold(source, series))
    return {key: _count(*key, by_source) for key, by_source in told.items()}


def disagree(count: Count) -> bool | None:
    """Tells whether two sources differ by more than a quarter of the larger count; None where only one knows any."""
    if count.value is None or count.elsewhere is None:
        return None
    low, high = sorted((count.value, count.elsewhere[1]))
    return high - low > high * _DISAGREEING


@dataclass(frozen=True, slots=True)
class _Told:
    """What one source has told about one number so far."""

    source: str
    accepted: tuple[Observation, ...]  # one for each answer with a value, in order of time
    last: Observation
    missing_days: int  # since the last number that was said


def _fold(source: str, series: Iterable[Observation]) -> _Told:
    said = tuple(judged(_resolved(series)))
    accepted = tuple(one for one in said if one.status == "ok")
    since = takewhile(lambda one: one.status not in ("ok", "suspect", "no_count"), reversed(said))
    return _Told(source, accepted, said[-1], len({one.said_at.date() for one in since if one.status == "gone"}))


def _count(subject: Subject, kind: Kind, told: list[_Told]) -> Count:
    told = sorted(told, key=lambda one: SOURCES[kind].index(one.source))
    knowing = [one for one in told if one.accepted]
    if not knowing:
        # Nobody knows it: while one source has failed, "not found" by the other is not the last word.
        open_ones = [one for one in told if one.last.status == "failed"]
        asked_at = max(one.last.said_at for one in told)
        return Count(subject, kind, None, None, None, (open_ones or told)[0].last.status, asked_at)
    first, *others = knowing
    latest = first.accepted[-1]
    return Count(
        subject,
        kind,
        latest.value,
        first.source,
        latest.said_at,
        first.last.status,
        first.last.said_at,
        set_aside=first.last.set_aside,
        first_at=first.accepted[0].said_at,
        since=_since(first.accepted),
        missing_days=first.missing_days,
        elsewhere=next(((other.source, other.accepted[-1].value or 0) for other in others), None),
    )


def _since(accepted: Sequence[Observation]) -> datetime:
    """Returns from when on the value has been what it is."""
    changes = (at for at in range(len(accepted) - 1, 0, -1) if accepted[at - 1].value != accepted[at].value)
    return accepted[next(changes, 0)].said_at


_Series = tuple[Subject, Kind, str]


def _series(observations: Iterable[Observation]) -> dict[_Series, list[Observation]]:
    """Returns the observations per subject, kind and source in order of time, one for each second.

    Of several answers in one second (old and new name asked in one conversation) an answer counts before a miss, a miss
    before a failure, and among equals the last.
    """
    by_second: dict[_Series, dict[datetime, Observation]] = defaultdict(dict)
    for observation in observations:
        sound = _sound(observation)
        seconds = by_second[sound.subject, sound.kind, sound.source]
        second = sound.said_at.replace(microsecond=0)
        if second not in seconds or _weight(sound) > _weight(seconds[second]):
            seconds[second] = sound
    return {key: [seconds[second] for second in sorted(seconds)] for key, seconds in by_second.items()}


def _weight(observation: Observation) -> tuple[int, datetime, int, str]:
    """Orders the answers of one second; total, so that the order of arrival does not matter."""
    value = -1 if observation.value is None else observation.value
    return (_WEIGHT[observation.status], observation.said_at, value, observation.status)


def _sound(observation: Observation) -> Observation:
    """Takes an impossible number for what it is: a failed attempt."""
    if observation.status != "ok":
        return observation if observation.value is None else replace(observation, value=None)
    if observation.value is not None and 0 <= observation.value <= _MOST:
        return observation
    return replace(observation, value=None, status="failed")


def _resolved(series: Iterable[Observation]) -> Iterator[Observation]:
    """Yields the observations of one series with their meaning in the light of the earlier ones."""
    known: int | None = None
    for observation in series:
        if observation.status == "ok":
            known = observation.value
            yield observation
        elif observation.status == "unchanged":
            status: Status = "failed" if known is None else "ok"  # nothing to confirm: the answer brought no value
            yield replace(observation, value=known, status=status)
        elif observation.status == "not_found" and known is not None:
            yield replace(observation, status="gone")
        else:
            yield observation
