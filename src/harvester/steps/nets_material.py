"""Papers to try topics on: those of the latest snapshot with what the lists decided, or those of recorded folders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from harvester.curated import snapshots
from harvester.curated.merge import papers
from harvester.errors import DecisionError
from harvester.ids import ArxivId, Subject, arxiv_of, arxiv_subject
from harvester.records import PaperRecord
from harvester.steps.nets import Judged, merged
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
        _judged(row, arxiv_id, True, bool(sections[row["subject"]]), sections[row["subject"]])
        for row in rows
        if row["title"] and (arxiv_id := arxiv_of(row["subject"]))
    ]


def recorded_papers(
    metadata: Iterable[Mapping[str, Any]],
    sightings: Iterable[Mapping[str, Any]],
    labels: Iterable[Mapping[str, Any]],
    categories: tuple[str, ...],
) -> list[Judged]:
    """Joins rows of recorded folders by arXiv id: metadata, sightings with their day, and labels with the day of listing.

    A paper without categories of its own counts as one of `categories`: streams are of these. A sighting after the
    paper was listed came too late.
    """
    listed: dict[str, str] = {}
    sections: dict[str, list[str]] = defaultdict(list)
    for row in labels:
        for name in {row.get("arxiv_id"), *(row.get("all_arxiv_ids") or ())} - {None}:
            day = str(row["date_first_added"])
            listed[name] = min(day, listed.get(name, day))
            placements = row.get("placements") or [row]
            sections[name].append(str(placements[0].get("section") or ""))
    seen: dict[str, str] = {}
    for row in sightings:
        day = str(row.get("harvested_at") or row.get("announced") or row.get("day"))[:10]
        seen[row["arxiv_id"]] = min(day, seen.get(row["arxiv_id"], day))
    return merged(_recorded(metadata, seen, listed, sections, categories))


def _recorded(
    metadata: Iterable[Mapping[str, Any]],
    seen: Mapping[str, str],
    listed: Mapping[str, str],
    sections: Mapping[str, list[str]],
    categories: tuple[str, ...],
) -> Iterator[Judged]:
    for row in metadata:
        name = row["arxiv_id"]
        if name in seen or name in listed:
            in_time = name in seen and seen[name] <= listed.get(name, seen[name])
            own = {**row, "categories": row.get("categories") or categories}
            yield _judged(own, ArxivId(name), in_time, name in listed, sections.get(name, ()))


def _judged(row: Mapping[str, Any], arxiv_id: ArxivId, seen: bool, accepted: bool, sections: Iterable[str]) -> Judged:
    categories = tuple(row["categories"])
    record = PaperRecord(
        arxiv_id=arxiv_id,
        version=1,
        title=row["title"],
        abstract=row["abstract"] or "",
        authors=tuple(row.get("authors") or ()),
        categories=categories,
        primary_category=row.get("primary_category") or categories[0],
        submitted_at=_UNKNOWN,
        updated_at=_UNKNOWN,
        comment=row.get("comment"),
        journal_ref=None,
        doi=None,
        withdrawn=None,
        withdrawn_evidence=None,
        source="recorded",
        said_at=_UNKNOWN,
    )
    return Judged(papers((record,), (), ())[arxiv_subject(arxiv_id)], seen, accepted, tuple(sections))
