"""Decide: accept, reject or defer candidates, each judgement one line of a new sitting.

Everything is checked before anything is written, and all mistakes are told at once. Whoever decides on a paper about
which others contradict each other settles it: the decisions on the other side are taken back in the same sitting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from harvester.definitions import ListDefinition
from harvester.editorial.decisions import write_line
from harvester.editorial.entries import Key
from harvester.editorial.log import write_sitting
from harvester.editorial.pairs import Joins
from harvester.errors import DecisionError
from harvester.ids import Subject
from harvester.records import Act, Decision, Entry, Wording
from harvester.steps.standing import Standing, list_for, subject_named
from harvester.steps.suggest import Suggested, sections_of, suggested_section


@dataclass(frozen=True, slots=True)
class Signature:
    """Who decides, when (UTC), and the short random suffix of the sitting's file name."""

    by: str
    at: datetime
    suffix: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of one wish, in words; `decisions` are the ids of the lines written, none where nothing changed."""

    list: str
    subject: Subject
    act: Act
    section: str | None
    said: str
    decisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Lines to write for one wish, and what to say about it."""

    lines: tuple[Decision, ...]
    decided: Decided


def accept(
    standing: Standing,
    ids: Sequence[str],
    signed: Signature,
    slug: str | None = None,
    section: str | None = None,
    note: str | None = None,
    place: int | None = None,
    wording: Wording | None = None,
) -> list[Decided]:
    """Puts subjects on a list, or moves them within it; without `section` where they stand or where it is suggested.

    A `wording` takes the place of the one that the entry has.
    """

    def plan(subject: Subject, definition: ListDefinition) -> Plan:
        return _plan_accept(standing, signed, definition, subject, section, note, place, wording)

    return write(standing, signed, _each(standing, ids, slug, plan))


def reject(
    standing: Standing, ids: Sequence[str], signed: Signature, reason: str, slug: str | None = None
) -> list[Decided]:
    """Takes subjects off a list, wherever they stand in it, or out of its queue; they never come back by themselves."""

    def plan(subject: Subject, definition: ListDefinition) -> Plan:
        return _plan_reject(standing, signed, definition, subject, reason)

    return write(standing, signed, _each(standing, ids, slug, plan))


def defer(
    standing: Standing, ids: Sequence[str], signed: Signature, until: date, slug: str | None = None
) -> list[Decided]:
    """Hides subjects from the queue until a day."""
    if until <= signed.at.date():
        raise DecisionError([f"{until} has come already: defer until a later day"])

    def plan(subject: Subject, definition: ListDefinition) -> Plan:
        return _plan_defer(standing, signed, definition, subject, until)

    return write(standing, signed, _each(standing, ids, slug, plan))


def _each(
    standing: Standing, ids: Sequence[str], slug: str | None, plan: Callable[[Subject, ListDefinition], Plan]
) -> list[Plan]:
    plans: dict[tuple[str, Subject], Plan] = {}
    mistakes: list[str] = []
    joins = Joins.of(standing.folded)
    for text in ids:
        try:
            subject = subject_named(text)
            definition = list_for(standing, subject, slug)
            meant = joins.stays(definition.slug, subject)
            made = plan(meant, definition)
            plans[definition.slug, meant] = made if meant == subject else _for_twin(standing, made, subject)
        except DecisionError as error:
            mistakes += error.mistakes
    if mistakes:
        raise DecisionError([*mistakes, "nothing was written"] if len(ids) > 1 else mistakes)
    return list(plans.values())


def _for_twin(standing: Standing, made: Plan, named: Subject) -> Plan:
    """Says that the paper which stays was decided on for the one that was named; what is listed is not lost that way."""
    done = made.decided
    if done.act == "reject" and standing.entries(done.list, done.subject):
        why = f"{named} is held to be the same as {done.subject}, which is listed"
        raise DecisionError([f"{why}: reject that one, or {ways_to_part(standing, done.list, named)} first"])
    return Plan(made.lines, replace(done, said=f"{done.said}; {named} is the same paper"))


