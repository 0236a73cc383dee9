"""Accents that somebody wrote in LaTeX are letters in lists of every form, and nothing else of a line changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from list_builders import AS_OF, SNAPSHOT, entries_of, known_facts

from harvester.definitions import STYLES, Style
from harvester.formats import FORMS, PARSE, Form, read
from harvester.formats._letters import letters
from harvester.steps.adopt import Adopting, adopt
from harvester.steps.render import render

WHO = Adopting("import", datetime(2024, 5, 29, tzinfo=UTC), "list")
LINK = "https://arxiv.org/abs/2401.00001"
TITLE = r"Sch\"odinger Cats and Erd\H{o}s Numbers"
NAMES = r"G\'erard Mod\`ele, Paul Erd\H{o}s"
BULLETS = f"# L\n\n## S\n\n- **{TITLE}**, `ICML`, [arxiv]({LINK})\n\n  *{NAMES}*\n  - a note by Erd\\H{{o}}s\n"
TABLE = (
    "# L\n\n## S\n\n|Title & Authors|Introduction|Links|\n|--|--|--|\n"
    f"|[{TITLE}]({LINK})<br>{NAMES}|a note by Erd\\H{{o}}s|[Link]({LINK})|\n"
)


@pytest.mark.parametrize(("form", "text"), [("bullets", BULLETS), ("table", TABLE), ("generic", BULLETS)])
def test_title_authors_and_notes_of_every_form_have_letters(form: Form, text: str) -> None:
    [entry] = PARSE[form](text).entries

    assert entry.wording.title == "Schödinger Cats and Erdős Numbers"
    assert entry.wording.authors == "Gérard Modèle, Paul Erdős"
    assert [note.text for note in entry.wording.notes] == ["a note by Erdős"]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("text", [BULLETS, TABLE], ids=["bullets", "table"])
def test_what_was_adopted_so_is_adopted_again_as_it_is(text: str, style: Style, tmp_path: Path) -> None:
    (tmp_path / "topics.toml").write_text('categories = ["cs.CL"]\n[topics.a]\ninclude = ["a"]\n', encoding="utf-8")
    done = adopt(tmp_path, {"README.md": text}, "a-list", None, WHO, facts_only=False, dry_run=True)
    entries = entries_of(done.decisions)
    pages = render(entries, *known_facts(entries), replace(done.definition, style=style), AS_OF, SNAPSHOT)
    again = [entry for page in pages.values() for entry in read(page)[1].entries]

    assert again and all(entry.wording.title == entries[0].wording.title for entry in again)
    assert all(entry.wording.authors == entries[0].wording.authors for entry in again)


@pytest.mark.parametrize(
    "markdown",
    [
        r"`Sch\"odinger`",
        r"[a](https://example.org/Sch\"odinger)",
        r"https://example.org/Sch\"odinger",
        r'<img alt="Erd\H{o}s">',
        r"$\'{e}$",
        r'Sch\\"o',
        r"snake\_case and 5\% of \[this\]",
        r"it\'s \*not\* slanted",
    ],
)
def test_code_addresses_math_and_escapes_stay(markdown: str) -> None:
    assert letters(markdown) == markdown
    assert letters(markdown + r" by Erd\H{o}s") == markdown + " by Erdős"


@pytest.mark.parametrize("form", FORMS)
def test_prose_stays_as_it_is_written(form: Form) -> None:
    parsed = PARSE[form](BULLETS.replace("## S\n", "## S\n\nIn the words of Erd\\H{o}s and others.\n"))

    assert parsed.sections[0].prose == r"In the words of Erd\H{o}s and others."


@given(st.text(st.sampled_from(r"""a\"'`H{o}e$[](<>)~^c """), max_size=60))
def test_whatever_stands_in_a_line_code_of_it_stays(text: str) -> None:
    kept = r"`Sch\"odinger`"

    assert letters(f"{kept} {text}").startswith(kept + " ")
