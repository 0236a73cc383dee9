"""Where entries stand: sections under the names that they have today, and sections that a list no longer has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from harvester.counting import counted
from harvester.definitions import ListDefinition
from harvester.former_names import FormerNames, written_formerly
from harvester.records import Candidate, Decision, Edit, Entry
from harvester.scores import Guess


@dataclass(frozen=True, slots=True)
class Astray:
    """A section in which entries stand and that their list does not have; pages show it last."""

    list: str
    section: str
    entries: int
    decision: str  # the one that put the first of them there
    near: str | None  # the section of the list whose name is most like it
    folder: str = "editorial"  # as people call it

    def __str__(self) -> str:
        stem, _, line = self.decision.rpartition(":")
        one = self.entries == 1
        where = f"{self.folder}/decisions/{stem}.jsonl, line {line}: " if one else ""
        hint = f' ("{self.near}"?)' if self.near else ""
        return (
            f'{where}{counted(self.entries, "entry")} {"stands" if one else "stand"} in section "{self.section}", which '
            f"list {self.list} does not have: add {written_formerly(self.section)} to the section of "
            f"{self.folder}/lists/{self.list}.toml that has its papers now{hint}, or move {'it' if one else 'them'} with "
            f"`harvester accept ID --section NAME --list {self.list}`"
        )


def astray(entries: Iterable[Entry], definition: ListDefinition) -> tuple[Astray, ...]:
    """Returns the sections of entries that a list does not have, once each; case does not count."""
    paths = {section.path.casefold() for section in definition.sections}
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.list == definition.slug and entry.section.casefold() not in paths:
            found.setdefault(entry.section.casefold(), []).append(entry)
    return tuple(_astray(there, definition) for there in found.values())


def _astray(there: Sequence[Entry], definition: ListDefinition) -> Astray:
    near = next(iter(definition.nearest_sections(there[0].section)), None)
    return Astray(definition.slug, there[0].section, len(there), there[0].decision, near)


def decisions_now(decisions: Iterable[Decision], lists: Iterable[ListDefinition]) -> tuple[Decision, ...]:
    """Returns decisions with the names that the sections have today; what stands in a sitting is never changed."""
    names = _renaming(lists)
    return tuple(_decision_now(one, names[one.list]) if one.list in names else one for one in decisions)


def _decision_now(decision: Decision, names: FormerNames) -> Decision:
    if decision.section is not None:
        decision = replace(decision, section=names.now(decision.section))
    if any(edit.field == "section" for edit in decision.edits):
        decision = replace(decision, edits=tuple(_edit_now(edit, names) for edit in decision.edits))
    return decision


def _edit_now(edit: Edit, names: FormerNames) -> Edit:
    if edit.field != "section":
        return edit
    before, after = (names.now(one) if isinstance(one, str) else one for one in (edit.before, edit.after))
    return Edit("section", before, after)


def entries_now(entries: Iterable[Entry], lists: Iterable[ListDefinition]) -> list[Entry]:
    """Returns the entries of an earlier snapshot with the names that their sections have today."""
    names = _renaming(lists)
    return [replace(one, section=names[one.list].now(one.section)) if one.list in names else one for one in entries]


def candidates_now(candidates: Iterable[Candidate], lists: Iterable[ListDefinition]) -> list[Candidate]:
    """Returns the candidates of an earlier snapshot with the names that their suggested sections have today."""
    names = _renaming(lists)
    return [_candidate_now(one, names[one.list]) if one.list in names else one for one in candidates]


def _candidate_now(one: Candidate, names: FormerNames) -> Candidate:
    rated = replace(one.rated, guesses=_guesses_now(one.rated.guesses, names)) if one.rated else None
    return replace(one, section=names.now(one.section) if one.section else None, rated=rated)


def _guesses_now(guesses: Sequence[Guess], names: FormerNames) -> tuple[Guess, ...]:
    """Two sections that have become one are as probable as both."""
    sums: dict[str, float] = {}
    for guess in guesses:
        path = names.now(guess.section)
        sums[path] = sums.get(path, 0.0) + guess.probability
    return tuple(Guess(path, round(share, 3)) for path, share in sorted(sums.items(), key=lambda one: -one[1]))


def _renaming(lists: Iterable[ListDefinition]) -> Mapping[str, FormerNames]:
    """The names of those lists that renamed a section."""
    named = ((definition.slug, definition.former_names()) for definition in lists)
    return {slug: names for slug, names in named if names.former}
