"""`harvester render`: write the files of the lists from a snapshot."""

from __future__ import annotations

import json
from pathlib import Path

import click

from harvester.cli.publish import DEGRADED
from harvester.counting import counted


@click.command("render")
@click.option("--list", "slug", metavar="NAME", help="Only this list. [default: all]")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Where to. [default: HARVESTER_LISTS]")
@click.option("--snapshot", metavar="NAME|DATE", help="Which snapshot. [default: the latest]")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def command(slug: str | None, out: Path | None, snapshot: str | None, as_json: bool) -> None:
    """Write the files of the lists from a snapshot.

    Entries, facts and the lists' definitions are those of the snapshot (it is told where today's differ): nothing is
    asked of any upstream, and the same snapshot always gives the same files. Files that do not differ are not touched;
    neither are pages that somebody edited by hand and that are not adopted yet (exit code 3).

    \b
    Examples:
      harvester render
      harvester render --list efficient-llm --snapshot 2024-06-03 --out before/
    """
    import os

    from harvester.settings import load_settings
    from harvester.steps.publish import told_edited
    from harvester.steps.render import changed_since, render_lists

    settings = load_settings(os.environ, Path.cwd())
    done = render_lists(settings.data / "curated", out or settings.lists, snapshot, slug)
    if as_json:
        rows = [
            {
                "list": one.list,
                "folder": str(one.folder),
                "snapshot": one.snapshot,
                "files": one.files,
                "added": one.changed.added,
                "rewritten": one.changed.rewritten,
                "removed": one.changed.removed,
                "edited_by_hand": one.changed.edited,
            }
            for one in done
        ]
        click.echo(json.dumps(rows, indent=1))
    for one in () if as_json else done:
        changed = one.changed
        click.echo(
            f"{one.list}: {counted(len(one.files), 'file')} in {one.folder} from snapshot {one.snapshot}; "
            f"{len(changed.added)} new, {len(changed.rewritten)} rewritten, {len(changed.removed)} removed"
        )
    changed_files = changed_since(settings, done[0].snapshot) if done and snapshot is None else ()
    if changed_files:
        told = ", ".join(f"{settings.editorial}/{name}" for name in changed_files)
        click.echo(
            f"changed since this snapshot, and not in these files: {told}; `harvester publish` takes it in", err=True
        )
    held_back = [told_edited(one.folder, one.list, one.changed.edited) for one in done if one.changed.edited]
    for said in held_back:
        click.echo(said, err=True)
    if held_back:
        raise SystemExit(DEGRADED)
