"""Why a night brought no candidate, told from what was seen and no further.

When arXiv announces, and what: https://info.arxiv.org/help/availability.html (14:00 and 20:00 are US Eastern).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from harvester.curated import match, merge, snapshots
from harvester.ids import Subject, arxiv_subject
from harvester.records import PaperRecord
from harvester.report import Talk
from harvester.sources import arxiv_api
from harvester.steps.curate import Curated
from harvester.steps.gather import gather
from harvester.steps.harvest import last_complete, left_over, nightly, searches_of, settled
from harvester.steps.night import Night
from harvester.topics import Topic

# Weekday of an announcement (Monday is 0), and the days before it on which its submissions began and ended, at 14:00.
_ANNOUNCED: Mapping[int, tuple[int, int]] = {6: (3, 2), 0: (3, 0), 1: (1, 0), 2: (1, 0), 3: (1, 0)}
_SHOWN = "%a %Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class Announcement:
    """An announcement by the calendar, and the span of submissions that it brings unless moderators hold them."""

    at: datetime
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """What the searches of one night showed."""

    night: datetime
    since: date  # first day of what was asked
    searches: int
    failures: tuple[str, ...]  # of searches that did not end complete: why
    last_complete: datetime | None  # the last earlier night whose search for the newest days ended complete
    submitted: tuple[datetime, ...]  # one for each paper that came
    excluded: int = 0  # of the papers never seen before: ruled out by an exclude phrase
    unmatched: int = 0  # likewise: without any phrase as the topics write it
    passed: int = 0  # likewise: fit a topic, and are no candidate all the same
    candidates: int = 0  # likewise: are candidates

    @property
    def new(self) -> int:
        """How many of the papers were never seen before."""
        return self.excluded + self.unmatched + self.passed + self.candidates


def why_empty(seen: Seen) -> str | None:
    """Says in one line why no candidate came; None where one did, or where nothing was asked."""
    if seen.candidates or not seen.searches:
        return None
    if seen.failures:
        return _outage(seen)
    if not seen.submitted:
        return f"no new candidate: arXiv answered that no paper submitted since {seen.since} holds any of the phrases"
    if seen.new:
        return _filtered(seen)
    due = announcements(seen.last_complete, seen.night) if seen.last_complete else None
    known = f"{_counted(len(seen.submitted))} that arXiv showed {_were(len(seen.submitted))} known before"
    if due is None:
        return f"no new candidate: {known}"
    if not due:
        calendar = "arXiv announces from Sunday to Thursday at 20:00 US Eastern"
        why = "nothing was due" if announcements(seen.night - timedelta(days=1), seen.night) else "weekend"
        return f"no new candidate: {why}: {calendar}, not once since the search of {_utc(seen.last_complete)}; {known}"
    if any(one.since <= submitted <= one.until for one in due for submitted in seen.submitted):
        return f"no new candidate: {known}"
    return (
        f"no new candidate: an announcement was due at {_utc(due[-1].at)}, but no paper that arXiv showed was submitted "
        f"from {_utc(due[0].since)} until {_utc(due[-1].until)}, as its papers are: a holiday, a late announcement, or "
        f"nothing on the topics; {known}"
    )


def _outage(seen: Seen) -> str:
    share = "" if seen.searches == 1 else f"{len(seen.failures)} of {seen.searches} searches: "
    last = f"the last complete one was that of {_utc(seen.last_complete)}" if seen.last_complete else "none was before"
    new = f"; {_counted(seen.new)} came, none a candidate" if seen.new else ""
    return f"no new candidate: the search of arXiv did not end complete ({share}{seen.failures[0]}); {last}{new}"


def _filtered(seen: Seen) -> str:
    told = (
        (seen.excluded, "ruled out by exclude phrases"),
        (seen.unmatched, "without a phrase as the topics write it"),
        (seen.passed, "decided already, or of no list's topics"),
    )
    parts = ", ".join(f"{number} {words}" for number, words in told if number)
    return f"no new candidate: {seen.new} new {_counted(seen.new).partition(' ')[2]} came, none passed: {parts}"


def announcements(after: datetime, until: datetime) -> tuple[Announcement, ...]:
    """Returns the announcements due in (after, until] by arXiv's calendar, holidays not known, in order of time."""
    day, found = after.date() - timedelta(days=1), []
    while day <= until.date():
        span = _ANNOUNCED.get(day.weekday())
        if span and after < (at := _eastern(day, 20)) <= until:
            since, end = (_eastern(day - timedelta(days=back), 14) for back in span)
            found.append(Announcement(at, since, end))
        day += timedelta(days=1)
    return tuple(found)


