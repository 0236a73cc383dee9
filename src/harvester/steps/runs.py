"""Runs as their records tell them, the newest first; whether one is at work is told without touching its lock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from re import sub
from typing import Any

from harvester.conversations import conversation_words
from harvester.raw.ends import kind_of
from harvester.report import Report, to_json
from harvester.steps import tell

DOWN = ("down", "refusing")  # how a first cause begins that only sums the others up


@dataclass(frozen=True, slots=True)
class Run:
    """One run as its record tells it; of one under way little is known."""

    as_of: datetime
    kind: str
    state: str  # of a report
    started_at: datetime | None = None
    ended_at: datetime | None = None
    causes: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()
    snapshot: str | None = None
    pid: int | None = None
    notified: bool | None = None
    talks: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    figures: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def good(self) -> bool:
        """Whether it did all that it should."""
        return self.state == "done"

    @property
    def bad(self) -> bool:
        """Whether it ended otherwise; one under way is neither."""
        return self.state in ("degraded", "failed")


def runs(data: Path) -> Iterator[Run]:
    """Yields the runs of a data folder, the newest first."""
    return (read_run(as_of, record) for as_of, record in tell.records(data))


def read_run(as_of: datetime, record: Mapping[str, Any]) -> Run:
    """Reads a record, also one that an older harvester wrote."""
    talks = record.get("talks") or ()
    return Run(
        as_of=as_of,
        kind=str(record.get("kind", "nightly")),
        state=str(record.get("state", "failed")),
        started_at=_moment(record.get("started_at")),
        ended_at=_moment(record.get("ended_at")),
        causes=tuple(map(str, record.get("causes") or ())),
        held_back=tuple(map(str, record.get("held_back") or ())),
        snapshot=record.get("snapshot"),
        pid=record.get("pid"),
        notified=record.get("notified"),
        talks=tuple(talk for talk in talks if isinstance(talk, Mapping)),
        figures=record.get("figures") or {},
    )


def run_of(report: Report) -> Run:
    """Sees a report as its record will be read."""
    return read_run(report.as_of, to_json(report))


def bad_since(ended: Iterable[Run]) -> datetime | None:
    """Returns the first bad run after the last good one, of runs of one kind in any order; None where all is well."""
    known = list(ended)
    good = max((run.as_of for run in known if run.good), default=None)
    return min((run.as_of for run in known if run.bad and (good is None or run.as_of > good)), default=None)


def troubles(run: Run) -> frozenset[str]:
    """Names what is wrong with a run, without the figures, days and words that differ from night to night."""
    degraded = [talk for talk in run.talks if talk.get("degraded")]
    whats = [(str(talk.get("source")), str(talk.get("what"))) for talk in degraded]
    names = {f"{source} {name}: " for source, what in whats for name in (what, conversation_words(what))}
    summed_up = tuple(f"{word}: " for word in DOWN)
    others = {sub(r"\d[\d,.:]*", "", cause) for cause in run.causes if not cause.startswith((*names, *summed_up))}
    return frozenset(others | {f"{talk.get('source')} {kind_of(str(talk.get('what')))}" for talk in degraded})


def is_at_work(run: Run, data: Path) -> bool:
    """Whether a run that has not ended is at work: its process lives and began before its record was written."""
    import psutil

    if run.state != "running" or run.pid is None:
        return False
    written = (data / "runs" / f"{run.as_of:{tell.STAMP}}.json").stat().st_mtime
    try:
        process = psutil.Process(run.pid)
        ended = process.status() == psutil.STATUS_ZOMBIE
        return not ended and process.create_time() <= written + timedelta(minutes=1).total_seconds()
    except psutil.Error:  # gone, or not ours to look at: then it is none of our runs
        return False


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC) if text else None
    except ValueError:
        return None
