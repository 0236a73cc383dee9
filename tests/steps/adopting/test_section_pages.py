"""Pages of a list of several: their titles, and what stands above and below their entries, is lost nowhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from adopting_world import HEAD

from harvester.steps.adopt import Adopted, Adopting, adopt

WHO = Adopting("ann", datetime(2024, 5, 29, tzinfo=UTC), "k3f9")
FRONT = "# L\n\nAbout all.\n"
ROW = "|[Own title](https://arxiv.org/abs/2405.00001) <br> Ann | |[Paper](https://arxiv.org/abs/2405.00001)|\n"
TABLE = f"{HEAD}{ROW}"
BULLETS = "- **Own title**, `arXiv, 2405.00001`, [arxiv](https://arxiv.org/abs/2405.00001)\n"
OTHER = '1. Ann Author. "A title of other form." ICML 2024. [[pdf](https://arxiv.org/pdf/2405.00001)]\n'


def sections(texts: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return {section.path: section.prose for section in adopted(texts, tmp_path).definition.sections}


def adopted(texts: dict[str, str], tmp_path: Path) -> Adopted:
    (tmp_path / "topics.toml").write_text('categories = ["cs.CL"]\n[topics.a]\ninclude = ["a"]\n', encoding="utf-8")
    return adopt(tmp_path, {"README.md": FRONT} | texts, "mine", None, WHO, facts_only=False, dry_run=True)


@pytest.mark.parametrize("entries", [TABLE, BULLETS, OTHER])
def test_head_and_foot_of_a_sections_page_stay_on_it(entries: str, tmp_path: Path) -> None:
    text = f"# Alpha\n\nAbove [it](https://a.org).\n\n{entries}\n## Contributing\n\nBelow.\n\n### How\n\nSo.\n"
    done = adopted({"alpha.md": text}, tmp_path)

    assert done.definition.head == "About all."
    assert [(section.path, section.level, section.prose) for section in done.definition.sections] == [
        ("Alpha", 1, "Above [it](https://a.org)."),
        ("Alpha / Contributing", 2, "Below."),
        ("Alpha / Contributing / How", 3, "So."),
    ]
    assert [decision.section for decision in done.decisions] == ["Alpha"]


def test_the_title_of_a_page_is_the_section_that_its_headings_stand_below(tmp_path: Path) -> None:
    page = f"## Papers\n\n{TABLE}\n### More\n"
    texts = {"a.md": f"# A\n\nOn a.\n\n{page}", "b.md": f"# B\n\n{page.replace('2405', '2406')}"}
    done = adopted(texts, tmp_path)

    told = [(section.path, section.level, section.page) for section in done.definition.sections]
    assert told == [
        ("A", 1, "a.md"),
        ("A / Papers", 2, None),
        ("A / Papers / More", 3, None),
        ("B", 1, "b.md"),
        ("B / Papers", 2, None),
        ("B / Papers / More", 3, None),
    ]
    assert [decision.section for decision in done.decisions] == ["A / Papers", "B / Papers"]


def test_a_page_that_is_called_like_the_list_or_like_its_section_adds_none(tmp_path: Path) -> None:
    assert list(sections({"a.md": f"# L\n\n## A\n\n{TABLE}"}, tmp_path)) == ["A"]
    assert list(sections({"a.md": f"# A\n\n## A\n\n{TABLE}"}, tmp_path)) == ["A"]


def test_headings_above_the_entries_are_sections_and_code_holds_none(tmp_path: Path) -> None:
    head = "Hi.\n\n## News\n\n- Started.\n\n```\n# code\n```\n"
    assert sections({"a.md": f"# A\n\n{head}\n## Papers\n\n{TABLE}"}, tmp_path) == {
        "A": "Hi.",
        "A / News": "- Started.\n\n```\n# code\n```",
        "A / Papers": "",
    }
