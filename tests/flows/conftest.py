"""A folder to keep nights in, and a rehearsal to keep them against; the flows run as processes of their own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from night_process import ROOT, Stage

from harvester.rehearsal import Rehearsal, rehearse

PACES = {f"HARVESTER_{name}_INTERVAL": "0" for name in ("ARXIV", "GITHUB", "SEMANTIC_SCHOLAR", "OPENALEX")}
FOREIGN = ("HARVESTER_", "PREFECT_", "PYTEST_", "DO_NOT_TRACK", "CI", "PYTHONPATH", "PWD")


@pytest.fixture
def rehearsal() -> Iterator[Rehearsal]:
    with rehearse() as running:
        yield running


@pytest.fixture
def stage(tmp_path: Path, rehearsal: Rehearsal) -> Iterator[Stage]:
    """A folder with the shipped topics and lists, in an environment that names it and nothing of the developer's."""
    home = tmp_path / "home"
    shutil.copytree(ROOT / "editorial", home / "editorial")
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(FOREIGN) and not name.endswith(("_TOKEN", "_API_KEY"))
    }
    environment = {**own, **rehearsal.settings(), **PACES, "HARVESTER_STATE": str(home / "state")}
    environment["GITHUB_TOKEN"] = "ghp_rehearsal"
    played = Stage(home, environment, rehearsal)
    yield played
    for process in played.left_behind():  # a failed test must not burden the next one
        process.kill()
