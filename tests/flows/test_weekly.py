"""The weekly flow as a process, where something is wrong."""

from __future__ import annotations

from night_process import Stage
from night_runner import run_night

from harvester.rehearsal import NIGHTS
from harvester.settings import load_settings


def test_a_changed_landing_fails_the_week_and_leaves_the_lists_alone(stage: Stage) -> None:
    run_night(load_settings(stage.environment, stage.home), NIGHTS[0])
    lists = {path: path.read_bytes() for path in (stage.home / "lists").rglob("*.md")}
    body = next((stage.home / "data" / "raw" / "github").rglob("001.body.json.gz"))
    body.write_bytes(body.read_bytes()[:-9])

    weekly = stage.run("weekly.py")
    assert weekly.returncode == 1
    assert "cannot be replayed" in weekly.stdout
    assert "cause: observations/2024-06.parquet differs when made anew" in weekly.stdout
    assert "Traceback" not in weekly.stderr
    assert {path: path.read_bytes() for path in (stage.home / "lists").rglob("*.md")} == lists
    assert stage.left_behind() == []
