"""A repository is renamed and somebody else takes its name between two nights: told in the report, not taken for growth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from night_runner import run_night

from harvester.rehearsal import NIGHTS, Rehearsal, World, rehearse
from harvester.rehearsal.facts import RepositoryEvent, RepositoryFacts
from harvester.settings import Settings

NAME = "vahe1994/aqlm"


def taken_world() -> World:
    world = World.load()
    noon = NIGHTS[0] + timedelta(hours=9)

    def of_repository(facts: RepositoryFacts) -> RepositoryFacts:
        if facts.name.lower() != NAME:
            return facts
        moved = RepositoryEvent(noon, "renamed", "elsewhere/aqlm")
        return replace(facts, events=(moved,), created=NIGHTS[0] - timedelta(days=30))

    first = next(one for one in world.repositories if one.name.lower() == NAME)
    other = replace(first, id=999_999_999, node_id="R_other", created=noon, pushed=None, events=())
    return World(world.papers.values(), [*map(of_repository, world.repositories), other])


@pytest.fixture
def rehearsal() -> Iterator[Rehearsal]:
    with rehearse(world=taken_world()) as running:
        yield running


def test_a_name_taken_between_two_nights_is_told_in_the_night_that_sees_it(
    settings: Settings, rehearsal: Rehearsal
) -> None:
    told = []
    for night in NIGHTS[:3]:
        rehearsal.move_to(night)
        notes = run_night(settings, night).notes
        told.append([note for note in notes if note.startswith(f"github:{NAME} is now another repository")])
    assert [len(notes) for notes in told] == [0, 1, 0]
