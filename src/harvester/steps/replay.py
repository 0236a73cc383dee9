"""Make a snapshot and its lists anew from what its manifest names, with the network off, and compare the bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from harvester.counting import counted
from harvester.curated import snapshots
from harvester.definitions import Editorial
from harvester.editorial.log import read_frozen_log
from harvester.settings import Settings
from harvester.steps.curate import build_tables
from harvester.steps.fold import fold
from harvester.steps.frozen import read_frozen
from harvester.steps.gather import gather_named
from harvester.steps.material import Material, material
from harvester.steps.publish import put_lists
from harvester.steps.rank import rank
from harvester.steps.stamps import differing_pages, stamp_pages


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found: files and pages that differ from the manifest's digests, and the files it restored."""

    snapshot: str
    identical: bool
    differences: tuple[str, ...]
    restored: tuple[str, ...]
    lists_changed: tuple[str, ...]


def _quiet(_: str) -> None:
    """Says nothing."""


def replay(
    settings: Settings, snapshot: str | None = None, out: Path | None = None, say: Callable[[str], None] = _quiet
) -> Replayed:
    """Rebuilds a snapshot (the latest by default) and its lists; nothing is asked of any upstream.

    Without `out`, damaged or missing files of the snapshot are restored from the rebuilt ones, whose digests must be those
    of the manifest, and the lists of the latest snapshot are put in place again. With `out`, everything is written there.
    """
    curated = settings.data / "curated"
    ref = snapshots.find(curated, snapshot)
    inputs = snapshots.read_manifest(ref)["inputs"]
    said = read_frozen_log(settings.editorial, inputs["decisions"])
    editorial = read_frozen(inputs["editorial"])
    say(
        f"replay: {ref.name}: {counted(len(inputs['landings']), 'conversation')}, {counted(len(said.decisions), 'decision')}"
    )
    gathered = gather_named(settings.data / "raw", inputs["landings"], editorial.topics, said.decisions)
    folded = fold(gathered, said.decisions, editorial, ref.as_of)
    failed = (inputs.get("unranked", {}), inputs.get("unplaced", {}))
    ranked = rank(folded, gathered.harvested, said.decisions, editorial, ref.as_of, *failed)
    with TemporaryDirectory(prefix="harvester-replay-") as scratch:
        tables = build_tables(folded, ranked)
        manifest = snapshots.read_manifest(ref)
        shown = {"pages": manifest.get("pages", {}), "changes": manifest.get("changes", {})}
        built = snapshots.build_into(Path(scratch) / ref.name, ref.as_of, tables, inputs, shown=shown)
        differences = snapshots.changed_files(manifest["tables"], snapshots.read_manifest(built)["tables"])
        pages = _differing_pages(manifest, material(tables, ref.as_of), editorial)
        restored: tuple[str, ...] = ()
        if out is not None:
            snapshots.copy_to(built, out / "curated" / ref.name)
        elif not differences:
            restored = snapshots.restore(ref, built)
        lists = out / "lists" if out else settings.lists
        changed: tuple[str, ...] = ()
        if out is not None or (not differences and _is_latest(curated, ref)):
            changed = put_lists(lists, built, said, say).changed
    return Replayed(ref.name, not differences and not pages, differences + pages, restored, changed)


@dataclass(frozen=True, slots=True)
class Checked:
    """What making the latest snapshot anew has shown, in words; `causes` tell why it is not as it should be."""

    notes: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()


def check(settings: Settings, say: Callable[[str], None] = _quiet) -> Checked:
    """Makes the latest snapshot anew and compares every byte; before the first one there is nothing to check."""
    if snapshots.latest(settings.data / "curated") is None:
        return Checked(("there is no snapshot yet that could be made anew",))
    replayed = replay(settings, say=say)
    restored = tuple(f"restored {name}, which was damaged or missing" for name in replayed.restored)
    if replayed.identical:
        return Checked((f"snapshot {replayed.snapshot} replayed, every byte the same", *restored))
    differing = (f"{name} differs when made anew" for name in replayed.differences)
    return Checked(restored, (f"snapshot {replayed.snapshot} cannot be replayed", *differing))


def _differing_pages(manifest: snapshots.Manifest, found: Material, editorial: Editorial) -> tuple[str, ...]:
    """Returns the pages that are written otherwise now, by path below `lists/`; an older manifest promises none."""
    if "pages" not in manifest:
        return ()
    made, _ = stamp_pages(found, editorial, manifest.get("changes", {}), {})
    return tuple(f"lists/{name}" for name in differing_pages(manifest["pages"], made))


def _is_latest(curated: Path, ref: snapshots.SnapshotRef) -> bool:
    latest = snapshots.latest(curated)
    return latest is not None and latest.name == ref.name
