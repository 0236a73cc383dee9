"""What hand-kept lists said about numbers: kept as history, never shown as a current count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from harvester.records import Decision, Observation

GOOGLE_SCHOLAR = "google_scholar"


def numbers_seen(decisions: Iterable[Decision]) -> Iterator[Observation]:
    """Yields the citations that a hand-kept list showed with a link to Google Scholar, as of the list's date.

    A decision's time is that date: `harvester adopt --at` gives it. A number that links elsewhere stays with its entry
    alone, for nobody can tell whose it was.
    """
    for decision in decisions:
        words = decision.wording
        if words and words.citations_seen is not None and _is_scholar(words.citations_seen_url or ""):
            yield Observation(decision.subject, "citations", GOOGLE_SCHOLAR, decision.at, words.citations_seen, "ok")


def _is_scholar(url: str) -> bool:
    """Every country has its own host: scholar.google.com, scholar.google.de."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return host.startswith("scholar.google.")
