"""Who is shown in a queue, and in which order: by score and freshness, so many new ones a day, nothing hopeless.

The order is that of the score, which counts half after each fortnight that a candidate has waited: of 647 papers that were
accepted in the end, one in ten was listed after day 19. So what came tonight goes before what was passed over, and a strong
paper before a weak one of today. A second look counts as new. Candidates without a score come last, the best match first.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from harvester.definitions import QueuePolicy
from harvester.editorial.queue import in_order
from harvester.ids import Subject
from harvester.records import Candidate
from harvester.scores import Rated

HALF_LIFE = 14.0  # days


@dataclass(frozen=True, slots=True)
class Before:
    """What people did with the queue of a list so far."""

    put_off: Collection[Subject] = ()  # deferred: they asked to see these again
    decided: Mapping[date, int] = field(default_factory=dict)  # papers of the queue, by the day on which they came


def ranked(waiting: Iterable[Candidate], today: date) -> list[Candidate]:
    """Sorts candidates as maintainers should see them; see above. Of equal ones the newest by number comes first."""
    candidates = list(waiting)
    scored = [(_worth(one, one.rated, today), one) for one in candidates if one.rated and one.rated.score]
    order = sorted(scored, key=lambda each: (each[0], each[1].first_seen_at.date(), each[1].subject), reverse=True)
    return [one for _, one in order] + in_order(one for one in candidates if not (one.rated and one.rated.score))


def _worth(candidate: Candidate, rated: Rated, today: date) -> float:
    age = 0 if candidate.again else max((today - candidate.first_seen_at.date()).days, 0)
    score = rated.score.score if rated.score else 0.0
    return float(score * 2 ** (-age / HALF_LIFE))


def placed(ordered: Sequence[Candidate], policy: QueuePolicy, today: date, before: Before) -> list[Candidate]:
    """Says of each candidate whether it is shown, waits for a coming day, lies below the threshold, or has expired.

    `ordered` are the candidates of one list in order, each rated. What people asked to see again, and a second look, is
    shown whatever its score.
    """
    asked = {one.subject for one in ordered if one.again or one.subject in before.put_off}
    said = {one.subject: one.rated if one.subject in asked else _judged(one, policy, today) for one in ordered}
    pool = [one for one in ordered if one.subject not in asked and (rated := said[one.subject]) and _is_shown(rated)]
    let_in = _let_in(pool, policy.per_day, before.decided, today)
    found = []
    for one in ordered:
        rated = said[one.subject]
        if rated and _is_shown(rated) and one.subject not in asked and one.subject not in let_in:
            rated = replace(rated, place="waits")
        found.append(replace(one, rated=rated))
    return found


def _is_shown(rated: Rated) -> bool:
    return rated.place == "shown"


def _judged(candidate: Candidate, policy: QueuePolicy, today: date) -> Rated | None:
    """Judges a candidate by its score alone; nothing expires by what topics alone tell."""
    rated = candidate.rated
    if rated is None or rated.score is None:
        return rated
    if rated.threshold and rated.score.score < rated.threshold.score:
        return replace(rated, place="below")
    ends = candidate.first_seen_at.date() + timedelta(days=policy.expire_days)
    if policy.expire_days and rated.basis == "learnt" and ends <= today and rated.score.score < policy.expire_below:
        return replace(rated, place="expired", expired_on=ends)
    return rated


def _let_in(pool: Sequence[Candidate], per_day: int, decided: Mapping[date, int], today: date) -> set[Subject]:
    """Goes through the days since the first one came: each lets in the best of those that wait.

    What was decided has been shown, and took its part of the day on which it came, or of the days behind it. So the queue
    of a night follows from its inputs alone, whatever nights were missed.
    """
    if not per_day:
        return {one.subject for one in pool}
    came: dict[date, list[int]] = defaultdict(list)
    for number, one in enumerate(pool):
        came[min(one.first_seen_at.date(), today)].append(number)
    waiting: list[int] = []
    let_in: set[Subject] = set()
    owed = 0
    day = min([*came, *decided], default=today)
    while day <= today:
        for number in came.get(day, ()):
            heapq.heappush(waiting, number)
        owed += decided.get(day, 0)
        taken = min(owed, per_day)
        owed -= taken
        for _ in range(min(per_day - taken, len(waiting))):
            let_in.add(pool[heapq.heappop(waiting)].subject)
        day += timedelta(days=1)
    return let_in
