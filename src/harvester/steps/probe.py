"""Try folders, disk and clock out: is there what runs need? [door: disk]"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from harvester.steps.refusals import remedy

_MONTH = 30
_LEAST = 500_000_000  # bytes for a first night of a larger list
_AHEAD = timedelta(minutes=2)  # clocks of file servers differ a little


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, and what was found: well, worth knowing, or wrong with what to do."""

    area: str
    state: Literal["ok", "note", "wrong"]
    said: str


def folder(variable: str, path: Path) -> list[Check]:
    """Tries whether files can be written, synced, renamed and linked in a folder, and whether names differ by case."""
    named = f"{path} ({variable})"
    if not path.exists():
        return [_to_be_made(named, path)]
    if not path.is_dir():
        return [Check("folders", "wrong", f"{named} is no folder: {remedy(path, errno.ENOTDIR)}")]
    probe, moved, linked = (path / f".harvester-doctor-{os.getpid()}-{word}" for word in ("a", "b", "c"))
    try:
        with probe.open("wb") as file:
            file.write(b"may be deleted\n")
            file.flush()
            os.fsync(file.fileno())
        probe.rename(moved)
        habits = _habits(named, moved, linked) if variable == "HARVESTER_DATA" else ()
        return [Check("folders", "ok", f"{named} can be written"), *habits]
    except OSError as error:
        return [Check("folders", "wrong", f"{named} cannot be written: {error.strerror}; {remedy(path, error.errno)}")]
    finally:
        for left in (probe, moved, linked):
            with suppress(OSError):
                left.unlink()


def _to_be_made(named: str, path: Path) -> Check:
    parent = next(above for above in path.absolute().parents if above.exists())
    if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK):
        return Check("folders", "note", f"{named} does not exist yet; the first run makes it")
    why = errno.EACCES if parent.is_dir() else errno.ENOTDIR
    return Check("folders", "wrong", f"{named} does not exist and cannot be made; {remedy(path, why)}")


def _habits(named: str, probe: Path, linked: Path) -> Iterator[Check]:
    if probe.with_name(probe.name.swapcase()).exists():
        yield Check(
            "folders", "note", f"{named} takes names that differ by case for one: keep the names of lists apart"
        )
    try:
        os.link(probe, linked)
    except OSError as error:
        full = "each snapshot takes its full size there"
        yield Check("folders", "note", f"{named} has no hard links ({error.strerror}): {full}")


def disk(data: Path) -> Check:
    """Compares what is free with what a month takes, by what the nights of the last month took."""
    there = next(above for above in (data.absolute(), *data.absolute().parents) if above.exists())
    free = shutil.disk_usage(there).free
    taken, nights = _taken(data)
    month = taken / nights * _MONTH if nights else _LEAST
    ground = f"by what {nights} {'night' if nights == 1 else 'nights'} took" if nights else "as no night tells yet"
    said = f"{_size(free)} are free for {data}; a month takes about {_size(month)}, {ground}"
    if free < month:
        return Check("disk", "wrong", f"{said}: make room, or move the data (HARVESTER_DATA)")
    return Check("disk", "note" if free < 3 * month else "ok", said)


def _taken(data: Path) -> tuple[int, int]:
    """Returns the bytes that the last month of runs has taken, shared files once, and on how many days there was one."""
    folders = [*(data / "raw").glob("*/*Z-*"), *(data / "curated").glob("*Z")]
    days = sorted({path.name[:10] for path in folders})[-_MONTH:]
    recent = [path for path in folders if path.name[:10] in days]
    sizes = {(found.st_dev, found.st_ino): found.st_size for path in recent for found in _files(path)}
    return sum(sizes.values()), len(days)


def _files(path: Path) -> Iterator[os.stat_result]:
    for below in path.rglob("*"):
        with suppress(OSError):
            if below.is_file():
                yield below.stat()


def _size(number: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1_000:
            return f"{number:,.0f} {unit}"
        number /= 1_000
    return f"{number:,.1f} TB"


def clock(data: Path, now: datetime) -> Check:
    """Compares the clock with the times of files in the data folder: none can be from the future."""
    newest = max((path.stat().st_mtime for path in (data / "runs").glob("*Z.json")), default=0.0)
    ahead = newest - now.timestamp()
    if ahead > _AHEAD.total_seconds():
        days = timedelta(seconds=round(ahead))
        return Check(
            "clock", "wrong", f"the newest record in {data / 'runs'} is {days} ahead of the clock: set it right"
        )
    return Check("clock", "ok", f"it is {now:%Y-%m-%d %H:%M} UTC here, later than every record")
