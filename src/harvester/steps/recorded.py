"""Histories that others recorded, in folders: streams of sightings, what lists accepted, and metadata. [door: disk]

    arxiv-metadata/streams/*.jsonl[.gz]        arxiv_id; a day: harvested_at, announced or day; version, flag, raw_title
    arxiv-metadata/by_id_month/*.jsonl[.gz]    arxiv_id, version_seen, title, abstract, authors, categories
    arxiv-metadata/*.jsonl[.gz]                the same
    labels/<list>_entries.jsonl                arxiv_id, date_first_added, section or section_first, title

Several folders are merged: the earliest sighting and the earliest listing of a paper hold. An entry without an arXiv id is
joined to the paper of the same title, for it would else count as a paper that the list did not want.

A damaged file is a mistake, told with file, line and remedy: one that is empty, cut off, of another kind, or without any
line of use. Single lines without what is needed are kept aside, with the reason.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from harvester.errors import SettingsError
from harvester.ids import ArxivId
from harvester.steps.recorded_rows import (
    Row,
    day_seen,
    number_of,
    odd_entry,
    odd_sighting,
    odd_text,
    read_day,
    read_version,
)

_FIRST_SEEN = (None, "NEW", "new", "CROSS LISTED", "cross")  # flags; the others tell of new versions of older papers
_SUFFIX = re.compile(r"\.? *\(arXiv:[^()]*\)$")  # of the titles in arXiv's feeds until 2024
_TELLING = 4  # words of a title; shorter ones are not joined
_GZIP = b"\x1f\x8b"  # the first bytes, RFC 1952
_ANEW = "copy it anew, or delete it"


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
    aside: tuple[str, ...] = ()  # lines that are of no use: file, line and why


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads files line by line, and gathers what is wrong with them."""

    damaged: list[str] = field(default_factory=list)  # files
    aside: list[str] = field(default_factory=list)  # lines

    def rows(self, path: Path, odd: Callable[[Any], str | None]) -> Iterator[Row]:
        """Yields the lines that are of use; `odd` says why one is not."""
        kept, aside = 0, list[str]()
        try:
            for number, row in _lines(path):
                if why := odd(row):
                    aside.append(f"{path}, line {number}: {why}")
                    continue
                kept += 1
                yield row
        except SettingsError as error:
            self.damaged.extend(error.mistakes)
            return
        if not kept and not aside:
            self.damaged.append(f"{path}: empty; {_ANEW}")
        elif not kept:
            remedy = f"no line of the file is of use: docs/ranking.md tells the fields; {_ANEW}"
            self.damaged.append(f"{aside[0]}; {remedy}")
        else:
            self.aside.extend(aside)


def read_folders(folders: Sequence[Path]) -> Recorded:
    """Reads folders and merges them.

    Raises SettingsError with every damaged file, or where there are no labels or no streams.
    """
    reading = _Reading()
    seen = _streams(reading, folders)
    named = _labels(reading, folders)
    entries = [entry for rows in named.values() for entry in rows]
    metadata, titles = _metadata(reading, folders, seen.keys() | {number for number, _ in entries if number}, entries)
    if reading.damaged:
        raise SettingsError(reading.damaged)
    if not named or not seen:
        missing = "labels/<list>_entries.jsonl" if not named else "arxiv-metadata/streams/*.jsonl.gz"
        raise SettingsError([f"{', '.join(map(str, folders))}: there is no {missing}"])
    titles |= {_folded(one.title): number for number, one in seen.items() if one.title}
    lists = {name: _joined(rows, titles) for name, rows in sorted(named.items())}
    return Recorded(seen, lists, metadata, tuple(reading.aside))


def _streams(reading: _Reading, folders: Sequence[Path]) -> dict[ArxivId, Seen]:
    found: dict[ArxivId, Seen] = {}
    for row in _rows(reading, odd_sighting, folders, "arxiv-metadata/streams"):
        number, day = number_of(row), day_seen(row)
        if number is not None and day is not None and (number not in found or day < found[number].on):
            title = _SUFFIX.sub("", str(row.get("raw_title") or ""))
            found[number] = Seen(day, read_version(row.get("version")), row.get("flag") in _FIRST_SEEN, title)
    return found


def _labels(reading: _Reading, folders: Sequence[Path]) -> dict[str, list[tuple[ArxivId | None, Entry]]]:
    """Reads the papers of each list; projects and links are none."""
    lists: dict[str, list[tuple[ArxivId | None, Entry]]] = {}
    for folder in folders:
        for path in sorted((folder / "labels").glob("*_entries.jsonl")):
            rows = lists.setdefault(path.stem.removesuffix("_entries"), [])
            for row in reading.rows(path, odd_entry):
                day = read_day(row.get("date_first_added"))
                if day is not None and row.get("kind", "paper") == "paper":
                    section = str(row.get("section_first") or row.get("section") or "")
                    title = str(row.get("title_first") or row.get("title") or "")
                    rows.append((number_of(row), Entry(day, section, title)))
    return lists


def _metadata(
    reading: _Reading,
    folders: Sequence[Path],
    wanted: set[ArxivId],
    entries: Sequence[tuple[ArxivId | None, Entry]],
) -> tuple[dict[ArxivId, list[Row]], dict[str, ArxivId]]:
    """Returns the metadata of wanted papers, and the papers that have the title of an entry without an id."""
    nameless = {_folded(entry.title) for number, entry in entries if number is None} - {""}
    found: dict[ArxivId, list[Row]] = defaultdict(list)
    titles: dict[str, ArxivId] = {}
    for row in _rows(reading, odd_text, folders, "arxiv-metadata/by_id_month", "arxiv-metadata"):
        number = number_of(row)
        if number is None:
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


def _rows(reading: _Reading, odd: Callable[[Any], str | None], folders: Sequence[Path], *below: str) -> Iterator[Row]:
    for folder in folders:
        for part in below:
            names = {*(folder / part).glob("*.jsonl"), *(folder / part).glob("*.jsonl.gz")}
            for path in sorted(names):
                yield from reading.rows(path, odd)


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Yields the lines of a file with their numbers; raises SettingsError where it is damaged."""
    number = 0
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, 1):
                yield number, _parsed(path, number, line)
    except UnicodeDecodeError:
        raise SettingsError([f"{path}, behind line {number}: not UTF-8; {_ANEW}"]) from None
    except EOFError:
        raise SettingsError([f"{path}, behind line {number}: cut off, the rest is missing; {_ANEW}"]) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise SettingsError([f"{path}, behind line {number}: not whole gzip ({error}); {_ANEW}"]) from None
    except OSError as error:
        raise SettingsError([f"{path}: cannot be read ({error.strerror})"]) from None


def _opened(path: Path) -> TextIO:
    if path.suffix != ".gz":
        return path.open(encoding="utf-8")
    with path.open("rb") as file:
        begins = file.read(len(_GZIP))
    if begins and begins != _GZIP:  # an empty file is an empty text to gzip, and told as one
        raise SettingsError([f"{path}: no gzip file; {_ANEW}"])
    return gzip.open(path, "rt", encoding="utf-8")


def _parsed(path: Path, number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SettingsError([f"{path}, line {number}: not JSON ({error}); mend the line or delete it"]) from None
