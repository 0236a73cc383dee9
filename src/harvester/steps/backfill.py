"""Ask for history: the papers submitted on some days, per phrase and category, and every record changed on them.

What earlier runs have asked is not asked again, so a backfill that was stopped goes on with what is missing, even days
later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from harvester.counting import counted
from harvester.definitions import Editorial
from harvester.errors import LandingError, SettingsError
from harvester.raw import landings
from harvester.report import Talk
from harvester.sources import arxiv_api, arxiv_oai
from harvester.steps.harvest import (
    MOST_FAILURES,
    ask_search,
    asked_before,
    pages_of,
    read_search,
    search_json,
    search_words,
)
from harvester.steps.night import Night
from harvester.steps.sift import addresses
from harvester.steps.sweep import Earlier, Leg, Swept, duration, earlier, groups_of, hold_legs, rest_of, slug
from harvester.steps.talk import hold, wanted_before
from harvester.windows import PAGES_AT_ONCE, UNKNOWN_DAYS, Asked, Search, Want, Window, holes, missing, next_part

OPENED = date(1991, 8, 1)
DAYS_AT_ONCE = 30  # of one sweep: what is ended is not asked again, so parts should be neither long nor many
MOST_PAGES = 100_000  # of a backfill: whoever starts one has seen the estimate
# What is assumed where no sweep and no search tells (upstreams' own words, 2026): a set such as cs.LG has some 1,000 changed
# records a weekday and 1,300 on a page; a page took 5 to 90 seconds; a hundred papers a day match some 100 phrases.
PAGES_A_DAY, SECONDS_A_PAGE = 0.6, 15.0
SEARCHES_A_DAY, SECONDS_A_SEARCH = 0.3, 4.0


def span(since: date, until: date, now: datetime) -> Window:
    """Returns the days to ask for; SettingsError where they cannot be."""
    today = now.date()
    if since > today:
        raise SettingsError([f"--from {since} lies in the future: today is {today} (UTC)"])
    if until <= since:
        raise SettingsError([f"--until {until} must be later than --from {since}: it is the day behind the last one"])
    if since < OPENED:
        raise SettingsError([f"--from {since} lies before arXiv, which opened in August 1991: begin with {OPENED}"])
    return Window(since, min(until, today + timedelta(days=1)))


def backfill(night: Night, window: Window) -> Swept:
    """Asks the query API for the papers submitted in the window, then OAI-PMH for what was changed in it."""
    searched = _search(night, window)
    swept = hold_legs(night, backfill_legs(tuple(earlier(night)), night.editorial, window), MOST_PAGES)
    return replace(swept, talks=(*searched, *swept.talks))


# --- the query API -----------------------------------------------------------------------------------------------------


def _search(night: Night, window: Window) -> list[Talk]:
    before = tuple(asked_before(night))
    talks: list[Talk] = []
    done: list[tuple[Search, int]] = []
    open_since = night.as_of.date() - timedelta(days=night.editorial.harvest.overlap_days)
    while sum(talk.state == "failed" for talk in talks) < MOST_FAILURES:
        absent = _missing(night.editorial, window, before, [search for search, _ in done], night.as_of.date())
        if not absent:
            break
        name = f"search-b{len(talks) + 1}"
        part = next_part(absent[0], done, PAGES_AT_ONCE, open_since)
        wanted = wanted_before(night, arxiv_api.NAME, name) or search_json(part)
        talks.append(hold(night, arxiv_api.NAME, name, wanted, search_words(read_search(wanted)), ask_search))
        done.append((read_search(wanted), pages_of(night, talks[-1])))
    return talks


def _missing(
    editorial: Editorial, window: Window, before: Sequence[Asked], tonight: Sequence[Search], today: date
) -> list[Search]:
    """Returns the searches for the pairs of phrase and category that nothing asked in the window, the newest first."""
    wants = [Want(topic.forms, topic.categories, window.since) for topic in editorial.topics]
    found = missing(wants, before, tonight, today, editorial.harvest.overlap_days)
    within = (
        (search, max(search.window.since, window.since), min(search.window.until, window.until)) for search in found
    )
    return [replace(search, window=Window(since, until)) for search, since, until in within if since < until]


# --- OAI-PMH -----------------------------------------------------------------------------------------------------------


def backfill_legs(before: Sequence[Earlier], editorial: Editorial, window: Window) -> list[Leg]:
    """Plans the sweeps of a backfill: what an earlier one left by its token, and the days that no sweep has ended."""
    if window.until <= arxiv_oai.EARLIEST:
        return []
    span = Window(max(window.since, arxiv_oai.EARLIEST), window.until)
    legs = [leg for group in groups_of(editorial) for leg in _legs(group, before, span)]
    return sorted(legs, key=lambda leg: leg.window.since, reverse=True)


def _legs(group: str, before: Sequence[Earlier], span: Window) -> list[Leg]:
    covered: list[Window] = []
    rests: list[tuple[Window, str]] = []
    for one in before:
        if one.group != group:
            continue
        if one.complete:
            covered += _ended(one.window, one.folder.night.date())
        elif one.kind == "backfill" and (rest := rest_of(one)) and rest[1]:
            covered += [Window(one.window.since, rest[0].since)] if one.window.since < rest[0].since else []
            rests.append((rest[0], rest[1]))
    rests = [each for each in rests if holes(covered, each[0]) and _overlap(each[0], span)]
    newest = {window.until: (window, token) for window, token in rests}  # a later one goes on where an earlier one did
    covered += [window for window, _ in newest.values()]
    fresh = (part for hole in holes(covered, span) for part in _parts(hole))
    return [
        *(Leg(f"{_name(group, window)}-on", group, window, token) for window, token in newest.values()),
        *(Leg(_name(group, window), group, window) for window in fresh),
    ]


def _ended(window: Window, asked_on: date) -> list[Window]:
    """Returns the days of a whole sweep that were over when it was asked."""
    until = min(window.until, asked_on)
    return [Window(window.since, until)] if until > window.since else []


def _overlap(one: Window, other: Window) -> bool:
    return one.since < other.until and other.since < one.until


def _parts(window: Window) -> list[Window]:
    days = range(0, window.days, DAYS_AT_ONCE)
    starts = [window.since + timedelta(days=day) for day in days]
    return [Window(since, until) for since, until in zip(starts, [*starts[1:], window.until], strict=True)]


def _name(group: str, window: Window) -> str:
    return f"{slug(group)}-{window.since:%Y%m%d}-{window.until:%Y%m%d}"


# --- before it starts --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how many requests a backfill takes, and how long; `ground` says what that is based on."""

    searches: int
    pages: int
    seconds: float
    ground: str

    def __str__(self) -> str:
        kinds = f"{self.searches:,} to the query API, {self.pages:,} to OAI-PMH"
        requests = counted(self.searches + self.pages, "request")
        return f"about {requests} ({kinds}), about {duration(self.seconds)}; {self.ground}"


