"""What a run says: counts, causes, exit code; one noun, written as JSON, as text and as Markdown.

The report is the truth about a run. Prefect's own rows are for display: in embedded mode the last events are lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from harvester.scores import ListQueue, queue_words

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
    """How old known values are at the end of a run; what is gone upstream is left out."""

    values: int = 0
    fresh: int = 0  # not older than the policy allows: a day, a week or a month
    median_days: float | None = None
    oldest_days: float | None = None


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
    figures: Figures = Figures()
    snapshot: str | None = None
    published: bool = False  # False: the inputs were those of the snapshot before, or it was held back
    held_back: tuple[str, ...] = ()  # the expectations that the new snapshot did not meet; `snapshot` still stands
    lists_changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # worth knowing
    causes: tuple[str, ...] = ()  # why the run is degraded or failed
    kind: RunKind = "nightly"
    sweep: Sweeping | None = None  # of weekly runs and backfills
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


def _headline(report: Report) -> str:
    words = {
        "done": "done",
        "degraded": "degraded: some of it could not be had",
        "failed": "failed",
        "running": "running",
    }
    return f"{_KINDS[report.kind]} of {report.as_of:%Y-%m-%d %H:%M} UTC: {words[report.state]}"


_KINDS: Mapping[RunKind, str] = {"nightly": "Night", "weekly": "Weekly run", "backfill": "Backfill"}


def _facts(report: Report) -> list[tuple[str, str]]:
    f = report.figures
    facts = [
        ("papers", f"{f.papers:,} ({f.papers_new:+,} new)"),
        ("candidates", f"{f.candidates:,} waiting ({f.candidates_new:+,} new)"),
        *((f"queue {queue.list}", queue_words(queue)) for queue in f.queues),
        ("entries", f"{f.entries:,}"),
        *(_counts(f) if report.kind == "nightly" else ()),
        *(_swept(report.sweep) if report.sweep else ()),
    ]
    if report.snapshot:
        facts.append(("snapshot", _snapshot_words(report)))
        facts.append(("list files changed", _some(report.lists_changed)))
    return facts


def _counts(f: Figures) -> list[tuple[str, str]]:
    """What only a night asks for."""
    citations = f"{f.citations_known:,} (before: {f.citations_known_before:,}); "
    stars = f"{f.stars_known:,} ({f.stars_refreshed:,} refreshed); "
    return [
        ("citations known", citations + _asked(f.citations_asked, f.citations_wanted)),
        ("stars known", stars + _asked(f.stars_asked, f.stars_wanted)),
        *_ages(f),
    ]


def _ages(figures: Figures) -> list[tuple[str, str]]:
    """Says how old values are, where there are any."""
    ages = (
        ("age of citations", figures.citations_age),
        ("age of stars", figures.stars_age),
        ("age of metadata", figures.metadata_age),
    )
    return [(name, _age_words(age)) for name, age in ages if age.values]


def _age_words(age: Freshness) -> str:
    share = f"{age.fresh / age.values:.1%} of {age.values:,} no older than the policy allows"
    return f"median {age.median_days:g} days, oldest {age.oldest_days:g}; {share}"


def _asked(asked: int, wanted: int) -> str:
    return f"{asked:,} of {wanted:,} asked tonight"


def _swept(s: Sweeping) -> list[tuple[str, str]]:
    share = f"{s.recalled:,} of {s.recall_of:,}" + (f" ({s.recalled / s.recall_of:.1%})" if s.recall_of else "")
    return [
        ("records swept", f"{s.records:,} on {s.pages:,} pages, {s.papers:,} papers match a topic"),
        ("only by sweeping", _some(s.only_swept)),
        ("searches' recall", f"{share}; missed: {_some(s.missed)}"),
        ("new versions", _some(s.new_versions)),
        ("withdrawn", _some(s.withdrawn)),
    ]


def _snapshot_words(report: Report) -> str:
    if report.held_back:
        return f"{report.snapshot} stands: the new one is held back, see the causes; {_REMEDY}"
    return f"{report.snapshot}" if report.published else f"{report.snapshot} (nothing new: not published again)"


_REMEDY = (
    "nothing that readers see was changed, and the next night tries again; if it is right, run `harvester publish "
    "--publish-anyway`"
)


def _some(names: Sequence[str], most: int = 3) -> str:
    """Names the first few and counts the rest."""
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{len(names)} ({', '.join(names[:most])}{rest})" if names else "none"


def _talk_words(talk: Talk) -> str:
    outcome = talk.state if not talk.why else f"{talk.state}: {talk.why}"
    disk = f", {talk.from_disk} from disk, of an earlier try" if talk.from_disk else ""
    waited = f", waited {talk.waited_seconds:.0f} s" if talk.waited_seconds >= 1 else ""
    plural = "" if talk.requests == 1 else "s"
    asked = talk.asked if not talk.left else f"{talk.asked}, {talk.left:,} left for tomorrow"
    return f"{asked}: {outcome} ({talk.requests} request{plural}{disk}{waited})"


def to_text(report: Report) -> str:
    """Writes the report for a terminal, ending with a newline."""
    lines = [_headline(report)]
    if report.continued:
        lines.append("  continued a run of the same night that was interrupted")
    lines += [f"  {name:<18} {value}" for name, value in _facts(report)]
    lines += [f"  {talk.source + ' ' + talk.what:<26} {_talk_words(talk)}" for talk in report.talks]
    lines += [f"  note: {note}" for note in report.notes]
    lines += [f"  cause: {cause}" for cause in report.causes]
    return "\n".join(lines) + "\n"


def to_markdown(report: Report) -> str:
    """Writes the report as Markdown, for a Prefect artifact or a mail."""
    lines = [f"# {_headline(report)}", ""]
    lines += _table(("what", "figure"), _facts(report))
    rows = [_row(talk) for talk in report.talks]
    heads = ("upstream", "what", "asked", "due", "left", "outcome", "requests", "waited", "why")
    lines += ["", *_table(heads, rows)]
    for title, words in (("Notes", report.notes), ("Causes", report.causes)):
        if words:
            lines += ["", f"## {title}", "", *(f"- {word}" for word in words)]
    return "\n".join(lines) + "\n"


def _row(talk: Talk) -> tuple[str, ...]:
    asked = (
        talk.source,
        talk.what,
        talk.asked,
        f"{talk.due:,}" if talk.due else "",
        f"{talk.left:,}" if talk.due else "",
    )
    return (*asked, talk.state, str(talk.requests), f"{talk.waited_seconds:.0f} s", talk.why)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return [line(head), "|" + " --- |" * len(head), *map(line, rows)]
