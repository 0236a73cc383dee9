"""Papers that are one: what people said of pairs, and a queue that shows each paper once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Self

from harvester.editorial.entries import Folded
from harvester.ids import Subject
from harvester.records import Candidate, Twin

Groups = Mapping[Subject, Sequence[Subject]]  # a paper that has twins, and the whole group it belongs to


def joined(folded: Folded) -> Iterator[Twin]:
    """Yields the pairs that people hold to be one paper."""
    for decision in folded.paired:
        if decision.act == "same" and decision.twin:
            first, second = sorted((decision.subject, decision.twin))
            yield Twin(first, second, "people", f"{decision.by} says so ({decision.id})")


@dataclass(frozen=True, slots=True)
class Joins:
    """Which paper people hold another one to be, by list; made once for all questions about a fold."""

    twins: Mapping[tuple[str, Subject], Subject]
    listed: Set[tuple[str, Subject]]

    @classmethod
    def of(cls, folded: Folded) -> Self:
        """Takes the joins that hold, and what is listed, out of a fold."""
        same = (one for one in folded.paired if one.act == "same")
        twins = {(one.list, one.subject): one.twin for one in same if one.twin}
        return cls(twins, {(entry.list, entry.subject) for entry in folded.entries})

    def way(self, slug: str, subject: Subject) -> tuple[Subject, ...]:
        """Returns the subject and the papers that it is held to be, one by way of the other, last the one that stays.

        Where people joined papers in a circle nothing stays for the others, and each is itself.
        """
        passed = {subject: None}
        last = subject
        while (slug, last) not in self.listed and (twin := self.twins.get((slug, last))):
            if twin in passed:
                return (subject,)
            passed[twin] = None
            last = twin
        return tuple(passed)

    def stays(self, slug: str, subject: Subject) -> Subject:
        """Returns the paper that stays in a list for one that people hold to be another; else the subject itself."""
        return self.way(slug, subject)[-1]


def held_apart(folded: Folded) -> set[frozenset[Subject]]:
    """Returns the pairs that people hold to be two papers."""
    return {
        frozenset((decision.subject, decision.twin))
        for decision in folded.paired
        if decision.act == "apart" and decision.twin
    }


def once_each(waiting: Iterable[Candidate], groups: Groups, folded: Folded) -> list[Candidate]:
    """Leaves one candidate of every group, and none of a group in which the list has decided on a paper already.

    Where people have put one off, that one; else one that is not withdrawn; of those one that people hold apart from
    another paper, as they were told that both are shown; else the first, in the order given.
    """
    candidates = list(waiting)
    decided = {
        (key.list, key.subject) for key, verdict in folded.standing.items() if verdict.act in ("accept", "reject")
    }
    named = frozenset[Subject]().union(*held_apart(folded))
    best: dict[tuple[str, Subject], Candidate] = {}
    for candidate in sorted(candidates, key=lambda one: _last_shown(one, named)):
        best.setdefault(_key(candidate, groups), candidate)
    return [
        candidate
        for candidate in candidates
        if best[_key(candidate, groups)] is candidate and not decided & _others(candidate, groups)
    ]


def _last_shown(candidate: Candidate, named: Set[Subject]) -> tuple[bool, bool, bool]:
    return candidate.deferred_until is None, candidate.withdrawn is True, candidate.subject not in named


def _key(candidate: Candidate, groups: Groups) -> tuple[str, Subject]:
    return candidate.list, groups.get(candidate.subject, (candidate.subject,))[0]


def _others(candidate: Candidate, groups: Groups) -> set[tuple[str, Subject]]:
    return {(candidate.list, subject) for subject in groups.get(candidate.subject, ()) if subject != candidate.subject}
