"""What is kept of sweeps: a sweep brings every paper that changed, and one in ten is of any interest.

Kept is what is said about papers that match a topic in the words of any sweep, and about papers that are named: by
decisions, by searches, by questions. The others are counted. What two pages say in the same words is held once, with the
first and the last time it was said; that is all a merge asks for. The result depends on nothing but landings, topics and
names, in whatever order and from whichever cache they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from operator import attrgetter
from pathlib import Path

from harvester.curated.match import Matching
from harvester.errors import LandingError
from harvester.ids import ArxivId, Subject, arxiv_of, arxiv_subject
from harvester.raw import landings
from harvester.records import Absence, Landing, Paper, PaperRecord, Reading
from harvester.steps.readings import Kept, Readings

_content = attrgetter(*(each.name for each in fields(PaperRecord) if each.name != "said_at"))


@dataclass(frozen=True, slots=True)
class Sweep:
    """The landings of one sweep in order, each with its digest."""

    address: str
    landings: tuple[tuple[str, str], ...]  # address of the landing, digest


def addresses(folder: landings.Folder) -> list[str]:
    """Returns the addresses of a conversation's landings in order; whether they are whole is not looked at."""
    heads = [path.name.partition(".")[0] for path in folder.path.glob("[0-9]*.head.json")]
    return [f"{folder.address}/{number}" for number in sorted(heads, key=int)]


@dataclass(frozen=True, slots=True)
class Swept:
    """What sweeps said of papers that are kept. `records` counts what each conversation brought, kept or not."""

    papers: tuple[PaperRecord, ...] = ()
    deletions: tuple[Absence, ...] = ()
    matching: frozenset[ArxivId] = frozenset()
    problems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by conversation
    records: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Page:
    """One landing, read. `kept` are numbers of words, `rest` the ids of the other papers, between blanks."""

    said_at: datetime | None  # None: it is torn, and said nothing
    kept: tuple[int, ...]
    matching: tuple[ArxivId, ...]
    rest: str
    deletions: tuple[Absence, ...]
    problems: tuple[str, ...]


class Sieve:
    """Reads each landing of a sweep once in a run, or takes what an earlier run has read from `readings`."""

    def __init__(self, topics: Matching, named: Iterable[Subject], readings: Readings | None) -> None:
        self._topics = topics
        self._named = frozenset(number for subject in named if (number := arxiv_of(subject)))
        self._readings = readings
        self._pages: dict[str, _Page] = {}
        self._words: list[PaperRecord] = []
        self._numbers: dict[object, int] = {}
        self._fits: dict[object, bool] = {}

    def sift(
        self, raw: Path, sweeps: Sequence[Sweep], names: Iterable[ArxivId], read: Callable[[Landing], Reading]
    ) -> Swept:
        """Returns what the sweeps below `raw` said of papers that match or are named; `names` add to the decisions'."""
        lying = [each for sweep in sweeps for each in sweep.landings]
        for address, digest in lying:
            if digest not in self._pages:
                self._take(raw, address, digest, frozenset(), read)
        matching = frozenset(paper for _, digest in lying for paper in self._pages[digest].matching)
        wanted = matching | self._named | frozenset(names)
        for address, digest in lying:
            if not wanted.isdisjoint(self._pages[digest].rest.split()):
                self._take(raw, address, digest, wanted, read)
        pages = {sweep.address: [self._pages[digest] for _, digest in sweep.landings] for sweep in sweeps}
        return self._together(pages, matching, wanted)

    def _take(
        self, raw: Path, address: str, digest: str, wanted: frozenset[ArxivId], read: Callable[[Landing], Reading]
    ) -> None:
        """Reads a landing, or what was kept of its reading where that holds all that is wanted."""
        before = self._readings.read(digest) if self._readings else None
        if before is None or not wanted.isdisjoint(before.rest.split()):
            try:
                landing = landings.read_landing(raw, address)
            except LandingError as error:  # torn: it said nothing, and nothing of it is kept
                self._pages[digest] = _Page(None, (), (), "", (), (str(error),))
                return
            before = self._kept(landing, address, wanted, read(landing), before)
            if self._readings:
                self._readings.write(digest, before)
        numbers = tuple(self._number(record) for record in before.records)
        self._pages[digest] = _Page(
            before.said_at, numbers, before.matching, before.rest, before.deletions, before.problems
        )

    def _kept(
        self, landing: Landing, address: str, wanted: frozenset[ArxivId], reading: Reading, before: Kept | None
    ) -> Kept:
        """Sorts the papers of a landing; what was kept before stays kept, whoever names it no more."""
        keep = wanted | {record.arxiv_id for record in before.records} if before else wanted
        matching = tuple(record.arxiv_id for record in reading.papers if self._matches(record))
        keep = keep | frozenset(matching)
        return Kept(
            said_at=landing.fetched_at,
            records=tuple(record for record in reading.papers if record.arxiv_id in keep),
            matching=matching,
            rest=" ".join(record.arxiv_id for record in reading.papers if record.arxiv_id not in keep),
            deletions=reading.deletions,
            problems=tuple(f"{address}: {problem}" for problem in reading.problems),
        )

    def _matches(self, record: PaperRecord) -> bool:
        """Tells whether any topic fits; the same words come again in other sets and in the sweeps of other weeks."""
        key = (record.arxiv_id, hash((record.title, record.abstract, record.categories)))
        if key not in self._fits:
            paper = Paper(Subject(arxiv_subject(record.arxiv_id)), record, (), None, "ok", None, None, None)
            self._fits[key] = bool(self._topics.matches(paper))
        return self._fits[key]

    def _number(self, record: PaperRecord) -> int:
        content = _content(record)
        number = self._numbers.setdefault(content, len(self._words))
        if number == len(self._words):
            self._words.append(record)
        return number

    def _together(
        self, pages: Mapping[str, Sequence[_Page]], matching: frozenset[ArxivId], wanted: frozenset[ArxivId]
    ) -> Swept:
        first: dict[int, datetime] = {}
        last: dict[int, datetime] = {}
        everything = [page for told in pages.values() for page in told]
        for page in everything:
            if page.said_at is None:
                continue
            for number in page.kept:
                first[number] = min(page.said_at, first.get(number, page.said_at))
                last[number] = max(page.said_at, last.get(number, page.said_at))
        papers: list[PaperRecord] = []
        for number, said_at in first.items():
            word = self._words[number]
            if word.arxiv_id in wanted:
                times = (said_at,) if last[number] == said_at else (said_at, last[number])
                papers += (word if word.said_at == at else replace(word, said_at=at) for at in times)
        return Swept(
            papers=tuple(papers),
            deletions=tuple(gone for page in everything for gone in page.deletions if arxiv_of(gone.subject) in wanted),
            matching=matching,
            problems={address: tuple(p for page in told for p in page.problems) for address, told in pages.items()},
            records={address: sum(len(p.kept) + len(p.rest.split()) for p in told) for address, told in pages.items()},
        )
