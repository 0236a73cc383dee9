"""What a person changed of an entry on a page becomes edits of what stands now, so that nothing decided since is undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from harvester.editorial.edits import edited
from harvester.ids import repo_of
from harvester.records import Edit, Entry, Link, Note
from harvester.steps.adopting.handwork import Kept
from harvester.steps.adopting.renditions import Shown
from harvester.words import EditValue


@dataclass(frozen=True, slots=True)
class EntryPlan:
    """The edits of one entry; what was not taken because of later decisions; what was not taken for other reasons."""

    edits: tuple[Edit, ...]
    overtaken: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def plan_entry(kept: Kept, now: Entry) -> EntryPlan:
    """Plans the edits of an entry that stands on the list now."""
    edits: list[Edit] = []
    overtaken: list[str] = []
    left: list[str] = []
    for edit in kept.edits:
        match _plan(edit, kept.shown, now):
            case _Overtaken(value):
                overtaken.append(
                    f'{edit.field}: the page says "{_short(edit.after)}", it was made "{_short(value)}" since'
                )
            case _Machines():
                left.append(
                    f"{edit.field}: what upstreams say is shown where editors say nothing; it cannot be taken away"
                )
            case Edit() as planned:
                edits.append(planned)
            case None:
                pass  # decided already
    if any(edit.field == "title" for edit in edits):
        edits += _still_bold(kept, now)
    edits += list(_moved_note(edits, now))
    return EntryPlan(tuple(edits), tuple(overtaken), tuple(left))


@dataclass(frozen=True, slots=True)
class _Overtaken:
    """Somebody has decided about the same field since the page was made: the value it has now."""

    value: EditValue


@dataclass(frozen=True, slots=True)
class _Machines:
    """The machine's word was taken away, and would be shown again."""


def _plan(edit: Edit, shown: Shown, now: Entry) -> Edit | _Overtaken | _Machines | None:
    if edit.field == "section":
        return _plan_section(edit, now)
    if isinstance(edit.before, tuple) and isinstance(edit.after, tuple):
        return _plan_items(edit, shown, now)
    return _plan_value(edit, shown, now)


def _plan_section(edit: Edit, now: Entry) -> Edit | _Overtaken | None:
    if now.section.casefold() == str(edit.after).casefold():
        return None
    if now.section.casefold() != str(edit.before).casefold():
        return _Overtaken(now.section)
    return Edit("section", now.section, edit.after)


def _plan_value(edit: Edit, shown: Shown, now: Entry) -> Edit | _Overtaken | _Machines | None:
    own = getattr(now.wording, edit.field)
    done = (own or None) == (edit.after or None)
    if shown.own is not None:
        then = getattr(shown.own.wording, edit.field)
        if done:
            return None if own or then else _Machines()
        if own != then:
            return _Overtaken(own)
    elif done:
        return None
    elif own and own != edit.before:
        return _Overtaken(own)
    return Edit(edit.field, own or _machines(edit, shown), edit.after)


def _machines(edit: Edit, shown: Shown) -> EditValue:
    """The machine's word as the machine says it, not as it was read off the page."""
    if shown.line and edit.field in ("title", "authors"):
        value: EditValue = getattr(shown.line, edit.field)
        return value
    return edit.before if edit.field != "url" else None


def _plan_items(edit: Edit, shown: Shown, now: Entry) -> Edit | _Machines | None:
    """Of links, notes and marks only what was changed is changed. The last of the notes may be the entry's own note."""
    own = _items(edit.field, now)
    then = _items(edit.field, shown.own) if shown.own else ()
    read: tuple[EditValue, ...] = getattr(shown.entry.wording, edit.field)
    forms = dict(zip(read, then, strict=True)) if len(read) == len(then) else {}  # as decided, by how it reads
    assert isinstance(edit.before, tuple) and isinstance(edit.after, tuple)
    wanted = replace(
        edit,
        before=tuple(forms.get(item, item) for item in edit.before),  # type: ignore[arg-type]  # of one kind
        after=tuple(forms.get(item, item) for item in edit.after),  # type: ignore[arg-type]  # of one kind
    )
    only_machines = edit.field == "links" and not own and not then and shown.line is not None
    after = wanted.after if only_machines else edited(own, wanted)
    if after == own:
        gone = {*edit.before} - {*edit.after}
        return _Machines() if only_machines and gone else None
    return Edit(edit.field, own, after)


def _items(field: str, entry: Entry) -> tuple[Link, ...] | tuple[Note, ...] | tuple[str, ...]:
    found: tuple[Link, ...] | tuple[Note, ...] | tuple[str, ...] = getattr(entry.wording, field)
    if field == "notes" and entry.note and entry.note.strip():
        return (*entry.wording.notes, Note(entry.note))
    return found


def _moved_note(edits: list[Edit], now: Entry) -> Iterator[Edit]:
    """The entry's own note is shown below its notes: it stays apart from them unless it was changed or moved."""
    at = next((at for at, edit in enumerate(edits) if edit.field == "notes"), None)
    if at is None or not now.note or not now.note.strip():
        return
    after = edits[at].after
    assert isinstance(after, tuple)
    notes: Sequence[object] = after
    if notes and notes[-1] == Note(now.note):
        edits[at] = Edit("notes", now.wording.notes, after[:-1])
    else:
        edits[at] = Edit("notes", now.wording.notes, after)
        yield Edit("note", now.note, None)
    if edits[at].before == edits[at].after:
        del edits[at]


def _still_bold(kept: Kept, now: Entry) -> Iterator[Edit]:
    """A repository's own name is set in bold; it stays so when somebody gives it another one."""
    named = [edit for edit in kept.edits if edit.field == "bold"]
    if repo_of(now.subject) and now.wording.title is None and not now.wording.bold and not named:
        yield Edit("bold", False, True)


def _short(value: EditValue) -> str:
    text = " ".join(str(value or "nothing").split())
    return text if len(text) <= 80 else text[:79] + "…"
