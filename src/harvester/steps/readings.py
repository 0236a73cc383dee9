"""What was kept of a sweep's landings, on disk, so that a night need not read a year of sweeps again. [door: disk]

    data/readings/<digest of program and topics>/<digest of the landing>.json

A cache and nothing else: its names say what it was made from, so nothing in it grows old, and the folder may be deleted at
any time. Any change of the program or of the topics begins a new one and clears the old. A replay does not look into it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from harvester.ids import ArxivId, Subject
from harvester.records import Absence, PaperRecord, Version
from harvester.topics import Topic

_PROGRAM = Path(__file__).resolve().parents[1]
_FOLDER = "readings"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one landing: the records in full, the other papers by id, between blanks."""

    said_at: datetime
    records: tuple[PaperRecord, ...]
    matching: tuple[ArxivId, ...]  # papers that match a topic as this landing words them
    rest: str
    deletions: tuple[Absence, ...]
    problems: tuple[str, ...]


class Readings:
    """The cache of one program and one set of topics below a data folder."""

    def __init__(self, data: Path, topics: Sequence[Topic]) -> None:
        self._data = data
        self._topics = topics

    @cached_property
    def _folder(self) -> Path:
        return self._data / _FOLDER / _key(self._topics)

    def read(self, digest: str) -> Kept | None:
        """Returns what was kept of the landing with that digest; None where nothing was, or it cannot be used."""
        try:
            return _kept(json.loads((self._folder / f"{digest}.json").read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
            return None

    def write(self, digest: str, kept: Kept) -> None:
        """Keeps a reading; a folder that cannot be written costs time and nothing else."""
        try:
            if not self._folder.exists():
                shutil.rmtree(self._folder.parent, ignore_errors=True)
                self._folder.mkdir(parents=True)
            aside = self._folder / f".{digest}.{os.getpid()}"
            aside.write_text(json.dumps(_plain(kept), ensure_ascii=False), encoding="utf-8")
            aside.replace(self._folder / f"{digest}.json")
        except OSError:
            return


def _key(topics: Sequence[Topic]) -> str:
    """Names a cache after everything that its content follows from, but the landings: every line of this program."""
    digest = hashlib.sha256(repr(topics).encode())
    for path in sorted(_PROGRAM.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _plain(kept: Kept) -> dict[str, Any]:
    return {
        "said_at": kept.said_at.isoformat(),
        "records": [_row(record) for record in kept.records],
        "matching": kept.matching,
        "rest": kept.rest,
        "deletions": [[gone.subject, gone.source] for gone in kept.deletions],
        "problems": kept.problems,
    }


def _kept(told: dict[str, Any]) -> Kept:
    said_at = datetime.fromisoformat(told["said_at"])
    return Kept(
        said_at=said_at,
        records=tuple(_record(row, said_at) for row in told["records"]),
        matching=tuple(map(ArxivId, told["matching"])),
        rest=told["rest"],
        deletions=tuple(Absence(Subject(subject), source, said_at) for subject, source in told["deletions"]),
        problems=tuple(told["problems"]),
    )


def _row(r: PaperRecord) -> list[Any]:
    versions = [[version.number, version.updated_at.isoformat(), version.source_type] for version in r.versions]
    texts = [r.arxiv_id, r.version, r.title, r.abstract, r.authors, r.categories, r.primary_category]
    times = [r.submitted_at.isoformat(), r.updated_at.isoformat()]
    return [*texts, *times, r.comment, r.journal_ref, r.doi, r.withdrawn, r.withdrawn_evidence, r.source, versions]


def _record(row: list[Any], said_at: datetime) -> PaperRecord:
    return PaperRecord(
        arxiv_id=ArxivId(row[0]),
        version=row[1],
        title=row[2],
        abstract=row[3],
        authors=tuple(row[4]),
        categories=tuple(row[5]),
        primary_category=row[6],
        submitted_at=datetime.fromisoformat(row[7]),
        updated_at=datetime.fromisoformat(row[8]),
        comment=row[9],
        journal_ref=row[10],
        doi=row[11],
        withdrawn=row[12],
        withdrawn_evidence=row[13],
        source=row[14],
        said_at=said_at,
        versions=tuple(Version(number, datetime.fromisoformat(at), kind) for number, at, kind in row[15]),
    )
