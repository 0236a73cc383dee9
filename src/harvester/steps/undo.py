"""Undo: take exactly one decision back, and say what holds then."""

from __future__ import annotations

import re
from dataclasses import replace

from harvester.editorial.agree import place_in_log
from harvester.editorial.entries import Key, fold
from harvester.errors import DecisionError
from harvester.records import Decision
from harvester.steps.decide import Decided, Plan, Signature, taking_back, write
from harvester.steps.standing import Standing, subject_named

_DECISION_ID = re.compile(r"\S+Z-\S+:\d+")


def undo(standing: Standing, named: str | None, signed: Signature, slug: str | None = None) -> Decided:
    """Takes back the latest standing decision: on the named subject, the one of that decision id, else this person's own."""
    decision = _meant(standing, named, signed.by, slug)
    line = taking_back(signed, decision)
    now = _state_after(standing, decision, line)
    said = f"took back {_words(decision)} by {decision.by} ({decision.id}); now {now}"
    done = Decided(decision.list, decision.subject, "reopen", None, said)
    return write(standing, signed, [Plan((line,), done)])[0]


def _meant(standing: Standing, named: str | None, by: str, slug: str | None) -> Decision:
    if named is not None and _DECISION_ID.fullmatch(named):
        return _of_id(standing, named)
    disputed = [decision for conflict in standing.folded.conflicts for decision in conflict.decisions]
    edits = [decision for found in standing.folded.edits.values() for decision in found]
    standing_now = [*standing.folded.standing.values(), *edits, *disputed, *standing.folded.paired]
    found = [decision for decision in standing_now if slug in (None, decision.list)]
    if named is None:
        found = [decision for decision in found if decision.by == by]
        nothing = f"{by} has no decision that stands; name a paper, or say who with --by"
    else:
        subject = subject_named(named)
        found = [decision for decision in found if decision.subject == subject]
        nothing = f"nothing stands that was decided about {subject}; `harvester log {subject}` shows its history"
        found = _unambiguous(found, disputed, by)
    if not found:
        raise DecisionError([nothing])
    return max(found, key=place_in_log)


def _unambiguous(found: list[Decision], disputed: list[Decision], by: str) -> list[Decision]:
    lists = sorted({decision.list for decision in found})
    if len(lists) > 1:
        raise DecisionError(
            [f"{found[0].subject} is known to several lists; say which one with --list: {', '.join(lists)}"]
        )
    sides = [decision for decision in found if decision in disputed]
    own = [decision for decision in sides if decision.by == by]
    if sides and not own:
        choices = ", ".join(f"{decision.id} ({decision.act} by {decision.by})" for decision in sides)
        raise DecisionError([f"people contradict each other about {found[0].subject}; undo one by its id: {choices}"])
    return own or found


def _of_id(standing: Standing, decision_id: str) -> Decision:
    decision = next((decision for decision in standing.log.decisions if decision.id == decision_id), None)
    if decision is None:
        raise DecisionError([f"there is no decision {decision_id}; `harvester log` shows them"])
    if decision.id not in standing.folded.effective:
        raise DecisionError([f"{decision_id} has been taken back already"])
    return decision


def _words(decision: Decision) -> str:
    if decision.act in ("same", "apart"):
        return f"that {decision.subject} is {'' if decision.act == 'same' else 'not '}the same as {decision.twin}"
    return f"the undo of {decision.undoes}" if decision.undoes else f"{decision.act} of {decision.subject}"


def _state_after(standing: Standing, decision: Decision, line: Decision) -> str:
    key = Key(decision.list, decision.subject, decision.place)
    after = fold([*standing.log.decisions, replace(line, id="now:1")])
    verdict = after.standing.get(key)
    if any(conflict.key == key for conflict in after.conflicts):
        return "people contradict each other about it: `harvester log` shows how"
    if verdict is None or verdict.act == "reopen":
        return _undecided(standing, key)
    if verdict.act == "same":
        return f"it is the same as {verdict.twin}"
    if verdict.act == "accept":
        section = next(entry.section for entry in after.entries if Key(entry.list, entry.subject, entry.place) == key)
        return f"it stands in {section}"
    return f"it is rejected: {verdict.reason}" if verdict.act == "reject" else f"it is put off until {verdict.until}"


def _undecided(standing: Standing, key: Key) -> str:
    if standing.match(key.list, key.subject):
        return "it is undecided and in the queue"
    return "it is undecided; if a topic matches it, the next snapshot (`harvester publish`) has it in the queue"
