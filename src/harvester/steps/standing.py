"""What holds now: the lists, all decisions, and the queue of the latest snapshot with what was decided since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from harvester.definitions import Editorial, ListDefinition
from harvester.editorial.agree import in_order
from harvester.editorial.decisions import Mistake
from harvester.editorial.edits import Outdated
from harvester.editorial.entries import Conflict, Folded, Key, fold, outdated
from harvester.editorial.log import Log, read_log
from harvester.editorial.pairs import Groups, Joins, held_apart, joined, once_each
from harvester.editorial.places import Astray, astray, candidates_now, decisions_now
from harvester.editorial.queue import still_open
from harvester.errors import DecisionError
from harvester.ids import Subject, read_repo, read_subject, repo_subject
from harvester.records import Candidate, Decision, Entry, Twin
from harvester.settings import Settings, readable_editorial
from harvester.steps.spoken import spoken


@dataclass(frozen=True, slots=True)
class Shown:
    """What a maintainer sees of a paper: the newest version in the latest snapshot."""

    title: str | None
    authors: tuple[str, ...]
    abstract: str | None
    version: int | None
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that deciding needs to know.

    `matched` are the candidates of the latest snapshot, for all lists; `candidates` those of them that are still open,
    deferred ones included.
    """

    folder: Path  # `editorial/`
    editorial: Editorial
    log: Log
    folded: Folded
    matched: tuple[Candidate, ...]
    candidates: tuple[Candidate, ...]
    papers: Mapping[Subject, Shown]
    snapshot: str | None  # None before the first
    data: Path  # where snapshots are looked for
    twins: tuple[Twin, ...] = ()  # of the latest snapshot, and what was said since
    groups: Groups = field(default_factory=dict)  # of papers that are one, by those twins and what is held apart
    spoken: str = "editorial"  # what people call that folder

    def candidate(self, slug: str, subject: Subject) -> Candidate | None:
        """Returns the open candidate of that list."""
        return next((c for c in self.candidates if c.list == slug and c.subject == subject), None)

    def match(self, slug: str, subject: Subject) -> Candidate | None:
        """Returns what the latest snapshot says about the subject as a candidate of that list, decided since or not."""
        return next((c for c in self.matched if c.list == slug and c.subject == subject), None)

    def entries(self, slug: str, subject: Subject) -> list[Entry]:
        """Returns where the subject stands in that list, one entry a placement."""
        found = (entry for entry in self.folded.entries if entry.list == slug and entry.subject == subject)
        return sorted(found, key=lambda entry: entry.place)

    def conflict(self, key: Key) -> Conflict | None:
        """Returns the contradiction about one placement, if there is one."""
        return next((conflict for conflict in self.folded.conflicts if conflict.key == key), None)

    def twins_of(self, subject: Subject) -> list[tuple[Subject, Twin]]:
        """Returns the other subjects that are the same paper, also by way of others, each with what tells so.

        Those that the queue takes for one: a third paper that looks like two that people hold apart does not join them.
        """
        group = {*self.groups.get(subject, ())} - {subject}
        if not group:
            return []
        found: dict[Subject, Twin] = {}
        near = [subject]
        for one in near:  # grows while it is read
            for twin in self.twins:
                other = twin.same_as if twin.subject == one else twin.subject
                if one in (twin.subject, twin.same_as) and other in group and other not in found:
                    by_way = f", by way of {one}" if one != subject else ""
                    found[other] = replace(twin, evidence=f"{twin.evidence}{by_way}")
                    near.append(other)
        return list(found.items())

    def title(self, subject: Subject) -> str | None:
        """Returns the title by which people know the subject: arXiv's, else the editors'."""
        if (shown := self.papers.get(subject)) and shown.title:
            return shown.title
        return next((e.wording.title for e in self.folded.entries if e.subject == subject and e.wording.title), None)

    def mistakes(self) -> list[Mistake | Astray]:
        """Returns the decision lines that cannot be used, and the sections of entries that their list does not have."""
        lost = (one for definition in self.editorial.lists for one in astray(self.folded.entries, definition))
        told = (replace(one, folder=self.spoken) for one in lost)
        return [*self.log.mistakes, *self.log.torn, *told]

    def outdated(self) -> list[Outdated]:
        """Returns the edits that no longer apply, by what the latest snapshot says."""

        def words(subject: Subject) -> Mapping[str, str]:
            shown = self.papers.get(subject)
            said = {"title": shown.title, "authors": ", ".join(shown.authors)} if shown else {}
            return {name: word for name, word in said.items() if word}

        return list(outdated(self.folded, words))

    def state(self, decision: Decision) -> str:
        """Says what became of a decision: stands, overtaken, taken back, in conflict."""
        key = Key(decision.list, decision.subject, decision.place)
        if decision.id not in self.folded.effective:
            return "taken back"
        if (conflict := self.conflict(key)) and decision in conflict.decisions:
            return "in conflict"
        if decision.act == "apart":
            return "stands"
        if decision.act == "edit":
            return "stands" if decision in self.folded.edits.get(key, ()) else "overtaken"
        standing = self.folded.standing.get(key)
        return "stands" if decision.undoes or (standing and standing.id == decision.id) else "overtaken"


