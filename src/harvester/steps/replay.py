"""Make a snapshot and its lists anew from what its manifest names, with the network off, and compare the bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from harvester.curated import snapshots
from harvester.definitions import read_editorial
from harvester.editorial.log import read_frozen_log
from harvester.settings import Settings
from harvester.steps.curate import build_tables
from harvester.steps.fold import fold
from harvester.steps.gather import gather_named
from harvester.steps.publish import put_lists


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found: files that differ from the manifest's digests, and files of the snapshot that it restored."""

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
    editorial = read_editorial(inputs["editorial"])
    say(f"replay: {ref.name}: {len(inputs['landings'])} conversations, {len(said.decisions)} decisions")
    folded = fold(gather_named(settings.data / "raw", inputs["landings"]), said.decisions, editorial, ref.as_of)
    with TemporaryDirectory(prefix="harvester-replay-") as scratch:
        built = snapshots.build_into(Path(scratch) / ref.name, ref.as_of, build_tables(folded), inputs)
        promised, made = (snapshots.read_manifest(one)["tables"] for one in (ref, built))
        differences = snapshots.changed_files(promised, made)
        restored: tuple[str, ...] = ()
        if out is not None:
            snapshots.copy_to(built, out / "curated" / ref.name)
        elif not differences:
            restored = snapshots.restore(ref, built)
        lists = out / "lists" if out else settings.lists
        changed: tuple[str, ...] = ()
        if out is not None or _is_latest(curated, ref):
            changed = put_lists(lists, built, said, say)
    return Replayed(ref.name, not differences, differences, restored, changed)


def _is_latest(curated: Path, ref: snapshots.SnapshotRef) -> bool:
    latest = snapshots.latest(curated)
    return latest is not None and latest.name == ref.name
