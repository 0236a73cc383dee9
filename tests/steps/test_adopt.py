"""Taking over hand-kept lists: what is read, what is mended, what is kept although nobody understood it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from harvester.definitions import read_editorial
from harvester.editorial.log import read_log
from harvester.errors import ListError
from harvester.settings import read_texts
from harvester.steps.adopt import Adopted, Adopting, adopt

WHO = Adopting("ann", datetime(2024, 5, 29, tzinfo=UTC), "k3f9")
TOPICS = 'categories = ["cs.CL"]\n' + "".join(
    f'[topics.{name}]\ninclude = ["{name}"]\n' for name in ("pruning", "kv-cache", "moe", "tuning")
)
FRONT = """# My list

- [Network Pruning](pruning.md)
- [KV Cache Compression](kv.md)
- [Hardware/System](hardware.md)

Papers of the past 14 days.

## Paper from 05/26/2024 - Now

| Title & Authors | Introduction | Links |
|:--|:--:|:--:|
|**Network Pruning** | | |
|[First](https://arxiv.org/abs/2405.00001) <br> Ann |<img src="f.png">|[Paper](https://arxiv.org/abs/2405.00001)|

#### Contributing

Ask.
"""
STAR = "[![Star](https://img.shields.io/github/stars/bo/two.svg)](https://github.com/bo/two)"
PRUNING = f"""## Network Pruning
| Title & Authors | Introduction | Links |
|:--|:--:|:--:|
|[First](https://arxiv.org/abs/2405.00001v2) <br> Ann |<img src="f.png">|[Paper](https://arxiv.org/pdf/2405.00001)|
|{STAR}<br>[Second](https://arxiv.org/abs/2405.00002) <br> Bo ||[Paper](https://arxiv.org/abs/2405.00002)|
### Surveys
* [Third](https://arxiv.org/abs/2405.00003). Cy.
"""
BULLETS = """# Mine

## Tuning
- **A title over
  two lines**, `arXiv, 2405.00001`, [arxiv](http://arxiv.org/abs/2405.00001v3), cication: [**-1**](None)

\t *Ann, Bo* · ([code](https://github.com/ann/code?tab=readme-ov-file) - ann) ![Star](https://img.shields.io/github/stars/ann/code?tab=readme-ov-file.svg)
\t- `quoted`
\t\t - deeper
- just words
- **A title over two lines**, `arXiv, 2405.00001`, [arxiv](http://arxiv.org/abs/2405.00001v3), citation: [**7**](https://scholar.google.com/x)

Some prose.

## Tuning
-
- [A post](https://example.org/a)
"""


@pytest.fixture
def editorial(tmp_path: Path) -> Path:
    (tmp_path / "topics.toml").write_text(TOPICS, encoding="utf-8")
    return tmp_path


def adopted(editorial: Path, texts: dict[str, str], *, facts_only: bool = False, dry_run: bool = False) -> Adopted:
    return adopt(editorial, texts, "mine", None, WHO, facts_only=facts_only, dry_run=dry_run)


def test_an_adopted_list_is_read_back_from_editorial_as_it_was_adopted(editorial: Path) -> None:
    done = adopted(editorial, {"README.md": FRONT, "pruning.md": PRUNING})

    assert read_editorial(read_texts(editorial)).definition("mine").sections == done.definition.sections
    log = read_log(editorial)
    assert not log.mistakes and not log.torn
    assert [(d.subject, d.wording) for d in log.decisions] == [(d.subject, d.wording) for d in done.decisions]


def test_a_front_page_and_its_sections_pages_become_one_list(editorial: Path) -> None:
    done = adopted(editorial, {"pruning.md": PRUNING, "README.md": FRONT})

    assert (done.definition.title, done.definition.style, done.definition.recent_days) == ("My list", "table", 14)
    assert [(s.path, s.page) for s in done.definition.sections] == [
        ("Network Pruning", "pruning.md"),
        ("Network Pruning / Surveys", None),
        ("KV Cache Compression", "kv.md"),
        ("Hardware/System", "hardware.md"),
    ]
    # The front page is a window on the sections' pages: its row is no second placement.
    assert [(d.subject, d.place, d.section) for d in done.decisions] == [
        ("arxiv:2405.00001", 1, "Network Pruning"),
        ("arxiv:2405.00002", 1, "Network Pruning"),
        ("arxiv:2405.00003", 1, "Network Pruning / Surveys"),
    ]
    assert done.definition.foot.startswith("#### Contributing")


def test_a_badge_whose_repository_no_link_names_becomes_a_link(editorial: Path) -> None:
    second = adopted(editorial, {"README.md": FRONT, "pruning.md": PRUNING}).decisions[1]

    assert second.wording and [link.url for link in second.wording.links] == ["https://github.com/bo/two"]


def test_sections_get_the_topics_whose_name_their_titles_say(editorial: Path) -> None:
    done = adopted(editorial, {"README.md": FRONT})

    assert {s.path: s.topics for s in done.definition.sections if s.topics} == {
        "Network Pruning": ("pruning",),
        "KV Cache Compression": ("kv-cache",),
    }


def test_bullets_are_read_with_all_that_hangs_below_them(editorial: Path) -> None:
    done = adopted(editorial, {"list.md": BULLETS})
    first, second, post = done.decisions

    assert first.wording and second.wording
    assert (first.wording.title, first.wording.authors, first.saw) == ("A title over two lines", "Ann, Bo", 3)
    assert [(link.label, link.url) for link in first.wording.links] == [("code", "https://github.com/ann/code")]
    assert [(n.text, n.depth, n.quoted) for n in first.wording.notes] == [("quoted", 1, True), ("deeper", 2, False)]
    assert (first.wording.citations_seen, second.wording.citations_seen) == (None, 7)
    assert post.section == "Tuning (2)"  # the same heading once more


def test_the_same_subject_twice_is_two_placements_and_reported(editorial: Path) -> None:
    done = adopted(editorial, {"list.md": BULLETS})

    assert [d.place for d in done.decisions] == [1, 2, 1]
    assert done.to_json()["several_placements"] == {"arxiv:2405.00001": ["Tuning", "Tuning"]}


def test_what_is_not_understood_is_kept_and_told_with_its_line(editorial: Path) -> None:
    done = adopted(editorial, {"list.md": BULLETS})

    assert [(u.line, u.text) for u in done.kept.unknown] == [(10, "just words"), (13, "Some prose.")]
    assert done.definition.sections[0].prose == "- just words\n\nSome prose."


def test_repairs_are_told_with_their_lines(editorial: Path) -> None:
    told = {(r.line, r.what.partition(":")[0]) for r in adopted(editorial, {"list.md": BULLETS}).kept.repairs}

    assert told >= {
        (4, "the version was taken out of an arXiv link"),
        (4, "the spelling of 'citation' was mended"),
        (4, "a citation count of -1 means unknown and is not shown"),
        (4, "an address was tidied"),
        (4, "a malformed star badge is made anew from the repository's link"),
        (16, "an empty bullet was left out"),
    }


def test_facts_only_leaves_sentences_out(editorial: Path) -> None:
    done = adopted(editorial, {"list.md": BULLETS}, facts_only=True)

    assert all(not d.wording.notes for d in done.decisions if d.wording)
    assert all(not section.prose for section in done.definition.sections)


def test_a_list_is_not_overwritten(editorial: Path) -> None:
    adopted(editorial, {"list.md": BULLETS})

    with pytest.raises(ListError, match="exists already"):
        adopted(editorial, {"list.md": BULLETS})
    assert len(read_log(editorial).digests) == 1


def test_a_dry_run_writes_nothing(editorial: Path) -> None:
    assert adopted(editorial, {"list.md": BULLETS}, dry_run=True).written == ()
    assert [path.name for path in editorial.iterdir()] == ["topics.toml"]


@pytest.mark.parametrize("text", ["", "# Title\n\nOnly words.\n"])
def test_a_page_without_entries_is_refused(editorial: Path, text: str) -> None:
    with pytest.raises(ListError, match="no entry found"):
        adopted(editorial, {"list.md": text})


@pytest.mark.parametrize("slug", ["", "Mine", "../x", "a/b", "a b", "-a"])
def test_a_name_that_is_no_file_name_is_refused(editorial: Path, slug: str) -> None:
    with pytest.raises(ListError, match="no name for a list"):
        adopt(editorial, {"list.md": BULLETS}, slug, None, WHO, facts_only=False, dry_run=False)


def test_line_ends_and_byte_order_mark_do_not_matter(editorial: Path) -> None:
    plain = adopted(editorial, {"list.md": BULLETS}, dry_run=True)
    windows = adopted(editorial, {"list.md": "\ufeff" + BULLETS.replace("\n", "\r\n")}, dry_run=True)

    assert windows.decisions == plain.decisions


@pytest.mark.parametrize("heading", ["Papers", "Paper from 05/26/2024 - Now"])
def test_a_front_page_whose_table_is_empty_is_no_page_of_a_section(editorial: Path, heading: str) -> None:
    table = "| Title & Authors | Introduction | Links |\n|:--|:--:|:--:|\n"
    front = f"# Mine\n\n- [Tuning](tuning.md)\n\n## {heading}\n\n{table}"
    row = "|[First](https://arxiv.org/abs/2405.00001) <br> Ann | | |\n"
    found = adopted(editorial, {"README.md": front, "tuning.md": f"## Tuning\n{table}{row}"})
    assert [(section.path, section.page) for section in found.definition.sections] == [("Tuning", "tuning.md")]


def test_a_readme_of_another_folder_gives_its_sections_pages_of_their_own(editorial: Path) -> None:
    table = "| Title & Authors | Introduction | Links |\n|:--|:--:|:--:|\n"
    rows = [
        f"|[{name}](https://arxiv.org/abs/2405.0000{at}) <br> Ann | | |\n" for at, name in enumerate(("One", "Two"))
    ]
    pages = {"readme.md": f"## Older\n{table}{rows[0]}", "tuning.md": f"## Tuning\n{table}{rows[1]}"}
    found = adopted(editorial, pages)
    assert [(section.path, section.page) for section in found.definition.sections] == [
        ("Older", None),
        ("Tuning", "tuning.md"),
    ]
