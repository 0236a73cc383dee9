from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from builders import NIGHT, landing
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import LandingError
from harvester.raw import heads
from harvester.raw.landings import (
    Folder,
    digests,
    finish,
    folders,
    land,
    open_folder,
    outcome_of,
    read_folder,
    read_landing,
)
from harvester.records import Landing, Outcome, Request

DONE = Outcome("complete")
FEED = (("content-type", "application/atom+xml"),)


def search(raw: Path, hours: float = 0, wanted: str = "kv cache", what: str = "search") -> Folder:
    return open_folder(raw, "arxiv_api", NIGHT + timedelta(hours=hours), what, {"phrases": [wanted]})


texts = st.text(max_size=20)
pairs = st.lists(st.tuples(st.sampled_from(["etag", "x-a", "content-type"]), texts), max_size=3).map(tuple)
requests = st.builds(
    Request,
    source=st.just("github"),
    method=st.sampled_from(["GET", "POST"]),
    path=texts,
    parameters=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    headers=pairs,
    body=st.none() | st.binary(max_size=40) | texts.map(lambda text: text.encode("utf-8", "surrogatepass")),
    content_type=st.none() | texts,
)
any_landings = st.builds(
    Landing,
    request=requests,
    status=st.none() | st.integers(100, 599),
    headers=pairs,
    body=st.binary(max_size=200),
    fetched_at=st.datetimes(timezones=st.just(NIGHT.tzinfo)),
    attempts=st.integers(0, 9),
    waited_seconds=st.floats(0, 1e6),
    failure=st.none() | texts,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(any_landings, max_size=3))
def test_what_landed_reads_back_the_same(said: list[Landing]) -> None:
    with TemporaryDirectory() as raw:
        folder = search(Path(raw))
        kept = [land(folder, number, one) for number, one in enumerate(said, start=1)]
        assert list(read_folder(folder).landings.values()) == kept
        assert [read_landing(Path(raw), one.address) for one in kept] == kept
        assert [(one.request, one.status, one.body) for one in kept] == [(o.request, o.status, o.body) for o in said]


def test_a_landing_is_two_files_named_by_number_and_type(tmp_path: Path) -> None:
    folder = search(tmp_path)
    types = ["application/atom+xml", "application/json; charset=utf-8", "text/html", "image/png", ""]
    for number, kind in enumerate(types, start=1):
        land(folder, number, landing(body=b"x", headers=(("content-type", kind),)))
    land(folder, 6, landing(304))
    assert folder.address == "arxiv_api/2024-06-03T030000Z-search"
    assert sorted(path.name for path in folder.path.glob("*.body.*")) == [
        "001.body.xml.gz",
        "002.body.json.gz",
        "003.body.txt.gz",
        "004.body.bin.gz",
        "005.body.bin.gz",
    ]
    assert len(list(folder.path.glob("*.head.json"))) == 6


def test_the_same_landing_makes_the_same_bytes(tmp_path: Path) -> None:
    for raw in (tmp_path / "a", tmp_path / "b"):
        land(search(raw), 1, landing(body=b"<feed/>" * 99, headers=FEED))
    one, other = (search(tmp_path / raw).path for raw in "ab")
    for name in ("wanted.json", "001.head.json", "001.body.xml.gz"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_sessions_and_keys_do_not_land(tmp_path: Path) -> None:
    said = (("Set-Cookie", "s=planted"), ("AUTHORIZATION", "planted"), ("ETag", "1"))
    request = Request("github", "GET", "/x", headers=(("Authorization", "planted"),))
    folder = search(tmp_path)
    assert land(folder, 1, landing(headers=said, request=request)).headers == (("etag", "1"),)
    assert all(b"planted" not in path.read_bytes() for path in folder.path.iterdir())


def test_more_than_999_landings_keep_their_order(tmp_path: Path) -> None:
    folder = search(tmp_path)
    for number, status in ((1000, 203), (999, 202), (1001, 204), (2, 201)):
        land(folder, number, landing(status))
    assert [one.status for one in list(read_folder(folder).landings.values())] == [201, 202, 203, 204]
    assert len(digests(folder)) == 4


def test_nothing_that_landed_is_written_over(tmp_path: Path) -> None:
    folder = search(tmp_path)
    land(folder, 1, landing())
    with pytest.raises(LandingError, match="never edited"):
        land(folder, 1, landing(500))
    finish(folder, DONE, NIGHT)
    with pytest.raises(LandingError, match="has ended"):
        finish(folder, DONE, NIGHT)


def test_a_disk_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "arxiv_api").write_text("a file where a folder belongs")
    with pytest.raises(LandingError, match="cannot be made"):
        search(tmp_path)


