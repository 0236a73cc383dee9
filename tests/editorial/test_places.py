"""Entries whose section was renamed, or is gone from the definition."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from said import PAPER, said

from harvester.definitions import ListDefinition, SectionDefinition
from harvester.editorial.entries import fold
from harvester.editorial.places import astray, candidates_now, decisions_now, entries_now
from harvester.ids import Subject
from harvester.records import Candidate, Decision, Edit
from harvester.scores import Guess, Rated

SLUG = said("accept", 1).list


def a_list(*sections: tuple[str, tuple[str, ...]]) -> ListDefinition:
    found = (SectionDefinition(path, path, 1, formerly=formerly) for path, formerly in sections)
    return ListDefinition(SLUG, "t", "table", tuple(found))


RENAMED = a_list(("Low-bit models", ("Quantization", "Binary")), ("Survey", ()))


def test_decisions_on_a_section_that_was_renamed_are_about_the_one_of_today() -> None:
    accepted = said("accept", 1, section="quantization")
    moved = replace(said("edit", 2, follows=accepted), edits=(Edit("section", "Quantization", "Survey"),))
    before, after = decisions_now([accepted, moved], [RENAMED])
    assert before.section == "Low-bit models" and (before.id, before.follows) == (accepted.id, accepted.follows)
    assert after.edits == (Edit("section", "Low-bit models", "Survey"),)
    folded = fold([before, after])
    assert [entry.section for entry in folded.entries] == ["Survey"] and folded.crossed == ()


def test_decisions_on_other_lists_stay_as_they_were() -> None:
    other = replace(said("accept", 1, section="Quantization"), list="other")
    assert decisions_now([other], [RENAMED]) == (other,)


@given(st.lists(st.sampled_from(["Quantization", "Survey", "Binary", "Gone"]), max_size=6))
def test_naming_today_is_done_once_and_forgets_nothing(sections: list[str]) -> None:
    made = [said("accept", n, section=one, subject=f"arxiv:2401.0000{n}") for n, one in enumerate(sections, 1)]
    once: tuple[Decision, ...] = decisions_now(made, [RENAMED])
    assert decisions_now(once, [RENAMED]) == once and len(once) == len(made)
    renamed = sorted(entries_now(fold(made).entries, [RENAMED]), key=lambda entry: entry.subject)
    assert renamed == sorted(fold(once).entries, key=lambda entry: entry.subject)


def test_what_was_suggested_before_a_renaming_is_suggested_under_the_name_of_today() -> None:
    rated = Rated(None, guesses=(Guess("Survey", 0.5), Guess("Quantization", 0.3), Guess("Binary", 0.2)))
    waiting = Candidate(SLUG, Subject(PAPER), datetime(2024, 6, 1, tzinfo=UTC), (), "Quantization", rated=rated)
    (now,) = candidates_now([waiting], [RENAMED])
    assert now.section == "Low-bit models" and now.rated
    assert now.rated.guesses == (Guess("Survey", 0.5), Guess("Low-bit models", 0.5))
    assert candidates_now([waiting], [a_list(("Survey", ()))]) == [waiting]


def test_entries_in_a_section_that_their_list_lacks_are_told_in_one_line() -> None:
    made = [said("accept", n, "x", section="Prunning", subject=f"arxiv:2401.0000{n}") for n in range(1, 7)]
    (told,) = astray(fold(made).entries, a_list(("Network Pruning", ())))
    assert str(replace(told, folder="demo/editorial")) == (
        f'6 entries stand in section "Prunning", which list {SLUG} does not have: add formerly = ["Prunning"] to the '
        f'section of demo/editorial/lists/{SLUG}.toml that has its papers now ("Network Pruning"?), or move them with '
        f"`harvester accept ID --section NAME --list {SLUG}`"
    )


def test_one_entry_in_a_section_that_its_list_lacks_is_told_with_the_line_that_says_so() -> None:
    (told,) = astray(fold([said("accept", 1, "x", section="Gone")]).entries, a_list(("Network Pruning", ())))
    assert str(told).startswith('editorial/decisions/x.jsonl, line 1: 1 entry stands in section "Gone", which list')
