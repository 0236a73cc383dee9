"""`harvester defer`: hide papers from the queue until a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import click

from harvester.cli.deciding import answer, moment, signature, signed, standing_now
from harvester.cli.times import DAY


@click.command("defer")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--days", type=click.IntRange(1, 3650), help="For how many days. [default: 14]")
@click.option("--until", type=DAY, metavar="YYYY-MM-DD", help="Until which day, instead of --days.")
@signed
def command(
    ids: tuple[str, ...],
    days: int | None,
    until: date | None,
    slug: str | None,
    by: str | None,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Hide papers from the queue until a day.

    On that day they are shown again; `harvester queue --all` shows them before.

    \b
    Examples:
      harvester defer 2405.18218
      harvester defer 2405.18218 --until 2026-12-01
    """
    from harvester.steps.decide import defer

    if days is not None and until is not None:
        raise click.UsageError("give --days or --until, not both")
    day = until or moment(at).date() + timedelta(days=days or 14)
    standing = standing_now(at, slug, ids)
    answer(standing, defer(standing, ids, signature(standing, by, at), day, slug), as_json)
