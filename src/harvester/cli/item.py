"""`harvester item`: one paper as the lists would show it."""

from __future__ import annotations

from datetime import datetime

import click

from harvester.cli.deciding import answer, moment, signature, signed, standing_now
from harvester.cli.shown import show


@click.command("item")
@click.argument("id", metavar="ID")
@click.option("--section", metavar="NAME", help="Which section. [default: where it stands, else the suggested one]")
@click.option(
    "--title", metavar="TEXT", help="Its title, where no upstream has told it yet or the list has another one."
)
@click.option("--authors", metavar="TEXT", help='Its authors, as they should be shown: "Ada Author, Bo Author".')
@click.option("--code", metavar="REPOSITORY", help="Its code: owner/name on GitHub, or any link.")
@click.option("--style", type=click.Choice(["table", "bullets"]), help="Print this style alone. [default: both]")
@click.option("--add", is_flag=True, help="Put it on the list with what is given here, or edit the entry that it has.")
@signed
def command(
    id: str,
    section: str | None,
    title: str | None,
    authors: str | None,
    code: str | None,
    style: str | None,
    add: bool,
    slug: str | None,
    by: str | None,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Print one paper as the lists would show it: the table row and the bullet.

    ID is an arXiv id, a DOI, owner/name on GitHub or any link, in any spelling. Facts are those of the latest snapshot; of a
    paper that it does not know, what is given here. Nothing is asked of any upstream, and nothing is written without --add,
    which refuses a paper that people hold to be another one (`harvester same`).

    \b
    Examples:
      harvester item 2405.18218
      harvester item https://arxiv.org/abs/2405.18218v2 --style table
      harvester item 2405.18218 --title "FinerCut" --code ada/cut --section "Network Pruning" --add
    """
    import os
    from pathlib import Path

    from harvester.settings import load_settings
    from harvester.steps.item import Given, add_item, show_item
    from harvester.steps.known import read_known
    from harvester.steps.standing import subject_named

    standing = standing_now(at, slug, (id,) if add else ())
    subject = subject_named(id)
    given = Given(title, authors, code)
    known = read_known(load_settings(os.environ, Path.cwd()))
    shown = show_item(standing, known, subject, given, slug, section, moment(at))
    done = add_item(standing, subject, given, signature(standing, by, at), slug, section) if add else []
    if as_json:
        row = {
            "subject": subject,
            "list": done[0].list if done else shown.list,
            "section": done[0].section if done else shown.section,
            "known": shown.known,
            "row": shown.row,
            "bullet": shown.bullet,
            "said": done[0].said if done else None,
            "decisions": list(done[0].decisions) if done else [],
        }
        show([row], (), as_json)
        return
    if not shown.known:
        click.echo(f"nothing is known of {subject} yet: give --title and --authors, or wait for the night", err=True)
    texts = {"table": shown.row, "bullets": shown.bullet}
    click.echo("\n\n".join([texts[style]] if style else texts.values()))
    if done:
        click.echo()
        answer(standing, done, as_json)
