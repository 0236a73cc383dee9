"""The rehearsal's truth as functions of a virtual time: what each upstream knows, and since when.

The played upstreams answer from it, and tests compare what the product stored with it:

>>> world = World.load()
>>> world.semantic_scholar("2303.15647", night)   # an int, None (known, but its count is null) or UNKNOWN
>>> world.repository("owner/name", night)         # a RepositoryNow, or None where GitHub would say NOT_FOUND
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from importlib.resources.abc import Traversable
from typing import Final

from harvester.rehearsal.facts import (
    PaperFacts,
    RepositoryFacts,
    Tally,
    Version,
    read_papers,
    read_repositories,
)

NOWHERE: Final = "2406.99999"  # well-formed, and known to nobody
NIGHTS: Final = tuple(
    datetime(2024, 6, day, 3, tzinfo=UTC) for day in range(3, 17)
)  # a weekend without papers included
ARXIV_DOI: Final = "10.48550/arxiv."


class Unknown(Enum):
    """What an upstream says of a subject it has never heard of; not the same as a count of null."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True, slots=True)
class PaperNow:
    """A paper as arXiv shows it at one time: one version of it, and how many there are."""

    facts: PaperFacts
    number: int  # of the version shown
    version: Version
    versions: tuple[Version, ...]  # all that are visible

    @property
    def id(self) -> str:
        """The arXiv id without version."""
        return self.facts.id

    @property
    def published(self) -> datetime:
        """The submission of version 1, as arXiv's `published` is."""
        return self.versions[0].submitted

    @property
    def updated(self) -> datetime:
        """The submission of the version shown."""
        return self.version.submitted

    @property
    def modified(self) -> datetime:
        """When the newest version became visible: OAI-PMH's datestamp."""
        return self.versions[-1].visible


@dataclass(frozen=True, slots=True)
class RepositoryNow:
    """A repository as GitHub shows it at one time."""

    facts: RepositoryFacts
    name: str  # today's owner/name
    aliases: tuple[str, ...]  # the names it had before
    stars: int
    archived: bool
    touched: datetime  # the last change of its record; a star is none

    @property
    def id(self) -> int:
        """GitHub's number, which a rename does not change."""
        return self.facts.id


