"""What a night says at its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from harvester.report import Figures, Report, RunState, Talk
from harvester.steps.curate import Curated
from harvester.steps.explain import explain
from harvester.steps.night import Night
from harvester.steps.publish import Shelved
from harvester.steps.since import since_words


def conclude(
    night: Night,
    started_at: datetime,
    talks: Sequence[Talk],
    curated: Curated | None,
    shelved: Shelved,
    causes: Sequence[str],
) -> Report:
    """Makes the report of a night: failed without a snapshot, degraded with any cause, else done."""
    troubled = [_trouble(night, talk) for talk in talks if talk.degraded]
    held_back = tuple(f"the snapshot is held back: {why}" for why in curated.held_back) if curated else ()
    why = (*causes, *troubled, *(curated.causes if curated else ()), *held_back, *shelved.held_back)
    state: RunState = "failed" if curated is None else "degraded" if why else "done"
    partial = [
        f"{talk.source} {talk.what}: {talk.why}" for talk in talks if talk.state == "partial" and not talk.degraded
    ]
    return Report(
        as_of=night.as_of,
        started_at=started_at,
        ended_at=night.clock(),
        state=state,
        continued=night.continued,
        talks=tuple(talks),
        figures=curated.figures if curated else Figures(),
        snapshot=curated.snapshot if curated else None,
        published=curated.published if curated else False,
        held_back=curated.held_back if curated else (),
        lists_changed=shelved.changed,
        notes=(*night.notes, *partial, *(explain(night, talks, curated) + curated.notes if curated else ())),
        causes=why,
        kind=night.kind,
    )


def _trouble(night: Night, talk: Talk) -> str:
    since = since_words(night.settings.data / "raw", talk.source, talk.what, night.as_of)
    return f"{talk.source} {talk.what}: {talk.why or talk.state}{since}"
