"""Runs that start in the same moment, and keys that upstreams repeat: what processes leave, Prefect's database included."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest
from night_process import NIGHTLY, PATIENCE, Stage

WEEKLY = ("weekly.py", "--as-of", "2024-06-03T03:00:00Z")
PLANTED = {
    "GITHUB_TOKEN": "ghp_planted0123456789/x",
    "SEMANTIC_SCHOLAR_API_KEY": "s2-planted-0123456789",
    "OPENALEX_API_KEY": "oa-planted-0123456789",
}


def at_once(stage: Stage, *commands: Sequence[str]) -> list[subprocess.CompletedProcess[str]]:
    """Starts them all before any is waited for, and returns how they ended."""
    with ExitStack() as stack:
        started = [stack.enter_context(stage.running(*command)) for command in commands]
        said = [process.communicate(timeout=PATIENCE) for process in started]
    return [
        subprocess.CompletedProcess(process.args, process.returncode, *texts)
        for process, texts in zip(started, said, strict=True)
    ]


@pytest.mark.parametrize("other", [NIGHTLY, WEEKLY], ids=["two nights", "a night and a week"])
def test_of_two_runs_that_start_in_the_same_moment_one_runs_and_one_refuses(stage: Stage, other: Sequence[str]) -> None:
    ended = at_once(stage, NIGHTLY, other)
    assert sorted(one.returncode for one in ended) == [0, 1], [one.stderr[-500:] for one in ended]
    (refused,) = (one for one in ended if one.returncode == 1)
    assert "is at work in" in refused.stderr and "wait until it has ended, or stop it" in refused.stderr
    assert "Traceback" not in refused.stderr
    (record,) = (stage.home / "data" / "runs").glob("*Z.json")
    assert json.loads(record.read_text(encoding="utf-8"))["state"] == "done"
    assert stage.left_behind() == []


def test_keys_that_every_upstream_repeats_are_in_no_file_and_not_in_prefects_database(stage: Stage) -> None:
    stage.environment.update(PLANTED)
    for upstream in ("github", "semantic_scholar", "openalex"):
        stage.rehearsal.play({"upstream": upstream, "kind": "echo_authorization", "times": 3})
    done = stage.run(*NIGHTLY)
    assert "repeated a configured key" in done.stderr, done.stderr[-2000:]
    written = dict(_written(stage.home))
    assert any(name.endswith(".db") and len(content) > 10_000 for name, content in written.items()), "Prefect's own"
    written["what it said"] = (done.stdout + done.stderr).encode()
    spelt = {s.encode() for key in PLANTED.values() for s in (key, quote(key, safe=""), key.replace("/", "\\/"))}
    assert [name for name, content in written.items() if any(key in content for key in spelt)] == []


def _written(home: Path) -> Iterator[tuple[str, bytes]]:
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield path.relative_to(home).as_posix(), gzip.decompress(content) if path.suffix == ".gz" else content
