"""Edits of entries: which fields they change, and what guards them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from said import KEY, said

from harvester.editorial.entries import fold
from harvester.records import Decision, Edit, Link, Wording


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
