"""The fold of all decisions: which entries a list has, what is rejected or deferred, and where people disagree.

Identity is list, subject and placement. Decisions are ordered by time, then file name, then line, except that a decision
never comes before one it follows or takes back: clocks of two machines may differ, and two commands may share a second.
Verdict, placement (section and order), note and wording fold separately, and the latest wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harvester.definitions import ListDefinition
from harvester.editorial.agree import agree, in_order
from harvester.editorial.decisions import Mistake
from harvester.ids import Subject
from harvester.records import Decision, Entry, Wording


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
            f"{stands}, until one is taken back with `harvester undo`"
        )


@dataclass(frozen=True, slots=True)
class Folded:
    """What all decisions together say.

    `standing` holds the decision whose verdict holds, for every identity that has one (a plain `reopen` too);
    `effective` are all decisions that nobody took back, those in conflict included.
    """

    entries: tuple[Entry, ...]
    rejected: Mapping[Key, Decision]
    deferred: Mapping[Key, Decision]
    conflicts: tuple[Conflict, ...]
    standing: Mapping[Key, Decision]
    effective: frozenset[str]


def fold(decisions: Iterable[Decision]) -> Folded:
    """Folds decisions, in whatever order they come; entries are sorted by list and section, then as readers see them."""
    groups: dict[Key, list[Decision]] = {}
    for decision in decisions:
        groups.setdefault(Key(decision.list, decision.subject, decision.place), []).append(decision)
    standing: dict[Key, Decision] = {}
    entries: list[Entry] = []
    conflicts: list[Conflict] = []
    effective: set[str] = set()
    for key in sorted(groups):
        agreement = agree(in_order(groups[key]))
        effective.update(decision.id for decision in agreement.effective)
        if agreement.verdict:
            standing[key] = agreement.verdict
        if agreement.contradicting:
            conflicts.append(Conflict(key, agreement.verdict, agreement.contradicting))
        if agreement.verdict and agreement.verdict.act == "accept":
            entries.append(_entry(key, agreement.holding))
    return Folded(
        entries=tuple(sorted(entries, key=_reading_order)),
        rejected={key: decision for key, decision in standing.items() if decision.act == "reject"},
        deferred={key: decision for key, decision in standing.items() if decision.act == "defer"},
        conflicts=tuple(conflicts),
        standing=standing,
        effective=frozenset(effective),
    )


def _entry(key: Key, holding: Sequence[Decision]) -> Entry:
    """Folds the decisions that hold, the last of whose verdicts is `accept`, into one entry."""
    section, order = "", None
    note: str | None = None
    wording = Wording()
    placed: Decision | None = None  # the decision that put the entry where it stands
    for decision in holding:
        if decision.act != "accept":
            placed = None
            continue
        if decision.section is not None and (decision.section != section or decision.order is not None):
            moved = decision.section != section
            section, order = decision.section, decision.order
            placed = decision if moved else placed
        placed = placed or decision
        note = note if decision.note is None else decision.note or None
        wording = decision.wording or wording
    assert placed is not None  # the last verdict is an accept
    return Entry(key.list, key.subject, key.place, section, order, wording, note, placed.at, placed.by, placed.id)


def _reading_order(entry: Entry) -> tuple[object, ...]:
    """Sorts by list and section; new entries (without `order`) come first, newest on top, then adopted ones by order."""
    newest_first = -entry.decided_at.timestamp()
    last = (str(entry.subject), entry.place)
    if entry.order is None:
        return (entry.list, entry.section, 0, newest_first, *last)
    return (entry.list, entry.section, 1, entry.order, newest_first, *last)


def misplaced(folded: Folded, definition: ListDefinition) -> tuple[Mistake, ...]:
    """Returns a mistake for every entry in a section that its list does not have; pages show these sections last."""
    paths = {section.path.casefold() for section in definition.sections}
    mistakes = []
    for entry in folded.entries:
        if entry.list == definition.slug and entry.section.casefold() not in paths:
            stem, _, line = entry.decision.rpartition(":")
            near = definition.nearest_sections(entry.section)
            known = ", ".join(section.path for section in definition.sections) or "none"
            remedy = f'did you mean "{near[0]}"?' if near else f"there are: {known}."
            why = f'no section "{entry.section}" in list {entry.list}; {remedy} `harvester accept --section` moves it'
            mistakes.append(Mistake(f"editorial/decisions/{stem}.jsonl", int(line or 0), entry.list, why))
    return tuple(mistakes)
