"""Histories that others recorded, in folders: streams of sightings, what lists accepted, and metadata. [door: disk]

    arxiv-metadata/streams/*.jsonl[.gz]        arxiv_id; a day: harvested_at, announced or day; version, flag, categories
    arxiv-metadata/by_id_month/*.jsonl[.gz]    arxiv_id, version_seen, title, abstract, authors, categories
    arxiv-metadata/*.jsonl[.gz]                the same
    labels/<list>_entries.jsonl                arxiv_id, date_first_added, section or section_first, title

Several folders are merged: the earliest sighting and the earliest listing of a paper hold, and of its texts the one of the
lowest version. A text is believed to be of a paper's first day where it is of version 1 or names none; of a later version
from the day on which a stream showed that version; and it is not used where no stream did.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from harvester.editorial.learning.past import History, Sighting, Told, Verdict
from harvester.errors import SettingsError
from harvester.ids import ArxivId, Subject, arxiv_subject, read_arxiv_id
from harvester.records import PaperRecord
from harvester.steps.texts import Reader

_LONG_AGO = datetime(1991, 8, 14, tzinfo=UTC)  # arXiv's first day, for what these folders do not tell
_FIRST_SEEN = (None, "NEW", "new", "CROSS LISTED", "cross")  # flags; the others tell of new versions of older papers


@dataclass(slots=True)
class _Seen:
    """When a stream first showed a paper, and what it said then."""

    on: date
    version: int | None
    new: bool
    categories: set[str] = field(default_factory=set)


def read_histories(folders: Sequence[Path], reader: Reader, later_texts: bool = False) -> list[History]:
    """Reads one history a list, in the order of their names; `later_texts` uses texts of whatever version there is.

    Raises SettingsError where a folder holds no labels or no streams.
    """
    labels = _labels(folders)
    seen = _streams(folders)
    if not labels or not seen:
        missing = "labels/<list>_entries.jsonl" if not labels else "arxiv-metadata/streams/*.jsonl.gz"
        raise SettingsError([f"{', '.join(map(str, folders))}: there is no {missing}"])
    wanted = {number for number, one in seen.items() if one.new} | {
        number for rows in labels.values() for number in rows
    }
    texts = _texts(folders, wanted, seen, reader, later_texts)
    sightings = tuple(Sighting(arxiv_subject(number), one.on) for number, one in sorted(seen.items()) if one.new)
    return [
        History(name, sightings, tuple(_verdict(row, reader) for _, row in sorted(rows.items())), (), texts)
        for name, rows in sorted(labels.items())
    ]


def _streams(folders: Sequence[Path]) -> dict[ArxivId, _Seen]:
    found: dict[ArxivId, _Seen] = {}
    for row in _rows(folders, "arxiv-metadata/streams"):
        number = _number(row)
        day = _day(row.get("harvested_at") or row.get("announced") or row.get("day"))
        if number is None or day is None:
            continue
        told = {*(row.get("categories") or ()), row.get("category"), row.get("primary_in_title")} - {None}
        known = found.get(number)
        if known is None or day < known.on:
            new = row.get("flag") in _FIRST_SEEN
            found[number] = _Seen(day, _version(row.get("version")), new, told | (known.categories if known else set()))
        else:
            known.categories |= told
    return found


def _labels(folders: Sequence[Path]) -> dict[str, dict[ArxivId, Mapping[str, Any]]]:
    lists: dict[str, dict[ArxivId, Mapping[str, Any]]] = {}
    for folder in folders:
        for path in sorted((folder / "labels").glob("*_entries.jsonl")):
            rows = lists.setdefault(path.stem.removesuffix("_entries"), {})
            for row in _lines(path):
                number = _number(row)
                if number is None or row.get("kind", "paper") != "paper" or _day(row.get("date_first_added")) is None:
                    continue
                if number not in rows or row["date_first_added"] < rows[number]["date_first_added"]:
                    rows[number] = row
    return lists


def _verdict(row: Mapping[str, Any], reader: Reader) -> Verdict:
    number = _number(row)
    day = _day(row["date_first_added"])
    assert number is not None and day is not None  # `_labels` has looked
    title = row.get("title_first") or row.get("title")
    section = row.get("section_first") or row.get("section") or ""
    return Verdict(arxiv_subject(number), day, section, reader.title(title) if title else None)


def _texts(
    folders: Sequence[Path], wanted: set[ArxivId], seen: Mapping[ArxivId, _Seen], reader: Reader, later: bool
) -> dict[Subject, list[Told]]:
    best: dict[ArxivId, tuple[int, date, Mapping[str, Any]]] = {}
    for row in _rows(folders, "arxiv-metadata/by_id_month", "arxiv-metadata"):
        number = _number(row)
        if number not in wanted or not row.get("title") or not row.get("abstract"):
            continue
        version = _version(row.get("version_seen")) or 1
        on = date.min if later else _since(version, seen.get(number))
        if on is not None and (number not in best or version < best[number][0]):
            best[number] = (version, on, row)
    return {
        arxiv_subject(number): [Told(on, reader.read(_record(number, row, _categories(seen.get(number)))))]
        for number, (_, on, row) in best.items()
    }


def _since(version: int, seen: _Seen | None) -> date | None:
    if version == 1:
        return date.min
    return seen.on if seen and seen.version == version else None


def _categories(seen: _Seen | None) -> set[str]:
    return seen.categories if seen else set()


def _record(number: ArxivId, row: Mapping[str, Any], told: set[str]) -> PaperRecord:
    categories = tuple(sorted({*(row.get("categories") or ()), *told}))
    return PaperRecord(
        arxiv_id=number,
        version=1,
        title=" ".join(row["title"].split()),
        abstract=" ".join((row.get("abstract") or "").split()),
        authors=tuple(row.get("authors") or ()),
        categories=categories,
        primary_category=row.get("primary_category") or "",
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


def _rows(folders: Sequence[Path], *below: str) -> Iterator[Mapping[str, Any]]:
    for folder in folders:
        for part in below:
            names = {*(folder / part).glob("*.jsonl"), *(folder / part).glob("*.jsonl.gz")}
            for path in sorted(names):
                yield from _lines(path)


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise SettingsError(
                    [f"{path}, line {number}: not JSON ({error}); mend the line or delete it"]
                ) from None
            if isinstance(row, dict):
                yield row


def _number(row: Mapping[str, Any]) -> ArxivId | None:
    read = read_arxiv_id(str(row.get("arxiv_id") or ""))
    return read[0] if read else None


def _version(written: object) -> int | None:
    digits = str(written or "").removeprefix("v")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        return None
