"""What the upstreams allow: hourly and daily budgets by virtual time, spacing and connections by real time.

Budgets are always counted and told in headers; they are generous unless limits are enforced, then the published ones.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from harvester.rehearsal.exchange import Reply, json_reply, text_reply

EARLY_SECONDS = 0.02  # a request is not called too early for what loopback and scheduling take away


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits that the upstreams publish; spacing in real seconds between request starts."""

    arxiv_seconds: float = 3.0
    semantic_scholar_seconds: float = 1.0
    github_points_per_hour: int = 5000
    github_anonymous_per_hour: int = 60
    openalex_credits_per_day: int = 10_000
    openalex_anonymous_per_day: int = 1000


@dataclass(frozen=True, slots=True)
class Account:
    """One client's budget after a request: `exceeded` when there was nothing left to pay it from."""

    limit: int
    used: int
    reset: datetime
    exceeded: bool

    @property
    def remaining(self) -> int:
        """Points that are left until the reset."""
        return max(0, self.limit - self.used)


class Meter:
    """Counts points per resource, client and hour or day; enforces them if it holds limits."""

    def __init__(self, limits: Limits | None) -> None:
        self.limits = limits
        self._lock = threading.Lock()
        self._used: dict[tuple[str, str, datetime], int] = {}

    def spend(self, resource: str, who: str, at: datetime, points: int) -> Account:
        """Take points from the budget of that hour (OpenAlex: day); none are taken that are not there."""
        period = timedelta(days=1) if resource == "openalex" else timedelta(hours=1)
        since = at.replace(minute=0, second=0, microsecond=0)
        since = since.replace(hour=0) if resource == "openalex" else since
        limit = self._limit(resource, who)
        with self._lock:
            used = self._used.get((resource, who, since), 0)
            exceeded = self.limits is not None and (used + points > limit or used >= limit)
            used += 0 if exceeded else points
            self._used[resource, who, since] = used
        return Account(limit, min(used, limit), since + period, exceeded)

    def _limit(self, resource: str, who: str) -> int:
        limits = self.limits or Limits(github_anonymous_per_hour=5000, openalex_anonymous_per_day=10_000)
        if resource == "openalex":
            return limits.openalex_credits_per_day if who else limits.openalex_anonymous_per_day
        return limits.github_points_per_hour if who else limits.github_anonymous_per_hour


class Pace:
    """Refuses requests that start too early or beside another one; arXiv counts query API and OAI-PMH together."""

    def __init__(self, limits: Limits) -> None:
        self._seconds: Mapping[str, float] = {
            "arxiv": limits.arxiv_seconds,
            "semantic_scholar": limits.semantic_scholar_seconds,
        }
        self._lock = threading.Lock()
        self._started: dict[str, float] = {}

    def refusal(self, upstream: str, started: float, beside: int) -> Reply | None:
        """The refusal of a request that starts at `started` (monotonic seconds) beside so many others, or None."""
        group = "arxiv" if upstream.startswith("arxiv") else upstream
        interval = self._seconds.get(group)
        if interval is None:
            return None
        with self._lock:
            before = self._started.get(group)
            self._started[group] = started
        early = before is not None and started - before < interval - EARLY_SECONDS
        if group == "arxiv":
            return text_reply(429, "Rate exceeded.") if early or beside else None
        return json_reply(429, TOO_MANY) if early else None


TOO_MANY = {
    "message": "Too Many Requests. Please wait and try again or apply for a key for higher rate limits.",
    "code": "429",
}
