"""Times and days on the command line: ISO 8601, UTC where no zone is written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from harvester.settings import Settings


class Moment(click.ParamType[datetime]):
    """A point in time, to the second."""

    name = "time"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Reads `2026-11-20`, `2026-11-20T21:04`, `…:10Z` or with an offset; returns it in UTC."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a time; write it as 2026-11-20T21:04:10Z", param, ctx)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


class Day(click.ParamType[date]):
    """A day."""

    name = "day"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Reads `2026-11-20`."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as YYYY-MM-DD, such as 2026-11-20", param, ctx)


def now(settings: Settings) -> datetime:
    """Reads the clock, as far behind the machine's as the settings say."""
    return datetime.now(UTC) - settings.behind


MOMENT = Moment()
DAY = Day()
