"""A quotation below an entry is one note, however many lines it has."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from list_builders import AS_OF, SNAPSHOT, entries_of, known_facts

from harvester.definitions import STYLES, Style
from harvester.formats import PARSE, Form, read
from harvester.records import Note
from harvester.steps.adopt import Adopting, adopt
from harvester.steps.render import render

WHO = Adopting("import", datetime(2024, 5, 29, tzinfo=UTC), "list")
ENTRY = "# L\n\n## S\n\n- **A Paper of Many Words**, `ICML`, [arxiv](https://arxiv.org/abs/2401.00001)\n"
LINES = "> Slow and\n> *not* steady\n"
PLAIN = "> Slow and\n>  steady\n"


def notes(form: Form, text: str) -> tuple[Note, ...]:
    [entry] = PARSE[form](text).entries
    return entry.wording.notes


def below(quotation: str, indent: str = "  ", mark: str = "") -> str:
    """An entry with a quotation below it, behind a bullet's mark."""
    first, *others = quotation.splitlines()
    return ENTRY + "\n".join([indent + mark + first, *(indent + " " * len(mark) + line for line in others)]) + "\n"


@pytest.mark.parametrize("text", [below(PLAIN), below(PLAIN, mark="- "), ENTRY + "\n" + below(PLAIN)[len(ENTRY) :]])
def test_lines_of_a_quotation_are_one_quoted_note(text: str) -> None:
    assert notes("bullets", text) == (Note("Slow and steady", depth=1, quoted=True),)


def test_a_quotation_with_markdown_in_it_keeps_that() -> None:
    assert [note.text for note in notes("bullets", below(LINES))] == ["> Slow and *not* steady"]


def test_in_a_list_of_any_form_it_is_one_note_beside_no_other() -> None:
    assert [note.text for note in notes("generic", below(PLAIN))] == ["> Slow and steady"]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("text", [below(PLAIN), below(LINES)], ids=["plain", "slanted"])
def test_a_rendered_quotation_is_read_as_it_was(text: str, style: Style, tmp_path: Path) -> None:
    (tmp_path / "topics.toml").write_text('categories = ["cs.CL"]\n[topics.a]\ninclude = ["a"]\n', encoding="utf-8")
    done = adopt(tmp_path, {"README.md": text}, "a-list", None, WHO, facts_only=False, dry_run=True)
    entries = entries_of(done.decisions)
    pages = render(entries, *known_facts(entries), replace(done.definition, style=style), AS_OF, SNAPSHOT)

    again = [entry.wording.notes for page in pages.values() for entry in read(page)[1].entries]
    assert again and all(found == entries[0].wording.notes for found in again)
