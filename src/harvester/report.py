"""What a run says: counts, causes, exit code; one noun, written as JSON, as text and as Markdown.

The report is the truth about a run. Prefect's own rows are for display: in embedded mode the last events are lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

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


@dataclass(frozen=True, slots=True)
class Figures:
    """What the snapshot holds, and what this run changed against the one before."""

    papers: int = 0
    papers_new: int = 0
    candidates: int = 0
    candidates_new: int = 0
    entries: int = 0
    citations_asked: int = 0
    citations_known_before: int = 0
    citations_known: int = 0
    citations_failed: int = 0  # asked tonight, and no usable answer
    stars_asked: int = 0
    stars_refreshed: int = 0
    stars_failed: int = 0
    stars_known: int = 0


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
    return f"Night of {report.as_of:%Y-%m-%d %H:%M} UTC: {words[report.state]}"


def _facts(report: Report) -> list[tuple[str, str]]:
    f = report.figures
    facts = [
        ("papers", f"{f.papers:,} ({f.papers_new:+,} new)"),
        ("candidates", f"{f.candidates:,} waiting ({f.candidates_new:+,} new)"),
        ("entries", f"{f.entries:,}"),
        (
            "citations known",
            f"{f.citations_known:,} of {f.citations_asked:,} asked (before: {f.citations_known_before:,})",
        ),
        ("stars refreshed", f"{f.stars_refreshed:,} of {f.stars_asked:,} asked (known: {f.stars_known:,})"),
    ]
    if report.snapshot:
        facts.append(("snapshot", _snapshot_words(report)))
        facts.append(("list files changed", _some(report.lists_changed)))
    return facts


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
    return f"{talk.asked}: {outcome} ({talk.requests} request{plural}{disk}{waited})"


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
    rows = [(t.source, t.what, t.asked, t.state, str(t.requests), t.why) for t in report.talks]
    lines += ["", *_table(("upstream", "what", "asked", "outcome", "requests", "why"), rows)]
    for title, words in (("Notes", report.notes), ("Causes", report.causes)):
        if words:
            lines += ["", f"## {title}", "", *(f"- {word}" for word in words)]
    return "\n".join(lines) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return [line(head), "|" + " --- |" * len(head), *map(line, rows)]
