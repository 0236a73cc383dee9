"""A scripted feed over real sockets: whatever arXiv does to its pages, every paper is found and counted once."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from night_runner import run_night

from harvester.rehearsal import Rehearsal, World, rehearse
from harvester.rehearsal.facts import PaperFacts, Version
from harvester.report import Report
from harvester.settings import Settings, load_settings

FIRST = datetime(2024, 6, 3, 3, tzinfo=UTC)
BEGIN = FIRST - timedelta(days=70)
TOPICS = """
categories = ["cs.CL"]
[harvest]
since = 60
[topics.pruning]
include = ["pruning"]
exclude = ["tree pruning"]
"""
LIST = 'title = "L"\nstyle = "bullets"\n[[sections]]\npath = "Pruning"\ntopics = ["pruning"]\n'


def lot(*words: object) -> int:
    """Draws lots without chance."""
    return int.from_bytes(hashlib.sha256(repr(words).encode()).digest()[:4], "big")


def paper(number: int, submitted: datetime, late: timedelta, subject: str = "pruning") -> PaperFacts:
    return PaperFacts(
        id=f"{submitted:%y%m}.{number:05d}",
        title=f"A paper on {subject}, number {number}",
        authors=("Ada Author",),
        categories=("cs.CL",) if number % 3 else ("stat.ML", "cs.CL"),
        topic="pruning",
        versions=(Version(submitted, submitted + late, "It is what the title says.", None, False),),
        repository=None,
        doi=None,
        journal_ref=None,
        semantic_scholar=None,
        openalex=None,
        openalex_merged=False,
        synthetic=("all",),
    )


def feed(days: int, a_day: int) -> list[PaperFacts]:
    """Papers of every day, many of them in one second; one in three surfaces up to seven days late."""
    papers = []
    for day in range(days):
        for place in range(a_day):
            submitted = BEGIN + timedelta(days=day, seconds=lot(day, place % 3) % 86_400)
            late = timedelta(seconds=lot(day, place, "late") % (7 * 86_400 + 1)) if place % 3 == 0 else timedelta(0)
            papers.append(paper(day * a_day + place, submitted, late))
    return papers


@contextmanager
def harvested(home: Path, papers: Sequence[PaperFacts], topics: str = TOPICS) -> Iterator[tuple[Rehearsal, Settings]]:
    (home / "editorial" / "lists").mkdir(parents=True)
    (home / "editorial" / "topics.toml").write_text(topics)
    (home / "editorial" / "lists" / "l.toml").write_text(LIST)
    with rehearse(at=FIRST, world=World(papers, ())) as running:
        paces = {f"HARVESTER_{name}_INTERVAL": "0" for name in ("ARXIV", "GITHUB", "SEMANTIC_SCHOLAR", "OPENALEX")}
        yield running, load_settings({**running.settings(), **paces, "HARVESTER_STATE": str(home / "state")}, home)


def night(running: Rehearsal, settings: Settings, at: datetime) -> Report:
    running.move_to(at)
    running.reset_log()
    return run_night(settings, at)


def found(settings: Settings) -> Counter[str]:
    table = pd.read_parquet(settings.data / "curated" / "latest" / "papers.parquet")
    return Counter(subject.removeprefix("arxiv:") for subject in table["subject"])


def truth(running: Rehearsal, at: datetime, since: datetime) -> Counter[str]:
    return Counter(p.id for p in running.world.papers_visible(at) if p.published.date() >= since.date())


SIZE = {"size": 60, "times": None}
FEEDS: dict[str, list[dict[str, Any]]] = {
    "honest": [],
    "smaller pages than asked for": [{"kind": "small_pages", **SIZE}],
    "out of order": [{"kind": "shuffled_page", **SIZE}],
    "twice": [{"kind": "entries_twice", **SIZE}],
    "overlapping": [{"kind": "overlapping_pages", **SIZE}],
    "unstable sort": [{"kind": "unstable_order", **SIZE}],
    "total too high": [{"kind": "wrong_total", "off": 5, "times": None}],
    "total too low": [{"kind": "wrong_total", "off": -5, "times": None}],
    "total of nothing": [{"kind": "wrong_total", "total": 0, "times": None}],
    "an empty page": [{"kind": "empty_page"}],
    "an empty page in the middle": [{"kind": "empty_page", "after": 1}, {"kind": "small_pages", **SIZE}],
}


@pytest.mark.parametrize("name", FEEDS)
def test_every_paper_up_to_seven_days_late_is_found_by_the_next_night_and_counted_once(
    tmp_path: Path, name: str
) -> None:
    with harvested(tmp_path, feed(80, 9)) as (running, settings):
        nights = [FIRST + timedelta(days=day) for day in (0, 1, 2, 4, 9)]
        for at in nights:
            running.behave()
            for fault in FEEDS[name]:
                running.play({"upstream": "arxiv", **fault})
            report = night(running, settings, at)
            assert found(settings) == truth(running, at, FIRST - timedelta(days=60)), at
            lies = name == "total too high"  # five papers are promised that never come: nobody can call it complete
            assert report.state == ("degraded" if lies else "done"), report.causes
        late = [p for p in running.world.papers_visible(nights[-1]) if p.modified - p.published > timedelta(days=6)]
        assert len(late) > 10


@pytest.mark.parametrize("missed", [1, 30, 60])
def test_missed_nights_are_caught_up_in_one_run_within_the_page_budget(tmp_path: Path, missed: int) -> None:
    with harvested(tmp_path, feed(140, 25), TOPICS.replace("since = 60", "since = 10\npages = 12")) as (r, settings):
        night(r, settings, FIRST)
        at = FIRST + timedelta(days=missed + 1)
        report = night(r, settings, at)
        assert (report.state, [note for note in report.notes if "not asked tonight" in note]) == ("done", [])
        assert found(settings) == truth(r, at, FIRST - timedelta(days=10))
        papers = (missed + 9) * 25
        assert len(r.requests("arxiv")) <= papers // 500 + 1 + 2
        night(r, settings, at + timedelta(days=1))
        assert len(r.requests("arxiv")) == 1


def test_what_the_page_budget_leaves_is_told_and_asked_by_the_next_nights(tmp_path: Path) -> None:
    with harvested(tmp_path, feed(75, 40), TOPICS.replace("since = 60", "since = 60\npages = 3")) as (r, settings):
        left = []
        for day in range(6):
            at = FIRST + timedelta(days=day)
            report = night(r, settings, at)
            left += [note for note in report.notes if note.startswith("not asked tonight")]
            assert len([request for request in r.requests("arxiv") if "id_list" not in request.path]) <= 3
        assert re.fullmatch(
            r"not asked tonight \(harvest\.pages in topics\.toml is 3\), the next night goes on: "
            r"papers submitted from 2024-04-04 until 2024-05-\d\d, 1 spelling",
            left[0],
        )
        assert 1 < len(left) < 6
        assert found(settings) == truth(r, at, FIRST - timedelta(days=60 - len(left)))


@pytest.mark.parametrize("pages", [1, 2])
def test_the_smallest_budget_still_settles_days_every_night(tmp_path: Path, pages: int) -> None:
    topics = TOPICS.replace("since = 60", f"since = 30\npages = {pages}")
    with harvested(tmp_path, feed(85, 4), topics) as (r, settings):
        for day in range(4):
            at = FIRST + timedelta(days=day)
            report = night(r, settings, at)
            assert len([request for request in r.requests("arxiv") if "id_list" not in request.path]) <= 2
        assert not [note for note in report.notes if note.startswith("not asked tonight")]
        assert found(settings) >= truth(r, at, at - timedelta(days=30))


def test_a_new_phrase_is_asked_back_and_nothing_else_is_asked_anew(tmp_path: Path) -> None:
    papers = [
        *feed(75, 5),
        *(paper(90_000 + n, BEGIN + timedelta(days=n), timedelta(0), "sparsity") for n in range(75)),
    ]
    with harvested(tmp_path, papers) as (running, settings):
        night(running, settings, FIRST)
        assert sum(number.endswith(tuple(f"{n:05d}" for n in range(90_000, 90_075))) for number in found(settings)) == 0
        topics = settings.editorial / "topics.toml"
        topics.write_text(TOPICS.replace('["pruning"]', '["pruning", "Sparsity"]'))
        at = FIRST + timedelta(days=1)
        report = night(running, settings, at)
        searches = [talk.asked for talk in report.talks if talk.what.startswith("search")]
        assert searches == [
            "papers submitted from 2024-05-27 until 2024-06-05, 2 spellings",
            "papers submitted from 2024-04-27 until 2024-05-27, 1 spelling",
            "papers submitted from 2024-04-05 until 2024-04-27, 1 spelling",
        ]
        assert found(settings) == truth(running, at, FIRST - timedelta(days=60)) - Counter(
            p.id
            for p in papers
            if "sparsity" in p.title and p.versions[0].submitted.date() < (at - timedelta(days=60)).date()
        )
        topics.write_text(TOPICS)
        night(running, settings, at + timedelta(days=1))
        topics.write_text(TOPICS.replace('["pruning"]', '["pruning", "sparsity"]'))
        last = night(running, settings, at + timedelta(days=2))
        assert [talk.asked for talk in last.talks if talk.what.startswith("search")] == [
            "papers submitted from 2024-05-29 until 2024-06-07, 2 spellings",
            "papers submitted from 2024-05-28 until 2024-05-29, 1 spelling",
        ]
