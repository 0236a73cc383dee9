from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event

import pandas as pd
import pytest
from builders import NIGHT
from curated_world import NEXT, world

from harvester.curated import snapshots
from harvester.errors import SnapshotError

FIRST, SECOND = "2024-06-03T030000Z", "2024-07-03T030000Z"


def publish(curated: Path, nights: int = 1, value: int = 7) -> snapshots.Published:
    as_of = NIGHT + (nights - 1) * (NEXT - NIGHT)
    return snapshots.publish(curated, as_of, world(value, nights), {"night": nights, "value": value})


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_pandas_reads_what_latest_points_to(tmp_path: Path) -> None:
    publish(tmp_path)
    papers = pd.read_parquet(f"{tmp_path}/latest/papers.parquet", dtype_backend="pyarrow")
    assert papers[["arxiv_id", "citations", "citations_source"]].to_dict("records") == [
        {"arxiv_id": "2405.00001", "citations": 7, "citations_source": "semantic_scholar"}
    ]
    assert str(pd.read_parquet(f"{tmp_path}/latest/papers.parquet")["citations_as_of"].dt.tz) == "UTC"
    assert len(pd.read_parquet(f"{tmp_path}/latest/observations")) == 1


def test_a_snapshot_is_complete_and_says_what_it_holds(tmp_path: Path) -> None:
    published = publish(tmp_path)
    assert (published.name, published.path, published.new) == (FIRST, tmp_path / FIRST, True)
    assert (tmp_path / "LATEST").read_text() == f"{FIRST}\n"
    assert (tmp_path / "latest").readlink() == Path(FIRST)
    ref = snapshots.find(tmp_path, None)
    assert (ref.name, ref.as_of) == (FIRST, NIGHT)
    manifest = snapshots.read_manifest(ref)
    assert manifest["inputs"] == {"night": 1, "value": 7}
    assert manifest["as_of"] == "2024-06-03T03:00:00+00:00"
    assert manifest["tables"]["papers.parquet"]["rows"] == 1
    assert set(published.changed) == set(manifest["tables"]) > {"entries.parquet", "observations/2024-06.parquet"}
    assert snapshots.verify(ref) == []
    assert (tmp_path / "README.md").read_text().startswith("# Data dictionary")


def test_the_same_inputs_publish_nothing_even_later(tmp_path: Path) -> None:
    publish(tmp_path)
    before = files(tmp_path)
    again = snapshots.publish(tmp_path, NEXT, world(), {"value": 7, "night": 1})
    assert (again.name, again.new, again.changed) == (FIRST, False, ())
    assert files(tmp_path) == before


def test_another_version_of_harvester_with_the_same_tables_publishes_nothing(tmp_path: Path) -> None:
    publish(tmp_path)
    manifest = tmp_path / FIRST / "manifest.json"
    said = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**said, "harvester": "0.0.0"}))
    assert not snapshots.publish(tmp_path, NEXT, world(), {"night": 1, "value": 7}).new
    assert sorted(path.name for path in tmp_path.iterdir()) == [FIRST, "LATEST", "README.md", "latest"]
    assert snapshots.publish(tmp_path, NEXT, world(8), {"night": 1, "value": 7}).new


def test_an_older_or_equal_time_with_other_inputs_is_refused(tmp_path: Path) -> None:
    publish(tmp_path)
    before = files(tmp_path)
    with pytest.raises(
        SnapshotError, match=f"as of {FIRST} would not be newer than the latest, {FIRST}.*publish as of"
    ):
        publish(tmp_path, value=8)
    assert files(tmp_path) == before


def test_unchanged_tables_and_closed_months_are_shared(tmp_path: Path) -> None:
    publish(tmp_path, value=1)
    second = publish(tmp_path, nights=2)
    assert second.changed == ("observations/2024-07.parquet", "papers.parquet")
    for file in ("entries.parquet", "repositories.parquet", "observations/2024-06.parquet"):
        assert (tmp_path / FIRST / file).samefile(tmp_path / SECOND / file)
    assert not (tmp_path / FIRST / "papers.parquet").samefile(tmp_path / SECOND / "papers.parquet")
    assert snapshots.read_table(snapshots.find(tmp_path, None), "observations").num_rows == 2


def test_a_damaged_file_is_not_shared(tmp_path: Path) -> None:
    publish(tmp_path, value=1)
    damage(tmp_path / FIRST / "entries.parquet")
    publish(tmp_path, nights=2)
    assert snapshots.verify(snapshots.find(tmp_path, None)) == []


def test_the_bytes_depend_on_nothing_but_the_inputs(tmp_path: Path) -> None:
    here = publish(tmp_path / "here")
    for seed in ("1", "2"):
        script = "import sys, curated_world as w; w.publish_until(w.Path(sys.argv[1]), w.NIGHT, 7, 1, 1000)"
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[1])}
        subprocess.run([sys.executable, "-c", script, str(tmp_path / seed)], check=True, env=environment)
    one, two = files(tmp_path / "1"), files(tmp_path / "2")
    assert one == two
    tables = {name: data for name, data in files(here.path).items() if name.endswith(".parquet")}
    assert tables == {name: data for name, data in files(tmp_path / "1" / FIRST).items() if name.endswith(".parquet")}


