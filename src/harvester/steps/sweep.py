"""Ask OAI-PMH what was changed: weekly over the last weeks, so that what searches missed is found, however late it came.

A sweep that an earlier run left is ended first, by its resumption token. The pages of a run are bounded, and counted in
landings, so that a run that was killed decides the same when it goes on; what is left is the next run's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from harvester.conversations import conversation_words
from harvester.counting import counted
from harvester.definitions import Editorial
from harvester.errors import LandingError
from harvester.raw import landings
from harvester.records import Conversation, Landing
from harvester.report import RunKind, Talk
from harvester.sources import arxiv_oai
from harvester.steps.night import Night
from harvester.steps.sift import addresses
from harvester.steps.talk import hold, wanted_before
from harvester.windows import Window

MOST_FAILURES = 2  # of a run's sweeps; more of them say nothing new about the upstream
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Leg:
    """One conversation to hold: a set, its days of change (half-open), and the token to go on with, if any."""

    name: str  # of the conversation
    group: str
    window: Window
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A sweep that an earlier run held: what it wanted, and whether it came to its end."""

    folder: landings.Folder
    group: str
    window: Window
    token: str | None
    kind: RunKind
    complete: bool


@dataclass(frozen=True, slots=True)
class Swept:
    """What sweeping came to: the conversations, and in words what was left."""

    talks: tuple[Talk, ...] = ()
    notes: tuple[str, ...] = ()


def sweep(night: Night) -> Swept:
    """Ends what is unfinished, then looks back over every set, `harvest.sweep_days` from its last whole sweep."""
    harvest = night.editorial.harvest
    groups = groups_of(night.editorial)
    legs = weekly_legs(tuple(earlier(night)), groups, night.as_of.date(), harvest.sweep_days)
    return hold_legs(night, legs, harvest.sweep_pages)


def groups_of(editorial: Editorial) -> tuple[str, ...]:
    """Returns the sets to sweep: those of `harvest.sets`, or else those of the topics' categories."""
    categories = (category for topic in editorial.topics for category in topic.categories)
    return editorial.harvest.sets or tuple(dict.fromkeys(arxiv_oai.group_of(category) for category in categories))


def hold_legs(night: Night, legs: Sequence[Leg], pages: int) -> Swept:
    """Holds one conversation after the other until the pages are spent or the upstream fails again and again."""
    talks: list[Talk] = []
    left, failed = pages, 0
    if legs:
        groups = dict.fromkeys(leg.group for leg in legs)
        night.say(f"sweeps of {counted(len(groups), 'set')}: {', '.join(groups)}")
    for number, leg in enumerate(legs):
        if left < 1 or failed >= MOST_FAILURES:
            spent = "1 page is" if pages == 1 else f"{pages} pages are"
            why = f"the run's {spent} spent" if left < 1 else "OAI-PMH fails"
            rest = ", ".join(dict.fromkeys(each.group for each in legs[number:]))
            return Swept(tuple(talks), (f"sweeps left to the next run, because {why}: {rest}",))
        talk = _hold(night, leg, left)
        talks.append(talk)
        left -= _pages(night, talk)
        failed += talk.degraded
    return Swept(tuple(talks))


def _hold(night: Night, leg: Leg, pages: int) -> Talk:
    wanted = wanted_before(night, arxiv_oai.NAME, leg.name) or {
        "set": leg.group,
        "since": leg.window.since.isoformat(),
        "until": leg.window.until.isoformat(),
        "token": leg.token,
        "pages": pages,
        "for": night.kind,
    }
    asked = f"{leg.group}, changes from {wanted['since']} until {wanted['until']}"

    name = conversation_words(leg.name)
    held = Held(night.say)
    progress = Progress(name, _window(wanted), held)

    def ask(told: Any) -> Conversation:
        return _watched(arxiv_oai.ask(_read_sweep(told)), progress.on_page)

    asked += ", going on" if wanted["token"] else ""
    talk = hold(replace(night, say=held), arxiv_oai.NAME, leg.name, wanted, asked, ask)
    if talk.state == "complete" and progress.pages and not progress.records:
        night.say(f"{name}: no record was changed from {wanted['since']} until {wanted['until']}")
    else:
        held.release()
    return talk


def _pages(night: Night, talk: Talk) -> int:
    """Counts the answers on disk: a run that goes on finds as many as an undisturbed one."""
    folders = landings.folders(night.settings.data / "raw")
    return sum(len(landings.digests(folder)) for folder in folders if folder.address == talk.address)


# --- what to sweep -----------------------------------------------------------------------------------------------------


