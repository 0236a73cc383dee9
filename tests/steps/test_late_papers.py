"""A scripted feed in which papers surface up to forty days late: the next weekly run has found every one, and each once."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
from matrix_world import BEFORE, Stage, furnish, paper

from harvester.rehearsal import World, rehearse
from harvester.rehearsal.facts import PaperFacts

DAYS, LATEST = 60, 40


def late_paper(number: int) -> PaperFacts:
    """Two papers a day; one in two comes up to forty days late, one of these to the day."""
    submitted = BEFORE - timedelta(days=DAYS - 20 - number // 2, hours=number % 2)
    lot = int.from_bytes(hashlib.sha256(str(number).encode()).digest()[:2], "big")
    days = LATEST if number % 16 == 0 else lot % LATEST if number % 2 == 0 else 0
    facts = paper(0)
    version = replace(facts.versions[0], submitted=submitted, visible=submitted + timedelta(days=days, hours=1))
    return replace(facts, id=f"{submitted:%y%m}.{10_000 + number}", versions=(version,))


def test_papers_up_to_forty_days_late_are_found_by_the_next_week_and_counted_once(tmp_path: Path) -> None:
    furnish(tmp_path)
    (tmp_path / "editorial" / "decisions" / "2024-06-01T000000Z-ann-abcd.jsonl").unlink()
    with rehearse(BEFORE, world=World([late_paper(number) for number in range(2 * DAYS)], ()), oai_page=30) as running:
        stage = Stage(tmp_path, running)
        only_swept = 0
        for day in sorted({*range(0, 42, 3), *range(6, 42, 7)}):  # not every night: what is missed is caught up
            at = BEFORE + timedelta(days=day)
            assert stage.run(at).exit_code == 0
            if day % 7 == 6:
                week = at + timedelta(hours=4)
                report = stage.run(week, "weekly")
                assert report.sweep is not None and report.state == "done"
                only_swept += len(report.sweep.only_swept)
                since = (BEFORE - timedelta(days=40)).date()  # the topic's
                true = {p.id for p in running.world.papers_visible(week) if p.published.date() >= since}
                table = pd.read_parquet(tmp_path / "data" / "curated" / "latest" / "papers.parquet")
                found = Counter(subject.removeprefix("arxiv:") for subject in table["subject"])
                assert true <= found.keys(), sorted(true - found.keys())
                assert set(found.values()) == {1}
        assert only_swept > 10, "nobody was so late that searches missed it"
