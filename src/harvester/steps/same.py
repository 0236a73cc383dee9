"""Say that two papers are one, or that they are two."""

from __future__ import annotations

from harvester.definitions import ListDefinition
from harvester.editorial.entries import Key
from harvester.errors import DecisionError
from harvester.ids import Subject
from harvester.records import Act, Decision
from harvester.steps.decide import Decided, Plan, Signature, write
from harvester.steps.standing import Standing, knowing, list_for, subject_named


def same(standing: Standing, one: str, other: str, signed: Signature, slug: str | None = None) -> Decided:
    """Makes `one` a twin of `other`, which stays; where only `one` is listed, or only `one` has a place, that stays.

    The twin leaves queue and list, until the decision is taken back.
    """
    subject, twin, definition = _meant(standing, one, other, slug)
    why = ""
    if _place(standing, definition, subject) > _place(standing, definition, twin):
        subject, twin = twin, subject
        listed = standing.entries(definition.slug, twin)
        why = f" ({subject} is not listed)" if listed else f" (nothing but this join would show {subject})"
    _check(standing, definition, subject, twin)
    there = standing.entries(definition.slug, subject)
    keys = [Key(definition.slug, subject, entry.place) for entry in there] or [Key(definition.slug, subject, 1)]
    disputed = [key for key in keys if standing.conflict(key)]
    if disputed:
        raise DecisionError(
            [f"people contradict each other about {subject}: settle that first (`harvester log {subject}`)"]
        )
    lines = tuple(_line(standing, signed, key, "same", twin) for key in keys)
    gone = " and ".join(entry.section for entry in there)
    said = f"the same as {twin}, which stays{why}{f'; taken off {gone}' if gone else ''}"
    return write(standing, signed, [Plan(lines, Decided(definition.slug, subject, "same", None, said))])[0]


def _place(standing: Standing, definition: ListDefinition, subject: Subject) -> int:
    """Returns 2 for a paper that is listed, 1 for one that waits or was decided on otherwise, 0 for one without a place."""
    if standing.entries(definition.slug, subject):
        return 2
    return int(definition.slug in knowing(standing, subject))


def apart(standing: Standing, one: str, other: str, signed: Signature, slug: str | None = None) -> Decided:
    """Says that two papers are not one, whatever titles or identifiers tell."""
    subject, twin, definition = _meant(standing, one, other, slug)
    for decision in standing.folded.paired:
        if decision.act == "same" and {decision.subject, decision.twin} == {subject, twin}:
            raise DecisionError([f"{decision.by} made them one ({decision.id}): `harvester undo {decision.id}` first"])
        if decision.act == "apart" and {decision.subject, decision.twin} == {subject, twin}:
            said = f"held apart from {twin} already by {decision.by} ({decision.id}); nothing to do"
            return Decided(definition.slug, subject, "apart", None, said)
    line = _line(standing, signed, Key(definition.slug, subject, 1), "apart", twin)
    said = f"not the same as {twin}; {_shown_when(standing, definition, subject, twin)}"
    return write(standing, signed, [Plan((line,), Decided(definition.slug, subject, "apart", None, said))])[0]


def _shown_when(standing: Standing, definition: ListDefinition, *papers: Subject) -> str:
    slug = definition.slug
    if all(standing.entries(slug, paper) or standing.candidate(slug, paper) for paper in papers):
        return "both are shown already, and stay two"
    return "the next snapshot (`harvester publish`) no longer takes them for one"


def _meant(standing: Standing, one: str, other: str, slug: str | None) -> tuple[Subject, Subject, ListDefinition]:
    subject, twin = subject_named(one), subject_named(other)
    if subject == twin:
        raise DecisionError([f"{one} and {other} are one id already: {subject}"])
    if unknown := [paper for paper in (subject, twin) if not _is_known(standing, paper)]:
        remedy = "look at the id; if it is right, put it on a list first (`harvester item ID --title … --add`)"
        raise DecisionError([f"nothing is known of {paper}: {remedy}" for paper in unknown])
    if slug is not None:
        return subject, twin, standing.editorial.definition(slug)
    try:
        return subject, twin, list_for(standing, twin, None)
    except DecisionError:
        return subject, twin, list_for(standing, subject, None)


def _is_known(standing: Standing, subject: Subject) -> bool:
    """Tells whether an upstream, a list or a decision knows it: a slip in an id would make the other paper vanish."""
    if subject in standing.papers or any(candidate.subject == subject for candidate in standing.matched):
        return True
    return any(one.subject == subject and one.id in standing.folded.effective for one in standing.log.decisions)


def _check(standing: Standing, definition: ListDefinition, subject: Subject, twin: Subject) -> None:
    """A paper that is another one already cannot be what stays, nor become a third one."""
    for paper in (subject, twin):
        verdict = standing.folded.standing.get(Key(definition.slug, paper, 1))
        if verdict and verdict.act == "same":
            raise DecisionError([f"{paper} is the same as {verdict.twin} already: name that, or undo {verdict.id}"])


def _line(standing: Standing, signed: Signature, key: Key, act: Act, twin: Subject) -> Decision:
    before = standing.folded.standing.get(key) if act == "same" else None
    return Decision(
        "", signed.at, signed.by, *key[:2], act, key.place, follows=before.id if before else None, twin=twin
    )
