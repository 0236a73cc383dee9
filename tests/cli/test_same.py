from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from deciding_world import settle_in

from harvester.cli import main

Harvester = Callable[..., Result]
AT = ("--at", "2024-06-03T12:00:00Z")


@pytest.fixture
def harvester(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Harvester:
    """Runs a command in a folder with a snapshot, as ann."""
    settle_in(tmp_path)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        signed = ("--by", "ann", *AT) if arguments[0] in ("accept", "same", "undo") and len(arguments) > 2 else ()
        return CliRunner().invoke(main, [*arguments, *signed])

    return run


def queue(harvester: Harvester) -> list[str]:
    result = harvester("queue", "--list", "efficient", "--json")
    assert result.exit_code == 0, result.output
    return sorted(row["id"][-1] for row in json.loads(result.stdout))


def test_two_candidates_become_one_and_two_again(harvester: Harvester) -> None:
    assert queue(harvester) == ["1", "2", "3"]
    said = harvester("same", "2405.00001", "2405.00002", "--list", "efficient").stdout
    assert "the same as arxiv:2405.00002, which stays" in said
    assert queue(harvester) == ["2", "3"]
    assert "the same as arxiv:2405.00001: ann says so" in harvester("queue", "--show", "2405.00002").stdout
    assert "it is the same as arxiv:2405.00002 (ann says so" in harvester("queue", "--show", "2405.00001").output
    (row,) = json.loads(harvester("same", "--json").stdout)
    assert (row["id"], row["same_as"], row["kind"]) == ("arxiv:2405.00001", "arxiv:2405.00002", "people")
    undone = harvester("undo", "2405.00001", "--list", "efficient")
    assert "took back that arxiv:2405.00001 is the same as arxiv:2405.00002" in undone.stdout, undone.output
    assert queue(harvester) == ["1", "2", "3"]


def test_a_twin_of_a_listed_paper_is_not_asked_about(harvester: Harvester) -> None:
    harvester("accept", "2405.00001", "--list", "efficient")
    said = harvester("same", "2405.00001", "2405.00002", "--list", "efficient").stdout  # the listed one stays
    assert "arxiv:2405.00002" in said.split(":")[0] + said and queue(harvester) == ["3"]


def test_of_two_entries_one_stays_and_both_come_back(harvester: Harvester) -> None:
    for paper in ("2405.00001", "2405.00002"):
        harvester("accept", paper, "--list", "efficient")
    said = harvester("same", "2405.00001", "2405.00002", "--list", "efficient").stdout
    assert "which stays; taken off Network Pruning" in said
    undone = harvester("undo", "2405.00001", "--list", "efficient").stdout
    assert "it stands in Network Pruning" in undone


def test_what_stays_cannot_be_another_one_itself(harvester: Harvester) -> None:
    harvester("same", "2405.00001", "2405.00002", "--list", "efficient")
    again = harvester("same", "2405.00002", "2405.00001", "--list", "efficient")
    assert again.exit_code == 1 and "arxiv:2405.00001 is the same as arxiv:2405.00002 already" in again.output


def test_two_papers_are_held_apart_until_that_is_taken_back(harvester: Harvester) -> None:
    said = harvester("same", "2405.00001", "2405.00002", "--not", "--list", "efficient").stdout
    assert "not the same as arxiv:2405.00002" in said and queue(harvester) == ["1", "2", "3"]
    assert "is not the same as arxiv:2405.00002" in harvester("undo", "2405.00001", "--list", "efficient").stdout


def test_not_without_papers_is_refused(harvester: Harvester) -> None:
    refused = harvester("same", "--not")
    assert refused.exit_code == 2 and "--not needs the two papers" in refused.stderr


def test_a_chain_of_three_has_two_twins(harvester: Harvester) -> None:
    for one, other in (("2405.00001", "2405.00002"), ("2405.00002", "2405.00003")):
        assert harvester("same", one, other, "--list", "efficient").exit_code == 0
    assert queue(harvester) == ["3"]
    shown = harvester("queue", "--show", "2405.00003", "--list", "efficient").stdout
    assert "(2 twins)" in shown and "the same as arxiv:2405.00001: ann says so" in shown
    (row,) = json.loads(harvester("queue", "--list", "efficient", "--json").stdout)
    assert len(row["twins"]) == 2
