"""`harvester undo`: take one decision back."""

from __future__ import annotations

from datetime import datetime

import click

from harvester.cli.deciding import answer, signature, signed, standing_now


@click.command("undo")
@click.argument("named", metavar="[ID]", required=False)
@signed
def command(named: str | None, slug: str | None, by: str | None, at: datetime | None, as_json: bool) -> None:
    """Take one decision back.

    Without ID your own latest decision that stands; with the id of a paper the latest that concerns it, joins with another
    paper and what was decided on that one included, by whomever (it says so; with --list, where several lists know it);
    with the id of a decision (`harvester log` shows them) exactly that one, an undo too. Nothing is deleted: the undo is a
    decision as well.

    \b
    Examples:
      harvester undo
      harvester undo 2405.18218
      harvester undo 2405.18218 --list efficient-llm
      harvester undo 2026-11-20T210410Z-ann-k3f9:1
    """
    from harvester.steps.undo import undo

    standing = standing_now(at, slug)
    answer(standing, [undo(standing, named, signature(standing, by, at), slug)], as_json)