def ways_to_part(standing: Standing, slug: str, subject: Subject) -> str:
    """Names the commands that take a join back, one a placement; `undo` of the paper may mean what was said since."""
    joins = (one for one in standing.folded.paired if one.act == "same" and (one.list, one.subject) == (slug, subject))
    return " and ".join(f"`harvester undo {one.id}`" for one in joins)


def write(standing: Standing, signed: Signature, plans: Iterable[Plan]) -> list[Decided]:
    """Writes the lines of all plans as one sitting, and returns what was decided with the ids of the lines."""
    kept = list(plans)
    lines = [write_line(decision) for plan in kept for decision in plan.lines]
    if not lines:
        return [plan.decided for plan in kept]
    stem = write_sitting(standing.folder, signed.at, signed.by, lines, signed.suffix).stem
    done, number = [], 0
    for plan in kept:
        ids = tuple(f"{stem}:{number + n}" for n in range(1, len(plan.lines) + 1))
        number += len(ids)
        plain = plan.decided
        done.append(Decided(plain.list, plain.subject, plain.act, plain.section, plain.said, ids))
    return done


def _plan_accept(
    standing: Standing,
    signed: Signature,
    definition: ListDefinition,
    subject: Subject,
    section: str | None,
    note: str | None,
    place: int | None,
    wording: Wording | None,
) -> Plan:
    path = named_section(definition, section) if section is not None else None
    there = standing.entries(definition.slug, subject)
    at_place = place or _place_meant(definition, there, path)
    if at_place > len(there) + 1:
        words = f"{subject} stands on {definition.slug} {len(there)} times: --place may be 1 to {len(there) + 1}"
        raise DecisionError([f"{words}, the last for one placement more"])
    entry = next((entry for entry in there if entry.place == at_place), None)
    guessed = suggested_section(standing, definition, subject) if path is None and entry is None else None
    path = guessed.path if guessed else path or (entry.section if entry else "")
    key = Key(definition.slug, subject, at_place)
    disputed = standing.conflict(key) is not None
    same = entry and entry.section == path and note in (None, entry.note) and wording in (None, entry.wording)
    if same and not disputed:
        return Plan((), Decided(definition.slug, subject, "accept", path, f"stands in {path} already; nothing to do"))
    lines = _settling(standing, signed, key, "accept")
    lines += [_decision(standing, signed, key, "accept", section=path, note=note, wording=wording)]
    said = _said_accepted(standing, key, entry, guessed or Suggested(path), "wording" if note is None else "note")
    return Plan(tuple(lines), Decided(*key[:2], "accept", path, said))


def _said_accepted(standing: Standing, key: Key, entry: Entry | None, to: Suggested, changed: str) -> str:
    path = to.path
    if entry and entry.section == path:
        return (
            f"{changed} changed, stands in {path}" if standing.conflict(key) is None else f"settled: accepted in {path}"
        )
    if entry:
        return f"moved from {entry.section} to {path}"
    said = f"accepted into {path}{to.said}"
    candidate = standing.candidate(key.list, key.subject)
    if rejected := standing.folded.rejected.get(key):
        said += f" (it had been rejected by {rejected.by}: {rejected.reason})"
    elif candidate is None:
        said += " (it was not in the queue)"
    said += "; note that the paper was withdrawn" if candidate and candidate.withdrawn else ""
    return said + (_how_to_change(key) if to.weak else "")


def _how_to_change(key: Key) -> str:
    named = f"{key.subject.removeprefix('arxiv:')} --list {key.list}"
    move = f"`harvester accept {named} --section NAME` moves it, `harvester undo {named}` takes it back"
    return f"; that was a weak guess: {move}"


def named_section(definition: ListDefinition, section: str) -> str:
    """Returns the path of the section that is meant; raises DecisionError that names the nearest one, or all."""
    if found := definition.section(section):
        return found.path
    near = definition.nearest_sections(section)
    remedy = f'did you mean "{near[0]}"?' if near else sections_of(definition)
    raise DecisionError([f'no section "{section}" in list {definition.slug}; {remedy}'])


