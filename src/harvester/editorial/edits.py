"""What an `edit` says, field by field: from JSON and back, and done to what stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from harvester.editorial.lines import Fields, compact, read_wording
from harvester.editorial.merging import merge
from harvester.records import Edit, Entry, Wording
from harvester.words import EditValue

# What is seen and never edited: the number a hand-kept page showed is a fact about that page.
_FACTS = ("citations_seen", "citations_seen_url")
WORDS = tuple(field.name for field in fields(Wording) if field.name not in _FACTS)
_PLACING = ("section", "order", "note")
_PLAIN = Wording()


@dataclass(frozen=True, slots=True)
class Guard:
    """An editors' word that replaced the machine's, which said `before` then."""

    entry: Entry
    field: str
    before: str
    decision: str  # id
    by: str

    def complaint(self, machines: str | None) -> str | None:
        """Says in words that the machine's word is not what was replaced; None while it is, or while it is unknown."""
        if machines is None or _flat(machines) in (_flat(self.before), _flat(str(self.word))):
            return None
        shortened = _flat(self.before).removesuffix(", et al.")
        if self.field == "authors" and _flat(machines).startswith(shortened):
            return None
        return (
            f'{self.entry.subject} in list {self.entry.list}: {self.by} changed the {self.field} from "{self.before}"; '
            f'upstream now says "{machines}". The editors\' word stays; `harvester undo {self.decision}` takes it back'
        )

    @property
    def word(self) -> EditValue:
        """The editors' word."""
        value: EditValue = getattr(self.entry.wording, self.field)
        return value


@dataclass(frozen=True, slots=True)
class Outdated:
    """An edit whose `from` is not, or is no longer, what it replaced; `said` tells it in words."""

    list: str
    decision: str  # id
    said: str

    def __str__(self) -> str:
        return self.said


def crossing(edit: Edit, now: EditValue) -> str | None:
    """Says what stood where an edit that did not know of it came; None where it did what it says.

    Of links, notes and marks only those count that it put something else in the place of.
    """
    if isinstance(now, tuple) and isinstance(edit.before, tuple) and isinstance(edit.after, tuple):
        missing = [item for item in edit.before if item not in edit.after and item not in now]
        came = [item for item in edit.after if item not in edit.before]
        if not missing or not came or all(item in now for item in came):
            return None
        return f"{', '.join(map(_name, missing))} was gone already"
    if not isinstance(now, str) or now in (edit.before or "", edit.after or ""):
        return None
    return f'it was "{now}" already' if now else "there was none any more"


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()


def write_edits(edits: Sequence[Edit]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Writes what was changed as the JSON values of `from` and `to`; a field that is missing there said nothing."""
    return _side({e.field: e.before for e in edits}), _side({e.field: e.after for e in edits})


def _side(values: dict[str, EditValue]) -> dict[str, Any]:
    placing = {name: values[name] for name in _PLACING if values.get(name) is not None}
    words: dict[str, Any] = {name: value for name, value in values.items() if name in WORDS}
    return {**placing, **compact(replace(_PLAIN, **words))}


def read_edits(before: Fields, after: Fields) -> tuple[Edit, ...]:
    """Reads both sides; a field that only one of them names was nothing on the other."""
    named = dict.fromkeys((*before.left, *after.left))
    old, new = _values(before), _values(after)
    before.wrong.extend(f'"{name}" is a fact about a page and cannot be edited' for name in named if name in _FACTS)
    if old.get("section") is not None and new.get("section") is None:
        before.wrong.append('"to" names no section; an entry stands in one: say which, or reject it')
    return tuple(Edit(name, old[name], new[name]) for name in named if name in old and old[name] != new[name])


def _values(side: Fields) -> dict[str, EditValue]:
    placing: dict[str, EditValue] = {
        "section": side.word("section", optional=True),
        "order": side.decimal("order"),
        "note": side.text("note"),
    }
    wording = read_wording(side)
    return {**placing, **{name: getattr(wording, name) for name in WORDS}}


def edited(now: EditValue, edit: Edit) -> EditValue:
    """Returns the field after an edit: of links, notes and marks only those that were changed, else the new value."""
    if isinstance(now, tuple) and isinstance(edit.before, tuple) and isinstance(edit.after, tuple):
        merged: tuple[Any, ...] = tuple(merge(edit.before, edit.after, now))
        return merged
    return edit.after


def in_words(edits: Sequence[Edit]) -> str:
    """Tells an edit in words, for the log."""
    return "; ".join(_in_words(edit) for edit in edits)


def _in_words(edit: Edit) -> str:
    if isinstance(edit.before, tuple) and isinstance(edit.after, tuple):
        came = [_name(item) for item in edit.after if item not in edit.before]
        went = [_name(item) for item in edit.before if item not in edit.after]
        if edit.field == "notes" and len(came) == len(went) == 1:
            return f"notes: {went[0]} → {came[0]}"
        words = [f"{word} {', '.join(found)}" for word, found in (("added", came), ("took away", went)) if found]
        return f"{edit.field}: {' and '.join(words) or 'put in another order'}"
    if edit.before in (None, "", False):
        return f"{edit.field}: {edit.after}"
    return f"{edit.field}: {edit.before} → {'nothing' if edit.after in (None, '') else edit.after}"


def _name(item: object) -> str:
    for key in ("label", "text", "url"):
        if found := getattr(item, key, None):
            return f'"{found}"'
    return f'"{item}"'
