"""`harvester publish`: fold decisions made since the last snapshot, without harvesting."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

import click

from harvester.cli.times import MOMENT, now

DEGRADED = 3  # as a night that could not do all


@click.command("publish")
@click.option(
    "--as-of", type=MOMENT, help="Name the snapshot by this time instead of now (UTC, such as 2026-11-20T21:04:10Z)."
)
@click.option("--publish-anyway", is_flag=True, help="Publish also what would be held back.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def command(as_of: datetime | None, publish_anyway: bool, as_json: bool) -> None:
    """Fold decisions made since the last snapshot; no harvesting.

    Makes a new snapshot from what upstreams have said so far and what people have decided until now, and renders the lists
    from it. Nothing is asked of any upstream, so nobody needs to wait for the night. Exit code 3: a list stays as it was,
    because a decision or its template cannot be read, or a page does, because somebody edited it by hand; or a list is
    written with sections that its definition lacks; or the snapshot is held back, because too much of it changed at once in
    ways that numbers and decisions do not explain.

    \b
    Examples:
      harvester accept 2405.18218 --list efficient-llm && harvester publish
      harvester publish --json
    """
    import os
    from pathlib import Path

    from harvester.settings import load_settings
    from harvester.steps.publish import publish_now

    settings = load_settings(os.environ, Path.cwd())
    say = _quiet if as_json else click.echo
    done = publish_now(settings, as_of, lambda: now(settings), say, anyway=publish_anyway)
    if as_json:
        figures = asdict(done.curated.figures)
        said = {"snapshot": done.curated.snapshot, "published": done.curated.published, "figures": figures}
        lists = {"lists_changed": list(done.shelved.changed), "held_back": list(done.shelved.held_back)}
        lists |= {"sections_lacking": list(done.shelved.astray)}
        refused = {"snapshot_held_back": list(done.curated.held_back), "notes": list(done.notes)}
        click.echo(json.dumps({**said, **lists, **refused}, indent=1))
    elif not done.curated.held_back:
        state = "published" if done.curated.published else "nothing new since"
        changed = ", ".join(done.shelved.changed) or "none"
        click.echo(f"{state} {done.curated.snapshot}; list files changed: {changed}")
    for why in done.curated.held_back:
        click.echo(f"the snapshot is held back: {why}", err=True)
    if done.curated.held_back:
        for one in done.shelved.held_back:
            click.echo(one, err=True)
        click.echo("nothing was changed; if it is right, publish with --publish-anyway", err=True)
        raise SystemExit(DEGRADED)
    if done.shelved.amiss:
        untold = done.shelved.amiss if as_json else ()  # else they are told above
        for one in untold:
            click.echo(one, err=True)
        written = "not all pages could be written" if done.shelved.held_back else "all pages are written"
        click.echo(f"{written}; mend what is named above, then publish again", err=True)
        raise SystemExit(DEGRADED)


def _quiet(_: str) -> None:
    """Says nothing: with --json, standard output holds JSON alone."""
