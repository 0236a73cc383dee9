"""Nouns become tables: one function a table, and one line a column."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC
from typing import TYPE_CHECKING

from harvester.curated.counts import disagree
from harvester.curated.merge import RepoLink
from harvester.curated.schema import Row, build_table
from harvester.ids import Subject, arxiv_of, doi_of
from harvester.records import Candidate, Count, Entry, Kind, Match, Observation, Paper, Repo, Twin
from harvester.scores import Rated

if TYPE_CHECKING:
    import pyarrow as pa

Counts = Mapping[tuple[Subject, Kind], Count]


def build(
    papers: Mapping[Subject, Paper],
    repos: Mapping[Subject, Repo],
    links: Iterable[RepoLink],
    matches: Iterable[Match],
    entries: Iterable[Entry],
    candidates: Iterable[Candidate],
    counts: Counts,
    history: Iterable[Observation],
    twins: Iterable[Twin] = (),
) -> dict[str, pa.Table]:
    """Builds all tables of a snapshot, by the names that `snapshots.publish` expects."""
    candidates = list(candidates)
    by_paper: dict[Subject, list[Match]] = defaultdict(list)
    for match in matches:
        by_paper[match.subject].append(match)
    return {
        "papers": papers_table(papers.values(), counts, by_paper),
        "repositories": repositories_table(repos.values(), counts),
        "paper_repositories": paper_repositories_table(links),
        "entries": entries_table(entries),
        "candidates": candidates_table(candidates, papers),
        "scores": scores_table(candidates),
        "twins": build_table("twins", [asdict(twin) for twin in twins]),
        **observation_tables(history),
    }


def papers_table(papers: Iterable[Paper], counts: Counts, matches: Mapping[Subject, Sequence[Match]]) -> pa.Table:
    """Builds `papers`; a paper without a count was never asked about."""
    return build_table("papers", [_paper(paper, counts, matches.get(paper.subject, ())) for paper in papers])


def _paper(paper: Paper, counts: Counts, matches: Sequence[Match]) -> Row:
    record = paper.record
    citations = _count(counts, paper.subject, "citations")
    return {
        "subject": paper.subject,
        "arxiv_id": arxiv_of(paper.subject),
        "version": record and record.version,
        "title": record and record.title,
        "abstract": record and record.abstract,
        "authors": record.authors if record else (),
        "categories": record.categories if record else (),
        "primary_category": record and record.primary_category,
        "submitted_at": record and record.submitted_at,
        "updated_at": record and record.updated_at,
        "withdrawn": paper.withdrawn,
        "withdrawn_evidence": paper.withdrawn_evidence,
        "comment": record and record.comment,
        "journal_ref": record and record.journal_ref,
        "doi": record.doi if record else doi_of(paper.subject),
        "versions": [asdict(version) for version in paper.versions],
        "topics": [match.topic for match in matches],
        "first_seen_at": paper.first_seen_at,
        "metadata_status": paper.metadata_status,
        "metadata_as_of": paper.metadata_as_of,
        "citations": citations.value,
        "citations_source": citations.source,
        "citations_status": citations.status,
        "citations_as_of": citations.as_of,
        "citations_asked_at": citations.asked_at,
        "citations_disagree": disagree(citations),
    }


def repositories_table(repos: Iterable[Repo], counts: Counts) -> pa.Table:
    """Builds `repositories`; a repository without a count was never asked about."""
    return build_table("repositories", [_repo(repo, _count(counts, repo.subject, "stars")) for repo in repos])


def _repo(repo: Repo, stars: Count) -> Row:
    record = repo.record
    return {
        "subject": repo.subject,
        "name": repo.name,
        "node_id": record and record.node_id,
        "stars": stars.value,
        "stars_status": stars.status,
        "stars_as_of": stars.as_of,
        "archived": record and record.archived,
        "fork": record and record.fork,
        "forks": record and record.forks,
        "description": record and record.description,
        "license": record and record.license,
        "language": record and record.language,
        "pushed_at": record and record.pushed_at,
        "created_at": record and record.created_at,
        "aliases": repo.aliases,
        "status": repo.status,
        "as_of": repo.as_of,
    }


def _count(counts: Counts, subject: Subject, kind: Kind) -> Count:
    return counts.get((subject, kind)) or Count(subject, kind, None, None, None, "never_asked", None)


def paper_repositories_table(links: Iterable[RepoLink]) -> pa.Table:
    """Builds `paper_repositories`; the same link twice is one row."""
    return build_table("paper_repositories", [asdict(link) for link in set(links)])


def entries_table(entries: Iterable[Entry]) -> pa.Table:
    """Builds `entries`; the order in which the entries of a list come is its reading order."""
    placed: Counter[str] = Counter()
    rows: list[Row] = []
    for entry in entries:
        placed[entry.list] += 1
        own = {
            "list": entry.list,
            "subject": entry.subject,
            "place": entry.place,
            "section": entry.section,
            "position": placed[entry.list],
            "order": entry.order,
            "note": entry.note,
            "decided_at": entry.decided_at,
            "decided_by": entry.decided_by,
            "decision": entry.decision,
        }
        rows.append({**own, **asdict(entry.wording)})
    return build_table("entries", rows)


def candidates_table(candidates: Iterable[Candidate], papers: Mapping[Subject, Paper]) -> pa.Table:
    """Builds `candidates`; the order in which the candidates of a list come is its queue."""
    placed: Counter[str] = Counter()
    rows: list[Row] = []
    for candidate in candidates:
        placed[candidate.list] += 1
        paper = papers.get(candidate.subject)
        rows.append(_candidate(candidate, placed[candidate.list], paper))
    return build_table("candidates", rows)


def _candidate(candidate: Candidate, position: int, paper: Paper | None) -> Row:
    record = paper.record if paper else None
    hits = [(match.topic, hit) for match in candidate.matches for hit in match.hits]
    return {
        "list": candidate.list,
        "subject": candidate.subject,
        "position": position,
        "arxiv_id": arxiv_of(candidate.subject),
        "title": record and record.title,
        "first_seen_at": candidate.first_seen_at,
        "topics": [match.topic for match in candidate.matches],
        "phrases": list(dict.fromkeys(hit.phrase for _, hit in hits)),
        "evidence": [{"topic": topic, **asdict(hit)} for topic, hit in hits],
        "section": candidate.section,
        "state": "deferred" if candidate.deferred_until else "waiting",
        "deferred_until": candidate.deferred_until,
        "withdrawn": candidate.withdrawn,
        "submitted_at": record and record.submitted_at,
        "again": candidate.again and candidate.again.why,
        "again_of": candidate.again and candidate.again.decision,
    }


def scores_table(candidates: Iterable[Candidate]) -> pa.Table:
    """Builds `scores`: what a night made of the candidates; none of one that no night has tried to rank."""
    return build_table("scores", [_rated(one, one.rated) for one in candidates if one.rated])


def _rated(candidate: Candidate, rated: Rated) -> Row:
    score, threshold = rated.score, rated.threshold
    return {
        "list": candidate.list,
        "subject": candidate.subject,
        "score": score and score.score,
        "why": rated.why,
        "basis": rated.basis,
        "scored_version": rated.version,
        "reasons": [asdict(reason) for reason in score.reasons] if score else [],
        "nearest": [asdict(near) for near in score.nearest] if score else [],
        "sections": [asdict(guess) for guess in rated.guesses],
        "place": rated.place,
        "let_in_on": rated.let_in_on,
        "threshold": threshold and threshold.score,
        "threshold_kept": threshold and threshold.kept,
        "threshold_of": threshold and threshold.of,
    }


def observation_tables(history: Iterable[Observation]) -> dict[str, pa.Table]:
    """Builds one table of observations a month of `said_at` (UTC), by name: "observations/2026-11"."""
    months: dict[str, list[Row]] = defaultdict(list)
    for observation in history:
        said_at = observation.said_at.astimezone(UTC)
        row = {
            "subject": observation.subject,
            "kind": observation.kind,
            "source": observation.source,
            "said_at": said_at,
            "value": observation.value,
            "status": observation.status,
            "set_aside": observation.set_aside,
        }
        months[f"observations/{said_at:%Y-%m}"].append(row)
    return {name: build_table("observations", months[name]) for name in sorted(months)}
