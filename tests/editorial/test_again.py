"""A second look: only where a new version says something else than what was on screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from queue_world import NOW, adopted, good, numbers, queue, said, subject

from harvester.editorial.again import reopened
from harvester.editorial.entries import fold
from harvester.records import Candidate, Decision, Edit, PaperRecord

LONG = " ".join(f"word{n}" for n in range(150))


def version(number: int, **more: object) -> PaperRecord:
    record = good(1, 10 - number, version=number, abstract=f"Pruning of models. {LONG}")
    return replace(record, **more)  # type: ignore[arg-type]  # a builder


def again(decision: Decision, *versions: PaperRecord) -> Candidate | None:
    known, decisions = adopted(range(100, 110))
    found = queue([*known, *versions], [*decisions, decision]).candidates
    return next((one for one in found if one.subject.endswith("00001") and one.deferred_until is None), None)


REJECTED = said(1, "reject", days_ago=5, saw=1)
DEFERRED = said(1, "defer", days_ago=5, saw=1, until=(NOW + timedelta(days=30)).date())


def test_a_rejected_paper_does_not_come_back_by_itself() -> None:
    assert again(REJECTED, version(1)) is None


def test_a_new_version_with_the_same_text_is_not_shown() -> None:
    assert again(REJECTED, version(1), version(2)) is None
    assert again(DEFERRED, version(1), version(2)) is None


@pytest.mark.parametrize(
    "cosmetic",
    [
        {"title": "on PRUNING of Attention-Heads 1!"},
        {"title": "On prunings of attention head 1"},
        {"title": "On pruning of attentionheads 1"},
        {"abstract": f"  Pruning of models.\n {LONG}"},
        {"abstract": f"Pruning of models; {LONG.replace('word7 ', 'words7 ')}"},
        {"comment": "accepted at ICML", "authors": ("Ada", "Bo")},
    ],
)
def test_cosmetics_are_no_reason(cosmetic: dict[str, object]) -> None:
    assert again(REJECTED, version(1), version(2, **cosmetic)) is None


@pytest.mark.parametrize("decision", [REJECTED, DEFERRED], ids=["rejected", "deferred"])
def test_another_abstract_is_shown_again_with_the_reason(decision: Decision) -> None:
    found = again(
        decision, version(1), version(2, abstract="We now prune a whole model at once, and measure that, too.")
    )
    assert found and found.again and found.rated and found.rated.place == "shown"
    acted = "rejected" if decision.act == "reject" else "put off"
    assert found.again.why == f"another abstract in version 2, since ann {acted} version 1 on 2024-05-29"
    assert found.again.decision == decision.id


def test_another_title_is_shown_again() -> None:
    found = again(REJECTED, version(1), version(2, title="Pruning whole models"))
    assert found and found.again and found.again.why.startswith("another title in version 2")


def test_another_word_of_a_title_is_another_title() -> None:
    found = again(REJECTED, version(1), version(2, title="On pruning of attention layers 1"))
    assert found and found.again and found.again.why.startswith("another title in version 2")


def test_long_texts_of_few_words_take_no_square_of_their_time() -> None:
    of_few = " ".join(["prune the model"] * 11_000)
    found = again(REJECTED, version(1, abstract=of_few), version(2, abstract=f"{of_few} {LONG * 50}"))
    assert found and found.again and found.again.why.startswith("another abstract")


def test_a_withdrawal_of_what_was_deferred_and_the_end_of_one_are_shown_again() -> None:
    gone = again(DEFERRED, version(1), version(2, withdrawn=True))
    assert gone and gone.again and gone.again.why.startswith("withdrawn in version 2") and gone.withdrawn
    back = again(REJECTED, version(1, withdrawn=True), version(2, withdrawn=False))
    assert back and back.again and back.again.why.startswith("no longer withdrawn in version 2")


def test_a_rejected_paper_that_is_withdrawn_does_not_come_back_whatever_it_says() -> None:
    other = "This paper has been withdrawn for an error in its third section."
    assert again(REJECTED, version(1), version(2, withdrawn=True)) is None
    assert again(REJECTED, version(1), version(2, withdrawn=True, abstract=other)) is None


def test_what_nobody_saw_is_no_reason() -> None:
    other = version(3, abstract="We now prune a whole model at once.")
    assert again(said(1, "reject", 5, saw=None), version(1), other) is None
    assert again(said(1, "reject", 5, saw=2), version(1), other) is None  # nobody knows how version 2 read
    assert again(said(1, "reject", 5, saw=3), version(1), other) is None


def test_a_listed_paper_is_no_candidate_whatever_it_says_now() -> None:
    assert again(said(1, "accept", 5), version(1), version(2, abstract="Something else about pruning.")) is None


def test_a_second_look_is_shown_whatever_its_score_and_ends_with_the_next_verdict() -> None:
    other = version(2, abstract="We now prune a whole model at once, and measure that, too.")
    assert again(REJECTED, version(1), other) is not None
    assert again(replace(REJECTED, saw=2), version(1), other) is None
    assert numbers(queue([version(1), other], [REJECTED]).candidates) == [1]


def chain(first: Decision, undos: int) -> list[Decision]:
    """A decision and undos: the first takes it back, each next one the undo before."""
    lines = [replace(first, id="chain:1")]
    for number in range(2, undos + 2):
        at = first.at + timedelta(minutes=number)
        lines.append(Decision(f"chain:{number}", at, "bob", "mine", first.subject, "reopen", undoes=lines[-1].id))
    return lines


@pytest.mark.parametrize("undos", range(5))
@pytest.mark.parametrize(
    ("first", "opens"),
    [
        (said(1, "reject", 5), (False, True)),
        (said(1, "accept", 5), (False, True)),
        (said(1, "reopen", 5), (True, False)),
        (replace(said(1, "apart", 5), twin=subject(2)), (False, False)),
        (replace(said(1, "edit", 5), edits=(Edit("title", None, "A title"),)), (False, False)),
    ],
    ids=lambda given: given.act if isinstance(given, Decision) else "",
)
def test_what_was_done_again_is_no_reopening(first: Decision, opens: tuple[bool, bool], undos: int) -> None:
    lines = chain(first, undos)
    found = reopened("mine", lines, fold(lines))
    assert found == ({first.subject: lines[-1]} if opens[undos % 2] else {})


def test_an_undo_of_what_nobody_knows_opens_and_one_that_takes_itself_back_does_not() -> None:
    lines = chain(said(1, "reject", 5), 1)
    assert reopened("mine", lines[1:], fold(lines[1:])) == {subject(1): lines[1]}
    circle = [replace(lines[1], undoes=lines[1].id)]
    assert reopened("mine", circle, fold(circle)) == {}
