"""The fold of all decisions: which entries a list has, what is rejected or deferred, and where people disagree.

Identity is list, subject and placement. Decisions are ordered by time, then file name, then line, except that a decision
never comes before one it follows or takes back: clocks of two machines may differ, and two commands may share a second.
Verdict, placement (section and order), note and wording fold separately, and the latest wins; an edit changes the fields
that it names, and of links, notes and marks only those that were changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from harvester.editorial.agree import agree, in_order, place_in_log
from harvester.editorial.edits import WORDS, Guard, Outdated, crossing, edited, in_words
from harvester.ids import Subject
from harvester.records import Decision, Edit, Entry, Wording
from harvester.words import EditValue


class Key(NamedTuple):
    """What a decision is about."""

    list: str
    subject: Subject
    place: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Decisions that were made without knowing of each other and contradict each other, in order of time.

    None of them holds until somebody settles it by taking back the others; `agreed` stands meanwhile (None: undecided).
    """

    key: Key
    agreed: Decision | None
    decisions: tuple[Decision, ...]

    def __str__(self) -> str:
        sides = " and ".join(f"{decision.by} says {decision.act} ({decision.id})" for decision in self.decisions)
        stands = f"{self.agreed.act} ({self.agreed.id})" if self.agreed else "undecided"
        return (
            f"{self.key.subject} in list {self.key.list}: {sides}, without knowing of each other; it stays as it was, "
            f"{stands}, until somebody decides again or takes one back with `harvester undo ID`, the id in brackets"
        )


@dataclass(frozen=True, slots=True)
class Folded:
    """What all decisions together say.

    `standing` holds the decision whose verdict holds, for every identity that has one (a plain `reopen` too);
    `effective` are all decisions that nobody took back, those in conflict included; `edits` those edits among them that
    still show in an entry. `guards` are editors' words that replaced the machine's; `crossed` are edits that
    changed something else than what stood when they came.
    """

    entries: tuple[Entry, ...]
    rejected: Mapping[Key, Decision]
    deferred: Mapping[Key, Decision]
    conflicts: tuple[Conflict, ...]
    standing: Mapping[Key, Decision]
    effective: frozenset[str]
    edits: Mapping[Key, tuple[Decision, ...]] = field(default_factory=dict)
    guards: tuple[Guard, ...] = ()
    crossed: tuple[Outdated, ...] = ()
    paired: tuple[Decision, ...] = ()  # `same` and `apart`, as far as they hold


def fold(decisions: Iterable[Decision]) -> Folded:
    """Folds decisions, in whatever order they come; entries are sorted by list and section, then as readers see them."""
    groups: dict[Key, list[Decision]] = {}
    for decision in decisions:
        groups.setdefault(Key(decision.list, decision.subject, decision.place), []).append(decision)
    standing: dict[Key, Decision] = {}
    built: list[_Built] = []
    conflicts: list[Conflict] = []
    effective: set[str] = set()
    paired: list[Decision] = []
    for key in sorted(groups):
        agreement = agree(in_order(groups[key]))
        effective.update(decision.id for decision in agreement.effective)
        paired += (decision for decision in agreement.holding if decision.act == "apart")
        if agreement.verdict:
            standing[key] = agreement.verdict
        if agreement.contradicting:
            conflicts.append(Conflict(key, agreement.verdict, agreement.contradicting))
        if agreement.verdict and agreement.verdict.act == "accept":
            built.append(_build(key, agreement.holding))
    return Folded(
        entries=tuple(sorted((one.entry() for one in built), key=_reading_order)),
        rejected={key: decision for key, decision in standing.items() if decision.act == "reject"},
        deferred={key: decision for key, decision in standing.items() if decision.act == "defer"},
        conflicts=tuple(conflicts),
        standing=standing,
        effective=frozenset(effective),
        edits={one.key: tuple(found) for one in built if (found := one.showing())},
        guards=tuple(guard for one in built for guard in one.guards()),
        crossed=tuple(said for one in built for said in one.crossed),
        paired=(*paired, *(decision for decision in standing.values() if decision.act == "same")),
    )


