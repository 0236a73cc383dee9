"""Lint lists as they would be published now, or any Markdown pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from harvester.definitions import ListDefinition
from harvester.errors import ListError
from harvester.findings import Finding
from harvester.formats.markup import mend_encoding, read_markup
from harvester.lists.lint import (
    DECISION_RULE,
    DEFINITION_RULE,
    OUTDATED_RULE,
    Linted,
    in_order,
    lint_entries,
    lint_pages,
    sort_out,
)
from harvester.lists.lint_causes import with_causes
from harvester.lists.lint_entries import Listed
from harvester.lists.lint_pages import PAGE_RULES, Drawn
from harvester.settings import Settings
from harvester.steps.known import Known
from harvester.steps.render import render
from harvester.steps.spoken import spoken
from harvester.steps.standing import Standing

_SPOT = re.compile(r"(\S+?\.(?:toml|j2|md))(?:(?:, line |:)(\d+))?: (.*)", re.DOTALL)
UNCLOSED = "unclosed-block"
_END_IT = "end it, or take it out"


def lint_lists(settings: Settings, standing: Standing, known: Known, slug: str | None, now: datetime) -> Linted:
    """Lints all lists, or the one named: today's decisions and definitions, and the pages they make.

    Pages are rendered with the facts of the latest snapshot; `now` (UTC) stands in for its time before the first one.
    """
    lists = [one for one in standing.editorial.lists if slug in (None, one.slug)]
    if slug and not lists and slug not in standing.editorial.broken:
        standing.editorial.definition(slug)  # names the lists there are
    found = [_lint_list(settings, standing, known, definition, now) for definition in lists]
    of_all = [
        *_unread(settings, standing, slug),
        *_broken(settings, standing, slug),
        *_outdated(settings, standing, slug),
    ]
    return Linted(
        in_order([*of_all, *(finding for one in found for finding in one.findings)]),
        in_order(finding for one in found for finding in one.excepted),
    )


def _lint_list(
    settings: Settings, standing: Standing, known: Known, definition: ListDefinition, now: datetime
) -> Linted:
    entries = tuple(entry for entry in standing.folded.entries if entry.list == definition.slug)
    text = standing.editorial.texts.get(f"lists/{definition.slug}.toml", "")
    listed = Listed(
        definition=definition,
        definition_file=f"{standing.spoken}/lists/{definition.slug}.toml",
        definition_text=text,
        decisions_folder=f"{standing.spoken}/decisions",
        entries=entries,
        titles={paper.subject: paper.title for paper in known.papers if paper.title},
        mend=mend_encoding,
    )
    try:
        pages = render(entries, known.papers, known.repositories, definition, known.as_of or now, known.snapshot)
    except ListError as error:  # of a template: the pages of this list cannot be looked at, its entries can
        told = [*lint_entries(listed), *_unclosed(listed), *_mistakes(settings, error.mistakes)]
        return sort_out(told, listed)
    folder = settings.lists / definition.slug
    drawn = _drawn(
        {path: text for path, text in pages.items() if path.endswith(".md")},
        f"{spoken(settings, settings.lists)}/{definition.slug}/",
        lambda path: path in pages or (folder / path).exists(),
    )
    of_texts = list(_unclosed(listed))
    of_pages = (found for found in lint_pages(drawn) if not of_texts or found.rule != UNCLOSED)
    return sort_out([*lint_entries(listed), *of_texts, *with_causes(of_pages, listed, pages)], listed)


def _unclosed(listed: Listed) -> Iterator[Finding]:
    """Looks at head, foot and prose one by one: in the page, what opens in one of them may seem to end in another."""
    own = listed.definition_file.removesuffix(".toml")
    severity = PAGE_RULES[UNCLOSED].severity
    for name in ("head", "foot"):
        text = listed.definition.head if name == "head" else listed.definition.foot
        for line, said in read_markup(text).unclosed:
            yield Finding(UNCLOSED, severity, f"{own}.{name}.md", line, f"{said}: {_END_IT}")
    for section in listed.definition.sections:
        for line, said in read_markup(section.prose).unclosed:
            spot = listed.in_definition(section.prose.split("\n")[line - 1], "", section.path)
            told = f'in the prose of "{section.path}", {said}: {_END_IT}'
            yield Finding(UNCLOSED, severity, spot.file, spot.line, told, None, section.path)


def _unread(settings: Settings, standing: Standing, slug: str | None) -> Iterator[Finding]:
    """A decision line that cannot be used holds its list back until it is mended."""
    for mistake in (*standing.log.mistakes, *standing.log.torn):
        if slug is None or mistake.list in (None, slug):
            yield Finding(DECISION_RULE, "error", spoken(settings, Path(mistake.file)), mistake.line, mistake.why)


def _broken(settings: Settings, standing: Standing, slug: str | None) -> Iterator[Finding]:
    for name, mistakes in standing.editorial.broken.items():
        if slug in (None, name):
            yield from _mistakes(settings, mistakes)


def _mistakes(settings: Settings, mistakes: Iterable[str]) -> Iterator[Finding]:
    """What is wrong with the texts of a list; each names its file, and mostly its line."""
    folder = settings.editorial
    for mistake in mistakes:
        text = mistake.removeprefix(f"{folder.as_posix()}/").removeprefix(f"{folder.name}/")
        found = _SPOT.match(text)
        file, line, said = (found[1], int(found[2] or 1), found[3]) if found else ("lists", 1, text)
        file = f"{spoken(settings, folder)}/{file}"
        yield Finding(DEFINITION_RULE, "error", file, line, said)


def _outdated(settings: Settings, standing: Standing, slug: str | None) -> Iterator[Finding]:
    """An edit that replaced another word than the one that stands now is for a person to look at."""
    for one in standing.outdated():
        if slug in (None, one.list):
            stem, _, line = one.decision.rpartition(":")
            file = f"{standing.spoken}/decisions/{stem}.jsonl"
            yield Finding(OUTDATED_RULE, "warning", file, int(line or 1), one.said)


def lint_files(texts: Mapping[str, str]) -> Linted:
    """Lints Markdown pages by the rules on pages; the texts are given by the names under which they are told."""
    return Linted(in_order(lint_pages(_drawn(texts, "", lambda path: Path(path).exists()))))


def _drawn(texts: Mapping[str, str], folder: str, there: Callable[[str], bool]) -> Iterable[Drawn]:
    pages = {path: read_markup(text) for path, text in texts.items()}
    return [Drawn(folder + path, path, pages, there, mend_encoding) for path in pages]
