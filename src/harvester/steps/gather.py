"""Everything that upstreams have said, read anew from the bytes of their landings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harvester.errors import SnapshotError
from harvester.ids import Subject, arxiv_subject
from harvester.raw import landings
from harvester.records import Absence, Landing, Observation, PaperRecord, Reading, RepoRecord
from harvester.sources import READERS

MISREAD = "a mistake of ours in reading it, please report it"


@dataclass(frozen=True, slots=True)
class Said:
    """What one conversation said, as far as its landings go (`digests`, one each)."""

    address: str
    digests: tuple[str, ...]
    is_search: bool  # it looked for new papers; the others ask for what is named
    readings: tuple[Reading, ...]
    problems: tuple[str, ...]  # each with the landing it was found in


# What this process has read already. A conversation is known by its address and digests, so nothing in it grows old; a night
# gathers several times, and a year of landings takes seconds to read.
Memory = dict[tuple[str, tuple[str, ...]], Said]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that was said, by kind. `digests` are by address of the conversation."""

    papers: tuple[PaperRecord, ...]
    repos: tuple[RepoRecord, ...]
    observations: tuple[Observation, ...]
    absences: tuple[Absence, ...]
    harvested: frozenset[Subject]  # papers that a search brought
    problems: tuple[str, ...]
    digests: Mapping[str, tuple[str, ...]]


def gather(raw: Path, memory: Memory) -> Gathered:
    """Reads every landing below `raw`, but what `memory` holds already."""
    said = []
    for folder in landings.folders(raw):
        digests = landings.digests(folder)
        if digests:  # without one it was killed before its first answer, and nothing was said
            key = (folder.address, digests)
            memory[key] = memory.get(key) or _read(folder, digests)
            said.append(memory[key])
    return _together(said)


def gather_named(raw: Path, named: Mapping[str, Sequence[str]]) -> Gathered:
    """Reads the landings that a manifest names, by address of the conversation and their digests.

    Raises SnapshotError where one is missing or has other bytes.
    """
    said = []
    for folder in landings.folders(raw):
        digests = tuple(named.get(folder.address, ()))
        if digests and landings.digests(folder)[: len(digests)] != digests:
            raise SnapshotError(f"{folder.path}: a landing is missing or was changed; restore it from a backup")
        if digests:
            said.append(_read(folder, digests))
    missing = sorted(set(named) - {one.address for one in said})
    if missing:
        raise SnapshotError(f"{raw / missing[0]} is missing ({len(missing)} in all); restore it from a backup")
    return _together(said)


def _read(folder: landings.Folder, digests: tuple[str, ...]) -> Said:
    """Reads the first landings of a conversation, as many as there are digests."""
    contents = landings.read_folder(folder)
    answers = list(contents.landings.values())[: len(digests)]
    readings = tuple(_reading(landing) for landing in answers)
    problems = (f"{a.address}: {problem}" for a, r in zip(answers, readings, strict=True) for problem in r.problems)
    is_search = folder.what.startswith("search")
    return Said(folder.address, digests, is_search, readings, (*contents.torn.values(), *problems))


def _reading(landing: Landing) -> Reading:
    read = READERS.get(landing.request.source)
    if read is None:
        return Reading(problems=(f"no source reads answers of {landing.request.source!r}",))
    try:
        return read(landing)
    except Exception as error:  # noqa: BLE001  because one landing that we misread must not end every night from now on
        return Reading(problems=(f"{MISREAD}: {type(error).__name__}: {error}"[:300],))


def _together(said: Iterable[Said]) -> Gathered:
    conversations = tuple(said)
    readings = [reading for one in conversations for reading in one.readings]
    searches = [reading for one in conversations if one.is_search for reading in one.readings]
    return Gathered(
        papers=tuple(record for reading in readings for record in reading.papers),
        repos=tuple(record for reading in readings for record in reading.repos),
        observations=tuple(seen for reading in readings for seen in reading.observations),
        absences=tuple(absence for reading in readings for absence in reading.absences),
        harvested=frozenset(arxiv_subject(record.arxiv_id) for reading in searches for record in reading.papers),
        problems=tuple(problem for one in conversations for problem in one.problems),
        digests={one.address: one.digests for one in conversations},
    )
