"""What the topics bring: each topic and phrase over papers of which it is known whether a list accepted them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from harvester.curated.match import compile_topics
from harvester.definitions import Editorial
from harvester.ids import Subject
from harvester.records import Match, Paper
from harvester.sources.arxiv_api import query
from harvester.topics import Topic
from harvester.windows import Search, Window


@dataclass(frozen=True, slots=True)
class Judged:
    """A paper that came by, or that a list accepted, with the sections into which it was put."""

    paper: Paper
    seen: bool  # came by in time for the list
    accepted: bool = False
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PhraseFigures:
    """What one phrase, or known author, brings: papers that hold it and fit its topic."""

    topic: str
    phrase: str
    papers: int
    alone: int  # papers that nothing else brings
    accepted: int
    accepted_alone: int


@dataclass(frozen=True, slots=True)
class TopicFigures:
    """What one topic brings.

    `missed` are accepted papers of the sections that name it which it does not fit; None where no section names it.
    """

    topic: str
    papers: int
    alone: int
    accepted: int
    accepted_alone: int
    missed: tuple[Subject, ...] | None
    query: str  # what arXiv is asked for it, of one day


@dataclass(frozen=True, slots=True)
class NetFigures:
    """What all topics together bring. Recall counts accepted papers that came by in time, and all accepted ones beside."""

    seen: int
    passed: int
    accepted_seen: int
    accepted_seen_found: int
    accepted: int
    missed: tuple[Subject, ...]  # of all accepted ones
    topics: tuple[TopicFigures, ...]
    phrases: tuple[PhraseFigures, ...]


def check(editorial: Editorial, papers: Sequence[Judged], today: date) -> NetFigures:
    """Counts what topics and phrases bring of these papers."""
    matching = compile_topics(editorial.topics)
    found = {one.paper.subject: matching.matches(one.paper) for one in papers}
    by_topic = {subject: {match.topic for match in matches} for subject, matches in found.items()}
    accepted = {one.paper.subject for one in papers if one.accepted}
    homes = _homes(editorial)
    named = {name for topics in homes.values() for name in topics}
    wanted: dict[str, list[Subject]] = defaultdict(list)
    for one in papers:
        for name in (
            {name for section in one.sections for name in homes.get(_title(section), ())} if one.accepted else ()
        ):
            wanted[name].append(one.paper.subject)
    seen = [one for one in papers if one.seen]
    seen_accepted = [one for one in seen if one.accepted]
    return NetFigures(
        seen=len(seen),
        passed=sum(bool(found[one.paper.subject]) for one in seen),
        accepted_seen=len(seen_accepted),
        accepted_seen_found=sum(bool(found[one.paper.subject]) for one in seen_accepted),
        accepted=len(accepted),
        missed=tuple(sorted(subject for subject in accepted if not found[subject])),
        topics=tuple(
            TopicFigures(
                topic.name,
                *_counted([subject for subject, names in by_topic.items() if topic.name in names], by_topic, accepted),
                missed=tuple(sorted(one for one in wanted[topic.name] if topic.name not in by_topic[one]))
                if topic.name in named
                else None,
                query=topic_query(topic, today),
            )
            for topic in editorial.topics
        ),
        phrases=tuple(_phrases(editorial.topics, found, accepted)),
    )


def _counted(
    subjects: Iterable[Subject], brought_by: Mapping[Subject, set[str]], accepted: set[Subject]
) -> tuple[int, int, int, int]:
    """Counts papers, those that nothing else brings, and the accepted ones of both."""
    brought = list(subjects)
    alone = [subject for subject in brought if len(brought_by[subject]) == 1]
    return len(brought), len(alone), len(accepted.intersection(brought)), len(accepted.intersection(alone))


def _phrases(
    topics: Sequence[Topic], found: Mapping[Subject, Sequence[Match]], accepted: set[Subject]
) -> Iterable[PhraseFigures]:
    phrases = {
        subject: {hit.phrase for match in matches for hit in match.hits}
        for subject, matches in found.items()
        if matches
    }
    bringing: dict[tuple[str, str], list[Subject]] = defaultdict(list)
    for subject, matches in found.items():
        for key in {(match.topic, hit.phrase) for match in matches for hit in match.hits}:
            bringing[key].append(subject)
    for topic in topics:
        for phrase in (*topic.include, *topic.authors):
            yield PhraseFigures(topic.name, phrase, *_counted(bringing[topic.name, phrase], phrases, accepted))


def topic_query(topic: Topic, day: date) -> str:
    """Writes what arXiv is asked for a topic, of the papers submitted on one day."""
    return query(Search(Window(day, day + timedelta(days=1)), topic.forms, topic.categories))


def _homes(editorial: Editorial) -> Mapping[str, set[str]]:
    """Returns the topics of sections, by the last title of their path."""
    homes: dict[str, set[str]] = defaultdict(set)
    for definition in editorial.lists:
        for section in definition.sections:
            homes[_title(section.path)] |= set(section.topics)
    return homes


def _title(path: str) -> str:
    return path.rpartition(" / ")[2].casefold()


def merged(papers: Iterable[Judged]) -> list[Judged]:
    """Joins what is known of one paper, in whatever order it comes."""
    told: dict[Subject, Judged] = {}
    for one in papers:
        before = told.get(one.paper.subject)
        told[one.paper.subject] = one if before is None else _joined(before, one)
    return [told[subject] for subject in sorted(told)]


def _joined(one: Judged, other: Judged) -> Judged:
    sections = tuple(sorted({*one.sections, *other.sections}))
    paper = one.paper if one.paper.record else other.paper
    return replace(
        one, paper=paper, seen=one.seen or other.seen, accepted=one.accepted or other.accepted, sections=sections
    )
