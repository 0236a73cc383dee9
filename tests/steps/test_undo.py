from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from deciding_world import Team, settle_in

from harvester.errors import DecisionError, SettingsError
from harvester.records import Decision
from harvester.steps.decide import accept, reject
from harvester.steps.same import apart, same
from harvester.steps.standing import history, subject_named
from harvester.steps.undo import undo

A, B, C, OF_BOTH = "2405.00001", "2405.00002", "2405.00004", "2405.00003"


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(settle_in(tmp_path))


def holding(team: Team) -> set[tuple[str, str]]:
    """What stands now: the act and the last figure of the paper."""
    standing = team.standing()
    verdicts: list[Decision] = [*standing.folded.standing.values(), *standing.folded.paired]
    return {(decision.act, decision.subject[-1]) for decision in verdicts}


def test_a_paper_that_waits_in_another_list_needs_the_list(team: Team) -> None:
    accept(team.standing(), [OF_BOTH], team.signed("import"), slug="moe", section="Papers")
    with pytest.raises(DecisionError, match="is known to several lists; say which one with --list: efficient, moe"):
        undo(team.standing(), OF_BOTH, team.signed("bob"))
    assert holding(team) == {("accept", "3")}
    done = undo(team.standing(), OF_BOTH, team.signed("bob"), "moe")
    assert "took back accept of arxiv:2405.00003 by import, not by bob, on 2024-06-03 at" in done.said
    assert holding(team) == set()


def test_the_own_decision_is_taken_back_without_ado(team: Team) -> None:
    accept(team.standing(), [A], team.signed("ann"))
    assert "by ann (2024" in undo(team.standing(), A, team.signed("ann")).said


def test_a_list_that_there_is_not_is_refused(team: Team) -> None:
    accept(team.standing(), [A], team.signed())
    with pytest.raises(SettingsError, match="lists: efficient, moe"):
        undo(team.standing(), A, team.signed(), "eficient")


@pytest.mark.parametrize("member", [A, B])
def test_undo_of_either_paper_takes_the_join_back_where_that_is_newest(team: Team, member: str) -> None:
    accept(team.standing(), [A], team.signed("ann"))
    joined = same(team.standing(), A, B, team.signed("bob"), "efficient")
    assert joined.subject.endswith(B) and f"{A}, which stays (arxiv:{B} is not listed)" in joined.said
    done = undo(team.standing(), member, team.signed("bob"), "efficient")
    assert f"took back that arxiv:{B} is the same as arxiv:{A} by bob (" in done.said
    assert holding(team) == {("accept", "1")} and team.queue() == ["2", "3"]


@pytest.mark.parametrize("member", [A, B])
def test_two_that_were_held_apart_are_so_no_longer(team: Team, member: str) -> None:
    apart(team.standing(), A, B, team.signed(), "efficient")
    assert "is not the same as" in undo(team.standing(), member, team.signed()).said
    assert team.standing().folded.paired == ()


def test_a_later_decision_goes_before_the_join(team: Team) -> None:
    same(team.standing(), A, B, team.signed(), "efficient")
    accept(team.standing(), [B], team.signed())
    assert "took back accept of" in undo(team.standing(), B, team.signed()).said
    assert "is the same as" in undo(team.standing(), B, team.signed()).said
    assert holding(team) == set() and team.queue() == ["1", "2", "3"]


@pytest.mark.parametrize("through", [A, B])
def test_what_was_decided_through_a_joined_paper_goes_before_the_join(team: Team, through: str) -> None:
    accept(team.standing(), [C], team.signed(), slug="efficient", section="Survey")
    same(team.standing(), A, B, team.signed(), "efficient")
    same(team.standing(), B, OF_BOTH, team.signed(), "efficient")
    (accepted,) = accept(team.standing(), [through], team.signed(), "efficient")
    assert accepted.subject == f"arxiv:{OF_BOTH}"
    log = [one.id for one in history(team.standing(), "efficient", subject_named(through))]
    assert log[0] == accepted.decisions[0] and len(log) == 3
    said = undo(team.standing(), through, team.signed()).said
    assert "took back accept of" in said and said.endswith(f"; arxiv:{through} is the same paper")
    assert next(history(team.standing(), None, subject_named(through))).undoes == accepted.decisions[0]
    newest = undo(team.standing(), through, team.signed()).said
    assert f"took back that arxiv:{B} is the same as arxiv:{OF_BOTH}" in newest
    undo(team.standing(), A, team.signed())
    assert holding(team) == {("accept", C[-1])}


def test_of_one_second_a_join_goes_before_what_was_decided_on_the_other_paper(team: Team) -> None:
    signed = team.signed()
    accept(team.standing(), [A], replace(signed, suffix="z"), "efficient")
    same(team.standing(), B, A, replace(signed, suffix="a"), "efficient")
    assert "is the same as" in undo(team.standing(), B, team.signed()).said


def test_who_names_a_joined_paper_takes_back_the_own_side_of_a_contradiction(team: Team) -> None:
    same(team.standing(), A, B, team.signed(), "efficient")
    before = team.standing()
    accept(before, [A], team.signed("ann"), "efficient")
    reject(before, [A], team.signed("bob"), "off topic", "efficient")
    assert "took back reject of" in undo(team.standing(), A, team.signed("bob"), "efficient").said
    assert {act for act, _ in holding(team)} == {"accept", "same"}


def test_a_join_of_two_placements_goes_whole(team: Team) -> None:
    for section, place in (("Survey", 1), ("Quantization", 2)):
        accept(team.standing(), [A], team.signed(), section=section, place=place)
    accept(team.standing(), [B], team.signed())
    before = holding(team)
    assert len(same(team.standing(), A, B, team.signed(), "efficient").decisions) == 2
    assert len(undo(team.standing(), A, team.signed()).decisions) == 2
    assert holding(team) == before and len(team.standing().entries("efficient", subject_named(A))) == 2


def test_an_undo_by_id_takes_back_exactly_that_line(team: Team) -> None:
    reject(team.standing(), [A], team.signed(), "off topic")
    done = accept(team.standing(), [B], team.signed("ann"))
    said = undo(team.standing(), done[0].decisions[0], team.signed("bob")).said
    assert "by ann, not by bob, on 20" in said and holding(team) == {("reject", "1")}
