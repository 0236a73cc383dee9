"""`harvester evaluate`: what nets, ranking and section suggestion would have been worth, by history."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harvester.counting import counted

if TYPE_CHECKING:
    from harvester.editorial.evaluate import Evaluation, Ranking
    from harvester.editorial.evaluate_sections import Guessed
    from harvester.editorial.learning.measures import Figure
    from harvester.steps.evaluate import Request

_DAY = click.DateTime(["%Y-%m-%d"])
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_NAMED = 5  # papers of those that are left out; the JSON names all
# The row stays, though it can hardly be below 1: topics may have changed since, and then it tells of that.
_OWN_NETS = (
    "nets, on own data: of the papers that harvester holds, which topics brought. No measure of what they miss: "
    "--data gives one, on streams that were recorded without them."
)
_WORDS = {
    "wss_95": "work saved at 95% recall (WSS@95)",
    "recall_top_5_percent": "recall in the top 5%",
    "recall_top_10_percent": "recall in the top 10%",
    "average_precision": "average precision, mean of months",
    "precision_20_best_a_month": "precision of the 20 best a month",
    "precision_20_best_of_ceiling": "  of its ceiling",
    "r_precision_a_month": "R-precision, mean of months",
    "candidates_a_day_for_95_percent": "candidates a day to reach 95%",
    "place_in_day_of_95_percent": "place in its day of 95% of them",
}


@click.command("evaluate")
@click.option(
    "--data", "folders", type=_FOLDER, multiple=True, help="A folder of recorded history; several are merged."
)
@click.option("--from", "since", type=_DAY, help="First day; months that begin before it are left out.")
@click.option("--until", type=_DAY, help="Last day; months that end after it are left out.")
@click.option("--list", "slug", metavar="NAME", help="This list alone.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here.")
@click.option("--plots", type=click.Path(file_okay=False, path_type=Path), help="Write plots into this folder.")
@click.option(
    "--later-texts",
    is_flag=True,
    help="Use texts of later versions where those of the day are not known: no fair measure.",
)
@click.option(
    "--learning-curve", is_flag=True, help="Measure the ranking with fewer accepted papers to learn from, too: slow."
)
def command(
    folders: tuple[Path, ...],
    since: datetime | None,
    until: datetime | None,
    slug: str | None,
    json_file: Path | None,
    plots: Path | None,
    later_texts: bool,
    learning_curve: bool,
) -> None:
    """Replay history and measure nets, ranking and section suggestion.

    Each month is learnt from its past alone, and its papers are scored as they read when they came. The history is that of
    the own decisions and landings, or that of folders with arxiv-metadata/by_id_month, arxiv-metadata/streams and labels.
    Intervals (95%) are Wilson's for shares, and come from drawing the papers anew for the ranking. docs/ranking.md explains
    every figure and column, and the fields of the JSON.

    \b
    Examples:
      harvester evaluate
      harvester evaluate --list efficient-llm --from 2026-01-01
      harvester evaluate --data recorded/ --json figures.json --plots plots/ --learning-curve
    """
    if since and until and since > until:
        raise click.UsageError(
            f"--from {since:%Y-%m-%d} is after --until {until:%Y-%m-%d}: there is no day between them"
        )
    from harvester.settings import load_settings
    from harvester.steps.evaluate import Request, evaluate_lists

    request = Request(
        folders=folders,
        since=since.date() if since else None,
        until=until.date() + timedelta(days=1) if until else None,
        slug=slug,
        later_texts=later_texts,
        learning_curve=learning_curve,
    )
    settings = load_settings(os.environ, Path.cwd())
    found = evaluate_lists(settings, request, lambda line: click.echo(line, err=True))
    for one in found:
        for line in _told(one, () if folders else (_OWN_NETS,)):
            click.echo(line)
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(_all(found, request), indent=1, default=str) + "\n", encoding="utf-8")
    if plots is not None:
        from harvester.cli.plots import write_plots

        for path in write_plots(found, plots):
            click.echo(f"wrote {path}", err=True)


def _all(found: Iterable[Evaluation], request: Request) -> dict[str, Any]:
    return {
        "history": "recorded" if request.folders else "own",
        "texts": "any version" if request.later_texts else "of the day",
        "lists": [asdict(one) for one in found],
    }


def _told(found: Evaluation, about_nets: Sequence[str]) -> Iterator[str]:
    yield f"# {found.list}"
    yield ""
    if found.months:
        yield from _table(
            ("month", "accepted before", "learnt from", "papers", "days", "accepted", "text unknown (accepted)",
             "seen after listing"),
            (
                (one.month, one.accepted_before, one.learnt_from, one.seen, one.days, one.accepted,
                 f"{one.unread} ({one.unread_accepted})", one.listed_before)
                for one in found.months
            ),
        )  # fmt: skip
    if found.left_out:
        yield "Left out:"
        yield from (f"  {why}" for why in found.left_out)
        yield from _unscored("accepted papers of these months of which only a later text is known", found.unread)
        yield from _unscored("accepted papers that came by after they were listed", found.listed_before)
        yield ""
    measured = list(_measured(found))
    if measured:
        yield from _table(("measure", "value", "95% interval"), measured)
        if found.nets:
            yield from (f"{line}\n" for line in (*_nets_count_more(found), *about_nets))
    else:
        yield "Nothing to measure: no paper came by in a month in which the list accepted any."
    if found.ranking:
        yield from _told_of_ranking(found.ranking)
    if found.nets and found.nets.missed:
        yield f"Accepted papers that no topic passes: {', '.join(found.nets.missed)}"
    if found.sections and found.sections.confused:
        wrong = (f"{truth} as {guess} ({number})" for truth, guess, number in found.sections.confused[:5])
        yield f"Sections most often mistaken: {', '.join(wrong)}"
    yield ""


def _nets_count_more(found: Evaluation) -> Iterator[str]:
    if found.nets and found.left_out:
        yield "nets: they learn nothing, so that all months with labels count, also those that are left out above."


def _unscored(what: str, subjects: Sequence[str]) -> Iterator[str]:
    if subjects:
        more = f" and {len(subjects) - _NAMED} more" if len(subjects) > _NAMED else ""
        yield f"  {len(subjects)} {what}: {', '.join(subjects[:_NAMED])}{more}"


def _told_of_ranking(ranking: Ranking) -> Iterator[str]:
    yield "Calibration (what scores promise, and what came of it):"
    yield from _table(
        ("score", "papers", "promised", "accepted"),
        ((f"{b.low} … {b.high}", b.papers, b.promised, b.accepted) for b in ranking.reliability),
    )
    if ranking.curve:
        yield "Learning curve (with a share of the accepted papers; the last month learnt from so many):"
        shown = ("wss_95", "recall_top_10_percent", "average_precision", "precision_20_best_of_ceiling")
        yield from _table(
            ("share", "papers", "WSS@95", "recall in 10%", "average precision", "of the ceiling of 20"),
            (
                (f"{step.share:.1%}", step.papers, *(f"{step.measures[name].value:.3f}" for name in shown))
                for step in ranking.curve
            ),
        )
    hardest = ", ".join(f"{subject} ({share:.1%})" for subject, share in ranking.hardest[:5])
    yield f"Accepted papers that came last (share above them): {hardest}"


def _measured(found: Evaluation) -> Iterator[tuple[str, str, str]]:
    if found.nets:
        yield _line(f"nets: recall ({counted(found.nets.accepted, 'accepted paper')})", found.nets.recall)
        yield _line(f"nets: share passed ({counted(found.nets.seen, 'paper')})", found.nets.passed)
    if found.ranking:
        yield from (_line(_WORDS[name], figure) for name, figure in found.ranking.measures.items())
        yield "Brier score (of the mean share)", f"{found.ranking.brier} ({found.ranking.brier_of_mean})", ""
        yield "calibration error", f"{found.ranking.calibration_error}", ""
    if found.sections:
        yield from _guessed("section of", found.sections.all)
        yield from _guessed("  of those with a text of the day, of", found.sections.read)
        yield from _guessed("  of those with the list's title alone, of", found.sections.title_alone)


def _guessed(what: str, guessed: Guessed | None) -> Iterator[tuple[str, str, str]]:
    if guessed:
        yield _line(f"{what} {counted(guessed.papers, 'paper')}, first guess", guessed.first)
        yield _line(f"{what} {counted(guessed.papers, 'paper')}, in three guesses", guessed.in_three)


def _line(what: str, figure: Figure) -> tuple[str, str, str]:
    return what, f"{figure.value:.3f}", f"{figure.low:.3f} … {figure.high:.3f}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    cells = [head, *(tuple(str(cell) for cell in row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    for row in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield ""
