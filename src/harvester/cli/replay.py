"""`harvester replay`: make a snapshot and its lists anew from its manifest, with the network off."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click


@click.command("replay")
@click.option("--snapshot", help="Name or day of the snapshot; the latest by default.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Write snapshot and lists below this folder."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def command(snapshot: str | None, out: Path | None, as_json: bool) -> None:
    """Make a snapshot and its lists anew, with the network off.

    Reads the landings and decisions that the snapshot's manifest names, folds them again and compares the bytes. Damaged or
    missing files of the snapshot are restored. Exit code 0: identical; 1: a file differs, or an input is missing.

    \b
    Examples:
      harvester replay
      harvester replay --snapshot 2026-11-20 --out elsewhere
    """
    import os

    from harvester.settings import load_settings
    from harvester.steps.replay import replay

    settings = load_settings(os.environ, Path.cwd())
    found = replay(settings, snapshot, out, (lambda _: None) if as_json else click.echo)
    if as_json:
        click.echo(json.dumps(asdict(found), indent=1))
    else:
        click.echo(f"{found.snapshot}: " + ("identical, byte for byte" if found.identical else "differs"))
        for title, names in (
            ("differs", found.differences),
            ("restored", found.restored),
            ("list file written anew", found.lists_changed),
        ):
            for name in names:
                click.echo(f"  {title}: {name}")
    if not found.identical:
        raise SystemExit(1)
