"""Full disks, folders that may not be written, torn files and half-merged texts: told with place and remedy, nothing
overwritten, and the next run after the repair goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from night_runner import run_night

from harvester.errors import HarvesterError
from harvester.rehearsal import NIGHTS, Rehearsal
from harvester.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
NIGHT = """
import ctypes, os, sys
from datetime import datetime
from pathlib import Path
sys.path.insert(0, {tests!r})

class Head(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]

class Powers(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]

libc, head, powers = ctypes.CDLL(None), Head(0x20080522, 0), (Powers * 2)()
if sys.platform == "linux" and libc.capget(ctypes.byref(head), powers) == 0:
    powers[0].effective &= ~2  # CAP_DAC_OVERRIDE: root, too, shall heed who may write where
    libc.capset(ctypes.byref(head), powers)

from night_runner import run_night
from harvester.errors import HarvesterError
from harvester.settings import load_settings
if {limit}:
    import resource, signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))
try:
    print(run_night(load_settings(os.environ, Path({home!r})), datetime.fromisoformat({at!r})).state)
except (HarvesterError, OSError) as error:
    print(f"{{type(error).__name__}}: {{error}}")
"""


def night(home: Path, environment: dict[str, str], number: int, *, limit: int = 0) -> str:
    """Holds a night in a process of its own, which may write files of so many bytes only; returns its last word."""
    code = NIGHT.format(tests=str(ROOT / "tests"), limit=limit, home=str(home), at=NIGHTS[number].isoformat())
    own = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        **environment,
    }  # a limit would cut bytecode short
    done = subprocess.run([sys.executable, "-c", code], env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("limit", [400, 6_000, 20_000], ids=["at once", "in the answers", "in the tables"])
def test_a_full_disk_is_told_readers_keep_what_they_have_and_the_next_run_goes_on(
    home: Path, environment: dict[str, str], settings: Settings, rehearsal: Rehearsal, limit: int
) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    shown, snapshots = files(settings.lists), files(settings.data / "curated")
    rehearsal.move_to(NIGHTS[1])
    said = night(home, environment, 1, limit=limit)
    assert "too large" in said, said
    assert files(settings.lists) == shown
    kept = files(settings.data / "curated")
    assert {name: kept.get(name) for name in snapshots} == snapshots
    assert night(home, environment, 1) == "done"
    assert (settings.data / "curated" / "LATEST").read_text(encoding="utf-8").strip() == f"{NIGHTS[1]:%Y-%m-%dT%H%M%SZ}"


@pytest.mark.parametrize(
    "part", ["data/runs", "data/raw/arxiv_api", "data/curated", "lists/efficient-llm", "state/gates"]
)
def test_a_folder_that_may_not_be_written_is_told_and_the_next_run_goes_on(
    home: Path, environment: dict[str, str], settings: Settings, rehearsal: Rehearsal, part: str
) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    shown = files(home / "lists")
    rehearsal.move_to(NIGHTS[1])
    (home / part).chmod(0o555)
    said = night(home, environment, 1)
    (home / part).chmod(0o755)
    assert "ermission denied" in said and part in said, said
    assert {name: body for name, body in files(home / "lists").items() if name in shown}.keys() == shown.keys()
    if not part.startswith("lists"):
        assert files(home / "lists") == shown
    assert night(home, environment, 1) == "done"


def torn_landing(settings: Settings) -> Path:
    return next((settings.data / "raw" / "github").glob("*/001.body*"))


def torn_table(settings: Settings) -> Path:
    return (settings.data / "curated" / "latest" / "papers.parquet").resolve()


def torn_manifest(settings: Settings) -> Path:
    return (settings.data / "curated" / "latest" / "manifest.json").resolve()


def test_a_torn_landing_of_an_earlier_night_is_told_and_left_as_it_is(settings: Settings, rehearsal: Rehearsal) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    path = torn_landing(settings)
    path.write_bytes(path.read_bytes()[:50])
    rehearsal.move_to(NIGHTS[1])
    report = run_night(settings, NIGHTS[1], anyway=True)
    assert len(path.read_bytes()) == 50
    assert report.state in ("done", "degraded")
    papers = pd.read_parquet(settings.data / "curated" / "latest" / "papers.parquet")
    assert len(papers) > 180


@pytest.mark.parametrize("file", [torn_table, torn_manifest])
def test_a_torn_snapshot_is_told_with_its_file_and_after_the_repair_the_night_goes_on(
    settings: Settings, rehearsal: Rehearsal, file: Callable[[Settings], Path]
) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    path = file(settings)
    whole, shown = path.read_bytes(), files(settings.lists)
    path.chmod(0o644)
    path.write_bytes(whole[:100])
    rehearsal.move_to(NIGHTS[1])
    with pytest.raises(HarvesterError) as told:
        run_night(settings, NIGHTS[1])
    assert str(path) in str(told.value) and "damaged" in str(told.value)
    assert "restore" in str(told.value) or "harvester replay" in str(told.value)
    assert (path.read_bytes(), files(settings.lists)) == (whole[:100], shown)
    path.write_bytes(whole)
    assert run_night(settings, NIGHTS[1]).state == "done"


def conflict(path: Path, line: int) -> None:
    """Puts what a merge leaves in front of a line."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    ours = ["<<<<<<< HEAD\n", *lines[line - 1 : line], "=======\n", ">>>>>>> theirs\n"]
    path.write_text("".join([*lines[: line - 1], *ours, *lines[line:]]), encoding="utf-8")


