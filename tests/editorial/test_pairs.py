from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NIGHT

from harvester.editorial.decisions import read_lines, write_line
from harvester.editorial.entries import fold
from harvester.editorial.pairs import Joins, held_apart, joined, once_each
from harvester.ids import Subject
from harvester.records import Act, Candidate, Decision

A, B, C = (Subject(f"arxiv:2405.0000{n}") for n in (1, 2, 3))
GROUPS = {A: (A, B), B: (A, B)}


def said(number: int, subject: Subject, act: Act, twin: Subject | None = None, **more: str) -> Decision:
    facts = {"section": "S" if act == "accept" else None, "reason": "x" if act == "reject" else None, **more}
    return Decision(f"s{number}:1", NIGHT + timedelta(minutes=number), "ann", "l", subject, act, twin=twin, **facts)  # type: ignore[arg-type]  # a builder


def waiting(*subjects: Subject) -> list[Candidate]:
    return [Candidate("l", subject, NIGHT, (), None) for subject in subjects]


def shown(candidates: list[Candidate], *decisions: Decision) -> list[Subject]:
    return [candidate.subject for candidate in once_each(candidates, GROUPS, fold(decisions))]


def test_a_queue_shows_one_of_each_group_the_first() -> None:
    assert shown(waiting(C, B, A)) == [C, B]


@pytest.mark.parametrize("act", ["accept", "reject"])
def test_a_twin_of_a_decided_paper_is_not_shown(act: Act) -> None:
    assert shown(waiting(A, C), said(1, B, act)) == [C]


def test_a_twin_that_was_put_off_puts_the_paper_off() -> None:
    put_off = [*waiting(A), replace(waiting(B)[0], deferred_until=NIGHT.date())]
    assert shown(put_off) == [B]


def test_a_paper_that_is_not_withdrawn_goes_before_its_withdrawn_twin() -> None:
    withdrawn = replace(waiting(A)[0], withdrawn=True)
    assert shown([withdrawn, *waiting(B, C)]) == [B, C]
    assert shown([withdrawn, *waiting(C)]) == [A, C]


def test_a_paper_held_apart_from_another_is_shown_before_its_twin() -> None:
    assert shown(waiting(A, B, C), said(1, B, "apart", C)) == [B, C]


def test_lines_about_pairs_come_back_as_written() -> None:
    for decision in (said(1, A, "same", B), said(2, A, "apart", C)):
        (back,), torn, wrong = read_lines(write_line(decision) + "\n", "s.jsonl")
        assert not torn and not wrong and replace(back, id=decision.id) == decision


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('"act":"same"', 'same without same_as; add "same_as"'),
        ('"act":"same","same_as":"2405.1"', "is not a subject"),
        ('"act":"apart","same_as":"arxiv:2405.00002"', "same_as"),
        ('"act":"same","same_as":"arxiv:2405.00001"', "names one paper twice"),
    ],
)
def test_wrong_lines_about_pairs_are_told(line: str, why: str) -> None:
    text = f'{{"at":"2024-06-03T03:00:00Z","by":"ann","list":"l","subject":"arxiv:2405.00001",{line}}}\n'
    _, _, (mistake,) = read_lines(text, "s.jsonl")
    assert why in str(mistake)


def test_a_merge_takes_the_entry_off_and_taking_it_back_brings_it_again() -> None:
    accepted = [said(1, A, "accept"), said(2, B, "accept")]
    merged = [*accepted, said(3, A, "same", B, follows="s1:1")]
    assert [entry.subject for entry in fold(merged).entries] == [B]
    assert [(twin.subject, twin.same_as) for twin in joined(fold(merged))] == [(A, B)]
    undone = [*merged, said(4, A, "reopen", undoes="s3:1")]
    assert {entry.subject for entry in fold(undone).entries} == {A, B} and not list(joined(fold(undone)))


def test_holding_apart_is_no_verdict_and_can_be_taken_back() -> None:
    decisions = [said(1, A, "accept"), said(2, A, "apart", B)]
    assert [entry.section for entry in fold(decisions).entries] == ["S"]
    assert held_apart(fold(decisions)) == {frozenset((A, B))}
    assert not held_apart(fold([*decisions, said(3, A, "reopen", undoes="s2:1")]))


def test_who_names_a_paper_of_a_group_means_the_one_that_stays() -> None:
    chain = Joins.of(fold([said(1, A, "same", B), said(2, B, "same", C)]))
    assert [chain.way("l", one) for one in (A, B, C)] == [(A, B, C), (B, C), (C,)]
    assert [chain.stays("l", one) for one in (A, B, C)] == [C, C, C]
    assert chain.stays("another", A) == A


def test_papers_joined_in_a_circle_are_each_themselves() -> None:
    circle = Joins.of(fold([said(1, A, "same", B), said(2, B, "same", A)]))
    assert [circle.stays("l", one) for one in (A, B)] == [A, B]


def test_a_paper_that_is_listed_again_is_itself() -> None:
    again = Joins.of(fold([said(1, A, "same", B), said(2, A, "accept", follows="s1:1")]))
    assert again.stays("l", A) == A
