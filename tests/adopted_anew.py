"""Rendered pages, adopted as a new list by somebody who has nothing else: the entries must be the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime

from harvester.definitions import ListDefinition, Style
from harvester.ids import Subject
from harvester.lists.compose import compose
from harvester.lists.lines import Facts
from harvester.records import Decision, Wording
from harvester.steps.adopt_pages import read_pages
from harvester.steps.standing import Standing

AT = datetime(2026, 11, 1, tzinfo=UTC)
Listed = tuple[str, Subject, Wording]  # section, and the words that pages show


def listed(definition: ListDefinition, standing: Standing) -> list[Listed]:
    """The entries of a list in the order of its pages."""
    own = {(one.subject, one.place): one.wording for one in standing.folded.entries if one.list == definition.slug}
    return [
        (section.path, line.subject, shown(own[line.subject, line.place], definition.style))
        for page in compose(standing.folded.entries, Facts.of((), ()), definition, AT, "")
        if page.window is None
        for section in page.sections
        for line in section.lines
    ]


def assert_same(there: list[Listed], here: list[Listed]) -> None:
    assert [(path, subject) for path, subject, _ in here] == [(path, subject) for path, subject, _ in there]
    assert [
        (subject, field.name, getattr(own, field.name), getattr(read, field.name))
        for (_, subject, own), (_, _, read) in zip(there, here, strict=True)
        for field in fields(Wording)
        if getattr(own, field.name) != getattr(read, field.name)
    ] == []


def shown(words: Wording, style: Style) -> Wording:
    """Without what a page of this style does not show."""
    found = replace(words, citations_seen=None, citations_seen_url=None)
    return found if style == "table" else replace(found, figure_width=None, listed_on=None)


def read_anew(pages: Mapping[str, str], definition: ListDefinition) -> list[Decision]:
    """The entries of pages that somebody adopts as a new list."""
    return [
        Decision("", AT, "ann", definition.slug, one.entry.subject, "accept", one.place, section=one.entry.section,
                 order=one.order, wording=one.entry.wording)
        for one in read_pages(pages, definition.style).entries
    ]  # fmt: skip
