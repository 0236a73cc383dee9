from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.definitions import ListDefinition, SectionDefinition
from harvester.editorial.entries import Folded, Key, fold, misplaced
from harvester.ids import Subject
from harvester.records import Act, Decision, Edit, Link, Wording

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PAPER = Subject("arxiv:2405.18218")
KEY = Key("efficient-llm", PAPER, 1)


def said(
    act: Act,
    minute: int,
    name: str = "",
    *,
    subject: str = PAPER,
    by: str = "ann",
    section: str | None = None,
    place: int = 1,
    order: int | None = None,
    note: str | None = None,
    follows: Decision | None = None,
    undoes: Decision | None = None,
    wording: Wording | None = None,
) -> Decision:
    return Decision(
        id=f"{name or f'sitting-{minute:04d}'}:1",
        at=START + timedelta(minutes=minute),
        by=by,
        list="efficient-llm",
        subject=Subject(subject),
        act=act,
        place=place,
        section=(section or "Quantization") if act == "accept" else None,
        order=order,
        note=note,
        reason="off topic" if act == "reject" else None,
        until=date(2026, 12, 1) if act == "defer" else None,
        follows=follows.id if follows else None,
        undoes=undoes.id if undoes else None,
        wording=wording,
    )


def sections(folded: Folded) -> list[tuple[str, str]]:
    return [(entry.subject, entry.section) for entry in folded.entries]


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


def test_an_entry_in_a_section_that_the_list_lacks_is_told_with_file_and_line() -> None:
    definition = ListDefinition(
        "efficient-llm", "t", "table", (SectionDefinition("Network Pruning", "Network Pruning", 1),)
    )
    told = str(misplaced(fold([said("accept", 1, "x", section="Prunning")]), definition)[0])
    assert told.startswith(
        'editorial/decisions/x.jsonl, line 1: no section "Prunning" in list efficient-llm; did you mean'
    )


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


def edit(minute: int, *changes: Edit, follows: Decision | None = None, by: str = "ann", name: str = "") -> Decision:
    return replace(said("edit", minute, name, follows=follows, by=by), edits=changes)


ADOPTED = said("accept", 1, section="A", order=7, wording=Wording(venue="ICML", links=(Link("code", "https://a.org"),)))


def test_an_edit_changes_the_fields_it_names_and_no_other() -> None:
    change = edit(2, Edit("title", "Theirs", "Ours"), Edit("order", 7, 3.5), follows=ADOPTED)
    folded = fold([ADOPTED, change])
    entry = folded.entries[0]
    assert (entry.wording.title, entry.wording.venue, entry.order, entry.section) == ("Ours", "ICML", 3.5, "A")
    assert entry.decision == ADOPTED.id  # it still stands where it was put
    assert folded.edits == {KEY: (change,)}


def test_two_edits_of_the_links_that_did_not_know_of_each_other_both_hold() -> None:
    mine, yours = Link("mine", "https://m.org"), Link("yours", "https://y.org")
    links = ADOPTED.wording.links if ADOPTED.wording else ()
    changes = [
        edit(2, Edit("links", links, (*links, mine)), follows=ADOPTED, by="ann"),
        edit(3, Edit("links", links, (yours, *links)), follows=ADOPTED, by="bob"),
    ]
    assert fold([ADOPTED, *changes]).entries[0].wording.links == (yours, *links, mine)


def test_an_edit_taken_back_leaves_the_edits_around_it() -> None:
    title = edit(2, Edit("title", None, "Ours"), follows=ADOPTED)
    venue = edit(3, Edit("venue", "ICML", None), follows=ADOPTED)
    undo = said("reopen", 4, undoes=title)
    wording = fold([ADOPTED, title, venue, undo]).entries[0].wording
    assert (wording.title, wording.venue) == (None, None)


def test_an_edit_outlives_a_rejection_and_says_nothing_while_it_holds() -> None:
    title = edit(2, Edit("title", None, "Ours"), follows=ADOPTED)
    reject = said("reject", 3, follows=ADOPTED)
    again = said("accept", 4, follows=reject, section="B")
    assert fold([ADOPTED, title, reject]).entries == () and fold([ADOPTED, title, reject]).edits == {}
    assert fold([ADOPTED, title, reject, again]).entries[0].wording.title == "Ours"


def test_an_edit_is_no_verdict_and_contradicts_none() -> None:
    move = said("accept", 2, section="B", follows=ADOPTED, by="bob")
    change = edit(3, Edit("title", None, "Ours"), follows=ADOPTED)
    folded = fold([ADOPTED, move, change])
    assert folded.conflicts == () and folded.standing[KEY] == move


def test_an_edit_of_the_section_moves_the_entry_and_says_who_did() -> None:
    change = edit(2, Edit("section", "A", "B"), Edit("order", 7, 1), follows=ADOPTED, by="bob")
    entry = fold([ADOPTED, change]).entries[0]
    assert (entry.section, entry.order, entry.decided_by) == ("B", 1, "bob")


CODE = Link("code", "https://a.org/1")


def test_an_edit_guards_the_machines_word_that_it_replaced() -> None:
    change = edit(2, Edit("title", "Pruneing", "Pruning"), follows=ADOPTED)
    [guard] = fold([ADOPTED, change]).guards
    assert guard.complaint("Pruneing") is None and guard.complaint("Pruning") is None and guard.complaint(None) is None
    told = guard.complaint("Another title")
    assert told and "Another title" in told and "ann" in told and change.id in told
    assert fold([ADOPTED, change, edit(3, Edit("title", "Pruning", None), follows=ADOPTED)]).guards == ()


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (Edit("section", "A", "B"), Edit("section", "A", "C"), 'section: A → C, when it was "B" already'),
        (Edit("note", None, "mine"), Edit("note", None, "theirs"), 'note: theirs, when it was "mine" already'),
        (
            Edit("links", (CODE,), (Link("new", "https://a.org/2"),)),
            Edit("links", (CODE,), (Link("other", "https://a.org/3"),)),
            'links: added "other" and took away "code", when "code" was gone already',
        ),
    ],
    ids=["section", "note", "links"],
)
def test_an_edit_of_a_section_a_note_or_links_that_had_been_changed_meanwhile_is_told(
    first: Edit, second: Edit, told: str
) -> None:
    adopted = replace(ADOPTED, section="A", wording=Wording(links=(CODE,)))
    decisions = [adopted, edit(2, first, follows=adopted), edit(3, second, follows=adopted, by="bob")]
    [crossed] = fold(decisions).crossed
    assert f"bob edited {told}" in crossed.said and crossed.list == adopted.list and crossed.decision == decisions[2].id
    assert fold([adopted, decisions[1], replace(decisions[1], id="z:1", by="bob")]).crossed == ()  # both said the same


def test_what_two_people_took_away_is_nobodys_mistake() -> None:
    adopted = replace(ADOPTED, section="A", wording=Wording(links=(CODE,)))
    gone = Edit("links", (CODE,), ())
    assert fold([adopted, edit(2, gone, follows=adopted), edit(3, gone, follows=adopted, by="bob")]).crossed == ()


def test_an_edit_of_a_word_that_had_been_changed_meanwhile_is_told() -> None:
    first = edit(2, Edit("venue", "ICML", "ICML'24"), follows=ADOPTED)
    second = edit(3, Edit("venue", "ICML", "ICML 2024"), follows=ADOPTED, by="bob")
    folded = fold([ADOPTED, first, second])
    assert folded.entries[0].wording.venue == "ICML 2024"
    assert len(folded.crossed) == 1 and "bob" in folded.crossed[0].said and "ICML'24" in folded.crossed[0].said
