"""`harvester evaluate`: what nets, ranking and section suggestion would have been worth, by history."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from harvester.editorial.evaluate import Evaluation
    from harvester.editorial.learning.measures import Figure
    from harvester.steps.evaluate import Request

_DAY = click.DateTime(["%Y-%m-%d"])
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
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
def command(
    folders: tuple[Path, ...],
    since: datetime | None,
    until: datetime | None,
    slug: str | None,
    json_file: Path | None,
    plots: Path | None,
    later_texts: bool,
) -> None:
    """Replay history and measure nets, ranking and section suggestion.

    Each month is learnt from its past alone. The history is that of the own decisions and landings, or that of folders
    with arxiv-metadata/by_id_month, arxiv-metadata/streams and labels. Intervals (95%) come from drawing the papers anew.

    \b
    Examples:
      harvester evaluate
      harvester evaluate --data recorded/ --json figures.json --plots plots/
    """
    from harvester.settings import load_settings
    from harvester.steps.evaluate import Request, evaluate_lists

    request = Request(
        folders=folders,
        since=since.date() if since else None,
        until=until.date() + timedelta(days=1) if until else None,
        slug=slug,
        later_texts=later_texts,
    )
    settings = load_settings(os.environ, Path.cwd())
    found = evaluate_lists(settings, request, lambda line: click.echo(line, err=True))
    for one in found:
        for line in _told(one):
            click.echo(line)
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(_all(found, request), indent=1, default=str) + "\n", encoding="utf-8")
    if plots is not None:
        from harvester.cli.plots import write_plots

        for path in write_plots(found, plots):
            click.echo(f"wrote {path}", err=True)


def _all(found: Iterable[Evaluation], request: Request) -> dict[str, Any]:
    return {"texts": "any version" if request.later_texts else "of the day", "lists": [asdict(one) for one in found]}


def _told(found: Evaluation) -> Iterator[str]:
    yield f"# {found.list}"
    yield ""
    if found.months:
        yield from _table(
            ("month", "learnt from", "papers", "days", "accepted", "text unknown (accepted)", "seen after listing"),
            (
                (one.month, one.learnt_from, one.seen, one.days, one.accepted, f"{one.unread} ({one.unread_accepted})",
                 one.listed_before)
                for one in found.months
            ),
        )  # fmt: skip
    if found.left_out:
        yield "Left out:"
        yield from (f"  {why}" for why in found.left_out)
        yield ""
    yield from _table(("measure", "value", "95% interval"), _measured(found))
    if found.ranking:
        yield "Calibration (what scores promise, and what came of it):"
        yield from _table(
            ("score", "papers", "promised", "accepted"),
            ((f"{b.low} … {b.high}", b.papers, b.promised, b.accepted) for b in found.ranking.reliability),
        )
        hardest = ", ".join(f"{subject} ({share:.1%})" for subject, share in found.ranking.hardest[:5])
        yield f"Accepted papers that came last (share above them): {hardest}"
    if found.nets and found.nets.missed:
        yield f"Accepted papers that no topic passes: {', '.join(found.nets.missed)}"
    if found.sections:
        wrong = (f"{truth} as {guess} ({number})" for truth, guess, number in found.sections.confused[:5])
        yield f"Sections most often mistaken: {', '.join(wrong)}"
    yield ""


def _measured(found: Evaluation) -> Iterator[tuple[str, str, str]]:
    if found.nets:
        yield _line(f"nets: recall ({found.nets.accepted} accepted papers)", found.nets.recall)
        yield _line(f"nets: share passed ({found.nets.seen:,} papers)", found.nets.passed)
    if found.ranking:
        yield from (_line(_WORDS[name], figure) for name, figure in found.ranking.measures.items())
        yield "Brier score (of the mean share)", f"{found.ranking.brier} ({found.ranking.brier_of_mean})", ""
    if found.sections:
        yield _line(f"section, first guess ({found.sections.papers} papers)", found.sections.first)
        yield _line("section, in three guesses", found.sections.in_three)


def _line(what: str, figure: Figure) -> tuple[str, str, str]:
    return what, f"{figure.value:.3f}", f"{figure.low:.3f} … {figure.high:.3f}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    cells = [head, *(tuple(str(cell) for cell in row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    for row in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield ""
