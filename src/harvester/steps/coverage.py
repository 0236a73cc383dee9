"""Which days searches have asked for, per phrase and category, and which holes are left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from harvester.definitions import Editorial
from harvester.errors import LandingError
from harvester.raw import landings
from harvester.sources import arxiv_api
from harvester.steps.harvest import read_search
from harvester.windows import Asked, Search, Want, Window, missing
from harvester.windows import coverage as joined


@dataclass(frozen=True, slots=True)
class Hole:
    """Days [since, until) that some spellings were not asked for; the next nights ask for them."""

    since: date
    until: date
    spellings: int
    categories: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The newest days [since, until) that every spelling was asked for in every category, and what is left beside them."""

    since: date
    until: date  # today, where nothing is missing
    holes: tuple[Hole, ...]  # the newest first


def coverage(editorial: Editorial, raw: Path, at: datetime) -> Coverage | None:
    """Tells what nights until then asked and had answered whole; None without topics."""
    today = at.date()
    if not editorial.topics:
        return None
    wants = [Want(topic.forms, topic.categories, topic.since_day(today)) for topic in editorial.topics]
    return _summed(missing(wants, asked(raw, at), (), today, overlap_days=0), min(want.since for want in wants), today)


def asked(raw: Path, at: datetime) -> Iterator[Asked]:
    """Yields the searches of nights until then that ended complete; what cannot be read counts as not asked."""
    for folder in _searches(raw):
        if folder.night > at:
            continue
        try:
            outcome = landings.outcome_of(folder)
        except LandingError:
            continue
        if outcome and outcome.state == "complete":
            yield Asked(read_search(folder.wanted), folder.night.date())


def _searches(raw: Path) -> Iterator[landings.Folder]:
    for path in sorted((raw / arxiv_api.NAME).glob("*Z-search*")):
        try:
            yield landings.folder_named(raw, arxiv_api.NAME, path.name)
        except LandingError:
            continue


def _summed(absent: Iterable[Search], first: date, today: date) -> Coverage:
    """Parts what is missing into its newest end and the holes before it; today itself every night asks again."""
    before = [one for one in absent if one.window.since < today]
    spans = list(joined(Window(one.window.since, min(one.window.until, today)) for one in before))
    until = spans.pop().since if spans and spans[-1].until == today else today
    since = spans[-1].until if spans else min(first, until)
    holes = (
        Hole(one.window.since, min(one.window.until, today), len(one.phrases), len(one.categories)) for one in before
    )
    return Coverage(since, until, tuple(sorted(holes, key=lambda hole: hole.since, reverse=True)))


def days_behind(told: Coverage, today: date) -> int:
    """Counts the days before today that were not asked for."""
    return max((today - told.until) // timedelta(days=1), 0)
