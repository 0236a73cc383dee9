"""What stands below a queue: how many there are of each kind, what hides them, and how old the snapshot is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from harvester.cli.queued import unscored
from harvester.counting import counted
from harvester.editorial.queue import State, state_of
from harvester.scores import threshold_words

if TYPE_CHECKING:
    from harvester.records import Candidate
    from harvester.steps.standing import Standing

_KINDS: Mapping[State, str] = {
    "shown": "to decide now",
    "waits": "for coming days",
    "below": "below the threshold",
    "expired": "expired",
    "deferred": "deferred",
}
_RUNS = {"nightly": "night", "weekly": "weekly run", "backfill": "backfill"}


def by_kind(
    standing: Standing, found: Sequence[Candidate], open_to: Sequence[Candidate], shown: Sequence[Candidate]
) -> Iterator[str]:
    """Says how many there are of each kind; of `found` those `open_to` be shown were asked for, and `shown` were."""
    kinds = Counter(state_of(one) for one in found)
    told = ", ".join(f"{kinds[state]} {says}" for state, says in _KINDS.items() if kinds[state])
    papers = len({one.subject for one in found})
    some = "some of them " if papers > 1 else ""
    several = f" ({counted(papers, 'paper')}, {some}for several lists)" if papers < len(found) else ""
    yield f"{len(found)} in all{several}: {told} (snapshot {standing.snapshot})"
    cut, hidden = len(shown) < len(open_to), len(open_to) < len(found)
    if cut:
        others = ", --all the hidden ones too" if hidden else ""
        yield f"{len(shown)} of {len(open_to)} shown: --limit 0 shows all of them{others}"
    elif hidden:
        yield "--all shows the hidden ones too"


def unpublished(standing: Standing) -> Iterator[str]:
    """Says where the last run made no snapshot that is shown."""
    from harvester.steps.runs import runs
    from harvester.steps.tell import STAMP

    if standing.snapshot is None:
        return
    last = next((run for run in runs(standing.data) if run.state != "running"), None)
    if last and f"{last.as_of:{STAMP}}" > standing.snapshot and (last.held_back or last.state == "failed"):
        ended = "was held back" if last.held_back else "failed"
        name = _RUNS.get(last.kind, last.kind)
        why = "`harvester status` says why"
        yield f"the last {name}, {last.as_of:%Y-%m-%d}, {ended}: this is the snapshot {standing.snapshot}; {why}"


def remarks(listed: Sequence[Candidate], shown: Sequence[Candidate]) -> Iterator[str]:
    """Says of each list what its threshold keeps, and of those that rows show where scores are missing or mere guesses."""
    seen = {one.list for one in shown}
    for slug in sorted({one.list for one in listed}):
        own = [one for one in listed if one.list == slug]
        rated = own[0].rated
        if why := unscored(rated):
            yield f"{slug} is not ranked, the strongest match comes first: {why}"
        elif rated and rated.basis == "topics" and slug in seen:
            yield f"{slug}: scores tell what topics hit; a list learns from its fifth accepted paper on"
        if rated and rated.threshold:
            below = sum(1 for one in own if state_of(one) == "below")
            yield f"{slug}: {below} {threshold_words(rated.threshold)}"


def outdated(standing: Standing, slug: str | None) -> Iterator[str]:
    """Says which edits no longer apply."""
    found = [one.said for one in standing.outdated() if slug in (None, one.list)]
    if found:
        edits = "1 edit no longer applies" if len(found) == 1 else f"{len(found)} edits no longer apply"
        yield f"{edits}: {found[0]}"
    yield from (f"  {said}" for said in found[1:])
