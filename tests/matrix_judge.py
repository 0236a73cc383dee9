"""Judges what a disturbed run leaves: by the world's truth, by what was known before, and by what it says."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow.parquet as pq
from matrix_world import BEFORE, DISTURBED, PLANTED, Stage, foreign, theatre

from harvester.rehearsal import Logged, Unknown
from harvester.rehearsal.matrix import OAI, Trial
from harvester.report import Report

PACES = {"arxiv": 3.0, "github": 1.0, "semantic_scholar": 1.0, "openalex": 0.1}
MOST_MORE = 10  # requests that one fault may cost
_META = ("version", "title", "abstract", "authors", "categories", "submitted_at", "updated_at")
_COUNT = ("citations", "citations_source", "citations_status")
_REPO = ("name", "node_id", "stars", "stars_status", "archived", "fork", "forks", "description", "license", "language")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What a snapshot says, by subject, and the pages made from it."""

    papers: Mapping[str, Row]
    repos: Mapping[str, Row]
    waiting: frozenset[str]
    listed: frozenset[str]
    links: frozenset[tuple[str, str]]
    pages: Mapping[str, str]

    def known(self) -> dict[str, Any]:
        """All but times: what a run that was not disturbed tells as well."""
        papers = {subject: [row[name] for name in (*_META, *_COUNT)] for subject, row in self.papers.items()}
        repos = {subject: [row[name] for name in (*_REPO, "aliases")] for subject, row in self.repos.items()}
        rest = {"waiting": self.waiting, "listed": self.listed, "links": self.links}
        return {**papers, **repos, **rest}


def read(home: Path) -> Told:
    latest = home / "data" / "curated" / "latest"
    tables = {
        name: pq.read_table(latest / f"{name}.parquet").to_pylist()
        for name in ("papers", "repositories", "candidates", "entries", "paper_repositories")
    }
    return Told(
        papers={row["subject"]: row for row in tables["papers"]},
        repos={row["subject"]: row for row in tables["repositories"]},
        waiting=frozenset(row["subject"] for row in tables["candidates"]),
        listed=frozenset(row["subject"] for row in tables["entries"]),
        links=frozenset((row["paper"], row["repository"]) for row in tables["paper_repositories"]),
        pages={path.name: path.read_text(encoding="utf-8") for path in (home / "lists").rglob("*.md")},
    )


def attempts(asked: int, usual: int, *, lasting: bool) -> None:
    """One fault costs few requests, and an upstream that fails all the time none without end."""
    most = 4 * usual + MOST_MORE if lasting else usual + MOST_MORE
    assert asked <= most, f"{asked} requests, usually {usual}"


def spacing(log: Sequence[Logged]) -> None:
    """Every upstream's pace was kept, and arXiv's silence after a 429."""
    for name, pace in PACES.items():
        own = [entry for entry in log if entry.upstream.removesuffix("_oai") == name]
        for one, next_one in pairwise(own):
            apart = (datetime.fromisoformat(next_one.virtual) - datetime.fromisoformat(one.virtual)).total_seconds()
            silence = 600.0 if name == "arxiv" and one.status == 429 else pace
            assert apart >= silence - 0.001, f"{name}: {apart} s after a {one.status}"


def kept(before: Told, told: Told) -> None:
    """No row is lost, no entry leaves its page."""
    assert before.papers.keys() <= told.papers.keys()
    nodes = {row["node_id"] for row in told.repos.values()}
    for subject, row in before.repos.items():
        now = theatre().world.repository(row["name"], DISTURBED)
        assert row["node_id"] in nodes or {subject, f"github:{now and now.name.lower()}"} & told.repos.keys(), subject
    assert before.listed == told.listed
    assert before.links <= told.links or len(before.links) <= len(told.links)
    for subject in before.listed:
        assert subject.removeprefix("arxiv:") in told.pages["README.md"], subject


# --- by the world's truth ----------------------------------------------------------------------------------------------


def true(trial: Trial, known: Told, told: Told, report: Report) -> None:
    """Every value is what the world says of tonight, or the last known one with a status that says so."""
    if report.held_back:
        assert told.known() == known.known(), "held back, and changed all the same"
        return
    for subject, row in told.papers.items():
        _true_paper(trial, row, known.papers.get(subject))
        _true_citations(trial, row, known.papers.get(subject))
    for subject, row in told.repos.items():
        _true_repository(trial, row, known.repos.get(subject), any(talk.why for talk in report.talks))


