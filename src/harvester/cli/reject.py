"""`harvester reject`: take papers out of the queue or off the list, for good."""

from __future__ import annotations

from datetime import datetime

import click

from harvester.cli.deciding import answer, signature, signed, standing_now


@click.command("reject")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--reason", metavar="TEXT", required=True, help="Why, for those who ask later.")
@signed
def command(
    ids: tuple[str, ...], reason: str, slug: str | None, by: str | None, at: datetime | None, as_json: bool
) -> None:
    """Take papers out of the queue or off the list, for good.

    A rejected paper never comes back by itself; `harvester undo` or `harvester accept` brings it back.

    \b
    Examples:
      harvester reject 2405.18219 --reason "about images, not language"
      harvester reject 2405.18219 2405.18220 --reason "no experiments" --list efficient-llm
    """
    from harvester.steps.decide import reject

    if not reason.strip():
        raise click.BadParameter("say why, in a few words", param_hint="--reason")
    standing = standing_now(at, slug, ids)
    answer(standing, reject(standing, ids, signature(standing, by, at), reason.strip(), slug), as_json)
