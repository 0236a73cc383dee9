"""Where an edited page comes from: another list, or the file that was kept by hand before it was adopted."""

from __future__ import annotations

from pathlib import Path

import pytest
from adopting_world import BULLETS, World

from harvester.errors import ListError
from harvester.records import Edit, Note

COLUMNS = """# Speech

| # | Model | Paper | WER (clean / other) | Params | Code |
|--:|:--|:--|:-:|--:|:-:|
| 1 | Conformer | [Conformer: a transformer](https://arxiv.org/abs/2005.08100) | 2.5 / 5.2 | 39M | ✗ |
| 2 | HuBERT | [HuBERT: units](https://arxiv.org/abs/2106.07447) | 2.1 / 4.3 | 317M | [GitHub](https://github.com/a/b) |
| 3 | WavLM | [WavLM: more](https://arxiv.org/abs/2110.13900) | 2.1 / 4.2 | 317M | [GitHub](https://github.com/a/c) |
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_cell_changed_in_the_hand_kept_file_replaces_the_note_that_it_made(world: World) -> None:
    """The file is read in the form in which it was taken over: its columns give notes the same labels."""
    read = world.keep({"speech.md": COLUMNS})
    edited = COLUMNS.replace("39M", "118M").replace("a transformer", "another transformer")

    done = world.again({"speech.md": edited}, copies={"speech.md": COLUMNS})

    [decision] = done.decisions
    edits = {edit.field: edit for edit in decision.edits}
    [note] = read.decisions[0].wording.notes if read.decisions[0].wording else []
    after = Note(note.text.replace("39M", "118M"))
    assert "Params: 39M" in note.text and edits["notes"] == Edit("notes", (note,), (after,))
    assert edits["title"] == Edit("title", "Conformer: a transformer", "Conformer: another transformer")
    standing = world.standing()
    assert [entry.wording.notes for entry in standing.entries("mine", decision.subject)] == [(after,)]


def test_a_page_of_another_list_is_refused_and_named(world: World) -> None:
    """Both are made from one snapshot, and both are called README.md."""
    world.keep({"README.md": BULLETS})
    other = World(world.settings.editorial.parent, "other")
    other.hours = world.hours
    other.keep({"README.md": BULLETS.replace("First", "Another")})
    said = world.files()

    with pytest.raises(ListError, match="a page of the list other, not of mine: say --list other"):
        world.again(other.pages(), removals=True)
    assert world.files() == said
    assert world.again(world.pages()).decisions == () and other.again(other.pages()).decisions == ()


def test_a_page_that_was_made_before_stamps_named_lists_is_still_read(world: World) -> None:
    world.keep({"README.md": BULLETS})
    page = world.pages()["README.md"]
    old = page.replace("; list mine;", ";")
    assert old != page
    assert world.again({"README.md": old}).decisions == ()
    [decision] = world.again({"README.md": old.replace("**First**", "**The first**")}).decisions
    assert decision.edits == (Edit("title", "First", "The first"),)
