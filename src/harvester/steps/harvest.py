"""Ask for what is new: the papers of the days that no finished conversation settles, per phrase and category."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from harvester.phrases import spellings
from harvester.raw import landings
from harvester.records import Conversation
from harvester.report import Talk
from harvester.sources import arxiv_api
from harvester.steps.night import Night
from harvester.steps.talk import hold, wanted_before
from harvester.windows import Asked, Search, Want, Window, missing, next_part

LEAST_SEARCHES = 2  # of a night, however small its budget: the newest days, and some older ones, which had no turn else
MOST_FAILURES = 2  # of a night's searches; more of them say nothing new about the upstream


def harvest(night: Night) -> list[Talk]:
    """Holds conversations with arXiv, the newest days first, until nothing is missing or the page budget is spent.

    The budget is looked at before each search but the first ones: one that has begun is ended, or its days would never
    be settled.
    """
    if not night.editorial.topics:
        night.say("topics.toml defines no topic: nothing to harvest")
        return []
    earlier = tuple(asked_before(night))
    talks: list[Talk] = []
    done: list[tuple[Search, int]] = []
    open_since = night.as_of.date() - timedelta(days=night.editorial.harvest.overlap_days)
    while sum(talk.state == "failed" for talk in talks) < MOST_FAILURES:
        left = _pages_left(night, done)
        if left < 1 and len(done) >= LEAST_SEARCHES:
            break
        absent = _missing(night, earlier, [search for search, _ in done])
        if not absent:
            break
        name = _name(len(talks))
        part = next_part(absent[0], done, left, open_since)
        wanted = wanted_before(night, arxiv_api.NAME, name) or _wanted(night, part)
        talks.append(hold(night, arxiv_api.NAME, name, wanted, search_words(read_search(wanted)), ask_search))
        done.append((read_search(wanted), pages_of(night, talks[-1])))
    return talks


def settled(talks: Sequence[Talk]) -> tuple[str, ...]:
    """Says which searches count as answered whole though a few papers, as many as in an earlier night, never arrived."""
    given_up = (talk for talk in talks if talk.state == "complete" and arxiv_api.lacking(talk.why))
    return tuple(f"{talk.source} {talk.what}: {talk.why}" for talk in given_up)


def left_over(night: Night, talks: Sequence[Talk]) -> str | None:
    """Says which days are missing and were not asked tonight, because of the page budget or of failures."""
    absent = _missing(night, tuple(asked_before(night)), searches_of(night, talks))
    if not absent:
        return None
    since, until = min(each.window.since for each in absent), max(each.window.until for each in absent)
    spelt = len({form for each in absent for form in each.phrases})
    return (
        f"not asked tonight (harvest.pages in topics.toml is {night.editorial.harvest.pages}), the next night goes on: "
        f"papers submitted from {since} until {until}, {_counted(spelt)}"
    )


def nightly(talks: Sequence[Talk]) -> list[Talk]:
    """Returns the conversations that a night's harvest held; those of a backfill have other names."""
    names = {_name(number) for number in range(len(talks))}
    return [talk for talk in talks if talk.source == arxiv_api.NAME and talk.what in names]


def searches_of(night: Night, talks: Sequence[Talk]) -> list[Search]:
    """Returns what the conversations looked for."""
    held = {talk.address for talk in talks}
    return [read_search(folder.wanted) for folder in _searches(night) if folder.address in held]


def last_complete(night: Night) -> datetime | None:
    """Returns the last earlier night whose first search, that for the newest days, ended complete."""
    first = (folder for folder in _ended(night) if folder.what == _name(0))
    return max((folder.night for folder in first), default=None)


def search_json(search: Search) -> dict[str, Any]:
    """Writes a search as a conversation's `wanted`: `forms` are the phrases exactly as the query spells them."""
    return {
        "window": [search.window.since.isoformat(), search.window.until.isoformat()],
        "forms": list(forms(search.phrases)),
        "categories": list(search.categories),
    }


