from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from harvester.cli.rehearse import command
from harvester.rehearsal.fault_fields import EXAMPLE
from harvester.settings import load_settings

RUN = "from harvester.cli.rehearse import command; command()"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_runs_until_a_signal_and_ends_cleanly(ending: signal.Signals, tmp_path: Path) -> None:
    faults, log = tmp_path / "faults.json", tmp_path / "log.jsonl"
    faults.write_text('[{"upstream": "arxiv", "kind": "http_503"}]', encoding="utf-8")
    words = ["--json", "--at", "2024-06-05T03:00:00Z", "--faults", str(faults), "--log", str(log), "--enforce-limits"]
    with subprocess.Popen([sys.executable, "-c", RUN, *words], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        with requests.Session() as http:
            http.trust_env = False
            answer = http.get(told["settings"]["HARVESTER_ARXIV_URL"] + "/api/query?id_list=2404.14897")
        process.send_signal(ending)
        assert process.wait(timeout=10) == 0
    assert answer.status_code == 503
    assert answer.headers["Date"] == "Wed, 05 Jun 2024 03:00:00 GMT"
    assert len(log.read_text(encoding="utf-8").splitlines()) == 1


def test_for_people_it_prints_all_that_a_night_needs(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", RUN], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = list(iter(process.stdout.readline, "python flows/nightly.py --as-of 2024-06-03T03:00:00+00:00\n"))
        process.terminate()
        assert process.wait(timeout=10) == 0
    assert "REHEARSAL" in lines[0]
    assert any("badge that says Gone" in line for line in lines)
    exported = dict(line[7:].strip().split("=", 1) for line in lines if line.startswith("export "))
    settings = load_settings(exported, tmp_path)
    assert settings.rehearsed
    keyed = {source for source, upstream in settings.upstreams.items() if upstream.key}
    assert keyed == {"github", "semantic_scholar"}
    assert {upstream.interval for upstream in settings.upstreams.values()} == {0.0}
    assert settings.upstreams["arxiv_api"].silence == 5.0
    assert settings.data == tmp_path / "rehearsal" / "data"
    started = datetime(2024, 6, 3, 3, tzinfo=UTC)
    assert started <= datetime.now(UTC) - settings.behind < started + timedelta(days=1, minutes=1)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--at", "tomorrow"], "--at"),
        (["--faults", "{faults}"], "rain"),
    ],
)
def test_wrong_words_are_refused(words: list[str], complaint: str, tmp_path: Path) -> None:
    faults = tmp_path / "faults.jsonl"
    faults.write_text('{"kind": "rain"}\n', encoding="utf-8")
    result = CliRunner().invoke(command, [word.format(faults=faults) for word in words])
    assert result.exit_code == 2 and complaint in result.output


def test_the_help_shows_a_fault_and_its_fields() -> None:
    told = CliRunner().invoke(command, ["--help"]).output
    assert EXAMPLE in told and "--faults faults.jsonl" in told


@pytest.mark.parametrize(
    ("text", "complaint"),
    [('{"kind": "stall", "sec": 1}', "'sec'; it may have: kind, upstream"), ('{"kind"', "line 1: not valid JSON")],
)
def test_a_slip_in_a_fault_is_told_with_what_is_allowed(text: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "f.jsonl").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(command, ["--faults", str(tmp_path / "f.jsonl")])
    assert result.exit_code == 2 and complaint in " ".join(result.output.split())
