"""What is told of a folder that cannot be made or written: whose it is, who asks, and the command."""

from __future__ import annotations

import errno
import getpass
from pathlib import Path

from harvester.steps.refusals import remedy


def test_a_folder_of_somebody_else_is_told_with_owner_rights_and_command(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    told = remedy(tmp_path, errno.EACCES)
    assert f"{tmp_path} belongs to {tmp_path.owner()} (drwxr-x---), and this runs as " in told
    assert "`sudo chown -R " in told and "make room" not in told


def test_a_folder_that_cannot_be_made_is_made_by_the_command_for_this_user(tmp_path: Path) -> None:
    told = remedy(tmp_path / "a b" / "data", errno.EACCES)
    assert f"{tmp_path} belongs to " in told
    assert f"install -d -o {getpass.getuser()} '{tmp_path}/a b/data'`" in told


def test_a_folder_of_ones_own_without_the_right_to_write_gets_that_right(tmp_path: Path) -> None:
    shut = tmp_path / "lists"
    shut.mkdir(mode=0o555)
    assert f"`chmod -R u+rwX {shut}`" in remedy(shut / "..harvester.json.8002.new", errno.EACCES)


def test_a_file_that_cannot_be_written_is_never_made_as_a_folder(tmp_path: Path) -> None:
    told = remedy(tmp_path / "..harvester.json.8002.new", errno.EACCES)
    assert f"`sudo chown -R {getpass.getuser()} {tmp_path}`" in told and "install" not in told


def test_a_full_disk_a_file_in_the_way_and_a_disk_for_reading_only_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", encoding="utf-8")
    assert remedy(tmp_path, errno.ENOSPC).startswith(f"make room (`df -h {tmp_path}`")
    assert remedy(tmp_path / "data" / "raw", errno.ENOTDIR).startswith(f"{tmp_path / 'data'} is a file where a folder")
    assert "reading only" in remedy(tmp_path, errno.EROFS)
    assert "belongs" not in remedy(tmp_path, errno.EIO)
