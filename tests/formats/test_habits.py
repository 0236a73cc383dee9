"""Lists in the habits of the field, each a page of `tests/habits`: titles are right, and nothing is lost in either style."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import lists_checked as raw
import pytest
from list_builders import AS_OF, SNAPSHOT, entries_of, known_facts

from harvester.definitions import STYLES, Style
from harvester.formats import read
from harvester.steps.adopt import Adopting, adopt
from harvester.steps.render import render

HABITS = sorted((Path(__file__).resolve().parents[1] / "habits").glob("*.md"))
WHO = Adopting("import", datetime(2024, 5, 29, tzinfo=UTC), "list")
# What is made anew, is called otherwise, or only says what stands beside it.
SAID_OTHERWISE = set(
    """title titles authors author venue conference year links link paper papers pdf arxiv arXiv code publication date
    and acl contents table abstract introduction details summary open click cited citation citations bibtex badge kv
    page""".casefold().split()
)


def test_titles_of_every_habit_are_right() -> None:
    """One title in each way of writing them; the ids say which page and which line."""
    titles = {
        entry.subject.partition(":")[2]: entry.wording.title
        for path in HABITS
        for entry in read(path.read_text(encoding="utf-8"))[1].entries
    }
    wanted = {
        "2301.10001": "Shears for Sequence Models",  # below an underlined heading, in a numbered list
        "2303.10004": "Rounding Down Gracefully",
        "2404.20004": "Compressing Context by Talking Less",  # behind a box
        "10.1145/3620665.3640411": "Sharding the Unshardable Model",  # at a publisher's
        "2405.18218": "Learning from Daily Papers",
        "2303.30003": "Low Rank, High Hopes",  # in a table without outer bars
        "2305.30005": "Counting What Counts",
        "2402.40002": "Trees of Guesses",  # in a table of HTML
        "2404.40004": "Medusa's Younger Sister",
        "1901.50005": "Before the Flood of Papers",  # in a fold
        "2301.60001": "Defined Elsewhere on This Page",
        "2302.60002": "Shortcut References Work Too",
        "2303.60003": "Collapsed References Likewise",
        "2304.60004": "Autolinks Point at Papers",
        "2303.70003": "Holes in Attention Maps",  # four levels down
        "2304.80004": "Titles [with Brackets] Inside",
        "2306.80006": "The Id in Front of It",
        "2405.90001": "Small Steps toward Small Models",
        "2405.90003": "Citing in the Style of Engineers",
    }

    assert {key: titles.get(key) for key in wanted} == wanted


def test_what_stands_beside_a_title_finds_its_place() -> None:
    found = {
        e.subject.partition(":")[2]: e.wording for path in HABITS for e in read(path.read_text("utf-8"))[1].entries
    }

    counted = {key: found[key].citations_seen for key in ("2401.20001", "2402.20002", "2403.20003", "2404.20004")}
    assert counted == {"2401.20001": 512, "2402.20002": 77, "2403.20003": 1024, "2404.20004": 12}
    assert [found[key].marks for key in ("2401.20001", "2402.20002")] == [("☐",), ("☑",)]
    assert found["2401.30001"].authors == "Ada Author, Bo Builder"
    assert (found["2303.30003"].authors, found["2303.30003"].venue) == ("Gus Gardener and Hal Hiker", "CVPR 2023")
    assert found["2405.18218"].url == "https://huggingface.co/papers/2405.18218"
    assert found["10.1145/3600006.3613165"].url == "https://dl.acm.org/doi/10.1145/3600006.3613165"
    [sentence] = found["2301.80001"].notes
    assert "builds upon [LoRA](https://github.com/microsoft/LoRA) and beats it" in sentence.text
    assert [link.label for link in found["2302.80002"].links] == ["code", "code, second", "tree"]


def test_code_stays_verbatim_and_images_of_the_title_stay_in_the_head() -> None:
    folded, underlined = (
        read((HABITS[0].parent / name).read_text("utf-8"))[1] for name in ("folded.md", "underlined.md")
    )

    assert "```bibtex\n@article{painter2023small,\n  title={A Survey" in folded.sections[0].prose
    [quill] = [entry.wording for entry in folded.entries if entry.subject == "arxiv:2304.50004"]
    assert [(note.text, note.quoted) for note in quill.notes] == [
        ("@misc{quill2023, title={Indented Citations for Everyone}}", True)
    ]
    assert underlined.head.startswith("[![Awesome](https://awesome.re/badge.svg)](https://awesome.re) ![Papers]")
    assert [section.title for section in underlined.sections] == ["Pruning", "Quantization"]


TABLE = """# Tables

## Papers

| Title | Authors | Venue | Year |
|:--|:--|:--|:--|
| [A Title in the First Column](https://arxiv.org/abs/2401.11111) | Ada Author, Bo Builder | ICML | 2024 |

## Data

| Name | Size |
|:--|--:|
| small | 1 GB |
"""


def test_columns_are_known_by_their_names_and_other_tables_stay_tables() -> None:
    form, parsed = read(TABLE)

    assert form == "table"
    [entry] = parsed.entries
    assert (entry.wording.authors, entry.wording.venue, entry.wording.notes) == (
        "Ada Author, Bo Builder",
        "ICML, 2024",
        (),
    )
    assert parsed.sections[1].prose == "| Name | Size |\n|:--|--:|\n| small | 1 GB |"


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("path", HABITS, ids=lambda path: path.stem)
def test_nothing_of_a_page_is_missing(path: Path, style: Style, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    (tmp_path / "topics.toml").write_text('categories = ["cs.CL"]\n[topics.a]\ninclude = ["a"]\n', encoding="utf-8")
    done = adopt(tmp_path, {path.name: text}, "a-list", None, WHO, facts_only=False, dry_run=True)
    entries = entries_of(done.decisions)
    pages = render(entries, *known_facts(entries), replace(done.definition, style=style), AS_OF, SNAPSHOT)
    found = "\n".join(pages.values())

    assert set(raw.arxiv_ids(text)) - set(raw.arxiv_ids(found)) == set()
    assert raw.repositories(text) - raw.repositories(found) == set()
    assert raw.links(text) - raw.links(found) == set()
    assert raw.words(text) - raw.words(found) - SAID_OTHERWISE == set()
