"""A night in which one count changed changes one line of each page that shows it, as `git diff --numstat` counts."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from night_runner import run_night

from harvester.rehearsal import NIGHTS, Rehearsal, World, rehearse
from harvester.rehearsal.facts import PaperFacts, RepositoryFacts, Tally
from harvester.settings import Settings
from harvester.steps.adopt import Adopting
from harvester.steps.adopt_again import adopt_again
from harvester.steps.replay import replay

PAPER, REPOSITORY = "2405.17233", "vahe1994/aqlm"
FRONT, SECTION = "efficient-llm/README.md", "efficient-llm/quantization.md"


def still(tally: Tally | None, steps: tuple[tuple[date, int], ...] = ()) -> Tally | None:
    """A count that does not grow by itself, from its value of the first night on."""
    if tally is None or tally.steps is None:
        return tally
    first = (date(2024, 5, 20), tally.value(NIGHTS[0]) or 0)
    return replace(tally, steps=(first, *((day, first[1] + more) for day, more in steps)), per_day=0.0)


def calm_world() -> World:
    """The rehearsal's world without growth; one paper gains a citation on the second night, one repository a star."""
    world = World.load()
    gain = ((NIGHTS[1].date(), 1),)

    def of_paper(facts: PaperFacts) -> PaperFacts:
        return replace(
            facts,
            versions=facts.versions[:1],
            semantic_scholar=still(facts.semantic_scholar, gain if facts.id == PAPER else ()),
            openalex=still(facts.openalex),
        )

    def of_repository(facts: RepositoryFacts) -> RepositoryFacts:
        stars = still(facts.stars, gain if facts.name.lower() == REPOSITORY else ())
        assert stars
        young = facts.name.lower() == REPOSITORY  # so that it is asked every night
        return replace(
            facts, stars=stars, events=(), created=NIGHTS[0] - timedelta(days=30) if young else facts.created
        )

    return World(map(of_paper, world.papers.values()), map(of_repository, world.repositories))


@pytest.fixture
def rehearsal() -> Iterator[Rehearsal]:
    with rehearse(world=calm_world()) as running:
        yield running


def lists(folder: Path) -> dict[str, list[str]]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8").split("\n") for path in found}


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    """By file the lines that `git diff --numstat` counts as added."""
    found = {}
    for name in after:
        diff = list(difflib.unified_diff(before.get(name, []), after[name], n=0, lineterm=""))[2:]
        if diff:
            found[name] = [line[1:] for line in diff if line[0] == "+"]
    return found


@pytest.fixture
def two_nights(settings: Settings, rehearsal: Rehearsal) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The lists after the first night and after the second."""
    run_night(settings, NIGHTS[0])
    before = lists(settings.lists)
    rehearsal.move_to(NIGHTS[1])
    run_night(settings, NIGHTS[1])
    return before, lists(settings.lists)


def test_one_citation_and_one_star_change_one_line_each_on_every_page_that_shows_them(
    two_nights: tuple[dict[str, list[str]], dict[str, list[str]]],
) -> None:
    found = changed(*two_nights)

    assert {FRONT, SECTION} <= found.keys() and len(found) == 3  # the other list counts the same repository
    for name, lines in found.items():
        moved = [("citation: [**5**]" in line, "Star 796" in line) for line in lines]
        assert sorted(moved) == ([(False, True), (True, False)] if name in (FRONT, SECTION) else [(False, True)])


def test_what_the_dated_lines_say_stays_true(
    settings: Settings, two_nights: tuple[dict[str, list[str]], dict[str, list[str]]]
) -> None:
    front, section = (two_nights[1][name] for name in (FRONT, SECTION))

    assert any("as of 2024-06-03 or later." in line for line in front)
    assert any("as of 2024-06-03 or later." in line for line in section)
    assert "## Papers from 2024-05-05 to 2024-06-03" in front
    assert replay(settings).identical


def test_a_page_of_an_older_name_is_no_edit_although_its_counts_are_newer(
    settings: Settings, two_nights: tuple[dict[str, list[str]], dict[str, list[str]]]
) -> None:
    folder = "efficient-llm/"
    pages = {name.removeprefix(folder): "\n".join(lines) for name, lines in two_nights[1].items() if name[-3:] == ".md"}
    pages = {name: text for name, text in pages.items() if "/" not in name and name != "CHANGES.md"}
    adopting = Adopting("ann", datetime(2024, 6, 4, 12, tzinfo=UTC), "aaaa")

    done = adopt_again(settings, pages, "efficient-llm", adopting, {}, removals=True, dry_run=True)

    assert (done.decisions, done.texts.done, done.unknown) == ((), (), ())


def test_a_page_that_gains_an_entry_is_dated_anew(
    settings: Settings, rehearsal: Rehearsal, two_nights: tuple[dict[str, list[str]], dict[str, list[str]]]
) -> None:
    accept = {"at": "2024-06-04T08:00:00Z", "by": "ann", "list": "efficient-llm", "subject": "arxiv:2301.00774"}
    line = {**accept, "act": "accept", "section": "Quantization", "wording": {"title": "One shot"}}
    sitting = settings.editorial / "decisions" / "2024-06-04T080000Z-ann-aaaa.jsonl"
    sitting.write_text(json.dumps(line) + "\n", encoding="utf-8")
    rehearsal.move_to(NIGHTS[2])
    run_night(settings, NIGHTS[2])

    found = changed(two_nights[1], lists(settings.lists))

    assert any("as of 2024-06-05 or later." in line and "snapshot 2024-06-05T" in line for line in found[SECTION])
    assert FRONT not in found  # the paper is older than the window