def _true_paper(trial: Trial, row: Row, before: Row | None) -> None:
    world, number = theatre().world, row["subject"].removeprefix("arxiv:")
    assert row["title"] is not None, f"{number} lost its words"
    paper = world.paper(number, DISTURBED, row["version"])
    assert paper is not None, f"nobody published {number} version {row['version']}"
    assert before is None or row["version"] >= before["version"]
    facts = (paper.facts.title, paper.version.abstract, list(paper.facts.authors), list(paper.facts.categories))
    assert (row["title"], row["abstract"], row["authors"], row["categories"]) == facts, f"{number}: {str(row)[:500]}"
    assert (_utc(row["submitted_at"]), _utc(row["updated_at"])) == (paper.published, paper.updated), number
    assert row["withdrawn"] is not True
    assert row["metadata_status"] in ("ok", "failed") or trial.plausible, f"{number}: {row['metadata_status']}"


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=BEFORE.tzinfo) if moment.tzinfo is None else moment


def _true_citations(trial: Trial, row: Row, before: Row | None) -> None:
    world, number = theatre().world, row["subject"].removeprefix("arxiv:")
    value, status, source = row["citations"], row["citations_status"], row["citations_source"]
    truth = {"semantic_scholar": world.semantic_scholar, "openalex": world.openalex}
    confirmed = row["citations_as_of"] is not None and _utc(row["citations_as_of"]) >= DISTURBED
    asked = row["citations_asked_at"] is not None and _utc(row["citations_asked_at"]) >= DISTURBED
    if value is None:
        assert before is None or before["citations"] is None, f"{number} lost its citations"
        unknown = isinstance(world.openalex(number, DISTURBED), Unknown)
        unknown &= isinstance(world.semantic_scholar(number, DISTURBED), Unknown)
        assert unknown or trial.plausible or status in ("failed", "never_asked", "no_count"), f"{number}: {status}"
    elif confirmed:
        first = before is None or before["citations"] is None  # nothing to compare it with
        assert value == truth[source](number, DISTURBED) or (first and trial.credible), f"{number}: {value} of {source}"
        assert status == "ok", status
    else:
        assert before is not None and (value, source) == (before["citations"], before["citations_source"]), number
        assert status in ("failed", "suspect", "no_count") or not asked or (status == "gone" and trial.plausible), (
            status
        )


def _true_repository(trial: Trial, row: Row, before: Row | None, told_so: bool) -> None:
    world = theatre().world
    value, status = row["stars"], row["stars_status"]
    true, earlier = world.stars(row["name"], DISTURBED), world.stars(row["name"], BEFORE)
    if value is None:
        assert before is None or before["stars"] is None, f"{row['name']} lost its stars"
        assert trial.plausible or status in ("failed", "never_asked"), f"{row['name']}: {status}"
    elif _utc(row["stars_as_of"]) >= DISTURBED:
        assert (value, status) == (true, "ok") or (trial.plausible and value == earlier), (
            f"{row['name']}: {value} {status}, not {true}"
        )
    else:
        assert value == earlier, f"{row['name']}: {value}, not {earlier}"
        left = status == "ok" and (
            told_so or trial.upstream == OAI
        )  # nobody is asked any more of an upstream that fails again and again
        assert status in ("failed", "suspect") or left or (status == "gone" and trial.plausible), status
    if row["created_at"] is not None:
        assert row["created_at"].year == 2023, row["created_at"]
    assert row["description"] is None or len(row["description"]) < 100


def reported(trial: Trial, played: Stage, report: Report, *, amiss: bool) -> None:
    """What is amiss is told in one line, and nothing is a mistake of ours."""
    lines = [*report.causes, *report.notes, *(f"{talk.source}: {talk.why}" for talk in report.talks if talk.why)]
    for line in lines:
        assert "\n" not in line and len(line) <= 700, line
        assert "a mistake of ours" not in line and "Traceback" not in line, line
    assert report.exit_code in (0, 3)
    assert (report.state == "degraded") == bool(report.causes)
    mine = {"arxiv": "arxiv_", "arxiv_oai": "arxiv_oai"}.get(trial.played, trial.played)
    counted = {"github": "star", "semantic_scholar": "citation", "openalex": "citation"}.get(trial.played, mine)
    told = [line for line in lines if mine in line or counted in line]
    unseen = trial.plausible or trial.credible  # nobody can tell it from a true answer about what is new
    assert told or not amiss or unseen, f"nobody says what is amiss: {lines}"


def secret(played: Stage) -> None:
    """No key in any file, none in what was said, and nothing at all at another host."""
    assert foreign().seen == []
    spelt = {s.encode() for key in PLANTED.values() for s in (key, quote(key, safe=""), key.replace("/", "\\/"))}
    for name, content in (*_written(played.home), ("what it said", "\n".join(played.said).encode())):
        assert not any(key in content for key in spelt), f"{name} holds a key"


def _written(home: Path) -> Iterator[tuple[str, bytes]]:
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield path.name, gzip.decompress(content) if path.suffix == ".gz" else content
