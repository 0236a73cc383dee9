"""`harvester lint`: what a reader of the lists would trip over."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harvester.cli.deciding import json_option, moment
from harvester.cli.shown import printable, show
from harvester.counting import counted

if TYPE_CHECKING:
    from harvester.lists.lint import Linted


@click.command("lint")
@click.argument("files", metavar="FILE...", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--list", "slug", metavar="NAME", help="Only this list. [default: all]")
@json_option
@click.pass_context
def command(context: click.Context, files: tuple[Path, ...], slug: str | None, as_json: bool) -> None:
    """Find what a reader of the lists would trip over.

    Without FILE, the decisions and definitions as they are now, and the pages that would be published from them with the
    latest snapshot. With FILE, any Markdown page, by the rules on pages. Every finding names its rule, file and line, and
    says what to do; docs/lint.md tells all rules, and how a list makes an exception. The exit code
    is 1 where there are errors.

    \b
    Examples:
      harvester lint
      harvester lint --list efficient-llm --json
      harvester lint README.md docs/survey.md
    """
    if files and slug:
        raise click.UsageError("give files or --list, not both")
    found = _lint_files(files) if files else _lint_lists(slug)
    if as_json:
        rows = [(finding, finding.excepted is not None) for finding in (*found.findings, *found.excepted)]
        told = [{**asdict(finding), "excepted": is_one, "reason": finding.excepted} for finding, is_one in rows]
        show(told, (), as_json)
    else:
        _tell(found)
    if found.errors:
        context.exit(1)


def _lint_files(files: tuple[Path, ...]) -> Linted:
    from harvester.steps.lint import lint_files

    texts = {}
    for path in files:
        try:
            texts[path.as_posix()] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise click.ClickException(f"{path}: not UTF-8 at byte {error.start + 1}; save it as UTF-8") from None
        except OSError as error:
            raise click.ClickException(f"{path}: cannot be read: {error.strerror}") from None
    return lint_files(texts)


def _lint_lists(slug: str | None) -> Linted:
    import os

    from harvester.settings import load_settings
    from harvester.steps.known import read_known
    from harvester.steps.lint import lint_lists
    from harvester.steps.standing import read_standing

    settings = load_settings(os.environ, Path.cwd())
    now = moment(None)
    return lint_lists(settings, read_standing(settings, now.date()), read_known(settings), slug, now)


def _tell(found: Linted) -> None:
    for finding in (*found.findings, *found.excepted):
        click.echo(printable(str(finding)))
    warnings = counted(len(found.findings) - found.errors, "warning")
    click.echo(f"{counted(found.errors, 'error')}, {warnings}, {len(found.excepted)} excepted", err=True)
