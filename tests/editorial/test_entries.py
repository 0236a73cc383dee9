from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from said import KEY, PAPER, said, sections

from harvester.editorial.entries import Key, fold
from harvester.records import Act, Decision, Wording


def test_an_accepted_paper_is_an_entry_and_says_who_put_it_there() -> None:
    accept = said("accept", 1, note="read this")
    entry = fold([accept]).entries[0]
    assert (entry.section, entry.note, entry.decided_by, entry.decision) == (
        "Quantization",
        "read this",
        "ann",
        accept.id,
    )


def test_the_latest_verdict_wins() -> None:
    accept = said("accept", 1)
    reject = said("reject", 2, follows=accept)
    folded = fold([accept, reject])
    assert folded.entries == () and folded.rejected == {KEY: reject} and folded.standing == {KEY: reject}


def test_moving_keeps_the_wording_and_stands_on_top_of_the_new_section() -> None:
    adopted = said("accept", 1, section="A", order=7, wording=Wording(title="Ours"))
    move = said("accept", 9, section="B", follows=adopted)
    entry = fold([adopted, move]).entries[0]
    assert (entry.section, entry.order, entry.wording.title, entry.decision) == ("B", None, "Ours", move.id)


def test_a_new_note_leaves_the_entry_where_it_stands() -> None:
    adopted = said("accept", 1, section="A", order=7)
    noted = said("accept", 9, section="A", note="hm", follows=adopted)
    entry = fold([adopted, noted]).entries[0]
    assert (entry.order, entry.note, entry.decision) == (7, "hm", adopted.id)


def test_an_empty_note_takes_the_note_away() -> None:
    first = said("accept", 1, note="hm")
    assert fold([first, said("accept", 2, note="", follows=first)]).entries[0].note is None


def test_a_paper_may_stand_in_two_places() -> None:
    folded = fold([said("accept", 1, section="A"), said("accept", 2, section="B", place=2)])
    assert sections(folded) == [(PAPER, "A"), (PAPER, "B")]


def test_undo_takes_exactly_one_decision_back_and_can_be_undone() -> None:
    accept = said("accept", 1, section="A")
    move = said("accept", 2, section="B", follows=accept)
    undo = said("reopen", 3, undoes=move)
    redo = said("reopen", 4, undoes=undo)
    assert sections(fold([accept, move, undo])) == [(PAPER, "A")]
    assert sections(fold([accept, move, undo, redo])) == [(PAPER, "B")]


def test_reopening_without_naming_a_decision_clears_the_verdict() -> None:
    reject = said("reject", 1)
    reopen = said("reopen", 2, follows=reject)
    folded = fold([reject, reopen])
    assert folded.rejected == {} and folded.standing == {KEY: reopen}


def test_undoing_what_is_not_there_does_nothing() -> None:
    accept = said("accept", 1)
    assert len(fold([accept, said("reopen", 2, undoes=said("accept", 0, "lost"))]).entries) == 1


def test_two_people_who_contradict_each_other_are_shown_and_the_agreed_state_stands() -> None:
    agreed = said("accept", 1, section="A")
    move = said("accept", 2, section="B", by="ann", follows=agreed)
    reject = said("reject", 3, by="bob", follows=agreed)
    upon_it = said("accept", 4, section="C", by="ann", follows=move)
    folded = fold([agreed, move, reject, upon_it])
    assert sections(folded) == [(PAPER, "A")]
    assert folded.conflicts[0].decisions == (move, reject) and folded.conflicts[0].agreed == agreed
    settled = fold([agreed, move, reject, upon_it, said("reopen", 5, undoes=reject)])
    assert settled.conflicts == () and sections(settled) == [(PAPER, "C")]


def test_a_first_contradiction_leaves_the_paper_undecided() -> None:
    folded = fold([said("accept", 1, by="ann"), said("reject", 2, by="bob")])
    assert folded.entries == () and folded.rejected == {} and folded.standing == {} and len(folded.conflicts) == 1


def test_two_people_who_say_the_same_agree() -> None:
    folded = fold([said("accept", 1, section="A", by="ann"), said("accept", 2, section="B", by="bob")])
    assert folded.conflicts == () and sections(folded) == [(PAPER, "B")]


def test_putting_off_yields_to_a_verdict_made_at_the_same_time() -> None:
    folded = fold([said("accept", 1, by="ann"), said("defer", 2, by="bob")])
    assert folded.conflicts == () and len(folded.entries) == 1 and folded.deferred == {}


def test_a_second_thought_in_the_same_sitting_is_no_contradiction() -> None:
    accept, reject = said("accept", 1, "one"), said("reject", 1, "one")
    folded = fold([accept, replace(reject, id="one:2")])
    assert folded.conflicts == () and len(folded.rejected) == 1


def test_a_slow_clock_does_not_put_a_decision_before_the_one_it_follows() -> None:
    accept = said("accept", 10, by="ann")
    reject = said("reject", 5, by="bob", follows=accept)
    assert fold([accept, reject]).rejected == {KEY: reject}


def test_decisions_that_follow_each_other_in_a_circle_are_still_folded() -> None:
    first, second = said("accept", 1, "one"), said("reject", 2, "two")
    looped = replace(first, follows=second.id)
    folded = fold([looped, replace(second, follows=first.id)])
    assert len(folded.standing) == 1


def test_new_entries_come_first_the_newest_on_top_then_adopted_ones_in_their_order() -> None:
    folded = fold(
        [
            said("accept", 1, subject="arxiv:2401.00002", order=2),
            said("accept", 1, subject="arxiv:2401.00001", order=1),
            said("accept", 5, subject="arxiv:2401.00003"),
            said("accept", 6, subject="arxiv:2401.00004"),
        ]
    )
    assert [entry.subject[-1] for entry in folded.entries] == ["4", "3", "1", "2"]


@st.composite
def histories(draw: st.DrawFn) -> list[Decision]:
    made: list[Decision] = []
    for number in range(draw(st.integers(1, 8))):
        act: Act = draw(st.sampled_from(["accept", "reject", "defer", "reopen"]))
        earlier = st.none() | st.sampled_from(made) if made else st.none()
        made.append(
            said(
                act,
                draw(st.integers(0, 3)),
                f"s{draw(st.integers(0, 99)):02d}{number}",
                subject=draw(st.sampled_from(["arxiv:2401.00001", "arxiv:2401.00002"])),
                by=draw(st.sampled_from(["ann", "bob"])),
                section=draw(st.sampled_from(["A", "B"])),
                follows=draw(earlier),
                undoes=draw(earlier) if act == "reopen" else None,
            )
        )
    return made


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(history: list[Decision], random: Random) -> None:
    shuffled = history[:]
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(history)


@given(histories())
def test_twice_is_once_and_each_paper_has_one_state(history: list[Decision]) -> None:
    folded = fold(history)
    assert fold(history * 2) == folded
    accepted = {Key(entry.list, entry.subject, entry.place) for entry in folded.entries}
    assert not accepted & {*folded.rejected} and not accepted & {*folded.deferred}
    assert accepted | {*folded.rejected} | {*folded.deferred} <= {*folded.standing}


@given(histories())
def test_undoing_an_undo_restores_everything(history: list[Decision]) -> None:
    latest = max(history, key=lambda decision: decision.at)
    undo = said("reopen", 100, "undo", subject=latest.subject, undoes=latest)
    redo = said("reopen", 101, "redo", subject=latest.subject, undoes=undo)
    before, after = fold(history), fold([*history, undo, redo])
    assert (after.entries, after.standing, after.conflicts) == (before.entries, before.standing, before.conflicts)
