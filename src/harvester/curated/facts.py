"""Tables become nouns again: what lists, queue and replay read from a snapshot."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from harvester.ids import RepoName, Subject
from harvester.pages import PaperFacts, RepoFacts
from harvester.records import Candidate, Entry, Hit, Link, Match, Note, Wording

if TYPE_CHECKING:
    import pyarrow as pa


def read_paper_facts(papers: pa.Table, paper_repositories: pa.Table) -> dict[Subject, PaperFacts]:
    """Reads what lists show of papers; repositories are those the paper itself links, not those editors added."""
    linked: dict[str, set[Subject]] = defaultdict(set)
    for row in paper_repositories.to_pylist():
        if row["found_in"] != "entry":
            linked[row["paper"]].add(Subject(row["repository"]))
    shown = ["subject", "title", "authors", "submitted_at", "version", "withdrawn"]
    counted = ["citations", "citations_source", "citations_status", "citations_as_of"]
    return {
        Subject(row["subject"]): PaperFacts(
            **{**row, "authors": tuple(row["authors"])}, repositories=tuple(sorted(linked[row["subject"]]))
        )
        for row in papers.select(shown + counted).to_pylist()
    }


def read_repo_facts(repositories: pa.Table) -> dict[Subject, RepoFacts]:
    """Reads what lists show of repositories, by the subject of the current name."""
    shown = ["subject", "name", "stars", "stars_status", "stars_as_of", "archived", "aliases"]
    return {
        Subject(row["subject"]): RepoFacts(**{**row, "aliases": tuple(RepoName(name) for name in row["aliases"])})
        for row in repositories.select(shown).to_pylist()
    }


def read_entries(entries: pa.Table) -> list[Entry]:
    """Reads the entries of all lists, list by list in reading order."""
    rows = sorted(entries.to_pylist(), key=lambda row: (row["list"], row["position"]))
    return [_entry(row) for row in rows]


def _entry(row: dict[str, Any]) -> Entry:
    wording = Wording(
        title=row["title"],
        url=row["url"],
        authors=row["authors"],
        venue=row["venue"],
        links=tuple(Link(**link) for link in row["links"]),
        notes=tuple(Note(**note) for note in row["notes"]),
        figure=row["figure"],
        figure_width=row["figure_width"],
        listed_on=row["listed_on"],
        marks=tuple(row["marks"]),
        bold=row["bold"],
        citations_seen=row["citations_seen"],
        citations_seen_url=row["citations_seen_url"],
    )
    own = ("list", "subject", "place", "section", "order", "note", "decided_at", "decided_by", "decision")
    return Entry(wording=wording, **{name: row[name] for name in own})


def read_candidates(candidates: pa.Table) -> list[Candidate]:
    """Reads the candidates of all lists, list by list in the order of the queue."""
    rows = sorted(candidates.to_pylist(), key=lambda row: (row["list"], row["position"]))
    return [_candidate(row) for row in rows]


def _candidate(row: dict[str, Any]) -> Candidate:
    hits: dict[str, list[Hit]] = {topic: [] for topic in row["topics"]}
    for found in row["evidence"]:
        hits[found["topic"]].append(Hit(found["phrase"], found["field"], found["text"]))
    subject = Subject(row["subject"])
    return Candidate(
        list=row["list"],
        subject=subject,
        first_seen_at=row["first_seen_at"],
        matches=tuple(Match(subject, topic, tuple(found)) for topic, found in hits.items()),
        section=row["section"],
        deferred_until=row["deferred_until"],
        withdrawn=row["withdrawn"],
    )
