"""Papers to try topics on: those of the latest snapshot with what the lists decided, or those of recorded folders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from harvester.curated import snapshots
from harvester.curated.merge import papers
from harvester.errors import DecisionError
from harvester.ids import ArxivId, Subject, arxiv_of, arxiv_subject
from harvester.records import PaperRecord
from harvester.steps.nets import Judged, merged
from harvester.steps.recorded import Recorded
from harvester.steps.recorded_history import record
from harvester.steps.standing import Standing

_UNKNOWN = datetime(1991, 8, 14, tzinfo=UTC)  # arXiv's first day; matching asks for no date


def own_papers(standing: Standing) -> list[Judged]:
    """Reads the papers of the latest snapshot; accepted are those that stand on a list now."""
    latest = snapshots.latest(standing.data / "curated")
    if latest is None:
        raise DecisionError(
            [f"{standing.data} holds no snapshot yet: a night makes the first, or name a folder with --data"]
        )
    sections: dict[Subject, list[str]] = defaultdict(list)
    for entry in standing.folded.entries:
        sections[entry.subject].append(entry.section)
    columns = ["subject", "title", "abstract", "authors", "categories", "primary_category", "comment"]
    rows = snapshots.read_table(latest, "papers").select(columns).to_pylist()
    return [
        _judged(_own_record(row, arxiv_id), True, bool(sections[row["subject"]]), sections[row["subject"]])
        for row in rows
        if row["title"] and (arxiv_id := arxiv_of(row["subject"]))
    ]


def recorded_papers(recorded: Recorded, categories: tuple[str, ...]) -> list[Judged]:
    """Joins what recorded folders hold of all lists, with texts of whatever version: nets learn nothing from them.

    A paper of which not all categories are known counts as one of `categories`: streams are of these. A sighting after the
    paper was listed came too late.
    """
    sections: dict[ArxivId, list[str]] = defaultdict(list)
    listed: dict[ArxivId, date] = {}
    for entries in recorded.lists.values():
        for number, entry in entries.items():
            sections[number].append(entry.section)
            listed[number] = min(entry.on, listed.get(number, entry.on))
    found = []
    for number, rows in recorded.metadata.items():
        seen = recorded.seen.get(number)
        if number in listed or (seen and seen.new):
            told = record(number, rows[0])
            told = told if told.categories else replace(told, categories=categories)
            in_time = bool(seen and seen.new and seen.on <= listed.get(number, seen.on))
            found.append(_judged(told, in_time, number in listed, sections.get(number, ())))
    return merged(found)


def _own_record(row: Mapping[str, Any], arxiv_id: ArxivId) -> PaperRecord:
    return PaperRecord(
        arxiv_id=arxiv_id,
        version=1,
        title=row["title"],
        abstract=row["abstract"] or "",
        authors=tuple(row["authors"] or ()),
        categories=tuple(row["categories"]),
        primary_category=row["primary_category"] or "",
        submitted_at=_UNKNOWN,
        updated_at=_UNKNOWN,
        comment=row["comment"],
        journal_ref=None,
        doi=None,
        withdrawn=None,
        withdrawn_evidence=None,
        source="snapshot",
        said_at=_UNKNOWN,
    )


def _judged(record: PaperRecord, seen: bool, accepted: bool, sections: Iterable[str]) -> Judged:
    return Judged(papers((record,), (), ())[arxiv_subject(record.arxiv_id)], seen, accepted, tuple(sections))
