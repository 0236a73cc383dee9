"""kill -9 at any word of a night, then the same command again: the same rows, hardly a request more."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from harvester.rehearsal import NIGHTS, Rehearsal

RUNNER = Path(__file__).resolve().parents[1] / "night_runner.py"
AT = NIGHTS[1]
TIMES = r"_at$|_as_of$|^as_of$"


def night(home: Path, environment: dict[str, str], at: str, die_at: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(RUNNER), str(home), at, "--die-at", str(die_at)]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


def rows(home: Path) -> dict[str, pd.DataFrame]:
    latest = (home / "data" / "curated" / "latest").resolve()
    tables = {}
    for path in sorted(latest.rglob("*.parquet")):
        frame = pd.read_parquet(path)
        fetched = [
            c
            for c in frame.columns
            if c in ("said_at", "first_seen_at", "metadata_as_of", "as_of") or "citations_a" in c
        ]
        tables[path.relative_to(latest).as_posix()] = frame.drop(
            columns=[*fetched, *({"stars_as_of"} & {*frame.columns})]
        )
    return tables


def asked(rehearsal: Rehearsal) -> Counter[str]:
    return Counter(request.upstream for request in rehearsal.requests())


@pytest.mark.parametrize("die_at", range(1, 22))
def test_a_killed_night_is_finished_by_the_same_command(
    home: Path, environment: dict[str, str], rehearsal: Rehearsal, die_at: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    at = AT.isoformat()
    rehearsal.move_to(AT)
    undisturbed = tmp_path_factory.mktemp("undisturbed")
    (undisturbed / "editorial").symlink_to(home / "editorial")
    first = night(undisturbed, {**environment, "HARVESTER_STATE": str(undisturbed / "state")}, at)
    assert first.returncode == 0, first.stderr
    floor = asked(rehearsal)
    rehearsal.reset_log()

    killed = night(home, environment, at, die_at)
    assert killed.returncode in (-9, 0), killed.stderr
    again = night(home, environment, at)
    assert again.returncode == 0, again.stderr
    for upstream, count in asked(rehearsal).items():
        assert count <= floor[upstream] + 1, upstream
    expected, found = rows(undisturbed), rows(home)
    assert expected.keys() == found.keys()
    for name, frame in expected.items():
        pd.testing.assert_frame_equal(frame, found[name], obj=name)
    lists = {p.relative_to(undisturbed / "lists"): p.read_text() for p in (undisturbed / "lists").rglob("*.md")}
    assert lists == {p.relative_to(home / "lists"): p.read_text() for p in (home / "lists").rglob("*.md")}
