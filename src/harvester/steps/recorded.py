"""Histories that others recorded, in folders: streams of sightings, what lists accepted, and metadata. [door: disk]

    arxiv-metadata/streams/*.jsonl[.gz]        arxiv_id; a day: harvested_at, announced or day; version, flag, raw_title
    arxiv-metadata/by_id_month/*.jsonl[.gz]    arxiv_id, version_seen, title, abstract, authors, categories
    arxiv-metadata/*.jsonl[.gz]                the same
    labels/<list>_entries.jsonl                arxiv_id, date_first_added, section or section_first, title

Several folders are merged: the earliest sighting and the earliest listing of a paper hold. An entry without an arXiv id is
joined to the paper of the same title, for it would else count as a paper that the list did not want.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from harvester.errors import SettingsError
from harvester.ids import ArxivId, read_arxiv_id

Row = Mapping[str, Any]  # a line, as it was written

_FIRST_SEEN = (None, "NEW", "new", "CROSS LISTED", "cross")  # flags; the others tell of new versions of older papers
_SUFFIX = re.compile(r"\.? *\(arXiv:[^()]*\)$")  # of the titles in arXiv's feeds until 2024
_TELLING = 4  # words of a title; shorter ones are not joined


@dataclass(frozen=True, slots=True)
class Seen:
    """When a stream first showed a paper, and what it said then."""

    on: date
    version: int | None
    new: bool  # the paper itself, and not a new version of an older one
    title: str  # empty where the stream tells none


@dataclass(frozen=True, slots=True)
class Entry:
    """When a list first named a paper, where, and in which words."""

    on: date
    section: str
    title: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What some folders hold, joined by arXiv id."""

    seen: Mapping[ArxivId, Seen]
    lists: Mapping[str, Mapping[ArxivId, Entry]]
    metadata: Mapping[ArxivId, Sequence[Row]]  # of papers that were seen or listed, with a title and an abstract


def read_folders(folders: Sequence[Path]) -> Recorded:
    """Reads folders and merges them.

    Raises SettingsError where there are no labels or no streams, or a line is not JSON.
    """
    seen = _streams(folders)
    named = _labels(folders)
    if not named or not seen:
        missing = "labels/<list>_entries.jsonl" if not named else "arxiv-metadata/streams/*.jsonl.gz"
        raise SettingsError([f"{', '.join(map(str, folders))}: there is no {missing}"])
    entries = [entry for rows in named.values() for entry in rows]
    metadata, titles = _metadata(folders, seen.keys() | {number for number, _ in entries if number}, entries)
    titles |= {_folded(one.title): number for number, one in seen.items() if one.title}
    return Recorded(seen, {name: _joined(rows, titles) for name, rows in sorted(named.items())}, metadata)


def _streams(folders: Sequence[Path]) -> dict[ArxivId, Seen]:
    found: dict[ArxivId, Seen] = {}
    for row in _rows(folders, "arxiv-metadata/streams"):
        number = _number(row)
        day = read_day(row.get("harvested_at") or row.get("announced") or row.get("day"))
        if number is not None and day is not None and (number not in found or day < found[number].on):
            title = _SUFFIX.sub("", str(row.get("raw_title") or ""))
            found[number] = Seen(day, read_version(row.get("version")), row.get("flag") in _FIRST_SEEN, title)
    return found


def _labels(folders: Sequence[Path]) -> dict[str, list[tuple[ArxivId | None, Entry]]]:
    """Reads the papers of each list; projects and links are none."""
    lists: dict[str, list[tuple[ArxivId | None, Entry]]] = {}
    for folder in folders:
        for path in sorted((folder / "labels").glob("*_entries.jsonl")):
            rows = lists.setdefault(path.stem.removesuffix("_entries"), [])
            for row in _lines(path):
                day = read_day(row.get("date_first_added"))
                if day is not None and row.get("kind", "paper") == "paper":
                    section = str(row.get("section_first") or row.get("section") or "")
                    title = str(row.get("title_first") or row.get("title") or "")
                    rows.append((_number(row), Entry(day, section, title)))
    return lists


def _metadata(
    folders: Sequence[Path], wanted: set[ArxivId], entries: Sequence[tuple[ArxivId | None, Entry]]
) -> tuple[dict[ArxivId, list[Row]], dict[str, ArxivId]]:
    """Returns the metadata of wanted papers, and the papers that have the title of an entry without an id."""
    nameless = {_folded(entry.title) for number, entry in entries if number is None} - {""}
    found: dict[ArxivId, list[Row]] = defaultdict(list)
    titles: dict[str, ArxivId] = {}
    for row in _rows(folders, "arxiv-metadata/by_id_month", "arxiv-metadata"):
        number = _number(row)
        if number is None or not row.get("title") or not row.get("abstract"):
            continue
        title = _folded(row["title"])
        if title in nameless:
            titles[title] = number
        if number in wanted or title in nameless:
            found[number].append(row)
    return found, titles


def _joined(entries: Sequence[tuple[ArxivId | None, Entry]], titles: Mapping[str, ArxivId]) -> dict[ArxivId, Entry]:
    found: dict[ArxivId, Entry] = {}
    for number, entry in entries:
        known = number or titles.get(_folded(entry.title) or "-")
        if known is not None and (known not in found or entry.on < found[known].on):
            found[known] = entry
    return dict(sorted(found.items()))


def _folded(title: str) -> str:
    """Folds a title for comparing; empty where it has too few words to tell a paper from another."""
    words = re.findall(r"\w+", title.casefold())
    return " ".join(words) if len(words) >= _TELLING else ""


def _rows(folders: Sequence[Path], *below: str) -> Iterator[Row]:
    for folder in folders:
        for part in below:
            names = {*(folder / part).glob("*.jsonl"), *(folder / part).glob("*.jsonl.gz")}
            for path in sorted(names):
                yield from _lines(path)


def _lines(path: Path) -> Iterator[Row]:
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


def _number(row: Row) -> ArxivId | None:
    read = read_arxiv_id(str(row.get("arxiv_id") or ""))
    return read[0] if read else None


def read_version(written: object) -> int | None:
    """Reads `v2`, `2`; None where there is none."""
    digits = str(written or "").removeprefix("v")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def read_day(written: object) -> date | None:
    """Reads the day of a date or a time; None where there is none."""
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        return None
