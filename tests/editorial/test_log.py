from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harvester.editorial.decisions import write_line
from harvester.editorial.log import read_frozen_log, read_log, write_sitting
from harvester.errors import DecisionError
from harvester.ids import Subject
from harvester.records import Decision

AT = datetime(2026, 11, 20, 21, 4, 10, tzinfo=UTC)


def line(number: int, slug: str = "efficient-llm") -> str:
    subject = Subject(f"arxiv:2405.{number:05d}")
    return write_line(Decision("", AT, "ann", slug, subject, "reject", reason="off topic"))


def test_no_folder_is_no_sitting(tmp_path: Path) -> None:
    assert read_log(tmp_path / "editorial").decisions == ()


def test_a_sitting_is_named_by_time_and_person_and_read_back_by_line(tmp_path: Path) -> None:
    path = write_sitting(tmp_path, AT, "Änn O'Hara", [line(1), line(2)], "k3f9")
    assert path == tmp_path / "decisions" / "2026-11-20T210410Z-ann-o-hara-k3f9.jsonl"
    log = read_log(tmp_path)
    assert [decision.id for decision in log.decisions] == [f"{path.stem}:1", f"{path.stem}:2"]
    assert log.digests == {path.name: hashlib.sha256(path.read_bytes()).hexdigest()}
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_sitting_is_never_written_over_another(tmp_path: Path) -> None:
    path = write_sitting(tmp_path, AT, "ann", [line(1)], "k3f9")
    before = path.read_bytes()
    with pytest.raises(DecisionError, match="exists already"):
        write_sitting(tmp_path, AT, "ann", [line(2)], "k3f9")
    assert path.read_bytes() == before and len(list(path.parent.iterdir())) == 1


def test_what_a_killed_writer_left_beside_is_not_read(tmp_path: Path) -> None:
    path = write_sitting(tmp_path, AT, "ann", [line(1)], "k3f9")
    (path.parent / f".{path.name}.part").write_text('{"at"')
    assert len(read_log(tmp_path).decisions) == 1


def test_a_wrong_line_holds_back_its_list_and_a_nameless_one_holds_back_all(tmp_path: Path) -> None:
    folder = tmp_path / "editorial" / "decisions"
    folder.mkdir(parents=True)
    (folder / "a.jsonl").write_text(line(1).replace("reject", "rejct") + "\n")
    log = read_log(tmp_path / "editorial")
    assert len(log.held_back("efficient-llm")) == 1 and log.held_back("other") == ()
    assert "editorial/decisions/a.jsonl, line 1: " in str(log.mistakes[0])
    (folder / "b.jsonl").write_text("oops\n")
    assert len(read_log(tmp_path / "editorial").held_back("other")) == 1


def test_bytes_that_are_not_text_spoil_their_line_only(tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    body = f"{line(1)}\n".encode() + b"\xff\xfe\n" + f"{line(3)}\n".encode()
    (tmp_path / "decisions" / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + body)
    log = read_log(tmp_path)
    assert [decision.id for decision in log.decisions] == ["a:1", "a:3"]
    assert "line 2: not UTF-8 at byte 1" in str(log.mistakes[0])


def test_a_frozen_log_is_read_as_it_was_and_refuses_an_edited_or_lost_sitting(tmp_path: Path) -> None:
    first = write_sitting(tmp_path, AT, "ann", [line(1)], "aaaa")
    second = write_sitting(tmp_path, AT, "bob", [line(2)], "bbbb")
    frozen = read_log(tmp_path).digests
    write_sitting(tmp_path, AT, "cat", [line(3)], "cccc")
    assert len(read_frozen_log(tmp_path, frozen).decisions) == 2
    first.write_text(line(9) + "\n")
    second.unlink()
    with pytest.raises(DecisionError) as caught:
        read_frozen_log(tmp_path, frozen)
    assert [mistake.split(" ", 1)[1][:10] for mistake in caught.value.mistakes] == ["was edited", "is missing"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "decisions").write_text("a file where the folder belongs")
    with pytest.raises(DecisionError, match="nothing was decided"):
        write_sitting(tmp_path, AT, "ann", [line(1)], "k3f9")
