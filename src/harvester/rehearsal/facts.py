"""The facts of the rehearsal's world as its files hold them; when they hold is told in `world.py`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any


@dataclass(frozen=True, slots=True)
class Tally:
    """A count that grows: dated values, then `per_day` more each day after the last of them (whole days, UTC)."""

    since: datetime  # who counts does not know the subject before
    steps: tuple[tuple[date, int], ...] | None  # None: the subject is known, its count is null
    per_day: float
    origin: str  # "synthetic", or who stated the dated values

    def value(self, at: datetime) -> int | None:
        """The count on the day of `at`."""
        if self.steps is None:
            return None
        today = at.date()
        day, value = next((step for step in reversed(self.steps) if step[0] <= today), self.steps[0])
        if (day, value) != self.steps[-1] or today < day:
            return value
        return value + int(self.per_day * (today - day).days)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper: submitted at one time, to be seen from a later one on."""

    submitted: datetime
    visible: datetime
    abstract: str
    comment: str | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """One paper; `id` is its arXiv id, or its DOI if it never was at arXiv (`at_arxiv` tells)."""

    id: str
    title: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    topic: str | None  # None: not about efficiency
    versions: tuple[Version, ...]
    repository: str | None
    doi: str | None  # the publisher's
    journal_ref: str | None
    semantic_scholar: Tally | None
    openalex: Tally | None
    openalex_merged: bool  # the work carries the publisher's DOI only
    synthetic: tuple[str, ...]  # fields that were made up

    @property
    def at_arxiv(self) -> bool:
        """Whether arXiv has it."""
        return not self.id.startswith("10.")


@dataclass(frozen=True, slots=True)
class RepositoryEvent:
    """Something that befalls a repository: `renamed` (to another name), `archived` or `deleted`."""

    at: datetime
    kind: str
    to: str | None


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """One repository under the name it was created with."""

    name: str
    id: int
    node_id: str
    created: datetime
    pushed: datetime | None
    stars: Tally
    forks: int
    license: str | None
    language: str | None
    release: tuple[str, datetime] | None
    description: str | None
    events: tuple[RepositoryEvent, ...]
    synthetic: tuple[str, ...]


def read_papers(folder: Traversable | None = None) -> list[PaperFacts]:
    """The papers of a world folder; without one, of the world that the package carries."""
    return [_paper(line) for line in _lines((folder or _carried()) / "papers.jsonl")]


def read_repositories(folder: Traversable | None = None) -> list[RepositoryFacts]:
    """The repositories of a world folder; without one, of the world that the package carries."""
    return [_repository(line) for line in _lines((folder or _carried()) / "repositories.jsonl")]


def _carried() -> Traversable:
    return files("harvester.rehearsal") / "world_files"


def _lines(path: Traversable) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)


def moment(text: str) -> datetime:
    """A time as the files write it (`2024-06-03T00:00:00Z`), aware and UTC."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text!r} has no zone: write 2024-06-03T03:00:00Z")
    return found


def _tally(line: dict[str, Any] | None) -> Tally | None:
    if line is None:
        return None
    steps = line["counts"]
    return Tally(
        since=moment(line["since"]),
        steps=None if steps is None else tuple((date.fromisoformat(day), value) for day, value in steps),
        per_day=line["per_day"],
        origin=line["origin"],
    )


def _version(line: dict[str, Any]) -> Version:
    return Version(
        submitted=moment(line["submitted"]),
        visible=moment(line["visible"]),
        abstract=line["abstract"],
        comment=line.get("comment"),
        withdrawn=line.get("withdrawn", False),
    )


def _paper(line: dict[str, Any]) -> PaperFacts:
    return PaperFacts(
        id=line["id"],
        title=line["title"],
        authors=tuple(line["authors"]),
        categories=tuple(line["categories"]),
        topic=line["topic"],
        versions=tuple(_version(version) for version in line["versions"]),
        repository=line.get("repository"),
        doi=line.get("doi"),
        journal_ref=line.get("journal_ref"),
        semantic_scholar=_tally(line.get("semantic_scholar")),
        openalex=_tally(line.get("openalex")),
        openalex_merged=line.get("openalex_merged", False),
        synthetic=tuple(line.get("synthetic", ())),
    )


def _repository(line: dict[str, Any]) -> RepositoryFacts:
    stars = _tally(line["stars"])
    assert stars is not None, f"{line['name']} has no stars"
    release = line.get("release")
    return RepositoryFacts(
        name=line["name"],
        id=line["id"],
        node_id=line["node_id"],
        created=moment(line["created"]),
        pushed=moment(line["pushed"]) if line.get("pushed") else None,
        stars=stars,
        forks=line["forks"],
        license=line.get("license"),
        language=line.get("language"),
        release=(release[0], moment(release[1])) if release else None,
        description=line.get("description"),
        events=tuple(RepositoryEvent(moment(e["at"]), e["kind"], e.get("to")) for e in line.get("events", ())),
        synthetic=tuple(line.get("synthetic", ())),
    )
