"""Spans of minutes: how closely arXiv's query API looks at the time of a submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from harvester.windows import Window

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open span of whole minutes in UTC."""

    since: datetime
    until: datetime

    @classmethod
    def of(cls, window: Window) -> Span:
        """Returns the minutes of whole days."""
        return cls(datetime.combine(window.since, time.min), datetime.combine(window.until, time.min))

    @property
    def dates(self) -> str:
        """The span as a query names it: both ends count."""
        return f"submittedDate:[{self.since:%Y%m%d%H%M} TO {self.until - _MINUTE:%Y%m%d%H%M}]"

    def halves(self) -> tuple[Span, Span] | None:
        """Parts the span, at the end of a day where there is one; None for a single minute."""
        whole = _DAY if self.until - self.since > _DAY else _MINUTE
        middle = self.since + (self.until - self.since) // whole // 2 * whole
        return (Span(self.since, middle), Span(middle, self.until)) if middle > self.since else None
