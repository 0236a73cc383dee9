"""A loopback server that plays the upstreams for a small world: demo, tests and benchmarks use it.

>>> with rehearse(faults=[{"upstream": "arxiv", "kind": "http_503"}]) as r:
...     os.environ.update(r.settings())          # HARVESTER_ARXIV_URL and the others
...     r.move_to(NIGHTS[1])                     # the clock is virtual and stands still
...     r.requests("arxiv")                      # what was asked, with its times
...     r.world.stars("owner/name", r.now())     # the truth to compare with
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from harvester.rehearsal import upstreams
from harvester.rehearsal.arxiv_oai import PAGE
from harvester.rehearsal.arxiv_query import LARGEST_PAGE
from harvester.rehearsal.budgets import Limits
from harvester.rehearsal.faults import read
from harvester.rehearsal.log import Logged
from harvester.rehearsal.server import RehearsalServer
from harvester.rehearsal.stage import Stage
from harvester.rehearsal.world import NIGHTS, NOWHERE, UNKNOWN, Unknown, World

__all__ = ["NIGHTS", "NOWHERE", "UNKNOWN", "Limits", "Logged", "Rehearsal", "Unknown", "World", "rehearse"]


class Rehearsal:
    """One running rehearsal, as tests see it."""

    def __init__(self, server: RehearsalServer) -> None:
        self._server = server
        self._stage = server.stage

    @property
    def world(self) -> World:
        """The truth; ask it as of `now()`."""
        return self._stage.world

    @property
    def root(self) -> str:
        """The server's own address, `http://127.0.0.1:PORT`."""
        return self._server.root

    def url(self, upstream: str) -> str:
        """The base address of an upstream: arxiv, arxiv_oai, github, semantic_scholar or openalex."""
        return self.root + upstreams.UPSTREAMS[upstream.replace("-", "_")].prefix

    def settings(self) -> dict[str, str]:
        """The environment variables that lead a harvester here."""
        return upstreams.settings(self.root)

    def now(self) -> datetime:
        """The virtual time."""
        return self._stage.clock.now()

    def move_to(self, at: datetime) -> None:
        """Set the virtual time (aware)."""
        self._stage.clock.move_to(at)

    def play(self, fault: Mapping[str, Any]) -> None:
        """Play this fault from the next matching request on (its form: `faults.py`)."""
        self._stage.script.add(read(fault))

    def behave(self) -> None:
        """Play no more faults."""
        self._stage.script.clear()

    def requests(self, upstream: str | None = None) -> list[Logged]:
        """The requests so far, of one upstream or of all."""
        return self._stage.log.entries(upstream)

    def peaks(self) -> dict[str, dict[str, int]]:
        """Per upstream the most requests at once and the most open connections."""
        return self._stage.log.peaks()

    def reset_log(self) -> None:
        """Forget the requests so far."""
        self._stage.log.clear()


@contextmanager
def rehearse(
    at: datetime = NIGHTS[0],
    *,
    faults: Sequence[Mapping[str, Any]] = (),
    enforce: bool | Limits = False,
    port: int = 0,
    world: World | None = None,
    log_file: Path | None = None,
    oai_page: int = PAGE,
    atom_page: int = LARGEST_PAGE,
) -> Iterator[Rehearsal]:
    """A rehearsal in a thread of this process, on a free port unless one is given; it ends with the block.

    `enforce` refuses what the upstreams would refuse: True by the published limits, or by the limits given.
    """
    limits = enforce if isinstance(enforce, Limits) else Limits() if enforce else None
    script = [read(fault) for fault in faults]
    stage = Stage(
        world or World.load(),
        at,
        limits=limits,
        faults=script,
        log_file=log_file,
        oai_page=oai_page,
        atom_page=atom_page,
    )
    server = RehearsalServer(stage, port)
    server.start()
    try:
        yield Rehearsal(server)
    finally:
        server.stop()
