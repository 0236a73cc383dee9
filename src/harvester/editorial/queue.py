"""The candidates of a list: matching papers that nobody has decided, with a suggested section.

This is what matches alone tell; `policy.py` orders them by their scores and says which are shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Literal

from harvester.definitions import ListDefinition
from harvester.editorial.agree import place_in_log
from harvester.editorial.entries import Folded
from harvester.editorial.pairs import Joins
from harvester.ids import Subject
from harvester.records import Candidate, Hit, Match, Paper
from harvester.scores import Again, Place

State = Place | Literal["deferred"]

# A phrase in the title says what the paper is about, one in the abstract often less.
_WEIGHTS = {"title": 3, "authors": 3, "abstract": 1}


def candidates(
    papers: Mapping[Subject, Paper],
    matches: Iterable[Match],
    folded: Folded,
    definition: ListDefinition,
    today: date,
    again: Mapping[tuple[str, Subject], Again] = MappingProxyType({}),
) -> list[Candidate]:
    """Returns the matching papers that the list has neither accepted nor rejected, the strongest match first.

    Deferred ones are among them, with the day from which they are shown again, until that day has come; and those that
    get a second look (`again`). `matches` may hold topics of other lists.
    """
    waiting = (
        Candidate(
            list=definition.slug,
            subject=subject,
            first_seen_at=first_seen_at,
            matches=tuple(found),
            section=suggested_section(found, definition),
            withdrawn=papers[subject].withdrawn,
            again=again.get((definition.slug, subject)),
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

    One accepted or rejected placement decides the paper: rejected papers never come back, nor do those that are another
    one, but for a second look, as long as the decision stands that it is a second look at.
    """
    joins, listed, rejected = Joins.of(folded), set(), {}
    for key, decision in sorted(folded.standing.items(), key=lambda one: place_in_log(one[1])):
        if decision.act == "accept" or (decision.act == "same" and joins.stays(*key[:2]) != key.subject):
            listed.add((key.list, key.subject))
        elif decision.act == "reject":
            rejected[key.list, key.subject] = decision.id
    until = {(key.list, key.subject): one for key, one in folded.deferred.items() if one.until and one.until > today}
    found = []
    for candidate in waiting:
        about, looked_at = (candidate.list, candidate.subject), candidate.again and candidate.again.decision
        if about not in listed and rejected.get(about) in (None, looked_at):
            deferral = until.get(about)
            hidden = deferral and deferral.id != looked_at
            found.append(replace(candidate, deferred_until=deferral.until if deferral and hidden else None))
    return found


def state_of(candidate: Candidate) -> State:
    """Returns whether a candidate is shown, and why not; one that no night has ranked is shown."""
    if candidate.deferred_until is not None:
        return "deferred"
    return candidate.rated.place if candidate.rated else "shown"


def in_order(waiting: Iterable[Candidate]) -> list[Candidate]:
    """Sorts candidates by their matches: the strongest first, then the newest.

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
