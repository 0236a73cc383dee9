"""What the latest snapshot says about papers and repositories, for those who look before anything is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from harvester.curated import snapshots
from harvester.curated.facts import read_paper_facts, read_repo_facts
from harvester.pages import PaperFacts, RepoFacts
from harvester.settings import Settings


@dataclass(frozen=True, slots=True)
class Known:
    """What the latest snapshot says; nothing before the first."""

    papers: tuple[PaperFacts, ...] = ()
    repositories: tuple[RepoFacts, ...] = ()
    as_of: datetime | None = None
    snapshot: str = ""


def read_known(settings: Settings) -> Known:
    """Reads the facts of the latest snapshot."""
    ref = snapshots.latest(settings.data / "curated")
    if ref is None:
        return Known()
    papers = read_paper_facts(snapshots.read_table(ref, "papers"), snapshots.read_table(ref, "paper_repositories"))
    repositories = read_repo_facts(snapshots.read_table(ref, "repositories"))
    return Known(tuple(papers.values()), tuple(repositories.values()), ref.as_of, ref.name)
