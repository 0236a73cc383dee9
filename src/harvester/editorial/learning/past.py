"""What was known on a day, and what had not been seen by then: the nouns that keep the future out of what is learnt.

Leakage is excluded by what these types can hold. A `Text` has no date and no identifier (an arXiv id tells the month). A
`Past` holds nothing of its day or later, and nothing twice. A `Trial` scores no paper that its past knows. A text counts
from the day on which it was read: a paper is learnt from as it read before the day, and scored as it read when it was
first seen; where only a later version's text is known, it is left out and counted. A verdict counts on the days on which
it stood: people change their minds, and what they say later is no part of an earlier past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from harvester.ids import Subject

PATIENCE = timedelta(days=21)  # of 647 papers that were accepted in the end, one in ten was listed after day 19


@dataclass(frozen=True, slots=True)
class TopicHits:
    """How many different phrases of one topic stand in the title and in the abstract."""

    topic: str
    in_title: int
    in_abstract: int


@dataclass(frozen=True, slots=True)
class Text:
    """All that a model may see of a paper."""

    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    code: bool = False  # a repository is named in abstract or comment
    hits: tuple[TopicHits, ...] = ()
    # phrases of the theme, what all papers of the lists are about, in title and abstract
    theme: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Told:
    """A text, and from which day on it was to be read."""

    on: date
    text: Text


@dataclass(frozen=True, slots=True)
class Sighting:
    """A paper when it was first seen."""

    subject: Subject
    on: date


@dataclass(frozen=True, slots=True)
class Verdict:
    """A paper when a list accepted or rejected it; `section` where it was put, `title` as the list words it.

    One paper may have several, one after another: listed on a day, and put elsewhere on a later one.
    """

    subject: Subject
    on: date
    section: str = ""
    title: Text | None = None  # without abstract
    since: date | None = None  # the day on which it was said as it stands here; None: `on`
    until: date | None = None  # the day on which something else was said; None: it still stands

    @property
    def said(self) -> date:
        """The day on which it was said; it counts from the next one on."""
        return self.since or self.on

    def stood(self, day: date) -> bool:
        """Tells whether it stood at the beginning of a day."""
        return self.said < day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Example:
    """A paper in one role: its text, and the day from which it had that role."""

    subject: Subject
    on: date
    text: Text
    met_on: date | None = None  # when it came by among the papers seen; an adopted list holds others too
    section: str = ""

    @property
    def met(self) -> bool:
        """Whether it came by, before it was decided."""
        return self.met_on is not None

    @property
    def brought(self) -> bool:
        """Whether a topic brought it among the papers that came by, as it brings candidates."""
        return self.met and bool(self.text.hits)


@dataclass(frozen=True, slots=True)
class Past:
    """What a list knew at the beginning of `day`: accepted, rejected, and seen without a verdict.

    Raises ValueError where an example is of that day or later, or plays two roles.
    """

    day: date
    accepted: tuple[Example, ...]
    rejected: tuple[Example, ...] = ()
    undecided: tuple[Example, ...] = ()

    def __post_init__(self) -> None:
        everything = (*self.accepted, *self.rejected, *self.undecided)
        late = next((one for one in everything if one.on >= self.day), None)
        if late is not None:
            raise ValueError(f"{late.subject} is of {late.on}, which is not before {self.day}")
        if len(self.known) < len(everything):
            raise ValueError(f"a paper plays two roles in what was known before {self.day}")

    @property
    def known(self) -> frozenset[Subject]:
        """All papers that it holds."""
        return frozenset(one.subject for role in (self.accepted, self.rejected, self.undecided) for one in role)

    @property
    def passed_over(self) -> tuple[Example, ...]:
        """The undecided that people have had time for: not accepted within PATIENCE, which says a little against them."""
        return tuple(one for one in self.undecided if one.on < self.day - PATIENCE)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came after a day, and what was known before it; raises ValueError where a paper stands on both sides.

    `seen` are the papers that first came by in [past.day, until), as they read on that day; `accepted` those of them that
    the list accepted, whenever that was. `placed` are the papers put into a section in that time, as they read then.
    """

    past: Past
    until: date
    seen: tuple[Example, ...]
    accepted: frozenset[Subject]
    placed: tuple[Example, ...] = ()
    unread: tuple[Subject, ...] = ()  # came by as well, but only a later version's text is known
    listed_before: tuple[Subject, ...] = ()  # came by only after the list had accepted them

    def __post_init__(self) -> None:
        known = self.past.known
        for one in self.seen:
            if one.subject in known:
                raise ValueError(f"{one.subject} is learnt from and scored")
        for one in (*self.seen, *self.placed):
            if not self.past.day <= one.on < self.until:
                raise ValueError(f"{one.subject} is of {one.on}, outside {self.past.day} … {self.until}")


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happened to one list; `texts` are in order of their days.

    At no time a paper stands twice in one part.
    """

    name: str
    sightings: tuple[Sighting, ...]
    accepted: tuple[Verdict, ...]
    rejected: tuple[Verdict, ...] = ()
    texts: Mapping[Subject, Sequence[Told]] = field(default_factory=dict)
    joined: tuple[Verdict, ...] = ()  # papers that people said to be another one: they came by no more
    sections: tuple[str, ...] = ()  # that the list defines; empty where only their use is known

    @property
    def listed(self) -> Mapping[Subject, date]:
        """The papers that are accepted in the end, with the day on which they first were: the truth, not a past."""
        return {one.subject: one.on for one in self.accepted if one.until is None}

    def listed_by(self, day: date) -> tuple[Verdict, ...]:
        """Returns what stood in the list at the beginning of a day."""
        return tuple(one for one in self.accepted if one.stood(day))

    def before(self, day: date) -> Past:
        """Returns what was known at the beginning of a day, as it read then; papers without a text are not among it."""
        listed = {one.subject: one for one in self.listed_by(day)}
        rejected = [one for one in self.rejected if one.stood(day) and one.subject not in listed]
        decided = listed.keys() | {one.subject for one in rejected}
        joined = {one.subject for one in self.joined if one.stood(day)}
        came = [one for one in self.sightings if one.on < day and one.subject not in joined]
        met = {one.subject: one.on for one in came}
        waiting = (one for one in came if one.subject not in decided)
        eve = day - timedelta(days=1)
        return Past(
            day=day,
            accepted=self._read(listed.values(), lambda _: eve, lambda one: _in_time(met.get(one.subject), one)),
            rejected=self._read(rejected, lambda _: eve, lambda one: met.get(one.subject)),
            undecided=self._read(waiting, lambda _: eve),
        )

    def trial(self, day: date, until: date) -> Trial:
        """Returns what came in [day, until), with what was known before.

        What was decided before it came is left out, and what is another paper in the end.
        """
        decided: dict[Subject, date] = {}
        for verdict in (*self.rejected, *self.accepted):  # the first one counts: minds may change
            decided[verdict.subject] = min(verdict.on, decided.get(verdict.subject, verdict.on))
        joined = {one.subject for one in self.joined if one.until is None}
        came = [one for one in self.sightings if day <= one.on < until and one.subject not in joined]
        scored = [one for one in came if decided.get(one.subject, until) >= one.on]
        seen = self._read(scored, lambda one: one.on)
        read = {one.subject for one in seen}
        return Trial(
            past=self.before(day),
            until=until,
            seen=seen,
            accepted=frozenset(read & self.listed.keys()),
            placed=self.placed(day, until),
            unread=tuple(one.subject for one in scored if one.subject not in read),
            listed_before=tuple(one.subject for one in came if decided.get(one.subject, until) < one.on),
        )

    def placed(self, since: date, until: date) -> tuple[Example, ...]:
        """Returns the papers put into a section in [since, until), as they read on that day; at least the list's title.

        Section and title are those that stood at the beginning of `until`.
        """
        return tuple(
            Example(one.subject, one.on, text, section=one.section)
            for one in self.listed_by(until)
            if since <= one.on and one.section and (text := self._text(one.subject, one.on) or one.title)
        )

    def _read(
        self,
        found: Iterable[Sighting | Verdict],
        as_of: Callable[[Sighting | Verdict], date],
        met_on: Callable[[Sighting | Verdict], date | None] = lambda one: one.on,
    ) -> tuple[Example, ...]:
        return tuple(
            Example(one.subject, one.on, text, met_on(one))
            for one in found
            if (text := self._text(one.subject, as_of(one)))
        )

    def _text(self, subject: Subject, on: date) -> Text | None:
        """Returns a paper's text as it read on a day; None where none is known of that day or before."""
        return next((told.text for told in reversed(self.texts.get(subject, ())) if told.on <= on), None)


def _in_time(came: date | None, verdict: Sighting | Verdict) -> date | None:
    """Returns the day on which a paper came by; None where it did not, or only after it was decided."""
    return came if came is not None and came <= verdict.on else None