def weekly_legs(before: Sequence[Earlier], groups: Sequence[str], today: date, days: int) -> list[Leg]:
    """Plans a weekly run: unfinished sweeps first, the oldest first, then every set.

    Of these, sets without an unfinished sweep come first, then the one that was begun the longest time ago, so that all
    have their turn however few pages a run has. The days reach `days` back from the last whole sweep: what is shown late
    bears the day of its submission, so it may not have been there then and be too old `days` back from today.
    """
    unfinished: list[tuple[datetime, Leg]] = []
    fresh: list[tuple[bool, str, Leg]] = []
    for group in groups:
        own = [one for one in before if one.group == group and one.kind == "weekly"]
        latest = own[-1].folder.night if own else None
        last = [one for one in own if one.folder.night == latest and not one.complete]
        rests = [(one.folder.night, rest) for one in last if (rest := rest_of(one))]
        for number, (night, rest) in enumerate(rests, 1):  # a run may leave both what it went on with and what it began
            name = f"{slug(group)}-on" + (f"-{number}" if number > 1 else "")
            unfinished.append((night, Leg(name, group, *rest)))
        ended = max((one.window.until for one in own if one.complete), default=None)
        since = min(today, ended - _DAY if ended else today) - timedelta(days=days)
        begun = max((f"{one.folder.night:%Y%m%d%H%M%S}" for one in own if one.folder.what == slug(group)), default="")
        fresh.append((bool(rests), begun, Leg(slug(group), group, Window(since, today + _DAY))))
    unfinished.sort(key=lambda each: each[0])
    fresh.sort(key=lambda each: each[:2])
    return [*(leg for _, leg in unfinished), *(leg for *_, leg in fresh)]


def rest_of(one: Earlier) -> tuple[Window, str | None] | None:
    """Returns where a sweep goes on: its days from the last one seen, and its token; None where it never began."""
    for address in reversed(addresses(one.folder)):
        try:
            stands = arxiv_oai.standing(landings.read_landing(one.folder.path.parents[1], address))
        except LandingError:  # torn: the page before it tells as much
            continue
        if stands:
            day = min(max(stands.day or one.window.since, one.window.since), one.window.until - _DAY)
            return Window(day, one.window.until), stands.token
    return (one.window, one.token) if one.token else None


def earlier(night: Night) -> Iterator[Earlier]:
    """Yields the sweeps of earlier runs in order of time; not those of this one, so that a resumed run plans the same."""
    for folder in landings.folders(night.settings.data / "raw"):
        if folder.source == arxiv_oai.NAME and folder.night < night.as_of:
            outcome = landings.outcome_of(folder)
            told: Any = folder.wanted
            complete = outcome is not None and outcome.state == "complete"
            yield Earlier(folder, told["set"], _window(told), told["token"], told["for"], complete)


def slug(group: str) -> str:
    """Returns the name of a set's conversation: "sweep-cs-cs-cl" of cs:cs:CL."""
    return f"sweep-{group.lower().replace(':', '-')}"


def _window(told: Any) -> Window:
    return Window(date.fromisoformat(told["since"]), date.fromisoformat(told["until"]))


def _read_sweep(told: Any) -> arxiv_oai.Sweep:
    return arxiv_oai.Sweep(told["set"], _window(told), told["pages"], told["token"])


# --- how far it has come -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Held:
    """Keeps words back until it is known that there is something to tell: a set without changes is worth one line."""

    say: Callable[[str], None]
    kept: list[str] | None = field(default_factory=list)  # None: released

    def __call__(self, words: str) -> None:
        """Says it, or keeps it."""
        if self.kept is None:
            self.say(words)
        else:
            self.kept.append(words)

    def release(self) -> None:
        """Says what was kept, and from now on everything at once."""
        for words in self.kept or ():
            self.say(words)
        self.kept = None


@dataclass(slots=True)
class Progress:
    """Says after every page how many records came, how far the days have come, and about how long the rest takes."""

    name: str
    window: Window
    held: Held
    pages: int = 0
    records: int = 0
    began: datetime | None = None

    def on_page(self, landing: Landing) -> None:
        """Counts one page."""
        records, day = arxiv_oai.glance(landing)
        self.pages += 1
        self.records += records
        self.began = self.began or landing.fetched_at
        words = f"{self.name}: page {self.pages}, {counted(self.records, 'record')}"
        if day is not None:
            share = min(max((day - self.window.since).days / self.window.days, 0.0), 1.0)
            spent = (landing.fetched_at - self.began).total_seconds()
            words += f", changes until {day} ({share:.0%} of the days)"
            words += f", about {duration(spent / share - spent)} to go" if share and spent > 0 else ""
        if self.records:
            self.held.release()
        self.held(words)


def _watched(talk: Conversation, on_page: Callable[[Landing], None]) -> Conversation:
    """Hands on a conversation word by word, and shows every answer."""
    try:
        request = next(talk)
        while True:
            landing = yield request
            on_page(landing)
            request = talk.send(landing)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # what a generator returns travels untyped
    finally:
        talk.close()


def duration(seconds: float) -> str:
    """Writes a length of time roughly: "40 s", "12 min", "3.5 h"."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7_200 else f"{seconds / 3_600:.1f} h"
