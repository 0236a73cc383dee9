"""From landings and decisions to everything a snapshot holds: the one fold that night, publish and replay share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from harvester.curated import counts, match, merge, renames, twins, works
from harvester.definitions import Editorial
from harvester.editorial import entries as listed
from harvester.editorial import pairs, queue
from harvester.editorial.again import Told, put_aside, second_looks
from harvester.editorial.places import astray, decisions_now
from harvester.editorial.seen import numbers_seen
from harvester.ids import Subject, arxiv_subject, is_paper, repo_of, repo_subject
from harvester.records import (
    Candidate,
    Count,
    Decision,
    Entry,
    Kind,
    Match,
    Observation,
    Paper,
    PaperRecord,
    Repo,
    Twin,
)
from harvester.steps.gather import Gathered


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
    twins: tuple[Twin, ...]
    notes: tuple[str, ...]  # what decisions leave to be settled, in words


def fold(gathered: Gathered, decisions: Iterable[Decision], editorial: Editorial, as_of: datetime) -> Folded:
    """Folds what was said into what a snapshot holds; pure."""
    decisions = decisions_now(decisions, editorial.lists)
    judged = listed.fold(decisions)
    entries = tuple(judged.entries)
    asked = (seen.subject for seen in gathered.observations if seen.kind == "citations")
    named = {entry.subject for entry in entries if is_paper(entry.subject)} | set(asked)
    papers = merge.papers(gathered.papers, gathered.absences, named)
    matcher = match.compile_topics(editorial.topics)
    matches = tuple(found for paper in papers.values() for found in matcher.matches(paper))
    new = {subject: paper for subject, paper in papers.items() if subject in gathered.harvested}
    looks = second_looks(judged, papers, _versions(gathered, judged))
    waiting = [
        candidate
        for definition in editorial.lists
        for candidate in queue.candidates(new, matches, judged, definition, as_of.date(), looks)
    ]
    same = _twins(gathered, papers, {match.subject for match in matches}, judged)
    candidates = tuple(pairs.once_each(waiting, twins.groups(same, pairs.held_apart(judged)), judged))
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
    holding = (decision for decision in decisions if decision.id in judged.effective)
    held = [*renames.attributed(gathered.observations, gathered.repos), *numbers_seen(holding)]
    return Folded(
        papers=papers,
        repos=repos,
        links=tuple(sorted(set(links))),
        matches=matches,
        entries=entries,
        candidates=candidates,
        counts=counts.counts(held),
        history=tuple(counts.history(held)),
        twins=same,
        notes=(
            *(f"decisions contradict each other: {conflict}" for conflict in judged.conflicts),
            *map(str, listed.outdated(judged, lambda subject: _words(papers.get(subject)))),
            *_strange(entries, editorial),
            *renames.taken(gathered.repos, as_of),
            *(str(lost) for definition in editorial.lists for lost in astray(entries, definition)),
        ),
    )


def _versions(gathered: Gathered, judged: listed.Folded) -> Told:
    """Returns what upstreams said of each version of the papers that are put aside."""
    asked = {decision.subject for decision in put_aside(judged)}
    told: dict[tuple[Subject, int], PaperRecord] = {}
    for record in gathered.papers if asked else ():
        if (subject := arxiv_subject(record.arxiv_id)) in asked:
            told[subject, record.version] = record  # the last word on a version: its abstract may have been cut before
    return lambda subject, version: told.get((subject, version))


def _twins(
    gathered: Gathered, papers: Mapping[Subject, Paper], matching: set[Subject], judged: listed.Folded
) -> tuple[Twin, ...]:
    """Finds which of the papers that match or are listed are one, and adds what people said."""
    concerned = matching | {entry.subject for entry in judged.entries}
    told: dict[Subject, list[PaperRecord]] = defaultdict(list)
    for record in gathered.papers:
        if (subject := arxiv_subject(record.arxiv_id)) in concerned:
            told[subject].append(record)
    known = [works.work_of(paper, told[subject]) for subject, paper in papers.items() if subject in concerned]
    known += (works.listed_work(entry) for entry in judged.entries)
    found = {(twin.subject, twin.same_as): twin for twin in twins.twins(known, pairs.held_apart(judged))}
    found |= {(twin.subject, twin.same_as): twin for twin in pairs.joined(judged)}
    return tuple(found[key] for key in sorted(found))


def _words(paper: Paper | None) -> dict[str, str]:
    """The machine's words that editors may replace by their own."""
    if paper is None or paper.record is None:
        return {}
    return {"title": paper.record.title, "authors": ", ".join(paper.record.authors)}


def _strange(entries: Iterable[Entry], editorial: Editorial) -> list[str]:
    """Tells of lists that decisions name and nobody defined: no page shows their entries."""
    known = [definition.slug for definition in editorial.lists]
    strange = Counter(entry.list for entry in entries if entry.list not in known)
    words = "decisions accept {} for list {!r}, which editorial/lists does not define; lists: {}"
    papers = {slug: f"{number} paper{'s' * (number > 1)}" for slug, number in strange.items()}
    return [words.format(papers[slug], slug, ", ".join(known) or "none") for slug in sorted(strange)]


def papers_to_count(folded: Folded) -> list[Subject]:
    """Returns the papers whose citations are asked: those listed and those waiting, in order."""
    subjects = {entry.subject for entry in folded.entries} | {c.subject for c in folded.candidates}
    return sorted(subject for subject in subjects if is_paper(subject))


def repositories_to_count(folded: Folded) -> list[Repo]:
    """Returns the repositories whose stars are asked: those of entries and of candidates; never asked first, then oldest."""

    def asked_at(repo: Repo) -> datetime | None:
        count = folded.counts.get((repo.subject, "stars"))
        return count.asked_at if count else None

    named = {link.repository for link in folded.links} | {entry.subject for entry in folded.entries}
    shown = [repo for repo in folded.repos.values() if named & {repo.subject, *map(repo_subject, repo.aliases)}]
    never = [repo for repo in shown if asked_at(repo) is None]
    known = [(at, repo.subject, repo) for repo in shown if (at := asked_at(repo)) is not None]
    return sorted(never, key=lambda repo: repo.subject) + [repo for *_, repo in sorted(known, key=lambda age: age[:2])]