def _eastern(day: date, hour: int) -> datetime:
    from zoneinfo import ZoneInfo

    return datetime.combine(day, time(hour), ZoneInfo("America/New_York")).astimezone(UTC)


def _utc(at: datetime | None) -> str:
    return f"{at:{_SHOWN}} UTC" if at else "never"


def _counted(papers: int) -> str:
    return f"{papers:,} paper{'s' * (papers != 1)}"


def _were(papers: int) -> str:
    return "was" if papers == 1 else "were"


# --- what was seen -----------------------------------------------------------------------------------------------------


def explain(night: Night, talks: Sequence[Talk], curated: Curated) -> tuple[str, ...]:
    """Returns the notes on tonight's searches: what was left for the next night, and why no candidate came.

    Nothing is explained of a snapshot that was held back: the one that holds does not know tonight's papers.
    """
    searches = nightly(talks)
    if not searches:
        return ()
    some = curated.figures.candidates_new or curated.held_back
    empty = None if some else why_empty(_look(night, searches))
    return tuple(note for note in (*settled(searches), left_over(night, searches), empty) if note)


def _look(night: Night, talks: Sequence[Talk]) -> Seen:
    gathered = gather(night.settings.data / "raw", night.memory)
    windows = [search.window for search in searches_of(night, talks)]
    known = {record.arxiv_id for record in gathered.papers if record.said_at < night.as_of}
    came = {
        record.arxiv_id: record
        for record in gathered.papers
        if record.source == arxiv_api.NAME and record.said_at >= night.as_of
        if arxiv_subject(record.arxiv_id) in gathered.harvested  # listed ones are asked for by id
        if any(window.since <= record.submitted_at.date() < window.until for window in windows)
    }
    seen = Seen(
        night=night.as_of,
        since=min(window.since for window in windows),
        searches=len(talks),
        failures=tuple(talk.why or talk.state for talk in talks if talk.state != "complete"),
        last_complete=last_complete(night),
        submitted=tuple(record.submitted_at for record in came.values()),
    )
    return _judge(seen, [record for record in came.values() if record.arxiv_id not in known], night)


def _judge(seen: Seen, new: Sequence[PaperRecord], night: Night) -> Seen:
    """Counts what became of the papers that were never seen before."""
    latest = snapshots.latest(night.settings.data / "curated")
    waiting = set(snapshots.read_table(latest, "candidates")["subject"].to_pylist()) if latest else set()
    topics = night.editorial.topics
    fitting = _fitting(new, topics)
    lenient = _fitting(new, [replace(topic, exclude=()) for topic in topics])
    subjects = {arxiv_subject(record.arxiv_id) for record in new}
    return replace(
        seen,
        candidates=len(subjects & waiting),
        passed=len(fitting - waiting),
        excluded=len(lenient - fitting - waiting),
        unmatched=len(subjects - lenient - waiting),
    )


def _fitting(records: Sequence[PaperRecord], topics: Sequence[Topic]) -> set[Subject]:
    matcher = match.compile_topics(topics)
    papers = merge.papers(records, (), frozenset())
    return {subject for subject, paper in papers.items() if matcher.matches(paper)}
