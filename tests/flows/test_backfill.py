"""The backfill as a process: what it says before it starts, what it refuses, and what it leaves."""

from __future__ import annotations

import json

import pytest
from night_process import Stage

DAYS = ("--from", "2023-05-01", "--until", "2023-06-01")


def with_sets(stage: Stage) -> None:
    topics = stage.home / "editorial" / "topics.toml"
    text = topics.read_text(encoding="utf-8").replace("[harvest]", '[harvest]\nsets = ["cs:cs:CL"]', 1)
    topics.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (("--from", "May", "--until", "2023-06-01"), "'May' is not a day such as 2024-06-03"),
        (("--from", "2023-06-01", "--until", "2023-06-01"), "must be later than --from 2023-06-01"),
        (("--from", "2023-06-01"), "required: --until"),
        (("--from", "1980-01-01", "--until", "1980-06-01"), "before arXiv, which opened in August 1991"),
        (("--from", "2999-01-01", "--until", "2999-06-01"), "lies in the future"),
    ],
    ids=["no day", "no days between", "one day missing", "before arXiv", "in the future"],
)
def test_days_that_are_none_are_refused_at_once(stage: Stage, days: tuple[str, ...], words: str) -> None:
    refused = stage.run("backfill.py", *days)
    assert refused.returncode == 2
    assert words in refused.stderr
    assert stage.rehearsal.requests() == []


def test_without_a_terminal_and_without_yes_it_tells_the_estimate_and_asks_nothing(stage: Stage) -> None:
    with_sets(stage)
    refused = stage.run("backfill.py", *DAYS)
    assert refused.returncode == 2
    assert "about" in refused.stderr
    assert "to OAI-PMH" in refused.stderr
    assert "--yes starts without a question" in refused.stderr
    assert stage.rehearsal.requests() == []


def test_a_backfill_reports_like_a_night_and_leaves_a_snapshot(stage: Stage) -> None:
    with_sets(stage)
    done = stage.run("backfill.py", *DAYS, "--yes", "--as-of", "2024-06-03T09:00:00Z")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Backfill of 2024-06-03 09:00 UTC: done\n")
    assert "searches' recall" in done.stdout
    assert "page 1, " in done.stderr
    record = json.loads((stage.home / "data" / "runs" / "2024-06-03T090000Z.json").read_text())
    assert (record["kind"], record["state"], record["exit_code"]) == ("backfill", "done", 0)
    assert (stage.home / "data" / "curated" / "latest" / "papers.parquet").is_file()
    assert stage.left_behind() == []
