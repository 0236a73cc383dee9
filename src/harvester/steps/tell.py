"""What runs leave behind in `data/runs`: their reports, their frozen inputs, and the lock. [door: disk, lock]

A record with state "running" under a free lock is a run that was killed; the next run ends it and says so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harvester.errors import RunningError
from harvester.report import Report, to_json

STAMP = "%Y-%m-%dT%H%M%SZ"


@contextmanager
def run_lock(data: Path) -> Iterator[None]:
    """Holds the lock of a data folder; RunningError names the run that holds it.

    The lock is the operating system's: a killed holder frees it at once, the file itself means nothing.
    """
    from filelock import FileLock, Timeout

    runs = data / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    lock = FileLock(runs / ".lock", blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise RunningError(_holder(runs)) from None
    try:
        yield
    finally:
        lock.release()


def _holder(runs: Path) -> str:
    running = [record for _, record in _records(runs) if record.get("state") == "running"]
    who = f"the run of {running[-1]['as_of']} (process {running[-1]['pid']})" if running else "another command"
    return f"{who} is at work in {runs.parent}; wait until it has ended, or stop it, and start again"


def write_record(data: Path, report: Report) -> Path:
    """Writes the report of a run to `data/runs/<as_of>.json`, in place of an earlier word of the same run."""
    path = data / "runs" / f"{report.as_of:{STAMP}}.json"
    _write(path, to_json(report))
    return path


def unfinished(data: Path) -> list[tuple[datetime, dict[str, Any]]]:
    """Returns the records of runs that never ended, oldest first; only meaningful while holding the lock."""
    found = [(path, record) for path, record in _records(data / "runs") if record.get("state") == "running"]
    return [(datetime.strptime(path.stem, STAMP).replace(tzinfo=UTC), record) for path, record in found]


def records(data: Path) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Yields what runs told, the newest first, without taking the lock; a record that cannot be read is left out."""
    for path in sorted((data / "runs").glob("*Z.json"), reverse=True):
        try:
            as_of = datetime.strptime(path.stem, STAMP).replace(tzinfo=UTC)
        except ValueError:  # none of ours
            continue
        record = _read(path)
        if record is not None:
            yield as_of, record


def torn_records(data: Path) -> list[Path]:
    """Returns the records that cannot be read."""
    return [path for path in sorted((data / "runs").glob("*Z*.json")) if _read(path) is None]


def end_as_killed(data: Path, as_of: datetime, record: dict[str, Any]) -> None:
    """Marks the record of a killed run as failed, so that nobody waits for it."""
    cause = "the process ended without a word (killed, or the machine stopped); the next run took over"
    _write(data / "runs" / f"{as_of:{STAMP}}.json", {**record, "state": "failed", "exit_code": 1, "causes": [cause]})


def read_frozen(data: Path, as_of: datetime) -> dict[str, Any] | None:
    """Returns the inputs that a run of that time froze, or None."""
    return _read(data / "runs" / f"{as_of:{STAMP}}.frozen.json")


def write_frozen(data: Path, as_of: datetime, inputs: dict[str, Any]) -> None:
    """Keeps the inputs of a run as they were at its start."""
    _write(data / "runs" / f"{as_of:{STAMP}}.frozen.json", inputs)


def _records(runs: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted(runs.glob("*Z.json")):
        record = _read(path)
        if record is not None:
            yield path, record


def _read(path: Path) -> dict[str, Any] | None:
    """Reads one JSON file; None where it is missing or torn (only this module writes here, whole, by rename)."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError):
        return None
    return value if isinstance(value, dict) else None


def _write(path: Path, value: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
