"""Put the lists of a snapshot in place; and fold decisions made since, without asking any upstream."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from harvester.curated import snapshots
from harvester.curated.facts import read_entries
from harvester.definitions import ListDefinition
from harvester.editorial.entries import fold
from harvester.editorial.log import Log
from harvester.errors import ListError, SnapshotError
from harvester.lists import shelf
from harvester.lists.compose import stray_sections
from harvester.records import Entry
from harvester.settings import Settings
from harvester.steps import tell
from harvester.steps.curate import Curated, curate
from harvester.steps.frozen import read_frozen
from harvester.steps.night import Night, ahead, freeze, frozen_night, not_ahead, older
from harvester.steps.render import render_snapshot

_DEFINE = (
    'where one was renamed, add formerly = ["its old name"] to it; else define them, or move their entries with '
    "`harvester accept ID --section NAME`"
)
ALL_LISTS = "all lists stay as they were"
_LEAP = timedelta(days=366)  # from one snapshot to the next: longer ones are told
_AHEAD = timedelta(minutes=1)  # how far publications in quick succession may run ahead of the clock


@dataclass(frozen=True, slots=True)
class PublishedNow:
    """What a publication outside the night did."""

    curated: Curated
    shelved: Shelved
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelved:
    """What putting lists in place did: files that changed, and lists and pages that stay as they were, with reasons.

    `astray` are lists that were written, with sections at their end that their definition lacks.
    """

    changed: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()
    astray: tuple[str, ...] = ()

    @property
    def amiss(self) -> tuple[str, ...]:
        """Everything that somebody has to mend."""
        return (*self.held_back, *self.astray)


def publish(night: Night, curated: Curated) -> Shelved:
    """Renders every list from the snapshot and puts the files that differ in place; none where it was held back."""
    if curated.held_back:
        return Shelved(held_back=_unreadable(night))
    ref = snapshots.find(night.settings.data / "curated", curated.snapshot)
    return put_lists(night.settings.lists, ref, night.said, night.say, night.unread, anyway=night.publish_anyway)


def put_lists(
    folder: Path,
    ref: snapshots.SnapshotRef,
    said: Log,
    say: Callable[[str], None],
    unread: Mapping[str, Sequence[str]] = MappingProxyType({}),
    *,
    anyway: bool = False,
) -> Shelved:
    """Puts every list of a snapshot in place; `unread` are mistakes in definitions that cannot be read, by list.

    A list with a malformed decision, definition or template stays as it was, and so does a page that somebody edited by
    hand. So does a list most of whose entries stand in sections that its definition lacks, unless it is published `anyway`.
    """
    editorial = read_frozen(snapshots.read_manifest(ref)["inputs"]["editorial"])
    entries = read_entries(snapshots.read_table(ref, "entries"))
    changed: list[str] = []
    told: list[str] = []
    lacking: list[str] = []

    def tell(what: str) -> None:
        told.append(what)
        say(f"publish: {what}")

    for slug in sorted(unread.keys() - {definition.slug for definition in editorial.lists}):
        tell(_held_back(slug, unread[slug]))
    if said.of_no_list:
        tell(_all_held_back(said))
    for definition in editorial.lists:
        slug = definition.slug
        astray = stray_sections(definition, entries)
        try:
            _demand_readable(slug, said, unread)
            if not anyway:
                _demand_sections(definition, entries, astray)
                _demand_past(folder / slug, ref)
            files = render_snapshot(ref, definition)
        except ListError as error:
            if error.mistakes:
                tell(_held_back(slug, error.mistakes))
            continue
        put = shelf.put(folder / slug, files)
        changed += [f"{slug}/{name}" for name in put.changed]
        say(f"publish: {slug}: {len(files)} {'file' if len(files) == 1 else 'files'}, {len(put.changed)} changed")
        if astray:
            lacking.append(
                f"the list {slug} shows sections at its end that its definition lacks: {_named(astray)}; {_DEFINE}"
            )
            say(f"publish: {lacking[-1]}")
        if put.edited:
            tell(told_edited(folder / slug, slug, put.edited))
    return Shelved(tuple(changed), tuple(told), tuple(lacking))


def _unreadable(night: Night) -> tuple[str, ...]:
    """Tells which lists stay as they were because of a person's text, where nothing is put in place anyway."""
    unread, said = night.unread, night.said
    slugs = sorted({*unread, *(mistake.list for mistake in said.mistakes if mistake.list is not None)})
    of_lists = ((slug, _wrong(slug, said, unread)) for slug in slugs)
    every = (_all_held_back(said),) if said.of_no_list else ()
    return (*every, *(_held_back(slug, wrong) for slug, wrong in of_lists if wrong))


def _all_held_back(said: Log) -> str:
    return f"{ALL_LISTS}: {chr(10).join(map(str, said.of_no_list))}"


