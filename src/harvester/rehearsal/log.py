"""What was asked of the rehearsal: every request with its times, and how many ran beside each other."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Logged:
    """One request and how it was answered; times are ISO 8601 UTC but for the monotonic one (seconds)."""

    number: int
    upstream: str
    method: str
    path: str  # with prefix and query
    digest: str  # of method, path and body: the same question has the same one
    status: int | None  # None: the connection was reset
    request_bytes: int
    response_bytes: int
    virtual: str
    wall: str
    monotonic: float  # start
    seconds: float  # until the answer was ready; a planned stall is not in it
    connection: int
    authorized: bool  # whether a token or key came with it; never which one
    user_agent: str
    fault: str | None
    refused: bool  # by an enforced limit


class RequestLog:
    """The log in memory and, if wanted, in a file as JSON lines; safe for threads."""

    def __init__(self, file: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._file = file
        self._entries: list[Logged] = []
        self._running: Counter[str] = Counter()
        self._peak: Counter[str] = Counter()
        self._connections: dict[str, set[int]] = {}
        self._peak_connections: Counter[str] = Counter()

    def begin(self, upstream: str, connection: int) -> int:
        """A request starts; how many others of the same upstream are running (query API and OAI-PMH are one)."""
        with self._lock:
            group = _group(upstream)
            beside = sum(count for name, count in self._running.items() if _group(name) == group)
            self._running[upstream] += 1
            self._peak[upstream] = max(self._peak[upstream], self._running[upstream])
            open_ones = self._connections.setdefault(upstream, set())
            open_ones.add(connection)
            self._peak_connections[upstream] = max(self._peak_connections[upstream], len(open_ones))
            return beside

    def end(self, upstream: str) -> None:
        """The request is about to be answered: the next one may start."""
        with self._lock:
            self._running[upstream] -= 1

    def closed(self, connection: int) -> None:
        """A connection is over."""
        with self._lock:
            for open_ones in self._connections.values():
                open_ones.discard(connection)

    def write(self, entry: Callable[[int], Logged]) -> None:
        """Keep one line; `entry` makes it from its number."""
        with self._lock:
            logged = entry(len(self._entries) + 1)
            self._entries.append(logged)
            if self._file is not None:
                with self._file.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(asdict(logged)) + "\n")

    def entries(self, upstream: str | None = None) -> list[Logged]:
        """The requests in order; of one upstream or of all."""
        with self._lock:
            return [entry for entry in self._entries if upstream in (None, entry.upstream)]

    def peaks(self) -> dict[str, dict[str, int]]:
        """Per upstream the most requests that ran at once and the most connections that were open to it."""
        with self._lock:
            return {
                name: {"requests": peak, "connections": self._peak_connections[name]}
                for name, peak in self._peak.items()
            }

    def told(self) -> dict[str, Any]:
        """The whole log as JSON."""
        return {"requests": [asdict(entry) for entry in self.entries()], "peak": self.peaks()}

    def clear(self) -> None:
        """Forget all requests and peaks; a log file stays as it is."""
        with self._lock:
            self._entries.clear()
            self._peak.clear()
            self._peak_connections.clear()


def _group(upstream: str) -> str:
    return upstream.removesuffix("_oai")
