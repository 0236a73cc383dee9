"""`harvester queue`: the papers that wait for a decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from harvester.cli.deciding import json_option, list_option, moment, standing_now
from harvester.cli.queue_foot import by_kind, outdated, remarks, unpublished
from harvester.cli.queue_search import read_words, that_say
from harvester.cli.queue_table import show_queue
from harvester.cli.queued import cells, row, show_one
from harvester.cli.shown import printable, show
from harvester.cli.times import MOMENT
from harvester.editorial.policy import merged
from harvester.editorial.queue import state_of

if TYPE_CHECKING:
    from harvester.steps.standing import Standing

_COLUMNS = ("id", "score", "title", "section", "why", "age", "remark")


@click.command("queue")
@list_option
@click.option("--limit", type=click.IntRange(0), default=30, show_default=True, help="How many; 0 for all.")
@click.option(
    "--all",
    "hidden_too",
    is_flag=True,
    help="Show those too that are deferred, wait for a coming day, lie below the threshold or have expired.",
)
@click.option("--search", metavar="WORDS", help="Look in titles, ids, authors and abstracts, hidden ones included.")
@click.option("--show", "named", metavar="ID", help="Show one paper with its abstract and all evidence.")
@click.option(
    "--at",
    type=MOMENT,
    help="Take this for now: what was deferred until then is shown. Scores, order and ages stay those of the snapshot.",
)
@json_option
def command(
    slug: str | None,
    limit: int,
    hidden_too: bool,
    search: str | None,
    named: str | None,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Show the papers that wait for a decision.

    They come from the latest snapshot, less what was decided since: the likeliest to be accepted first, where a score counts
    half after each fortnight of waiting. docs/maintainers.md tells what is shown, and when.

    \b
    Examples:
      harvester queue
      harvester queue --list efficient-llm --limit 0 --json
      harvester queue --search "cache eviction"
      harvester queue --show 2405.18218
    """
    words = read_words(search) if search is not None else ()
    standing = standing_now(at, slug)
    today = _day(standing, at)
    if slug is not None:
        standing.editorial.definition(slug)  # names the lists there are, where this is none
    if named is not None:
        show_one(standing, named, slug, today, as_json)
        return
    listed = merged([one for one in standing.candidates if slug in (None, one.list)], today)
    found = that_say(standing, listed, words) if words else listed
    open_to = [one for one in found if hidden_too or words or state_of(one) == "shown"]
    shown = open_to[:limit] if limit else open_to
    if as_json:
        show([row(standing, one, today) for one in shown], (), as_json)
        return
    lists = {definition.slug for definition in standing.editorial.lists} if slug is None else {slug}
    columns = _COLUMNS if len(lists) < 2 else ("list", *_COLUMNS)
    show_queue([cells(standing, one, today) for one in shown], columns)
    counts = by_kind(standing, found, open_to, shown) if found else _nothing(standing, slug, words)
    for line in (*counts, *unpublished(standing), *remarks(listed, shown), *outdated(standing, slug)):
        click.echo(printable(line), err=True)


def _day(standing: Standing, at: datetime | None) -> date:
    """Returns the day of the snapshot, by which candidates were ordered; before the first, today."""
    return date.fromisoformat(standing.snapshot[:10]) if standing.snapshot else moment(at).date()


def _nothing(standing: Standing, slug: str | None, words: Sequence[str]) -> Iterator[str]:
    """Says that there is nothing, and of what."""
    if standing.snapshot is None:
        yield f"{standing.data} holds no snapshot yet: a night makes the first (`make nightly`)"
        return
    said = f" that says {' '.join(words)!r}" if words else ""
    yield f"nothing waits{f' for {slug}' if slug else ''}{said} (snapshot {standing.snapshot})"