# Which folder a conversation gets


def test_an_unfinished_conversation_of_the_night_is_resumed(tmp_path: Path) -> None:
    assert search(tmp_path).path == search(tmp_path).path == search(tmp_path, hours=3).path


def test_an_older_unfinished_conversation_is_left_as_it_is(tmp_path: Path) -> None:
    assert search(tmp_path).path != search(tmp_path, hours=23.9).path
    assert search(tmp_path / "later", hours=1).path != search(tmp_path / "later").path


@pytest.mark.parametrize("state", ["complete", "partial"])
def test_a_finished_conversation_of_the_night_is_not_held_again(tmp_path: Path, state: str) -> None:
    folder = search(tmp_path)
    finish(folder, Outcome(state, "why", True), NIGHT)  # type: ignore[arg-type]  # a state that only a test makes
    assert search(tmp_path).path == folder.path
    assert outcome_of(folder) == Outcome(state, "why", True)  # type: ignore[arg-type]  # a state that only a test makes
    assert search(tmp_path, hours=1).path != folder.path  # another night asks again


def test_a_failed_conversation_is_held_anew_beside_the_old_one(tmp_path: Path) -> None:
    for _ in range(2):
        finish(search(tmp_path), Outcome("failed", "502", True), NIGHT)
    assert search(tmp_path).path.name == "2024-06-03T030000Z-search-3"


def test_another_wish_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    one, two, three = search(tmp_path), search(tmp_path, wanted="quantization"), search(tmp_path, what="ids")
    assert [folder.path.name[19:] for folder in (one, two, three)] == ["search", "search-2", "ids"]
    assert search(tmp_path, wanted="quantization").path == two.path
    assert [folder.what for folder in folders(tmp_path)] == ["ids", "search", "search"]
    assert list(folders(tmp_path))[1] == one


def test_a_finished_conversation_with_a_torn_landing_is_held_anew(tmp_path: Path) -> None:
    folder = search(tmp_path)
    land(folder, 1, landing(body=b"<feed/>", headers=FEED))
    finish(folder, DONE, NIGHT)
    (folder.path / "001.body.xml.gz").write_bytes(b"torn")
    assert search(tmp_path).path.name.endswith("-search-2")
    assert (folder.path / "001.body.xml.gz").exists()


def test_the_shipped_readme_is_the_one_that_is_written(tmp_path: Path) -> None:
    search(tmp_path)
    shipped = Path(__file__).resolve().parents[2] / "data" / "raw" / "README.md"
    assert (tmp_path / "README.md").read_text() == shipped.read_text() == heads.README
    assert len(heads.README.splitlines()) == 2


def test_a_folder_that_is_none_of_ours_is_told(tmp_path: Path) -> None:
    (tmp_path / "arxiv_api" / "2024-notes").mkdir(parents=True)
    with pytest.raises(LandingError, match="move it out"):
        list(folders(tmp_path))


@pytest.mark.parametrize("address", ["../x/001", "arxiv_api/../../001", "arxiv_api/2024-06-03T030000Z-search/001"])
def test_an_address_that_leads_nowhere_is_told(tmp_path: Path, address: str) -> None:
    with pytest.raises(LandingError):
        read_landing(tmp_path, address)


# Torn landings

