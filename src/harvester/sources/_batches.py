"""Asking for many things at once: in batches, in halves where a batch fails, and never without end.

One heavy or malformed thing must not cost its whole batch. So what a landing left unsettled is asked again in two halves,
down to one: at most 2·log2(n) + 1 further requests per culprit. A service that is down fails every half; after `PATIENCE`
single things in a row without an answer nothing more is asked. Where an answer says that the upstream's budget is about to
end, what is left is for the next night: nobody is asked until the refusal comes.

What got no answer though the upstream gave others one is asked once more at the end: most failures pass within seconds, and
a value that waits for the next night may meet the next failure there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

from harvester.counting import counted
from harvester.records import Landing, Outcome, Request

Wanted = TypeVar("Wanted")
PATIENCE = 3
_ANSWERED = 200


@dataclass(frozen=True, slots=True)
class Verdict(Generic[Wanted]):
    """What one landing leaves to do; everything of the batch that is not named here is settled."""

    again: tuple[Wanted, ...] = ()  # to ask again in halves; lost when it was alone in its batch
    lost: tuple[Wanted, ...] = ()  # not to be asked again tonight
    why: str = ""  # in words, when something is left
    stop: bool = False  # nothing more may be asked of this upstream now
    passing: bool = False  # of a stop: no time to come back was named, and the upstream answered before
    spent: str = ""  # in words, when the next request would take the last of the upstream's budget


@dataclass(frozen=True, slots=True)
class Tally:
    """How asking ended: how many things were wanted, how many of them got no answer, and why."""

    asked: int
    left: int
    why: str = ""
    postponed: int = 0  # not asked, because the upstream's budget was about to end
    spent: str = ""  # what was said of the budget then


def batches(wanted: Iterable[Wanted], size: int) -> list[tuple[Wanted, ...]]:
    """Parts things into batches of at most `size`, in order, each thing once."""
    once = list(dict.fromkeys(wanted))
    return [tuple(once[start : start + size]) for start in range(0, len(once), size)]


def ask_batches(
    first: Sequence[tuple[Wanted, ...]],
    question: Callable[[tuple[Wanted, ...]], Request],
    judge: Callable[[Landing, tuple[Wanted, ...]], Verdict[Wanted]],
) -> Generator[Request, Landing, Tally]:
    """Asks batch by batch, and once more for what got no answer, where the upstream is up and does not refuse."""
    walk = yield from _walk(first, question, judge)
    if not walk.once_more:
        return walk.tally
    size = max(map(len, first))
    again = yield from _walk(batches(walk.once_more, size), question, judge)
    left = walk.tally.left - len(walk.once_more) + again.tally.left + again.tally.postponed
    return replace(walk.tally, left=left, why=(again.tally.why or again.tally.spent) if left else "")


@dataclass(frozen=True, slots=True)
class _Walk(Generic[Wanted]):
    """What asking batch after batch came to, and what may be asked once more."""

    tally: Tally
    once_more: tuple[Wanted, ...] = ()


def _walk(
    first: Sequence[tuple[Wanted, ...]],
    question: Callable[[tuple[Wanted, ...]], Request],
    judge: Callable[[Landing, tuple[Wanted, ...]], Verdict[Wanted]],
) -> Generator[Request, Landing, _Walk[Wanted]]:
    """Asks batch by batch, depth first, so that a failing half is looked into before the next batch is tried."""
    waiting, whole = deque(first), set(first)
    asked = sum(len(batch) for batch in first)
    lost: list[Wanted] = []
    heavy = barren = 0
    why, heard = "", False
    while waiting:
        batch = waiting.popleft()
        landing = yield question(batch)
        verdict = judge(landing, batch)
        heard = heard or landing.status == _ANSWERED
        why = verdict.why or why
        alone = len(batch) == 1
        if verdict.stop:
            rest = (*verdict.again, *verdict.lost, *(one for each in waiting for one in each))
            once_more = (*lost, *rest) if heard and verdict.passing else ()
            return _Walk(Tally(asked, heavy + len(lost) + len(rest), why), once_more)
        lost += verdict.lost
        if verdict.again and not alone:
            waiting.extendleft(reversed(_halves(verdict.again)))
        elif batch in whole:
            lost += verdict.again
        else:  # it failed in every company, and alone
            heavy += len(verdict.again)
        if len(verdict.again) + len(verdict.lost) < len(batch):
            barren = 0
        elif alone or verdict.lost:
            barren += 1
        if verdict.spent:
            return _Walk(Tally(asked, heavy + len(lost), why, sum(map(len, waiting)), verdict.spent))
        if barren >= PATIENCE and waiting:
            return _Walk(Tally(asked, heavy + len(lost) + sum(map(len, waiting)), why))
    up = heard and barren < PATIENCE
    return _Walk(Tally(asked, heavy + len(lost), why), tuple(lost) if up else ())


def _halves(things: tuple[Wanted, ...]) -> list[tuple[Wanted, ...]]:
    middle = (len(things) + 1) // 2
    return [half for half in (things[:middle], things[middle:]) if half]


def outcome(tally: Tally, noun: str) -> Outcome:
    """Says how asking ended, in words; anything without an answer degrades the night, what is put off does not."""
    postponed = f"{counted(tally.postponed, noun)} left for the next night: {tally.spent}" if tally.postponed else ""
    if not tally.left:
        return Outcome("partial", postponed) if postponed else Outcome("complete")
    state: Literal["failed", "partial"] = "failed" if tally.left == tally.asked else "partial"
    missing = f"{tally.left:,} of {counted(tally.asked, noun)} got no answer"
    missing = f"{missing}: {tally.why}" if tally.why else missing
    return Outcome(state, "; ".join(filter(None, (missing, postponed))), degraded=True)
