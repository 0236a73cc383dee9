from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from deciding_world import Team, settle_in

from harvester.cli import main
from harvester.steps.decide import accept, reject

Harvester = Callable[..., Result]


@pytest.fixture
def disputed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Harvester:
    """Ann accepts and Bob rejects the same paper, neither knowing of the other."""
    team = Team(settle_in(tmp_path))
    before = team.standing()
    accept(before, ["2405.00001"], team.signed("ann"))
    reject(before, ["2405.00001"], team.signed("bob"), "off topic")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def test_a_queue_says_who_decided_what_and_how_to_end_it(disputed: Harvester) -> None:
    shown = disputed("queue", "--list", "efficient")
    assert "in conflict: ann says accept, bob says reject" in shown.stdout
    told = disputed("queue", "--show", "2405.00001").stdout
    assert "in conflict, decided without knowing of each other: decide again, or take one back:" in told
    (row, *_) = [one for one in json.loads(disputed("queue", "--json").stdout) if one["id"] == "2405.00001"]
    assert [(one["by"], one["act"]) for one in row["conflict"]] == [("ann", "accept"), ("bob", "reject")]
    for one in row["conflict"]:
        assert f"harvester undo {one['decision']} ({one['by']}, 2024-06-03 12:0" in told
    assert disputed("undo", row["conflict"][0]["decision"], "--by", "cat").exit_code == 0
    assert "2405.00001" not in disputed("queue", "--list", "efficient").stdout  # bob's word holds


def test_what_nobody_disputes_has_no_conflict(disputed: Harvester) -> None:
    assert "in conflict" not in disputed("queue", "--show", "2405.00002").stdout


def test_a_publication_names_the_papers_in_conflict(disputed: Harvester) -> None:
    published = disputed("publish")
    assert published.exit_code == 0, published.output
    said = "note: decisions contradict each other: arxiv:2405.00001 in list efficient: ann says accept ("
    assert said in published.stdout and "takes one back with `harvester undo ID`" in published.stdout
    (note,) = [one for one in json.loads(disputed("publish", "--json").stdout)["notes"] if "contradict" in one]
    assert "bob says reject (" in note


@pytest.mark.parametrize("command", [("accept", "2405.00002"), ("undo",), ("adopt", "x.md", "--list", "mine")])
@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_is_refused(disputed: Harvester, tmp_path: Path, command: tuple[str, ...], name: str) -> None:
    (tmp_path / "x.md").write_text("# X\n", encoding="utf-8")
    refused = disputed(*command, "--by", name)
    assert refused.exit_code == 2 and "a name is needed" in refused.stderr
