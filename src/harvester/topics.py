"""What to harvest, as editors define it in `topics.toml`: phrases, categories, and how much to ask."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from harvester.keys import Keys, Source

SINCE = 180  # days
_SET = re.compile(r"[a-z][a-z-]*(?::[A-Za-z][A-Za-z-]*){0,2}")


@dataclass(frozen=True, slots=True)
class Topic:
    """Phrases to look for in title and abstract, and phrases that rule a paper out."""

    name: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    categories: tuple[str, ...]  # a paper must carry one of them; cross-lists count
    since: int | date = SINCE  # how far back a phrase is asked for: days before the night, or a day

    def since_day(self, today: date) -> date:
        """Returns the first day whose papers are wanted, as seen from a night."""
        return self.since if isinstance(self.since, date) else today - timedelta(days=self.since)


@dataclass(frozen=True, slots=True)
class Harvest:
    """How much to ask again, and how much in one night."""

    overlap_days: int = 7  # asked again every night, because papers surface late
    pages: int = 100  # of arXiv's answers, 500 papers each, after which a night begins no further search
    sets: tuple[str, ...] = ()  # of OAI-PMH, swept weekly: "cs:cs:CL"; none given: those of the topics' categories
    sweep_days: int = 45  # how far back a sweep looks for changes
    sweep_pages: int = 300  # of a sweep's answers, some 1,300 papers each, in one run; the next one goes on


def read_topics(source: Source) -> tuple[tuple[Topic, ...], Harvest]:
    """Reads `topics.toml`; what is wrong is among the source's mistakes."""
    root = source.root
    span = Keys(source, root.table("harvest"), "harvest.")
    since = span.days_or_day("since", SINCE)
    harvest = Harvest(
        overlap_days=span.number("overlap_days", 7, 0),
        pages=span.number("pages", 100, 1),
        sets=_read_sets(span),
        sweep_days=span.number("sweep_days", 45, 1),
        sweep_pages=span.number("sweep_pages", 300, 1),
    )
    if span.left.pop("first_days", None) is not None:
        span.wrong("first_days", "harvest.first_days is called `since` now, and holds for phrases added later as well")
    span.done()
    common = root.words("categories")
    topics = []
    for name, value in root.table("topics").items():
        keys = Keys(source, value if isinstance(value, dict) else {}, f"topics.{name}.")
        include = keys.words("include")
        if not include:
            keys.wrong("include", f"topics.{name}.include is empty: give at least one phrase, or delete the topic")
        exclude, categories = keys.words("exclude"), keys.words("categories") or common
        topics.append(Topic(name, include, exclude, categories, keys.days_or_day("since", since)))
        keys.done()
        if not categories:
            keys.wrong("", f'topic {name} has no categories: add `categories = ["cs.CL", …]` at the top')
    root.done()
    return tuple(topics), harvest


def _read_sets(span: Keys) -> tuple[str, ...]:
    sets = span.words("sets")
    for name in sets:
        if not _SET.fullmatch(name):
            remedy = 'write sets of OAI-PMH such as "cs:cs:CL" (for cs.CL) or "stat"'
            span.wrong("sets", f"harvest.sets holds {name!r}: {remedy}")
    return tuple(dict.fromkeys(sets))
