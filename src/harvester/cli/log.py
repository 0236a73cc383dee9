"""`harvester log`: who decided what, and what still holds."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import click

from harvester.cli.deciding import json_option, list_option, standing_now
from harvester.cli.shown import Row, show

if TYPE_CHECKING:
    from harvester.records import Decision
    from harvester.steps.standing import Standing


@click.command("log")
@click.argument("named", metavar="[ID]", required=False)
@list_option
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="How many; 0 for all.")
@json_option
def command(named: str | None, slug: str | None, limit: int, as_json: bool) -> None:
    """Show who decided what, and what still holds.

    The newest decision comes first. A decision stands, is overtaken by a later one, taken back, or in conflict with another
    that was made without knowing of it.

    \b
    Examples:
      harvester log
      harvester log 2405.18218
      harvester log --list efficient-llm --limit 0 --json
    """
    from harvester.steps.standing import history, subject_named

    standing = standing_now()
    if slug is not None:
        standing.editorial.definition(slug)  # names the lists there are, where this is none
    found = list(history(standing, slug, subject_named(named) if named else None))
    rows = [_row(standing, decision) for decision in islice(found, limit or None)]
    show(rows, ("at", "by", "act", "id", "title", "what", "state", "decision"), as_json)
    if not as_json:
        if len(rows) < len(found):
            click.echo(f"the newest {len(rows)} of {len(found)} decisions; --limit 0 shows all", err=True)
        elif not found:
            click.echo("nothing has been decided yet", err=True)


def _row(standing: Standing, decision: Decision) -> Row:
    from harvester.editorial.edits import in_words

    what = decision.twin or decision.section or decision.reason or decision.undoes or in_words(decision.edits) or None
    return {
        "at": decision.at,
        "by": decision.by,
        "act": decision.act,
        "id": decision.subject.removeprefix("arxiv:"),
        "subject": decision.subject,
        "list": decision.list,
        "title": standing.title(decision.subject),
        "what": f"until {decision.until}" if decision.until else what,
        "note": decision.note,
        "place": decision.place,
        "follows": decision.follows,
        "state": standing.state(decision),
        "decision": decision.id,
    }
