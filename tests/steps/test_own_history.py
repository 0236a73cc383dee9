"""The own decisions as a history: each day knows what had been said by then, and nothing of what is said later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from queue_world import NOW, editorial, good, said, subject

from harvester.editorial.evaluate_sections import guessed_sections
from harvester.editorial.learning.past import Example, History
from harvester.ids import Subject
from harvester.records import Act, Decision, Edit, Wording
from harvester.steps.gather import Gathered
from harvester.steps.own_history import known_history, told_history
from harvester.steps.shelves import shelf_reader
from harvester.steps.texts import reader

EDITORIAL = editorial()
READ = reader(EDITORIAL.topics, EDITORIAL.harvest)
PAPERS = 5


def day(days_ago: int) -> date:
    return (NOW - timedelta(days=days_ago)).date()


def history(decisions: Sequence[Decision], unread: int | None = None) -> History:
    """Five papers came by a hundred days ago, one a day; what landings told of `unread` was told only yesterday."""
    records = tuple(good(number, 1 if number == unread else 100 - number) for number in range(PAPERS))
    came = frozenset(subject(number) for number in range(PAPERS))
    gathered = Gathered(records, (), (), (), came, (), {})
    return told_history(EDITORIAL.lists[0], gathered, decisions, READ)


def subjects(examples: Sequence[Example]) -> list[Subject]:
    return [one.subject for one in examples]


def sections(past: History, until: date) -> dict[Subject, str]:
    return {one.subject: one.section for one in past.placed(date.min, until)}


def edited(number: int, days_ago: int, field: str, after: str) -> Decision:
    return replace(said(number, "edit", days_ago), edits=(Edit(field, None, after),))


def after(decision: Decision, days_ago: int, act: Act, undoes: bool = False) -> Decision:
    later = replace(said(int(decision.subject[-5:]), act, days_ago), follows=decision.id)
    return replace(later, undoes=decision.id if undoes else None)


def test_a_paper_that_was_moved_stood_where_it_stood_until_then() -> None:
    found = history([said(1, "accept", 90), edited(1, 10, "section", "Unstructured")])
    assert sections(found, day(60)) == {subject(1): "Structured"}
    assert sections(found, day(0)) == {subject(1): "Unstructured"}


def test_a_second_place_in_the_list_changes_nothing_of_the_days_before() -> None:
    found = history([said(2, "accept", 90), replace(said(2, "accept", 10), place=2, section="Elsewhere")])
    assert sections(found, day(60)) == {subject(2): "Unstructured"}


@pytest.mark.parametrize(("act", "undoes"), [("reject", False), ("reopen", False), ("reopen", True)])
def test_a_paper_that_went_was_accepted_until_then_and_is_not_in_the_end(act: Act, undoes: bool) -> None:
    accept = said(1, "accept", 90)
    found = history([accept, after(accept, 10, act, undoes)])
    assert subjects(found.before(day(60)).accepted) == [subject(1)]
    assert subjects(found.before(day(0)).accepted) == []
    assert found.listed == {}
    assert found.trial(day(100), day(95)).accepted == frozenset()


def test_a_rejected_paper_that_was_accepted_later_was_rejected_until_then() -> None:
    reject = said(1, "reject", 90)
    found = history([reject, after(reject, 10, "accept")])
    assert subjects(found.before(day(60)).rejected) == [subject(1)]
    assert (subjects(found.before(day(0)).rejected), subjects(found.before(day(0)).accepted)) == ([], [subject(1)])
    assert found.listed == {subject(1): day(10)}
    assert found.trial(day(100), day(95)).accepted == {subject(1)}


def test_a_paper_that_was_found_to_be_another_waited_until_then() -> None:
    found = history([replace(said(1, "same", 10), twin=subject(2))])
    assert subject(1) in subjects(found.before(day(60)).undecided)
    assert subject(1) not in subjects(found.before(day(0)).undecided)
    assert subject(1) not in subjects(found.trial(day(100), day(95)).seen)


def test_a_title_that_is_mended_later_is_not_learnt_from_before() -> None:
    accept = replace(said(1, "accept", 90), wording=Wording(title="Frist words"))
    found = history([accept, edited(1, 10, "title", "First words")], unread=1)
    assert [one.text.title for one in found.placed(date.min, day(60))] == ["Frist words"]
    assert [one.text.title for one in found.placed(date.min, day(0))] == ["First words"]


def test_a_section_that_the_list_renamed_is_learnt_by_the_name_of_today() -> None:
    (definition,) = EDITORIAL.lists
    now = replace(definition, sections=tuple(replace(one, formerly=("Attic",)) for one in definition.sections[:1]))
    decisions = [replace(said(1, "accept", 90), section="Attic")]
    nothing = Gathered((), (), (), (), frozenset(), (), {})
    for found in (told_history(now, nothing, decisions, READ), known_history(now, {}, {}, {}, decisions, READ)):
        assert [one.section for one in found.accepted] == ["Structured"]


def test_tonight_knows_what_holds_tonight() -> None:
    accept, reject = said(1, "accept", 90), said(3, "reject", 80)
    decisions = [accept, reject, edited(1, 10, "section", "Unstructured"), after(reject, 5, "accept")]
    told = history(decisions)
    tonight = known_history(EDITORIAL.lists[0], {}, {}, {}, decisions, READ)
    newest = replace(tonight, sightings=told.sightings, texts=told.texts)
    one, other = newest.before(day(-1)), told.before(day(-1))
    assert (set(one.accepted), one.rejected, one.undecided) == (set(other.accepted), other.rejected, other.undecided)
    assert set(newest.placed(date.min, day(-1))) == set(told.placed(date.min, day(-1)))


ACTS: tuple[Act, ...] = ("accept", "accept", "accept", "reject", "defer", "reopen", "edit", "same", "apart")
PLACES = ("Structured", "Unstructured", "Structured / Of heads", "Attic")


@st.composite
def logs(draw: st.DrawFn) -> list[Decision]:
    """Decisions that follow and take back one another, in whatever order."""
    made: list[Decision] = []
    for line in range(draw(st.integers(1, 14))):
        act, number = draw(st.sampled_from(ACTS)), draw(st.integers(0, PAPERS - 1))
        decision = replace(
            said(number, act, draw(st.integers(1, 99))),
            id=f"s{line}:1",
            place=draw(st.sampled_from((1, 1, 2))),
            section=draw(st.sampled_from(PLACES)) if act == "accept" else None,
            wording=draw(st.sampled_from((None, Wording(title=f"Words of line {line}")))) if act == "accept" else None,
            twin=subject((number + 1) % PAPERS) if act in ("same", "apart") else None,
            edits=(
                Edit("section", None, draw(st.sampled_from(PLACES))),
                Edit("title", None, f"Edited in line {line}"),
            )
            if act == "edit"
            else (),
        )
        others = [one.id for one in made if (one.subject, one.place) == (decision.subject, decision.place)]
        known = draw(st.sampled_from([None, *others]))
        undoes = known if act == "reopen" and draw(st.booleans()) else None
        made.append(replace(decision, follows=known, undoes=undoes))
    return made


@given(log=logs(), ago=st.integers(1, 99), unread=st.sampled_from((None, 0)))
def test_nothing_that_is_said_from_a_day_on_changes_what_was_known_before_it(
    log: list[Decision], ago: int, unread: int | None
) -> None:
    then = day(ago)
    whole, early = history(log, unread), history([one for one in log if one.at.date() < then], unread)
    assert whole.before(then) == early.before(then)
    assert whole.placed(date.min, then) == early.placed(date.min, then)
    assert [replace(one, until=None) for one in whole.listed_by(then)] == list(early.listed_by(then))
    assert whole.trial(then, day(-1)).past == early.trial(then, day(-1)).past


def test_sections_of_a_month_are_guessed_as_if_nothing_was_said_after_it() -> None:
    placed = [said(number, "accept", 95 - 20 * number) for number in range(PAPERS)]
    months = [(date(2024, 3, 1), date(2024, 4, 1)), (date(2024, 4, 1), date(2024, 5, 1))]
    later = [
        replace(said(0, "accept", 4), place=2, section="Structured / Of heads"),
        edited(1, 3, "section", "Attic"),
        after(placed[2], 2, "reject"),
    ]
    guesses = [
        guessed_sections(history(log), months, READ.topics, shelf_reader(PLACES, "mine", EDITORIAL))
        for log in (placed, [*placed, *later])
    ]
    assert guesses[0] is not None and guesses[0].all.papers == 3
    assert guesses[0] == guesses[1]
