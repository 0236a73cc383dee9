"""Who asks GitHub, and what the headers say about his budget."""

from __future__ import annotations

from datetime import datetime

from harvester.rehearsal.budgets import Account
from harvester.rehearsal.exchange import Call


def token_of(call: Call) -> str | None:
    """The token of the request, or None; the schemes `token` and `Bearer` are the same to GitHub."""
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() in ("token", "bearer") else None


def revoked(token: str | None) -> bool:
    """Whether the token is a bad one: in the rehearsal, one that contains "revoked"."""
    return token is not None and "revoked" in token


def rate_headers(account: Account, resource: str) -> list[tuple[str, str]]:
    """The `x-ratelimit-` headers; reset is in epoch seconds."""
    return [
        ("x-ratelimit-limit", str(account.limit)),
        ("x-ratelimit-remaining", str(account.remaining)),
        ("x-ratelimit-used", str(account.used)),
        ("x-ratelimit-reset", str(int(account.reset.timestamp()))),
        ("x-ratelimit-resource", resource),
    ]


def stamp(at: datetime) -> str:
    """A time as GitHub writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
