"""Ask again about what is known: metadata of listed papers, stars, citations.

Metadata comes first, for it decides which repositories are linked; stars and citations are asked side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from harvester.ids import ArxivId, RepoName, Subject, arxiv_of, arxiv_subject
from harvester.records import Conversation, Observation
from harvester.report import Talk
from harvester.sources import arxiv_api, github, openalex, semantic_scholar
from harvester.steps.fold import Folded, fold, papers_to_count, repositories_to_count
from harvester.steps.gather import Gathered, gather
from harvester.steps.night import Night
from harvester.steps.talk import hold, wanted_before

METADATA_EVERY = timedelta(days=7)  # listed papers are asked again weekly: revisions and withdrawals come late
WITHOUT_TOKEN = 60  # requests an hour that GitHub allows without a token


def refresh_metadata(night: Night) -> list[Talk]:
    """Asks arXiv for the papers that decisions name, where nothing is known or the knowledge is a week old."""
    wanted = wanted_before(night, "arxiv_api", "ids")
    if wanted is None:
        wanted = _ids_wanted(night)
    if not wanted:
        return []

    def ask(ids: Any) -> Conversation:
        return arxiv_api.ask_ids([ArxivId(i) for i in ids])

    return [hold(night, "arxiv_api", "ids", wanted, _counted(len(wanted), "paper"), ask)]


def _ids_wanted(night: Night) -> list[str]:
    gathered, folded = _known(night)
    said_at: dict[Subject, datetime] = {}
    for record in gathered.papers:
        subject = arxiv_subject(record.arxiv_id)
        said_at[subject] = max(record.said_at, said_at.get(subject, record.said_at))
    for absence in gathered.absences:
        said_at[absence.subject] = max(absence.said_at, said_at.get(absence.subject, absence.said_at))
    named = {entry.subject for entry in folded.entries}
    asked_until = night.as_of - METADATA_EVERY + timedelta(hours=12)  # a night that starts earlier than last week's
    due = (subject for subject in named if subject not in said_at or said_at[subject] <= asked_until)
    return sorted(number for subject in due if (number := arxiv_of(subject)))


def refresh_stars(night: Night) -> list[Talk]:
    """Asks GitHub for the repositories of entries and candidates: all in batches, or without a token the oldest 60."""
    wanted = wanted_before(night, "github", "stars")
    if wanted is None:
        wanted = _stars_wanted(night)
    if not wanted["repositories"]:
        return []
    asked = _counted(len(wanted["repositories"]), "repository", "repositories")
    return [hold(night, "github", "stars", wanted, asked, _ask_github)]


def _stars_wanted(night: Night) -> dict[str, Any]:
    _, folded = _known(night)
    repos = repositories_to_count(folded)
    if night.settings.upstreams["github"].key:
        return {"by": "graphql", "repositories": [[repo.name, None] for repo in repos]}
    etags = [[repo.name, repo.record.etag if repo.record else None] for repo in repos]
    return {"by": "rest", "repositories": etags, "budget": WITHOUT_TOKEN}


def _ask_github(wanted: Any) -> Conversation:
    if wanted["by"] == "graphql":
        return github.ask([RepoName(name) for name, _ in wanted["repositories"]])
    return github.ask_rest([(RepoName(name), etag) for name, etag in wanted["repositories"]], wanted["budget"])


def refresh_citations(night: Night) -> list[Talk]:
    """Asks Semantic Scholar for all papers, then OpenAlex for those that Semantic Scholar does not know."""
    subjects = wanted_before(night, "semantic_scholar", "citations")
    if subjects is None:
        subjects = papers_to_count(_known(night)[1])
    if not subjects:
        return []
    talks = [_ask_citations(night, "semantic_scholar", subjects)]
    unknown = wanted_before(night, "openalex", "citations")
    if unknown is None:
        unknown = _unknown_to_semantic_scholar(gather(night.settings.data / "raw", night.memory).observations, subjects)
    return [*talks, _ask_citations(night, "openalex", unknown)] if unknown else talks


def _ask_citations(night: Night, source: str, subjects: Sequence[str]) -> Talk:
    ask = {"semantic_scholar": semantic_scholar.ask, "openalex": openalex.ask}[source]

    def conversation(wanted: Any) -> Conversation:
        return ask([Subject(subject) for subject in wanted])

    return hold(night, source, "citations", list(subjects), _counted(len(subjects), "paper"), conversation)


def _unknown_to_semantic_scholar(observations: Sequence[Observation], subjects: Sequence[str]) -> list[str]:
    """Returns the subjects whose last answer of Semantic Scholar was that it does not know them."""
    last: dict[str, Observation] = {}
    for seen in observations:
        if seen.source == "semantic_scholar" and seen.status != "failed":
            before = last.get(seen.subject)
            last[seen.subject] = seen if before is None or seen.said_at >= before.said_at else before
    return [subject for subject in subjects if subject in last and last[subject].status == "not_found"]


def _known(night: Night) -> tuple[Gathered, Folded]:
    gathered = gather(night.settings.data / "raw", night.memory)
    return gathered, fold(gathered, night.said.decisions, night.editorial, night.as_of)


def _counted(count: int, noun: str, plural: str | None = None) -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
