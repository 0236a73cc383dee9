"""Since when an upstream has failed, and when it last answered well: told from how conversations ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from harvester.raw.ends import End, ends, kind_of

# What upstreams are asked, in the order of a night; sweeps are the week's.
KINDS: Mapping[str, tuple[str, ...]] = {
    "arxiv_api": ("search", "ids"),
    "arxiv_oai": ("sweep",),
    "github": ("stars",),
    "semantic_scholar": ("citations",),
    "openalex": ("citations",),
}
_FAR = 400  # folders of one upstream: how far back the last failure is looked for


@dataclass(frozen=True, slots=True)
class Answered:
    """How one kind of conversation with an upstream has gone until now."""

    source: str
    kind: str
    last_good: datetime | None = None  # the night; None: never
    failing_since: datetime | None = None  # the first night of the failures since the last good one
    last_failed: datetime | None = None
    why: str | None = None  # of the last failure


def answered(raw: Path, until: datetime) -> tuple[Answered, ...]:
    """Tells of every kind of conversation how it had gone, in nights until then."""
    return tuple(of_kind(raw, source, kind, until) for source, kinds in KINDS.items() for kind in kinds)


def of_kind(raw: Path, source: str, kind: str, until: datetime | None = None) -> Answered:
    """Tells how one kind has gone, in nights until that one; the last failure is looked for among the newest folders."""
    last_good: datetime | None = None
    since: datetime | None = None
    failed: datetime | None = None
    why: str | None = None
    for number, end in enumerate(_of(raw, source, kind, until)):
        if last_good is None and end.bad:
            since = end.night
        if failed is None and end.bad and end.outcome:
            failed, why = end.night, end.outcome.why or end.outcome.state
        if last_good is None and end.good:
            last_good = end.night
        if last_good and (failed or number > _FAR):
            break
    return Answered(source, kind, last_good, since, failed, why)


def since_words(raw: Path, source: str, what: str, night: datetime) -> str:
    """Says since when a conversation that failed tonight has failed, and when it went well for the last time."""
    told = of_kind(raw, source, kind_of(what), night)
    if told.failing_since is None or told.failing_since >= night:
        return f"; the last good answer is of {_shown(told.last_good)}" if told.last_good else ""
    last = f"the last good answer is of {_shown(told.last_good)}" if told.last_good else "it never answered well"
    return f"; failing since {_shown(told.failing_since)}, {last}"


def down_since(raw: Path, source: str, night: datetime) -> datetime:
    """Returns the first night of those, until this one, in which nothing that an upstream was asked went well."""
    since = night
    for end in ends(raw, source):
        if end.night > night or end.outcome is None:
            continue
        if end.good:
            break
        since = end.night
    return since


def _of(raw: Path, source: str, kind: str, until: datetime | None) -> Iterator[End]:
    return (end for end in ends(raw, source) if end.kind == kind and (until is None or end.night <= until))


def _shown(night: datetime | None) -> str:
    return f"{night:%Y-%m-%d %H:%M} UTC" if night else "never"
