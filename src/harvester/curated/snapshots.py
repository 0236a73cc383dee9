"""Snapshots as readers find them: which there are, what they say they hold, and their tables.

`data/curated/LATEST` names the newest one; the link `latest` beside it is for people. A snapshot is complete when its
manifest exists, because the folder gets its name in one step. Publishing is in `publication.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harvester.curated.columns import SCHEMA_VERSION
from harvester.curated.parquet import REMEDY, digest, load_table
from harvester.errors import SnapshotError

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST = "manifest.json"
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z")


@dataclass(frozen=True, slots=True, order=True)
class SnapshotRef:
    """A snapshot on disk; names sort by time."""

    name: str
    folder: Path


@dataclass(frozen=True, slots=True)
class TableFile:
    """What the manifest says about one Parquet file."""

    sha256: str
    bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot was made from, and the digest of all that it holds. `inputs` is JSON, given by the caller."""

    name: str
    as_of: datetime
    schema_version: int
    harvester: str  # version of the program
    inputs: Mapping[str, Any]
    tables: Mapping[str, TableFile]  # by file name: "papers.parquet", "observations/2026-11.parquet"


def snapshot_name(as_of: datetime) -> str:
    """Writes the name of the snapshot of that moment: "2026-11-20T031204Z"."""
    return f"{as_of.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"


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
        raise SnapshotError(f"{curated} holds no snapshot yet; `harvester nightly` publishes the first")
    there = snapshots(curated)
    fitting = [ref for ref in there if wanted in (ref.name, ref.name[:10])]
    if not fitting:
        raise SnapshotError(f"{curated} holds no snapshot {wanted!r}; there are: {_names(there)}")
    return fitting[-1]


def _names(there: list[SnapshotRef]) -> str:
    return ", ".join(ref.name for ref in there[-5:]) or "none"


def read_manifest(snapshot: SnapshotRef) -> Manifest:
    """Reads the manifest; SnapshotError where it is missing or not what it should be."""
    path = snapshot.folder / MANIFEST
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        tables = {file: TableFile(**facts) for file, facts in said.pop("tables").items()}
        return Manifest(**{**said, "as_of": datetime.fromisoformat(said["as_of"])}, tables=tables)
    except OSError as error:
        raise SnapshotError(f"{path}: cannot be read ({error.strerror}); {REMEDY}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SnapshotError(f"{path}: not a manifest ({error}); {REMEDY}") from error


def write_manifest(manifest: Manifest) -> str:
    """Writes a manifest as JSON, always the same for the same content."""
    said = {
        "schema_version": manifest.schema_version,
        "name": manifest.name,
        "as_of": manifest.as_of.astimezone(UTC).isoformat(timespec="seconds"),
        "harvester": manifest.harvester,
        "inputs": json.loads(canonical(manifest.inputs)),
        "tables": {
            file: {"sha256": facts.sha256, "bytes": facts.bytes, "rows": facts.rows}
            for file, facts in sorted(manifest.tables.items())
        },
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def canonical(inputs: Mapping[str, Any]) -> str:
    """Writes inputs so that equal ones are equal texts."""
    return json.dumps(inputs, ensure_ascii=False, sort_keys=True)


def read_table(snapshot: SnapshotRef, name: str) -> pa.Table:
    """Reads a table of a snapshot, "observations" with all its months; SnapshotError where a file is damaged."""
    import pyarrow as pa

    from harvester.curated.schema import schema

    manifest = read_manifest(snapshot)
    if manifest.schema_version > SCHEMA_VERSION:
        raise SnapshotError(
            f"{snapshot.folder} was written by harvester {manifest.harvester} with newer tables than this one knows; "
            "update harvester"
        )
    files = [file for file in manifest.tables if file == f"{name}.parquet" or file.startswith(f"{name}/")]
    if not files and name != "observations":
        raise SnapshotError(f"{snapshot.folder} holds no table {name}; {REMEDY}")
    loaded = [load_table(snapshot.folder / file, manifest.tables[file].sha256) for file in sorted(files)]
    return pa.concat_tables(loaded) if loaded else schema(name).empty_table()


def verify(snapshot: SnapshotRef) -> list[str]:
    """Compares a snapshot with its manifest and returns what is wrong, in words; an intact one gives nothing."""
    try:
        manifest = read_manifest(snapshot)
    except SnapshotError as error:
        return [str(error)]
    wrong = []
    for file, facts in manifest.tables.items():
        path = snapshot.folder / file
        if not path.is_file():
            wrong.append(f"{path}: missing; {REMEDY}")
        elif path.stat().st_size != facts.bytes or digest(path) != facts.sha256:
            wrong.append(f"{path}: damaged, its sha256 is not the manifest's; {REMEDY}")
    there = {path.relative_to(snapshot.folder).as_posix() for path in snapshot.folder.rglob("*") if path.is_file()}
    strangers = sorted(there - manifest.tables.keys() - {MANIFEST})
    return wrong + [f"{snapshot.folder / file}: not in the manifest; delete it" for file in strangers]


def changed_files(before: Manifest, after: Manifest) -> tuple[str, ...]:
    """Returns the files that differ between two snapshots, also those that only one of them holds."""
    files = before.tables.keys() | after.tables.keys()
    return tuple(sorted(file for file in files if before.tables.get(file) != after.tables.get(file)))
