"""Every hand-kept page of the two lists, adopted and rendered in both styles, against what is counted from its raw text."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import lists_checked as raw
import pytest
from list_builders import AS_OF, SNAPSHOT, entries_of, known_facts

from harvester.definitions import STYLES, Style
from harvester.ids import arxiv_of
from harvester.pages import CHANGES
from harvester.steps.adopt import Adopted, Adopting, adopt
from harvester.steps.render import render

PAGES = raw.hand_kept("horseee", "llm-plaza")
SEEDS = [raw.SHARED / "seeds" / name for name in raw.SEEDS.values() if (raw.SHARED / "seeds" / name).is_file()]
WHO = Adopting("import", datetime(2024, 5, 29, tzinfo=UTC), "list")
# Mended (the spelling of "citation", an unknown number, the tail of a malformed badge), made anew (names of columns, of
# the front page's window), or what a link to an entry's own page was called.
MENDED = set(
    """cication citation none tab readme title authors introduction links platform access now paper arxiv pdf source
    blog""".split()
)

pytestmark = pytest.mark.skipif(not PAGES, reason="../shared/realdata/lists is absent: it is no part of the repository")


def adopted(path: Path, folder: Path) -> Adopted:
    (folder / "topics.toml").write_text('categories = ["cs.CL"]\n[topics.a]\ninclude = ["a"]\n', encoding="utf-8")
    texts = {path.name: path.read_bytes().decode("utf-8")}
    return adopt(folder, texts, "a-list", None, WHO, facts_only=False, dry_run=True)


def name_of(path: Path) -> str:
    return "/".join(path.parts[-2:])


def source(path: Path) -> str:
    seeds = [raw.seed(name) for name, file in raw.SEEDS.items() if file == path.name]
    return (seeds[0] if seeds else None) or path.read_text(encoding="utf-8")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("path", [*PAGES, *SEEDS], ids=name_of)
def test_nothing_of_a_page_is_missing(path: Path, style: Style, tmp_path: Path) -> None:
    text = source(path)
    done = adopted(path, tmp_path)
    entries = entries_of(done.decisions)
    pages = render(entries, *known_facts(entries), replace(done.definition, style=style), AS_OF, SNAPSHOT)
    found = "\n".join(pages[name] for name in pages if name != CHANGES)
    flat = raw.flat(found)

    # As often as they stand there: nothing that stands twice becomes one.
    assert Counter(raw.arxiv_ids(text)) - Counter(raw.arxiv_ids(found)) == {}
    assert raw.once_a_paragraph(raw.repositories, text) - raw.repositories(found) == {}
    assert raw.once_a_paragraph(raw.links, text) - raw.links(found) == {}
    assert raw.badges(text) - raw.badges(found) == {}
    assert raw.badge_targets(text) - raw.links(found).keys() == set()
    # The front page's window is computed anew and named by its true dates.
    assert [h for h in raw.headings(text) if raw.flat(h) not in flat and not h.startswith("Paper from")] == []
    assert [note for note in raw.notes(text) if raw.flat(note) not in flat] == []
    assert [title for title in raw.titles(text) if raw.flat(title) not in flat] == []
    assert raw.words(text) - raw.words(found) - MENDED == set()


@pytest.mark.parametrize("path", [*PAGES, *SEEDS], ids=name_of)
def test_every_arxiv_id_of_a_page_is_in_its_entries(path: Path, tmp_path: Path) -> None:
    decisions = adopted(path, tmp_path).decisions

    subjects = {arxiv_of(decision.subject) for decision in decisions}
    linked = {link.url for decision in decisions if decision.wording for link in decision.wording.links}
    assert {
        i for i in raw.linked_ids(source(path)) if i not in subjects and f"https://arxiv.org/abs/{i}" not in linked
    } == set()
