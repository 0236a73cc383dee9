"""What `accept` says of the section it takes, and what every command says of sections that are gone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from deciding_world import settle_in

from harvester.cli import main
from harvester.scores import Guess, Rated

Harvester = Callable[..., Result]
AT = ("--at", "2024-06-03T12:00:00Z")
GUESSES = {
    "2405.00001": (Guess("Quantization", 0.17), Guess("Survey", 0.12), Guess("Network Pruning", 0.1)),
    "2405.00002": (Guess("Quantization", 0.8), Guess("Survey", 0.12)),
    "2405.00003": (Guess("Survey", 1.0),),
}


@pytest.fixture
def harvester(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Harvester:
    """Runs a command, as ann, in a folder with a snapshot in which sections were guessed; settings say where things lie."""
    settle_in(tmp_path, {paper: Rated(None, guesses=guesses) for paper, guesses in GUESSES.items()})
    (tmp_path / "demo").mkdir()
    (tmp_path / "editorial").rename(tmp_path / "demo" / "editorial")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARVESTER_EDITORIAL", "demo/editorial")

    def run(*arguments: str) -> Result:
        signed = ("--by", "ann", *AT) if arguments[0] in ("accept", "reject", "defer", "undo") else ()
        return CliRunner().invoke(main, [*arguments, *signed])

    return run


def define(old: str, new: str, slug: str = "efficient") -> None:
    file = Path(f"demo/editorial/lists/{slug}.toml")
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def said(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_section_nobody_named_is_told_with_its_probability(harvester: Harvester) -> None:
    told = said(harvester("accept", "2405.00002"))
    assert "accepted into Quantization (80%; next: Survey 12%)" in told and "weak" not in told
    assert "(>99%)" in said(harvester("accept", "2405.00003", "--list", "efficient"))


def test_a_weak_guess_is_called_one_with_what_changes_it(harvester: Harvester) -> None:
    told = said(harvester("accept", "2405.00001"))
    assert "accepted into Quantization (17%; next: Survey 12%); that was a weak guess: `harvester accept" in told
    assert "`harvester accept 2405.00001 --list efficient --section NAME` moves it" in told
    assert "`harvester undo 2405.00001 --list efficient` takes it back" in told
    assert "moved from Quantization to Survey" in said(harvester("accept", "2405.00001", "--section", "Survey"))


def test_a_section_that_somebody_names_is_no_guess(harvester: Harvester) -> None:
    assert "accepted into Survey  [efficient]" in said(harvester("accept", "2405.00001", "--section", "Survey"))


def test_a_renamed_section_is_suggested_by_its_name_of_today(harvester: Harvester) -> None:
    define('path = "Quantization"', 'path = "Low-bit models"\nformerly = ["Quantization"]')
    (row,) = (one for one in json.loads(said(harvester("queue", "--json"))) if one["id"] == "2405.00001")
    assert row["section"] == "Low-bit models"
    assert "accepted into Low-bit models (17%; next: Survey 12%)" in said(harvester("accept", "2405.00001"))


def test_a_suggested_section_that_is_gone_is_named_with_how_to_go_on(harvester: Harvester) -> None:
    define('path = "Quantization"', 'path = "Low-bit models"')
    refused = harvester("accept", "2405.00001")
    assert refused.exit_code == 1
    assert (
        'suggested for arxiv:2405.00001 is "Quantization", which list efficient does not have any more'
        in refused.stderr
    )
    assert (
        'add formerly = ["Quantization"] to the section that has its papers now, in demo/editorial/' in refused.stderr
    )
    assert "--section" in refused.stderr and '"Low-bit models"' in refused.stderr


def test_sections_that_are_gone_are_told_once_and_only_by_commands_on_their_list(harvester: Harvester) -> None:
    for paper in ("2405.00001", "2405.00002"):
        said(harvester("accept", paper, "--section", "Survey", "--list", "efficient"))
    define('path = "Survey"', 'path = "Overviews"')
    warning = (
        'warning: 2 entries stand in section "Survey", which list efficient does not have: add formerly = ["Survey"]'
    )
    done = harvester("accept", "2405.00003", "--section", "Quantization", "--list", "efficient")
    assert done.stderr.count("warning: ") == 1 and warning in done.stderr
    assert "demo/editorial/lists/efficient.toml" in done.stderr
    assert harvester("accept", "2405.00004", "--section", "Papers").stderr == ""
    assert harvester("reject", "2405.00004", "--reason", "no", "--list", "moe").stderr == ""


def test_lint_names_files_as_the_settings_do(harvester: Harvester) -> None:
    said(harvester("accept", "2405.00001", "--section", "Survey"))
    define('path = "Survey"', 'path = "Overviews"')
    told = harvester("lint").stdout.split("\n")
    (dead,) = (line for line in told if "dead-section" in line)
    assert dead.startswith("demo/editorial/decisions/2024-06-03T120000Z-ann-")
    assert 'no section "Survey" in list efficient; if it was renamed, add formerly = ["Survey"] to it' in dead
    assert "demo/editorial/lists/efficient.toml; else move the entry with `harvester accept arxiv:2405.00001" in dead
    assert any(line.startswith("demo/editorial/lists/efficient.toml:") for line in told)
    assert all(line.startswith(("demo/editorial/", "lists/")) for line in told if line)

    define('path = "Overviews"', 'path = "Overviews"\nformerly = ["Quantization"]')
    assert (
        "demo/editorial/lists/efficient.toml:10: error broken-definition: sections[3].formerly"
        in harvester("lint").stdout
    )


def test_a_definition_that_stops_a_command_is_told_once(harvester: Harvester) -> None:
    define('title = "MoE"', "title = 3", "moe")
    for refused in (harvester("accept", "2405.00004"), harvester("accept", "2405.00001", "--list", "moe")):
        assert refused.exit_code == 1
        assert refused.stderr.count("title must be a text, not 3") == 1


def test_publish_says_that_pages_with_sections_of_no_definition_are_written(harvester: Harvester) -> None:
    for paper in ("2405.00001", "2405.00002"):
        said(harvester("accept", paper, "--section", "Quantization", "--list", "efficient"))
    said(harvester("accept", "2405.00003", "--section", "Survey", "--list", "efficient"))
    define('path = "Survey"', 'path = "Overviews"')
    done = harvester("publish")
    assert done.exit_code == 3
    assert done.stderr == "all pages are written; mend what is named above, then publish again\n"
    assert Path("lists/efficient/survey.md").exists()

    told = harvester("publish", "--json")
    assert told.exit_code == 3 and json.loads(told.stdout)["held_back"] == []
    assert len(json.loads(told.stdout)["sections_lacking"]) == 1
