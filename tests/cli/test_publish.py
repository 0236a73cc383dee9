"""`harvester publish` where a snapshot is held back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from deciding_world import settle_in

from harvester.cli import main

Harvester = Callable[..., Result]
ACCEPT = ("accept", "2405.00002", "--list", "efficient", "--section", "Survey")


@pytest.fixture
def harvester(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Harvester:
    """Runs a command in a folder with a snapshot in which one entry is published, whose sitting is gone."""
    settle_in(tmp_path)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    accepted = run("accept", "2405.00001", "--list", "efficient", "--by", "ann", "--at", "2024-06-03T12:00:00Z")
    assert accepted.exit_code == 0, accepted.output
    assert run("publish", "--as-of", "2024-06-03T13:00:00Z").exit_code == 0
    for sitting in (tmp_path / "editorial" / "decisions").glob("*.jsonl"):
        sitting.unlink()
    return run


def test_what_is_held_back_is_told_with_what_to_do_and_changes_nothing(harvester: Harvester, tmp_path: Path) -> None:
    before = (tmp_path / "data" / "curated" / "LATEST").read_text()
    page = (tmp_path / "lists" / "efficient" / "README.md").read_bytes()
    held = harvester("publish")
    assert held.exit_code == 3
    why = "the snapshot is held back: 1 entry would go that no decision takes away: arxiv:2405.00001 of efficient"
    assert why in held.stderr
    assert "publish with --publish-anyway" in held.stderr
    told = json.loads(harvester("publish", "--json").stdout)
    assert told["published"] is False
    assert told["snapshot_held_back"] == ["1 entry would go that no decision takes away: arxiv:2405.00001 of efficient"]
    assert (tmp_path / "data" / "curated" / "LATEST").read_text() == before
    assert (tmp_path / "lists" / "efficient" / "README.md").read_bytes() == page


def test_a_person_may_publish_it_anyway(harvester: Harvester, tmp_path: Path) -> None:
    done = harvester("publish", "--publish-anyway", "--as-of", "2024-06-03T14:00:00Z")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "2405.00001" not in (tmp_path / "lists" / "efficient" / "README.md").read_text()


def test_a_time_that_would_lock_the_folder_is_refused(harvester: Harvester, tmp_path: Path) -> None:
    refused = harvester("publish", "--publish-anyway", "--as-of", "2999-01-01T00:00:00Z")
    assert refused.exit_code == 1 and "leave --as-of away" in refused.stderr
    assert harvester("publish", "--publish-anyway").exit_code == 0


def test_a_time_before_the_latest_snapshot_is_refused_also_where_nothing_is_new(harvester: Harvester) -> None:
    assert harvester("publish", "--publish-anyway", "--as-of", "2024-06-03T15:00:00Z").exit_code == 0
    refused = harvester("publish", "--as-of", "2024-06-03T14:00:00Z")
    told = "--as-of 2024-06-03T140000Z is older than the latest snapshot, 2024-06-03T150000Z"
    assert refused.exit_code == 1 and told in refused.stderr


def test_a_leap_of_more_than_a_year_is_told_and_done(harvester: Harvester, tmp_path: Path) -> None:
    done = harvester("publish", "--publish-anyway", "--as-of", "2025-06-10T13:00:00Z", "--json")
    [note] = json.loads(done.stdout)["notes"]
    assert note.startswith("the latest snapshot is of 2024-06-03, 372 days ago: ages and expiry count from now")
    assert "HARVESTER_DAYS_BEHIND=372" in note
    assert (tmp_path / "data" / "curated" / "LATEST").read_text() == "2025-06-10T130000Z\n"
    again = harvester("publish", "--publish-anyway", "--as-of", "2025-06-10T14:00:00Z")
    assert done.exit_code == again.exit_code == 0 and "note: " not in again.stdout


def test_a_leap_that_publishes_nothing_is_no_leap(harvester: Harvester) -> None:
    held = harvester("publish", "--as-of", "2025-06-10T13:00:00Z")
    assert held.exit_code == 3 and "take this publication back" not in held.output
    assert harvester("publish", "--publish-anyway", "--as-of", "2024-06-03T14:00:00Z").exit_code == 0
    nothing = harvester("publish", "--as-of", "2025-06-10T13:00:00Z")
    assert nothing.exit_code == 0 and "nothing new" in nothing.output
    assert "take this publication back" not in nothing.output


def test_a_leap_is_taken_back_as_its_note_says(harvester: Harvester, tmp_path: Path) -> None:
    latest = tmp_path / "data" / "curated" / "LATEST"
    before = latest.read_text()
    assert harvester("publish", "--publish-anyway", "--as-of", "2026-06-10T13:00:00Z").exit_code == 0
    latest.write_text(before)
    back = harvester("publish", "--publish-anyway", "--as-of", "2024-06-03T16:00:00Z")
    assert "published 2024-06-03T160000Z" in back.stdout and latest.read_text() == "2024-06-03T160000Z\n"


def test_beside_a_rehearsal_decisions_and_publications_take_its_time(harvester: Harvester, tmp_path: Path) -> None:
    days = (datetime.now(UTC) - datetime(2024, 6, 4, tzinfo=UTC)).days
    ours = {"HARVESTER_DAYS_BEHIND": str(days)}
    done = CliRunner().invoke(main, [*ACCEPT, "--by", "ann"], env=ours)
    assert done.exit_code == 0, done.output
    [sitting] = (tmp_path / "editorial" / "decisions").glob("*.jsonl")
    assert "2024-06-04T00" <= sitting.name < "2024-06-05T01"
    done = CliRunner().invoke(main, ["publish", "--publish-anyway", "--json"], env=ours)
    told = json.loads(done.stdout)
    assert sitting.name[:17] <= told["snapshot"] < "2024-06-05T01" and told["notes"] == []
