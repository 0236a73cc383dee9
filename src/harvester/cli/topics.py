"""`harvester topics`: what the topics bring."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harvester.cli.deciding import json_option, moment, standing_now
from harvester.cli.shown import Row, printable, show

if TYPE_CHECKING:
    from harvester.steps.nets import NetFigures

_EXAMPLES = 5
_COLUMNS = (
    "alone: papers that nothing else brings. missed: accepted papers of the sections that name the topic which it does not\n"
    "fit, though another topic may bring them; empty where no section names it.\n"
)
_OWN = (
    "This is of the papers that harvester holds: topics brought them, or a list names them. It is no measure of what\n"
    "topics miss elsewhere; --data gives one, on recorded streams."
)


@click.group("topics")
def command() -> None:
    """Show what topics and phrases bring."""


@command.command("check")
@click.option(
    "--data",
    "folders",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    multiple=True,
    help="A folder of recorded papers, streams and labels, instead of the latest snapshot; several are joined.",
)
@click.option(
    "--topic", "named", metavar="NAME", help="This topic alone, with all that it misses, and its question to arXiv."
)
@json_option
def check(folders: tuple[Path, ...], named: str | None, as_json: bool) -> None:
    """Count what each topic and phrase brings, what only it brings, and which accepted papers are missed.

    \b
    papers          papers that fit
    alone           of these, papers that nothing else brings: what would be saved without it
    accepted        of the papers that fit, those that a list accepted
    accepted_alone  of these, papers that nothing else brings: what would be lost without it
    missed          accepted papers of the sections that name the topic which it does not fit, whatever
                    other topics bring them; empty where no section names it

    Without --data, the papers are those of the latest snapshot: topics brought them, or a list names them. That is
    no measure of what topics miss elsewhere.

    \b
    Examples:
      harvester topics check
      harvester topics check --topic pruning
      harvester topics check --data recorded/ --json
    """
    from harvester.steps.nets import check as count
    from harvester.steps.nets_material import own_papers, recorded_papers
    from harvester.steps.recorded import read_folders
    from harvester.steps.recorded_rows import aside_words
    from harvester.steps.topic_doubts import doubts

    standing = standing_now()
    editorial = standing.editorial
    names = [topic.name for topic in editorial.topics]
    if named is not None and named not in names:
        raise click.UsageError(f"there is no topic {named!r}; there are: {', '.join(names)}")
    for doubt in doubts(editorial.topics):
        click.echo(doubt, err=True)
    every = tuple(dict.fromkeys(category for topic in editorial.topics for category in topic.categories))
    if folders:
        recorded = read_folders(folders)
        for line in aside_words(recorded.aside):
            click.echo(line, err=True)
        papers = recorded_papers(recorded, every)
    else:
        papers = own_papers(standing)
    figures = count(editorial, papers, moment(None).date())
    titles = {one.paper.subject: one.paper.record.title for one in papers if one.paper.record}
    if as_json:
        click.echo(json.dumps(_json(figures, titles), ensure_ascii=False, indent=1))
        return
    _tell(figures, titles, named)
    if not folders:
        click.echo(_OWN)


def _tell(figures: NetFigures, titles: Mapping[Any, str], named: str | None) -> None:
    counted = ("papers", "alone", "accepted", "accepted_alone")
    phrases = [one for one in figures.phrases if named in (None, one.topic)]
    show(
        [{name: getattr(one, name) for name in ("topic", "phrase", *counted)} for one in phrases],
        ("topic", "phrase", *counted),
        False,
    )
    topics = [one for one in figures.topics if named in (None, one.topic)]
    rows: list[Row] = [
        {
            **{n: getattr(one, n) for n in ("topic", *counted)},
            "missed": None if one.missed is None else len(one.missed),
        }
        for one in topics
    ]
    click.echo()
    show(rows, ("topic", *counted, "missed"), False)
    click.echo()
    click.echo(_COLUMNS)
    if named is not None:
        missed = topics[0].missed
        if missed is None:
            click.echo("no section names this topic, so nothing tells what it misses")
        _name("missed in the sections of this topic", missed or (), titles, len(missed or ()))
        click.echo(f"asked at arXiv, for the papers of one day:\n  {topics[0].query}")
        return
    share = f" ({figures.passed / figures.seen:.1%})" if figures.seen else ""
    click.echo(f"{figures.passed:,} of {figures.seen:,} papers pass{share}")
    found = figures.accepted - len(figures.missed)
    recall = f" ({figures.accepted_seen_found / figures.accepted_seen:.1%})" if figures.accepted_seen else ""
    click.echo(
        f"{figures.accepted_seen_found} of {figures.accepted_seen} accepted papers that came by in time are found{recall}; "
        f"{found} of all {figures.accepted}"
    )
    _name("accepted and missed by every topic", figures.missed, titles, _EXAMPLES)


def _name(what: str, subjects: Sequence[Any], titles: Mapping[Any, str], most: int) -> None:
    if subjects:
        click.echo(f"{what}: {len(subjects)}")
    for subject in subjects[:most]:
        click.echo(printable(f"  {subject} {' '.join(titles[subject].split())}"))


def _json(figures: NetFigures, titles: Mapping[Any, str]) -> dict[str, Any]:
    from dataclasses import asdict

    told = asdict(figures)
    for part in (told, *told["topics"]):
        if part["missed"] is not None:
            part["missed"] = [{"subject": subject, "title": titles[subject]} for subject in part["missed"]]
    return told