def read_search(wanted: Any) -> Search:
    """Reads the `wanted` of a search.

    What was asked is what counts, so coverage is by form: should a later version spell a phrase in more ways, the new
    forms have not been asked. A `wanted` with `phrases` is from before forms were written down, when these spellings were.
    """
    since, until = wanted["window"]
    asked = wanted["forms"] if "forms" in wanted else forms(wanted["phrases"])
    return Search(
        Window(date.fromisoformat(since), date.fromisoformat(until)), tuple(asked), tuple(wanted["categories"])
    )


def forms(phrases: Sequence[str]) -> tuple[str, ...]:
    """Returns every spelling of the phrases, each once, in order; a form is its own only spelling."""
    return tuple(dict.fromkeys(form for phrase in phrases for form in spellings(phrase)))


def _wanted(night: Night, search: Search) -> dict[str, Any]:
    """Writes a search with how many papers it may lack: as many as never arrived the last time it was asked.

    It stands on disk, so that a resumed night judges as the undisturbed one would.
    """
    lacked = _lacked(night, search)
    return search_json(search) | ({"lacked": lacked} if lacked else {})


def _lacked(night: Night, search: Search) -> list[int]:
    """Returns what the last night that asked the same for some of these days lacked: each of its searches, and together."""
    by_night: dict[datetime, list[int]] = {}
    for folder in _searches(night):
        outcome = landings.outcome_of(folder) if folder.night < night.as_of else None
        if outcome and outcome.state != "failed" and _overlap(read_search(folder.wanted), search):
            by_night.setdefault(folder.night, []).append(arxiv_api.lacking(outcome.why))
    numbers = by_night[max(by_night)] if by_night else []
    return sorted({*numbers, sum(numbers)} - {0})


def _overlap(one: Search, other: Search) -> bool:
    alike = (set(one.phrases), set(one.categories)) == (set(other.phrases), set(other.categories))
    return alike and one.window.since < other.window.until and other.window.since < one.window.until


def _missing(night: Night, earlier: Sequence[Asked], tonight: Sequence[Search]) -> tuple[Search, ...]:
    today = night.as_of.date()
    wants = [Want(t.forms, t.categories, t.since_day(today)) for t in night.editorial.topics]
    return missing(wants, earlier, tonight, today, night.editorial.harvest.overlap_days)


def _searches(night: Night) -> Iterator[landings.Folder]:
    for folder in landings.folders(night.settings.data / "raw"):
        if folder.source == arxiv_api.NAME and folder.what.startswith("search"):
            yield folder


def asked_before(night: Night) -> Iterator[Asked]:
    """Yields what earlier nights asked and were answered whole."""
    return (Asked(read_search(folder.wanted), folder.night.date()) for folder in _ended(night))


def _ended(night: Night) -> Iterator[landings.Folder]:
    """Yields the searches that earlier nights ended; not those of this one, so that a resumed night wants the same."""
    for folder in _searches(night):
        if folder.night < night.as_of and (outcome := landings.outcome_of(folder)) and outcome.state == "complete":
            yield folder


def _name(number: int) -> str:
    return "search" if number == 0 else f"search-w{number + 1}"


def _pages_left(night: Night, done: Sequence[tuple[Search, int]]) -> int:
    return night.editorial.harvest.pages - sum(pages for _, pages in done)


def pages_of(night: Night, talk: Talk) -> int:
    """Counts the answers on disk: a resumed night finds as many as the undisturbed one, whoever sent for them."""
    return sum(len(landings.digests(folder)) for folder in _searches(night) if folder.address == talk.address)


def ask_search(wanted: Any) -> Conversation:
    """Makes the conversation of a search from its `wanted`."""
    return arxiv_api.ask(read_search(wanted), wanted.get("lacked", ()))


def search_words(search: Search) -> str:
    """Says what a search asks for."""
    return f"papers submitted from {search.window.since} until {search.window.until}, {_counted(len(search.phrases))}"


def _counted(spellings_asked: int) -> str:
    return f"{spellings_asked:,} spelling{'s' * (spellings_asked != 1)}"
