"""Repositories are renamed, moved and deleted, and others take their names: links mean what they meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from matrix_world import BEFORE, LINKED, furnish, small_world
from night_runner import run_night

from harvester.rehearsal import Rehearsal, World, rehearse
from harvester.rehearsal.facts import RepositoryEvent, RepositoryFacts
from harvester.settings import load_settings

NOON = BEFORE + timedelta(hours=9)
MOVED, DELETED, FIRST, SECOND = (f"owner-{number}/tool-{number}" for number in (3, 4, 5, 6))


def world() -> World:
    """One is moved, one deleted, and strangers take their names; two others exchange theirs."""
    small = small_world()
    named = {one.name: one for one in small.repositories}

    def befallen(name: str, kind: str, to: str | None = None) -> RepositoryFacts:
        return replace(named[name], events=(RepositoryEvent(NOON, kind, to),))

    named[MOVED], named[DELETED] = befallen(MOVED, "renamed", "elsewhere/tool"), befallen(DELETED, "deleted")
    named[FIRST], named[SECOND] = befallen(FIRST, "renamed", SECOND), befallen(SECOND, "renamed", FIRST)
    strangers = [
        replace(named[name], id=9_000 + at, node_id=f"R_stranger{at}", created=NOON, pushed=None, events=())
        for at, name in enumerate((MOVED, DELETED))
    ]
    return World(small.papers.values(), [*named.values(), *strangers])


@pytest.fixture
def rehearsal() -> Iterator[Rehearsal]:
    with rehearse(BEFORE, world=world()) as running:
        yield running


def rows(data: Path) -> dict[str, dict[str, Any]]:
    """The repositories of the latest snapshot, by node id."""
    found = pq.read_table(data / "curated" / "latest" / "repositories.parquet").to_pylist()
    return {row["node_id"]: row for row in found}


@pytest.mark.parametrize("token", ["ghp_rehearsal", ""], ids=["GraphQL", "REST"])
def test_links_keep_their_repository_and_never_show_another_ones_stars(
    tmp_path: Path, rehearsal: Rehearsal, token: str
) -> None:
    furnish(tmp_path)
    paces = {f"HARVESTER_{name}_INTERVAL": "0" for name in ("ARXIV", "GITHUB", "SEMANTIC_SCHOLAR", "OPENALEX")}
    own = {"HARVESTER_STATE": str(tmp_path / "state"), "GITHUB_TOKEN": token, "HARVESTER_GITHUB_BATCH": "3"}
    settings = load_settings({**rehearsal.settings(), **paces, **own}, tmp_path)
    for night in (0, 7, 8):  # who is quiet is asked every week
        at = BEFORE + timedelta(days=night)
        rehearsal.move_to(at)
        rehearsal.reset_log()
        report = run_night(settings, at)
        assert report.exit_code == 0, report.causes
        asked = len(rehearsal.requests("github"))
        assert asked <= (ceil(LINKED / 3) if token else LINKED), (night, asked)  # no more than by name
    # Where the id led nowhere, the name was asked the night after.
    [told] = [note for note in report.notes if f"github:{DELETED} is now another repository" in note]
    assert told.endswith("which has lost its name")
    known, true = rows(settings.data), rehearsal.world
    moved, deleted, first, second = (known[f"R_{number}"] for number in (3, 4, 5, 6))
    assert (moved["name"], moved["aliases"]) == ("elsewhere/tool", [MOVED])
    assert [first["name"], first["aliases"], second["name"], second["aliases"]] == [SECOND, [FIRST], FIRST, [SECOND]]
    for row in (moved, first, second):
        assert row["stars"] == true.stars(row["name"], row["stars_as_of"]), row
        assert row["stars_as_of"] >= BEFORE + timedelta(days=7)
    assert (deleted["stars"], deleted["stars_status"]) == (500 + 31 * 4 + 3 * 33, "gone")
    page = (tmp_path / "lists").rglob("*.md")
    text = "".join(path.read_text(encoding="utf-8") for path in page)
    assert "github.com/elsewhere/tool" in text and f"github.com/{MOVED})" not in text
