"""From landings and decisions to everything a snapshot holds: the one fold that night, publish and replay share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from harvester.curated import counts, match, merge, renames
from harvester.definitions import Editorial
from harvester.editorial import entries as listed
from harvester.editorial import queue
from harvester.errors import SnapshotError
from harvester.ids import Subject, arxiv_subject, is_paper, repo_of
from harvester.raw import landings
from harvester.records import (
    Absence,
    Candidate,
    Count,
    Decision,
    Entry,
    Kind,
    Landing,
    Match,
    Observation,
    Paper,
    PaperRecord,
    Reading,
    Repo,
    RepoRecord,
)
from harvester.sources import READERS


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that upstreams have said, read anew from their bytes. `digests` are by address of the conversation."""

    papers: tuple[PaperRecord, ...]
    repos: tuple[RepoRecord, ...]
    observations: tuple[Observation, ...]
    absences: tuple[Absence, ...]
    harvested: frozenset[Subject]  # papers that a search brought; the others were asked for by name
    problems: tuple[str, ...]  # each with the landing it was found in
    digests: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Folded:
    """Everything that follows from landings, decisions and definitions."""

    papers: Mapping[Subject, Paper]
    repos: Mapping[Subject, Repo]
    links: tuple[merge.RepoLink, ...]
    matches: tuple[Match, ...]
    entries: tuple[Entry, ...]
    candidates: tuple[Candidate, ...]
    counts: Mapping[tuple[Subject, Kind], Count]
    history: tuple[Observation, ...]
    notes: tuple[str, ...]  # conflicts between decisions, in words


def gather(raw: Path, only: Mapping[str, Sequence[str]] | None = None) -> Gathered:
    """Reads every landing, or only those of a manifest (by address of the conversation and their digests).

    Raises SnapshotError where a landing that a manifest names is missing or has other bytes.
    """
    readings: list[tuple[Landing, Reading]] = []
    digests: dict[str, tuple[str, ...]] = {}
    torn: list[str] = []
    for folder in landings.folders(raw):
        if only is not None and folder.address not in only:
            continue
        known = landings.digests(folder)
        count = len(known) if only is None else len(only[folder.address])
        if only is not None and tuple(only[folder.address]) != known[:count]:
            raise SnapshotError(f"{folder.path}: a landing is missing or was changed; restore it from a backup")
        if not known[:count]:
            continue  # killed before the first answer: nothing was said
        digests[folder.address] = known[:count]
        contents = landings.read_folder(folder)
        torn += contents.torn.values()
        readings += [(landing, _read(landing)) for landing in list(contents.landings.values())[:count]]
    missing = sorted(set(only or ()) - set(digests))
    if missing:
        raise SnapshotError(
            f"{raw / missing[0]} and {len(missing) - 1} more landings are missing; restore them from a backup"
        )
    return Gathered(
        papers=tuple(record for _, reading in readings for record in reading.papers),
        repos=tuple(record for _, reading in readings for record in reading.repos),
        observations=tuple(seen for _, reading in readings for seen in reading.observations),
        absences=tuple(absence for _, reading in readings for absence in reading.absences),
        harvested=frozenset(
            arxiv_subject(record.arxiv_id)
            for landing, reading in readings
            for record in reading.papers
            if is_search(landing.address)
        ),
        problems=(
            *torn,
            *(f"{landing.address}: {problem}" for landing, reading in readings for problem in reading.problems),
        ),
        digests=digests,
    )


def is_search(address: str) -> bool:
    """Tells whether a landing is of a conversation that looked for new papers: `arxiv_api/<night>-search…`."""
    return address.startswith("arxiv_api/") and "-search" in address


def _read(landing: Landing) -> Reading:
    read = READERS.get(landing.request.source)
    if read is None:
        return Reading(problems=(f"no source reads answers of {landing.request.source!r}",))
    return read(landing)


def fold(gathered: Gathered, decisions: Iterable[Decision], editorial: Editorial, as_of: datetime) -> Folded:
    """Folds what was said into what a snapshot holds; pure."""
    judged = listed.fold(decisions)
    entries = tuple(judged.entries)
    asked = (seen.subject for seen in gathered.observations if seen.kind == "citations")
    named = {entry.subject for entry in entries if is_paper(entry.subject)} | set(asked)
    papers = merge.papers(gathered.papers, gathered.absences, named)
    matcher = match.compile_topics(editorial.topics)
    matches = tuple(found for paper in papers.values() for found in matcher.matches(paper))
    new = {subject: paper for subject, paper in papers.items() if subject in gathered.harvested}
    candidates = tuple(
        candidate
        for definition in editorial.lists
        for candidate in queue.candidates(new, matches, judged, definition, as_of.date())
    )
    stars = [seen for seen in gathered.observations if seen.kind == "stars"]
    current = renames.current_names(gathered.repos)
    shown = {entry.subject for entry in entries} | {candidate.subject for candidate in candidates}
    links = [
        *merge.links((paper for subject, paper in papers.items() if subject in shown), current),
        *merge.entry_links(entries, current),
    ]
    listed_repos = (repo for entry in entries if (repo := repo_of(entry.subject)))
    linked_repos = (repo for link in links if (repo := repo_of(link.repository)))
    repos = renames.repositories(gathered.repos, stars, [*listed_repos, *linked_repos])
    held = renames.attributed(gathered.observations, gathered.repos)
    return Folded(
        papers=papers,
        repos=repos,
        links=tuple(sorted(set(links))),
        matches=matches,
        entries=entries,
        candidates=candidates,
        counts=counts.counts(held, current),
        history=tuple(counts.history(held, current)),
        notes=tuple(f"decisions contradict each other: {conflict}" for conflict in judged.conflicts),
    )


def papers_to_count(folded: Folded) -> list[Subject]:
    """Returns the papers whose citations are asked: those listed and those waiting, in order."""
    subjects = {entry.subject for entry in folded.entries} | {c.subject for c in folded.candidates}
    return sorted(subject for subject in subjects if is_paper(subject))


def repositories_to_count(folded: Folded) -> list[Repo]:
    """Returns the repositories whose stars are asked: those of entries and of candidates; never asked first, then oldest."""

    def asked_at(repo: Repo) -> datetime | None:
        count = folded.counts.get((repo.subject, "stars"))
        return count.asked_at if count else None

    never = [repo for repo in folded.repos.values() if asked_at(repo) is None]
    known = [(at, repo.subject, repo) for repo in folded.repos.values() if (at := asked_at(repo)) is not None]
    return sorted(never, key=lambda repo: repo.subject) + [repo for *_, repo in sorted(known, key=lambda age: age[:2])]
