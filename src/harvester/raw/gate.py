"""One gate per upstream, shared by all threads, processes and checkouts of a user on this machine. [door: clock, locks]

A request holds the gate from before it is sent until its answer is read: one connection at a time. Two files lie in the
state folder: `<name>.lock`, locked by the kernel and so freed at once when its holder is killed, and `<name>.json` with
the time of the last start and, where an upstream asked for a pause, until when to stay away.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from harvester.errors import Refused, SettingsError
from harvester.settings import Settings, Upstream

if TYPE_CHECKING:
    from filelock import FileLock

LONGEST_HOLD = 86_400.0  # seconds; longer pauses are a mistake of the upstream or of a clock
LOCK_PATIENCE = 1_800.0  # seconds for others to pass one after the other; each has its own deadline
# Starts are counted where they arrive; what the way there adds to one request it need not add to the next.
_SLACK_SHARE, _SLACK_MOST = 0.02, 0.05


@dataclass(frozen=True, slots=True)
class Passage:
    """What getting through the gate took, in seconds; `held_seconds` is the part that the upstream had asked for."""

    waited_seconds: float
    held_seconds: float


@dataclass(frozen=True, slots=True)
class Ticking:
    """What a gate goes by: the time in seconds since 1970, and how to wait."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


REAL = Ticking()


@dataclass(frozen=True, slots=True)
class _Mark:
    """The file beside the lock, in seconds since 1970 by the wall clock, which all processes share."""

    started: float = 0.0
    held_at: float = 0.0
    held_until: float = 0.0


class Gate:
    """Lets one request through at a time, and none sooner than `interval` seconds after the last one started."""

    def __init__(
        self,
        folder: Path,
        name: str,
        interval: float,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        safe = _safe(name)
        self._spacing = interval + min(interval * _SLACK_SHARE, _SLACK_MOST)
        self._mark = folder / f"{safe}.json"
        self._lock = _open_lock(folder, f"{safe}.lock")
        self._now = now
        self._sleep = sleep

    @contextmanager
    def passage(self, patience: float = math.inf) -> Iterator[Passage]:
        """Waits for the turn, and keeps everybody else out until the block ends.

        Raises Refused when the upstream asked for a longer pause than `patience` seconds, or when others never leave.
        """
        waited = held = 0.0
        while True:
            with self._locked():
                now = self._now()
                mark = self._read(now)
                hold = max(0.0, mark.held_until - now)
                if hold > patience - held:
                    raise self._closed(now + hold)
                pause = max(hold, mark.started + self._spacing - now)
                if pause <= 0:
                    self._write(replace(mark, started=now))
                    yield Passage(waited, held)
                    return
            self._sleep(pause)  # without the lock: others must see the hold too, and everybody's turn comes
            waited += pause
            held += hold

    def started(self) -> None:
        """Says, inside a passage, that the request left only now: opening a connection takes its time."""
        with self._locked():
            now = self._now()
            self._write(replace(self._read(now), started=now))

    def hold(self, seconds: float) -> None:
        """Keeps everybody out for so many seconds from now; a longer hold that stands already is kept."""
        with self._locked():
            now = self._now()
            mark = self._read(now)
            until = max(mark.held_until, now + min(seconds, LONGEST_HOLD))
            self._write(replace(mark, held_at=now, held_until=until))

    def _closed(self, until: float) -> Refused:
        retry_at = datetime.fromtimestamp(until, UTC).replace(microsecond=0)
        return Refused(self.name, f"it asked to be left alone until {retry_at:%Y-%m-%d %H:%M:%S} UTC", retry_at)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import Timeout

        try:
            self._lock.acquire(timeout=LOCK_PATIENCE)
        except Timeout:
            why = f"others have kept its gate busy for {LOCK_PATIENCE / 60:.0f} minutes"
            raise Refused(self.name, why) from None
        try:
            yield
        finally:
            self._lock.release()

    def _read(self, now: float) -> _Mark:
        """Reads the mark; what a clock that was set back left in the future counts from now, and is written so."""
        try:
            mark = _parse(self._mark.read_bytes())
        except FileNotFoundError:
            return _Mark()
        except (ValueError, KeyError, TypeError):  # torn by a power cut: the last start may have been just now
            mark = _Mark(started=math.inf)
        if mark.started > now or mark.held_at > now:
            pause = min(max(mark.held_until - mark.held_at, 0.0), LONGEST_HOLD)
            until = now + pause if mark.held_at > now else mark.held_until
            mark = _Mark(min(mark.started, now), min(mark.held_at, now), until)
            self._write(mark)
        return mark

    def _write(self, mark: _Mark) -> None:
        aside = self._mark.with_suffix(".new")
        aside.write_text(json.dumps(asdict(mark)), encoding="utf-8")
        aside.replace(self._mark)


def _parse(text: bytes) -> _Mark:
    told = json.loads(text)
    mark = _Mark(*(float(told[name]) for name in ("started", "held_at", "held_until")))
    if not all(math.isfinite(moment) for moment in (mark.started, mark.held_at, mark.held_until)):
        raise ValueError("a time without end")
    return mark


def open_gate(
    settings: Settings,
    upstream: Upstream,
    *,
    now: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> Gate:
    """Returns the gate of an upstream; its interfaces on other hosts (arXiv's OAI-PMH) share that of the first one."""
    return Gate(settings.state / "gates", _name(settings, upstream), upstream.interval, now=now, sleep=sleep)


def held_until(settings: Settings, upstream: Upstream, now: float) -> datetime | None:
    """Returns until when an upstream asked to be left alone, without touching its gate; None where that is open."""
    path = settings.state / "gates" / f"{_safe(_name(settings, upstream))}.json"
    try:
        mark = _parse(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError):  # no gate yet, or torn: the next passage mends it
        return None
    return datetime.fromtimestamp(mark.held_until, UTC).replace(microsecond=0) if mark.held_until > now else None


def _name(settings: Settings, upstream: Upstream) -> str:
    family = [other for other in settings.upstreams.values() if other.gate == upstream.gate]
    first = family[0] if family else upstream
    return f"{first.gate}-{first.host}"


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "_", name)


def _open_lock(folder: Path, name: str) -> FileLock:
    from filelock import FileLock

    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    except OSError as error:
        remedy = "set HARVESTER_STATE to a folder that can be written"
        raise SettingsError([f"{folder} cannot hold the gates ({error.strerror}): {remedy}"]) from error
    return FileLock(folder / name)
