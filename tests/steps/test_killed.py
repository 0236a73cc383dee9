"""kill -9 at any word of a night, then the same command again: the same rows, hardly a request more."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from dying import rows_left

from harvester.rehearsal import NIGHTS, Rehearsal, rehearse

RUNNER = Path(__file__).resolve().parents[1] / "night_runner.py"
AT = NIGHTS[1]
EDITORIAL = Path(__file__).resolve().parents[2] / "editorial"
PACES = {f"HARVESTER_{name}_INTERVAL": "0" for name in ("ARXIV", "GITHUB", "SEMANTIC_SCHOLAR", "OPENALEX")}
PACES["GITHUB_TOKEN"] = "ghp_rehearsal"


def night(home: Path, environment: dict[str, str], at: str, die_at: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(RUNNER), str(home), at, "--die-at", str(die_at)]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


def pages(home: Path) -> dict[Path, str]:
    return {path.relative_to(home): path.read_text() for path in (home / "lists").rglob("*.md")}


def asked(rehearsal: Rehearsal) -> Counter[str]:
    return Counter(request.upstream for request in rehearsal.requests())


@dataclass(frozen=True)
class Undisturbed:
    rows: dict[str, pd.DataFrame]
    lists: dict[Path, str]
    asked: Counter[str]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    home = tmp_path_factory.mktemp("undisturbed")
    shutil.copytree(EDITORIAL, home / "editorial")
    with rehearse(at=AT) as running:
        done = night(home, {**running.settings(), **PACES, "HARVESTER_STATE": str(home / "state")}, AT.isoformat())
        assert done.returncode == 0, done.stderr
        return Undisturbed(rows_left(home), pages(home), asked(running))


@pytest.mark.parametrize("die_at", range(1, 23, 2))  # test_killed_anywhere.py has points between words
def test_a_killed_night_is_finished_by_the_same_command(
    home: Path, environment: dict[str, str], rehearsal: Rehearsal, die_at: int, undisturbed: Undisturbed
) -> None:
    at = AT.isoformat()
    rehearsal.move_to(AT)
    killed = night(home, environment, at, die_at)
    assert killed.returncode == -9, killed.stderr
    again = night(home, environment, at)
    assert again.returncode == 0, again.stderr
    for upstream, count in asked(rehearsal).items():
        assert count <= undisturbed.asked[upstream] + 1, upstream
    found = rows_left(home)
    assert undisturbed.rows.keys() == found.keys()
    for name, frame in undisturbed.rows.items():
        pd.testing.assert_frame_equal(frame, found[name], obj=name)
    assert pages(home) == undisturbed.lists
