"""Snapshots: published whole or not at all, whatever kills the publisher; found, read and verified.

Order of things on disk: `.<name>.partial/` is filled and synced; it is renamed to `<name>/`; `LATEST` is replaced by
rename; then the link `latest`. So a reader sees the old snapshot or the new one. What a kill leaves is settled by the next
publication: a partial folder is removed, a complete one that LATEST does not name yet is adopted if it is what is wanted.

One publisher at a time: the caller holds the lock of the data folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from harvester import __version__
from harvester.curated.manifests import (
    MANIFEST,
    Manifest,
    SnapshotRef,
    TableFile,
    canonical,
    changed_files,
    damaged_files,
    find,
    is_made_from,
    latest,
    read_manifest,
    read_table,
    snapshot_name,
    snapshots,
    verify,
    write_manifest,
)
from harvester.curated.parquet import digest, link_twin, sync, write_table, write_text
from harvester.curated.schema import dictionary
from harvester.errors import SnapshotError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "Manifest",
    "Published",
    "SnapshotRef",
    "build_into",
    "changed_files",
    "copy_to",
    "find",
    "latest",
    "publish",
    "read_manifest",
    "read_table",
    "restore",
    "snapshot_name",
    "snapshots",
    "verify",
]

Watch = Callable[[str], None]  # told before each operation on files; tests kill the process there


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did. `changed` are the files that differ from the snapshot before."""

    name: str
    path: Path
    new: bool  # False: the latest snapshot was made from the same inputs and stays
    changed: tuple[str, ...]
    notes: tuple[str, ...] = ()  # what went otherwise than usual, for the report


def _unwatched(operation: str) -> None:
    pass


def publish(
    curated: Path,
    as_of: datetime,
    tables: Mapping[str, pa.Table],
    inputs: Mapping[str, Any],
    watch: Watch = _unwatched,
    shown: Mapping[str, Any] = MappingProxyType({}),
) -> Published:
    """Publishes tables ("papers", "observations/2026-11") as the snapshot of `as_of`, made from `inputs` (JSON).

    `shown` is what the manifest says of the lists: `pages` and `changes`.

    Nothing is published where LATEST was made from the same inputs by the same version of harvester, or where the same
    inputs gave the same tables. SnapshotError where `as_of` is not later than LATEST's, or the disk refuses.
    """
    try:
        curated.mkdir(parents=True, exist_ok=True)
        _sweep(curated, watch)
        before = latest(curated)
        adopted = _adopt(curated, before, as_of, inputs, watch)
        published = adopted or _publish(curated, before, as_of, tables, (inputs, shown), watch)
        notes = _repair_link(curated, published.name, watch)
        _write_readme(curated, watch)
    except OSError as error:
        raise SnapshotError(
            f"{error.filename or curated}: {error.strerror or error}; the snapshot before still stands. "
            "Make room or give write permission, then run the same command again"
        ) from error
    return Published(published.name, published.path, published.new, published.changed, (*published.notes, *notes))


def build_into(
    folder: Path,
    as_of: datetime,
    tables: Mapping[str, pa.Table],
    inputs: Mapping[str, Any],
    version: str = __version__,
    shown: Mapping[str, Any] = MappingProxyType({}),
) -> SnapshotRef:
    """Writes the same bytes as `publish` would, but straight into a new folder that nobody reads yet."""
    _demand_empty(folder)
    name = snapshot_name(as_of)
    files = _fill(folder, tables, None, _unwatched)
    _seal(folder, write_manifest(name, inputs, version, files, shown), _unwatched)
    return SnapshotRef(name, folder)


def copy_to(snapshot: SnapshotRef, folder: Path) -> SnapshotRef:
    """Copies a snapshot into a new folder."""
    _demand_empty(folder)
    shutil.copytree(snapshot.path, folder, dirs_exist_ok=True)
    return SnapshotRef(snapshot.name, folder)


def restore(snapshot: SnapshotRef, rebuilt: SnapshotRef) -> tuple[str, ...]:
    """Replaces missing and damaged files of a snapshot by rebuilt ones with the promised digest; returns which."""
    promised, made = read_manifest(snapshot)["tables"], read_manifest(rebuilt)["tables"]
    damaged = damaged_files(snapshot)
    if differing := [file for file in damaged if made.get(file) != promised[file]]:
        raise SnapshotError(f"{snapshot.path}: {differing[0]} cannot be restored: the rebuilt one differs")
    for file in damaged:
        path = snapshot.path / file
        path.parent.mkdir(exist_ok=True)
        aside = path.with_name(f".{path.name}.partial")
        shutil.copy(rebuilt.path / file, aside)
        sync(aside)
        aside.replace(path)
        sync(path.parent)
    return damaged


def _demand_empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise SnapshotError(f"{folder} is not empty; name a folder that does not exist yet")


