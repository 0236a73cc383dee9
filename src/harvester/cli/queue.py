"""`harvester queue`: the papers that wait for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from harvester.cli.deciding import json_option, list_option, standing_now
from harvester.cli.shown import Row, printable, show
from harvester.cli.times import MOMENT
from harvester.errors import DecisionError

if TYPE_CHECKING:
    from harvester.records import Candidate
    from harvester.steps.standing import Standing


_PIPED = 160  # columns, where there is no terminal
_LEAST = 16


@click.command("queue")
@list_option
@click.option("--limit", type=click.IntRange(0), default=30, show_default=True, help="How many; 0 for all.")
@click.option("--all", "with_deferred", is_flag=True, help="Show deferred papers too.")
@click.option("--show", "named", metavar="ID", help="Show one paper with its abstract and all evidence.")
@click.option("--at", type=MOMENT, help="Show the queue as of another time than now.")
@json_option
def command(
    slug: str | None, limit: int, with_deferred: bool, named: str | None, at: datetime | None, as_json: bool
) -> None:
    """Show the papers that wait for a decision.

    They come from the latest snapshot, less what was decided since; the strongest match first, then the newest.

    \b
    Examples:
      harvester queue
      harvester queue --list efficient-llm --limit 0 --json
      harvester queue --show 2405.18218
    """
    standing = standing_now(at)
    if slug is not None:
        standing.editorial.definition(slug)  # names the lists there are, where this is none
    if named is not None:
        _show_one(standing, named, slug, as_json)
        return
    listed = [candidate for candidate in standing.candidates if slug in (None, candidate.list)]
    waiting = [candidate for candidate in listed if with_deferred or candidate.deferred_until is None]
    shown = waiting[:limit] if limit else waiting
    lists = {definition.slug for definition in standing.editorial.lists} if slug is None else {slug}
    columns = ("id", "title", "section", "phrases", "seen", "remark")
    rows = [_row(standing, c) for c in shown]
    show(rows if as_json else _narrowed(rows), columns if len(lists) < 2 else ("list", *columns), as_json)
    if not as_json:
        click.echo(_summary(standing, shown, waiting, len(listed) - len(waiting)), err=True)
        for line in _outdated(standing, slug):
            click.echo(printable(line), err=True)


def _outdated(standing: Standing, slug: str | None) -> list[str]:
    found = [one.said for one in standing.outdated() if slug in (None, one.list)]
    edits = "1 edit no longer applies" if len(found) == 1 else f"{len(found)} edits no longer apply"
    return [f"{edits}: {found[0]}", *(f"  {said}" for said in found[1:])] if found else []


def _summary(standing: Standing, shown: Sequence[Candidate], waiting: Sequence[Candidate], deferred: int) -> str:
    if standing.snapshot is None:
        return f"{standing.data} holds no snapshot yet: a night makes the first (`make nightly`)"
    more = f"; {len(shown)} shown, --limit 0 shows all" if len(shown) < len(waiting) else ""
    later = f"; {deferred} deferred, --all shows them" if deferred else ""
    papers = len({candidate.subject for candidate in waiting})
    several = f" for a place ({papers} papers, some of them for several lists)" if papers < len(waiting) else ""
    return f"{len(waiting)} waiting{several}{more}{later} (snapshot {standing.snapshot})"


def _row(standing: Standing, candidate: Candidate) -> Row:
    shown = standing.papers.get(candidate.subject)
    return {
        "list": candidate.list,
        "id": candidate.subject.removeprefix("arxiv:"),
        "subject": candidate.subject,
        "title": standing.title(candidate.subject),
        "section": candidate.section,
        "topics": [match.topic for match in candidate.matches],
        "phrases": list(dict.fromkeys(hit.phrase for match in candidate.matches for hit in match.hits)),
        "seen": candidate.first_seen_at.date(),
        "first_seen_at": candidate.first_seen_at,
        "submitted_at": shown.submitted_at if shown else None,
        "version": shown.version if shown else None,
        "deferred_until": candidate.deferred_until,
        "withdrawn": candidate.withdrawn,
        "twins": [
            {"subject": other, "kind": twin.kind, "evidence": twin.evidence}
            for other, twin in standing.twins_of(candidate.subject)
        ],
        "remark": _remark(standing, candidate),
    }


def _narrowed(rows: Sequence[Row]) -> list[Row]:
    """Gives the phrases a fifth of the terminal: a long abstract holds dozens of them, and the title is what people read."""
    room = max(get_terminal_size((_PIPED, 0)).columns // 5, _LEAST)
    return [{**row, "phrases": first_of(row["phrases"], room)} for row in rows]


def first_of(phrases: object, room: int) -> str:
    """Returns the first phrases whole, as many as there is room for but one at least, and how many more there are."""
    every = [str(phrase) for phrase in phrases] if isinstance(phrases, list) else []
    taken = every[:1]
    while len(taken) < len(every) and len(", ".join(every[: len(taken) + 1])) <= room:
        taken = every[: len(taken) + 1]
    more = len(every) - len(taken)
    return ", ".join(taken) + (f" +{more}" if more else "")


def _remark(standing: Standing, candidate: Candidate) -> str:
    disputed = any(c.key[:2] == (candidate.list, candidate.subject) for c in standing.folded.conflicts)
    remarks = ["withdrawn"] if candidate.withdrawn else []
    twins = len(standing.twins_of(candidate.subject))
    remarks += [f"{twins} twin{'s' * (twins != 1)}"] if twins else []
    remarks += [f"until {candidate.deferred_until}"] if candidate.deferred_until else []
    return "; ".join([*remarks, *(["in conflict"] if disputed else [])])


def _show_one(standing: Standing, named: str, slug: str | None, as_json: bool) -> None:
    from harvester.ids import url_of
    from harvester.steps.standing import subject_named

    subject = subject_named(named)
    found = [c for c in standing.candidates if c.subject == subject and slug in (None, c.list)]
    if not found:
        same = [f"; it is the same as {other} ({twin.evidence})" for other, twin in standing.twins_of(subject)]
        why = f"{subject} is in no queue; `harvester log {subject}` shows whether it was decided{''.join(same)}"
        raise DecisionError([why])
    shown = standing.papers.get(subject)
    if as_json:
        evidence = {
            c.list: [_evidence(hit.phrase, hit.field, hit.text) for m in c.matches for hit in m.hits] for c in found
        }
        facts = {"url": url_of(subject), "authors": shown and shown.authors, "abstract": shown and shown.abstract}
        show([{**_row(standing, c), **facts, "evidence": evidence[c.list]} for c in found], (), as_json)
        return
    lines = [standing.title(subject), shown and ", ".join(shown.authors), url_of(subject), "", shown and shown.abstract]
    for line in lines:
        click.echo(printable(line or ""))
    for candidate in found:
        _show_evidence(standing, candidate)


def _show_evidence(standing: Standing, candidate: Candidate) -> None:
    remark = _remark(standing, candidate)
    click.echo(
        f"\nlist {candidate.list}: suggested for {candidate.section or 'no section'}{f' ({remark})' if remark else ''}"
    )
    for other, twin in standing.twins_of(candidate.subject):
        click.echo(printable(f"  the same as {other}: {twin.evidence}"))
    for match in candidate.matches:
        for hit in match.hits:
            click.echo(f"  {match.topic}: {hit.phrase!r} in the {hit.field}, as {printable(hit.text)!r}")


def _evidence(phrase: str, field: str, text: str) -> Row:
    return {"phrase": phrase, "field": field, "text": text}
