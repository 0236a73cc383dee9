"""A decision line: JSON to `Decision` and back, and what makes a line wrong.

One line, one judgement, in an order for reading: `{"at":"2026-11-20T21:04:10Z","by":"ann","list":"efficient-llm",
"subject":"arxiv:2405.18218","act":"accept","section":"Network Pruning","saw":{"version":1,"score":0.93}}`. Fields that
say nothing are left out. Every field is told in `editorial/README.md`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from harvester.editorial.edits import read_edits, write_edits
from harvester.editorial.lines import Fields, compact, read_wording
from harvester.errors import DecisionError
from harvester.ids import Subject, read_subject
from harvester.records import Act, Decision, Edit, Wording

ACTS: tuple[Act, ...] = ("accept", "reject", "defer", "reopen", "edit", "same", "apart")
# What an act cannot do without, and how to say it.
_NEEDS: dict[Act, tuple[str, str]] = {
    "accept": ("section", 'add "section":"…"'),
    "reject": ("reason", 'add "reason":"…", so that others can follow it'),
    "defer": ("until", 'add "until":"2026-12-01"'),
    "same": ("twin", 'add "same_as":"arxiv:…", the paper that stays'),
    "apart": ("twin", 'add "apart_from":"arxiv:…"'),
}
_ONLY: dict[str, Act] = {"until": "defer", "undoes": "reopen"}
_TWIN: dict[Act, str] = {"same": "same_as", "apart": "apart_from"}  # the field that names the other paper

# JSON escapes what lies below U+0020. These too would break a line or turn a reviewed diff around: DEL and C1 controls,
# line and paragraph separators, marks that reverse the direction of text, and the byte order mark.
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_LIST = re.compile(r'"list"\s*:\s*"([^"\\]+)"')
_MERGE_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that cannot be used: where it stands, why, and what to do. It holds back `list`; every list if None."""

    file: str
    line: int
    list: str | None
    why: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.why}"


def write_line(decision: Decision) -> str:
    """Writes a decision as one line of JSON, without line feed; its id is not part of it: that is where it stands.

    Raises DecisionError where the line could not be read back.
    """
    before, after = write_edits(decision.edits) if decision.edits else (None, None)
    fields: dict[str, Any] = {
        "at": _stamp(decision),
        "by": decision.by,
        "list": decision.list,
        "subject": decision.subject,
        "act": decision.act,
        "place": decision.place if decision.place != 1 else None,
        "section": decision.section,
        "order": decision.order,
        "note": decision.note,
        "reason": decision.reason,
        "until": decision.until.isoformat() if decision.until else None,
        "undoes": decision.undoes,
        _TWIN.get(decision.act, "same_as"): decision.twin,
        "follows": decision.follows,
        "saw": _seen(decision),
        "wording": compact(decision.wording) if decision.wording else None,
        "from": before,
        "to": after,
    }
    written = {key: value for key, value in fields.items() if value is not None}
    text = json.dumps(written, ensure_ascii=False, separators=(",", ":"))
    line = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    try:
        _read(line)
    except _Wrong as wrong:
        raise DecisionError([f"the decision about {decision.subject} cannot be written: {wrong}"]) from None
    return line


def _seen(decision: Decision) -> dict[str, float] | None:
    seen = {"version": decision.saw, "score": decision.saw_score}
    return {key: value for key, value in seen.items() if value is not None} or None


def _stamp(decision: Decision) -> str:
    return decision.at.isoformat().replace("+00:00", "Z")


def read_lines(text: str, file: str) -> tuple[tuple[Decision, ...], Mistake | None, tuple[Mistake, ...]]:
    """Reads one sitting: its decisions, the torn last line that was left out, and every line that is wrong.

    `file` names the sitting in messages; its last part without suffix, and the line, become the decision's id. A last
    line without line feed that is not JSON was torn while it was written; empty lines say nothing.
    """
    decisions: list[Decision] = []
    mistakes: list[Mistake] = []
    torn: Mistake | None = None
    stem = file.rpartition("/")[2].removesuffix(".jsonl")
    lines = text.split("\n")  # not splitlines(): U+2028 and its like are part of a text
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            decisions.append(_read(line, f"{stem}:{number}"))
        except _NotJson as wrong:
            if number == len(lines):
                torn = Mistake(file, number, _list_of(line), "the last line is torn and was left out; decide it again")
            else:
                mistakes.append(Mistake(file, number, _list_of(line), str(wrong)))
        except _Wrong as wrong:
            mistakes.append(Mistake(file, number, _list_of(line), str(wrong)))
    return tuple(decisions), torn, tuple(mistakes)


