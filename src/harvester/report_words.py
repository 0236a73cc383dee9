"""A report as people read it: as text on a terminal, as Markdown in a Prefect artifact, in one line in a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harvester.conversations import conversation_words
from harvester.counting import counted
from harvester.report import Figures, Freshness, Report, RunKind, Sweeping, Talk
from harvester.scores import queue_words


def headline(report: Report) -> str:
    """Says in one line which run it was and how it ended."""
    words = {
        "done": "done",
        "degraded": "degraded: some of it could not be had",
        "failed": "failed",
        "running": "running",
    }
    return f"{_KINDS[report.kind]} of {report.as_of:%Y-%m-%d %H:%M} UTC: {words[report.state]}"


_KINDS: Mapping[RunKind, str] = {"nightly": "Night", "weekly": "Weekly run", "backfill": "Backfill"}


def _facts(report: Report) -> list[tuple[str, str]]:
    facts = _figures(report.figures, report.kind) if report.figures else _unknown(_FIGURES[report.kind])
    if report.kind != "nightly":
        facts += _swept(report.sweep) if report.sweep else _unknown(_SWEPT)
    if report.snapshot:
        facts.append(("snapshot", _snapshot_words(report)))
    elif report.state == "failed":
        facts.append(("snapshot", "none was made; what stood before stands"))
    changed = "not known" if report.lists_changed is None else _some(report.lists_changed)
    return [*facts, ("list files changed", changed)]


def _figures(f: Figures, kind: RunKind) -> list[tuple[str, str]]:
    return [
        ("papers", f"{f.papers:,} ({f.papers_new:+,} new)"),
        ("candidates", f"{f.candidates:,} of all lists ({f.candidates_new:+,} new)"),
        *((f"queue {queue.list}", queue_words(queue)) for queue in f.queues),
        ("entries", f"{f.entries:,}"),
        *(_counts(f) if kind == "nightly" else ()),
    ]


# What a report tells where all is well: zero is a figure, what was not reckoned is none.
_USUAL = ("papers", "candidates", "entries")
_FIGURES: Mapping[RunKind, tuple[str, ...]] = {
    "nightly": (*_USUAL, "citations known", "stars known"),
    "weekly": _USUAL,
    "backfill": _USUAL,
}
_SWEPT = ("records swept", "searches' recall")


def _unknown(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, "not computed") for name in names]


def _counts(f: Figures) -> list[tuple[str, str]]:
    """What only a night asks for."""
    citations = f"{_known(f.citations_known, f.citations_age)} (before: {f.citations_known_before:,}); "
    stars = f"{_known(f.stars_known, f.stars_age)} ({f.stars_refreshed:,} refreshed); "
    return [
        ("citations known", citations + _asked(f.citations_asked, f.citations_wanted)),
        ("stars known", stars + _asked(f.stars_asked, f.stars_wanted)),
        *_ages(f),
    ]


def _known(known: int, age: Freshness) -> str:
    """How many values are known; what is gone keeps its last one, and has no age."""
    return f"{known:,}" + (f", of which {age.gone:,} {'is' if age.gone == 1 else 'are'} gone" if age.gone else "")


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
    return f"median {_days(age.median_days)}, oldest {_days(age.oldest_days)}; {share}"


def _days(number: float | None) -> str:
    if number is None:
        return "unknown"
    return f"{number:g} day" if number == 1 else f"{number:g} days"


def _asked(asked: int, wanted: int) -> str:
    return f"{asked:,} of {wanted:,} asked tonight"


def _swept(s: Sweeping) -> list[tuple[str, str]]:
    share = f"{s.recalled:,} of {s.recall_of:,}" + (f" ({s.recalled / s.recall_of:.1%})" if s.recall_of else "")
    return [
        ("records swept", f"{counted(s.records, 'record')} on {counted(s.pages, 'page')}, {_match(s.papers)} a topic"),
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


def _match(papers: int) -> str:
    return f"{counted(papers, 'paper')} {'matches' if papers == 1 else 'match'}"


def _some(names: Sequence[str], most: int = 3) -> str:
    """Names the first few and counts the rest."""
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{len(names)} ({', '.join(names[:most])}{rest})" if names else "none"


def _talk_words(talk: Talk) -> str:
    outcome = talk.state if not talk.why else f"{talk.state}: {talk.why}"
    disk = f", {talk.from_disk} from disk, of an earlier try" if talk.from_disk else ""
    waited = f", waited {talk.waited_seconds:.0f} s" if talk.waited_seconds >= 1 else ""
    asked = talk.asked if not talk.left else f"{talk.asked}, {talk.left:,} left for tomorrow"
    return f"{asked}: {outcome} ({counted(talk.requests, 'request')}{disk}{waited})"


def to_text(report: Report) -> str:
    """Writes the report for a terminal, ending with a newline."""
    lines = [headline(report)]
    if report.continued:
        lines.append("  continued a run of the same night that was interrupted")
    lines += [f"  {name:<18} {value}" for name, value in _facts(report)]
    names = [f"{talk.source} {conversation_words(talk.what)}" for talk in report.talks]
    width = max(map(len, names), default=0)
    lines += [f"  {name:<{width}} {_talk_words(talk)}" for name, talk in zip(names, report.talks, strict=True)]
    lines += _named("note", report.notes) + _named("cause", report.causes)
    return "\n".join(lines) + "\n"


def _named(name: str, words: Sequence[str]) -> list[str]:
    """Puts the name before every line, also of words that hold several: monitors and people look for it."""
    return [f"  {name}: {line}" for word in words for line in word.splitlines()]


def to_markdown(report: Report) -> str:
    """Writes the report as Markdown, for a Prefect artifact or a mail."""
    lines = [f"# {headline(report)}", ""]
    lines += _table(("what", "figure"), _facts(report))
    rows = [_row(talk) for talk in report.talks]
    heads = ("upstream", "what", "asked", "due", "left", "outcome", "requests", "waited", "why")
    lines += ["", *_table(heads, rows)]
    for title, words in (("Notes", report.notes), ("Causes", report.causes)):
        if words:
            lines += ["", f"## {title}", "", *(f"- {line}" for word in words for line in word.splitlines())]
    return "\n".join(lines) + "\n"


def _row(talk: Talk) -> tuple[str, ...]:
    asked = (
        talk.source,
        conversation_words(talk.what),
        talk.asked,
        f"{talk.due:,}" if talk.due else "",
        f"{talk.left:,}" if talk.due else "",
    )
    return (*asked, talk.state, str(talk.requests), f"{talk.waited_seconds:.0f} s", talk.why)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return [line(head), "|" + " --- |" * len(head), *map(line, rows)]
