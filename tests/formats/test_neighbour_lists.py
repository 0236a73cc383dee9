"""Lists of other forms: at least 98% of their arXiv papers are entries with the title that stands beside them.

Right is judged twice, never by our own parser: the title must stand in the raw text close to the id, and where the list
spells the title as arXiv does, it must be that title. (Lists write another title than arXiv in some 3 to 7% of entries.)
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import lists_checked as raw
import pytest
from list_builders import AS_OF, SNAPSHOT, entries_of, known_facts

from harvester.definitions import STYLES, Style
from harvester.formats import generic
from harvester.ids import arxiv_of
from harvester.records import Wording
from harvester.steps.adopt import Adopting, adopt
from harvester.steps.adopt_pages import read_pages
from harvester.steps.render import render

LISTS = raw.hand_kept("others")
METADATA = raw.SHARED / "realdata" / "arxiv-metadata"
ENOUGH = 0.98
NEAR = 1_500  # characters around an id in which its title stands
# A table of metrics and benchmarks: what it links to is cited by a unit of measurement, so there is no title to find.
FEWER = {"tiingweii-shii__Awesome-Resource-Efficient-LLM-Papers": 0.9}

pytestmark = pytest.mark.skipif(not LISTS, reason="../shared/realdata/lists is absent: it is no part of the repository")


@cache
def arxiv_titles() -> dict[str, str]:
    found = {}
    for path in sorted(METADATA.glob("by_id_month/*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
            told = json.loads(line)
            found[told["arxiv_id"]] = told["title"]
    return found


def letters(text: str) -> str:
    """What is left of a text when marks, spaces, LaTeX and case are taken away."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", re.sub(r"\\[a-z]+|<[^<>]*>", "", text))).casefold()


def around(text: str, number: str) -> list[str]:
    return [text[max(0, at.start() - NEAR) : at.end() + NEAR] for at in re.finditer(re.escape(number), text)]


def read_titles(text: str) -> dict[str, list[str]]:
    titles: dict[str, list[str]] = {}
    for entry in generic.parse(text).entries:
        if (number := arxiv_of(entry.subject)) and entry.wording.title:
            titles.setdefault(number, []).append(entry.wording.title)
    return titles


def same(found: str, title: str) -> bool:
    """Whether two titles agree but for a name or a venue that stands in front or behind in one of them."""
    return (found in title or title in found) and min(len(found), len(title)) >= 0.7 * max(len(found), len(title))


def name_of(path: Path) -> str:
    return f"{path.parent.name[:24]}/{path.name[:24]}"


@pytest.mark.parametrize("path", LISTS, ids=name_of)
def test_papers_are_entries_with_the_title_beside_them(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    titles = read_titles(text)
    wanted = set(raw.arxiv_ids(text))

    found = {
        number
        for number in wanted
        for title in titles.get(number, [])
        if len(letters(title)) >= 8 and any(letters(title) in letters(near) for near in around(text, number))
    }
    assert len(found) >= FEWER.get(path.parent.name, ENOUGH) * len(wanted), sorted(wanted - found)


@pytest.mark.parametrize("path", LISTS, ids=name_of)
def test_titles_are_those_of_arxiv_where_the_list_spells_them_so(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    titles = read_titles(text)
    known = {
        number: letters(arxiv_titles()[number])
        for number in set(raw.arxiv_ids(text))
        if number in arxiv_titles()
        and any(letters(arxiv_titles()[number]) in letters(near) for near in around(text, number))
    }

    wrong = {
        number: titles.get(number)
        for number, title in known.items()
        if not any(same(letters(found), title) for found in titles.get(number, []))
    }
    assert len(wrong) <= (1 - ENOUGH) * len(known) + 0.5, wrong


@pytest.mark.parametrize("path", LISTS, ids=name_of)
def test_no_paper_and_no_repository_of_a_list_is_lost(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    parsed = generic.parse(text)
    prose = [parsed.head, *(section.prose for section in parsed.sections)]
    kept = "\n".join(
        [*prose, *(f"https://arxiv.org/abs/{e.subject[6:]} {e.subject} {e.wording}" for e in parsed.entries)]
    )

    assert set(raw.arxiv_ids(text)) - set(raw.arxiv_ids(kept)) == set()
    assert {name for name in raw.repositories(text) if name not in kept.casefold()} == set()
    assert [
        h for h in raw.headings(text) if letters(h) and not heard(h, [s.title for s in parsed.sections], parsed.title)
    ] == []


def heard(heading: str, sections: list[str], title: str | None) -> bool:
    """Tells whether a heading is a section's, the page's, or that of a table of contents, which is made anew."""
    shown = letters(re.sub(r"\[[^\[\]]*\]\(#[^()]*\)|!?\[([^\[\]]*)\]\([^()]*\)", r"\1", heading))
    known = {letters(section) for section in [*sections, title or ""]}
    return any(shown in section or (section and section in shown) for section in known) or shown in (
        "contents",
        "tableofcontents",
        "quicklinks",
        "content",
        "tableofcontent",
    )


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("path", LISTS, ids=name_of)
def test_a_rendered_neighbour_shows_its_papers_and_is_adopted_as_the_same_list(
    path: Path, style: Style, tmp_path: Path
) -> None:
    text = path.read_text(encoding="utf-8")
    (tmp_path / "topics.toml").write_text('categories = ["cs.CL"]\n[topics.a]\ninclude = ["a"]\n', encoding="utf-8")
    who = Adopting("import", datetime(2024, 5, 29, tzinfo=UTC), "list")
    done = adopt(tmp_path, {path.name: text}, "a-list", None, who, facts_only=False, dry_run=True)
    entries = entries_of(done.decisions)
    pages = render(entries, *known_facts(entries), replace(done.definition, style=style), AS_OF, SNAPSHOT)

    assert set(raw.arxiv_ids(text)) - set(raw.arxiv_ids("\n".join(pages.values()))) == set()
    again = read_pages(pages, style)
    said = {(d.subject, d.place): d for d in done.decisions}
    found = {(p.entry.subject, p.place): p for p in again.entries}
    assert found.keys() == said.keys()
    differing = [
        (key, was, now)
        for key, decision in said.items()
        if (was := as_read(decision.wording, style))
        != (now := as_read(found[key].entry.wording, style, decision.wording))
    ]
    assert differing == []


def as_read(wording: Wording | None, style: Style, editors: Wording | None = None) -> Wording:
    """The wording without what a page does not tell: old counts, and what the machine fills in for the editors."""
    words, own = wording or Wording(), editors or wording or Wording()
    return replace(
        words,
        citations_seen=None,
        citations_seen_url=None,
        figure_width=words.figure_width if style == "table" else None,
        authors=words.authors if own.authors else None,
        title=words.title if own.title else None,
    )