class _Wrong(Exception):
    """The line is no decision; says why and what to do."""


class _NotJson(_Wrong):
    """The line is not even JSON."""


def _list_of(line: str) -> str | None:
    found = _LIST.search(line)
    return found[1] if found else None


def _read(line: str, decision_id: str = "") -> Decision:
    fields = Fields(_parse(line))
    act = fields.choice("act", ACTS) or "reopen"
    saw, score = _saw(fields)
    decision = Decision(
        id=decision_id,
        at=fields.moment("at"),
        by=fields.word("by") or "",
        list=fields.word("list") or "",
        subject=_subject(fields),
        act=act,
        place=fields.number("place", least=1) or 1,
        section=fields.text("section"),
        order=fields.decimal("order"),
        note=fields.text("note"),
        reason=fields.word("reason", optional=True),
        until=fields.day("until"),
        undoes=fields.word("undoes", optional=True),
        follows=fields.word("follows", optional=True),
        saw=saw,
        saw_score=score,
        wording=_wording(fields),
        edits=_edits(fields),
        twin=_subject(fields, _TWIN[act]) if act in _TWIN and _TWIN[act] in fields.left else None,
    )
    fields.done()
    if fields.wrong:
        raise _Wrong("; ".join(fields.wrong))
    _check_act(decision)
    return decision


def _parse(line: str) -> dict[str, Any]:
    try:
        value = _JSON.decode(line)
    except (ValueError, RecursionError) as error:
        if line.startswith(_MERGE_MARKS):
            raise _NotJson(
                "left over from a merge; keep the decision lines of both sides and delete this line"
            ) from None
        where = f" at character {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise _NotJson(f"not JSON{where}; mend the line or delete it") from None
    if not isinstance(value, dict):
        raise _Wrong('a decision is one JSON object: {"at":…,"by":…,"list":…,"subject":…,"act":…}')
    return value


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Wrong(f'"{twice}" is written twice; keep one')
    return table


_JSON = json.JSONDecoder(object_pairs_hook=_no_twice)


def _subject(fields: Fields, key: str = "subject") -> Subject:
    written = fields.word(key) or ""
    subject = read_subject(written)
    if written and subject != written:
        remedy = (
            f"write it as {subject!r}" if subject else "write arxiv:…, github:owner/name, doi:…, openreview:… or url:…"
        )
        fields.wrong.append(f"{written!r} is not a subject; {remedy}")
    return Subject(written)


def _saw(fields: Fields) -> tuple[int | None, float | None]:
    """Reads what was on screen: the version of the paper, and its score."""
    table = fields.table("saw")
    if table is None:
        return None, None
    version, score = table.number("version", least=1), table.decimal("score")
    table.done()
    if score is not None and score > 1:
        fields.wrong.append(f'"saw.score" is a probability, at most 1, not {score}')
    return version, score


def _wording(fields: Fields) -> Wording | None:
    table = fields.table("wording")
    return read_wording(table) if table else None


def _edits(fields: Fields) -> tuple[Edit, ...]:
    before, after = fields.table("from"), fields.table("to")
    if before is None and after is None:
        return ()
    return read_edits(before or Fields({}, "from.", fields.wrong), after or Fields({}, "to.", fields.wrong))


def _check_act(decision: Decision) -> None:
    key, remedy = _NEEDS.get(decision.act, ("", ""))
    if key and getattr(decision, key) is None:
        raise _Wrong(f"{decision.act} without {_TWIN.get(decision.act, key)}; {remedy}")
    for key, act in _ONLY.items():
        if getattr(decision, key) is not None and decision.act != act:
            raise _Wrong(f'"{key}" belongs to {act}, not to {decision.act}; delete it or change the act')
    if decision.edits and decision.act != "edit":
        raise _Wrong(f'"from" and "to" belong to edit, not to {decision.act}; delete them or change the act')
    if decision.twin == decision.subject:
        raise _Wrong(f"{decision.act} names one paper twice; name two")
    if decision.act == "edit":
        _check_edit(decision)


def _check_edit(decision: Decision) -> None:
    if not decision.edits:
        raise _Wrong('edit without change; add "from":{"title":"…"},"to":{"title":"…"} with what differs')
    for key in ("section", "order", "note", "wording"):
        if getattr(decision, key) is not None:
            raise _Wrong(f'"{key}" of an edit stands in "from" and "to"; move it there')
