"""`harvester adopt` on a list that exists, as people type it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from adopting_world import World
from click.testing import CliRunner, Result

from harvester.cli import main

PAGE = """# Mine

## Tuning
- **First**, `ICML`, [arxiv](https://arxiv.org/abs/2405.00001)
- **Second**, `ACL`, [arxiv](https://arxiv.org/abs/2405.00002)
"""


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(tmp_path)
    world.keep({"README.md": PAGE})
    monkeypatch.chdir(tmp_path)
    return world


def harvester(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_a_page_edited_by_hand_and_the_log_of_it(world: World) -> None:
    page = Path("lists/mine/README.md")
    page.write_text(page.read_text(encoding="utf-8").replace("**First**", "**The first**"), encoding="utf-8")

    tried = harvester("adopt", str(page), "lists/mine/CHANGES.md", "--list", "mine", "--by", "ann", "--dry-run")
    assert "title: First → The first" in tried.output and "nothing was written" in tried.output
    done = harvester("adopt", str(page), "--list", "mine", "--by", "ann", "--json", "--report", "report.json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert [line["to"] for line in said["decisions"]] == [{"title": "The first"}] and len(said["written"]) == 1
    assert json.loads(Path("report.json").read_text(encoding="utf-8")) == said

    assert "title: First → The first" in harvester("log", "2405.00001").output
    assert "took back edit of arxiv:2405.00001" in harvester("undo", "2405.00001", "--by", "ann").output


def test_a_copy_of_the_pages_as_they_were(world: World) -> None:
    Path("before").mkdir()
    Path("before/list.md").write_text(PAGE, encoding="utf-8")
    Path("list.md").write_text(PAGE.replace("`ACL`", "`ACL 2024`"), encoding="utf-8")

    without = harvester("adopt", "list.md", "--list", "mine", "--by", "ann")
    assert without.exit_code == 1 and "--base" in without.output
    done = harvester("adopt", "list.md", "--list", "mine", "--by", "ann", "--base", "before")
    assert "venue: ACL → ACL 2024" in done.output


@pytest.mark.parametrize("options", [("--style", "table"), ("--facts-only",)])
def test_what_is_for_a_new_list_is_refused(world: World, options: tuple[str, ...]) -> None:
    assert "new list" in harvester("adopt", "lists/mine/README.md", "--list", "mine", *options).output


def test_removals_of_a_list_that_does_not_exist_are_refused(world: World) -> None:
    assert "no list other" in harvester("adopt", "lists/mine/README.md", "--list", "other", "--removals").output


def test_a_new_list_is_told_with_what_to_do_next_and_one_is_singular(world: World) -> None:
    Path("other.md").write_text("# Other\n\n## Tuning\n- **One**, [arxiv](https://arxiv.org/abs/2405.00001)\n")
    tried = harvester("adopt", "other.md", "--list", "other", "--dry-run").stdout
    assert "other: 1 entry in 1 section (bullets style)\n  1 arXiv paper\n" in tried and "Next:" not in tried
    done = harvester("adopt", "other.md", "--list", "other").stdout
    assert "harvester lint --list other" in done and "harvester publish" in done
    assert "\n  editorial/lists/other.toml: `topics`" in done


def test_a_paper_in_two_sections_is_one_and_files_are_named_where_they_lie(world: World) -> None:
    Path("demo").mkdir()
    Path("editorial").rename("demo/editorial")
    entry = "- **One**, [arxiv](https://arxiv.org/abs/2405.00001)\n"
    Path("twice.md").write_text(f"# Twice\n\n## Tuning\n{entry}\n## Pruning\n{entry}")
    elsewhere = {"HARVESTER_EDITORIAL": "demo/editorial"}
    done = CliRunner().invoke(main, ["adopt", "twice.md", "--list", "twice"], env=elsewhere).stdout
    assert "twice: 2 entries in 2 sections (bullets style)\n  1 arXiv paper\n" in done
    assert "\n  demo/editorial/lists/twice.toml: `topics`" in done
    assert "; demo/editorial/topics.toml: what is harvested" in done


def test_decision_lines_that_cannot_be_used_are_told(world: World) -> None:
    Path("editorial/decisions/2026-11-02T000000Z-bob-aaaa.jsonl").write_text('{"act": "acept", "list": "mine"}\n')
    done = harvester("adopt", "lists/mine/README.md", "--list", "mine")
    assert done.exit_code == 0 and "editorial/decisions/2026-11-02T000000Z-bob-aaaa.jsonl, line 1" in done.stderr
    assert "mine: nothing was edited by hand" in done.stdout


def test_a_report_that_cannot_be_written_decides_nothing(world: World) -> None:
    page = Path("lists/mine/README.md")
    page.write_text(page.read_text(encoding="utf-8").replace("**First**", "**The first**"), encoding="utf-8")
    before = world.files()
    done = harvester("adopt", str(page), "--list", "mine", "--report", "nowhere/report.json")
    assert done.exit_code == 2 and "there is no folder nowhere" in done.output and world.files() == before


def test_of_a_folder_all_its_pages_are_taken(world: World) -> None:
    page = Path("lists/mine/README.md")
    page.write_text(page.read_text(encoding="utf-8").replace("**First**", "**The first**"), encoding="utf-8")
    assert "title: First → The first" in harvester("adopt", "lists/mine", "--list", "mine", "--dry-run").output
    Path("empty").mkdir()
    assert "no *.md in this folder" in harvester("adopt", "empty", "--list", "mine").output


def test_a_new_line_is_told_with_the_title_that_was_read(world: World) -> None:
    page = Path("lists/mine/README.md")
    line = "- **Second**"
    added = "- **A third one**, `ACL`, [arxiv](https://arxiv.org/abs/2405.00003)\n" + line
    page.write_text(page.read_text(encoding="utf-8").replace(line, added), encoding="utf-8")
    told = harvester("adopt", str(page), "--list", "mine", "--dry-run").output
    assert 'accept arxiv:2405.00003: "A third one" into Tuning' in told


def test_every_repair_is_told_with_its_line_and_many_up_to_a_dozen(world: World) -> None:
    lines = [f"- **One**, [arxiv](https://arxiv.org/abs/2405.{n:05}v2)" for n in range(20)]
    Path("other.md").write_text("\n".join(["# Other", "", "## Tuning", *lines, "-", ""]))
    told = harvester("adopt", "other.md", "--list", "other", "--dry-run").stdout
    assert "taken out of an arXiv link (20 times)\n    other.md, lines 4, 5, 6," in told
    assert "13, 14, 15 and 8 more: --report FILE tells all" in told
    assert "an empty bullet was left out (1 time)\n    other.md, line 24\n" in told


def test_a_list_of_another_form_is_told_what_it_will_look_like_and_what_changes_that(world: World) -> None:
    rows = "".join(
        f"| {n} | Model {n} | [Model {n}: a paper](https://arxiv.org/abs/2405.0000{n}) | 3{n}M | ✗ |\n"
        for n in range(9)
    )
    Path("other.md").write_text(f"# Other\n\n| # | Model | Paper | Params | Code |\n|--|--|--|--|--|\n{rows}")
    told = harvester("adopt", "other.md", "--list", "other", "--style", "generic", "--dry-run").stdout
    assert "other.md: of another form, its entries are rendered as bullets" in told
    assert '`style = "table"` in editorial/lists/other.toml, or a template, changes it' in told
    assert "topics: none of editorial/topics.toml fits its entries" in told


def test_a_long_list_is_announced(world: World) -> None:
    Path("other.md").write_text(
        "# Other\n\n- **One**, [arxiv](https://arxiv.org/abs/2405.00001)\n" + "word\n" * 210_000
    )
    done = harvester("adopt", "other.md", "--list", "other", "--style", "bullets", "--dry-run")
    assert "reading 1.1 MB of Markdown" in done.stderr
