"""How lists stand: what their pages show, what waits, and since when one is held back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from harvester.definitions import Editorial
from harvester.settings import Settings
from harvester.steps.frozen import read_frozen
from harvester.steps.runs import Run

if TYPE_CHECKING:
    from harvester.curated.manifests import SnapshotRef


@dataclass(frozen=True, slots=True)
class Shown:
    """How one list stands."""

    slug: str
    snapshot: str | None = None  # that its pages show
    changed: str | None = None  # the snapshot with which a page of it changed last
    entries: int | None = None
    waiting: int | None = None  # candidates that the queue shows
    held_back_since: datetime | None = None
    why: str | None = None


def lists_shown(
    settings: Settings, editorial: Editorial | None, known: Sequence[Run], at: datetime
) -> tuple[Shown, ...]:
    """Tells how every list stood then; before the first snapshot only which there are."""
    from harvester.curated import snapshots

    latest = latest_then(settings, at)
    if latest is None:
        return tuple(Shown(definition.slug) for definition in editorial.lists) if editorial else ()
    manifest = snapshots.read_manifest(latest)
    defined = editorial or read_frozen(manifest["inputs"]["editorial"])
    entries, waiting = _counts(settings, latest, at)
    there = [one for one in snapshots.snapshots(settings.data / "curated") if one.as_of <= latest.as_of]
    shown = []
    for definition in defined.lists:
        one = _pages(definition.slug, there, known)
        shown.append(replace(one, entries=entries.get(one.slug, 0), waiting=waiting.get(one.slug, 0)))
    return tuple(shown)


def _pages(slug: str, there: Sequence[SnapshotRef], known: Sequence[Run]) -> Shown:
    """Tells what the pages of a list show: the latest snapshot, or the last one before the list was held back."""
    from harvester.curated import snapshots

    marks = held_back_marks(slug)
    held = streak(known, lambda run: any(mark in cause for cause in run.causes for mark in marks))
    since = held[-1].as_of if held else None
    ref = next((one for one in reversed(there) if since is None or one.as_of < since), None)
    pages = snapshots.read_manifest(ref).get("pages", {}) if ref else {}
    changed = max((page["since"] for name, page in pages.items() if name.startswith(f"{slug}/")), default=None)
    why = next((cause for run in held[:1] for cause in run.causes if any(mark in cause for mark in marks)), None)
    shown = ref.name if ref and changed else None
    return Shown(slug, snapshot=shown, changed=changed, held_back_since=since, why=why)


def held_back_marks(slug: str) -> tuple[str, ...]:
    """What the causes of a run say of a list whose pages stayed as they were, by itself or with all others."""
    return (f"the list {slug} stays as it was", "all lists stay as they were")


def _counts(settings: Settings, latest: SnapshotRef, at: datetime) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Counts entries and the candidates that the queue shows, by list."""
    from collections import Counter

    from harvester.curated import facts, snapshots
    from harvester.editorial.entries import fold
    from harvester.editorial.log import read_log
    from harvester.editorial.queue import state_of, still_open

    entries = Counter(snapshots.read_table(latest, "entries")["list"].to_pylist())
    ranked = "scores.parquet" in snapshots.read_manifest(latest)["tables"]  # older snapshots are not
    scores = snapshots.read_table(latest, "scores") if ranked else None
    matched = facts.read_candidates(snapshots.read_table(latest, "candidates"), scores)
    said = [one for one in read_log(settings.editorial).decisions if one.at <= at]
    waiting = still_open(matched, fold(said), at.date())
    return entries, Counter(one.list for one in waiting if state_of(one) == "shown")


def streak(known: Sequence[Run], holds: Callable[[Run], bool]) -> list[Run]:
    """Returns the newest ended runs of which something holds, without a break; those that asked nothing say nothing."""
    found = []
    for run in known:
        if run.state == "running" or run.snapshot is None:
            continue
        if not holds(run):
            break
        found.append(run)
    return found


def latest_then(settings: Settings, at: datetime) -> SnapshotRef | None:
    """Returns the snapshot that was the latest then: the one that LATEST names, or the last one before it."""
    from harvester.curated import snapshots

    curated = settings.data / "curated"
    latest = snapshots.latest(curated)
    if latest is None or latest.as_of <= at:
        return latest
    return max(
        (one for one in snapshots.snapshots(curated) if one.as_of <= at), default=None, key=lambda one: one.as_of
    )
