"""The nightly flow as a process: what it leaves, whom it talks to, and how it ends, whatever ends it."""

from __future__ import annotations

import json
import signal
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from listener import listening
from night_process import NIGHTLY, Stage, watched

RECORD = "2024-06-03T030000Z.json"


def report(stage: Stage) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((stage.home / "data" / "runs" / RECORD).read_text(encoding="utf-8"))
    return told


def is_loopback(host: str) -> bool:
    if host in ("localhost", "0.0.0.0", "::", "None", ""):  # an unconnected socket of ours; our own name
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def test_a_night_talks_to_loopback_alone_and_leaves_snapshot_lists_and_report_but_no_process(stage: Stage) -> None:
    heard = stage.listen()
    with stage.running(*NIGHTLY) as process, watched(process.pid) as seen:
        said, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert stage.left_behind() == []

    assert seen.looks > 20
    assert {address for address in seen.addresses if not is_loopback(address)} == set()
    assert urlsplit(stage.rehearsal.root).port in seen.ports  # the watch was awake
    asked_for = {line.partition(" ")[2] for line in heard.read_text(encoding="utf-8").splitlines()}
    assert "127.0.0.1" in asked_for
    assert {host for host in asked_for if not is_loopback(host)} == set()

    assert said.startswith("Night of 2024-06-03 03:00 UTC: done\n")
    assert "semantic_scholar citations: complete" in told
    papers = pd.read_parquet(stage.home / "data" / "curated" / "latest" / "papers.parquet")
    assert report(stage)["state"] == "done"
    assert report(stage)["figures"]["papers"] == len(papers) > 0
    assert (stage.home / "lists" / "efficient-llm" / "README.md").is_file()

    weekly = stage.run("weekly.py", "--as-of", "2024-06-03T07:00:00Z")
    assert weekly.returncode == 0, weekly.stderr
    assert "note: snapshot 2024-06-03T030000Z replayed, every byte the same" in weekly.stdout
    assert stage.left_behind() == []


def test_a_stopped_night_leaves_no_process_and_the_next_goes_on_though_an_upstream_refuses(stage: Stage) -> None:
    stopped = stage.stop_amid("arxiv", signal.SIGTERM)
    assert stopped.returncode == 143, stopped.stderr
    assert "stopped by SIGTERM; what was fetched is kept" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert stage.left_behind() == []

    interrupted = stage.stop_amid("semantic_scholar", signal.SIGINT)
    assert interrupted.returncode == 130, interrupted.stderr
    assert "stopped by SIGINT" in interrupted.stderr
    assert "Traceback" not in interrupted.stderr
    assert stage.left_behind() == []

    stage.rehearsal.play({"upstream": "semantic_scholar", "kind": "http_403", "times": None})
    with listening() as listener:
        stage.environment["HARVESTER_NOTIFY"] = listener.address
        degraded = stage.run(*NIGHTLY)
    assert degraded.returncode == 3, degraded.stderr
    assert listener.titles() == ["harvester: night of 2024-06-03 degraded"]
    assert report(stage)["notified"]
    assert "continued a run of the same night that was interrupted" in degraded.stdout
    assert "cause: semantic_scholar citations" in degraded.stdout
    assert [cause for cause in report(stage)["causes"] if "semantic_scholar" in cause]
    assert report(stage)["exit_code"] == 3
    assert (stage.home / "lists" / "efficient-llm" / "README.md").is_file()
    assert stage.left_behind() == []


def test_what_kill_9_leaves_is_ended_and_told_by_the_next_run(stage: Stage) -> None:
    killed = stage.stop_amid("github", signal.SIGKILL)
    assert killed.returncode == -signal.SIGKILL
    orphans = [process.pid for process in stage.left_behind()]
    assert len(orphans) == 1  # Prefect's server

    again = stage.run(*NIGHTLY)
    assert again.returncode == 0, again.stderr
    assert stage.left_behind() == []
    notes = report(stage)["notes"]
    assert f"a Prefect server left behind by a killed run (process {orphans[0]}) was ended" in notes
    assert "the flow run night-2024-06-03 had stayed Running and was set to Crashed" in notes
    assert all(f"note: {note}" in again.stdout for note in notes)
    assert report(stage)["continued"]
    assert len(stage.rehearsal.requests("arxiv")) == 3  # two searches and the listed papers, all from before the kill
