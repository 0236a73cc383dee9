"""Tables become nouns again: what lists, queue and replay read from a snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from harvester.ids import RepoName, Subject
from harvester.pages import GROWTH_DAYS, PaperFacts, RepoFacts
from harvester.records import Candidate, Entry, Hit, Link, Match, Note, Status, Twin, Wording
from harvester.scores import Again, Guess, Nearest, Rated, Reason, Score, Threshold

if TYPE_CHECKING:
    import pyarrow as pa


_Series = tuple[str, str, str]  # subject, kind and source


@dataclass(frozen=True, slots=True)
class History:
    """What the history of the numbers tells.

    `gained` is what each number has gained within GROWTH_DAYS, or since it is known; less than zero where it fell.
    `missing` are repositories that were not found when GitHub last answered: a failure since then is no answer.
    """

    gained: Mapping[_Series, int] = field(default_factory=dict)
    missing: Mapping[str, Status] = field(default_factory=dict)


NO_HISTORY = History()


def read_history(observations: Iterable[pa.Table], last_day: date) -> History:
    """Reads the history up to `last_day` (UTC), in any number of tables."""
    since = datetime.combine(last_day - timedelta(days=GROWTH_DAYS - 1), time(), UTC)
    names = ("subject", "kind", "source", "said_at", "value", "status")
    base: dict[_Series, int] = {}
    last: dict[_Series, int] = {}
    said: dict[str, Status] = {}
    for table in sorted(observations, key=lambda month: _earliest(month)):
        columns = (table[name].to_pylist() for name in names)
        for subject, kind, source, said_at, value, status in zip(*columns, strict=True):
            if kind == "stars" and status != "failed":
                said[subject] = status
            if value is not None:
                key = (subject, kind, source)
                if said_at < since or key not in base:
                    base[key] = value
                last[key] = value
    missing = {subject: status for subject, status in said.items() if status in ("gone", "not_found")}
    return History({key: value - base[key] for key, value in last.items()}, missing)


def _earliest(table: pa.Table) -> datetime:
    import pyarrow.compute as pc

    found: datetime | None = pc.min(table["said_at"]).as_py()
    return found or datetime.min.replace(tzinfo=UTC)


def last_heard(papers: pa.Table, repositories: pa.Table, entries: pa.Table, as_of: datetime) -> datetime | None:
    """Returns when anything was last said, by an upstream or an editor; a night in which all are down hears nothing.

    Upstreams answer after the `as_of` of a night; its decisions were there before, whatever clock dated them.
    """
    import pyarrow.compute as pc

    columns = (
        *(papers[name] for name in ("first_seen_at", "metadata_as_of", "citations_as_of")),
        *(repositories[name] for name in ("as_of", "stars_as_of")),
    )
    found = [moment for column in columns if (moment := pc.max(column).as_py()) is not None]
    decided = pc.max(entries["decided_at"]).as_py()
    return max([*found, *([min(decided, as_of)] if decided else [])], default=None)


def read_paper_facts(
    papers: pa.Table, paper_repositories: pa.Table, history: History = NO_HISTORY
) -> dict[Subject, PaperFacts]:
    """Reads what lists show of papers; repositories are those the paper itself links, not those editors added."""
    linked: dict[str, set[Subject]] = defaultdict(set)
    for row in paper_repositories.to_pylist():
        if row["found_in"] != "entry":
            linked[row["paper"]].add(Subject(row["repository"]))
    shown = ["subject", "title", "authors", "submitted_at", "version", "withdrawn"]
    counted = ["citations", "citations_source", "citations_status", "citations_as_of"]
    return {
        Subject(row["subject"]): PaperFacts(
            **{**row, "authors": tuple(row["authors"])},
            repositories=tuple(sorted(linked[row["subject"]])),
            citations_gained=history.gained.get((row["subject"], "citations", row["citations_source"] or "")),
        )
        for row in papers.select(shown + counted).to_pylist()
    }


def read_repo_facts(repositories: pa.Table, history: History = NO_HISTORY) -> dict[Subject, RepoFacts]:
    """Reads what lists show of repositories, by the subject of the current name."""
    shown = ["subject", "name", "stars", "stars_status", "stars_as_of", "archived", "aliases"]
    return {
        Subject(row["subject"]): RepoFacts(
            **{
                **row,
                "aliases": tuple(RepoName(name) for name in row["aliases"]),
                "stars_status": history.missing.get(row["subject"], row["stars_status"]),
            },
            stars_gained=history.gained.get((row["subject"], "stars", "github")),
        )
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


def read_candidates(candidates: pa.Table, scores: pa.Table | None = None) -> list[Candidate]:
    """Reads the candidates of all lists, list by list in the order of the queue; snapshots of old have no scores."""
    rows = sorted(candidates.to_pylist(), key=lambda row: (row["list"], row["position"]))
    rated = {(row["list"], row["subject"]): _rated(row) for row in (scores.to_pylist() if scores else ())}
    return [_candidate(row, rated.get((row["list"], row["subject"]))) for row in rows]


def _rated(row: dict[str, Any]) -> Rated:
    reasons = tuple(Reason(**reason) for reason in row["reasons"])
    nearest = tuple(Nearest(Subject(near["subject"]), near["similarity"]) for near in row["nearest"])
    limit = (row["threshold"], row["threshold_kept"], row["threshold_of"])
    return Rated(
        score=None if row["score"] is None else Score(row["score"], reasons, nearest),
        basis=row["basis"],
        why=row["why"],
        guesses=tuple(Guess(**guess) for guess in row["sections"]),
        place=row["place"],
        let_in_on=row.get("let_in_on"),
        version=row["scored_version"],
        threshold=None if row["threshold"] is None else Threshold(*limit),
    )


def read_twins(twins: pa.Table) -> list[Twin]:
    """Reads which subjects are one paper."""
    return [Twin(**row) for row in twins.to_pylist()]


def _candidate(row: dict[str, Any], rated: Rated | None) -> Candidate:
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
        again=Again(row["again_of"], row["again"]) if row.get("again") else None,
        rated=rated,
    )
