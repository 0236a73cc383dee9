"""What people do between two nights, and what the next night makes of it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest
from night_runner import run_night

from harvester.errors import SettingsError, SnapshotError
from harvester.rehearsal import NIGHTS, Rehearsal
from harvester.settings import Settings
from harvester.steps.harvest import harvest
from harvester.steps.night import begin
from harvester.steps.publish import publish_now


class Killed(BaseException):
    """Stands for a signal that ends the process."""


def table(settings: Settings, name: str) -> pd.DataFrame:
    return pd.read_parquet(settings.data / "curated" / "latest" / f"{name}.parquet")


def decide(settings: Settings, *lines: dict[str, Any]) -> None:
    signed = {"at": "2024-06-03T08:00:00Z", "by": "ann"}
    text = "".join(json.dumps({**signed, **line}) + "\n" for line in lines)
    (settings.editorial / "decisions" / "2024-06-03T080000Z-ann-aaaa.jsonl").write_text(text)


def test_repositories_of_rejected_candidates_are_not_asked_again(settings: Settings, rehearsal: Rehearsal) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    waiting = table(settings, "candidates")
    rejected = [
        {"list": one.list, "subject": one.subject, "act": "reject", "reason": "-"} for one in waiting.itertuples()
    ]
    decide(settings, *rejected)
    rehearsal.move_to(NIGHTS[1])
    report = run_night(settings, NIGHTS[1])
    entries, links = table(settings, "entries"), table(settings, "paper_repositories")
    named = {*links["repository"], *(s for s in entries["subject"] if s.startswith("github:"))}
    repositories = table(settings, "repositories")
    names = {
        row.subject: {row.subject, *(f"github:{a.lower()}" for a in row.aliases)} for row in repositories.itertuples()
    }
    shown = {subject for subject, known in names.items() if known & named}
    assert report.figures
    assert report.figures.stars_asked <= report.figures.stars_wanted == len(shown) < len(repositories)


def test_a_list_that_nobody_defined_is_told(settings: Settings, rehearsal: Rehearsal) -> None:
    about = {"subject": "arxiv:2405.18218", "act": "accept", "section": "Quantization"}
    decide(settings, {"list": "eficient-llm", **about})
    rehearsal.move_to(NIGHTS[0])
    report = run_night(settings, NIGHTS[0])
    assert any("list 'eficient-llm', which editorial/lists does not define" in note for note in report.notes)


def test_a_killed_night_is_not_continued_behind_a_later_publication(settings: Settings, rehearsal: Rehearsal) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    rehearsal.move_to(NIGHTS[1])
    with suppress(Killed), begin(settings, NIGHTS[1], lambda: NIGHTS[1], lambda _: None) as night:
        harvest(night)
        raise Killed
    morning = NIGHTS[1] + timedelta(hours=5)
    assert publish_now(settings, morning, lambda: morning, lambda _: None).curated.published
    later = morning + timedelta(hours=1)
    with begin(settings, None, lambda: later, lambda _: None) as night:
        assert (night.as_of, night.continued) == (later, False)
        assert any("had been killed" in note for note in night.notes)


def test_a_night_older_than_the_latest_snapshot_is_refused_before_anybody_is_asked(
    settings: Settings, rehearsal: Rehearsal
) -> None:
    rehearsal.move_to(NIGHTS[1])
    run_night(settings, NIGHTS[1])
    rehearsal.reset_log()
    with pytest.raises(SnapshotError, match="older than the latest snapshot"):
        run_night(settings, NIGHTS[0])
    assert rehearsal.requests() == []


def test_many_unusable_values_degrade_a_night_whose_conversations_ended_well(
    settings: Settings, rehearsal: Rehearsal
) -> None:
    rehearsal.move_to(NIGHTS[0])
    rehearsal.play({"upstream": "semantic_scholar", "kind": "negative_counts", "every": 10, "times": 99})
    report = run_night(settings, NIGHTS[0])
    assert report.state == "degraded"
    assert any("citation counts got no usable answer" in cause for cause in report.causes)


def test_a_clock_that_is_behind_asks_no_real_upstream(settings: Settings, rehearsal: Rehearsal) -> None:
    behind = replace(settings, behind=timedelta(days=899))
    real = replace(settings.upstreams["github"], url="https://api.github.com")
    mixed = replace(behind, upstreams={**settings.upstreams, "github": real})
    refused = pytest.raises(SettingsError, match="HARVESTER_DAYS_BEHIND=899 is for rehearsals alone")
    with refused, begin(mixed, None, lambda: NIGHTS[0], lambda _: None):
        pass
    assert rehearsal.requests() == []
    with begin(behind, None, lambda: NIGHTS[0], lambda _: None) as night:
        assert night.as_of == NIGHTS[0]


def test_a_publication_beside_a_rehearsal_is_of_its_time(settings: Settings, rehearsal: Rehearsal) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    decide(
        settings, {"list": "efficient-llm", "subject": "arxiv:2301.00774", "act": "accept", "section": "Quantization"}
    )
    behind, morning = replace(settings, behind=timedelta(days=899)), NIGHTS[0] + timedelta(hours=9)
    before = publish_now(settings, None, lambda: NIGHTS[0] + timedelta(days=900), lambda _: None)
    assert before.curated.snapshot == "2024-06-03T030001Z", "without the setting: just after the latest"
    decide(settings, {"list": "efficient-llm", "subject": "arxiv:2301.00774", "act": "accept", "section": "Survey"})
    done = publish_now(behind, None, lambda: morning, lambda _: None, anyway=True)
    assert (done.curated.snapshot, done.notes) == ("2024-06-03T120000Z", ())


def test_a_decision_dated_ahead_moves_no_window(settings: Settings, rehearsal: Rehearsal) -> None:
    rehearsal.move_to(NIGHTS[0])
    about = {"list": "efficient-llm", "subject": "arxiv:2301.00774", "act": "accept", "section": "Quantization"}
    decide(settings, {**about, "at": "2026-11-21T10:00:00Z"})
    run_night(settings, NIGHTS[0])
    front = (settings.lists / "efficient-llm" / "README.md").read_text(encoding="utf-8")
    assert "## Papers from 2024-05-05 to 2024-06-03\n" in front


def test_repositories_that_are_asked_by_their_ids_are_counted(settings: Settings, rehearsal: Rehearsal) -> None:
    for at in NIGHTS[:2]:
        rehearsal.move_to(at)
        report = run_night(settings, at)
    assert report.figures
    asked = next(talk for talk in report.talks if talk.source == "github").asked
    assert asked == f"{report.figures.stars_asked} repositories"
    assert report.figures.stars_refreshed > 0.9 * report.figures.stars_asked > 60
