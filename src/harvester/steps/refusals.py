"""What the system refused a file or folder for, and the command that mends it. [door: disk]"""

from __future__ import annotations

import errno
import os
import shlex
import stat
from pathlib import Path

_ELSE = "or name another folder (HARVESTER_DATA, _EDITORIAL, _LISTS, _STATE)"


def remedy(path: Path, number: int | None) -> str:
    """Says what to do about an error of the system (`errno`) at a path: whose it is, and the command."""
    there = _nearest(path)
    if number in (errno.EACCES, errno.EPERM):
        return f"{_whose(there)}: {_own(path, there)}, {_ELSE}"
    if number in (errno.ENOSPC, errno.EDQUOT):
        return f"make room (`df -h {_quoted(there)}` shows how much there is), {_ELSE}"
    if number == errno.EROFS:
        return f"the file system of {there} is mounted for reading only: have it mounted for writing, {_ELSE}"
    if number in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
        return f"{_in_the_way(path)}, {_ELSE}"
    return f"look after {there}, {_ELSE}"


def _nearest(path: Path) -> Path:
    """Returns the path itself, or what there is above it."""
    return next((above for above in (path.absolute(), *path.absolute().parents) if os.path.lexists(above)), Path("/"))


def _in_the_way(path: Path) -> str:
    files = [above for above in (path.absolute(), *path.absolute().parents) if above.is_file()]
    return f"{files[-1]} is a file where a folder belongs: move it away" if files else f"look after {_nearest(path)}"


def _whose(path: Path) -> str:
    """Says who owns what, and who asks: "/srv belongs to root (drwxr-xr-x), and this runs as ann"."""
    found = path.stat()
    rights = stat.filemode(found.st_mode)
    return f"{path} belongs to {_name(found.st_uid)} ({rights}), and this runs as {_name(os.geteuid())}"


def _own(path: Path, there: Path) -> str:
    """Returns the command that makes the folder, or what stands there, the user's own, or lets its owner write."""
    user = shlex.quote(_name(os.geteuid()))
    found = there.stat()
    if found.st_uid == os.geteuid() and not found.st_mode & stat.S_IWUSR:
        return f"`chmod -R u+rwX {_quoted(there)}`"
    if there == path.absolute() or path.suffix == ".new":  # a file on its way to its name, of which no folder is made
        return f"`sudo chown -R {user} {_quoted(there)}`"
    return f"`sudo install -d -o {user} {_quoted(path.absolute())}`"


def _name(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # a container without names
        return str(uid)


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))
