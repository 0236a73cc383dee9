"""What every source asks of an answer before it believes a word of it.

"No data" is never proof of "nothing there": a 200 may be a page of HTML, a text, half of a document or the right document
of another question. So status and shape are checked here, strictly, and what does not fit is `Malformed`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NoReturn

from harvester.errors import Malformed
from harvester.records import Landing, Reading

# No repository and no paper comes near (2026: about 450,000 stars, about 300,000 citations): beyond it stands a mistake.
HIGHEST_COUNT = 10_000_000
LONGEST_TITLE, LONGEST_TEXT = 2_000, 50_000  # signs; arXiv allows some 300 and 2,000, GitHub 350 for a description
AHEAD = timedelta(days=2)  # clocks and zones; what is dated later than that after the answer cannot be
_EPOCH_FROM = (
    1_000_000_000  # reset times above this are seconds since 1970 (GitHub), below it seconds from now (OpenAlex)
)


def read_json(landing: Landing) -> object:
    """Reads the JSON of an answer; raises `Malformed` for HTML, text, cut or empty bodies and for what is not UTF-8."""
    kind = landing.header("content-type")
    if kind is not None and "json" not in kind.lower():
        raise malformed(landing, what_came(landing))
    try:
        return json.loads(landing.body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise malformed(landing, what_came(landing)) from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def what_came(landing: Landing) -> str:
    """Says in words what an answer looks like that is not what it should be: empty, a page of HTML, a text, or cut off."""
    start = " ".join(landing.body[:200].decode("utf-8", "replace").split())
    if not start:
        return "the answer is empty"
    if start.lower().startswith(("<!doctype html", "<html")):
        return "the answer is a page of HTML"
    if start[0] in "<{[":
        return "the answer is cut off or not well-formed"
    return f"the answer is text: {''.join(sign if sign.isprintable() else '?' for sign in start[:60])!r}"


def malformed(landing: Landing, why: str) -> Malformed:
    """Builds the error for an answer that is not what it claims."""
    return Malformed(landing.request.source, why, landing.address)


def read_count(value: object) -> int | None:
    """Returns a count that can be true: a whole number from 0 to ten million; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= HIGHEST_COUNT else None


def read_text(value: object) -> str | None:
    """Returns a text on one line without control characters and lone surrogates; None for no text at all."""
    if not isinstance(value, str):
        return None
    encodable = value.encode("utf-8", "replace").decode("utf-8")
    printable = "".join(sign if sign >= " " and sign != "\x7f" else " " for sign in encodable)
    return " ".join(printable.split()) or None


def said(landing: Landing) -> str:
    """Says in words what came instead of an answer: "HTTP 503", "no answer (timeout after 60 s)"."""
    if landing.status is None:
        return f"no answer ({landing.failure})" if landing.failure else "no answer"
    return f"HTTP {landing.status}"


# The wire's words for an answer that was too slow or too large; others say that nobody answered at all.
_TOO_MUCH = ("no answer for ", "the answer took longer", "the body ", "the compressed body ")


def was_too_much(landing: Landing) -> bool:
    """Tells whether less at once may help: the gateway or the wire gave up waiting, or the body did not come whole."""
    if landing.status is None:
        return (landing.failure or "").startswith(_TOO_MUCH)
    return landing.status in (502, 504)


def may_pass(landing: Landing) -> bool:
    """Tells whether a refusal may be one of the moment: it names no time to come back, and no budget that is spent."""
    spent = landing.header("x-ratelimit-remaining") == "0"
    return landing.status in (401, 403) and not spent and retry_at(landing) is None


NOTHING_USABLE = "the answer holds no usable value"


def is_worthless(reading: Reading) -> bool:
    """Tells whether an answer of the right shape brought nothing: not one value, and nobody said to be unknown."""
    return bool(reading.observations) and all(seen.status == "failed" for seen in reading.observations)


def retry_at(landing: Landing) -> datetime | None:
    """Reads from when the upstream wants to be asked again (UTC); None where it does not say."""
    after = (landing.header("retry-after") or "").strip()
    reset = (landing.header("x-ratelimit-reset") or "").strip()
    try:
        if after.isdecimal():
            return landing.fetched_at + timedelta(seconds=int(after))
        if after:
            return parsedate_to_datetime(after).astimezone(UTC)
        if reset.isdecimal() and int(reset) > _EPOCH_FROM:
            return datetime.fromtimestamp(int(reset), tz=UTC)
        if reset.isdecimal():
            return landing.fetched_at + timedelta(seconds=int(reset))
    except (ValueError, TypeError, OverflowError, OSError):
        return None
    return None


def budget_words(landing: Landing, name: str, remaining: int, cost: int) -> str:
    """Says that an upstream's budget is about to end: when no more than one further request could be paid; else nothing."""
    if remaining > cost:
        return ""
    until = retry_at(landing)
    return f"{name}'s budget has {remaining} left" + (f" until {until:%Y-%m-%d %H:%M} UTC" if until else "")


def read_header_count(landing: Landing, name: str) -> int | None:
    """Reads a header that holds a whole number; None for everything else."""
    text = (landing.header(name) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def refusal(landing: Landing, name: str) -> str:
    """Says that an upstream refused, and from when it may be asked again: "GitHub refused (HTTP 429) until 04:00 UTC"."""
    until = retry_at(landing)
    when = f" until {until:%Y-%m-%d %H:%M} UTC" if until else ""
    return f"{name} refused ({said(landing)}){when}"
