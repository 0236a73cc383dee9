from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from deciding_world import NOW, Team, settle_in

from harvester.editorial.log import read_log
from harvester.errors import DecisionError, SettingsError
from harvester.steps.decide import Signature, accept, defer, reject
from harvester.steps.standing import subject_named
from harvester.steps.undo import undo


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(settle_in(tmp_path))


def test_an_accepted_paper_leaves_the_queue_for_its_suggested_section_at_once(team: Team) -> None:
    done = accept(team.standing(), ["2405.00001"], team.signed())
    assert done[0].said == "accepted into Network Pruning"
    assert team.queue() == ["2", "3"] and team.sections() == {"1": "Network Pruning"}


def test_the_line_says_what_was_seen_and_what_it_follows(team: Team) -> None:
    accept(team.standing(), ["2405.00001"], team.signed())
    accept(team.standing(), ["2405.00001"], team.signed("bob"), section="Survey")
    first, second = read_log(team.settings.editorial).decisions
    assert (first.saw, first.follows, second.follows) == (2, None, first.id)


@pytest.mark.parametrize(
    "spelling",
    ["arXiv:2405.00001v1", "https://arxiv.org/pdf/2405.00001v2.pdf", "https://doi.org/10.48550/arXiv.2405.00001"],
)
def test_a_paper_is_known_in_any_spelling(team: Team, spelling: str) -> None:
    accept(team.standing(), [spelling], team.signed())
    assert team.sections() == {"1": "Network Pruning"}


def test_accepting_again_moves_and_says_so(team: Team) -> None:
    accept(team.standing(), ["2405.00001"], team.signed())
    moved = accept(team.standing(), ["2405.00001"], team.signed(), section="survey")
    assert moved[0].said == "moved from Network Pruning to Survey" and team.sections() == {"1": "Survey"}


def test_accepting_what_stands_already_writes_nothing(team: Team) -> None:
    accept(team.standing(), ["2405.00001"], team.signed(), note="x")
    again = accept(team.standing(), ["2405.00001"], team.signed())
    assert again[0].decisions == () and "already" in again[0].said
    noted = accept(team.standing(), ["2405.00001"], team.signed(), note="y")
    assert noted[0].said == "note changed, stands in Network Pruning"
    assert team.standing().folded.entries[0].note == "y"


def test_what_is_not_in_the_queue_may_be_accepted_but_it_is_said(team: Team) -> None:
    done = accept(team.standing(), ["owner/name"], team.signed(), slug="moe", section="Code")
    assert done[0].subject == "github:owner/name" and "it was not in the queue" in done[0].said


@pytest.mark.parametrize(
    "written", ["github.com/Owner/Name", "www.github.com/owner/name/tree/main", " GitHub.com/owner/name"]
)
def test_a_repository_is_known_by_its_address_without_a_scheme(written: str) -> None:
    assert subject_named(written) == "github:owner/name"


@pytest.mark.parametrize("written", ["github.com/owner", "github.com/topics/pruning", "example.org/a/b"])
def test_an_address_without_a_scheme_that_is_no_repository_is_refused(written: str) -> None:
    with pytest.raises(DecisionError):
        subject_named(written)


def test_accepting_a_withdrawn_paper_says_so(team: Team) -> None:
    assert "withdrawn" in accept(team.standing(), ["2405.00002"], team.signed())[0].said


def test_an_unknown_section_is_refused_with_the_nearest(team: Team) -> None:
    with pytest.raises(DecisionError, match='no section "Prunning" in list efficient; did you mean "Network Pruning"'):
        accept(team.standing(), ["2405.00001"], team.signed(), section="Prunning")


def test_without_a_suggestion_the_sections_are_named(team: Team) -> None:
    with pytest.raises(DecisionError, match='name one with --section; sections: "Papers", "Code"'):
        accept(team.standing(), ["2405.00004"], team.signed())


