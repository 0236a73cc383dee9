"""`harvester adopt`: take over a hand-kept list, and later what was edited in its pages by hand."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harvester.cli.deciding import moment, suffix, who
from harvester.cli.shown import counted, printable
from harvester.cli.times import MOMENT

if TYPE_CHECKING:
    from harvester.settings import Settings
    from harvester.steps.adopt import Adopted, Adopting
    from harvester.steps.adopt_again import AdoptedAgain


@click.command("adopt")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--list", "slug", metavar="NAME", required=True, help="Name of the list, such as efficient-llm.")
@click.option(
    "--style",
    type=click.Choice(["auto", "table", "bullets", "generic"]),
    help="What the pages of a new list look like. [default: auto]",
)
@click.option("--by", metavar="WHO", help="Who adopts. [default: git's user.name, else the login name]")
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
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the report as JSON to this file."
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

    FILE is the Markdown of the list: one page, or a front page and the pages of its sections. The definition goes to
    editorial/lists/, the entries become one sitting of `accept` decisions, to be reviewed as a diff. What was broken and
    mended, and every line that was not understood, is told with its line number.

    For a list that exists, FILE are pages that were rendered and then edited. They are compared with the snapshot that they
    name; only what a person changed becomes decisions (accept, edit and, with --removals, reject), relative to what stands
    now: a page edited last week undoes nothing decided since. Texts around the entries go to editorial/lists/.

    \b
    Examples:
      harvester adopt README.md --list my-list --dry-run
      harvester adopt README.md pruning.md quantization.md --list my-list --report adopted.json
      harvester adopt lists/my-list/*.md --list my-list            # after editing by hand
    """
    import os

    from harvester.settings import load_editorial, load_settings
    from harvester.steps.adopt import Adopting

    settings = load_settings(os.environ, Path.cwd())
    adopting = Adopting(by or who(Path.cwd()), moment(at), suffix())
    if any(definition.slug == slug for definition in load_editorial(settings).lists):
        if style or facts_only:
            raise click.UsageError(f"--style and --facts-only are for a new list, and {slug} exists already")
        said, told = _again(settings, slug, files, base, adopting, removals, dry_run)
    else:
        if base or removals:
            raise click.UsageError(f"--base and --removals are for a list that exists, and there is no list {slug} yet")
        said, told = _first(settings, slug, files, style, adopting, facts_only, dry_run)
    text = json.dumps(said, indent=1, ensure_ascii=False)
    if report:
        report.write_text(text + "\n", encoding="utf-8")
    click.echo(text if as_json else told)


def _first(
    settings: Settings,
    slug: str,
    files: tuple[Path, ...],
    style: str | None,
    adopting: Adopting,
    facts_only: bool,
    dry_run: bool,
) -> tuple[dict[str, Any], str]:
    from harvester.formats import FORMS
    from harvester.lists import shelf
    from harvester.steps.adopt import adopt

    form = next((form for form in FORMS if form == style), None)
    texts = _texts(files)
    done = adopt(settings.editorial, texts, slug, form, adopting, facts_only=facts_only, dry_run=dry_run)
    if done.written and not facts_only:  # where the pages lie on the shelf, renditions may take their place
        shelf.take(settings.lists / slug, texts.values())
    return done.to_json(), _told(done)


def _again(
    settings: Settings,
    slug: str,
    files: tuple[Path, ...],
    base: Path | None,
    adopting: Adopting,
    removals: bool,
    dry_run: bool,
) -> tuple[dict[str, Any], str]:
    from harvester.steps.adopt_again import adopt_again

    copies = _texts(tuple(sorted(base.rglob("*.md"))) if base.is_dir() else (base,)) if base else {}
    done = adopt_again(settings, _texts(files), slug, adopting, copies, removals=removals, dry_run=dry_run)
    for warning in done.warnings:
        click.echo(f"warning: {printable(warning)}", err=True)
    return done.to_json(), _told_again(done)


