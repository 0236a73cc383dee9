"""The history of a list that is kept here: what landings showed, and when, and what people decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from harvester.definitions import ListDefinition
from harvester.editorial.entries import Folded, fold
from harvester.editorial.learning.past import History, Sighting, Text, Told, Verdict
from harvester.ids import Subject, arxiv_subject
from harvester.records import Decision, Match, Paper, PaperRecord
from harvester.steps.gather import Gathered
from harvester.steps.texts import Reader


def told_history(
    definition: ListDefinition, gathered: Gathered, decisions: Sequence[Decision], read: Reader
) -> History:
    """Returns the history with every text that was ever told, from the day on which a landing told it."""
    first: dict[tuple[Subject, int], PaperRecord] = {}
    for record in gathered.papers:
        key = (arxiv_subject(record.arxiv_id), record.version)
        if key not in first or record.said_at < first[key].said_at:
            first[key] = record
    texts: dict[Subject, list[Told]] = defaultdict(list)
    for (subject, _), record in sorted(first.items(), key=lambda one: (one[1].said_at, one[0])):
        texts[subject].append(Told(record.said_at.date(), _for_list(read.read(record), definition)))
    seen = {subject: told[0].on for subject, told in texts.items() if subject in gathered.harvested}
    return _history(definition, seen, texts, decisions, read)


def known_history(
    definition: ListDefinition,
    papers: Mapping[Subject, Paper],
    matches: Mapping[Subject, Sequence[Match]],
    seen: Mapping[Subject, date],
    decisions: Sequence[Decision],
    read: Reader,
) -> History:
    """Returns the history as tonight's ranking needs it: with the newest text of every paper, and no older one.

    `seen` are the papers that came by, with the day of their first sighting.
    """
    texts = {
        subject: [Told(date.min, _for_list(read.matched(paper.record, matches.get(subject, ())), definition))]
        for subject, paper in papers.items()
        if paper.record
    }
    return _history(definition, seen, texts, decisions, read)


def _history(
    definition: ListDefinition,
    seen: Mapping[Subject, date],
    texts: Mapping[Subject, Sequence[Told]],
    decisions: Sequence[Decision],
    read: Reader,
) -> History:
    judged = fold(decisions)
    twins = {key.subject for key, one in judged.standing.items() if key.list == definition.slug and one.act == "same"}
    return History(
        name=definition.slug,
        sightings=tuple(Sighting(subject, on) for subject, on in sorted(seen.items()) if subject not in twins),
        accepted=tuple(_accepted(definition, judged, decisions, read)),
        rejected=tuple(
            Verdict(key.subject, decision.at.date())
            for key, decision in sorted(judged.rejected.items())
            if key.list == definition.slug and key.place == 1
        ),
        texts=texts,
    )


def _accepted(
    definition: ListDefinition, judged: Folded, decisions: Sequence[Decision], read: Reader
) -> Iterable[Verdict]:
    """Yields each listed paper once, with the day on which it was first accepted and the section in which it stands."""
    first: dict[Subject, date] = {}
    for decision in decisions:
        if decision.list == definition.slug and decision.act == "accept" and decision.id in judged.effective:
            first[decision.subject] = min(decision.at.date(), first.get(decision.subject, date.max))
    done: set[Subject] = set()
    for entry in judged.entries:
        if entry.list == definition.slug and entry.subject not in done:
            done.add(entry.subject)
            title = read.title(entry.wording.title) if entry.wording.title else None
            yield Verdict(entry.subject, first.get(entry.subject, entry.decided_at.date()), entry.section, title)


def _for_list(text: Text, definition: ListDefinition) -> Text:
    """Leaves out hits of topics that are not the list's."""
    if definition.topics is None:
        return text
    hits = tuple(hit for hit in text.hits if hit.topic in definition.topics)
    return Text(text.title, text.abstract, text.authors, text.code, hits, text.theme)
