"""Values that can hardly be true, and snapshots that are not published because of too many of them."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pandas as pd
import pytest
from night_runner import run_night

from harvester.rehearsal import NIGHTS, Rehearsal
from harvester.report import Report
from harvester.report_words import to_text
from harvester.settings import Settings
from harvester.steps.publish import publish_now

TENTH = {"upstream": "semantic_scholar", "kind": "scaled_counts", "by": 0.1, "times": None}


def files(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def shown(settings: Settings) -> tuple[dict[str, str], dict[str, str]]:
    """What readers see: snapshots with LATEST, and lists."""
    return files(settings.data / "curated"), files(settings.lists)


def papers(settings: Settings) -> pd.DataFrame:
    return pd.read_parquet(settings.data / "curated" / "latest" / "papers.parquet").set_index("subject")


def night(settings: Settings, rehearsal: Rehearsal, number: int, *, anyway: bool = False) -> Report:
    rehearsal.move_to(NIGHTS[number])
    return run_night(settings, NIGHTS[number], anyway=anyway)


def test_many_odd_counts_at_once_hold_the_snapshot_back_and_readers_notice_nothing(
    settings: Settings, rehearsal: Rehearsal
) -> None:
    first = night(settings, rehearsal, 0)
    before = shown(settings)
    rehearsal.play(TENTH)
    report = night(settings, rehearsal, 1)
    assert (report.state, report.exit_code, report.published) == ("degraded", 3, False)
    assert report.snapshot == first.snapshot
    assert shown(settings) == before
    (unmet,) = report.held_back
    assert "counts changed at once as counts hardly do: arxiv:" in unmet
    assert "→" in unmet
    assert "more" in unmet
    assert "harvester publish --publish-anyway" in to_text(report)
    rehearsal.behave()
    mended = night(settings, rehearsal, 2)
    assert (mended.state, mended.held_back, mended.published) == ("done", (), True)
    assert not (papers(settings)["citations_status"] == "suspect").any()


def test_a_night_held_back_tells_of_a_broken_decision_file_too_and_once(
    settings: Settings, rehearsal: Rehearsal
) -> None:
    night(settings, rehearsal, 0)
    sitting = settings.editorial / "decisions" / "2024-06-03T120000Z-ann-abcd.jsonl"
    sitting.parent.mkdir(exist_ok=True)
    sitting.write_text("<<<<<<< HEAD\n=======\n>>>>>>> theirs\n", encoding="utf-8")
    rehearsal.play(TENTH)
    report = night(settings, rehearsal, 1)
    assert report.held_back and any(cause.startswith("the snapshot is held back: ") for cause in report.causes)
    text = to_text(report)
    assert [text.count(f"{sitting}, line {line}: ") for line in (1, 2, 3)] == [1, 1, 1]
    assert "cause: all lists stay as they were: " in text


def test_what_three_nights_agree_on_is_published_by_itself(settings: Settings, rehearsal: Rehearsal) -> None:
    night(settings, rehearsal, 0)
    before = papers(settings)["citations"]
    rehearsal.play(TENTH)
    assert [night(settings, rehearsal, number).published for number in (1, 2, 3)] == [False, False, True]
    after = papers(settings)
    big = before[before >= 100].index
    assert (after.loc[big, "citations"] < before[big] / 2).all()
    assert (after.loc[big, "citations_status"] == "ok").all()


def test_a_single_odd_count_is_set_aside_and_the_rest_is_published(settings: Settings, rehearsal: Rehearsal) -> None:
    night(settings, rehearsal, 0)
    before = papers(settings)["citations"]
    rehearsal.play({**TENTH, "every": 1000, "by": 0})
    report = night(settings, rehearsal, 1)
    assert (report.published, report.state) == (True, "done")
    after = papers(settings)
    (subject,) = after.index[after["citations_status"] == "suspect"]
    assert after.loc[subject, "citations"] == before[subject]
    assert after.loc[subject, "citations_as_of"].date() == NIGHTS[0].date()
    (told,) = [note for note in report.notes if note.startswith("set aside")]
    assert f"{subject} citations from {before[subject]:,.0f} to 0 (semantic_scholar)" in told
    history = pd.read_parquet(settings.data / "curated" / "latest" / "observations")
    row = history[history["status"] == "suspect"].iloc[0]
    assert (row["subject"], row["set_aside"]) == (subject, 0)
    assert pd.isna(row["value"])
    page = "\n".join(path.read_text() for path in sorted(settings.lists.rglob("*.md")))
    assert "suspect" not in page


def test_what_would_be_held_back_is_published_when_a_person_says_so(settings: Settings, rehearsal: Rehearsal) -> None:
    night(settings, rehearsal, 0)
    before = papers(settings)["citations"]
    rehearsal.play(TENTH)
    report = night(settings, rehearsal, 1, anyway=True)
    assert (report.published, report.held_back) == (True, ())
    assert any(note.startswith("published anyway, as asked") for note in report.notes)
    suspect = papers(settings)["citations_status"] == "suspect"
    assert suspect.sum() > 10
    assert (papers(settings)["citations"][suspect] == before[suspect[suspect].index]).all()
    assert night(settings, rehearsal, 2).published, "what was published as suspect holds nothing back again"


def test_entries_that_go_without_a_decision_hold_the_snapshot_back(settings: Settings, rehearsal: Rehearsal) -> None:
    night(settings, rehearsal, 0)
    before = shown(settings)
    lost = max((settings.editorial / "decisions").glob("*.jsonl"), key=lambda path: path.stat().st_size)
    aside = lost.rename(settings.data / lost.name)
    report = night(settings, rehearsal, 1)
    assert report.exit_code == 3
    assert any("entries would go that no decision takes away" in why for why in report.held_back)
    assert shown(settings) == before
    shutil.move(aside, lost)
    assert night(settings, rehearsal, 2).held_back == ()


def test_a_sitting_that_was_taken_back_on_purpose_is_published_when_a_person_says_so(
    settings: Settings, rehearsal: Rehearsal
) -> None:
    night(settings, rehearsal, 0)
    max((settings.editorial / "decisions").glob("*.jsonl"), key=lambda path: path.stat().st_size).unlink()
    at = NIGHTS[0].replace(hour=9)
    held = publish_now(settings, at, lambda: at, lambda _: None)
    assert held.curated.held_back
    assert held.shelved.changed == ()
    assert publish_now(settings, at, lambda: at, lambda _: None, anyway=True).curated.published


def test_known_counts_that_vanish_hold_the_snapshot_back(settings: Settings, rehearsal: Rehearsal) -> None:
    night(settings, rehearsal, 0)
    before = shown(settings)
    shutil.rmtree(settings.data / "raw" / "semantic_scholar")
    rehearsal.play({"upstream": "semantic_scholar", "kind": "http_500", "times": None})
    report = night(settings, rehearsal, 1)
    assert any("counts known before would be unknown: arxiv:" in why for why in report.held_back)
    assert shown(settings) == before


@pytest.mark.parametrize("act", ["reject", "reopen"])
def test_entries_that_a_decision_takes_away_go(settings: Settings, rehearsal: Rehearsal, act: str) -> None:
    night(settings, rehearsal, 0)
    entries = pd.read_parquet(settings.data / "curated" / "latest" / "entries.parquet")
    line = f'{{"at":"2024-06-03T08:00:00Z","by":"ann","list":"%s","subject":"%s","act":"{act}","reason":"-"}}\n'
    some = entries[entries["place"] == 1].head(5)
    text = "".join(line % (one.list, one.subject) for one in some.itertuples())
    (settings.editorial / "decisions" / "2024-06-03T080000Z-ann-aaaa.jsonl").write_text(text)
    report = night(settings, rehearsal, 1)
    assert (report.held_back, report.published) == ((), True)
