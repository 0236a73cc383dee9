"""`harvester queue`: the papers that wait for a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from harvester.cli.deciding import json_option, list_option, moment, standing_now
from harvester.cli.queued import cells, row, show_one, unscored
from harvester.cli.shown import printable, show
from harvester.cli.times import MOMENT
from harvester.editorial.queue import State, state_of
from harvester.scores import threshold_words

if TYPE_CHECKING:
    from harvester.records import Candidate
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
@click.option("--search", "words", metavar="WORDS", help="Look in title, authors and abstract, hidden ones included.")
@click.option("--show", "named", metavar="ID", help="Show one paper with its abstract and all evidence.")
@click.option("--at", type=MOMENT, help="Show the queue as of another time than now.")
@json_option
def command(
    slug: str | None,
    limit: int,
    hidden_too: bool,
    words: str | None,
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
    standing = standing_now(at)
    today = _day(standing, at)
    if slug is not None:
        standing.editorial.definition(slug)  # names the lists there are, where this is none
    if named is not None:
        show_one(standing, named, slug, today, as_json)
        return
    listed = [one for one in standing.candidates if slug in (None, one.list)]
    found = [one for one in listed if _holds(standing, one, words)] if words else listed
    waiting = [one for one in found if hidden_too or words or state_of(one) == "shown"]
    shown = waiting[:limit] if limit else waiting
    lists = {definition.slug for definition in standing.editorial.lists} if slug is None else {slug}
    columns = _COLUMNS if len(lists) < 2 else ("list", *_COLUMNS)
    show([(row if as_json else cells)(standing, one, today) for one in shown], columns, as_json)
    if not as_json:
        for line in (_summary(standing, shown, waiting, found), *_remarks(listed), *_outdated(standing, slug)):
            click.echo(printable(line), err=True)


def _day(standing: Standing, at: datetime | None) -> date:
    """Returns the day of the snapshot, by which candidates were ordered; before the first, today."""
    return date.fromisoformat(standing.snapshot[:10]) if standing.snapshot else moment(at).date()


def _holds(standing: Standing, candidate: Candidate, words: str) -> bool:
    """Tells whether every word stands in title, authors or abstract."""
    shown = standing.papers.get(candidate.subject)
    texts = (standing.title(candidate.subject), shown and " ".join(shown.authors), shown and shown.abstract)
    told = " ".join(text for text in texts if text).casefold()
    return all(word in told for word in words.casefold().split())


def _outdated(standing: Standing, slug: str | None) -> list[str]:
    found = [one.said for one in standing.outdated() if slug in (None, one.list)]
    edits = "1 edit no longer applies" if len(found) == 1 else f"{len(found)} edits no longer apply"
    return [f"{edits}: {found[0]}", *(f"  {said}" for said in found[1:])] if found else []


def _summary(
    standing: Standing, shown: Sequence[Candidate], waiting: Sequence[Candidate], found: Sequence[Candidate]
) -> str:
    if standing.snapshot is None:
        return f"{standing.data} holds no snapshot yet: a night makes the first (`make nightly`)"
    more = f"; {len(shown)} shown, --limit 0 shows all" if len(shown) < len(waiting) else ""
    hidden = Counter(state_of(one) for one in found if len(waiting) < len(found))
    told = [f"{hidden[state]} {says}" for state, says in _HIDDEN.items() if hidden[state]]
    later = f"; {', '.join(told)}: --all shows them" if told else ""
    papers = len({candidate.subject for candidate in waiting})
    several = f" for a place ({papers} papers, some of them for several lists)" if papers < len(waiting) else ""
    return f"{len(waiting)} waiting{several}{more}{later} (snapshot {standing.snapshot})"


_HIDDEN: Mapping[State, str] = {
    "waits": "more for coming days",
    "below": "below the threshold",
    "expired": "expired",
    "deferred": "deferred",
}


def _remarks(listed: Sequence[Candidate]) -> Iterator[str]:
    """Says of each list what its threshold keeps, and where scores are missing or mere guesses."""
    for slug in dict.fromkeys(one.list for one in listed):
        own = [one for one in listed if one.list == slug]
        rated = own[0].rated
        if why := unscored(rated):
            yield f"{slug} is not ranked, the strongest match comes first: {why}"
        elif rated and rated.basis == "topics":
            yield f"{slug}: scores tell what topics hit; a list learns from its fifth accepted paper on"
        if rated and rated.threshold:
            below = sum(1 for one in own if state_of(one) == "below")
            yield f"{slug}: {below} {threshold_words(rated.threshold)}"
