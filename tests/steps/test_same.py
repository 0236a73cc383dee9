from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from deciding_world import Team, settle_in

from harvester.errors import DecisionError
from harvester.steps.decide import accept, defer, reject
from harvester.steps.item import Given, add_item
from harvester.steps.same import apart, same
from harvester.steps.standing import subject_named
from harvester.steps.undo import undo

A, B, C, OF_MOE = "2405.00001", "2405.00002", "2405.00003", "2405.00004"


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(settle_in(tmp_path))


@pytest.fixture
def chain(team: Team) -> Team:
    """The first is the second, which is the third."""
    for one, other in ((A, B), (B, C)):
        same(team.standing(), one, other, team.signed(), "efficient")
    return team


@pytest.mark.parametrize("decide", [same, apart])
@pytest.mark.parametrize(("one", "other"), [(A, "9901.00001"), ("9901.00001", A), (A, "10.1145/1.2")])
def test_a_slip_in_an_id_makes_no_paper_vanish(team: Team, decide: object, one: str, other: str) -> None:
    assert callable(decide)
    with pytest.raises(DecisionError, match=r"nothing is known of .*: look at the id"):
        decide(team.standing(), one, other, team.signed(), "efficient")
    assert team.queue() == ["1", "2", "3"] and team.standing().log.decisions == ()


def test_what_a_list_alone_knows_may_be_joined(team: Team) -> None:
    accept(team.standing(), ["10.1145/1.2"], team.signed(), "efficient", section="Survey")
    done = same(team.standing(), A, "10.1145/1.2", team.signed(), "efficient")
    assert done.said == "the same as doi:10.1145/1.2, which stays" and team.queue() == ["2", "3"]


def test_a_paper_without_a_place_in_the_list_is_not_what_stays(team: Team) -> None:
    done = same(team.standing(), A, OF_MOE, team.signed(), "efficient")
    assert done.subject == f"arxiv:{OF_MOE}" and f"arxiv:{A}, which stays (" in done.said
    assert team.queue() == ["1", "2", "3"]


@pytest.mark.parametrize("named", [A, B, C])
def test_who_accepts_any_paper_of_a_group_accepts_the_one_that_stays(chain: Team, named: str) -> None:
    assert chain.queue() == ["3"]
    done = accept(chain.standing(), [named], chain.signed(), "efficient")[0]
    assert done.subject == f"arxiv:{C}" and done.said.startswith("accepted into Network Pruning")
    assert ("is the same paper" in done.said) == (named != C)
    assert chain.sections() == {"3": "Network Pruning"} and chain.queue() == []
    standing = chain.standing()
    assert {standing.state(decision) for decision in standing.log.decisions} == {"stands"}


def test_who_defers_or_rejects_a_paper_that_is_another_means_that_one(chain: Team) -> None:
    defer(chain.standing(), [A], chain.signed(), date(2024, 7, 1), "efficient")
    assert chain.queue() == []
    done = reject(chain.standing(), [A], chain.signed(), "off topic", "efficient")[0]
    assert done.subject == f"arxiv:{C}" and done.said.endswith(f"; arxiv:{A} is the same paper")


def test_what_is_listed_is_not_taken_off_by_the_name_of_its_twin(chain: Team) -> None:
    accept(chain.standing(), [C], chain.signed(), "efficient")
    with pytest.raises(
        DecisionError,
        match=f"arxiv:{C}, which is listed: reject that one, or `harvester undo (\\S+-ann-s0:1)` first",
    ) as refused:
        reject(chain.standing(), [A], chain.signed(), "off topic", "efficient")
    assert chain.sections() == {"3": "Network Pruning"}
    undo(chain.standing(), str(refused.value).split("`")[1].split()[-1], chain.signed())
    reject(chain.standing(), [A], chain.signed(), "off topic", "efficient")
    assert chain.sections() == {"3": "Network Pruning"}


@pytest.mark.parametrize("given", [Given(title="Another"), Given()], ids=["words", "no words"])
def test_words_for_a_paper_that_is_another_do_not_overwrite_those_of_that_one(chain: Team, given: Given) -> None:
    add_item(chain.standing(), subject_named(C), Given(title="Its own"), chain.signed(), "efficient", None)
    before = chain.standing().log.decisions
    told = f"arxiv:{A} is held to be the same as arxiv:{C}: name that one, or `harvester undo "
    with pytest.raises(DecisionError, match=told):
        add_item(chain.standing(), subject_named(A), given, chain.signed(), "efficient", None)
    assert chain.standing().log.decisions == before


def test_all_papers_of_a_group_are_told_with_what_joins_them(chain: Team) -> None:
    told = dict(chain.standing().twins_of(subject_named(C)))
    assert {*told} == {f"arxiv:{A}", f"arxiv:{B}"}
    assert told[subject_named(A)].evidence.endswith(f", by way of arxiv:{B}")
    assert "by way of" not in told[subject_named(B)].evidence


def test_what_is_held_apart_is_not_told_as_the_same_by_way_of_a_third(chain: Team) -> None:
    apart(chain.standing(), A, C, chain.signed(), "efficient")
    told = {one: [other for other, _ in chain.standing().twins_of(subject_named(one))] for one in (A, B, C)}
    assert told == {A: [f"arxiv:{B}"], B: [f"arxiv:{A}"], C: []}  # as the queue has it


@pytest.mark.parametrize(("one", "other"), [(A, B), (B, A)])
def test_who_holds_two_apart_again_has_nothing_to_do(team: Team, one: str, other: str) -> None:
    first = apart(team.standing(), A, B, team.signed("ann"), "efficient")
    done = apart(team.standing(), one, other, team.signed("bob"), "efficient")
    assert done.said == f"held apart from arxiv:{other} already by ann ({first.decisions[0]}); nothing to do"
    assert len(team.standing().log.decisions) == 1 and done.decisions == ()
    undo(team.standing(), A, team.signed())
    assert apart(team.standing(), one, other, team.signed(), "efficient").decisions


def test_what_is_shown_as_two_already_is_said_to_stay_two(team: Team) -> None:
    done = apart(team.standing(), A, B, team.signed(), "efficient")
    assert done.said == f"not the same as arxiv:{B}; both are shown already, and stay two"
    hidden = apart(team.standing(), A, OF_MOE, team.signed(), "efficient")
    assert "the next snapshot (`harvester publish`) no longer takes them for one" in hidden.said


def test_two_people_who_join_a_pair_both_ways_leave_one_to_decide_on(team: Team) -> None:
    before = team.standing()
    same(before, A, B, team.signed("ann"), "efficient")
    same(before, B, A, team.signed("bob"), "efficient")
    (left, other) = team.queue()
    assert left in ("1", "2") and other == "3"
    accept(team.standing(), [f"2405.0000{left}"], team.signed(), "efficient")
    assert team.queue() == ["3"] and team.sections() == {left: "Network Pruning"}
