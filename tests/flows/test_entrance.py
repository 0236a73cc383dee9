"""What is told before Prefect starts: help, mistakes, a run that is at work already; and how Prefect finds the flows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from listener import listening
from night_process import NIGHTLY, ROOT, Stage

from harvester.steps.tell import run_lock

FROM_PREFECT = """
from prefect.flows import load_flow_from_entrypoint
print(*(load_flow_from_entrypoint(f"flows/{name}.py:{name}").name for name in ("nightly", "weekly", "backfill")))
"""


@pytest.mark.parametrize("script", ["nightly.py", "weekly.py", "backfill.py", "serve.py", "demo.py"])
def test_help_shows_examples_without_loading_prefect(script: str) -> None:
    command = [sys.executable, "-X", "importtime", str(ROOT / "flows" / script), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    modules = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert modules & {"prefect", "pandas", "pyarrow", "requests", "rich", "psutil"} == set()
    assert "examples:" in done.stdout
    assert f"python flows/{script}" in done.stdout
    if script in ("nightly.py", "weekly.py", "backfill.py"):
        assert "--publish-anyway" in done.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [('categories = ["cs.CL"\n', "topics.toml"), ('categories = ["cs.CL"]\n[topics.a]\ninclud = ["a"]\n', "include")],
    ids=["no TOML", "a misspelt field"],
)
def test_a_mistake_in_the_topics_ends_a_night_before_prefect_starts(stage: Stage, text: str, told: str) -> None:
    (stage.home / "editorial" / "topics.toml").write_text(text, encoding="utf-8")
    refused = stage.run(*NIGHTLY)
    assert refused.returncode == 1
    assert all(line.startswith("harvester: ") for line in refused.stderr.splitlines())
    assert "topics.toml" in refused.stderr
    assert told in refused.stderr
    assert not (stage.home / "data" / ".prefect").exists()
    assert stage.rehearsal.requests() == []


def test_a_night_of_a_timer_that_cannot_start_is_told_and_leaves_a_record(stage: Stage) -> None:
    topics = stage.home / "editorial" / "topics.toml"
    topics.write_text('categories = ["cs.CL"\n', encoding="utf-8")
    with listening() as listener:
        stage.environment["HARVESTER_NOTIFY"] = listener.address
        assert stage.run("nightly.py").returncode == 1
        assert stage.run(*NIGHTLY).returncode == 1  # somebody tries a time by hand, and sees what comes of it
    [told] = listener.told
    assert told["title"].endswith(" failed") and "topics.toml" in told["message"]
    [record] = (stage.home / "data" / "runs").glob("*Z.json")
    assert json.loads(record.read_text(encoding="utf-8"))["state"] == "failed"


def test_what_the_disk_refuses_is_told_with_its_place_and_without_a_traceback(stage: Stage) -> None:
    (stage.home / "data").write_text("", encoding="utf-8")
    refused = stage.run(*NIGHTLY)
    assert refused.returncode == 1
    [line] = refused.stderr.splitlines()
    assert (
        line.startswith(f"harvester: {stage.home / 'data'}")
        and "is a file where a folder belongs: move it away" in line
    )


BACKFILL = ("backfill.py", "--from", "2024-05-01", "--until", "2024-06-01", "--yes")


@pytest.mark.parametrize("command", [NIGHTLY, ("weekly.py",), BACKFILL], ids=["nightly", "weekly", "backfill"])
def test_a_second_start_while_one_runs_refuses_and_says_what_to_do(stage: Stage, command: tuple[str, ...]) -> None:
    with run_lock(stage.home / "data"):
        refused = stage.run(*command)
    assert refused.returncode == 1
    assert "is at work in" in refused.stderr
    assert "wait until it has ended, or stop it" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (stage.home / "data" / ".prefect").exists()


def test_a_time_long_past_is_refused_where_an_upstream_is_real(stage: Stage) -> None:
    stage.environment["HARVESTER_OPENALEX_URL"] = "https://upstream.invalid"
    refused = stage.run(*NIGHTLY)
    assert refused.returncode == 1
    assert "must lie within the last 24 hours" in refused.stderr
    assert stage.rehearsal.requests() == []


def test_prefect_finds_the_flows_by_the_entrypoints_of_the_deployments(stage: Stage, tmp_path: Path) -> None:
    environment = stage.environment | {"PREFECT_HOME": str(tmp_path / "prefect"), "DO_NOT_TRACK": "1"}
    command = [sys.executable, "-c", FROM_PREFECT]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["nightly", "weekly", "backfill"], done.stderr
