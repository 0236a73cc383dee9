"""Lint lists as they would be published now, or any Markdown pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from harvester.definitions import ListDefinition
from harvester.findings import Finding
from harvester.formats.markup import mend_encoding, read_markup
from harvester.lists.lint import DECISION_RULE, OUTDATED_RULE, Linted, in_order, lint_entries, lint_pages, sort_out
from harvester.lists.lint_causes import with_causes
from harvester.lists.lint_entries import Listed
from harvester.lists.lint_pages import Drawn
from harvester.settings import Settings
from harvester.steps.known import Known
from harvester.steps.render import render
from harvester.steps.standing import Standing


def lint_lists(settings: Settings, standing: Standing, known: Known, slug: str | None, now: datetime) -> Linted:
    """Lints all lists, or the one named: today's decisions and definitions, and the pages they make.

    Pages are rendered with the facts of the latest snapshot; `now` (UTC) stands in for its time before the first one.
    """
    lists = [standing.editorial.definition(slug)] if slug else standing.editorial.lists
    found = [_lint_list(settings, standing, known, definition, now) for definition in lists]
    unread = _unread(standing, slug)
    return Linted(
        in_order(
            [*unread, *_outdated(settings, standing, slug), *(finding for one in found for finding in one.findings)]
        ),
        in_order(finding for one in found for finding in one.excepted),
    )


def _lint_list(
    settings: Settings, standing: Standing, known: Known, definition: ListDefinition, now: datetime
) -> Linted:
    entries = tuple(entry for entry in standing.folded.entries if entry.list == definition.slug)
    text = standing.editorial.texts.get(f"lists/{definition.slug}.toml", "")
    listed = Listed(
        definition=definition,
        definition_file=f"{settings.editorial.name}/lists/{definition.slug}.toml",
        definition_text=text,
        decisions_folder=f"{settings.editorial.name}/decisions",
        entries=entries,
        titles={paper.subject: paper.title for paper in known.papers if paper.title},
        mend=mend_encoding,
    )
    pages = render(entries, known.papers, known.repositories, definition, known.as_of or now, known.snapshot)
    drawn = _drawn(pages, f"{settings.lists.name}/{definition.slug}/", whole=True)
    return sort_out([*lint_entries(listed), *with_causes(lint_pages(drawn), listed, pages)], listed)


def _unread(standing: Standing, slug: str | None) -> Iterator[Finding]:
    """A decision line that cannot be used holds its list back until it is mended."""
    for mistake in (*standing.log.mistakes, *standing.log.torn):
        if slug is None or mistake.list in (None, slug):
            yield Finding(DECISION_RULE, "error", mistake.file, mistake.line, mistake.why)


def _outdated(settings: Settings, standing: Standing, slug: str | None) -> Iterator[Finding]:
    """An edit that replaced another word than the one that stands now is for a person to look at."""
    for one in standing.outdated():
        if slug in (None, one.list):
            stem, _, line = one.decision.rpartition(":")
            file = f"{settings.editorial.name}/decisions/{stem}.jsonl"
            yield Finding(OUTDATED_RULE, "warning", file, int(line or 1), one.said)


def lint_files(texts: Mapping[str, str]) -> Linted:
    """Lints Markdown pages by the rules on pages; the texts are given by the names under which they are told."""
    return Linted(in_order(lint_pages(_drawn(texts, "", whole=False))))


def _drawn(texts: Mapping[str, str], folder: str, *, whole: bool) -> Iterable[Drawn]:
    pages = {path: read_markup(text) for path, text in texts.items() if path.endswith(".md") or not whole}
    return [Drawn(folder + path, path, pages, whole, mend_encoding) for path in pages]
