"""Whether what lies on disk can be used: editorial texts, decisions, landings, snapshots, records, gates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from harvester.counting import counted
from harvester.definitions import sift_editorial
from harvester.editorial.log import read_log
from harvester.errors import HarvesterError, LandingError, SettingsError, SnapshotError
from harvester.raw import landings
from harvester.raw.gate import held_until
from harvester.settings import Settings, named, read_texts
from harvester.sources import READERS
from harvester.steps import tell
from harvester.steps.probe import Check
from harvester.steps.runs import is_at_work, runs

_LOOKED_INTO = timedelta(days=31)
_SHOWN = 10


def texts(settings: Settings) -> list[Check]:
    """Reads topics and list definitions; every mistake with file and line."""
    try:
        found = sift_editorial(read_texts(settings.editorial))
    except SettingsError as error:
        return [Check("texts", "wrong", mistake) for mistake in error.mistakes]
    of_lists = [mistake for mistakes in found.of_lists.values() for mistake in mistakes]
    wrong = [Check("texts", "wrong", mistake) for mistake in named(settings, [*found.mistakes, *of_lists])]
    if not wrong and not found.editorial.topics:
        return [Check("texts", "note", f"{settings.editorial}/topics.toml defines no topic: nothing is harvested")]
    lists = f"{counted(len(found.editorial.topics), 'topic')}, {counted(len(found.editorial.lists), 'list')}"
    return wrong or [Check("texts", "ok", f"{lists} in {settings.editorial}")]


def decisions(settings: Settings) -> list[Check]:
    """Reads every sitting; every line that cannot be used with file and line."""
    try:
        log = read_log(settings.editorial)
    except HarvesterError as error:
        return [Check("decisions", "wrong", str(error))]
    wrong = [Check("decisions", "wrong", str(mistake)) for mistake in log.mistakes]
    torn = [Check("decisions", "note", str(mistake)) for mistake in log.torn]
    read = f"{counted(len(log.decisions), 'decision')} in {counted(len(log.digests), 'sitting')}"
    return [*wrong, *torn] or [Check("decisions", "ok", read)]


def answers(settings: Settings, since: datetime | None) -> list[Check]:
    """Looks at every conversation, and into the landings of those since then (None: of all)."""
    raw = settings.data / "raw"
    found: list[Check] = []
    looked = 0
    for place in sorted(path for path in raw.glob("*") if path.is_dir()):
        if place.name not in READERS:
            found.append(_stray(place, "is of no upstream that is known"))
            continue
        for path in sorted(place.glob("*")):
            looked += 1
            found += _conversation(raw, path, since)
    if not raw.is_dir():
        return [Check("landings", "note", f"{raw} does not exist yet; the first run makes it")]
    return _first_few(found) or [Check("landings", "ok", f"{counted(looked, 'conversation')} in {raw}, none damaged")]


def _conversation(raw: Path, path: Path, since: datetime | None) -> Iterator[Check]:
    if path.name.startswith("."):  # a folder that was never finished; nobody reads it
        return
    try:
        folder = landings.folder_named(raw, path.parent.name, path.name)
        landings.outcome_of(folder)
        if since is not None and folder.night < since:
            return
        contents = landings.read_folder(folder)
    except LandingError as error:
        yield Check("landings", "wrong", str(error))
        return
    remedy = "the next run sets it aside and asks again; what an older one lost only a backup brings back"
    for torn in contents.torn.values():
        yield Check("landings", "wrong", f"{raw}/{torn}; {remedy}")
    aside = sum(1 for _ in path.glob("*.torn"))
    if aside:
        yield Check(
            "landings", "note", f"{path}: {counted(aside, 'torn file')} set aside; look there, or delete what is torn"
        )


def _stray(path: Path, why: str) -> Check:
    return Check("landings", "note", f"{path} {why}; move it out of data/raw")


def _first_few(found: list[Check]) -> list[Check]:
    more = found[_SHOWN:]
    state: Literal["note", "wrong"] = "wrong" if any(check.state == "wrong" for check in more) else "note"
    return [*found[:_SHOWN], *([Check("landings", state, f"{len(more)} more like these")] if more else [])]


def snapshot(settings: Settings) -> list[Check]:
    """Compares the snapshot that LATEST names with its manifest, byte for byte."""
    from harvester.curated import snapshots

    curated = settings.data / "curated"
    try:
        latest = snapshots.latest(curated)
        wrong = snapshots.verify(latest) if latest else []
    except SnapshotError as error:
        return [Check("snapshots", "wrong", str(error))]
    if latest is None:
        return [Check("snapshots", "note", f"{curated} holds no snapshot yet; a night publishes the first")]
    left = [
        Check("snapshots", "note", f"{path} was left by a publication that was killed; the next one removes it")
        for path in sorted(curated.glob(".*.partial"))
    ]
    found = [Check("snapshots", "wrong", said) for said in wrong]
    return [*found, *left] or [Check("snapshots", "ok", f"{latest.name} is whole")]


def records(settings: Settings) -> list[Check]:
    """Looks for runs that were killed, records that cannot be read, and a run at work."""
    found = [
        Check("runs", "note", f"{path} cannot be read; nothing needs it: delete it")
        for path in tell.torn_records(settings.data)
    ]
    for run in runs(settings.data):
        if run.state == "running":
            name = f"the {run.kind} run of {run.as_of:%Y-%m-%d %H:%M} UTC"
            if is_at_work(run, settings.data):
                found.append(Check("runs", "ok", f"{name} is at work (process {run.pid})"))
            else:
                found.append(Check("runs", "note", f"{name} was killed; the next one goes on from there"))
    return found or [Check("runs", "ok", "no run is at work, none was left unfinished")]


def gates(settings: Settings, now: datetime) -> list[Check]:
    """Tells which upstreams asked to be left alone."""
    until = {one.gate: held_until(settings, one, now.timestamp()) for one in settings.upstreams.values()}
    found = [
        Check("gates", "note", f"{gate} asked to be left alone until {moment:%Y-%m-%d %H:%M:%S} UTC; nothing to do")
        for gate, moment in sorted(until.items())
        if moment
    ]
    folder = settings.state / "gates"
    return found or [Check("gates", "ok", f"open; they lie in {folder}" if folder.exists() else "open")]


def looked_into_since(now: datetime) -> datetime:
    """Returns the night from which on landings are looked into where nobody asks for all."""
    return now - _LOOKED_INTO