def test_a_paper_that_several_lists_know_needs_a_list(team: Team) -> None:
    with pytest.raises(DecisionError, match="known to several lists; say which one with --list: efficient, moe"):
        accept(team.standing(), ["2405.00003"], team.signed())
    with pytest.raises(DecisionError, match="on no list and in no queue; say which one with --list: efficient, moe"):
        accept(team.standing(), ["2405.09999"], team.signed())
    with pytest.raises(SettingsError, match="there is no list 'other'; lists: efficient, moe"):
        accept(team.standing(), ["2405.00001"], team.signed(), slug="other")


def test_all_mistakes_are_told_at_once_and_nothing_is_written(team: Team) -> None:
    with pytest.raises(DecisionError) as caught:
        accept(team.standing(), ["2405.00001", "gibberish", "2405.00003"], team.signed())
    assert len(caught.value.mistakes) == 3 and caught.value.mistakes[-1] == "nothing was written"
    assert read_log(team.settings.editorial).decisions == ()


def test_several_papers_are_one_sitting_of_several_lines(team: Team) -> None:
    done = accept(team.standing(), ["2405.00001", "2405.00002", "arXiv:2405.00001"], team.signed())
    assert [one.decisions[0][-2:] for one in done] == [":1", ":2"]
    assert len(list((team.settings.editorial / "decisions").iterdir())) == 1


def test_a_rejected_paper_never_comes_back_and_leaves_every_place(team: Team) -> None:
    accept(team.standing(), ["2405.00001"], team.signed())
    accept(team.standing(), ["2405.00001"], team.signed(), section="Survey", place=2)
    done = reject(team.standing(), ["2405.00001"], team.signed(), "off topic")
    assert done[0].said == "taken off Network Pruning and Survey and rejected" and len(done[0].decisions) == 2
    assert team.sections() == {} and team.queue() == ["2", "3"]
    again = reject(team.standing(), ["2405.00001"], team.signed("bob"), "me too")
    assert again[0].decisions == () and "rejected already by ann: off topic" in again[0].said


def test_a_paper_in_two_places_is_moved_by_naming_the_place(team: Team) -> None:
    accept(team.standing(), ["2405.00001"], team.signed())
    accept(team.standing(), ["2405.00001"], team.signed(), section="Survey", place=2)
    with pytest.raises(
        DecisionError, match=r"2 times; say which one is meant: --place 1 \(Network Pruning\), --place 2"
    ):
        accept(team.standing(), ["2405.00001"], team.signed(), section="Quantization")
    accept(team.standing(), ["2405.00001"], team.signed(), section="Quantization", place=2)
    assert [entry.section for entry in team.standing().folded.entries] == ["Network Pruning", "Quantization"]


def test_accepting_a_rejected_paper_says_who_rejected_it(team: Team) -> None:
    reject(team.standing(), ["2405.00001"], team.signed("bob"), "off topic")
    done = accept(team.standing(), ["2405.00001"], team.signed())
    assert "it had been rejected by bob: off topic" in done[0].said and team.sections() == {"1": "Network Pruning"}


def test_a_deferred_paper_is_hidden_until_its_day(team: Team) -> None:
    day = NOW.date() + timedelta(days=14)
    assert str(day) in defer(team.standing(), ["2405.00001"], team.signed(), day)[0].said
    assert team.queue() == ["2", "3"]
    with pytest.raises(DecisionError, match="has come already"):
        defer(team.standing(), ["2405.00001"], team.signed(), NOW.date())
    accept(team.standing(), ["2405.00002"], team.signed())
    with pytest.raises(DecisionError, match="only candidates can wait"):
        defer(team.standing(), ["2405.00002"], team.signed(), day)


def test_undo_takes_back_the_latest_decision_of_this_person(team: Team) -> None:
    accept(team.standing(), ["2405.00001"], team.signed("ann"))
    accept(team.standing(), ["2405.00002"], team.signed("bob"))
    done = undo(team.standing(), None, team.signed("ann"))
    assert "took back accept of arxiv:2405.00001 by ann" in done.said and "undecided and in the queue" in done.said
    assert team.queue() == ["1", "3"] and team.sections() == {"2": "Network Pruning"}
    with pytest.raises(DecisionError, match="ann has no decision that stands"):
        undo(team.standing(), None, team.signed("ann"))


