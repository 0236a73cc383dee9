"""Recorded folders as histories: what came by, what was accepted, and how papers read on which day.

A text is believed to be of a paper's first day where it is of version 1; of a later version from the day on which a stream
showed that version; of a version that nobody names from the day on which it was harvested. What else there is, a later
version at a day that nobody knows, is not used. Authors count only where they come from where the abstract comes from: who
fills them in afterwards fills them in for the papers that became known, and a model would learn that. Where categories are
known in part only, a paper counts as one of those that are asked for: it came by in a stream of such.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from harvester.editorial.learning.past import History, Sighting, Told, Verdict
from harvester.ids import ArxivId, Subject, arxiv_subject
from harvester.records import PaperRecord
from harvester.steps.recorded import Recorded, Seen
from harvester.steps.recorded_rows import Row, read_day, read_version
from harvester.steps.texts import Reader

_LONG_AGO = datetime(1991, 8, 14, tzinfo=UTC)  # arXiv's first day, for what these folders do not tell


def histories(recorded: Recorded, reader: Reader, later_texts: bool = False) -> list[History]:
    """Returns one history a list, in the order of their names; `later_texts` uses texts of whatever version there is."""
    texts = _texts(recorded, reader, later_texts)
    sightings = tuple(
        Sighting(arxiv_subject(number), one.on) for number, one in sorted(recorded.seen.items()) if one.new
    )
    return [
        History(
            name,
            sightings,
            tuple(
                Verdict(arxiv_subject(number), one.on, one.section, reader.title(one.title) if one.title else None)
                for number, one in entries.items()
            ),
            (),
            texts,
        )
        for name, entries in recorded.lists.items()
    ]


def _texts(recorded: Recorded, reader: Reader, later: bool) -> Mapping[Subject, list[Told]]:
    found: dict[Subject, list[Told]] = {}
    for number, rows in recorded.metadata.items():
        known = [(date.min if later else day_of(row, recorded.seen.get(number)), row) for row in rows]
        dated = [(on, read_version(row.get("version_seen")) or 0, row) for on, row in known if on is not None]
        if dated:
            on, _, row = min(dated, key=lambda one: one[:2])
            found[arxiv_subject(number)] = [Told(on, reader.read(record(number, row)))]
    return found


def day_of(row: Row, seen: Seen | None) -> date | None:
    """Returns the day from which on a paper read so; None where that is not known."""
    version = read_version(row.get("version_seen"))
    if version is None:
        return read_day(row.get("first_harvested"))
    if version == 1:
        return date.min
    return seen.on if seen and seen.version == version else None


def record(number: ArxivId, row: Row) -> PaperRecord:
    """Reads one line of metadata, without what it tells of later days."""
    sources = row.get("field_source") or {}
    of_the_day = sources.get("authors") == sources.get("abstract")
    categories = tuple(row.get("categories") or ()) if row.get("categories_complete", True) else ()
    return PaperRecord(
        arxiv_id=number,
        version=1,
        title=" ".join(row["title"].split()),
        abstract=" ".join(row["abstract"].split()),
        authors=tuple(row.get("authors") or ()) if of_the_day else (),
        categories=categories,
        primary_category=categories[0] if categories else "",
        submitted_at=_LONG_AGO,
        updated_at=_LONG_AGO,
        comment=None,  # it tells of later versions and of acceptance
        journal_ref=None,
        doi=None,
        withdrawn=None,
        withdrawn_evidence=None,
        source="recorded",
        said_at=_LONG_AGO,
    )
