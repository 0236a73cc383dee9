"""What to do where an upstream refused a key or an address: the key is named by its variable, waiting mends none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from harvester.conversations import upstream_words
from harvester.settings import Upstream

_REFUSED = re.compile(r"refused \(HTTP (401|403)\)")  # as sources say it


def key_remedy(upstream: Upstream, status: int) -> str:
    """Says what to do about a 401 or 403."""
    name = upstream.key_variable
    if not upstream.key or not name:
        return (
            "it may refuse this address or a client without a name: set HARVESTER_CONTACT, and a key where there is one"
        )
    if upstream.source == "github" and status == 403:  # GitHub says so of too many requests, too
        return (
            f"{name} may be wrong, which waiting does not mend (make a new one, or leave it out), "
            "or too much was asked with it, which an hour mends"
        )
    return f"{name} may have expired or be wrong, which waiting does not mend: make a new one, or leave it out"


def key_named(upstream: Upstream, why: str) -> str:
    """Names the variable of the key that was refused, to stand behind the reason; nothing for other reasons."""
    named = upstream.key and upstream.key_variable and _REFUSED.search(why)
    return f"; the key is that of {upstream.key_variable}" if named else ""


def remedies(talks: Iterable[Mapping[str, Any]], upstreams: Mapping[str, Upstream]) -> str:
    """Says what to do about every refusal among the conversations of a record; nothing where there was none."""
    told: dict[str, str] = {}
    for talk in talks:
        refused = _REFUSED.search(str(talk.get("why") or ""))
        upstream = upstreams.get(str(talk.get("source")))
        if refused and upstream and talk.get("degraded"):
            told.setdefault(upstream.source, key_remedy(upstream, int(refused[1])))
    return "; ".join(f"{upstream_words(source)}: {words}" for source, words in told.items())
