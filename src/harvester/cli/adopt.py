"""`harvester adopt`: take over a hand-kept list, and later what was edited in its pages by hand."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harvester.cli.adopted import told_again, told_first
from harvester.cli.deciding import given_name, moment, suffix, who
from harvester.cli.shown import printable
from harvester.cli.times import MOMENT

if TYPE_CHECKING:
    from harvester.settings import Settings
    from harvester.steps.adopt import Adopting

_LONG = 1_000_000  # bytes: reading more takes seconds


def _writable(context: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    """Where the report goes is looked at before anything is decided: a decision that was made cannot be made again."""
    if path is not None and not (path.parent.is_dir() and os.access(path if path.exists() else path.parent, os.W_OK)):
        raise click.BadParameter(f"cannot write {path}: there is no folder {path.parent} to write to", context, option)
    return path


@click.command("adopt")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--list", "slug", metavar="NAME", required=True, help="Name of the list, such as efficient-llm.")
@click.option(
    "--style",
    type=click.Choice(["auto", "table", "bullets", "generic"]),
    help="What the pages of a new list look like. [default: auto]",
)
@click.option(
    "--by", metavar="WHO", callback=given_name, help="Who adopts. [default: git's user.name, else the login name]"
)
@click.option("--at", type=MOMENT, help="Date of the list, where that is not now (UTC, such as 2024-05-29).")
@click.option(
    "--facts-only",
    is_flag=True,
    help="New list: leave out what others wrote in sentences: notes, prose, head and foot.",
)
@click.option(
    "--base",
    metavar="FILE_OR_DIR",
    type=click.Path(exists=True, path_type=Path),
    help="The pages as they were before the edit, where they do not name a snapshot that is still there.",
)
@click.option(
    "--removals", is_flag=True, help="Reject what was removed from the pages by hand; else it is kept and told."
)
@click.option("--dry-run", is_flag=True, help="Only tell what would be written.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_writable,
    help="Write the report as JSON to this file, with every repair and line.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    files: tuple[Path, ...],
    slug: str,
    style: str | None,
    by: str | None,
    at: datetime | None,
    facts_only: bool,
    base: Path | None,
    removals: bool,
    dry_run: bool,
    report: Path | None,
    as_json: bool,
) -> None:
    """Take over a hand-kept list; or, once it is kept here, what was edited in its pages by hand.

    FILE is the Markdown of the list: one page, or a front page and the pages of its sections; of a folder, all its
    *.md. The definition goes to editorial/lists/, the entries become one sitting of `accept` decisions, to be reviewed as
    a diff. What was broken and mended, and every line that was not understood, is told with its line number.

    For a list that exists, FILE are pages that were rendered and then edited. They are compared with the snapshot that they
    name; only what a person changed becomes decisions (accept, edit and, with --removals, reject), relative to what stands
    now: a page edited last week undoes nothing decided since. Texts around the entries go to editorial/lists/.

    \b
    Examples:
      harvester adopt README.md --list my-list --dry-run
      harvester adopt README.md pruning.md quantization.md --list my-list --report adopted.json
      harvester adopt lists/my-list/*.md --list my-list            # after editing by hand
    """
    from harvester.settings import load_settings, readable_editorial
    from harvester.steps.adopt import Adopting

    settings = load_settings(os.environ, Path.cwd())
    adopting = Adopting(by or who(Path.cwd()), moment(at), suffix())
    known = readable_editorial(settings)
    if slug in known.broken or any(definition.slug == slug for definition in known.lists):
        if style or facts_only:
            raise click.UsageError(f"--style and --facts-only are for a new list, and {slug} exists already")
        said, told = _again(settings, slug, _texts(files), base, adopting, removals, dry_run)
    else:
        if base or removals:
            raise click.UsageError(f"--base and --removals are for a list that exists, and there is no list {slug} yet")
        said, told = _first(settings, slug, _texts(files), style, adopting, facts_only, dry_run)
    text = json.dumps(said, indent=1, ensure_ascii=False)
    if report:
        report.write_text(text + "\n", encoding="utf-8")
    click.echo(text if as_json else told)


def _first(
    settings: Settings,
    slug: str,
    texts: dict[str, str],
    style: str | None,
    adopting: Adopting,
    facts_only: bool,
    dry_run: bool,
) -> tuple[dict[str, Any], str]:
    from harvester.formats import FORMS
    from harvester.lists import shelf
    from harvester.steps.adopt import adopt

    form = next((form for form in FORMS if form == style), None)
    done = adopt(settings.editorial, texts, slug, form, adopting, facts_only=facts_only, dry_run=dry_run)
    if done.written and not facts_only:  # where the pages lie on the shelf, renditions may take their place
        shelf.take(settings.lists / slug, texts.values())
    return done.to_json(), told_first(done)


def _again(
    settings: Settings,
    slug: str,
    texts: dict[str, str],
    base: Path | None,
    adopting: Adopting,
    removals: bool,
    dry_run: bool,
) -> tuple[dict[str, Any], str]:
    from harvester.steps.adopt_again import adopt_again

    copies = _texts([base]) if base else {}
    done = adopt_again(settings, texts, slug, adopting, copies, removals=removals, dry_run=dry_run)
    for warning in done.warnings:
        click.echo(f"warning: {printable(warning)}", err=True)
    return done.to_json(), told_again(done)


def _texts(paths: Sequence[Path]) -> dict[str, str]:
    """Files by name; pages of one folder link to each other by it."""
    texts: dict[str, str] = {}
    files = [file for path in paths for file in (_pages_in(path) if path.is_dir() else [path])]
    size = sum(file.stat().st_size for file in files)
    if size > _LONG:
        click.echo(
            f"reading {size / 1e6:.1f} MB of Markdown; this may take {max(size // 500_000, 5)} seconds", err=True
        )
    for path in files:
        if path.name in texts:
            raise click.ClickException(f"{path}: another file is called {path.name}, too; give the pages of one list")
        try:
            texts[path.name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise click.ClickException(f"{path}: not UTF-8 at byte {error.start + 1}; save it as UTF-8") from None
    return texts


def _pages_in(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.glob("*.md") if path.is_file())
    if not found:
        raise click.ClickException(f"{folder}: no *.md in this folder; give the Markdown of the list")
    return found
