"""Numbers of hand-kept lists: history with their source and the list's date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from builders import NIGHT, citations

from harvester.definitions import read_editorial
from harvester.editorial.seen import numbers_seen
from harvester.ids import Subject
from harvester.records import Decision, Observation, Wording
from harvester.steps.fold import Folded, fold
from harvester.steps.gather import Gathered

P = Subject("arxiv:2404.14294")
LISTED = datetime(2024, 5, 6, tzinfo=UTC)
SCHOLAR = "https://scholar.google.com/scholar?cites=1384818422473071126"


def accepted(number: int | None = 278, url: str | None = SCHOLAR, **more: object) -> Decision:
    words = Wording(citations_seen=number, citations_seen_url=url)
    plain = Decision("sitting:1", LISTED, "ann", "plaza", P, "accept", section="Survey", wording=words)
    return replace(plain, **more)  # type: ignore[arg-type]  # a builder: tests override single fields


def folded(decisions: list[Decision], *observations: Observation) -> Folded:
    gathered = Gathered((), (), observations, (), frozenset(), (), {})
    return fold(gathered, decisions, read_editorial({}), NIGHT)


def test_a_number_of_google_scholar_is_an_observation_of_the_lists_date() -> None:
    assert list(numbers_seen([accepted()])) == [Observation(P, "citations", "google_scholar", LISTED, 278, "ok")]


@pytest.mark.parametrize("url", [None, "", "https://www.semanticscholar.org/arxiv/2404.14294", "http://[", "None"])
def test_a_number_that_links_elsewhere_stays_with_its_entry(url: str | None) -> None:
    assert list(numbers_seen([accepted(url=url)])) == []


def test_without_a_number_nothing_is_observed() -> None:
    assert list(numbers_seen([accepted(None), accepted(wording=None)])) == []


def test_it_is_history_and_never_the_count() -> None:
    found = folded([accepted()], citations(P, 12))
    assert [(one.source, one.value) for one in found.history] == [("google_scholar", 278), ("semantic_scholar", 12)]
    assert (found.counts[P, "citations"].value, found.counts[P, "citations"].source) == (12, "semantic_scholar")


def test_it_fills_no_gap_where_nobody_else_knows() -> None:
    assert folded([accepted()]).counts == {}
    missed = folded([accepted()], citations(P, None, "not_found"))
    assert (missed.counts[P, "citations"].value, missed.counts[P, "citations"].status) == (None, "not_found")


def test_what_was_taken_back_was_never_seen() -> None:
    back = Decision("sitting:2", NIGHT, "ann", "plaza", P, "reopen", undoes="sitting:1")
    assert folded([accepted(), back]).history == ()


def test_the_same_number_in_two_lists_is_one_observation() -> None:
    assert len(folded([accepted(), accepted(id="other:1", list="other")]).history) == 1
