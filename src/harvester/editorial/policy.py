"""Who is shown in a queue, and in which order: by score and freshness, so many new ones a day, nothing hopeless.

The order is that of the score, which counts half after each fortnight that a candidate has waited: of 647 papers that were
accepted in the end, one in ten was listed after day 19. So what came tonight goes before what was passed over, and a strong
paper before a weak one of today. A second look counts as new, and what people put off or reopened as of the day on which it
came back. Candidates without a score come last, the best match first.

Who was let in on which day is counted anew each night, by tonight's scores; all wait with the same half-life, so that their
order on a day of the past is that of tonight. Expiry counts from that day: what waits for its turn does not grow old.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate

from harvester.definitions import QueuePolicy
from harvester.editorial.queue import in_order
from harvester.ids import Subject
from harvester.records import Candidate
from harvester.scores import Rated

HALF_LIFE = 14.0  # days


@dataclass(frozen=True, slots=True)
class Before:
    """What people did with the queue of a list so far."""

    asked: Mapping[Subject, date] = field(default_factory=dict)  # put off or reopened: the day on which each comes back
    decided: Mapping[date, int] = field(default_factory=dict)  # papers of the queue, by the day on which they came


def ranked(waiting: Iterable[Candidate], today: date, before: Before) -> list[Candidate]:
    """Sorts candidates as maintainers should see them; see above. Of equal ones the newest by number comes first."""
    candidates = list(waiting)
    scored = [(_worth(one, one.rated, today, before), one) for one in candidates if one.rated and one.rated.score]
    order = sorted(scored, key=lambda each: (each[0], each[1].first_seen_at.date(), each[1].subject), reverse=True)
    return [one for _, one in order] + in_order(one for one in candidates if not (one.rated and one.rated.score))


def merged(listed: Iterable[Candidate], today: date) -> list[Candidate]:
    """Sorts the candidates of several lists as one queue, and keeps the order that each list has.

    What counts is the same. A candidate that stands before better ones, as it was put off or reopened, counts as they do.
    """
    of_lists: dict[str, list[Candidate]] = defaultdict(list)
    for one in listed:
        of_lists[one.list].append(one)
    worth: list[tuple[float, Candidate]] = []
    for own in of_lists.values():
        least = accumulate(
            (_worth(one, one.rated, today, Before()) if one.rated else 0.0 for one in reversed(own)), max
        )
        worth += zip(reversed(list(least)), own, strict=True)
    return [one for _, one in sorted(worth, key=lambda each: -each[0])]


def _worth(candidate: Candidate, rated: Rated, today: date, before: Before) -> float:
    since = today if candidate.again else before.asked.get(candidate.subject, candidate.first_seen_at.date())
    score = rated.score.score if rated.score else 0.0
    return float(score * 2 ** (-max((today - since).days, 0) / HALF_LIFE))


def placed(ordered: Sequence[Candidate], policy: QueuePolicy, today: date, before: Before) -> list[Candidate]:
    """Says of each candidate whether it is shown, waits for a coming day, lies below the threshold, or has expired.

    `ordered` are the candidates of one list in order, each rated. What people asked to see again, and a second look, is
    shown whatever its score and age.
    """
    asked = {one.subject for one in ordered if one.again or one.subject in before.asked}
    pool = [one for one in ordered if one.subject not in asked and not _is_below(one.rated)]
    let_in = _let_in(pool, policy.per_day, before.decided, today)
    found = []
    for one in ordered:
        rated = one.rated
        if rated and one.subject not in asked:
            rated = _judged(rated, let_in.get(one.subject), policy, today)
        found.append(replace(one, rated=rated))
    return found


def _is_below(rated: Rated | None) -> bool:
    return bool(rated and rated.score and rated.threshold and rated.score.score < rated.threshold.score)


def _judged(rated: Rated, let_in_on: date | None, policy: QueuePolicy, today: date) -> Rated:
    """Judges a candidate by its score and the day on which it was let in; nothing expires by what topics alone tell."""
    if let_in_on is None:
        return replace(rated, place="below" if _is_below(rated) else "waits")
    known = rated.score if rated.basis == "learnt" else None
    old = policy.expire_days and let_in_on + timedelta(days=policy.expire_days) <= today
    expired = old and known and known.score < policy.expire_below
    return replace(rated, place="expired" if expired else "shown", let_in_on=let_in_on)


def _let_in(pool: Sequence[Candidate], per_day: int, decided: Mapping[date, int], today: date) -> dict[Subject, date]:
    """Returns the day on which each was let in: every day since the first one came takes the best of those that wait.

    What was decided has been shown, and took its part of the day on which it came, or of the days behind it. So the queue
    of a night follows from its inputs alone, whatever nights were missed.
    """
    if not per_day:
        return {one.subject: min(one.first_seen_at.date(), today) for one in pool}
    came: dict[date, list[int]] = defaultdict(list)
    for number, one in enumerate(pool):
        came[min(one.first_seen_at.date(), today)].append(number)
    waiting: list[int] = []
    let_in: dict[Subject, date] = {}
    owed = 0
    day = min([*came, *decided], default=today)
    while day <= today:
        for number in came.get(day, ()):
            heapq.heappush(waiting, number)
        owed += decided.get(day, 0)
        taken = min(owed, per_day)
        owed -= taken
        for _ in range(min(per_day - taken, len(waiting))):
            let_in[pool[heapq.heappop(waiting)].subject] = day
        day += timedelta(days=1)
    return let_in
