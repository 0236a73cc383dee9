"""`harvester evaluate` on the own landings and decisions."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from players import entry, feed

from harvester.cli import main
from harvester.editorial.decisions import write_line
from harvester.ids import Subject
from harvester.raw import landings
from harvester.records import Act, Decision, Landing, Outcome, Request

BEGIN = datetime(2024, 1, 2, 3, 0, tzinfo=UTC)
WEEKS = 13
PRUNING, SURVEY, NESTED = "Network Pruning", "Survey", "Survey / Network Pruning"
TEXTS = {
    "topics.toml": 'categories = ["cs.CL"]\n[topics.pruning]\ninclude = ["pruning"]\n',
    "lists/efficient.toml": 'title = "Efficient"\n'
    + "".join(f'[[sections]]\npath = "{path}"\n' for path in (PRUNING, SURVEY, NESTED)),
}


def name(week: int, place: int) -> str:
    return f"24{1 + week // 4:02}.{week * 10 + place:05}"


def said(week: int, place: int, act: Act, days: int = 2) -> Decision:
    """Decided so many days after the paper came."""
    made = Decision(
        "", BEGIN + timedelta(days=7 * week + days), "ann", "efficient", Subject(f"arxiv:{name(week, place)}"), act
    )
    section = (PRUNING, SURVEY, NESTED)[place // 2] if act == "accept" else None
    return replace(made, section=section, reason="no" if act == "reject" else None)


def land(home: Path, week: int) -> None:
    """Ten papers a week: the first three pairs are of the three sections, the other four on something else."""
    about = ("pruning of heads", "pruning, a review", "pruning and its surveys")
    titles = [f"On {about[place // 2]}, part {week}" if place < 6 else f"Songs of {place}" for place in range(10)]
    at = BEGIN + timedelta(days=7 * week)
    day = f"{at - timedelta(days=1):%Y-%m-%d}"
    papers = [entry(name(week, place), day, title=title, summary=title) for place, title in enumerate(titles)]
    folder = landings.open_folder(home / "data/raw", "arxiv_api", at, "search-x", {})
    landings.land(folder, 1, Landing(Request("arxiv_api", "GET", "/api/query"), 200, (), feed(papers, 10), at))
    landings.finish(folder, Outcome("complete"), at)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, text in TEXTS.items():
        (tmp_path / "editorial" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "editorial" / path).write_text(text, encoding="utf-8")
    for week in range(WEEKS):
        land(tmp_path, week)
    decide(tmp_path, [said(week, place, "accept") for week in range(WEEKS) for place in range(6)])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def decide(home: Path, decisions: list[Decision]) -> None:
    folder = home / "editorial/decisions"
    folder.mkdir(exist_ok=True)
    sitting = folder / f"2024-06-0{1 + len(list(folder.iterdir()))}T120000Z-ann-abcd.jsonl"
    sitting.write_text("".join(f"{write_line(one)}\n" for one in decisions), encoding="utf-8")


def figures(home: Path, *more: str) -> tuple[str, dict[str, Any]]:
    shown = CliRunner().invoke(main, ["evaluate", "--json", "figures.json", *more])
    assert shown.exit_code == 0, shown.output
    (one,) = json.loads((home / "figures.json").read_text())["lists"]
    return shown.stdout, one


def test_each_month_is_learnt_from_the_months_before_it(home: Path) -> None:
    told, found = figures(home)
    months = [(one["month"], one["learnt_from"], one["seen"], one["accepted"]) for one in found["months"]]
    assert months == [("2024-02", 24, 40, 24), ("2024-03", 54, 40, 24)]
    assert found["left_out"][0].startswith("2024-01: only 0 papers had been accepted before it")
    assert (found["nets"]["accepted"], found["nets"]["recall"]["value"]) == (78, 1.0)
    assert found["ranking"]["measures"]["recall_top_5_percent"]["value"] > 0
    assert found["sections"]["all"]["papers"] == 54
    assert found["sections"]["all"]["first"]["value"] == 1.0, "sections with names alike are sections each"
    for words in ("# efficient", "2024-03", "nets: recall (78 accepted papers)", "section of 54 papers, first guess"):
        assert words in told, words
    assert "most often mistaken" not in told, "none was"


def test_what_is_decided_later_changes_no_month_before_but_who_was_accepted_in_the_end(home: Path) -> None:
    until = ("--until", "2024-02-29")
    _, before = figures(home, *until)
    moved = [replace(said(week, 0, "accept", 90), place=2, section=NESTED) for week in range(WEEKS)]
    reopened = [said(week, 1, "reopen", 90) for week in range(3)]
    decide(home, [*moved, *reopened])
    _, after = figures(home, *until)
    assert after["nets"]["accepted"] == before["nets"]["accepted"] - 3
    for kind in ("months", "ranking", "sections"):
        assert after[kind] == before[kind], kind