TEARS = {
    "no body": lambda path: (path / "002.body.xml.gz").unlink(),
    "no head": lambda path: (path / "002.head.json").unlink(),
    "half a body": lambda path: (path / "002.body.xml.gz").write_bytes((path / "002.body.xml.gz").read_bytes()[:-5]),
    "no gzip": lambda path: (path / "002.body.xml.gz").write_bytes(b"<feed/>"),
    "another body": lambda path: (path / "001.body.xml.gz").replace(path / "002.body.xml.gz"),
    "half a head": lambda path: (path / "002.head.json").write_text('{"request":'),
    "a head of nothing": lambda path: (path / "002.head.json").write_bytes(b"\0" * 30),
    "a list as head": lambda path: (path / "002.head.json").write_text("[]"),
}


@pytest.mark.parametrize("tear", TEARS)
def test_a_torn_landing_is_kept_aside_told_and_asked_again(tmp_path: Path, tear: str) -> None:
    folder = search(tmp_path)
    for number in (1, 2, 3):
        land(folder, number, landing(body=b"<feed>%d</feed>" % number, headers=FEED))
    TEARS[tear](folder.path)
    assert 2 in read_folder(folder).torn
    resumed = search(tmp_path)
    assert any(f"{folder.address}/002: " in words for words in resumed.mended)
    assert list(folder.path.glob("002.*.torn"))
    assert read_folder(resumed).torn == {}
    land(resumed, 2, landing(body=b"<feed>2</feed>", headers=FEED))
    assert list(read_folder(resumed).landings.values())[-2].body == b"<feed>2</feed>"


def test_tears_of_the_same_landing_are_all_kept(tmp_path: Path) -> None:
    for _ in range(3):
        folder = search(tmp_path)
        land(folder, 1, landing(body=b"<feed/>", headers=FEED))
        (folder.path / "001.head.json").write_text("torn")
    search(tmp_path)
    assert len(list(folder.path.glob("001.head.json*.torn"))) == 3


LANDING_FOR_EVER = """
import sys
from dataclasses import replace
from pathlib import Path
from builders import NIGHT, landing
from harvester.raw.landings import land, open_folder
folder = open_folder(Path(sys.argv[1]), "arxiv_api", NIGHT, "search", {"phrases": ["kv cache"]})
print("begun", flush=True)
for number in range(1, 100_000):
    land(folder, number, landing(body=b"%d" % number * 20_000))
"""


@pytest.mark.parametrize("milliseconds", [5, 23, 61])
def test_a_kill_between_body_and_head_is_mended(tmp_path: Path, milliseconds: int) -> None:
    paths = os.pathsep.join([str(Path(__file__).resolve().parents[1]), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", LANDING_FOR_EVER, str(tmp_path)]
    environ = {**os.environ, "PYTHONPATH": paths}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as landing_process:
        assert landing_process.stdout is not None
        assert landing_process.stdout.readline() == "begun\n"
        with pytest.raises(subprocess.TimeoutExpired):
            landing_process.wait(milliseconds / 1000)
        os.kill(landing_process.pid, signal.SIGKILL)
    folder = search(tmp_path)
    contents = read_folder(folder)
    assert contents.torn == {}
    assert len(folder.mended) <= 1
    assert list(contents.landings) == list(range(1, len(contents.landings) + 1))  # and no hole
    assert not list(folder.path.glob(".*"))


def test_an_end_that_cannot_be_read_is_told_with_the_remedy(tmp_path: Path) -> None:
    folder = search(tmp_path)
    (folder.path / "done.json").write_text("<<<<<<< HEAD")
    with pytest.raises(LandingError, match="remove it"):
        outcome_of(folder)


def test_the_end_lists_what_belongs_to_it(tmp_path: Path) -> None:
    folder = search(tmp_path)
    land(folder, 1, landing(body=b"<feed/>", headers=FEED))
    finish(folder, DONE, NIGHT)
    done = json.loads((folder.path / "done.json").read_text())
    assert (done["ended_at"], done["landings"], tuple(done["digests"])) == ("2024-06-03T03:00:00Z", 1, digests(folder))
