"""Times and days on the command line: ISO 8601, UTC where no zone is written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click


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


MOMENT = Moment()
DAY = Day()