class World:
    """All papers and repositories, asked for as of a time (aware, UTC)."""

    def __init__(self, papers: Iterable[PaperFacts], repositories: Iterable[RepositoryFacts]) -> None:
        self.papers: Mapping[str, PaperFacts] = {paper.id.lower(): paper for paper in papers}
        self.repositories = tuple(repositories)
        self._by_doi = {paper.doi.lower(): paper for paper in self.papers.values() if paper.doi}
        self._by_database_id = {repository.id: repository for repository in self.repositories}
        self._by_node_id = {repository.node_id: repository for repository in self.repositories}
        self._by_name: dict[str, list[RepositoryFacts]] = {}
        for repository in self.repositories:
            for name in (repository.name, *(event.to for event in repository.events if event.to)):
                self._by_name.setdefault(name.lower(), []).append(repository)

    @classmethod
    def load(cls, folder: Traversable | None = None) -> World:
        """The world of a folder with `papers.jsonl` and `repositories.jsonl`; without one, the package's own."""
        return _carried() if folder is None else cls(read_papers(folder), read_repositories(folder))

    # -- arXiv ------------------------------------------------------------------------------------------------------

    def paper(self, arxiv_id: str, at: datetime, version: int | None = None) -> PaperNow | None:
        """The newest visible version (or the one asked for) of a paper; None if arXiv does not show it yet."""
        facts = self.papers.get(arxiv_id.lower())
        return paper_now(facts, at, version) if facts is not None and facts.at_arxiv else None

    def papers_visible(self, at: datetime) -> list[PaperNow]:
        """Every paper that arXiv shows, newest versions, by id."""
        found = (paper_now(facts, at) for facts in self.papers.values() if facts.at_arxiv)
        return [paper for paper in found if paper is not None]

    def withdrawn(self, arxiv_id: str, at: datetime) -> bool:
        """Whether the newest visible version is a withdrawal."""
        paper = self.paper(arxiv_id, at)
        return paper is not None and paper.version.withdrawn

    # -- citations --------------------------------------------------------------------------------------------------

    def subject(self, arxiv_id_or_doi: str) -> PaperFacts | None:
        """The paper of an arXiv id (a version is ignored), a publisher's DOI or a 10.48550 DOI."""
        key = arxiv_id_or_doi.lower().removeprefix("doi:").removeprefix("https://doi.org/")
        key = key.removeprefix("arxiv:").removeprefix(ARXIV_DOI)
        return self._by_doi.get(key) or self.papers.get(re.sub(r"v\d+$", "", key))

    def semantic_scholar(self, arxiv_id_or_doi: str, at: datetime) -> int | Unknown | None:
        """Semantic Scholar's citation count: a number, None (known, but null) or UNKNOWN."""
        facts = self.subject(arxiv_id_or_doi)
        return UNKNOWN if facts is None else count(facts.semantic_scholar, at)

    def openalex(self, arxiv_id_or_doi: str, at: datetime) -> int | Unknown | None:
        """OpenAlex's citation count: a number, or UNKNOWN."""
        facts = self.subject(arxiv_id_or_doi)
        return UNKNOWN if facts is None else count(facts.openalex, at)

    def citations(self, arxiv_id_or_doi: str, at: datetime) -> tuple[int, str] | None:
        """The number a list should show and whose it is: Semantic Scholar's, or OpenAlex's for what that does not know."""
        first = self.semantic_scholar(arxiv_id_or_doi, at)
        if isinstance(first, int):
            return first, "semantic_scholar"
        second = self.openalex(arxiv_id_or_doi, at)
        return (second, "openalex") if isinstance(second, int) else None

    # -- GitHub -----------------------------------------------------------------------------------------------------

    def repository(self, name: str, at: datetime) -> RepositoryNow | None:
        """The repository that GitHub leads to from that name, renames followed; None where there is none.

        A name that is in use goes before a name that somebody left.
        """
        found = [repository_now(facts, at) for facts in self._by_name.get(name.lower(), ())]
        alive = [repository for repository in found if repository is not None]
        current = [repository for repository in alive if repository.name.lower() == name.lower()]
        left = [r for r in alive if name.lower() in (alias.lower() for alias in r.aliases)]
        return next(iter(current + left), None)

    def repository_by_id(self, database_id: int, at: datetime) -> RepositoryNow | None:
        """The same by GitHub's number."""
        facts = self._by_database_id.get(database_id)
        return None if facts is None else repository_now(facts, at)

    def repository_by_node(self, node_id: str, at: datetime) -> RepositoryNow | None:
        """The same by GitHub's node id."""
        facts = self._by_node_id.get(node_id)
        return None if facts is None else repository_now(facts, at)

    def stars(self, name: str, at: datetime) -> int | None:
        """The stars of a repository, or None where GitHub has none of that name."""
        repository = self.repository(name, at)
        return None if repository is None else repository.stars

    # -- nights -----------------------------------------------------------------------------------------------------

    def arrivals(self, since: datetime, until: datetime) -> list[PaperNow]:
        """The papers that became visible in `(since, until]`, first versions only."""
        return [p for p in self.papers_visible(until) if since < p.versions[0].visible]

    def revisions(self, since: datetime, until: datetime) -> list[PaperNow]:
        """The papers of which a further version became visible in `(since, until]`; withdrawals are among them."""
        return [p for p in self.papers_visible(until) if since < p.modified and p.versions[0].visible <= since]


@lru_cache(maxsize=1)
def _carried() -> World:
    return World(read_papers(), read_repositories())


def count(tally: Tally | None, at: datetime) -> int | Unknown | None:
    """A tally's value at a time, UNKNOWN before it began."""
    return UNKNOWN if tally is None or at < tally.since else tally.value(at)


def paper_now(facts: PaperFacts, at: datetime, version: int | None = None) -> PaperNow | None:
    """The paper as it stands at a time; None if no version (or not the one asked for) is visible."""
    visible = tuple(v for v in facts.versions if v.visible <= at)
    number = len(visible) if version is None else version
    if not 1 <= number <= len(visible):
        return None
    return PaperNow(facts, number, visible[number - 1], visible)


def repository_now(facts: RepositoryFacts, at: datetime) -> RepositoryNow | None:
    """The repository as it stands at a time; None before its creation and after its deletion."""
    events = [event for event in facts.events if event.at <= at]
    if at < facts.created or any(event.kind == "deleted" for event in events):
        return None
    names = [facts.name, *(event.to for event in events if event.to)]
    pushed = facts.pushed if facts.pushed is not None and facts.pushed <= at else facts.created
    return RepositoryNow(
        facts=facts,
        name=names[-1],
        aliases=tuple(names[:-1]),
        stars=facts.stars.value(at) or 0,
        archived=any(event.kind == "archived" for event in events),
        touched=max(pushed, *(event.at for event in events), facts.created),
    )
