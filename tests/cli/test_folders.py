"""Commands whose folders cannot be read or written say so in one line, without a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from harvester.cli import main

EDITORIAL = Path(__file__).resolve().parents[2] / "editorial"


@pytest.mark.parametrize("command", ["queue", "publish", "render", "replay"])
def test_a_file_in_place_of_the_data_folder_is_told(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(EDITORIAL, tmp_path / "editorial")
    (tmp_path / "data").write_text("no folder")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, [command])
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert done.output.startswith("harvester: ") and "is a file where a folder belongs: move it away" in done.output
    assert done.output.count("\n") == 1
