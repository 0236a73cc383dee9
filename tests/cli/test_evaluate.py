from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from deciding_world import settle_in

from harvester.cli import main

BEGIN = date(2024, 1, 1)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settle_in(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def recorded(folder: Path, papers: int = 400, every: int = 8) -> Path:
    """Papers over 100 days; each eighth is about pruning and listed three days later."""
    metadata, stream, labels = [], [], []
    for number in range(papers):
        name, day = f"2401.{number:05}", BEGIN + timedelta(days=number * 100 // papers)
        good = number % every == 0
        words = "Pruning of language models" if good else f"Songs of region {number % 9}"
        metadata.append(
            {"arxiv_id": name, "version_seen": "v1", "title": words, "abstract": f"{words}, case {number}."}
        )
        stream.append({"arxiv_id": name, "day": f"{day}", "version": "v1", "flag": "NEW"})
        if good:
            listed = f"{day + timedelta(days=3)}"
            labels.append(
                {"arxiv_id": name, "date_first_added": listed, "section": ("Pruning", "MoE")[number // every % 2]}
            )
    for where, rows in (
        ("arxiv-metadata/by_id_month/2401.jsonl", metadata),
        ("arxiv-metadata/streams/s.jsonl", stream),
        ("labels/mine_entries.jsonl", labels),
    ):
        path = folder / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def test_a_recorded_history_is_measured_printed_written_and_drawn(home: Path) -> None:
    folder = recorded(home / "recorded")
    command = ["evaluate", "--data", str(folder), "--json", "out/figures.json", "--plots", "plots"]
    shown = CliRunner().invoke(main, command)
    assert shown.exit_code == 0, shown.output
    told = (
        "# mine",
        "nets: recall",
        "nets: they learn nothing, so that all months with labels count",
        "(WSS@95)",
        "in three guesses",
        "2024-01: only 0 papers",
        "Calibration",
        "learnt from",
    )
    for words in told:
        assert words in shown.stdout, words
    assert "on own data" not in shown.stdout
    told = json.loads((home / "out/figures.json").read_text())
    (one,) = told["lists"]
    assert told["texts"] == "of the day"
    assert one["ranking"]["measures"]["recall_top_10_percent"].keys() == {"value", "low", "high"}
    assert one["sections"]["all"]["papers"] > 10
    assert (home / "plots" / "mine-ranking.svg").read_text().startswith("<?xml")


def test_days_without_papers_are_told_and_not_measured(home: Path) -> None:
    folder = recorded(home / "recorded", 80)
    shown = CliRunner().invoke(main, ["evaluate", "--data", str(folder), "--from", "2025-01-01"])
    assert shown.exit_code == 0, shown.output
    assert "Nothing to measure" in shown.stdout


def test_a_project_without_lists_says_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "editorial").mkdir()
    (tmp_path / "editorial/topics.toml").write_text(
        'categories = ["cs.CL"]\n[topics.pruning]\ninclude = ["pruning"]\n', encoding="utf-8"
    )
    shown = CliRunner().invoke(main, ["evaluate"])
    assert shown.exit_code != 0
    assert "there is no list to evaluate" in shown.output


def test_a_list_that_is_not_there_is_named(home: Path) -> None:
    shown = CliRunner().invoke(main, ["evaluate", "--list", "nosuch"])
    assert shown.exit_code != 0
    assert "there is no list 'nosuch' to evaluate; lists: " in shown.output


def test_help_shows_examples() -> None:
    for command in (["evaluate"], ["topics", "check"]):
        assert "Examples:" in CliRunner().invoke(main, [*command, "--help"]).stdout


def test_a_span_that_ends_before_it_begins_is_refused(home: Path) -> None:
    shown = CliRunner().invoke(main, ["evaluate", "--from", "2024-03-01", "--until", "2024-02-01"])
    assert shown.exit_code == 2
    assert "--from 2024-03-01 is after --until 2024-02-01" in shown.output


def test_a_damaged_file_is_named_with_the_remedy(home: Path) -> None:
    folder = recorded(home / "recorded", 80)
    month = folder / "arxiv-metadata/by_id_month/2401.jsonl.gz"
    month.write_bytes(b"hello\n")
    for command in (["evaluate"], ["topics", "check"]):
        shown = CliRunner().invoke(main, [*command, "--data", str(folder)])
        assert shown.exit_code == 1
        assert f"{month}: no gzip file" in shown.output
    month.unlink()
    with (folder / "labels/mine_entries.jsonl").open("a", encoding="utf-8") as labels:
        labels.write('{"a": 1}\n')
    for command in (["evaluate"], ["topics", "check"]):
        shown = CliRunner().invoke(main, [*command, "--data", str(folder)])
        assert shown.exit_code == 0, shown.output
        assert "1 line of the recorded data kept aside:" in shown.stderr
        assert "line 11: no day: date_first_added" in shown.stderr