@dataclass(slots=True)
class _Built:
    """An entry while its decisions are folded, in order."""

    key: Key
    section: str = ""
    order: float | None = None
    note: str | None = None
    wording: Wording = field(default_factory=Wording)
    placed: Decision | None = None  # the decision that put the entry where it stands
    latest: dict[str, Decision] = field(default_factory=dict)  # by field: the edit whose word it has
    replaced: dict[str, str] = field(default_factory=dict)  # by field: the machine's word that an edit replaced
    crossed: list[Outdated] = field(default_factory=list)

    def accept(self, decision: Decision) -> None:
        """An accept places the entry and may bring a note and a whole new wording."""
        if decision.section is not None and (decision.section != self.section or decision.order is not None):
            moved = decision.section != self.section
            self.section, self.order = decision.section, decision.order
            self.placed = decision if moved else self.placed
            self._forget("section", "order")
        self.placed = self.placed or decision
        self.note = self.note if decision.note is None else decision.note or None
        if decision.wording:
            self.wording = decision.wording
            self._forget(*WORDS)

    def _forget(self, *names: str) -> None:
        for name in names:
            self.latest.pop(name, None)
            self.replaced.pop(name, None)

    def edit(self, decision: Decision) -> None:
        """An edit changes the fields that it names."""
        for change in decision.edits:
            self.latest[change.field] = decision
            self._cross(decision, change)
            if change.field == "section":
                self.placed = decision if change.after != self.section else self.placed
                self.section = str(change.after)
            elif change.field == "order":
                self.order = change.after if isinstance(change.after, int | float) else None
            elif change.field == "note":
                self.note = str(change.after) if change.after else None
            else:
                self._reword(decision, change)

    def _cross(self, decision: Decision, change: Edit) -> None:
        standing: Mapping[str, EditValue] = {"section": self.section or None, "order": None, "note": self.note or ""}
        now = standing[change.field] if change.field in standing else getattr(self.wording, change.field)
        if stood := crossing(change, now):
            told = (
                f"{self.key.subject} in list {self.key.list}: {decision.by} edited {in_words([change])}, when {stood}"
            )
            self.crossed.append(Outdated(self.key.list, decision.id, f"{told}; the later word stands ({decision.id})"))

    def _reword(self, decision: Decision, change: Edit) -> None:
        now: EditValue = getattr(self.wording, change.field)
        if now is None and change.before:
            self.replaced[change.field] = str(change.before)
        changed: Any = {change.field: edited(now, change)}
        self.wording = replace(self.wording, **changed)

    def entry(self) -> Entry:
        """Returns the entry, as all its decisions together say."""
        assert self.placed is not None  # the last verdict is an accept
        where = (*self.key, self.section, self.order)
        by = (self.placed.at, self.placed.by, self.placed.id)
        return Entry(*where, self.wording, self.note, *by)

    def showing(self) -> list[Decision]:
        """Returns the edits that still show, the latest last."""
        return sorted({edit.id: edit for edit in self.latest.values()}.values(), key=place_in_log)

    def guards(self) -> Iterator[Guard]:
        """Yields the editors' words that stand for a word of the machine's."""
        for name, before in self.replaced.items():
            if getattr(self.wording, name):
                yield Guard(self.entry(), name, before, self.latest[name].id, self.latest[name].by)


def _build(key: Key, holding: Sequence[Decision]) -> _Built:
    """Folds the decisions that hold, the last of whose verdicts is `accept`."""
    built = _Built(key)
    for decision in holding:
        if decision.act == "accept":
            built.accept(decision)
        elif decision.act == "edit":
            built.edit(decision)
        elif decision.act != "apart":
            built.placed = None
    return built


def _reading_order(entry: Entry) -> tuple[object, ...]:
    """Sorts by list and section; new entries (without `order`) come first, newest on top, then adopted ones by order."""
    newest_first = -entry.decided_at.timestamp()
    last = (str(entry.subject), entry.place)
    if entry.order is None:
        return (entry.list, entry.section, 0, newest_first, *last)
    return (entry.list, entry.section, 1, entry.order, newest_first, *last)


def outdated(folded: Folded, machines: Callable[[Subject], Mapping[str, str]]) -> Iterator[Outdated]:
    """Yields the edits that no longer apply: they replaced another word than the one that stood, or that stands now.

    `machines` gives what upstreams say of a subject now, by the name of the field, as far as that is known.
    """
    yield from folded.crossed
    for guard in folded.guards:
        if complaint := guard.complaint(machines(guard.entry.subject).get(guard.field)):
            yield Outdated(guard.entry.list, guard.decision, complaint)
