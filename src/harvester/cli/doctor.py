"""`harvester doctor`: what stands in the way of a run, and what to do about it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from harvester.cli.shown import printable, show
from harvester.counting import counted


@click.command("doctor")
@click.option("--online", is_flag=True, help="Ask every upstream one cheap thing, at its pace.")
@click.option("--notify", is_flag=True, help="Send a test message to every address of HARVESTER_NOTIFY.")
@click.option("--all", "all_landings", is_flag=True, help="Look into all landings, not only those of the last month.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(online: bool, notify: bool, all_landings: bool, as_json: bool) -> None:
    """Check folders, settings, texts, keys, clock and disk, and say what to do.

    Changes nothing. Each line says whether it is well (ok), worth knowing (note) or stands in the way of a run (wrong).
    Exit code 1 where anything is wrong.

    \b
    Examples:
      harvester doctor
      harvester doctor --online            do the upstreams answer, are the keys good, is the clock right?
      harvester doctor --notify            does the message arrive?
    """
    import os
    from pathlib import Path

    from harvester.steps.doctor import Wishes, examine

    def say(words: str) -> None:
        click.echo(words, err=True)

    wishes = Wishes(online, notify, all_landings)
    found = examine(os.environ, Path.cwd(), wishes, lambda: datetime.now(UTC), say)
    wrong = [check for check in found if check.state == "wrong"]
    if as_json:
        show([{"area": one.area, "state": one.state, "said": one.said} for one in found], (), as_json)
    else:
        for one in found:
            click.echo(f"{one.state:<5}  {one.area:<9}  {printable(one.said)}")
        click.echo(f"{counted(len(wrong), 'thing')} to mend" if wrong else "nothing to mend")
    raise SystemExit(1 if wrong else 0)
