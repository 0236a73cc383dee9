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
# What is made anew, is called otherwise, or only says what stands beside it. In the last line: an id in plain text is a
# link now, accents of LaTeX are letters, and a fence's language goes with the fence.
SAID_OTHERWISE = set(
    """title titles authors author venue conference year links link paper papers pdf arxiv arXiv code publication date
    and acl contents table abstract introduction details summary open click cited citation citations bibtex badge kv
    page toc figure doi preprint 论文标题 论文链接 发表时间
    hour glass schr odinger odel python""".casefold().split()
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
        "2401.00101": "Marigolds: Growing Depth from Diffusion",  # a name that begins like a month
        "2402.00102": "Octopus: Eight Arms for One Policy",
        "2403.00103": "Juneberries in the Wild",  # behind a bold tag
        "2404.00104": "Decoders that Listen",  # in quotes, behind its authors
        "2405.00105": "Seeing Less, Knowing More",
        "2310.00106": "Maya: Counting Long Ago",
        "2311.00107": "Lifting",  # linked; sentences about it follow
        "2312.00108": "Climber",  # bold; its links stand before the description
        "2302.00202": "Snap Judgments on Weights",  # another paper is named in the remarks
        "2303.00203": "Snow on the Gradient",
        "2304.00302": "Doors out of Attention",  # authors behind line breaks
        "1905.00304": "Cellars and Attics",  # bold with underscores, in a fold
        "2307.00306": "Cornerstones of Vision",  # a paragraph of HTML
        "2306.00402": "Bridges between Small and Large Models",  # in Chinese quotes
        "2307.00403": "Rivers of Tokens: A Streaming View",  # behind the word for "title"
        "2310.00406": "Mountains beyond the Cache",  # in two languages
        "2403.00503": "Why Do Agents Forget? Evidence from Notebooks",
        "2405.00505": "Learning Language, Vision, and Code at Once",
        "2407.00507": "Schrödinger's Agents and Gödel's Tools",  # accents in LaTeX
        "2407.00515": "∞-planner: Agents without End",  # a sign of mathematics is no emoji
        "2407.00516": "∞Steps of Agents, Counted",
        "2409.00509": "The Very Long for Loop of H2O Agents",  # with markup inside
        "2306.00602": "Late Owls of Training",  # behind date and id
        "2403.00603": "Noon: Halfway between Training and Inference",
        "2405.00605": "Dawn: Waking Models Gently",
        "2406.00607": "Twilight of the Dense",  # an id that is no link
        "2408.00609": "Sundials for Schedulers",
        "10.1000/hour.glass": "Hourglasses",  # a DOI that is no link
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


def test_authors_venues_and_notes_of_every_habit_keep_their_wording() -> None:
    found = {
        e.subject.partition(":")[2]: e.wording for path in HABITS for e in read(path.read_text("utf-8"))[1].entries
    }
    snip = "[Snip](https://arxiv.org/abs/2301.00201)"
    told = {
        "2401.00101": ("Ann Acre, Ben Birch, Cid Cole", "ICLR 2024 (Oral)", []),
        "2402.00102": ("Dee Dale, Eve Elm", None, []),
        "2310.00106": ("Ida Ivy, Jon Jay", "NeurIPS 2023 (Spotlight)", []),
        "2311.00107": (None, None, ["A slower but better way up. Needs a rope (or a ladder)."]),
        "2302.00202": (
            None,
            "ACL'23 Findings",
            [f"Method: Snap · Open?: ✗ · Training-free: ✓ · uses `snap()` twice; cf. {snip}"],
        ),
        "1905.00304": ("Xia Xu", None, []),  # one name alone is an author, too
        "2307.00403": ("Fan Fang, Gao Guo", None, ["要点：**边读边写**，不需要额外显存。"]),
        "2406.00506": ("May Moss", "ICRA 2024", []),
        "2502.00514": (None, "T-RO 2025", ["(PyTorch)", "Key idea:", "hit the nail (once)", "hit(nail)"]),
        "2501.00513": (None, None, ["> A note in a quote: the second figure is wrong in v1."]),
        "2306.00602": (None, "ICLR, 2023/06", []),
    }
    read_so = {key: (found[key].authors, found[key].venue, [note.text for note in found[key].notes]) for key in told}

    assert read_so == told
    assert [note.depth for note in found["2502.00514"].notes] == [1, 1, 2, 3]


def test_groups_and_folds_are_sections_and_what_points_elsewhere_is_prose() -> None:
    plain, breaks = (
        read((HABITS[0].parent / name).read_text("utf-8"))[1] for name in ("plain_titles.md", "line_breaks.md")
    )

    assert [section.path for section in plain.sections] == ["Agents", "Agents / Memory", "Agents / Tools"]
    assert plain.sections[0].prose.startswith("See also: [the overview]")
    places = {str(entry.subject): entry.section for entry in breaks.entries}
    assert places["arxiv:1905.00304"] == "Vision Papers / Older work"
    assert places["arxiv:2206.00305"] == "Vision Papers"


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
    assert raw.repositories(text).keys() - raw.repositories(found).keys() == set()
    assert raw.links(text).keys() - raw.links(found).keys() == set()
    assert raw.words(text) - raw.words(found) - SAID_OTHERWISE == set()
