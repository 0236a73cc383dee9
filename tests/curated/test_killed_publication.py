"""kill -9 before every single file operation of a publication, then the same again."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NIGHT
from curated_world import NEXT, world

from harvester.curated import snapshots

TESTS = Path(__file__).resolve().parents[1]
FIRST, SECOND = "2024-06-03T030000Z", "2024-07-03T030000Z"

# One process forks a publisher per operation, so that Python and pyarrow are loaded once.
DRIVER = """
import os, shutil, sys
from pathlib import Path
from curated_world import NEXT, publish_until
start, folder = Path(sys.argv[1]), Path(sys.argv[2])
for operations in range(1000):
    curated = folder / f"{operations:02}"
    shutil.copytree(start, curated, symlinks=True)
    child = os.fork()
    if child == 0:
        publish_until(curated, NEXT, 8, 2, operations)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Returns what each kill left; the last one was not killed."""
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    folder = tmp_path_factory.mktemp("killed")
    start = folder / "start"
    snapshots.publish(start, NIGHT, world(1), {"night": 1})
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    subprocess.run([sys.executable, "-c", DRIVER, str(start), str(folder)], check=True, env=environment, timeout=300)
    return sorted(path for path in folder.iterdir() if path != start)


def test_a_killed_publication_leaves_the_old_snapshot_or_the_new_one_whole(killed: list[Path]) -> None:
    assert len(killed) > 20
    names = [snapshots.find(curated, None).name for curated in killed]
    assert names == sorted(names)
    assert {*names} == {FIRST, SECOND}
    for curated in killed:
        for ref in snapshots.snapshots(curated):
            assert snapshots.verify(ref) == []


def test_the_same_again_ends_as_if_nothing_had_happened(killed: list[Path]) -> None:
    undisturbed = files(killed[-1])
    said = {}
    for curated in killed:
        published = snapshots.publish(curated, NEXT, world(8, 2), {"night": 2})
        said[curated.name] = published.new
        assert published.name == SECOND
        assert files(curated) == undisturbed
        assert (curated / "latest").readlink() == Path(SECOND)
        assert not list(curated.glob(".*"))
    assert said[killed[0].name] and not said[killed[-1].name]


def test_decisions_made_after_the_kill_are_not_lost_to_what_it_left(tmp_path: Path) -> None:
    left = publish_without_pointer(tmp_path)
    again = snapshots.publish(tmp_path, NEXT, world(9, 2), {"night": 2, "decisions": "one more"})
    assert again.new
    assert again.notes == (f"replaced {left}, which an interrupted publication had left behind",)
    assert snapshots.read_table(snapshots.find(tmp_path, None), "papers")["citations"].to_pylist() == [9]
    assert not list(tmp_path.glob(".*"))


def test_a_complete_snapshot_without_its_pointer_is_adopted_by_the_next_run(tmp_path: Path) -> None:
    left = publish_without_pointer(tmp_path)
    adopted = snapshots.publish(tmp_path, NEXT.replace(hour=9), world(8, 2), {"night": 2})
    assert (adopted.name, adopted.new) == (left, True)
    assert "complete already" in adopted.notes[0]
    assert adopted.changed == ("observations/2024-07.parquet", "papers.parquet")


def test_what_a_kill_left_does_not_follow_a_latest_of_the_same_inputs(tmp_path: Path) -> None:
    left = publish_without_pointer(tmp_path)
    earlier = snapshots.publish(tmp_path, NEXT - timedelta(days=1), world(8, 2), {"night": 2})
    assert earlier.new and earlier.name < left
    again = snapshots.publish(tmp_path, NEXT + timedelta(days=1), world(8, 2), {"night": 2})
    assert (again.name, again.new, again.notes) == (earlier.name, False, ())
    assert (tmp_path / "LATEST").read_text() == f"{earlier.name}\n"
    other = snapshots.publish(tmp_path, NEXT + timedelta(days=1), world(9, 2), {"night": 3})
    assert other.new and other.name > left


def publish_without_pointer(curated: Path) -> str:
    snapshots.publish(curated, NIGHT, world(1), {"night": 1})
    published = snapshots.publish(curated, NEXT, world(8, 2), {"night": 2})
    (curated / "LATEST").write_text(f"{FIRST}\n")
    return published.name
