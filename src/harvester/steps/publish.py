"""Put the lists of a snapshot in place; and fold decisions made since, without asking any upstream."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from harvester.curated import snapshots
from harvester.definitions import read_editorial
from harvester.editorial.log import Log
from harvester.errors import ListError, SnapshotError
from harvester.lists import shelf
from harvester.settings import Settings
from harvester.steps import tell
from harvester.steps.curate import Curated, curate
from harvester.steps.night import Night, freeze, frozen_night
from harvester.steps.render import render_snapshot


@dataclass(frozen=True, slots=True)
class PublishedNow:
    """What a publication outside the night did."""

    curated: Curated
    shelved: Shelved


@dataclass(frozen=True, slots=True)
class Shelved:
    """What putting lists in place did: files that changed, and lists and pages that stay as they were, with reasons."""

    changed: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()


def publish(night: Night, curated: Curated) -> Shelved:
    """Renders every list from the snapshot and puts the files that differ in place; none where it was held back."""
    if curated.held_back:
        return Shelved()
    ref = snapshots.find(night.settings.data / "curated", curated.snapshot)
    return put_lists(night.settings.lists, ref, night.said, night.say)


def put_lists(folder: Path, ref: snapshots.SnapshotRef, said: Log, say: Callable[[str], None]) -> Shelved:
    """Puts every list of a snapshot in place.

    A list with a malformed decision or template stays as it was, and so does a page that somebody edited by hand.
    """
    editorial = read_editorial(snapshots.read_manifest(ref)["inputs"]["editorial"])
    changed: list[str] = []
    held_back: list[str] = []
    for definition in editorial.lists:
        try:
            if unreadable := said.held_back(definition.slug):
                raise ListError([str(mistake) for mistake in unreadable])
            files = render_snapshot(ref, definition)
        except ListError as error:
            held_back.append(f"the list {definition.slug} stays as it was: {error}")
            say(f"publish: {held_back[-1]}")
            continue
        put = shelf.put(folder / definition.slug, files)
        changed += [f"{definition.slug}/{name}" for name in put.changed]
        say(
            f"publish: {definition.slug}: {len(files)} {'file' if len(files) == 1 else 'files'}, {len(put.changed)} changed"
        )
        if put.edited:
            held_back.append(told_edited(folder / definition.slug, definition.slug, put.edited))
            say(f"publish: {held_back[-1]}")
    return Shelved(tuple(changed), tuple(held_back))


def told_edited(folder: Path, slug: str, edited: Sequence[str]) -> str:
    """Tells of pages in a list's folder that somebody edited by hand, and what takes the edits over."""
    paths = shlex.join(str(folder / name) for name in edited)
    pages = f"{len(edited)} pages of the list {slug} were" if len(edited) > 1 else f"a page of the list {slug} was"
    stay = "stay as they are" if len(edited) > 1 else "stays as it is"
    return f"{pages} edited by hand and {stay}; this takes over what was edited: harvester adopt {paths} --list {slug}"


def publish_now(
    settings: Settings,
    asked_as_of: datetime | None,
    now: Callable[[], datetime],
    say: Callable[[str], None],
    *,
    anyway: bool = False,
) -> PublishedNow:
    """Folds the decisions made since the last snapshot, so that nobody waits for the night; `anyway` holds nothing back."""
    with tell.run_lock(settings.data):
        as_of = asked_as_of or _moment(settings, now())
        night = replace(frozen_night(settings, as_of, freeze(settings), now, say), publish_anyway=anyway)
        curated = curate(night)
        return PublishedNow(curated, publish(night, curated))


def _moment(settings: Settings, now: datetime) -> datetime:
    """Returns the time the snapshot is named by; beside a rehearsal, whose clock is virtual, just after the latest one."""
    latest = snapshots.latest(settings.data / "curated")
    now = now.replace(microsecond=0)
    if latest is None:
        return now
    if settings.rehearsed:
        return latest.as_of + timedelta(seconds=1)
    if now <= latest.as_of:
        raise SnapshotError(
            f"the latest snapshot is of {latest.as_of:%Y-%m-%d %H:%M:%S} UTC, in the future: set the clock right"
        )
    return now
