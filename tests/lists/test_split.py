"""Pages that have grown too long: whole, in order, and steady when an entry comes in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from list_builders import AS_OF, SNAPSHOT, a_list, entry, paper

from harvester.definitions import STYLES, Style
from harvester.lists.split import split
from harvester.pages import Line, Page, PageLink, Section
from harvester.steps.adopt_pages import read_pages
from harvester.steps.render import render

LIMIT = 20_000


def line(number: int, size: int = 100) -> Line:
    return Line(f"arxiv:2405.{number:05}", 1, "x" * size, PageLink("x", "https://example.org"))  # type: ignore[arg-type]  # a subject as text


def page(*sections: list[Line]) -> Page:
    made = [Section(f"S{n}", f"S{n}", 1, "prose", tuple(lines)) for n, lines in enumerate(sections)]
    return Page("papers.md", "Papers", tuple(made), head="head", foot="foot")


def weigh_line(_: Page, one: Line) -> int:
    return len(one.title)


def weigh(one: Page) -> int:
    return sum(len(found.title) + 1 for section in one.sections for found in section.lines) + 1000


def parts_of(one: Page, longest: int = LIMIT) -> tuple[Page, ...]:
    return split(one, weigh, weigh_line, lambda _: (), longest)


def members(parts: tuple[Page, ...]) -> dict[str, list[str]]:
    return {part.path: [found.subject for s in part.sections for found in s.lines] for part in parts}


def test_a_page_that_is_short_enough_stays_whole() -> None:
    whole = page([line(n) for n in range(60)])

    assert parts_of(whole) == (whole,)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(1, 3000), max_size=80), min_size=1, max_size=4))
def test_parts_hold_every_line_once_in_order_and_none_is_too_long(sizes: list[list[int]]) -> None:
    numbers = iter(range(1000))
    whole = page(*([line(next(numbers), size) for size in group] for group in sizes))
    parts = parts_of(whole)

    assert [x for s in whole.sections for x in s.lines] == [x for p in parts for s in p.sections for x in s.lines]
    assert all(weigh(part) <= LIMIT or sum(len(s.lines) for s in part.sections) == 1 for part in parts)
    told = [section.path for part in parts for section in part.sections if section.prose]
    assert told == [section.path for section in whole.sections], "prose stands where its section begins"
    assert (parts[0].path, parts[0].head, {part.foot for part in parts[1:]} <= {""}) == ("papers.md", "head", True)
    assert [part.later for part in parts[:-1]] == [part.path for part in parts[1:]]
    assert [part.earlier for part in parts[1:]] == [part.path for part in parts[:-1]]


def test_an_entry_more_changes_the_part_it_stands_in_and_no_other() -> None:
    before = members(parts_of(page([line(n) for n in range(2000)])))
    assert len(before) > 10
    moved = []
    for at in range(0, 2000, 97):
        lines = [line(n) for n in range(2000)]
        lines.insert(at, line(90_000 + at))
        after = members(parts_of(page(lines)))
        moved.append(sum(after.get(path) != held for path, held in before.items()))

    assert max(moved) <= 3 and sorted(moved)[len(moved) // 2] == 1


@pytest.mark.parametrize("style", STYLES)
def test_a_list_in_parts_reads_back_whole_with_a_table_of_contents_that_leads_there(style: Style) -> None:
    paths = ["Pruning", "Pruning / Papers", "Pruning / Other", "Tuning"]
    definition = a_list(style, *paths)
    definition = replace(definition, sections=tuple(replace(s, prose=f"On {s.path}.") for s in definition.sections))
    authors = "Somebody with a long name, " * 30
    listed = [
        entry(f"arxiv:2405.{n:05}", paths[n // 450 % 4], n % 450 + 1, title=f"T {n}", authors=authors)
        for n in range(1800)
    ]
    texts = render(listed, [paper(one.subject, 3) for one in listed], [], definition, AS_OF, SNAPSHOT)

    assert len(texts) > 4 and max(len(text.encode()) for text in texts.values()) < 500_000
    again = read_pages(texts, style)
    assert [(p.entry.subject, p.entry.section, p.order) for p in again.entries] == [
        (one.subject, one.section, one.order) for one in listed
    ]
    assert [(s.path, s.prose) for s in again.sections] == [(path, f"On {path}.") for path in paths]
    if style == "bullets":
        assert "- [Tuning](README-from-" in texts["README.md"] and ".md#tuning)" in texts["README.md"]
