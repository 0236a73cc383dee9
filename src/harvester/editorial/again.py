"""A second look: decided papers that a new version has made another paper.

A rejected paper comes back, and a deferred one before its day, only where the version known now is later than the one that
was on screen, and its title or abstract says something else, or it was withdrawn or is no longer; a rejected one that is
withdrawn does not: that only confirms the rejection. Case, punctuation, blanks and a plural's "s" are cosmetics; so are, in
an abstract, a word here and there and the order of all. Where nobody knows which version was on screen, or how that one
read, there is no second look: it would have no reason to give.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from harvester.editorial.agree import BESIDE, place_in_log
from harvester.editorial.entries import Folded
from harvester.ids import Subject
from harvester.records import Decision, Paper, PaperRecord
from harvester.scores import Again

_ALIKE = 0.97  # of the words of two abstracts: in one of 150 words, four may be others
_FOLD = re.compile(r"\w+")

Told = Callable[[Subject, int], PaperRecord | None]  # what upstreams said of a version


def put_aside(judged: Folded) -> Iterator[Decision]:
    """Yields the decision that keeps a paper out of a queue, of papers that were rejected or deferred and stand nowhere."""
    verdicts: dict[tuple[str, Subject], list[Decision]] = {}
    for key, decision in judged.standing.items():
        verdicts.setdefault((key.list, key.subject), []).append(decision)
    for about in sorted(verdicts):
        if all(one.act in ("reject", "defer", "reopen") for one in verdicts[about]):
            aside = [one for one in verdicts[about] if one.act != "reopen"]
            if aside:
                yield max(aside, key=place_in_log)


def reopened(slug: str, decisions: Iterable[Decision], judged: Folded) -> Mapping[Subject, Decision]:
    """Returns the last decision by which somebody made a paper open again, by subject.

    Undoing an edit opens nothing, nor does undoing an undo of a verdict: that verdict holds again.
    """
    known = {decision.id: decision for decision in decisions if decision.list == slug}
    found = {}
    for decision in sorted(known.values(), key=place_in_log):
        if decision.act == "reopen" and decision.id in judged.effective and _opens(decision, known):
            found[decision.subject] = decision
    return found


def _opens(decision: Decision, known: Mapping[str, Decision]) -> bool:
    """Tells whether a paper is open after a chain of undos, by what the first decision said and who had the last word."""
    chain = {decision.id}
    first: Decision | None = decision
    undos = 0
    while first is not None and first.undoes is not None:
        undos += 1
        if first.undoes in chain:
            return False  # takes itself back in a circle: written by hand
        chain.add(first.undoes)
        first = known.get(first.undoes)
    if first is not None and first.act in BESIDE:
        return False
    said_open = first is not None and first.act == "reopen"
    return said_open != (undos % 2 == 1)


def second_looks(judged: Folded, papers: Mapping[Subject, Paper], told: Told) -> Mapping[tuple[str, Subject], Again]:
    """Returns the papers to be shown again, by list and subject, with the reason."""
    found = {}
    for decision in put_aside(judged):
        paper = papers.get(decision.subject)
        if paper and paper.record and (why := _why(decision, paper.record, paper.withdrawn, told)):
            found[decision.list, decision.subject] = Again(decision.id, why)
    return found


def _why(decision: Decision, now: PaperRecord, withdrawn: bool | None, told: Told) -> str | None:
    if decision.saw is None or now.version <= decision.saw or (seen := told(decision.subject, decision.saw)) is None:
        return None
    if decision.act == "reject" and withdrawn:
        return None  # nobody would list it now, whatever else it says
    changed = [what for what, differs in _differences(seen, now, withdrawn) if differs]
    acted = "rejected" if decision.act == "reject" else "put off"
    told_by = f"since {decision.by} {acted} version {decision.saw} on {decision.at:%Y-%m-%d}"
    return f"{' and '.join(changed)} in version {now.version}, {told_by}" if changed else None


def _differences(seen: PaperRecord, now: PaperRecord, withdrawn: bool | None) -> Iterator[tuple[str, bool]]:
    yield "withdrawn", bool(withdrawn) and not seen.withdrawn
    yield "no longer withdrawn", bool(seen.withdrawn) and withdrawn is False
    yield "another title", _run_together(seen.title) != _run_together(now.title)
    yield "another abstract", not _alike(_words(seen.abstract), _words(now.abstract))


def _run_together(title: str) -> str:
    return "".join(word.removesuffix("s") for word in _words(title))


def _words(text: str) -> list[str]:
    return _FOLD.findall(text.casefold())


def _alike(before: list[str], after: list[str]) -> bool:
    """Tells whether both have nearly the same words, each as often; where they stand would take the square of the time."""
    common = (Counter(before) & Counter(after)).total()
    return before == after or 2 * common / (len(before) + len(after)) >= _ALIKE
