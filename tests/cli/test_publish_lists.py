"""`harvester publish` and `render` where a definition cannot be used, and in quick succession."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from deciding_world import settle_in

from harvester.cli import main

Harvester = Callable[..., Result]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def harvester(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Harvester:
    """Runs a command in a folder with two published lists."""
    settle_in(tmp_path)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    for paper, slug in (("2405.00001", "efficient"), ("2405.00003", "efficient"), ("2405.00004", "moe")):
        section = () if slug == "efficient" else ("--section", "Papers")
        done = run("accept", paper, "--list", slug, *section, "--by", "ann", "--at", "2024-06-03T12:00:00Z")
        assert done.exit_code == 0, done.output
    assert run("publish", "--as-of", "2024-06-03T13:00:00Z").exit_code == 0
    return run


def page(folder: Path, slug: str) -> str:
    return (folder / "lists" / slug / "README.md").read_text(encoding="utf-8")


def definition(folder: Path, slug: str) -> Path:
    return folder / "editorial" / "lists" / f"{slug}.toml"


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_definition_that_cannot_be_read_holds_back_its_list_alone(harvester: Harvester, tmp_path: Path) -> None:
    before = page(tmp_path, "efficient")
    change(definition(tmp_path, "efficient"), '"Efficient"', '"Efficient')
    change(definition(tmp_path, "moe"), '"MoE"', '"Mixtures"')
    done = harvester("publish")
    assert done.exit_code == 3, done.output
    assert "the list efficient stays as it was: " in done.stdout
    assert "editorial/lists/efficient.toml:1: not valid TOML" in done.stdout
    assert page(tmp_path, "moe").startswith("# Mixtures\n")
    assert page(tmp_path, "efficient") == before
    assert harvester("publish").exit_code == 3, "as long as it is not mended"

    change(definition(tmp_path, "efficient"), '"Efficient', '"Efficient, mended"')
    assert harvester("publish").exit_code == 0
    assert page(tmp_path, "efficient").startswith("# Efficient, mended\n")


def test_a_new_list_that_cannot_be_read_is_told(harvester: Harvester, tmp_path: Path) -> None:
    definition(tmp_path, "new").write_text('style = "bulets"\n', encoding="utf-8")
    done = harvester("publish")
    assert done.exit_code == 3
    assert "the list new stays as it was: " in done.stdout and "new.toml:1: style 'bulets' is unknown" in done.stdout
    assert not (tmp_path / "lists" / "new").exists()


def test_mistakes_in_topics_stop_everything(harvester: Harvester, tmp_path: Path) -> None:
    change(tmp_path / "editorial" / "topics.toml", "include", "inclde")
    done = harvester("publish")
    assert done.exit_code == 1 and "topics.toml:3: topics.pruning.inclde is unknown" in done.stderr


def test_an_emptied_definition_is_not_published(harvester: Harvester, tmp_path: Path) -> None:
    before = page(tmp_path, "efficient")
    definition(tmp_path, "efficient").write_text("", encoding="utf-8")
    for _ in range(2):
        done = harvester("publish")
        assert done.exit_code == 3
        assert 'efficient.toml lacks sections in which entries stand: "Network Pruning" (2); entries' in done.stdout
        assert page(tmp_path, "efficient") == before
    assert harvester("publish", "--publish-anyway").exit_code == 3
    assert page(tmp_path, "efficient").startswith("# efficient\n")


def test_a_section_that_is_gone_is_told_and_its_entries_stay_on_the_list(harvester: Harvester, tmp_path: Path) -> None:
    moved = harvester("accept", "2405.00002", "--list", "efficient", "--section", "Survey", "--by", "ann")
    assert moved.exit_code == 0, moved.output
    change(definition(tmp_path, "efficient"), '[[sections]]\npath = "Survey"\n', "")
    done = harvester("publish")
    assert done.exit_code == 3
    assert 'shows sections at its end that its definition lacks: "Survey" (1)' in done.stdout
    assert (tmp_path / "lists" / "efficient" / "survey.md").exists()


def test_the_definition_in_the_documentation_begins_a_list(harvester: Harvester, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "lists.md").read_text(encoding="utf-8").partition("### A new list")[2]
    definition(tmp_path, "my-list").write_text(text.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    assert harvester("publish").exit_code == 0
    assert page(tmp_path, "my-list").startswith("# My list\n")
    assert harvester("lint", "--list", "my-list").exit_code == 0
    waiting = harvester("queue", "--list", "my-list", "--json")
    assert '"section": "Pruning"' in waiting.stdout or waiting.stdout.strip() == "[]"
    done = harvester("accept", "2405.00002", "--list", "my-list", "--section", "Surveys", "--by", "ann")
    assert done.exit_code == 0, done.output


def test_adopting_a_page_without_entries_says_how_a_new_list_begins(harvester: Harvester, tmp_path: Path) -> None:
    (tmp_path / "new.md").write_text("# My list\n\n## Pruning\n\n## Surveys\n", encoding="utf-8")
    refused = harvester("adopt", "new.md", "--list", "my-list")
    assert refused.exit_code == 1
    assert (
        "no entry found" in refused.stderr and 'write editorial/lists/my-list.toml by hand, as "A new' in refused.stderr
    )


def test_two_publications_may_fall_into_one_second(harvester: Harvester, tmp_path: Path) -> None:
    titles = ["One", "Two", "Three"]
    for title, before in zip(titles, ["MoE", *titles], strict=False):
        change(definition(tmp_path, "moe"), f'"{before}"', f'"{title}"')
        assert harvester("publish").exit_code == 0
    assert page(tmp_path, "moe").startswith("# Three\n")


def test_render_tells_what_its_snapshot_does_not_know(harvester: Harvester, tmp_path: Path) -> None:
    assert harvester("render").stderr == ""
    change(definition(tmp_path, "moe"), '"MoE"', '"Mixtures"')
    done = harvester("render", "--out", "preview")
    assert done.exit_code == 0
    assert "changed since this snapshot" in done.stderr and "editorial/lists/moe.toml" in done.stderr
    assert "`harvester publish` takes it in" in done.stderr
    assert (tmp_path / "preview" / "moe" / "README.md").read_text(encoding="utf-8").startswith("# MoE\n")


def test_render_before_the_first_snapshot_names_what_makes_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["render"])
    assert done.exit_code == 1 and "`harvester publish` makes one" in done.stderr


def test_a_day_that_is_none_is_told_how_days_are_written(harvester: Harvester) -> None:
    done = harvester("defer", "2405.00002", "--until", "tomorrow")
    assert done.exit_code == 2 and "write it as YYYY-MM-DD" in done.output


def test_an_item_of_several_lists_is_shown_as_the_first_of_them_does(harvester: Harvester) -> None:
    for slug, section in (("efficient", "Survey"), ("moe", "Code")):
        added = ("--title", "Mine", "--list", slug, "--section", section, "--add", "--by", "ann")
        assert harvester("item", "2406.77777", *added).exit_code == 0
    shown = harvester("item", "2406.77777", "--style", "table")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "[Mine](https://arxiv.org/abs/2406.77777)" in shown.stdout