def read_standing(settings: Settings, today: date) -> Standing:
    """Reads decisions and definitions as they are now, and the candidates of the latest snapshot."""
    from harvester.curated import facts, snapshots
    from harvester.curated.twins import groups

    editorial = readable_editorial(settings)  # what waits for a list that cannot be read waits until it is mended
    log = read_log(settings.editorial)
    log = replace(log, decisions=decisions_now(log.decisions, editorial.lists))
    folded = fold(log.decisions)
    latest = snapshots.latest(settings.data / "curated")
    matched: list[Candidate] = []
    papers: dict[Subject, Shown] = {}
    found: list[Twin] = []
    if latest is not None:
        there = snapshots.read_manifest(latest)["tables"]  # older snapshots have neither twins nor scores
        scores = snapshots.read_table(latest, "scores") if "scores.parquet" in there else None
        matched = candidates_now(
            facts.read_candidates(snapshots.read_table(latest, "candidates"), scores), editorial.lists
        )
        columns = ["subject", "title", "authors", "abstract", "version", "submitted_at"]
        rows = snapshots.read_table(latest, "papers").select(columns).to_pylist()
        if "twins.parquet" in there:
            found = facts.read_twins(snapshots.read_table(latest, "twins"))
        papers = {row.pop("subject"): Shown(**{**row, "authors": tuple(row["authors"])}) for row in rows}
    open_to = [candidate for candidate in matched if candidate.list not in editorial.broken]
    apart = held_apart(folded)
    same = [*(twin for twin in found if frozenset((twin.subject, twin.same_as)) not in apart), *joined(folded)]
    grouped = groups(same, apart)
    return Standing(
        folder=settings.editorial,
        editorial=editorial,
        log=log,
        folded=folded,
        matched=tuple(matched),
        candidates=tuple(once_each(still_open(open_to, folded, today), grouped, folded)),
        papers=papers,
        snapshot=latest.name if latest else None,
        twins=tuple({(twin.subject, twin.same_as): twin for twin in same}.values()),
        groups=grouped,
        data=settings.data,
        spoken=spoken(settings, settings.editorial),
    )


def subject_named(text: str) -> Subject:
    """Reads a subject in any spelling people use: id, link, DOI, `owner/name`; DecisionError where it is none."""
    is_address = text.strip().lower().startswith(("github.com/", "www.github.com/"))  # as browsers show it
    repo = read_repo(text) if is_address or text.count("/") == 1 else None
    subject = read_subject(text) or (repo_subject(repo) if repo else None)
    if subject is None:
        raise DecisionError(
            [f"{text!r} names no paper: write an arXiv id such as 2405.18218, a DOI, owner/name on GitHub, or a link"]
        )
    return subject


def list_for(standing: Standing, subject: Subject, slug: str | None) -> ListDefinition:
    """Returns the list that is meant: the named one, the only one that knows the subject, or the only one there is."""
    if slug is not None:
        return standing.editorial.definition(slug)
    known_to = knowing(standing, subject)
    meant = known_to or _every_list(standing)
    if len(meant) == 1:
        return standing.editorial.definition(meant[0])
    names = ", ".join(meant)
    if not meant:
        raise DecisionError(["there is no list yet: adopt one with `harvester adopt FILE --list NAME`"])
    why = "is known to several lists" if known_to else "is on no list and in no queue"
    raise DecisionError([f"{subject} {why}; say which one with --list: {names}"])


def knowing(standing: Standing, subject: Subject) -> list[str]:
    """Returns the lists that know the subject: it waits in their queue, or something was decided about it."""
    return [slug for slug in _every_list(standing) if _knows(standing, slug, subject)]


def concerned(standing: Standing, ids: Sequence[str], slug: str | None) -> set[str]:
    """Returns the lists that a command may be about: the named one, else those that know one of its papers, else all."""
    if slug is not None or not ids:
        return {slug} if slug is not None else {*_every_list(standing)}
    found: set[str] = set()
    for text in ids:
        with suppress(DecisionError):  # the command itself tells of it
            found |= {*(knowing(standing, subject_named(text)) or _every_list(standing))}
    return found


def _every_list(standing: Standing) -> list[str]:
    return [*(definition.slug for definition in standing.editorial.lists), *standing.editorial.broken]


def _knows(standing: Standing, slug: str, subject: Subject) -> bool:
    decided = any(key.list == slug and key.subject == subject for key in standing.folded.standing)
    disputed = any(c.key.list == slug and c.key.subject == subject for c in standing.folded.conflicts)
    waits = standing.match if slug in standing.editorial.broken else standing.candidate
    return decided or disputed or waits(slug, subject) is not None


def concerns(joins: Joins, decision: Decision, subject: Subject) -> bool:
    """Tells whether a decision is about the subject, or about a paper that it is held to be in the decision's list."""
    return not {decision.subject, decision.twin}.isdisjoint(joins.way(decision.list, subject))


def history(standing: Standing, slug: str | None, subject: Subject | None) -> Iterator[Decision]:
    """Yields the decisions on a list or a subject (None: on all), the newest first.

    Joins with another paper are among them, and what was decided on the papers that it is held to be.
    """
    joins = Joins.of(standing.folded)
    for decision in reversed(in_order(standing.log.decisions)):
        if slug in (None, decision.list) and (subject is None or concerns(joins, decision, subject)):
            yield decision
