"""A folder with the shipped topics and lists, and a rehearsal to keep a night against."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from adopting_world import BULLETS, FRONT, PRUNING, TUNING, World

from harvester.rehearsal import Rehearsal, rehearse
from harvester.settings import Settings, load_settings

EDITORIAL = Path(__file__).resolve().parents[2] / "editorial"


@pytest.fixture
def rehearsal() -> Iterator[Rehearsal]:
    with rehearse() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(EDITORIAL, tmp_path / "editorial")
    return tmp_path


@pytest.fixture
def environment(home: Path, rehearsal: Rehearsal) -> dict[str, str]:
    paces = {f"HARVESTER_{name}_INTERVAL": "0" for name in ("ARXIV", "GITHUB", "SEMANTIC_SCHOLAR", "OPENALEX")}
    return {**rehearsal.settings(), **paces, "HARVESTER_STATE": str(home / "state"), "GITHUB_TOKEN": "ghp_rehearsal"}


@pytest.fixture
def settings(home: Path, environment: dict[str, str]) -> Settings:
    return load_settings(environment, home)


@pytest.fixture
def bullets(tmp_path: Path) -> World:
    """An adopted list of bullets."""
    world = World(tmp_path)
    world.keep({"README.md": BULLETS})
    return world


@pytest.fixture
def table(tmp_path: Path) -> World:
    """An adopted list of tables: a front page and two pages of sections."""
    world = World(tmp_path)
    world.keep({"README.md": FRONT, "tuning.md": TUNING, "pruning.md": PRUNING})
    return world