def test_a_snapshot_built_elsewhere_has_the_same_bytes(tmp_path: Path) -> None:
    published = publish(tmp_path / "curated")
    inputs = snapshots.read_manifest(snapshots.find(tmp_path / "curated", None))["inputs"]
    built = snapshots.build_into(tmp_path / "elsewhere", NIGHT, world(), inputs)
    assert files(built.path) == files(published.path)
    with pytest.raises(SnapshotError, match="not empty"):
        snapshots.build_into(tmp_path / "elsewhere", NIGHT, world(), inputs)
    copied = snapshots.copy_to(built, tmp_path / "out" / "curated" / built.name)
    assert files(copied.path) == files(published.path)


def damage(path: Path) -> None:
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


def test_a_torn_or_changed_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    published = publish(tmp_path)
    damage(published.path / "papers.parquet")
    (published.path / "entries.parquet").unlink()
    (published.path / "notes.txt").write_text("mine")
    ref = snapshots.find(tmp_path, FIRST)
    with pytest.raises(SnapshotError, match=r"papers\.parquet: damaged.*harvester replay"):
        snapshots.read_table(ref, "papers")
    with pytest.raises(SnapshotError, match=r"entries\.parquet: cannot be read.*harvester replay"):
        snapshots.read_table(ref, "entries")
    wrong = snapshots.verify(ref)
    assert [line.removeprefix(str(published.path) + "/").partition(":")[0] for line in wrong] == [
        "entries.parquet",
        "papers.parquet",
        "notes.txt",
    ]


def test_damaged_files_are_restored_from_a_rebuilt_snapshot(tmp_path: Path) -> None:
    published = publish(tmp_path / "curated")
    whole = files(published.path)
    built = snapshots.build_into(tmp_path / "built", NIGHT, world(), {"night": 1, "value": 7})
    damage(published.path / "papers.parquet")
    (published.path / "observations" / "2024-06.parquet").unlink()
    ref = snapshots.find(tmp_path / "curated", None)
    assert snapshots.restore(ref, built) == ("observations/2024-06.parquet", "papers.parquet")
    assert files(published.path) == whole
    assert snapshots.restore(ref, built) == ()
    damage(published.path / "papers.parquet")
    other = snapshots.build_into(tmp_path / "other", NIGHT, world(8), {})
    with pytest.raises(SnapshotError, match=r"papers\.parquet cannot be restored"):
        snapshots.restore(ref, other)


def test_snapshots_are_found_by_name_and_by_day(tmp_path: Path) -> None:
    assert snapshots.latest(tmp_path) is None
    with pytest.raises(SnapshotError, match="holds no snapshot yet"):
        snapshots.find(tmp_path, None)
    publish(tmp_path)
    late = snapshots.publish(tmp_path, NIGHT + timedelta(hours=9), world(8), {})
    assert snapshots.find(tmp_path, "2024-06-03").name == late.name
    assert snapshots.find(tmp_path, FIRST).name == FIRST
    assert [ref.name for ref in snapshots.snapshots(tmp_path)] == [FIRST, late.name]
    with pytest.raises(SnapshotError, match=f"no snapshot '2023-01-01'; there are: {FIRST}, {late.name}"):
        snapshots.find(tmp_path, "2023-01-01")


def test_the_link_is_repaired_and_a_system_without_links_is_told(tmp_path: Path) -> None:
    publish(tmp_path)
    (tmp_path / "latest").unlink()
    assert publish(tmp_path).notes == ()
    assert (tmp_path / "latest").readlink() == Path(FIRST)
    (tmp_path / "latest").unlink()
    (tmp_path / "latest" / "in the way").mkdir(parents=True)
    (note,) = publish(tmp_path).notes
    assert "LATEST names the snapshot all the same" in note


def test_a_pointer_to_nowhere_says_what_to_do(tmp_path: Path) -> None:
    publish(tmp_path)
    (tmp_path / "LATEST").write_text("2020-01-01T000000Z\n")
    with pytest.raises(SnapshotError, match=f"no such snapshot beside it.*{FIRST}.*delete it"):
        snapshots.latest(tmp_path)
    (tmp_path / "LATEST").unlink()
    assert publish(tmp_path).name == FIRST
    assert snapshots.find(tmp_path, None).name == FIRST


def test_a_full_or_read_only_disk_leaves_the_old_snapshot(tmp_path: Path) -> None:
    publish(tmp_path)

    def full(operation: str) -> None:
        if operation == "write manifest":
            raise OSError(28, "No space left on device", "papers.parquet")

    with pytest.raises(
        SnapshotError, match=r"papers\.parquet: No space left on device; the snapshot before still stands"
    ):
        snapshots.publish(tmp_path, NEXT, world(8), {}, full)
    assert snapshots.find(tmp_path, None).name == FIRST
    assert snapshots.publish(tmp_path, NEXT, world(8), {}).new
    assert not list(tmp_path.glob(".*"))


def test_readers_see_the_old_snapshot_or_the_new_one(tmp_path: Path) -> None:
    publish(tmp_path)
    stop = Event()

    def read() -> set[tuple[str, int]]:
        seen = set()
        while not stop.is_set():
            ref = snapshots.find(tmp_path, None)
            seen.add((ref.name, snapshots.read_table(ref, "papers")["citations"][0].as_py()))
            pd.read_parquet((tmp_path / "latest").resolve() / "papers.parquet")
        return seen

    expected = {(FIRST, 7)}
    with ThreadPoolExecutor(2) as threads:
        readers = [threads.submit(read) for _ in range(2)]
        for n in range(1, 16):
            published = snapshots.publish(tmp_path, NIGHT + n * timedelta(days=1), world(7 + n), {"n": n})
            expected.add((published.name, 7 + n))
        stop.set()
        seen = readers[0].result() | readers[1].result()
    assert len(seen) > 1
    assert seen <= expected
