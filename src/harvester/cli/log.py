"""`harvester log`: who decided what, and what still holds."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import click

from harvester.cli.deciding import json_option, list_option, standing_now
from harvester.cli.shown import Row, as_cell, padded, shortened, show, width_of, wrapped

if TYPE_CHECKING:
    from harvester.records import Decision
    from harvester.steps.standing import Standing

_COLUMNS = ("at", "by", "act", "id", "title", "what", "state", "decision")
_HEAD = ("at", "by", "act", "state", "id")  # of a block; the id comes last, for only links are long
_NAME, _ID, _TITLE = 8, 12, 24  # the fewest columns for a name and a title; more of an id runs over


@click.command("log")
@click.argument("named", metavar="[ID]", required=False)
@list_option
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="How many; 0 for all.")
@json_option
def command(named: str | None, slug: str | None, limit: int, as_json: bool) -> None:
    """Show who decided what, and what still holds.

    The newest decision comes first. A decision stands, is overtaken by a later one, taken back, or in conflict with another
    that was made without knowing of it. Below each stands its own id, which `harvester undo` takes.

    \b
    Examples:
      harvester log
      harvester log 2405.18218
      harvester log --list efficient-llm --limit 0 --json
    """
    from harvester.steps.standing import history, subject_named

    standing = standing_now(slug=slug)
    if slug is not None:
        standing.editorial.definition(slug)  # names the lists there are, where this is none
    found = list(history(standing, slug, subject_named(named) if named else None))
    known = {decision.id: decision for decision in standing.log.decisions}
    rows = [_row(standing, decision, known) for decision in islice(found, limit or None)]
    several = slug is None and len({*(one.slug for one in standing.editorial.lists), *(one.list for one in found)}) > 1
    if as_json:
        show(rows, (), as_json)
        return
    told = [{**row, "act": _act(row)} for row in rows]
    if sys.stdout.isatty():
        for line in blocks(told, shutil.get_terminal_size().columns, several):
            click.echo(line)
    else:
        show(told, ("list", *_COLUMNS) if several else _COLUMNS, as_json)
    if len(rows) < len(found):
        click.echo(f"the newest {len(rows)} of {len(found)} decisions; --limit 0 shows all", err=True)
    elif not found:
        click.echo("nothing has been decided yet", err=True)


def _row(standing: Standing, decision: Decision, known: Mapping[str, Decision]) -> Row:
    return {
        "at": decision.at,
        "by": decision.by,
        "act": decision.act,
        "id": decision.subject.removeprefix("arxiv:"),
        "subject": decision.subject,
        "list": decision.list,
        "title": standing.title(decision.subject),
        "what": what(decision, known) or None,
        "note": decision.note,
        "place": decision.place,
        "follows": decision.follows,
        "undoes": decision.undoes,
        "state": standing.state(decision),
        "decision": decision.id,
    }


def _act(row: Row) -> object:
    """Calls the taking back of a decision by the name of the command."""
    return "undo" if row["undoes"] else row["act"]


def what(decision: Decision, known: Mapping[str, Decision]) -> str:
    """Says in words what was decided, beside the act and the paper; `known` are all decisions by their ids."""
    from harvester.editorial.edits import in_words

    if decision.undoes:
        return _taken_back(decision.undoes, known)
    parts = [decision.section or "", decision.reason or "", in_words(decision.edits)]
    parts += [f"until {decision.until}"] if decision.until else []
    parts += [f"{'not ' if decision.act == 'apart' else ''}the same as {decision.twin}"] if decision.twin else []
    if decision.note is not None:
        parts += [f"note: {decision.note}" if decision.note else "note cleared"]
    return "; ".join(part for part in parts if part)


def _taken_back(undone: str, known: Mapping[str, Decision]) -> str:
    before = known.get(undone)
    if before is None:
        return f"took back {undone}, which there is no longer"
    if before.undoes:
        return f"took back the undo by {before.by}"
    said = what(before, known)
    return f"took back {before.act} by {before.by}{f': {said}' if said else ''}"


def blocks(rows: Sequence[Row], width: int, several: bool) -> Iterator[str]:
    """Yields the lines of a terminal so wide: of each decision its facts, its title and words, and its whole id.

    From 60 columns on facts stay whole, but for long names; `several` lists are named. Below, terminals break lines.
    """
    cells = [{name: as_cell(value) for name, value in row.items()} for row in rows]
    widths = {name: max((width_of(one[name]) for one in cells), default=0) for name in _HEAD}
    taken = sum(widths[name] for name in ("at", "act", "state")) + min(widths["id"], _ID) + 2 * (len(_HEAD) - 1)
    widths["by"] = min(widths["by"], max(width - taken, _NAME))
    for one in cells:
        head = (padded(shortened(one[name], widths[name]), widths[name]) for name in _HEAD[:-1])
        yield click.style("  ".join([*head, one["id"]]), bold=True)
        said = f"{one['list']}: {one['what']}" if several else one["what"]
        yield from (f"  {line}" for line in _words(one["title"], said, width - 2))
        yield f"  {one['decision']}"


def _words(title: str, said: str, room: int) -> list[str]:
    """Puts title and words on one line where there is room for them, the title shortened; else on lines of their own."""
    left = room - width_of(said) - 3
    if title and said and left >= min(_TITLE, width_of(title)):
        return [f"{shortened(title, left)} · {said}"]
    return [*([shortened(title, room)] if title else []), *wrapped(said, room)]
