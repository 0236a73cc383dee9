"""What a run says: counts, causes, exit code; one noun, and its JSON. `report_words` writes it for people.

The report is the truth about a run. Prefect's own rows are for display: in embedded mode the last events are lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from harvester.scores import ListQueue

RunKind = Literal["nightly", "weekly", "backfill"]
RunState = Literal["running", "done", "degraded", "failed"]
EXIT_CODES: Mapping[RunState, int] = {"done": 0, "degraded": 3, "failed": 1, "running": 1}


@dataclass(frozen=True, slots=True)
class Talk:
    """What came of one conversation with an upstream."""

    source: str
    what: str  # "search", "ids", "batch", …
    asked: str  # in words: "2024-05-27 to 2024-06-03", "187 papers"
    state: Literal["complete", "partial", "failed"]
    why: str = ""
    degraded: bool = False
    requests: int = 0  # attempts on the wire, repeated ones too
    from_disk: int = 0  # answers that an earlier try of the same night had landed
    by_status: Mapping[str, int] = field(default_factory=dict)
    kilobytes: float = 0.0
    waited_seconds: float = 0.0
    address: str = ""  # folder below data/raw
    due: int = 0  # of a refresh: how many values the policy wanted tonight
    left: int = 0  # of those: how many the night's budget left for tomorrow


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old known values are at the end of a run; what is gone upstream is counted apart."""

    values: int = 0
    fresh: int = 0  # not older than the policy allows: a day, a week or a month
    median_days: float | None = None
    oldest_days: float | None = None
    gone: int = 0  # values that nobody can confirm any more: the last ones stand


@dataclass(frozen=True, slots=True)
class Figures:
    """What the snapshot holds, and what this run changed against the one before."""

    papers: int = 0
    papers_new: int = 0
    candidates: int = 0
    candidates_new: int = 0
    entries: int = 0
    citations_wanted: int = 0  # papers whose citations the lists need
    citations_asked: int = 0  # tonight
    citations_known_before: int = 0
    citations_known: int = 0
    citations_failed: int = 0  # asked tonight, and no usable answer
    stars_wanted: int = 0
    stars_asked: int = 0
    stars_refreshed: int = 0
    stars_failed: int = 0
    stars_known: int = 0
    citations_age: Freshness = Freshness()
    stars_age: Freshness = Freshness()
    metadata_age: Freshness = Freshness()
    set_aside: int = 0  # values that are suspect now
    queues: tuple[ListQueue, ...] = ()  # how that of each list was made


@dataclass(frozen=True, slots=True)
class Sweeping:
    """What sweeping found. Papers are named by subject.

    The recall is that of the searches: of the swept papers that match a topic and came out on days that searches have
    settled (`recall_of`), so many had been brought by a search (`recalled`).
    """

    records: int = 0  # on all pages, so that a paper in two sets counts twice
    pages: int = 0
    papers: int = 0  # that match a topic
    only_swept: tuple[str, ...] = ()  # of these, seen for the first time, and no search had brought them
    recall_of: int = 0
    recalled: int = 0
    missed: tuple[str, ...] = ()  # counted in `recall_of`, and no search has brought them
    new_versions: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()  # since this run, as far as known


@dataclass(frozen=True, slots=True)
class Report:
    """One run, from its start to its end."""

    as_of: datetime
    started_at: datetime
    state: RunState
    ended_at: datetime | None = None
    continued: bool = False  # an interrupted run of the same night went before
    pid: int | None = None
    talks: tuple[Talk, ...] = ()
    figures: Figures | None = None  # None: not computed, for the run failed before, or is under way
    snapshot: str | None = None
    published: bool = False  # False: the inputs were those of the snapshot before, or it was held back
    held_back: tuple[str, ...] = ()  # the expectations that the new snapshot did not meet; `snapshot` still stands
    lists_changed: tuple[str, ...] | None = ()  # None: not known, for putting lists in place failed
    notes: tuple[str, ...] = ()  # worth knowing
    causes: tuple[str, ...] = ()  # why the run is degraded or failed
    kind: RunKind = "nightly"
    sweep: Sweeping | None = None  # of weekly runs and backfills; None there: not computed
    notified: bool | None = None  # whether people were told; None: there was nothing to tell, or nobody to tell it to

    @property
    def exit_code(self) -> int:
        """0 done, 3 degraded, 1 failed."""
        return EXIT_CODES[self.state]


def to_json(report: Report) -> dict[str, Any]:
    """Turns a report into JSON values; times are ISO 8601 in UTC."""
    return {key: _plain(value) for key, value in asdict(report).items()} | {"exit_code": report.exit_code}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value


def requests_by_source(report: Report) -> dict[str, int]:
    """Counts the attempts on the wire per source, in the order of their conversations."""
    counts: dict[str, int] = {}
    for talk in report.talks:
        counts[talk.source] = counts.get(talk.source, 0) + talk.requests
    return counts
