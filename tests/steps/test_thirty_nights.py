"""Thirty nights in which one call in ten fails, in every way there is: no wrong value, no lost paper, nothing grown old."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from matrix_judge import Told, read
from matrix_world import BEFORE, stage

from harvester.curated import due
from harvester.rehearsal import Rehearsal
from harvester.rehearsal.matrix import Trial, trials

NIGHTS, SHARE, CALLS = 30, 0.1, 200
# What nobody can tell from the truth, and lies that stand for days by design, have their rows in docs/reliability.md.
LIES = (
    "set aside",
    "counts a t",
    "another id",
    "ids of papers nobody",
    "304 though",
    "an empty token",
    "noRecordsMatch",
)


def honest_faults() -> list[Trial]:
    """Every fault that is no lie, and takes none of our time."""
    slow = ("stall", "gzip_bomb")
    return [
        trial
        for trial in trials()
        if not (trial.plausible or trial.credible or trial.slow or trial.fault["kind"] in slow)
        and not any(word in trial.name for word in LIES)
    ]


def plan(seed: int, night: int) -> Iterator[dict[str, Any]]:
    """One call in ten of each upstream, drawn by lot: which fault, at which request of the night."""
    lot = random.Random(f"{seed} {night}")
    for upstream in ("arxiv", "arxiv_oai", "semantic_scholar", "github", "openalex"):
        own = [trial for trial in honest_faults() if trial.played == upstream and trial.upstream != "GitHub REST"]
        for call in range(CALLS):
            if lot.random() < SHARE:
                yield {**lot.choice(own).fault, "after": call, "times": 1}


@pytest.mark.parametrize("seed", [1, 2])
def test_one_call_in_ten_fails_for_thirty_nights(seed: int) -> None:
    with stage() as begun:
        played, known = begun.rehearsal, set[str]()
        fresh = values = failed = asked = 0
        for night in range(1, NIGHTS + 1):
            at = BEFORE + timedelta(days=night)
            played.behave()
            for fault in plan(seed, night):
                played.play(fault)
            report = begun.run(at)
            failed += sum(request.fault is not None for request in played.requests())
            asked += len(played.requests())
            if night % 7 == 6:
                assert begun.run(at + timedelta(hours=4), "weekly").exit_code in (0, 3)
            assert report.exit_code in (0, 3) and report.figures
            assert report.figures.stars_refreshed <= report.figures.stars_asked <= report.figures.stars_wanted
            assert report.figures.citations_asked <= report.figures.citations_wanted
            for age in (report.figures.citations_age, report.figures.stars_age):
                fresh, values = fresh + age.fresh, values + age.values
            told = read(begun.home)
            assert known <= told.papers.keys()
            known |= told.papers.keys()
            judge(told, played, at)
        assert failed >= 0.8 * SHARE * asked > NIGHTS / 2  # the lot fell as it should
        assert fresh == values
        settled = {f"arxiv:{p.id}" for p in played.world.papers_visible(at - timedelta(days=2))}
        assert settled <= known


def judge(told: Told, played: Rehearsal, at: Any) -> None:
    """Every value is one that the world had on the day of its date, and no older than the policy's longest period."""
    world = played.world
    for subject, row in told.papers.items():
        number = subject.removeprefix("arxiv:")
        paper = world.paper(number, at, row["version"])
        assert paper is not None and row["title"] == paper.facts.title and row["abstract"] == paper.version.abstract
        if row["citations"] is not None:
            truth = {"semantic_scholar": world.semantic_scholar, "openalex": world.openalex}[row["citations_source"]]
            assert row["citations"] == truth(number, row["citations_as_of"]), (number, at)
            assert at - row["citations_as_of"] <= due.WEEKLY, (number, at)
    for row in told.repos.values():
        if row["stars"] is not None:
            assert row["stars"] == world.stars(row["name"], row["stars_as_of"]), (row["name"], at)
            assert at - row["stars_as_of"] <= due.WEEKLY, (row["name"], at)
