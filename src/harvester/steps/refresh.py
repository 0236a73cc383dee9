"""Ask again about what is known: metadata of listed papers, stars, citations.

Metadata comes first, for it decides which repositories are linked; stars and citations are asked side by side. Whose turn
it is tonight is decided in `curated/due.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from harvester.curated import due
from harvester.ids import ArxivId, RepoName, Subject, arxiv_of, arxiv_subject
from harvester.records import Conversation, Observation, Repo
from harvester.report import Talk
from harvester.sources import arxiv_api, github, openalex, semantic_scholar
from harvester.steps.ages import citation_numbers, star_numbers
from harvester.steps.fold import Folded, fold, repositories_to_count
from harvester.steps.gather import Gathered, gather
from harvester.steps.night import Night
from harvester.steps.talk import hold, wanted_before

WITHOUT_TOKEN = github.HOURLY  # requests an hour that GitHub allows without a token


def refresh_metadata(night: Night) -> list[Talk]:
    """Asks arXiv for the papers that decisions name, where nothing is known or the knowledge is a week old."""
    wanted = _wanted_before(night, "arxiv_api", "ids") or _ids_wanted(night)

    def ask(told: Any) -> Conversation:
        return arxiv_api.ask_ids([ArxivId(number) for number in told["ids"]])

    return _held(night, "arxiv_api", "ids", wanted, "ids", ask)


def _ids_wanted(night: Night) -> dict[str, Any]:
    gathered, folded = _known(night)
    said_at: dict[Subject, datetime] = {}
    for record in gathered.papers:
        subject = arxiv_subject(record.arxiv_id)
        said_at[subject] = max(record.said_at, said_at.get(subject, record.said_at))
    for absence in gathered.absences:
        said_at[absence.subject] = max(absence.said_at, said_at.get(absence.subject, absence.said_at))
    named = sorted({entry.subject for entry in folded.entries if arxiv_of(entry.subject)})
    requests = night.settings.upstreams["arxiv_api"].requests
    plan = due.metadata_tonight(named, said_at, night.as_of, arxiv_api.IDS, requests)
    return {"ids": sorted(str(arxiv_of(one)) for one in plan.asked), "due": plan.due, "left": plan.left}


def refresh_stars(night: Night) -> list[Talk]:
    """Asks GitHub for the repositories whose turn it is: in batches, or without a token one by one, at most 60."""
    wanted = _wanted_before(night, "github", "stars") or _stars_wanted(night)
    size = night.settings.upstreams["github"].batch or github.BATCH
    return _held(night, "github", "stars", wanted, "repositories", lambda told: _ask_github(told, size))


def _stars_wanted(night: Night) -> dict[str, Any]:
    _, folded = _known(night)
    upstream = night.settings.upstreams["github"]
    repos = {repo.subject: repo for repo in repositories_to_count(folded)}
    numbers = star_numbers(folded)
    if upstream.key:
        plan = due.tonight(numbers, night.as_of, upstream.batch or github.BATCH, upstream.requests)
        known = _known_as([repos[subject] for subject in plan.asked], folded)
        return {"by": "graphql", "repositories": known, "due": plan.due, "left": plan.left}
    plan = due.tonight(numbers, night.as_of, 1, len(repos))
    known = _known_as([repos[subject] for subject in plan.asked], folded)
    budget = min(upstream.requests, WITHOUT_TOKEN)
    left = max(0, plan.due - budget)
    return {"by": "rest", "repositories": known, "budget": budget, "due": plan.due, "left": left}


def _known_as(asked: Sequence[Repo], folded: Folded) -> list[list[str | int | None]]:
    """Writes what each is asked by; where an id led nowhere last time, the name is asked as well, after all others.

    So it is told when somebody else has taken the name, and should GitHub change its ids, the number under the name joins
    the new one to the old.
    """
    known = [_identified(repo, folded) for repo in asked]
    lost = [repo.name for repo, told in zip(asked, known, strict=True) if len(told) > 2 and repo.status in _LOST]
    return known + [[name, None] for name in lost]


_LOST = ("gone", "failed")


def _identified(repo: Repo, folded: Folded) -> list[str | int | None]:
    """Writes what a repository is asked by: its name, the ETag of the last answer, its node id and its number.

    An id that was told on one day only and leads nowhere may have been a mistake in that day's answer: then the name is
    asked, and whether it is the same repository that answers is told by its number.
    """
    record, count = repo.record, folded.counts.get((repo.subject, "stars"))
    once = count and count.first_at and count.as_of and count.first_at.date() == count.as_of.date()
    if record is None or (repo.status == "gone" and once):
        return [repo.name, None]
    return [repo.name, record.etag, record.node_id, record.number]


def _ask_github(wanted: Any, size: int) -> Conversation:
    asked = [(_asked(*told), told[1]) for told in wanted["repositories"]]
    if wanted["by"] == "graphql":
        return github.ask([one for one, _ in asked], size)
    return github.ask_rest(asked, wanted["budget"])


def _asked(name: str, etag: str | None, node_id: str | None = None, number: int | None = None) -> github.Asked:
    return github.Known(RepoName(name), node_id, number) if node_id else RepoName(name)


def refresh_citations(night: Night) -> list[Talk]:
    """Asks Semantic Scholar for the papers whose turn it is, then OpenAlex for those that Semantic Scholar does not know."""
    wanted = _wanted_before(night, "semantic_scholar", "citations") or _citations_wanted(night)
    talks = _ask_citations(night, "semantic_scholar", wanted)
    if not talks:
        return []
    unknown = _wanted_before(night, "openalex", "citations") or _unknown_wanted(night, wanted["papers"])
    return [*talks, *_ask_citations(night, "openalex", unknown)]


def _citations_wanted(night: Night) -> dict[str, Any]:
    _, folded = _known(night)
    upstream = night.settings.upstreams["semantic_scholar"]
    batch = upstream.batch or semantic_scholar.BATCH
    plan = due.tonight(citation_numbers(folded), night.as_of, batch, upstream.requests)
    return {"papers": list(plan.asked), "due": plan.due, "left": plan.left}


def _unknown_wanted(night: Night, asked: Sequence[str]) -> dict[str, Any]:
    """Wants from OpenAlex what Semantic Scholar does not know, those that OpenAlex was never asked for first."""
    gathered = gather(night.settings.data / "raw", night.memory)
    unknown = _unknown_to_semantic_scholar(gathered.observations, asked)
    theirs = {seen.subject: seen.said_at for seen in gathered.observations if seen.source == "openalex"}
    unknown.sort(key=lambda one: (one in theirs, theirs.get(Subject(one)), one))
    upstream = night.settings.upstreams["openalex"]
    room = (upstream.batch or openalex.BATCH) * upstream.requests
    return {"papers": unknown[:room], "due": len(unknown), "left": max(0, len(unknown) - room)}


def _ask_citations(night: Night, source: str, wanted: Any) -> list[Talk]:
    ask = {"semantic_scholar": semantic_scholar.ask, "openalex": openalex.ask}[source]
    usual = {"semantic_scholar": semantic_scholar.BATCH, "openalex": openalex.BATCH}[source]
    size = night.settings.upstreams[source].batch or usual

    def conversation(told: Any) -> Conversation:
        return ask([Subject(subject) for subject in told["papers"]], size)

    return _held(night, source, "citations", wanted, "papers", conversation)


_UNKNOWN = ("not_found", "no_count")


def _unknown_to_semantic_scholar(observations: Sequence[Observation], subjects: Sequence[str]) -> list[str]:
    """Returns the subjects whose last answer of Semantic Scholar was that it does not know them, or not their count."""
    last: dict[str, Observation] = {}
    for seen in observations:
        if seen.source == "semantic_scholar" and seen.status != "failed":
            before = last.get(seen.subject)
            last[seen.subject] = seen if before is None or seen.said_at >= before.said_at else before
    return [subject for subject in subjects if subject in last and last[subject].status in _UNKNOWN]


def _wanted_before(night: Night, source: str, what: str) -> dict[str, Any] | None:
    """Returns what an interrupted run of this night wanted; nothing where an older harvester wrote it otherwise."""
    wanted = wanted_before(night, source, what)
    return wanted if isinstance(wanted, dict) and "due" in wanted else None


def _held(
    night: Night, source: str, what: str, wanted: Any, named: str, ask: Callable[[Any], Conversation]
) -> list[Talk]:
    """Holds the conversation if it is about anybody; the talk tells how many were due and are left for tomorrow."""
    number = len(wanted[named])
    if not number:
        return []
    asked = _counted(number, *_NOUNS[named])
    talk = hold(night, source, what, wanted, asked, ask)
    return [replace(talk, due=wanted["due"], left=wanted["left"])]


_NOUNS = {"ids": ("paper",), "papers": ("paper",), "repositories": ("repository", "repositories")}


def _known(night: Night) -> tuple[Gathered, Folded]:
    gathered = gather(night.settings.data / "raw", night.memory)
    return gathered, fold(gathered, night.said.decisions, night.editorial, night.as_of)


def _counted(count: int, noun: str, plural: str | None = None) -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
