from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from deciding_world import settle_in

from harvester.cli import COMMANDS, main

Harvester = Callable[..., Result]
AT = ("--at", "2024-06-03T12:00:00Z")


@pytest.fixture
def harvester(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Harvester:
    """Runs a command in a folder with a snapshot, as ann."""
    settle_in(tmp_path)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        signed = ("--by", "ann", *AT) if arguments[0] in ("accept", "reject", "defer", "undo") else ()
        return CliRunner().invoke(main, [*arguments, *signed])

    return run


def rows(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    found: list[dict[str, object]] = json.loads(result.stdout)
    return found


def test_a_maintainers_evening(harvester: Harvester) -> None:
    waiting = rows(harvester("queue", "--list", "efficient", "--json"))
    assert [row["id"] for row in waiting] == ["2405.00003", "2405.00002", "2405.00001"]
    assert waiting[1]["withdrawn"] is True and waiting[0]["section"] == "Network Pruning"
    assert rows(harvester("accept", "2405.00001", "--note", "good", "--json"))[0]["section"] == "Network Pruning"
    assert rows(harvester("reject", "2405.00002", "--reason", "withdrawn", "--json"))[0]["act"] == "reject"
    assert "hidden from the queue until 2024-06-17" in harvester("defer", "2405.00003", "--list", "efficient").stdout
    assert rows(harvester("queue", "--list", "efficient", "--json", *AT)) == []
    deferred = rows(harvester("queue", "--list", "efficient", "--all", "--json", *AT))
    assert [row["deferred_until"] for row in deferred] == ["2024-06-17"]
    assert "it is undecided and in the queue" in harvester("undo", "2405.00002").stdout
    history = rows(harvester("log", "--json"))
    assert {row["id"]: row["state"] for row in history if row["act"] != "reopen"} == {
        "2405.00001": "stands",
        "2405.00002": "taken back",
        "2405.00003": "stands",
    }
    assert [row["act"] for row in rows(harvester("log", "2405.00002", "--json"))] == ["reopen", "reject"]


def test_text_is_aligned_and_names_the_paper(harvester: Harvester) -> None:
    shown = harvester("queue", "--list", "efficient")
    head, first, *_ = shown.stdout.splitlines()
    assert head.split() == ["id", "score", "title", "section", "why", "age", "remark"]
    assert first.index("Title of 2405.00003") == head.index("title")
    assert "3 in all: 3 to decide now" in shown.stderr


def test_the_evidence_of_one_paper(harvester: Harvester) -> None:
    shown = harvester("queue", "--show", "https://arxiv.org/abs/2405.00001")
    assert "Abstract of 2405.00001." in shown.stdout and "pruning: 'pruning' in the title" in shown.stdout
    assert rows(harvester("queue", "--show", "2405.00001", "--json"))[0]["evidence"] == [
        {"phrase": "pruning", "field": "title", "text": "pruning"}
    ]


def test_what_a_person_can_mend_is_told_without_a_traceback(harvester: Harvester) -> None:
    wrong = harvester("accept", "2405.00001", "--section", "Prunning")
    assert wrong.exit_code == 1 and wrong.stdout == ""
    assert wrong.stderr == 'harvester: no section "Prunning" in list efficient; did you mean "Network Pruning"?\n'


@pytest.mark.parametrize(
    "arguments",
    [
        ("reject", "2405.00001"),
        ("accept",),
        ("defer", "x", "--days", "1", "--until", "2030-01-01"),
        ("accpt",),
        ("log", "-x"),
    ],
)
def test_wrong_usage_ends_with_2(harvester: Harvester, arguments: tuple[str, ...]) -> None:
    assert harvester(*arguments).exit_code == 2


def test_a_misspelt_command_is_guessed(harvester: Harvester) -> None:
    assert "did you mean 'accept'?" in CliRunner().invoke(main, ["accpt"]).output


def test_a_broken_decision_line_is_told_and_the_rest_goes_on(harvester: Harvester) -> None:
    harvester("accept", "2405.00001")
    (Path.cwd() / "editorial" / "decisions" / "broken.jsonl").write_text("<<<<<<< HEAD\n")
    shown = harvester("log")
    assert shown.exit_code == 0 and "editorial/decisions/broken.jsonl, line 1: left over" in shown.stderr


def test_before_the_first_night_the_queue_says_how_to_fill_it(harvester: Harvester, tmp_path: Path) -> None:
    (tmp_path / "data" / "curated" / "LATEST").unlink()
    assert "no snapshot yet" in harvester("queue").stderr


def test_a_title_cannot_steer_the_terminal() -> None:
    from harvester.cli.shown import printable

    assert printable("a\x1b[2Jb\nc\u202ed") == "a[2Jb cd"


def test_the_short_helps_are_the_commands_own() -> None:
    with main.make_context("harvester", ["queue"]) as ctx:
        own = {name: command for name in COMMANDS if (command := main.get_command(ctx, name))}
    assert own.keys() == COMMANDS.keys()
    firsts = {name: (command.help or "").split("\n\n")[0].replace("\n", " ") for name, command in own.items()}
    assert firsts == COMMANDS


@pytest.mark.parametrize("name", ["queue", "accept", "reject", "defer", "undo", "log", "item", "lint"])
def test_every_help_has_examples_and_json(harvester: Harvester, name: str) -> None:
    told = CliRunner().invoke(main, [name, "--help"]).output
    assert f"harvester {name}" in told.partition("Examples:")[2] and "--json" in told


def test_the_name_comes_from_git(harvester: Harvester, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "config", "user.name", "Bo Bee"], cwd=tmp_path, check=True)
    CliRunner().invoke(main, ["accept", "2405.00001", *AT])
    assert [row["by"] for row in rows(harvester("log", "--json"))] == ["Bo Bee"]


def test_it_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "harvester", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("harvester ")


def test_a_list_that_cannot_be_read_holds_back_itself_alone(harvester: Harvester) -> None:
    lists = Path("editorial/lists")
    (lists / "moe.toml").write_text("title = 3\n<<<<<<< HEAD\n", encoding="utf-8")
    (lists / "gone.README.md.j2").write_text("{{ title }}", encoding="utf-8")
    waiting = harvester("queue", "--json")

    assert {row["list"] for row in rows(waiting)} == {"efficient"}
    assert waiting.stderr.count("warning: the list moe is left out: ") == 1
    assert "editorial/lists/moe.toml:2: not valid TOML" in waiting.stderr
    assert "gone.README.md.j2: belongs to no list: name it" in waiting.stderr
    assert rows(harvester("accept", "2405.00001", "--json"))[0]["list"] == "efficient"
    for command in ("undo", "defer"):
        assert harvester(command, "2405.00001", "--list", "efficient").exit_code == 0
    assert harvester("reject", "2405.00002", "--reason", "no").exit_code == 0
    assert harvester("same", "2405.00001", "2405.00002", "--list", "efficient", "--not").exit_code == 0
    for refused in (harvester("accept", "2405.00004"), harvester("queue", "--list", "moe")):
        assert refused.exit_code == 1
        assert "editorial/lists/moe.toml:2: not valid TOML" in refused.stderr.partition("harvester: ")[2]