def estimate(night: Night, window: Window) -> Estimate:
    """Estimates what a backfill of the window takes from what earlier conversations took."""
    before = tuple(earlier(night))
    legs = backfill_legs(before, night.editorial, window)
    absent = _missing(night.editorial, window, tuple(asked_before(night)), (), night.as_of.date())
    rates = _rates(night.settings.data / "raw", before)
    pages = sum(max(1, round(leg.window.days * (PAGES_A_DAY if rates.a_day is None else rates.a_day))) for leg in legs)
    days = sum(search.window.days for search in absent)
    searches = max(round(days * SEARCHES_A_DAY), -(-days // UNKNOWN_DAYS))
    pace = night.settings.upstreams[arxiv_oai.NAME].interval
    seconds = pages * max(SECONDS_A_PAGE if rates.a_page is None else rates.a_page, pace) + searches * max(
        SECONDS_A_SEARCH, pace
    )
    return Estimate(searches, pages, seconds, _ground(rates))


@dataclass(frozen=True, slots=True)
class _Rates:
    """What whole sweeps took: pages a day of change and seconds a page; None where none tells."""

    sweeps: int
    days: int
    a_day: float | None
    a_page: float | None


_ASSUMED = "by what arXiv's answers were in 2026"


def _ground(rates: _Rates) -> str:
    """Says what of an estimate was seen here, and what is assumed."""
    if rates.a_day is None:
        return f"{_ASSUMED}: no sweep was ended here yet"
    seen = f"pages as {counted(rates.sweeps, 'sweep')} of {counted(rates.days, 'day')} in all took here"
    return f"{seen}, searches {_ASSUMED}" if rates.a_page is not None else f"{seen}, time and searches {_ASSUMED}"


def _rates(raw: Path, before: Sequence[Earlier]) -> _Rates:
    whole = [(one, addresses(one.folder)) for one in before if one.complete and one.token is None][-20:]
    days = sum(one.window.days for one, _ in whole)
    gaps = [gap for _, told in whole if (gap := _seconds_a_page(raw, told)) is not None]
    a_day = sum(len(told) for _, told in whole) / days if days else None
    return _Rates(len(whole), days, a_day, sum(gaps) / len(gaps) if gaps else None)


def _seconds_a_page(raw: Path, told: Sequence[str]) -> float | None:
    if len(told) < 2:
        return None
    try:
        times: list[datetime] = [landings.read_landing(raw, address).fetched_at for address in (told[0], told[-1])]
    except LandingError:
        return None
    return max((times[1] - times[0]).total_seconds(), 0.0) / (len(told) - 1)
