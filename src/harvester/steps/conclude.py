"""What a night says at its end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from harvester.conversations import conversation_words, upstream_words
from harvester.report import Report, RunState, Talk
from harvester.settings import Settings
from harvester.steps.curate import Curated
from harvester.steps.explain import explain
from harvester.steps.night import Night
from harvester.steps.publish import Shelved
from harvester.steps.refused_keys import key_named
from harvester.steps.runs import DOWN
from harvester.steps.since import down_since, since_words

_REFUSED = re.compile(r"refused|HTTP 4\d\d")
_WORDS = 100  # characters of the reason in the first line; the whole reason stands below


def conclude(
    night: Night,
    started_at: datetime,
    talks: Sequence[Talk],
    curated: Curated | None,
    shelved: Shelved | None,
    causes: Sequence[str],
) -> Report:
    """Makes the report of a night: failed without a snapshot, degraded with any cause, else done.

    `curated` and `shelved` are None where that step failed: then its figures are not known, which is not zero.
    """
    troubled = [_trouble(night, talk) for talk in talks if talk.degraded]
    held_back = tuple(f"the snapshot is held back: {why}" for why in curated.held_back) if curated else ()
    told = (
        *causes,
        *troubled,
        *(curated.causes if curated else ()),
        *held_back,
        *(shelved.amiss if shelved else ()),
    )
    why = tuple(_once(told))
    state: RunState = "failed" if curated is None else "degraded" if why else "done"
    partial = [f"{_name(talk)}: {talk.why}" for talk in talks if talk.state == "partial" and not talk.degraded]
    return Report(
        as_of=night.as_of,
        started_at=started_at,
        ended_at=night.clock(),
        state=state,
        continued=night.continued,
        talks=tuple(talks),
        figures=curated.figures if curated else None,
        snapshot=curated.snapshot if curated else None,
        published=curated.published if curated else False,
        held_back=curated.held_back if curated else (),
        lists_changed=shelved.changed if shelved else None,
        notes=(
            *night.notes,
            *_nameless(night.settings),
            *partial,
            *(explain(night, talks, curated) + curated.notes if curated else ()),
        ),
        causes=(*_down(night, talks), *why) if len(why) > 1 else why,
        kind=night.kind,
    )


def _trouble(night: Night, talk: Talk) -> str:
    since = since_words(night.settings.data / "raw", talk.source, talk.what, night.as_of)
    key = key_named(night.settings.upstreams[talk.source], talk.why)
    return f"{_name(talk)}: {talk.why or talk.state}{key}{since}"


def _name(talk: Talk) -> str:
    return f"{talk.source} {conversation_words(talk.what)}"


def _once(causes: Iterable[str]) -> Iterable[str]:
    """Leaves out what another cause says as well: two steps may stumble over one text of a person."""
    every = list(dict.fromkeys(causes))
    reasons = {cause: cause.partition(": ")[2] for cause in every}
    for number, cause in enumerate(every):
        if not any(cause.startswith(_LATER) and reasons[cause] in other for other in every[number + 1 :]):
            yield cause


_LATER = (
    "a list is held back: "  # said while a snapshot is made; putting the lists in place says it with the list's name
)


def _down(night: Night, talks: Sequence[Talk]) -> tuple[str, ...]:
    """Sums one outage up that has many consequences: which upstreams answered nothing that could be used, since when."""
    own = {
        source: [talk for talk in talks if talk.source == source] for source in dict.fromkeys(t.source for t in talks)
    }
    failed = {source: each for source, each in own.items() if all(t.degraded and t.state == "failed" for t in each)}
    told: dict[str, list[str]] = {}
    for source, each in failed.items():
        name, reason = upstream_words(source), each[0].why.partition("\n")[0]
        since = down_since(night.settings.data / "raw", source, night.as_of)
        short = reason if len(reason) <= _WORDS else f"{reason[: _WORDS - 1]}…"
        word = "refusing" if _REFUSED.search(reason) else "down"
        told.setdefault(word, []).append(f"{name} since {since:%Y-%m-%d %H:%M} UTC ({short})")
    groups = (f"{word}: {', '.join(told[word])}" for word in DOWN if word in told)
    return ("; ".join(groups),) if told else ()


def _nameless(settings: Settings) -> tuple[str, ...]:
    """Says that real upstreams are not told whom to write to: arXiv and OpenAlex ask for it."""
    if settings.contact or settings.rehearsed:
        return ()
    return ("HARVESTER_CONTACT is not set: a nameless client is refused sooner; set it to a mail address",)
