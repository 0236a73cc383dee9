"""kill -9 at fifty points drawn by lot, at any operation on disk or network: the same rows, hardly a request more.

The run that is killed is a fork of this process, so that one takes a moment; the points are the operations that Python
tells its auditors of.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import matrix_world
import pandas as pd
import pytest
from dying import rows_left
from matrix_world import DISTURBED, Stage, stage

from harvester.report import RunKind

FORK = multiprocessing.get_context("fork")
OPERATIONS = ("open", "os.rename", "os.mkdir", "os.remove", "os.symlink", "socket.connect", "socket.__new__")
KINDS: tuple[RunKind, ...] = ("nightly", "weekly", "backfill")
POINTS = 17  # of each kind


@dataclass(frozen=True)
class Undisturbed:
    rows: dict[str, pd.DataFrame]
    requests: Counter[str]
    operations: int


@lru_cache(maxsize=3)
def undisturbed(kind: RunKind) -> Undisturbed:
    with stage() as played:
        operations = FORK.Value("i", 0)
        counting = FORK.Process(target=_run, args=(played, kind, operations, 0))
        counting.start()
        counting.join()
        assert counting.exitcode == 0
    with stage() as played:
        assert played.run(DISTURBED, kind).state == "done"
        requests = Counter(request.upstream for request in played.rehearsal.requests())
        return Undisturbed(rows_left(played.home), requests, operations.value)


def _run(played: Stage, kind: RunKind, operations: Any, die_at: int) -> None:
    """Counts the operations of one run, and ends the process by SIGKILL at the one of that number."""
    home = str(played.home)

    def hear(event: str, given: tuple[object, ...]) -> None:
        if event in OPERATIONS and (event.startswith("socket") or home in str(given[0])):
            operations.value += 1
            if operations.value == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hear)
    played.run(DISTURBED, kind)


def points(kind: RunKind) -> list[float]:
    lot = random.Random(f"points of {kind}")
    return sorted(round(lot.random(), 4) for _ in range(POINTS))


@pytest.mark.parametrize(("kind", "share"), [(kind, share) for kind in KINDS for share in points(kind)])
def test_a_run_killed_anywhere_is_finished_by_the_next_one(kind: RunKind, share: float) -> None:
    usual = undisturbed(kind)
    with stage() as played:
        played.rehearsal.reset_log()
        die_at = 1 + int(share * usual.operations)
        killed = FORK.Process(target=_run, args=(played, kind, FORK.Value("i", 0), die_at))
        killed.start()
        killed.join()
        assert killed.exitcode == -signal.SIGKILL
        before = Counter(request.upstream for request in played.rehearsal.requests())
        report = played.run(DISTURBED, kind)
        assert report.state == "done", report.causes
        asked = before + Counter(request.upstream for request in played.rehearsal.requests())
        for upstream, number in asked.items():
            assert number <= usual.requests[upstream] + 1, upstream
        found = rows_left(played.home)
        assert found.keys() == usual.rows.keys()
        for name, frame in usual.rows.items():
            pd.testing.assert_frame_equal(frame, found[name], obj=name)


@pytest.fixture(scope="module", autouse=True)
def _tidy() -> Iterator[None]:
    yield
    undisturbed.cache_clear()
    matrix_world.close()