def test_a_half_merged_list_definition_is_told_with_its_line_and_holds_back_that_list(
    settings: Settings, rehearsal: Rehearsal
) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    path = settings.editorial / "lists" / "efficient-llm.toml"
    good, shown = path.read_bytes(), files(settings.lists / "efficient-llm")
    conflict(path, 3)
    broken = path.read_bytes()
    rehearsal.move_to(NIGHTS[1])
    report = run_night(settings, NIGHTS[1])
    assert report.state == "degraded"
    assert any("lists/efficient-llm.toml:3:" in cause and "left over from a merge" in cause for cause in report.causes)
    assert (path.read_bytes(), files(settings.lists / "efficient-llm")) == (broken, shown)
    assert report.snapshot == f"{NIGHTS[1]:%Y-%m-%dT%H%M%SZ}", "the other list goes on"
    path.write_bytes(good)
    rehearsal.move_to(NIGHTS[2])
    assert run_night(settings, NIGHTS[2]).state == "done"


def test_a_half_merged_sitting_is_told_with_its_line_and_holds_back_its_lists(
    settings: Settings, rehearsal: Rehearsal
) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    path = sorted((settings.editorial / "decisions").glob("*.jsonl"))[0]
    good, shown = path.read_bytes(), files(settings.lists)
    conflict(path, 2)
    broken = path.read_bytes()
    rehearsal.move_to(NIGHTS[1])
    report = run_night(settings, NIGHTS[1])
    assert report.state == "degraded"
    assert any(f"{path.name}, line 2: left over from a merge" in cause for cause in report.causes), report.causes
    assert (path.read_bytes(), files(settings.lists)) == (broken, shown)
    path.write_bytes(good)
    rehearsal.move_to(NIGHTS[2])
    assert run_night(settings, NIGHTS[2]).state == "done"


def test_half_merged_topics_end_the_night_before_anything_is_asked(settings: Settings, rehearsal: Rehearsal) -> None:
    path = settings.editorial / "topics.toml"
    good = path.read_bytes()
    conflict(path, 4)
    with pytest.raises(HarvesterError) as told:
        run_night(settings, NIGHTS[0])
    assert "topics.toml:4:" in str(told.value) and "left over from a merge" in str(told.value)
    assert rehearsal.requests() == []
    path.write_bytes(good)
    assert run_night(settings, NIGHTS[0]).state == "done"