def _publish(
    curated: Path,
    before: SnapshotRef | None,
    as_of: datetime,
    tables: Mapping[str, pa.Table],
    said: tuple[Mapping[str, Any], Mapping[str, Any]],
    watch: Watch,
) -> Published:
    inputs, shown = said
    name = snapshot_name(as_of)
    old = read_manifest(before) if before else None
    same_inputs = old is not None and canonical(old["inputs"]) == canonical(inputs)
    if before and not same_inputs:
        _demand_later(name, before)
    partial = curated / f".{name}.partial"
    files = _fill(partial, tables, before, watch)
    changed = changed_files(old["tables"] if old else {}, files)
    if before and same_inputs and not changed:
        shutil.rmtree(partial)
        return Published(before.name, before.path, False, ())
    if before:
        _demand_later(name, before)
    _seal(partial, write_manifest(name, inputs, __version__, files, shown), watch)
    notes = _put_in_place(curated, partial, name, watch)
    _point(curated, name, watch)
    return Published(name, curated / name, True, changed, notes)


def _demand_later(name: str, before: SnapshotRef) -> None:
    if name <= before.name:
        raise SnapshotError(
            f"a snapshot as of {name} would not be newer than the latest, {before.name}, but differs from it; publish as "
            "of a later time, or, to see it as of then, replay into a folder of its own"
        )


def _fill(
    folder: Path, tables: Mapping[str, pa.Table], before: SnapshotRef | None, watch: Watch
) -> dict[str, TableFile]:
    """Writes tables into `folder`; files equal to the snapshot before's become links to them."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, TableFile] = {}
    for name in sorted(tables):
        path = folder / f"{name}.parquet"
        path.parent.mkdir(exist_ok=True)
        watch(f"write {path.name}")
        write_table(path, tables[name])
        sha256 = digest(path)
        watch(f"settle {path.name}")
        if not (before and link_twin(path, before.path / f"{name}.parquet", sha256)):
            sync(path)
            path.chmod(0o444)  # snapshots share equal files: an edit in place would change them all
        files[f"{name}.parquet"] = {"sha256": sha256, "bytes": path.stat().st_size, "rows": tables[name].num_rows}
    return files


def _seal(folder: Path, manifest: str, watch: Watch) -> None:
    """Adds the manifest to a filled folder and syncs all names in it."""
    watch("write manifest")
    write_text(folder / MANIFEST, manifest)
    for inner in sorted({path.parent for path in folder.rglob("*")}):
        watch(f"sync {inner.name}")
        sync(inner)


def _put_in_place(curated: Path, partial: Path, name: str, watch: Watch) -> tuple[str, ...]:
    """Gives the finished folder its name. One of that name that LATEST never named is what a kill left: it goes."""
    notes: tuple[str, ...] = ()
    final = curated / name
    if final.exists():
        watch("move leftover")
        shutil.rmtree(final.rename(curated / f".{name}.leftover.partial"))
        notes = (f"replaced {name}, which an interrupted publication had left behind",)
    watch("rename")
    partial.rename(final)
    sync(curated)
    return notes


def _adopt(
    curated: Path, before: SnapshotRef | None, as_of: datetime, inputs: Mapping[str, Any], watch: Watch
) -> Published | None:
    """Returns LATEST's if it is of these inputs; else points LATEST to one of them that a kill left without its pointer."""
    old = read_manifest(before) if before else None
    if before and old and is_made_from(old, inputs, __version__):
        return Published(before.name, before.path, False, ())
    for ref in reversed(snapshots(curated)):
        if before and ref.name <= before.name:
            return None
        # of a time to come: a person took it back
        if ref.as_of > as_of or verify(ref) or not is_made_from(manifest := read_manifest(ref), inputs, __version__):
            continue
        _point(curated, ref.name, watch)
        changed = changed_files(old["tables"] if old else {}, manifest["tables"])
        note = f"{ref.name} was complete already: an interrupted publication had left it without its pointer"
        return Published(ref.name, ref.path, True, changed, (note,))
    return None


def _point(curated: Path, name: str, watch: Watch) -> None:
    _replace_text(curated / "LATEST", name + "\n", watch)


def _replace_text(path: Path, text: str, watch: Watch) -> None:
    aside = path.with_name(f".{path.name}.partial")
    watch(f"write {path.name}")
    write_text(aside, text)
    watch(f"replace {path.name}")
    aside.replace(path)
    sync(path.parent)


def _repair_link(curated: Path, name: str, watch: Watch) -> tuple[str, ...]:
    link = curated / "latest"
    if link.is_symlink() and link.readlink() == Path(name):
        return ()
    aside = curated / ".latest.partial"
    try:
        watch("write latest")
        aside.symlink_to(name, target_is_directory=True)
        watch("replace latest")
        aside.replace(link)
    except OSError as error:
        aside.unlink(missing_ok=True)
        return (f"the link {link} was not made ({error.strerror}); LATEST names the snapshot all the same",)
    return ()


def _write_readme(curated: Path, watch: Watch) -> None:
    path = curated / "README.md"
    text = dictionary()
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        _replace_text(path, text, watch)


def _sweep(curated: Path, watch: Watch) -> None:
    """Removes what an interrupted publication left unfinished."""
    for path in sorted(curated.glob(".*.partial")):
        watch(f"remove {path.name}")
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
