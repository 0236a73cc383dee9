"""What becomes of a new list as a whole: rows that stand on two pages, its topics, and its facts alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from adopting_world import HEAD

from harvester.definitions import read_editorial
from harvester.records import Link, Wording
from harvester.settings import read_texts
from harvester.steps.adopt import Adopted, Adopting, adopt

WHO = Adopting("ann", datetime(2024, 5, 29, tzinfo=UTC), "k3f9")
TOPICS = 'categories = ["cs.CL"]\n' + "".join(
    f'[topics.{name}]\ninclude = ["{name}"]\n' for name in ("pruning", "quantization", "survey")
)
FRONT = f"""# L

- [Alpha](alpha.md)

## Paper from 05/26/2024 - Now

{HEAD}|**Alpha** | | |
|[Front title](https://arxiv.org/abs/2405.00001) <br> Ann |<img src="x.png"> |[Github](https://github.com/a/b)| [//]: #05/29
"""
ALPHA = f"""## Alpha
{HEAD}|[Own title](https://arxiv.org/abs/2405.00001) <br> Ann | |[Paper](https://arxiv.org/abs/2405.00001)|
|[Other](https://arxiv.org/abs/2405.00002) <br> Bo | | |
"""


@pytest.fixture
def editorial(tmp_path: Path) -> Path:
    (tmp_path / "topics.toml").write_text(TOPICS, encoding="utf-8")
    return tmp_path


def adopted(editorial: Path, texts: dict[str, str], *, facts_only: bool = False) -> Adopted:
    return adopt(editorial, texts, "mine", None, WHO, facts_only=facts_only, dry_run=False)


def words(done: Adopted, at: int = 0) -> Wording:
    return done.decisions[at].wording or Wording()


def test_a_row_of_the_front_page_adds_what_the_sections_page_leaves_out(editorial: Path) -> None:
    done = adopted(editorial, {"README.md": FRONT, "alpha.md": ALPHA})

    assert [decision.subject for decision in done.decisions] == ["arxiv:2405.00001", "arxiv:2405.00002"]
    first = words(done)
    assert (first.title, first.figure, first.listed_on) == ("Own title", "x.png", "05/29")
    assert [link.url for link in first.links] == ["https://github.com/a/b"]


def test_what_the_front_page_says_otherwise_is_told_with_both_lines(editorial: Path) -> None:
    done = adopted(editorial, {"README.md": FRONT, "alpha.md": ALPHA})

    [told] = done.kept.differing
    assert (told.file, told.line) == ("README.md", 10)
    assert told.what == "the title of arxiv:2405.00001 differs from alpha.md, line 4"
    assert told.text == 'here "Front title", there "Own title", which is kept'


def bullets(titles: list[str], heading: str = "Papers") -> dict[str, str]:
    lines = [f"- **{title}**, [arxiv](https://arxiv.org/abs/2405.{at:05})" for at, title in enumerate(titles)]
    return {"README.md": "\n".join(["# L", "", f"## {heading}", *lines, ""])}


def topics(editorial: Path) -> tuple[str, ...] | None:
    return read_editorial(read_texts(editorial)).definition("mine").topics


def test_a_list_on_another_subject_gets_no_topics(editorial: Path) -> None:
    """A section that is called like a topic, or one title, makes no efficient language models of robots."""
    robots = [f"Robots that grasp {number}" for number in range(11)]
    done = adopted(editorial, bullets([*robots, "Pruning trees with robots"], "Survey"))
    assert topics(editorial) == () and not any(section.topics for section in done.definition.sections)


def test_a_list_gets_the_topics_that_its_titles_and_sections_name(editorial: Path) -> None:
    done = adopted(editorial, bullets(["Pruning one", "Pruning two", *"abcdefghi"], "Survey"))
    assert topics(editorial) == ("pruning", "survey") and done.fitting.titles == {"pruning": 2, "survey": 0}


def test_a_list_that_all_topics_fit_names_none(editorial: Path) -> None:
    adopted(editorial, bullets(["Pruning and quantization", "Quantization and pruning, a survey", "A survey"]))
    assert topics(editorial) is None


NOTES = """# L

## A
- **First**, [arxiv](https://arxiv.org/abs/2405.00001)
  - this builds on [Graves](https://arxiv.org/abs/1211.3711), see https://a.org/blog.
  - [only a link](https://a.org/only)
- [**proj**](https://github.com/own/proj) - own

  *A description of the project.*
"""


def test_links_inside_sentences_that_are_left_out_stay_and_what_is_left_out_is_counted(editorial: Path) -> None:
    done = adopted(editorial, {"README.md": NOTES}, facts_only=True)

    assert words(done).links == (
        Link("Graves", "https://arxiv.org/abs/1211.3711"),
        Link("a.org", "https://a.org/blog"),
    )
    assert [note.text for note in words(done).notes] == ["[only a link](https://a.org/only)"]
    assert words(done, 1).authors is None and words(done, 1).notes == ()
    assert done.kept.left_out == {"notes": 2, "links of notes, kept with their entries": 2}


def test_in_a_list_of_other_form_prose_below_a_heading_is_told_too(editorial: Path) -> None:
    """It may have been meant as an entry."""
    text = "# L\n\n## A\n\nA paper that names no address.\n\n1. One, ACL 2020. <https://arxiv.org/abs/2405.00001>\n"
    done = adopt(editorial, {"README.md": text}, "mine", "generic", WHO, facts_only=False, dry_run=True)
    assert [(found.line, found.text) for found in done.kept.unknown] == [(3, "A paper that names no address.")]


def test_sections_of_one_title_on_two_pages_become_one_and_that_is_told(editorial: Path) -> None:
    texts = {"alpha.md": ALPHA, "beta.md": "\n" + ALPHA.replace("0000", "1000"), "alpha-from-other.md": ALPHA}
    done = adopt(editorial, texts, "a-list", None, WHO, facts_only=False, dry_run=True)

    assert [section.path for section in done.definition.sections] == ["Alpha"]
    [told] = done.kept.repairs
    assert (told.file, told.line) == ("beta.md", 2)
    assert told.what.startswith('section "Alpha" stands in alpha.md, line 1, too') and "another title" in told.what
