"""Lists of other forms: at least 98% of their arXiv papers are entries with the title that stands beside them.

Right is judged twice, never by our own parser: the title must stand in the raw text close to the id, and where the list
spells the title as arXiv does, it must be that title. (Lists write another title than arXiv in some 3 to 7% of entries.)
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from functools import cache
from pathlib import Path

import lists_checked as raw
import pytest

from harvester.formats import generic
from harvester.ids import arxiv_of

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
