"""The history of a list that is kept here: what landings showed, and when, and what people decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from harvester.definitions import ListDefinition
from harvester.editorial.entries import Folded, fold
from harvester.editorial.learning.past import History, Sighting, Text, Told, Verdict
from harvester.editorial.places import decisions_now
from harvester.ids import Subject, arxiv_subject
from harvester.records import Decision, Match, Paper, PaperRecord
from harvester.steps.gather import Gathered
from harvester.steps.texts import Reader


def told_history(
    definition: ListDefinition, gathered: Gathered, decisions: Sequence[Decision], read: Reader
) -> History:
    """Returns the history with every text that was ever told, from the day on which a landing told it.

    So it is with what people said: a decision changes nothing of the days before it.
    """
    first: dict[tuple[Subject, int], PaperRecord] = {}
    for record in gathered.papers:
        key = (arxiv_subject(record.arxiv_id), record.version)
        if key not in first or record.said_at < first[key].said_at:
            first[key] = record
    texts: dict[Subject, list[Told]] = defaultdict(list)
    for (subject, _), record in sorted(first.items(), key=lambda one: (one[1].said_at, one[0])):
        texts[subject].append(Told(record.said_at.date(), _for_list(read.read(record), definition)))
    seen = {subject: told[0].on for subject, told in texts.items() if subject in gathered.harvested}
    return _history(definition, seen, texts, _day_by_day(definition, decisions_now(decisions, [definition])), read)


def known_history(
    definition: ListDefinition,
    papers: Mapping[Subject, Paper],
    matches: Mapping[Subject, Sequence[Match]],
    seen: Mapping[Subject, date],
    decisions: Sequence[Decision],
    read: Reader,
) -> History:
    """Returns the history as tonight's ranking needs it: with the newest text of every paper, and no older one.

    Decisions are folded once, and tell tonight's past alone: an earlier one would hold what was said since. `seen` are
    the papers that came by, with the day of their first sighting.
    """
    texts = {
        subject: [Told(date.min, _for_list(read.matched(paper.record, matches.get(subject, ())), definition))]
        for subject, paper in papers.items()
        if paper.record
    }
    return _history(definition, seen, texts, [_Stand(decisions_now(decisions, [definition]), None, None)], read)


@dataclass(frozen=True, slots=True)
class _Stand:
    """Decisions, and when they were all that was said: since that day, until another one; None: without bound."""

    decisions: Sequence[Decision]
    since: date | None
    until: date | None


def _day_by_day(definition: ListDefinition, decisions: Iterable[Decision]) -> Iterator[_Stand]:
    """Yields for each paper what had been decided on it, anew for each day on which something was.

    Paper by paper, because that takes no longer for a year of months than for one: most papers are decided once.
    """
    papers: dict[Subject, list[Decision]] = defaultdict(list)
    for decision in decisions:
        if decision.list == definition.slug:
            papers[decision.subject].append(decision)
    for subject in sorted(papers):
        days = sorted({decision.at.date() for decision in papers[subject]})
        for since, until in zip(days, [*days[1:], None], strict=True):
            yield _Stand([one for one in papers[subject] if one.at.date() <= since], since, until)


def _history(
    definition: ListDefinition,
    seen: Mapping[Subject, date],
    texts: Mapping[Subject, Sequence[Told]],
    stands: Iterable[_Stand],
    read: Reader,
) -> History:
    accepted: list[Verdict] = []
    rejected: list[Verdict] = []
    joined: list[Verdict] = []
    for stand in stands:
        judged = fold(stand.decisions)
        accepted += _accepted(definition, judged, stand, read)
        for key, decision in sorted(judged.standing.items()):
            verdict = Verdict(key.subject, decision.at.date(), since=stand.since, until=stand.until)
            if key.list == definition.slug and decision.act == "reject" and key.place == 1:
                rejected.append(verdict)
            elif key.list == definition.slug and decision.act == "same":
                joined.append(verdict)
    return History(
        name=definition.slug,
        sightings=tuple(Sighting(subject, on) for subject, on in sorted(seen.items())),
        accepted=tuple(accepted),
        rejected=tuple(rejected),
        texts=texts,
        joined=tuple(joined),
        sections=tuple(section.path for section in definition.sections),
    )


def _accepted(definition: ListDefinition, judged: Folded, stand: _Stand, read: Reader) -> Iterator[Verdict]:
    """Yields each listed paper once, with the day on which it was first accepted and the section in which it stands."""
    first: dict[Subject, date] = {}
    for decision in stand.decisions:
        if decision.list == definition.slug and decision.act == "accept" and decision.id in judged.effective:
            first[decision.subject] = min(decision.at.date(), first.get(decision.subject, date.max))
    done: set[Subject] = set()
    for entry in judged.entries:
        if entry.list == definition.slug and entry.subject not in done:
            done.add(entry.subject)
            title = read.title(entry.wording.title) if entry.wording.title else None
            on = first.get(entry.subject, entry.decided_at.date())
            yield Verdict(entry.subject, on, entry.section, title, stand.since, stand.until)


def _for_list(text: Text, definition: ListDefinition) -> Text:
    """Leaves out hits of topics that are not the list's."""
    if definition.topics is None:
        return text
    hits = tuple(hit for hit in text.hits if hit.topic in definition.topics)
    return Text(text.title, text.abstract, text.authors, text.code, hits, text.theme)