def test_undo_of_a_move_says_where_the_paper_stands_now(team: Team) -> None:
    accept(team.standing(), ["2405.00001"], team.signed())
    accept(team.standing(), ["2405.00001"], team.signed(), section="Survey")
    assert undo(team.standing(), "2405.00001", team.signed("bob")).said.endswith("now it stands in Network Pruning")


def test_an_undo_is_undone_by_its_id(team: Team) -> None:
    reject(team.standing(), ["2405.00001"], team.signed(), "off topic")
    taken_back = undo(team.standing(), "2405.00001", team.signed())
    again = undo(team.standing(), taken_back.decisions[0], team.signed())
    assert again.said.endswith("now it is rejected: off topic") and team.queue() == ["2", "3"]
    with pytest.raises(DecisionError, match="taken back already"):
        undo(team.standing(), taken_back.decisions[0], team.signed())


def test_decisions_of_one_second_keep_their_order(team: Team) -> None:
    for act in range(6):
        signed = Signature("ann", NOW, f"{9 - act}")  # names sort the other way round
        if act % 2:
            undo(team.standing(), "2405.00001", signed)
            assert team.sections() == {}
        else:
            accept(team.standing(), ["2405.00001"], signed)
            assert team.sections() == {"1": "Network Pruning"}


@pytest.fixture
def disputed(team: Team) -> Team:
    """Ann accepts and Bob rejects the same paper, neither knowing of the other."""
    before = team.standing()
    accept(before, ["2405.00001"], team.signed("ann"))
    reject(before, ["2405.00001"], team.signed("bob"), "off topic")
    return team


def test_a_disputed_paper_stays_as_it_was(disputed: Team) -> None:
    standing = disputed.standing()
    assert disputed.sections() == {} and disputed.queue() == ["1", "2", "3"]
    assert {standing.state(decision) for decision in standing.log.decisions} == {"in conflict"}


def test_deciding_settles_a_dispute(disputed: Team) -> None:
    done = accept(disputed.standing(), ["2405.00001"], disputed.signed("cat"), section="Survey")
    assert len(done[0].decisions) == 2
    assert disputed.sections() == {"1": "Survey"} and disputed.standing().folded.conflicts == ()


def test_rejecting_settles_a_dispute_the_other_way(disputed: Team) -> None:
    reject(disputed.standing(), ["2405.00001"], disputed.signed("cat"), "no")
    assert disputed.queue() == ["2", "3"] and disputed.standing().folded.conflicts == ()


def test_undo_settles_a_dispute_by_giving_in(disputed: Team) -> None:
    with pytest.raises(DecisionError, match="contradict each other"):
        undo(disputed.standing(), "2405.00001", disputed.signed("cat"))
    undo(disputed.standing(), "2405.00001", disputed.signed("bob"))
    assert disputed.sections() == {"1": "Network Pruning"}


def test_an_entry_in_a_section_that_went_is_told(team: Team) -> None:
    accept(team.standing(), ["2405.00001"], team.signed())
    definition = team.settings.editorial / "lists" / "efficient.toml"
    definition.write_text(definition.read_text().replace("Network Pruning", "Pruning"))
    told = [str(mistake) for mistake in team.standing().mistakes()]
    assert len(told) == 1 and 'stands in section "Network Pruning", which list efficient does not have' in told[0]
    assert 'its papers now ("Pruning"?)' in told[0]


def test_a_placement_that_leaves_a_gap_is_refused(team: Team) -> None:
    accept(team.standing(), ["2405.00001"], team.signed())
    with pytest.raises(DecisionError, match="--place may be 1 to 2"):
        accept(team.standing(), ["2405.00001"], team.signed(), section="Survey", place=7)
