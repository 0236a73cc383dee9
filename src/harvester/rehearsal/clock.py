"""The rehearsal's virtual clock: it stands still until somebody moves it.

Standing still makes a night's answers the same bytes however long the night takes; tests that want time to pass move
it. Every `Date` header, every count and every feed follows it.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime


class VirtualClock:
    """A time that is set, not told; safe for threads."""

    def __init__(self, at: datetime) -> None:
        self._lock = threading.Lock()
        self._at = at
        self.move_to(at)

    def now(self) -> datetime:
        """The virtual time, aware."""
        with self._lock:
            return self._at

    def move_to(self, at: datetime) -> None:
        """Set the clock, forwards or backwards; a time without a zone is refused."""
        if at.tzinfo is None:
            raise ValueError(f"{at} has no zone: the rehearsal's clock is UTC")
        with self._lock:
            self._at = at


def days_behind(virtual: datetime, real: datetime) -> int:
    """Returns the whole days (0 or more) by which a clock must be set back to show less than a day after `virtual`."""
    return max(0, (real - virtual).days)


def wall() -> datetime:
    """The real time, for the log."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Real seconds that only grow, for spacing."""
    return time.monotonic()
