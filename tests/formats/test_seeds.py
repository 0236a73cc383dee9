"""Both seed lists, adopted and rendered in both styles, against what is counted from their raw text."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import lists_checked as raw
import pytest
from list_builders import AS_OF, SNAPSHOT, entries_of, known_facts

from harvester.definitions import STYLES, Style
from harvester.ids import arxiv_of
from harvester.pages import CHANGES
from harvester.steps.adopt import Adopted, Adopting, adopt
from harvester.steps.adopt_pages import read_pages
from harvester.steps.render import render

TOPICS = 'categories = ["cs.CL"]\n[topics.pruning]\ninclude = ["pruning"]\n'
SEEDS = ("001", "004")


@pytest.fixture(scope="module", params=SEEDS)
def name(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    if raw.seed(chosen) is None:
        pytest.skip("../shared/seeds is absent: the seed lists are not part of the repository")
    return chosen


@pytest.fixture
def adopted(name: str, tmp_path: Path) -> Adopted:
    (tmp_path / "topics.toml").write_text(TOPICS, encoding="utf-8")
    text = (raw.SHARED / "seeds" / raw.SEEDS[name]).read_text(encoding="utf-8")
    who = Adopting("import", datetime(2024, 5, 29, tzinfo=UTC), "seed")
    return adopt(tmp_path, {"README.md": text}, "a-list", None, who, facts_only=False, dry_run=True)


def rendered(adopted: Adopted, style: Style) -> dict[str, str]:
    entries = entries_of(adopted.decisions)
    papers, repositories = known_facts(entries)
    return render(entries, papers, repositories, replace(adopted.definition, style=style), AS_OF, SNAPSHOT)


@cache
def seed(name: str) -> str:
    return raw.seed(name) or ""


@pytest.mark.parametrize("style", STYLES)
def test_nothing_of_a_seed_is_missing_in_either_style(name: str, adopted: Adopted, style: Style) -> None:
    text = "\n".join(page for path, page in rendered(adopted, style).items() if path != CHANGES)
    flat = raw.flat(text)

    # As often as they stand there: nothing that stands twice becomes one.
    assert Counter(raw.arxiv_ids(seed(name))) <= Counter(raw.arxiv_ids(text))
    assert raw.once_a_paragraph(raw.repositories, seed(name)) <= raw.repositories(text)
    assert raw.once_a_paragraph(raw.links, seed(name)) <= raw.links(text)
    # The front page's window is computed anew and named by its true dates.
    assert [h for h in raw.headings(seed(name)) if raw.flat(h) not in flat and not h.startswith("Paper from")] == []
    assert [note for note in raw.notes(seed(name)) if raw.flat(note) not in flat] == []
    assert [title for title in raw.titles(seed(name)) if raw.flat(title) not in flat] == []


@pytest.mark.parametrize("style", STYLES)
def test_what_was_rendered_is_adopted_as_the_same_list(adopted: Adopted, style: Style) -> None:
    again = read_pages(rendered(adopted, style), style)
    definition = adopted.definition
    authors_known = {d.subject for d in adopted.decisions if d.wording and d.wording.authors is None}

    assert (again.title, again.head, again.foot) == (definition.title, definition.head, definition.foot)
    assert [section.path for section in again.sections] == [section.path for section in definition.sections]
    assert again.unknown == () and again.repairs == ()
    read = {(p.entry.subject, p.place): p for p in again.entries}
    assert len(read) == len(adopted.decisions)
    for decision in adopted.decisions:
        assert decision.wording
        placed = read[decision.subject, decision.place]
        # Counts are the machine's; a figure's width is the table's; authors are filled in where upstreams know them.
        width = placed.entry.wording.figure_width if style == "bullets" else decision.wording.figure_width
        wanted = replace(decision.wording, citations_seen=None, citations_seen_url=None, figure_width=width)
        found = replace(placed.entry.wording, citations_seen=None, citations_seen_url=None)
        if decision.subject in authors_known:
            wanted, found = replace(wanted, authors=None), replace(found, authors=None)
        assert (found, placed.entry.section, placed.order) == (wanted, decision.section, decision.order)


def test_entries_are_counted_by_kind(name: str, adopted: Adopted) -> None:
    kinds = Counter(decision.subject.partition(":")[0] for decision in adopted.decisions)

    assert kinds == {"001": {"arxiv": 13}, "004": {"arxiv": 178, "github": 51, "url": 37}}[name]
    assert len({arxiv_of(d.subject) for d in adopted.decisions} - {None}) == {"001": 13, "004": 174}[name]


def test_damaged_characters_are_undone_without_loss(name: str, adopted: Adopted) -> None:
    words = " ".join(str(decision.wording) for decision in adopted.decisions) + adopted.definition.head
    clean = {char for char in seed(name) if not char.isascii()} - {"·", "💮"}  # the chain's dot; the foot's heading

    assert clean <= set(words)


def test_no_number_of_a_seed_is_shown_as_current(adopted: Adopted) -> None:
    entries = entries_of(adopted.decisions)
    text = "\n".join(render(entries, [], [], adopted.definition, AS_OF, SNAPSHOT).values())

    assert "citation:" not in text and "![Star" not in text and "-1" not in raw.flat(text).split()
    assert all((d.wording.citations_seen or 0) >= 0 for d in adopted.decisions if d.wording)
