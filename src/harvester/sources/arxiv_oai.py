"""arXiv's OAI-PMH: every record of a set that was changed on some days, with all its versions and their dates.

Source: https://info.arxiv.org/help/oa/index.html, https://www.openarchives.org/OAI/openarchivesprotocol.html. Days are those
of the record's last change, not of submission. Pages follow one another by resumption tokens, which are never combined with
other arguments. Errors of the protocol come with HTTP 200.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from harvester.counting import counted
from harvester.errors import Malformed
from harvester.records import Conversation, Landing, Outcome, Reading, Request
from harvester.sources._answers import refusal, said
from harvester.sources._oai import Page, read_page
from harvester.windows import Window

NAME = "arxiv_oai"
EARLIEST = date(2005, 9, 16)  # the first datestamp; days before it are refused
RECORDS = 1_300  # on a page, as seen in May 2026
RESTARTS = 3  # in one conversation, after tokens that the server does not take back
BARREN = 3  # pages one after the other that bring no record but those seen before
_PATH = "/oai"
_GROUPS = ("cs", "econ", "eess", "math", "q-bio", "q-fin", "stat")  # the archives that are groups; the rest is physics


@dataclass(frozen=True, slots=True)
class Sweep:
    """A set, the days of change to look at, and how many pages at most; `token` goes on with an earlier sweep."""

    group: str  # "cs:cs:CL"
    window: Window
    pages: int
    token: str | None = None


def group_of(category: str) -> str:
    """Returns the set of a category: "cs:cs:CL" of cs.CL, "physics:astro-ph:GA" of astro-ph.GA, "physics:hep-th"."""
    archive = category.partition(".")[0]
    group = archive if archive in _GROUPS else "physics"
    return f"{group}:{category.replace('.', ':')}"


# --- what to ask -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Way:
    """How far a sweep has come."""

    day: date  # the last datestamp seen: where to begin anew
    seen: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    restarts: int = 0
    restarted_with: int = -1  # records seen when it last began anew
    barren: int = 0


def ask(sweep: Sweep) -> Conversation:
    """Asks page by page to the end of the list, or until the pages are spent; `partial` can be gone on with later.

    A token that the server does not take back, or keeps giving, is left: the list is asked anew from the last day seen.
    """
    if sweep.window.until <= EARLIEST:
        return Outcome("complete", f"OAI-PMH knows no change before {EARLIEST}")
    way = _Way(max(sweep.window.since, EARLIEST))
    request = _onward(sweep.token) if sweep.token else _first(sweep, way.day)
    way.tokens |= {sweep.token} if sweep.token else set()
    page: Page | str = "no page was asked for"
    again = False
    for _ in range(sweep.pages):
        landing = yield request
        page = _read_or_say(landing)
        if isinstance(page, str):
            if landing.status != 200 or again:
                break
            again = True  # once more: it may have been cut on its way
            continue
        again = False
        onward = _next(sweep, way, page)
        if isinstance(onward, Outcome):
            return onward
        request = onward
    else:
        spent = f"after {counted(sweep.pages, 'page')} the run's budget was spent"
        return Outcome("partial", f"{spent}; the next run goes on at {way.day}")
    if not way.seen:
        return Outcome("failed", page, degraded=True)
    return Outcome("partial", f"{page}; the next run goes on at {way.day}", degraded=True)


def _next(sweep: Sweep, way: _Way, page: Page) -> Request | Outcome:
    """Decides what follows a page: the next request, or the end."""
    if page.error:
        code, sentence = page.error
        if code == "noRecordsMatch" and not way.tokens:
            return Outcome("complete", "" if way.seen else "no record was changed in these days")
        if code == "noRecordsMatch":
            return _anew(sweep, way, "the server gave a token for more, and has nothing more")
        if code == "badResumptionToken":
            return _anew(sweep, way, f"the server does not take its token back: {sentence}")
        return Outcome("failed", f"OAI-PMH refused the question: {code}: {sentence}", degraded=True)
    before = len(way.seen)
    way.seen |= set(page.identifiers)
    way.day = max(way.day, page.last_day or way.day)
    way.barren = 0 if len(way.seen) > before else way.barren + 1
    if page.token is None:
        return Outcome("complete")
    if page.token in way.tokens:
        return _anew(sweep, way, "the server gives the same token again")
    if way.barren >= BARREN:
        return _anew(sweep, way, "pages bring nothing new")
    way.tokens.add(page.token)
    return _onward(page.token)


def _anew(sweep: Sweep, way: _Way, why: str) -> Request | Outcome:
    """Begins anew from the last day seen, unless that brought nothing before."""
    way.restarts += 1
    if way.restarts > RESTARTS or way.restarted_with == len(way.seen) or way.day >= sweep.window.until:
        return Outcome("partial" if way.seen else "failed", why, degraded=True)
    way.restarted_with, way.barren = len(way.seen), 0
    return _first(sweep, way.day)


def _first(sweep: Sweep, since: date) -> Request:
    last = sweep.window.until - timedelta(days=1)  # both ends count
    asked = (("from", since.isoformat()), ("until", last.isoformat()), ("set", sweep.group))
    return Request(NAME, "GET", _PATH, (("verb", "ListRecords"), ("metadataPrefix", "arXivRaw"), *asked))


def _onward(token: str) -> Request:
    return Request(NAME, "GET", _PATH, (("verb", "ListRecords"), ("resumptionToken", token)))


def _read_or_say(landing: Landing) -> Page | str:
    if landing.status in (403, 429):
        return refusal(landing, "arXiv")
    if landing.status != 200:
        return f"OAI-PMH: {said(landing)}"
    try:
        return read_page(landing)
    except Malformed as error:
        return error.why


# --- what a landing says -----------------------------------------------------------------------------------------------


def read(landing: Landing) -> Reading:
    """Reads the records of one page, and which papers arXiv says it has deleted."""
    if landing.status != 200:
        return Reading()
    try:
        page = read_page(landing)
    except Malformed as error:
        return Reading(problems=(error.why,))
    return Reading(papers=page.records, deletions=page.deleted, problems=page.problems)


_STAMP = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?datestamp>\s*(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a page leaves its sweep: the token to go on with (None: it was the last one), and its last day of change."""

    token: str | None
    day: date | None


def standing(landing: Landing) -> Standing | None:
    """Returns where a page leaves its sweep; None for anything but a page of records."""
    page = _read_or_say(landing)
    return None if isinstance(page, str) or page.error else Standing(page.token, page.last_day)


def glance(landing: Landing) -> tuple[int, date | None]:
    """Counts the records of a page and names its last day without reading it: enough for a line of progress."""
    stamps = _STAMP.findall(landing.body)
    try:
        return len(stamps), date.fromisoformat(max(stamps).decode()) if stamps else None
    except ValueError:
        return len(stamps), None
