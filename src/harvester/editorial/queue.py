"""The queue of a list: matching papers that nobody has decided, the strongest match first, with a suggested section."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from harvester.definitions import ListDefinition
from harvester.editorial.entries import Folded
from harvester.ids import Subject
from harvester.records import Candidate, Hit, Match, Paper

# A phrase in the title says what the paper is about, one in the abstract often less.
_WEIGHTS = {"title": 3, "authors": 3, "abstract": 1}


def candidates(
    papers: Mapping[Subject, Paper],
    matches: Iterable[Match],
    folded: Folded,
    definition: ListDefinition,
    today: date,
) -> list[Candidate]:
    """Returns the matching papers that the list has neither accepted nor rejected, in the order of the queue.

    Deferred ones are among them, with the day from which they are shown again, until that day has come. `matches` may
    hold topics of other lists.
    """
    waiting = (
        Candidate(
            list=definition.slug,
            subject=subject,
            first_seen_at=first_seen_at,
            matches=tuple(found),
            section=suggested_section(found, definition),
            withdrawn=papers[subject].withdrawn,
        )
        for subject, found in _by_paper(matches, definition).items()
        if subject in papers and (first_seen_at := papers[subject].first_seen_at)
    )
    return in_order(still_open(waiting, folded, today))


def _by_paper(matches: Iterable[Match], definition: ListDefinition) -> Mapping[Subject, list[Match]]:
    found: dict[Subject, list[Match]] = defaultdict(list)
    for match in matches:
        if definition.topics is None or match.topic in definition.topics:
            found[match.subject].append(match)
    return found


def still_open(waiting: Iterable[Candidate], folded: Folded, today: date) -> list[Candidate]:
    """Leaves out candidates that have been decided, and marks the deferred ones with their day.

    One accepted or rejected placement decides the paper: rejected papers never come back, nor do those that are another one.
    """
    decided = {(key.list, key.subject) for key, decision in folded.standing.items() if decision.act in _FINAL}
    until = {
        (key.list, key.subject): decision.until
        for key, decision in folded.deferred.items()
        if decision.until and decision.until > today
    }
    return [
        replace(candidate, deferred_until=until.get((candidate.list, candidate.subject)))
        for candidate in waiting
        if (candidate.list, candidate.subject) not in decided
    ]


_FINAL = ("accept", "reject", "same")


def in_order(waiting: Iterable[Candidate]) -> list[Candidate]:
    """Sorts candidates as maintainers should see them: the strongest match first, then the newest.

    Those of one day by their number: a night asks for the newest papers first, and may be killed between two searches.
    """

    def rank(candidate: Candidate) -> tuple[int, date, str]:
        return (strength(candidate.matches), candidate.first_seen_at.date(), candidate.subject)

    return sorted(waiting, key=rank, reverse=True)


def strength(matches: Iterable[Match]) -> int:
    """Adds up the phrases that hit, each once and where it counts most, whatever the number of topics that name it."""
    best: dict[str, int] = {}
    for match in matches:
        for hit in match.hits:
            best[hit.phrase] = max(best.get(hit.phrase, 0), _weight(hit))
    return sum(best.values())


def _weight(hit: Hit) -> int:
    return _WEIGHTS[hit.field]


def suggested_section(matches: Sequence[Match], definition: ListDefinition) -> str | None:
    """Returns the section whose topics match most strongly, the earlier of two equal ones; None where none matches."""
    strongest: tuple[int, str | None] = (0, None)
    for section in definition.sections:
        weight = strength(match for match in matches if match.topic in section.topics)
        if weight > strongest[0]:
            strongest = (weight, section.path)
    return strongest[1]
