"""Snapshots as readers find them: which there are, what their manifests promise, and their tables.

`data/curated/LATEST` names the newest one; the link `latest` beside it is for people. A snapshot is complete when its
manifest exists, because the folder gets its name in one step.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from harvester.curated.columns import SCHEMA_VERSION
from harvester.curated.parquet import REMEDY, digest, load_table
from harvester.errors import SnapshotError

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST = "manifest.json"
_FORM = "%Y-%m-%dT%H%M%SZ"
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z")


@dataclass(frozen=True, slots=True, order=True)
class SnapshotRef:
    """A snapshot on disk; names sort by time."""

    name: str
    path: Path

    @property
    def as_of(self) -> datetime:
        """The moment whose knowledge it holds, to the second."""
        return datetime.strptime(self.name, _FORM).replace(tzinfo=UTC)


class TableFile(TypedDict):
    """What the manifest promises of one Parquet file."""

    sha256: str
    bytes: int
    rows: int


class Manifest(TypedDict):
    """What a snapshot was made from, and the digest of all that it holds, as it is written on disk."""

    schema_version: int
    name: str
    as_of: str
    harvester: str  # version of the program
    inputs: dict[str, Any]  # given by the caller
    tables: dict[str, TableFile]  # by file name: "papers.parquet", "observations/2026-11.parquet"
    pages: NotRequired[dict[str, Any]]  # by list and file: since which snapshot it is as it is, and its digest
    changes: NotRequired[dict[str, Any]]  # by list: what has changed, since which day


def snapshot_name(as_of: datetime) -> str:
    """Writes the name of the snapshot of that moment: "2026-11-20T031204Z"."""
    return as_of.astimezone(UTC).strftime(_FORM)


def snapshots(curated: Path) -> list[SnapshotRef]:
    """Returns all complete snapshots, oldest first."""
    if not curated.is_dir():
        return []
    folders = [folder for folder in curated.iterdir() if _NAME.fullmatch(folder.name) and (folder / MANIFEST).is_file()]
    return sorted(SnapshotRef(folder.name, folder) for folder in folders)


def latest(curated: Path) -> SnapshotRef | None:
    """Returns the snapshot that LATEST names, None before the first; SnapshotError where it names none that exists."""
    pointer = curated / "LATEST"
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    if _NAME.fullmatch(name) and (curated / name / MANIFEST).is_file():
        return SnapshotRef(name, curated / name)
    raise SnapshotError(
        f"{pointer} names {name!r}, and there is no such snapshot beside it; write the name of one that exists into it "
        f"({_names(snapshots(curated))}), or delete it: the next publication writes it"
    )


def find(curated: Path, wanted: str | None) -> SnapshotRef:
    """Finds a snapshot: the latest for None, one by its name, or the last of a day by its date ("2026-11-20")."""
    if wanted is None:
        if ref := latest(curated):
            return ref
        remedy = "`harvester publish` makes one of what is there, a night (`make nightly`) asks upstreams first"
        raise SnapshotError(f"{curated} holds no snapshot yet; {remedy}")
    there = snapshots(curated)
    fitting = [ref for ref in there if wanted in (ref.name, ref.name[:10])]
    if not fitting:
        raise SnapshotError(f"{curated} holds no snapshot {wanted!r}; there are: {_names(there)}")
    return fitting[-1]


def _names(there: list[SnapshotRef]) -> str:
    return ", ".join(ref.name for ref in there[-5:]) or "none"


def read_manifest(snapshot: SnapshotRef) -> Manifest:
    """Reads the manifest; SnapshotError where it is missing or not what it should be."""
    path = snapshot.path / MANIFEST
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SnapshotError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise SnapshotError(f"{path}: damaged, not JSON ({error}); restore it from a backup") from error
    missing = Manifest.__required_keys__ - (said.keys() if isinstance(said, dict) else set())
    if missing:
        raise SnapshotError(f"{path}: damaged, {', '.join(sorted(missing))} missing; restore it from a backup")
    manifest: Manifest = said
    return manifest


def write_manifest(
    name: str, inputs: Mapping[str, Any], harvester: str, tables: Mapping[str, TableFile], shown: Mapping[str, Any]
) -> str:
    """Writes a manifest as JSON, always the same for the same content; `shown` are its `pages` and `changes`."""
    manifest: Manifest = {
        "schema_version": SCHEMA_VERSION,
        "name": name,
        "as_of": SnapshotRef(name, Path()).as_of.isoformat(),
        "harvester": harvester,
        "inputs": json.loads(canonical(inputs)),
        "tables": dict(sorted(tables.items())),
        "pages": shown.get("pages", {}),
        "changes": shown.get("changes", {}),
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"


def is_made_from(manifest: Manifest, inputs: Mapping[str, Any], version: str) -> bool:
    """Tells whether a snapshot was made from these inputs by this version of harvester."""
    return manifest["harvester"] == version and canonical(manifest["inputs"]) == canonical(inputs)


def canonical(inputs: Mapping[str, Any]) -> str:
    """Writes inputs so that equal ones are equal texts."""
    return json.dumps(inputs, ensure_ascii=False, sort_keys=True)


def read_table(snapshot: SnapshotRef, name: str) -> pa.Table:
    """Reads a table of a snapshot, "observations" with all its months; SnapshotError where a file is damaged."""
    import pyarrow as pa

    from harvester.curated.schema import schema

    manifest = read_manifest(snapshot)
    if manifest["schema_version"] > SCHEMA_VERSION:
        raise SnapshotError(
            f"{snapshot.path} was written by harvester {manifest['harvester']} with newer tables than this one knows; "
            "update harvester"
        )
    tables = manifest["tables"]
    files = [file for file in tables if file == f"{name}.parquet" or file.startswith(f"{name}/")]
    if not files and name != "observations":
        raise SnapshotError(f"{snapshot.path} holds no table {name}; {REMEDY}")
    loaded = [load_table(snapshot.path / file, tables[file]["sha256"]) for file in sorted(files)]
    return pa.concat_tables(loaded) if loaded else schema(name).empty_table()


def verify(snapshot: SnapshotRef) -> list[str]:
    """Compares a snapshot with its manifest and returns what is wrong, in words; an intact one gives nothing."""
    try:
        tables = read_manifest(snapshot)["tables"]
    except SnapshotError as error:
        return [str(error)]
    wrong = [f"{snapshot.path / file}: missing or damaged; {REMEDY}" for file in damaged_files(snapshot)]
    there = {path.relative_to(snapshot.path).as_posix() for path in snapshot.path.rglob("*") if path.is_file()}
    return wrong + [
        f"{snapshot.path / file}: not in the manifest; delete it" for file in sorted(there - {*tables, MANIFEST})
    ]


def damaged_files(snapshot: SnapshotRef) -> tuple[str, ...]:
    """Returns the files of a snapshot that are missing or not what its manifest promises."""
    tables = read_manifest(snapshot)["tables"]
    return tuple(file for file, promised in tables.items() if not _intact(snapshot.path / file, promised))


def _intact(path: Path, promised: TableFile) -> bool:
    return path.is_file() and path.stat().st_size == promised["bytes"] and digest(path) == promised["sha256"]


def changed_files(before: Mapping[str, TableFile], after: Mapping[str, TableFile]) -> tuple[str, ...]:
    """Returns the files that differ between two snapshots, also those that only one of them holds."""
    return tuple(sorted(file for file in {*before, *after} if before.get(file) != after.get(file)))
