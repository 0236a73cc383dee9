"""`harvester doctor`: lines for people, JSON for programs, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harvester.cli import main


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "editorial").mkdir()
    (tmp_path / "editorial" / "topics.toml").write_text(
        'categories = ["cs.CL"]\n[topics.a]\ninclude = ["kv"]\n', encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def doctor(here: Path, *arguments: str, **variables: str) -> Result:
    environment = {"HARVESTER_STATE": str(here / "state"), **variables}
    return CliRunner().invoke(main, ["doctor", *arguments], env=environment)


def test_nothing_in_the_way_is_exit_code_0(here: Path) -> None:
    shown = doctor(here)
    assert (shown.exit_code, shown.output.splitlines()[-1]) == (0, "nothing to mend")
    assert all(line.startswith(("ok    ", "note  ")) for line in shown.output.splitlines()[:-1])


def test_what_is_wrong_is_exit_code_1_and_counted(here: Path) -> None:
    (here / "editorial" / "topics.toml").unlink()
    shown = doctor(here, HARVESTER_ATTEMPTS="many")
    assert shown.exit_code == 1
    assert "wrong  settings   HARVESTER_ATTEMPTS must be a whole number" in shown.output
    assert "topics.toml is missing" in shown.output
    assert shown.output.endswith("2 things to mend\n")


def test_programs_get_json(here: Path) -> None:
    told = json.loads(doctor(here, "--json").output)
    assert {one["state"] for one in told} == {"ok", "note"}
    assert {"folders", "disk", "texts", "landings"} <= {one["area"] for one in told}
