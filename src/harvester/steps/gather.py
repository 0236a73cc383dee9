"""Everything that upstreams have said, read anew from the bytes of their landings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harvester.curated.match import compile_topics
from harvester.errors import SnapshotError
from harvester.ids import Subject, arxiv_of, arxiv_subject
from harvester.raw import landings
from harvester.records import Absence, Decision, Landing, Observation, PaperRecord, Reading, RepoRecord
from harvester.sources import READERS, arxiv_oai
from harvester.steps.readings import Readings
from harvester.steps.sift import Sieve, Sweep, Swept, addresses
from harvester.topics import Topic

MISREAD = "a mistake of ours in reading it, please report it"


@dataclass(frozen=True, slots=True)
class Said:
    """What one conversation said, as far as its landings go (`digests`, one each)."""

    address: str
    digests: tuple[str, ...]
    is_search: bool  # it looked for new papers; the others ask for what is named
    readings: tuple[Reading, ...]
    problems: tuple[str, ...]  # each with the landing it was found in


@dataclass(frozen=True, slots=True)
class Memory:
    """What this run has read already, and what it keeps of sweeps.

    A conversation is known by its address and digests, so nothing in it grows old; a night gathers several times, and a
    year of landings takes seconds to read.
    """

    sieve: Sieve
    said: dict[tuple[str, tuple[str, ...]], Said] = field(default_factory=dict)


def remember(topics: Sequence[Topic], decisions: Iterable[Decision], data: Path) -> Memory:
    """Returns an empty memory for a run with these topics and decisions; of sweeps, it takes up what is kept on disk."""
    return Memory(_sieve(topics, decisions, Readings(data, topics)))


def _sieve(topics: Sequence[Topic], decisions: Iterable[Decision], readings: Readings | None) -> Sieve:
    return Sieve(compile_topics(topics), {decision.subject for decision in decisions}, readings)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that was said, by kind. `digests` are by address of the conversation."""

    papers: tuple[PaperRecord, ...]
    repos: tuple[RepoRecord, ...]
    observations: tuple[Observation, ...]
    absences: tuple[Absence, ...]
    searched: frozenset[Subject]  # papers that a search brought
    problems: tuple[str, ...]
    digests: Mapping[str, tuple[str, ...]]
    swept: frozenset[Subject] = frozenset()  # papers that a sweep brought and that match a topic
    sweeps: Mapping[str, int] = field(default_factory=dict)  # by address, how many records it brought

    @property
    def harvested(self) -> frozenset[Subject]:
        """The papers that may become candidates."""
        return self.searched | self.swept


def gather(raw: Path, memory: Memory) -> Gathered:
    """Reads every landing below `raw`, but what `memory` holds already."""
    said, sweeps = [], []
    for folder in landings.folders(raw):
        digests = landings.digests(folder)
        if not digests:  # it was killed before its first answer, and nothing was said
            continue
        if folder.source == arxiv_oai.NAME:
            sweeps.append(_sweep(folder, digests))
            continue
        key = (folder.address, digests)
        memory.said[key] = memory.said.get(key) or _read(folder, digests)
        said.append(memory.said[key])
    return _together(said, raw, sweeps, memory.sieve)


def gather_named(
    raw: Path, named: Mapping[str, Sequence[str]], topics: Sequence[Topic], decisions: Iterable[Decision]
) -> Gathered:
    """Reads the landings that a manifest names, by address of the conversation and their digests; all from their bytes.

    Raises SnapshotError where one is missing or has other bytes.
    """
    said, sweeps = [], []
    for folder in landings.folders(raw):
        digests = tuple(named.get(folder.address, ()))
        if digests and landings.digests(folder)[: len(digests)] != digests:
            raise SnapshotError(f"{folder.path}: a landing is missing or was changed; restore it from a backup")
        if digests and folder.source == arxiv_oai.NAME:
            sweeps.append(_sweep(folder, digests))
        elif digests:
            said.append(_read(folder, digests))
    missing = sorted(set(named) - {one.address for one in said} - {one.address for one in sweeps})
    if missing:
        raise SnapshotError(f"{raw / missing[0]} is missing ({len(missing)} in all); restore it from a backup")
    return _together(said, raw, sweeps, _sieve(topics, decisions, None))


def _sweep(folder: landings.Folder, digests: tuple[str, ...]) -> Sweep:
    """Names the first landings of a sweep, as many as there are digests; they are read one at a time."""
    return Sweep(folder.address, tuple(zip(addresses(folder), digests, strict=False)))


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


def _together(conversations: Sequence[Said], raw: Path, sweeps: Sequence[Sweep], sieve: Sieve) -> Gathered:
    readings = [reading for one in conversations for reading in one.readings]
    searches = [reading for one in conversations if one.is_search for reading in one.readings]
    papers = [record for reading in readings for record in reading.papers]
    observations = tuple(seen for reading in readings for seen in reading.observations)
    asked = (number for seen in observations if (number := arxiv_of(seen.subject)))
    swept = sieve.sift(raw, sweeps, {*asked, *(record.arxiv_id for record in papers)}, _reading) if sweeps else Swept()
    told = {one.address: one.problems for one in conversations} | dict(swept.problems)
    digests = {one.address: one.digests for one in conversations}
    digests |= {sweep.address: tuple(digest for _, digest in sweep.landings) for sweep in sweeps}
    absences = [absence for reading in readings for absence in reading.absences]
    return Gathered(
        papers=(*papers, *swept.papers),
        repos=tuple(record for reading in readings for record in reading.repos),
        observations=observations,
        absences=(*absences, *swept.deletions),
        searched=frozenset(arxiv_subject(record.arxiv_id) for reading in searches for record in reading.papers),
        swept=frozenset(arxiv_subject(paper) for paper in swept.matching),
        problems=tuple(problem for address in sorted(told) for problem in told[address]),
        digests=dict(sorted(digests.items())),
        sweeps=swept.records,
    )
