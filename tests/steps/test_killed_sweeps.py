"""kill -9 at any word of a weekly run or a backfill, then the same command again: the same rows, hardly a request more."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from dying import rows_left

from harvester.rehearsal import NIGHTS, Rehearsal, rehearse

RUNNER = Path(__file__).resolve().parents[1] / "week_runner.py"
EDITORIAL = Path(__file__).resolve().parents[2] / "editorial"
AT = NIGHTS[6].replace(hour=7)
PACES = {f"HARVESTER_{name}_INTERVAL": "0" for name in ("ARXIV", "GITHUB", "SEMANTIC_SCHOLAR", "OPENALEX")}
KINDS = {"weekly": (), "backfill": ("--since", "2023-05-01", "--until", "2023-07-01")}


def run(home: Path, r: Rehearsal, kind: str, die_at: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(RUNNER), str(home), AT.isoformat(), *KINDS[kind], "--die-at", str(die_at)]
    environment = {**os.environ, **r.settings(), **PACES, "HARVESTER_STATE": str(home / "state")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def furnish(home: Path) -> Path:
    shutil.copytree(EDITORIAL, home / "editorial")
    topics = home / "editorial" / "topics.toml"
    sets = '[harvest]\nsweep_pages = 25\nsets = ["cs:cs:CL", "cs:cs:LG"]'
    topics.write_text(topics.read_text(encoding="utf-8").replace("[harvest]", sets, 1), encoding="utf-8")
    return home


@dataclass(frozen=True)
class Undisturbed:
    rows: dict[str, pd.DataFrame]
    requests: int
    words: int


@pytest.fixture(scope="module", params=sorted(KINDS))
def undisturbed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Undisturbed]:
    home = furnish(tmp_path_factory.mktemp("undisturbed"))
    with rehearse(AT, oai_page=20) as r:
        done = run(home, r, request.param)
        assert done.returncode == 0, done.stderr
        return request.param, Undisturbed(rows_left(home), len(r.requests()), len(done.stdout.splitlines()))


@pytest.mark.parametrize("share", [0.05, 0.35, 0.65, 0.95])
def test_a_killed_run_is_finished_by_the_same_command(
    tmp_path: Path, undisturbed: tuple[str, Undisturbed], share: float
) -> None:
    kind, whole = undisturbed
    home = furnish(tmp_path)
    with rehearse(AT, oai_page=20) as r:
        killed = run(home, r, kind, max(1, round(whole.words * share)))
        assert killed.returncode == -9, killed.stderr
        again = run(home, r, kind)
        assert again.returncode == 0, again.stderr
        assert len(r.requests()) <= whole.requests + 1
    found = rows_left(home)
    assert found.keys() == whole.rows.keys()
    for name, frame in whole.rows.items():
        pd.testing.assert_frame_equal(frame, found[name], obj=name)
