"""`harvester status`: how fresh everything is, for people and for monitors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from harvester.cli.shown import Row, as_told, printable, show
from harvester.cli.times import MOMENT, now
from harvester.counting import counted

if TYPE_CHECKING:
    from harvester.steps.runs import Run
    from harvester.steps.shown_lists import Shown
    from harvester.steps.status import Standing, Status, Upstream


@click.command("status")
@click.option(
    "--max-age",
    type=click.FloatRange(0, min_open=True),
    default=36.0,
    show_default=True,
    metavar="HOURS",
    help="How long ago the last good night may be.",
)
@click.option("--at", type=MOMENT, help="Show how things stood at another time than now.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(max_age: float, at: datetime | None, as_json: bool) -> None:
    """Show how fresh everything is; fail where no night was good for 36 hours.

    The first line says it all, and what to do. Reads files only, also before the first night and while one is at work.

    Exit code 0: all is well. 3: the last night or weekly run was degraded, failed or killed. 1: no good night for 36 hours
    (--max-age); a degraded one is not good.

    \b
    Examples:
      harvester status
      harvester status --json | jq .verdict
      harvester status --max-age 60 > /dev/null || echo "look after the harvester"
    """
    import os
    from pathlib import Path

    from harvester.settings import load_settings
    from harvester.steps.status import status

    settings = load_settings(os.environ, Path.cwd())
    told = status(settings, at or now(settings), timedelta(hours=max_age))
    if as_json:
        click.echo(as_told(_plain(told)))
    else:
        _print(told)
    raise SystemExit(told.exit_code)


def _print(told: Status) -> None:
    click.echo(printable(told.verdict))
    tables: Sequence[tuple[str, Sequence[Row]]] = (
        ("runs", [_run_row(one) for one in told.runs if one.last or one.at_work or one.killed]),
        ("upstreams", [_upstream_row(one) for one in told.upstreams]),
        ("lists", [_list_row(one) for one in told.lists]),
        ("values", _value_rows(told.values)),
    )
    for title, rows in tables:
        if rows:
            click.echo(f"\n{title}")
            show(rows, list(rows[0]), as_json=False)
    for line in (*_coverage_lines(told), *told.problems):
        click.echo(printable(line))


def _run_row(one: Standing) -> Row:
    state = "at work" if one.at_work else "killed" if one.killed else one.last.state if one.last else ""
    since = one.at_work.started_at if one.at_work else one.bad_since
    return {
        "kind": one.kind,
        "state": state,
        "since": since,
        "last": one.last.as_of if one.last else None,
        "last good": one.last_good.as_of if one.last_good else "never",
    }


def _upstream_row(one: Upstream) -> Row:
    told = one.answered
    return {
        "upstream": told.source,
        "asked for": _ASKED.get(told.kind, told.kind),
        "last good": told.last_good or "never",
        "failing since": told.failing_since,
        "requests": one.requests,
        "last failure": f"{told.last_failed:%Y-%m-%d}: {told.why}" if told.last_failed else None,
    }


_ASKED = {"search": "new papers (search)", "ids": "metadata of known ones (ids)", "sweep": "changes (sweep)"}


def _list_row(one: Shown) -> Row:
    return {
        "list": one.slug,
        "entries": one.entries,
        "waiting": one.waiting,
        "shows": one.snapshot or "nothing yet",
        "changed": one.changed,
        "held back": f"since {one.held_back_since:%Y-%m-%d %H:%M}: {one.why}" if one.held_back_since else None,
    }


_AGES = (("citations", "citations_age"), ("stars", "stars_age"), ("metadata", "metadata_age"))


def _value_rows(run: Run | None) -> list[Row]:
    if run is None:
        return []
    ages = ((name, run.figures.get(key) or {}) for name, key in _AGES)
    return [
        {
            "value": name,
            "known": _known(age["values"], age.get("gone", 0)),
            "median days": age["median_days"],
            "oldest days": age["oldest_days"],
            "fresh": f"{age['fresh'] / age['values']:.1%}",
            "as of": run.as_of,
        }
        for name, age in ages
        if age.get("values")
    ]


def _known(values: int, gone: int) -> int | str:
    """How many values are known, as the report of the night says it."""
    return f"{values + gone}, of which {gone} {'is' if gone == 1 else 'are'} gone" if gone else values


def _coverage_lines(told: Status) -> list[str]:
    lines = [""]
    if told.values and (aside := told.values.figures.get("set_aside")):
        lines.append(f"set aside as suspect: {aside}")
    if told.snapshot:
        held = told.snapshot_held_back_since
        lines.append(f"snapshot {told.snapshot}" + (f", newer ones held back since {_day(held)}" if held else ""))
    if told.coverage is None:
        lines.append("which days were asked for is not known: no topics could be read")
    else:
        days = told.coverage
        if days.since < days.until:
            lines.append(f"asked for without a break: papers submitted from {days.since} until {days.until}")
        lines += [
            f"not asked for yet: from {hole.since} until {hole.until}, "
            f"{counted(hole.spellings, 'spelling')} in {counted(hole.categories, 'category')}"
            for hole in days.holes
        ]
    return lines if len(lines) > 1 else []


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


# --- for programs ------------------------------------------------------------------------------------------------------


_NO_COVERAGE = "no topics could be read, so there is nothing that could have been asked for; see `problems`"


def _plain(told: Status) -> Mapping[str, Any]:
    from dataclasses import asdict

    return {
        "at": told.at,
        "exit_code": told.exit_code,
        "verdict": told.verdict,
        "snapshot": told.snapshot,
        "snapshot_held_back_since": told.snapshot_held_back_since,
        "runs": {one.kind: _standing(one) for one in told.runs},
        "upstreams": [{**asdict(one.answered), "requests": one.requests} for one in told.upstreams],
        "lists": [asdict(one) for one in told.lists],
        "values": _values(told.values),
        "coverage": asdict(told.coverage) if told.coverage else None,
        "coverage_unknown": None if told.coverage else _NO_COVERAGE,
        "problems": list(told.problems),
    }


def _standing(one: Standing) -> Mapping[str, Any]:
    def short(run: Run | None) -> Mapping[str, Any] | None:
        if run is None:
            return None
        names = ("as_of", "state", "started_at", "ended_at", "snapshot", "causes", "pid")
        return {name: getattr(run, name) for name in names}

    runs = {name: short(getattr(one, name)) for name in ("last", "last_good", "at_work", "killed")}
    return {**runs, "bad_since": one.bad_since}


def _values(run: Run | None) -> Mapping[str, Any] | None:
    if run is None:
        return None
    return {"as_of": run.as_of, "suspect": run.figures.get("set_aside"), **{n: run.figures.get(k) for n, k in _AGES}}
