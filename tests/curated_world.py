"""A small curated world for tests: tables of a few papers, and a publisher that kills itself where it is told to."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
from builders import NIGHT, citations, paper_record

from harvester.curated import snapshots, tables
from harvester.curated.counts import counts, history
from harvester.curated.merge import papers

NEXT = NIGHT + timedelta(days=30)


def world(value: int = 7, nights: int = 1) -> dict[str, pa.Table]:
    """Builds the tables of a world with one paper, whose citations stand at `value` in the last of `nights` months."""
    said = [citations("arxiv:2405.00001", 1 + n, at=NIGHT + n * (NEXT - NIGHT)) for n in range(nights - 1)]
    said.append(citations("arxiv:2405.00001", value, at=NIGHT + (nights - 1) * (NEXT - NIGHT)))
    return tables.build(
        papers=papers((paper_record("2405.00001"),), (), ()),
        repos={},
        links=(),
        matches=(),
        entries=(),
        candidates=(),
        counts=counts(said),
        history=history(said),
    )


def publish_until(curated: Path, as_of: datetime, value: int, nights: int, operations: int) -> None:
    """Publishes and kills its own process before the file operation of that number."""
    left = iter(range(operations))

    def watch(operation: str) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    snapshots.publish(curated, as_of, world(value, nights), {"night": nights}, watch)
