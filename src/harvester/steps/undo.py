"""Undo: take exactly one decision back, and say what holds then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from harvester.editorial.agree import place_in_log
from harvester.editorial.entries import Key, fold
from harvester.editorial.pairs import Joins
from harvester.errors import DecisionError
from harvester.ids import Subject
from harvester.records import Decision
from harvester.steps.decide import Decided, Plan, Signature, taking_back, write
from harvester.steps.standing import Standing, concerns, knowing, subject_named

_DECISION_ID = re.compile(r"\S+Z-\S+:\d+")


def undo(standing: Standing, named: str | None, signed: Signature, slug: str | None = None) -> Decided:
    """Takes back the latest standing decision: on the named subject, the one of that decision id, else this person's own.

    A join concerns both papers, and what was decided on the one that stays concerns the other, too. A paper that
    several lists know (in a queue, or decided) needs `slug`. A join that one command wrote for several placements goes
    whole.
    """
    decisions = _meant(standing, named, signed.by, slug)
    lines = tuple(taking_back(signed, decision) for decision in decisions)
    now, decision = _state_after(standing, decisions[0], lines), decisions[-1]
    told = f"took back {_words(decision)} by {decision.by}{_whose(decision, signed.by)} ({decision.id}); now {now}"
    told += _also(decision, named)
    done = Decided(decision.list, decision.subject, "reopen", None, told)
    return write(standing, signed, [Plan(lines, done)])[0]


def _also(decision: Decision, named: str | None) -> str:
    """Says why a decision was meant that does not name the paper which was named."""
    if named is None or _DECISION_ID.fullmatch(named):
        return ""
    subject = subject_named(named)
    return "" if subject in (decision.subject, decision.twin) else f"; {subject} is the same paper"


def _whose(decision: Decision, by: str) -> str:
    """Says plainly that somebody else had decided, and when."""
    return "" if decision.by == by else f", not by {by}, on {decision.at:%Y-%m-%d at %H:%M} UTC"


def _meant(standing: Standing, named: str | None, by: str, slug: str | None) -> list[Decision]:
    """Returns the decision that is meant; several where one command joined several placements."""
    if named is not None and _DECISION_ID.fullmatch(named):
        return [_of_id(standing, named)]
    disputed = [decision for conflict in standing.folded.conflicts for decision in conflict.decisions]
    edits = [decision for found in standing.folded.edits.values() for decision in found]
    standing_now = [*standing.folded.standing.values(), *edits, *disputed, *standing.folded.paired]
    if slug is not None and slug not in standing.editorial.broken:
        standing.editorial.definition(slug)  # names the lists there are, where this is none
    found = [decision for decision in standing_now if slug in (None, decision.list)]
    about: set[Subject] = set()  # of one second, what names the paper itself comes first
    if named is None:
        found = [decision for decision in found if decision.by == by]
        nothing = f"{by} has no decision that stands; name a paper, or say who with --by"
    else:
        subject = subject_named(named)
        about = {subject}
        joins = Joins.of(standing.folded)
        found = [decision for decision in found if concerns(joins, decision, subject)]
        nothing = f"nothing stands that was decided about {subject}; `harvester log {subject}` shows its history"
        if found and slug is None:
            _demand_one_list(standing, subject, found)
        found = _own_side(found, [one for one in disputed if one.subject in joins.way(one.list, subject)], by)
    if not found:
        raise DecisionError([nothing])
    newest = max(found, key=lambda one: (one.at, bool(about & {one.subject, one.twin}), place_in_log(one)))
    return _join(found, newest) if newest.act == "same" else [newest]


def _join(found: Iterable[Decision], newest: Decision) -> list[Decision]:
    """Returns the lines of one join in order, one a placement."""
    sitting = newest.id.rpartition(":")[0]
    about = (newest.list, newest.subject, newest.twin)
    lines = {one.id: one for one in found if one.act == "same" and (one.list, one.subject, one.twin) == about}
    return sorted((one for one in lines.values() if one.id.rpartition(":")[0] == sitting), key=place_in_log)


def _demand_one_list(standing: Standing, subject: Subject, found: Iterable[Decision]) -> None:
    lists = sorted({*(decision.list for decision in found), *knowing(standing, subject)})
    if len(lists) > 1:
        raise DecisionError([f"{subject} is known to several lists; say which one with --list: {', '.join(lists)}"])


def _own_side(found: list[Decision], sides: Sequence[Decision], by: str) -> list[Decision]:
    """Of decisions that contradict each other, everybody takes back the own one; others name the one they mean."""
    sides = [decision for decision in found if decision in sides]
    own = [decision for decision in sides if decision.by == by]
    if sides and not own:
        choices = ", ".join(f"{decision.id} ({decision.act} by {decision.by})" for decision in sides)
        raise DecisionError([f"people contradict each other about {sides[0].subject}; undo one by its id: {choices}"])
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


def _state_after(standing: Standing, decision: Decision, lines: Iterable[Decision]) -> str:
    key = Key(decision.list, decision.subject, decision.place)
    written = (replace(line, id=f"now:{number}") for number, line in enumerate(lines, 1))
    after = fold([*standing.log.decisions, *written])
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
