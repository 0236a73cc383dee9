"""Which entries the front page of a table shows, and on which pages sections stand."""

from __future__ import annotations

from datetime import date

import pytest
from list_builders import AS_OF, SNAPSHOT, a_list, entry, paper

from harvester.definitions import SectionDefinition
from harvester.lists.compose import compose, stray_sections
from harvester.lists.lines import Facts
from harvester.pages import Page
from harvester.records import Entry

KNOWN = Facts.of([paper("arxiv:2405.00001")], [])  # first version of 2024-06-01
POST = "url:https://example.org/post"


def front(*listed: Entry) -> Page:
    return compose(listed, KNOWN, a_list("table"), AS_OF, SNAPSHOT)[0]


@pytest.mark.parametrize(
    ("one", "day"),
    [
        (entry("arxiv:2405.00001"), date(2024, 6, 1)),
        (entry("arxiv:2405.00002"), date(2024, 5, 31)),
        (
            entry("arxiv:2406.00002"),
            AS_OF.date(),
        ),  # of this month, whose end is to come: it was there when it was listed
        (entry("arxiv:2012.00002"), date(2020, 12, 31)),
        (entry("arxiv:cs/9912001"), date(1999, 12, 31)),
        (entry("arxiv:2005.00002", listed_on="2024-05-29"), date(2024, 5, 29)),
        (entry("arxiv:2405.00002", listed_on="2020-01-01"), date(2020, 1, 1)),
        (entry("arxiv:2005.00002", listed_on="05/29"), date(2020, 5, 31)),  # a day without year tells none
        (entry(POST, order=None), AS_OF.date()),  # accepted one by one
        (entry(POST, order=1), None),  # taken over from a hand-kept list
    ],
)
def test_an_entry_is_as_new_as_something_tells(one: Entry, day: date | None) -> None:
    assert KNOWN.day_of(one) == day
    shown = [line.subject for section in front(one).sections for line in section.lines]
    assert shown == ([one.subject] if day and day >= date(2024, 5, 5) else [])


def test_what_was_taken_over_today_is_not_new_today() -> None:
    old = [entry(f"arxiv:2{year}05.0000{n}", order=n) for year in (0, 1, 2, 3) for n in range(1, 5)]
    assert front(*old).sections == ()


def test_a_page_that_one_section_names_is_no_other_sections_by_chance() -> None:
    sections = (SectionDefinition("Quant", "Quant", 1), SectionDefinition("Other", "Other", 1, page="quant.md"))
    pages = compose((), KNOWN, a_list("table", sections=sections), AS_OF, SNAPSHOT)
    assert {page.path: [section.path for section in page.sections] for page in pages[1:]} == {
        "quant_2.md": ["Quant"],
        "quant.md": ["Other"],
    }


def test_sections_that_share_a_page_on_purpose_stand_in_the_index_both() -> None:
    sections = (
        SectionDefinition("Quant", "Quant", 1, page="quant.md"),
        SectionDefinition("Quant / Papers", "Papers", 2),
        SectionDefinition("Other", "Other", 1, page="quant.md"),
    )
    index = compose((), KNOWN, a_list("table", sections=sections), AS_OF, SNAPSHOT)[0].index
    assert [(line.title, line.page) for line in index] == [("Quant", "quant.md"), ("Other", "quant.md")]


def test_sections_that_the_definition_lacks_are_counted() -> None:
    listed = [entry("arxiv:2405.00001", "Gone"), entry("arxiv:2405.00002", "gone"), entry("arxiv:2405.00003")]
    assert dict(stray_sections(a_list("table", "Quantization"), listed)) == {"Gone": 2}
