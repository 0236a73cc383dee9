"""A list as a document, before any markup; and the facts of a snapshot that it is composed from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from harvester.ids import RepoName, Subject
from harvester.records import Status


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What a snapshot says about one paper, as far as a list shows it."""

    subject: Subject
    title: str | None
    authors: tuple[str, ...]
    submitted_at: datetime | None
    version: int | None
    withdrawn: bool | None
    citations: int | None
    citations_source: str | None
    citations_status: Status
    citations_as_of: datetime | None
    repositories: tuple[Subject, ...]  # linked in abstract or comment


@dataclass(frozen=True, slots=True)
class RepoFacts:
    """What a snapshot says about one repository, as far as a list shows it."""

    subject: Subject
    name: RepoName  # current spelling
    stars: int | None
    stars_status: Status
    stars_as_of: datetime | None
    archived: bool | None
    aliases: tuple[RepoName, ...]
