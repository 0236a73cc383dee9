"""`harvester adopt`: take over a hand-kept list."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harvester.cli.deciding import moment, suffix, who
from harvester.cli.times import MOMENT

if TYPE_CHECKING:
    from harvester.steps.adopt import Adopted


@click.command("adopt")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--list", "slug", metavar="NAME", required=True, help="Name of the new list, such as efficient-llm.")
@click.option("--style", type=click.Choice(["auto", "table", "bullets"]), default="auto", show_default=True)
@click.option("--by", metavar="WHO", help="Who adopts. [default: git's user.name, else the login name]")
@click.option("--at", type=MOMENT, help="Date of the list, where that is not now (UTC, such as 2024-05-29).")
@click.option(
    "--facts-only", is_flag=True, help="Leave out what others wrote in sentences: notes, prose, head and foot."
)
@click.option("--dry-run", is_flag=True, help="Only tell what would be read.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the report as JSON to this file."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    files: tuple[Path, ...],
    slug: str,
    style: str,
    by: str | None,
    at: datetime | None,
    facts_only: bool,
    dry_run: bool,
    report: Path | None,
    as_json: bool,
) -> None:
    """Take over a hand-kept list: its sections and every entry with its wording.

    FILE is the Markdown of the list: one page, or a front page and the pages of its sections. The definition goes to
    editorial/lists/, the entries become one sitting of `accept` decisions, to be reviewed as a diff. What was broken and
    mended, and every line that was not understood, is told with its line number.

    \b
    Examples:
      harvester adopt README.md --list my-list --dry-run
      harvester adopt README.md pruning.md quantization.md --list my-list --report adopted.json
    """
    import os

    from harvester.settings import load_settings
    from harvester.steps.adopt import Adopting, adopt

    settings = load_settings(os.environ, Path.cwd())
    done = adopt(
        settings.editorial,
        _texts(files),
        slug,
        "table" if style == "table" else "bullets" if style == "bullets" else None,
        Adopting(by or who(Path.cwd()), moment(at), suffix()),
        facts_only=facts_only,
        dry_run=dry_run,
    )
    text = json.dumps(done.to_json(), indent=1, ensure_ascii=False)
    if report:
        report.write_text(text + "\n", encoding="utf-8")
    click.echo(text if as_json else _told(done))


def _texts(files: tuple[Path, ...]) -> dict[str, str]:
    """Files by name; pages of one folder link to each other by it."""
    texts = {}
    for path in files:
        try:
            texts[path.name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise click.ClickException(f"{path}: not UTF-8 at byte {error.start + 1}; save it as UTF-8") from None
    return texts


def _told(done: Adopted) -> str:
    from harvester.steps.adopt import kinds

    names = {"arxiv": "arXiv papers", "doi": "DOIs", "openreview": "OpenReview papers", "github": "repositories"}
    counts = ", ".join(f"{count} {names.get(kind, 'links')}" for kind, count in kinds(done).most_common())
    style = done.definition.style
    lines = [
        f"{done.definition.slug}: {len(done.decisions)} entries in {len(done.definition.sections)} sections ({style} style)"
    ]
    lines.append(f"  {counts}")
    lines += [
        f"  {subject} stands in the list {len(where)} times: {'; '.join(where)}"
        for subject, where in done.kept.several.items()
    ]
    mended = Counter(repair.what.partition(":")[0] for repair in done.kept.repairs)
    lines += [f"  mended: {what} ({count} times)" for what, count in mended.most_common()]
    lines += [f"  not understood: {u.file}, line {u.line}: {u.text[:80]} ({u.what})" for u in done.kept.unknown]
    lines += [f"  wrote {_near(path)}" for path in done.written] or ["  dry run: nothing was written"]
    return "\n".join(lines)


def _near(path: Path) -> Path:
    """The path as somebody who stands in the checkout would type it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
