"""A machine on which ranking is broken: the night is degraded, the queue is there, and a replay makes the same."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pandas as pd
from click.testing import CliRunner

from harvester.cli import main
from harvester.rehearsal import NIGHTS, Rehearsal
from harvester.settings import Settings
from harvester.steps import tell
from harvester.steps.publish import publish_now
from harvester.steps.replay import replay

RUNNER = Path(__file__).resolve().parents[1] / "night_runner.py"


def table(settings: Settings, name: str) -> pd.DataFrame:
    return pd.read_parquet(settings.data / "curated" / "latest" / f"{name}.parquet")


def test_a_night_whose_ranking_is_broken_is_degraded_and_its_queue_can_be_used(
    settings: Settings, rehearsal: Rehearsal, environment: dict[str, str], home: Path
) -> None:
    broken = home / "broken" / "sklearn"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text('raise ImportError("built for another machine")\n', encoding="utf-8")
    rehearsal.move_to(NIGHTS[0])
    variables = {**os.environ, **environment, "PYTHONPATH": str(broken.parent)}
    command = [sys.executable, str(RUNNER), str(home), f"{NIGHTS[0]:%Y-%m-%dT%H:%M:%SZ}"]
    subprocess.run(command, env=variables, check=True, capture_output=True)

    [(_, record)] = tell.records(settings.data)
    why = "ImportError: built for another machine"
    assert record["state"] == "degraded" and record["published"]
    assert all(
        any(f"ranking the list {slug} failed ({why})" in cause for cause in record["causes"])
        for slug in lists(settings)
    )
    scores = table(settings, "scores")
    assert len(scores) == len(table(settings, "candidates")) > 100
    assert scores["score"].isna().all() and set(scores["why"]) == {f"ranking failed: {why}"}

    variables = {f"HARVESTER_{name}": str(home / name.lower()) for name in ("DATA", "EDITORIAL", "LISTS")}
    at = ("--at", f"{NIGHTS[0] + timedelta(hours=9):%Y-%m-%dT%H:%M:%SZ}")
    shown = CliRunner(env=variables).invoke(main, ["queue", "--list", "efficient-llm", *at])
    assert (
        len(shown.stdout.splitlines()) == 31
        and f"not ranked, the strongest match comes first: ranking failed: {why}" in shown.stderr
    )

    assert replay(settings).identical  # here ranking works, and is not tried
    again = publish_now(settings, None, lambda: NIGHTS[0] + timedelta(hours=5), lambda _: None)
    assert again.curated.published and again.curated.causes == ()
    assert table(settings, "scores")["score"].notna().all()
    assert replay(settings).identical


def lists(settings: Settings) -> list[str]:
    return sorted(path.stem for path in (settings.editorial / "lists").glob("*.toml"))
