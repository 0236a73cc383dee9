from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from deciding_world import settle_in

from harvester.cli import main
from harvester.cli.log import blocks
from harvester.cli.shown import Row, width_of

Harvester = Callable[..., Result]
SEED = "Seed 2c23867e maintainers"
DECISION = "2026-11-20T210410Z-seed-2c23867e-maintainers-k3f9:1"
TITLE = "FinerCut: Finer-grained Interpretable Layer Pruning for Large Language Models"


@pytest.fixture
def harvester(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Harvester:
    """Runs a command in a folder with a snapshot, as ann where nobody else is named; a minute after the one before."""
    settle_in(tmp_path)
    monkeypatch.chdir(tmp_path)
    minutes = iter(range(60))

    def run(*arguments: str) -> Result:
        at = ("--at", f"2024-06-03T12:{next(minutes):02}:00Z")
        signed = at if "--by" in arguments else ("--by", "ann", *at)
        return CliRunner().invoke(main, [*arguments, *(signed if arguments[0] != "log" else ())])

    return run


def what(harvester: Harvester, *arguments: str) -> list[tuple[str, str]]:
    rows = json.loads(harvester("log", "--json", *arguments).stdout)
    return [(row["act"], row["what"]) for row in reversed(rows)]


def row(**more: object) -> Row:
    facts: dict[str, object] = {"at": "2026-11-20 21:04", "by": SEED, "act": "accept", "state": "in conflict"}
    facts |= {"id": "2405.18218", "list": "efficient-llm", "title": TITLE, "what": "Network Pruning"}
    return {**facts, "decision": DECISION, **more}


def plain(rows: list[Row], width: int, several: bool = False) -> list[str]:
    return [click.unstyle(line) for line in blocks(rows, width, several)]


@pytest.mark.parametrize("width", [60, 80, 100, 150])
@pytest.mark.parametrize("several", [False, True])
def test_what_people_need_stays_whole_in_any_terminal(width: int, several: bool) -> None:
    lines = plain([row(), row(by="ann", state="stands", what="", id="2401.02669")], width, several)
    assert all(width_of(line) <= width for line in lines)
    first, second = lines[0], next(line for line in lines if "2401.02669" in line)
    assert all(f" {word}" in first for word in ("accept", "in conflict", "2405.18218")) and "Seed 2c" in first
    assert first.index("2405.18218") == second.index("2401.02669")
    assert lines.count(f"  {DECISION}") == 2 and any("FinerCut: Finer" in line for line in lines)
    assert any("Network Pruning" in line for line in lines)
    assert any("efficient-llm: " in line for line in lines) == several


def test_a_name_is_whole_where_there_is_room() -> None:
    assert SEED in plain([row()], 80)[0] and "…" in plain([row()], 60)[0]


def test_long_words_get_lines_of_their_own() -> None:
    why = "a position paper without any experiment, as three of us found when we read it"
    lines = plain([row(what=why)], 60)
    assert lines[1].startswith("  FinerCut") and lines[1].endswith("…")
    assert " ".join(line.strip() for line in lines[2:-1]) == why


def test_a_note_another_one_and_none_are_told_apart(harvester: Harvester) -> None:
    for more in ((), ("--note", "good"), ("--note", "")):
        assert harvester("accept", "2405.00001", *more).exit_code == 0
    section = "Network Pruning"
    assert [said for _, said in what(harvester)] == [section, f"{section}; note: good", f"{section}; note cleared"]


def test_an_undo_says_what_it_took_back(harvester: Harvester) -> None:
    harvester("reject", "2405.00001", "--reason", "off topic", "--by", "bob")
    harvester("undo", "2405.00001")
    (undone, _) = json.loads(harvester("log", "--json").stdout)
    assert undone["what"] == "took back reject by bob: off topic" and undone["undoes"].endswith(":1")
    assert undone["act"] == "reopen"  # as in the decision line
    harvester("undo", undone["decision"])
    assert what(harvester)[-1] == ("reopen", "took back the undo by ann")
    shown = harvester("log").stdout.splitlines()
    assert [line.split()[4] for line in shown[1:]] == ["undo", "undo", "reject"]


def test_joins_are_told_in_words(harvester: Harvester) -> None:
    harvester("same", "2405.00001", "2405.00002")
    harvester("same", "2405.00001", "2405.00003", "--not", "--list", "efficient")
    assert what(harvester) == [
        ("same", "the same as arxiv:2405.00002"),
        ("apart", "not the same as arxiv:2405.00003"),
    ]
    assert what(harvester, "2405.00002") == [("same", "the same as arxiv:2405.00002")]


def test_lists_are_named_where_there_are_several(harvester: Harvester) -> None:
    harvester("accept", "2405.00001")
    assert harvester("log").stdout.split("\n")[0].split() == [
        *("list", "at", "by", "act", "id", "title", "what", "state", "decision")
    ]
    assert "list" not in harvester("log", "--list", "efficient").stdout.split("\n")[0]


@pytest.mark.parametrize("columns", ["60", "80", "150"])
def test_in_a_terminal_each_decision_has_its_id_on_a_line(harvester: Harvester, columns: str) -> None:
    harvester("accept", "2405.00001", "--by", SEED)
    (decision,) = json.loads(harvester("log", "--json").stdout)
    lines = in_a_terminal(["log"], columns)
    assert f"  {decision['decision']}" in lines and not any(len(line) > int(columns) for line in lines)


@pytest.mark.parametrize("columns", ["20", "40", "60", "80", "100", "150"])
def test_no_table_breaks_words_into_letters(harvester: Harvester, columns: str) -> None:
    harvester("same", "2405.00001", "2405.00002", "--by", SEED)
    lines = in_a_terminal(["same"], columns)
    assert sum("arxiv:2405.00001" in line for line in lines) > 0
    assert all(len(line.strip()) > 1 for line in lines if line.strip())


def in_a_terminal(arguments: list[str], columns: str) -> list[str]:
    """Runs a command with a terminal as its standard output; returns the lines without colours."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": columns, "TERM": "xterm"}
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        command = [sys.executable, "-m", "harvester", *arguments]
        done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, env=environment, check=True)
        os.close(theirs)
        assert not done.stderr
        told = b""
        while part := _read(terminal.fileno()):
            told += part
    return click.unstyle(told.decode()).replace("\r\n", "\n").split("\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side is closed
        return b""
