from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from deciding_world import settle_in

from harvester.cli import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settle_in(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def recorded(folder: Path) -> Path:
    rows = {
        "arxiv-metadata/by_id_month/2405.jsonl": [
            {"arxiv_id": "2405.00001", "title": "Pruned models", "abstract": "Smaller."},
            {"arxiv_id": "2405.00002", "title": "Other things", "abstract": "Of no topic."},
        ],
        "arxiv-metadata/streams/s.jsonl": [{"arxiv_id": f"2405.0000{n}", "day": "2024-05-20"} for n in (1, 2)],
        "labels/l_entries.jsonl": [
            {"arxiv_id": f"2405.0000{n}", "date_first_added": "2024-05-21", "section": "Network Pruning"}
            for n in (1, 2)
        ],
    }
    for name, lines in rows.items():
        path = folder / "recorded" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    return folder / "recorded"


def test_topics_are_tried_on_the_latest_snapshot(home: Path) -> None:
    shown = CliRunner().invoke(main, ["topics", "check"])
    assert shown.exit_code == 0, shown.output
    assert "of 4 papers pass" in shown.stdout and "pruning" in shown.stdout
    assert (
        "no measure of what\ntopics miss" in shown.stdout and "missed: accepted papers of the sections" in shown.stdout
    )


def test_topics_are_tried_on_recorded_folders_and_name_what_they_miss(home: Path) -> None:
    folder = str(recorded(home))
    shown = CliRunner().invoke(main, ["topics", "check", "--data", folder])
    assert "1 of 2 papers pass (50.0%)" in shown.stdout, shown.output
    assert "1 of 2 accepted papers that came by in time are found (50.0%)" in shown.stdout
    assert "arxiv:2405.00002 Other things" in shown.stdout
    one = CliRunner().invoke(main, ["topics", "check", "--data", folder, "--topic", "pruning"]).stdout
    assert 'ti:"pruning"' in one and "missed in the sections of this topic: 1" in one
    told = json.loads(CliRunner().invoke(main, ["topics", "check", "--data", folder, "--json"]).stdout)
    assert told["passed"] == 1 and told["topics"][0]["missed"][0]["title"] == "Other things"


def test_an_unknown_topic_is_told(home: Path) -> None:
    shown = CliRunner().invoke(main, ["topics", "check", "--topic", "prunning"])
    assert shown.exit_code == 2 and "there are: pruning, moe" in shown.output
