"""What upstreams and the conversations with them are called where people read of them: "search, second window"."""

from __future__ import annotations

import re
from collections.abc import Mapping

UPSTREAMS: Mapping[str, str] = {
    "arxiv_api": "arXiv",
    "arxiv_oai": "arXiv's OAI-PMH",
    "github": "GitHub",
    "semantic_scholar": "Semantic Scholar",
    "openalex": "OpenAlex",
}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_SEARCH = re.compile(r"search-([wb])(\d+)")  # windows of a night's days, parts of a backfill
_SWEEP = re.compile(r"sweep-([a-z-]+?)(?:-(\d{8})-(\d{8}))?(-on(?:-(\d+))?)?")


def upstream_words(source: str) -> str:
    """Returns what people call an upstream: "GitHub"."""
    return UPSTREAMS.get(source, source)


def conversation_words(what: str) -> str:
    """Returns the name of a conversation in words: "search, second window" of "search-w2"; other names stay."""
    if found := _SEARCH.fullmatch(what):
        return f"search, {ordinal(int(found[2]))} {'window' if found[1] == 'w' else 'part'}"
    if found := _SWEEP.fullmatch(what):
        group, since, until, on, number = found.groups()
        days = f", changes from {_day(since)} until {_day(until)}" if since else ""
        again = f" for the {ordinal(int(number))} time" if number else ""
        return f"sweep of {_set_words(group)}{days}{', going on' if on else ''}{again}"
    return what


def ordinal(number: int) -> str:
    """Writes a number from 1 as a place: "second", "11th"."""
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _set_words(group: str) -> str:
    """Writes the set of a sweep as arXiv writes its category, "cs.CL" of "cs-cs-cl"; longer names stay as they are."""
    parts = group.split("-")
    return f"{parts[1]}.{parts[2].upper()}" if len(parts) == 3 and parts[0] == parts[1] else group


def _day(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
