"""How much of an upstream we bear: limits, whether to ask again, and how long to wait before.

Pure: an answer, numbers and a time go in, a pause or None comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from harvester.records import Pairs
from harvester.settings import Upstream

_AGAIN = frozenset((429, 500, 502, 503, 504))
_SECONDARY = b"secondary rate limit"  # GitHub's only mark of it when Retry-After is absent


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request, and all requests of one run to one upstream, may cost. Seconds and bytes."""

    connect_seconds: float = 10.0  # a host that is up answers within one or two
    read_seconds: float = 60.0  # arXiv takes up to a minute for a page of 2,000 before the first byte comes
    total_seconds: float = 180.0  # of one attempt; a body that drips never meets a read timeout
    wire_bytes: int = 32_000_000  # a page of 2,000 papers has about 6 MB, Semantic Scholar stops at 10 MB
    body_bytes: int = 64_000_000  # inflated; a few of them must fit into memory beside the tables
    attempts: int = 4  # of one request; back-off then has taken up to half a minute
    waiting_seconds: float = 900.0  # pauses and lost attempts of a run; holds one arXiv silence of ten minutes
    redirects: int = 3  # a renamed repository takes one
    backoff_seconds: float = 2.0  # before the second attempt; doubles, and the jitter adds up to as much again


USUAL = Limits()
# A page of OAI-PMH took 29 to 90 seconds in October 2026; arXiv's edge gives up after about 183 and says 503.
_SLOW = replace(USUAL, read_seconds=200.0, total_seconds=300.0)


def limits_of(source: str) -> Limits:
    """Returns what a request to that source may cost where nobody sets it otherwise."""
    return _SLOW if source == "arxiv_oai" else USUAL


@dataclass(frozen=True, slots=True)
class Traffic:
    """What went over a wire so far. `by_status` counts attempts; "none" are those without a usable answer."""

    requests: int = 0
    by_status: Mapping[str, int] = field(default_factory=dict)
    received_bytes: int = 0  # bodies, as they came over the wire
    waited_seconds: float = 0.0
    last_status: int | None = None  # of the last attempt

    def with_answer(self, answer: Answer) -> Traffic:
        """Counts one attempt."""
        key = "none" if answer.status is None else str(answer.status)
        counts = {**self.by_status, key: self.by_status.get(key, 0) + 1}
        received = self.received_bytes + answer.received_bytes
        return replace(
            self,
            requests=self.requests + 1,
            by_status=counts,
            received_bytes=received,
            last_status=answer.status,
        )

    def with_wait(self, seconds: float) -> Traffic:
        """Counts a wait."""
        return replace(self, waited_seconds=self.waited_seconds + seconds)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one attempt brought; `status` is None and `failure` says why when that is nothing usable."""

    status: int | None
    headers: Pairs = ()
    body: bytes = b""
    failure: str | None = None
    again: bool = False  # whether the failure may pass
    received_bytes: int = 0

    def header(self, name: str) -> str | None:
        """Returns the first header of that (lower-case) name."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Pause:
    """How long to wait before asking again; `asked` when the upstream wants it, whether we ask again or not."""

    seconds: float
    asked: bool


def pause_after(
    answer: Answer, attempt: int, upstream: Upstream, limits: Limits, now: datetime, jitter: float
) -> Pause | None:
    """Returns how long to wait before the next attempt, or None when asking again would bring nothing else.

    `attempt` counts from 1, `jitter` is from 0 to 1. Retry-After is a lower bound (RFC 9110, 10.2.3); 0 and nonsense
    leave it to our own back-off. arXiv wants more than it says: after a 429 it recovers within ten minutes of silence, not
    of asking again. GitHub: "Rate limits for the REST API", section "Exceeding the rate limit".
    """
    exhausted = upstream.source in _BUDGETED and answer.status in (403, 429) and answer.header(_REMAINING) == "0"
    refused = upstream.source == "github" and answer.status == 403 and _is_secondary(answer)
    if not (answer.again or answer.status in _AGAIN or exhausted or refused):
        return None
    asked = _retry_after(answer, now)
    if asked and answer.status == 429 and upstream.gate == "arxiv":
        asked = max(asked, upstream.silence)
    if asked:
        return Pause(asked, asked=True)
    backoff = limits.backoff_seconds * 2 ** (attempt - 1) * (1 + jitter)
    if exhausted:  # not held for others: they may have another key, and with it another budget
        return Pause(_until_reset(answer, now) or upstream.silence or backoff, asked=False)
    if (answer.status == 429 or refused) and upstream.silence:
        return Pause(upstream.silence, asked=True)
    return Pause(backoff, asked=False)


_REMAINING = "x-ratelimit-remaining"
_BUDGETED = ("github", "openalex")
_EPOCH_FROM = 1_000_000_000  # GitHub's reset counts from 1970, OpenAlex's from now


def _is_secondary(answer: Answer) -> bool:
    return bool(answer.header("retry-after")) or _SECONDARY in answer.body.lower()


def _retry_after(answer: Answer, now: datetime) -> float | None:
    """Returns the seconds that the answer asks for, as a number or as a date; None for none, 0 and nonsense."""
    text = (answer.header("retry-after") or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text) or None
    moment = _date(text)
    seconds = (moment - _said_at(answer, now)).total_seconds() if moment else 0.0
    return seconds if seconds > 0 else None


def _until_reset(answer: Answer, now: datetime) -> float | None:
    text = (answer.header("x-ratelimit-reset") or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        return None
    seconds = float(text) - (_said_at(answer, now).timestamp() if int(text) > _EPOCH_FROM else 0.0)
    return max(seconds, 0.0) + 1.0  # the reset is cut to whole seconds


def _said_at(answer: Answer, now: datetime) -> datetime:
    """Returns the server's own time, so that a difference of clocks does not shorten a pause."""
    return _date(answer.header("date") or "") or now


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
