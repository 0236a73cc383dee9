"""An edit says what it changed from: the night tells when upstream's word is no longer that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from builders import NIGHT, paper_record

from harvester.definitions import read_editorial
from harvester.ids import Subject
from harvester.records import Decision, Edit
from harvester.steps.fold import fold
from harvester.steps.gather import Gathered

EDITORIAL = read_editorial(
    {
        "topics.toml": 'categories = ["cs.CL"]\n[topics.a]\ninclude = ["a"]\n',
        "lists/mine.toml": 'title = "Mine"\n[[sections]]\npath = "One"\n',
    }
)
SUBJECT = Subject("arxiv:2405.18218")
ACCEPT = Decision("s:1", NIGHT, "ann", "mine", SUBJECT, "accept", section="One")


def told(edits: tuple[Edit, ...], title: str, authors: tuple[str, ...] = ("Ada", "Bo")) -> tuple[str, ...]:
    record = replace(paper_record("2405.18218"), title=title, authors=authors)
    gathered = Gathered((record,), (), (), (), frozenset(), (), {})
    edit = replace(
        ACCEPT, id="t:1", at=NIGHT + timedelta(hours=1), act="edit", section=None, follows="s:1", edits=edits
    )
    return fold(gathered, (ACCEPT, edit), EDITORIAL, NIGHT).notes


def test_a_title_that_is_as_it_was_says_nothing() -> None:
    edits = (Edit("title", "Pruneing", "Pruning"), Edit("authors", "Ada, Bo", "Ada, Bo, Cy"))
    assert told(edits, "Pruneing") == ()
    assert told(edits, "Pruning") == ()  # arXiv mended it, too


def test_a_title_that_upstream_changed_is_told_and_the_editors_word_stays() -> None:
    [note] = told((Edit("title", "Pruneing", "Pruning"),), "Pruning, revisited")
    assert "Pruning, revisited" in note and "Pruneing" in note and "harvester undo t:1" in note


def test_authors_that_upstream_changed_are_told() -> None:
    [note] = told((Edit("authors", "Ada, Bo", "A. da, B. o"),), "Any", ("Ada", "Cy"))
    assert "Ada, Cy" in note