def _held_back(slug: str, why: Iterable[str]) -> str:
    return f"the list {slug} stays as it was: {chr(10).join(why)}"


def _demand_readable(slug: str, said: Log, unread: Mapping[str, Sequence[str]]) -> None:
    wrong = _wrong(slug, said, unread)
    if wrong or said.of_no_list:  # what is wrong for all lists is told once, not for each
        raise ListError(wrong)


def _wrong(slug: str, said: Log, unread: Mapping[str, Sequence[str]]) -> list[str]:
    """What is wrong with the texts of one list alone."""
    return [*unread.get(slug, ()), *(str(mistake) for mistake in said.mistakes if mistake.list == slug)]


def _demand_sections(definition: ListDefinition, entries: Iterable[Entry], astray: Mapping[str, int]) -> None:
    """Holds back a list whose definition was emptied or cut: most of its pages would lose their place."""
    listed = sum(entry.list == definition.slug for entry in entries)
    if sum(astray.values()) * 2 > listed:
        named = f"lists/{definition.slug}.toml lacks sections in which entries stand: {_named(astray)}"
        raise ListError([f"{named}; restore it, or {_DEFINE}, or publish with --publish-anyway"])


def _demand_past(folder: Path, ref: snapshots.SnapshotRef) -> None:
    """Holds back a list whose pages know a past that the folder of data does not: what they show would go from them.

    So it is where the data are not mounted, or lost. Tables alone may go, for they are made anew from the landings.
    """
    shown = shelf.origins(folder)
    if not shown or any(there.name in shown for there in snapshots.snapshots(ref.path.parent)):
        return
    landings = snapshots.read_manifest(ref)["inputs"]["landings"]
    began = (address.partition("/")[2].partition("Z-")[0] for address in landings)
    if not any(stamp <= max(shown) for stamp in began):
        made = f"its pages are made from snapshot {max(shown)}, and {ref.path.parent.parent} knows nothing of that time"
        remedy = (
            "look whether the right disk is mounted (HARVESTER_DATA); if they are lost, publish with --publish-anyway"
        )
        raise ListError([f"{made}: {remedy}"])


def _named(astray: Mapping[str, int]) -> str:
    """The first few sections with their numbers of entries, and how many there are."""
    shown = [f'"{path}" ({number})' for path, number in list(astray.items())[:3]]
    more = [f"{len(astray) - 3} more"] if len(astray) > 3 else []
    return f"{', '.join([*shown, *more])}; entries in all: {sum(astray.values())}"


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
    not_ahead(settings, asked_as_of, now())
    with tell.run_lock(settings.data):
        latest = snapshots.latest(settings.data / "curated")
        as_of = asked_as_of or _moment(settings, latest, now())
        if latest and as_of < latest.as_of:
            raise SnapshotError(older(as_of, latest.as_of))
        night = replace(frozen_night(settings, as_of, freeze(settings), now, say), publish_anyway=anyway)
        disputed = tuple(_disputed(night.said))
        for note in disputed:
            say(f"note: {note}")
        curated = curate(night)
        leap = _long_ago(settings, latest, as_of) if latest and curated.published else ()
        for note in leap:
            say(f"note: {note}")
        return PublishedNow(curated, publish(night, curated), (*leap, *disputed))


def _disputed(said: Log) -> Iterator[str]:
    """Names the papers on which people contradict each other: they are published as they were."""
    return (f"decisions contradict each other: {conflict}" for conflict in fold(said.decisions).conflicts)


def _moment(settings: Settings, latest: snapshots.SnapshotRef | None, now: datetime) -> datetime:
    """Returns the time the snapshot is named by: now, or just after the latest one beside a rehearsal of another time.

    So it is where two publications fall into one second, for a snapshot is named by its second.
    """
    now = now.replace(microsecond=0)
    if latest is None or (now > latest.as_of and (settings.behind or not settings.rehearsed)):
        return now
    if settings.rehearsed or latest.as_of - now < _AHEAD:
        return latest.as_of + timedelta(seconds=1)
    raise SnapshotError(ahead(latest.as_of, settings))


def _long_ago(settings: Settings, latest: snapshots.SnapshotRef, as_of: datetime) -> tuple[str, ...]:
    """Tells of a leap over more than a year, by which every age grows and candidates expire."""
    days = (as_of - latest.as_of).days
    if days <= _LEAP.days:
        return ()
    behind = settings.behind.days + days
    leap = f"the latest snapshot is of {latest.as_of:%Y-%m-%d}, {days} days ago: ages and expiry count from now"
    back = f"write {latest.name} into {settings.data}/curated/LATEST, and set HARVESTER_DAYS_BEHIND={behind}"
    return (f"{leap}; if it is of a rehearsal, take this publication back: {back}",)