def _texts(files: tuple[Path, ...]) -> dict[str, str]:
    """Files by name; pages of one folder link to each other by it."""
    texts: dict[str, str] = {}
    for path in files:
        if path.name in texts:
            raise click.ClickException(f"{path}: another file is called {path.name}, too; give the pages of one list")
        try:
            texts[path.name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise click.ClickException(f"{path}: not UTF-8 at byte {error.start + 1}; save it as UTF-8") from None
    return texts


def _told_again(done: AdoptedAgain) -> str:
    from harvester.editorial.edits import in_words

    lines = [f"{done.list}: {_counted(done)}"]
    for one in done.decisions:
        what = in_words(one.edits) or one.reason or f"into {one.section}"
        lines.append(f"  {one.act} {one.subject}{f' (place {one.place})' if one.place > 1 else ''}: {printable(what)}")
    groups = (
        ("text", done.texts.done),
        ("removed from the page, kept on the list (--removals rejects it)", done.planned.removed),
        ("decided since, not taken", done.planned.overtaken),
        ("not taken", (*done.planned.left, *done.texts.left)),
    )
    lines += [f"  {name}: {printable(said)}" for name, found in groups for said in found]
    lines += [f"  not understood: {u.file}, line {u.line}: {printable(u.text)[:80]} ({u.what})" for u in done.unknown]
    lines += [f"  wrote {_near(path)}" for path in done.written] or ["  nothing was written"]
    return "\n".join(lines)


def _counted(done: AdoptedAgain) -> str:
    acts = Counter(decision.act for decision in done.decisions)
    counts = [counted(number, act) for act, number in sorted(acts.items())]
    changed = len(done.texts.texts)
    texts = [counted(changed, "file") + " of editorial/lists"] if changed else []
    told = done.planned.removed or done.planned.overtaken or done.planned.left or done.texts.left or done.unknown
    nothing = "nothing of what was edited by hand was taken" if told else "nothing was edited by hand"
    return ", ".join(counts + texts) or nothing


def _told(done: Adopted) -> str:
    from harvester.steps.adopt import kinds

    names = {"arxiv": "arXiv paper", "doi": "DOI", "openreview": "OpenReview paper", "github": "repository"}
    slug, style = done.definition.slug, done.definition.style
    entries = counted(len(done.decisions), "entry")
    lines = [f"{slug}: {entries} in {counted(len(done.definition.sections), 'section')} ({style} style)"]
    lines.append("  " + ", ".join(counted(count, names.get(kind, "link")) for kind, count in kinds(done).most_common()))
    lines += [
        f"  {subject} stands in the list {len(where)} times: {printable('; '.join(where))}"
        for subject, where in done.kept.several.items()
    ]
    mended = Counter(repair.what.partition(":")[0] for repair in done.kept.repairs)
    lines += [f"  mended: {what} ({counted(count, 'time')})" for what, count in mended.most_common()]
    lines += [f"  not understood: {u.file}, line {u.line}: {u.text[:80]} ({u.what})" for u in done.kept.unknown]
    if not done.written:
        return "\n".join([*lines, "  dry run: nothing was written"])
    lines += [f"  wrote {_near(path)}" for path in done.written]
    return "\n".join([*lines, *_next(slug, any(section.topics for section in done.definition.sections))])


def _next(slug: str, has_topics: bool) -> list[str]:
    """What a maintainer does now."""
    topics = "which sections new papers are suggested for" if has_topics else "say which section gets which papers"
    lint = f"harvester lint --list {slug}"
    return [
        "Next:",
        f"  {lint}   # what a reader of the list would trip over",
        f"  {'harvester publish':<{len(lint)}}   # puts its pages in place; again after every sitting",
        f"  editorial/lists/{slug}.toml: `topics` ({topics}); editorial/topics.toml: what is harvested",
    ]


def _near(path: Path) -> Path:
    """The path as somebody who stands in the checkout would type it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