def _place_meant(definition: ListDefinition, there: Sequence[Entry], path: str | None) -> int:
    standing_in = [entry for entry in there if path in (None, entry.section)]
    if len(there) <= 1 or len(standing_in) == 1:
        return (standing_in or [*there])[0].place if there else 1
    places = ", ".join(f"--place {entry.place} ({entry.section})" for entry in there)
    why = f"{there[0].subject} stands in list {definition.slug} {len(there)} times"
    raise DecisionError([f"{why}; say which one is meant: {places}"])


def _plan_reject(
    standing: Standing, signed: Signature, definition: ListDefinition, subject: Subject, reason: str
) -> Plan:
    there = standing.entries(definition.slug, subject)
    keys = [Key(definition.slug, subject, entry.place) for entry in there] or [Key(definition.slug, subject, 1)]
    before = standing.folded.rejected.get(keys[0])
    waits = standing.candidate(definition.slug, subject) is not None  # for a second look
    if before and not waits and not any(standing.conflict(key) for key in keys):
        said = f"was rejected already by {before.by}: {before.reason}; nothing to do"
        return Plan((), Decided(definition.slug, subject, "reject", None, said))
    lines: list[Decision] = []
    for key in keys:
        lines += _settling(standing, signed, key, "reject")
        lines += [_decision(standing, signed, key, "reject", reason=reason)]
    sections = " and ".join(entry.section for entry in there)
    said = f"taken off {sections} and rejected" if there else "rejected; it will not be shown again"
    return Plan(tuple(lines), Decided(definition.slug, subject, "reject", None, said))


def _plan_defer(
    standing: Standing, signed: Signature, definition: ListDefinition, subject: Subject, until: date
) -> Plan:
    key = Key(definition.slug, subject, 1)
    if there := standing.entries(definition.slug, subject):
        raise DecisionError([f"{subject} stands in {there[0].section}: only candidates can wait; reject it, or undo"])
    before = standing.folded.rejected.get(key)
    if before and standing.candidate(*key[:2]) is None:
        raise DecisionError([f"{subject} was rejected by {before.by}: {before.reason}; undo that first"])
    lines = [*_settling(standing, signed, key, "defer"), _decision(standing, signed, key, "defer", until=until)]
    return Plan(tuple(lines), Decided(definition.slug, subject, "defer", None, f"hidden from the queue until {until}"))


def _settling(standing: Standing, signed: Signature, key: Key, act: Act) -> list[Decision]:
    """Takes back the decisions that contradict each other and say something else than `act`."""
    conflict = standing.conflict(key)
    against = [decision for decision in conflict.decisions if decision.act != act] if conflict else []
    return [taking_back(signed, decision) for decision in against]


def taking_back(signed: Signature, decision: Decision) -> Decision:
    """Makes the line that takes exactly this decision back."""
    about = (decision.list, decision.subject)
    return Decision("", signed.at, signed.by, *about, "reopen", decision.place, undoes=decision.id)


def _decision(
    standing: Standing,
    signed: Signature,
    key: Key,
    act: Act,
    section: str | None = None,
    note: str | None = None,
    reason: str | None = None,
    until: date | None = None,
    wording: Wording | None = None,
) -> Decision:
    conflict = standing.conflict(key)
    agreeing = [decision for decision in conflict.decisions if decision.act == act] if conflict else []
    before = agreeing[-1] if agreeing else standing.folded.standing.get(key)
    shown, candidate = standing.papers.get(key.subject), standing.candidate(key.list, key.subject)
    score = candidate.rated.score if candidate and candidate.rated else None
    return Decision(
        id="",
        at=signed.at,
        by=signed.by,
        list=key.list,
        subject=key.subject,
        act=act,
        place=key.place,
        section=section,
        note=note,
        reason=reason,
        until=until,
        follows=before.id if before else None,
        saw=shown.version if shown else None,
        saw_score=score.score if score else None,
        wording=wording,
    )
