"""The door to `lists/`: rendered files are put in place by rename, only where they differ; nothing else is touched."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from harvester.errors import ListError

INDEX = ".harvester.json"  # which files of the folder are ours


@dataclass(frozen=True, slots=True)
class Changed:
    """What putting a list in place changed, by path below its folder."""

    added: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.rewritten or self.removed)

    @property
    def changed(self) -> tuple[str, ...]:
        """Every file that changed."""
        return (*self.added, *self.rewritten, *self.removed)


def put(folder: Path, texts: Mapping[str, str]) -> Changed:
    """Makes the folder hold these texts (UTF-8) and removes files of earlier renditions that are none of them.

    Files that the shelf did not write stay. Each file is replaced by rename, so a reader sees the old or the new one.
    """
    _check(texts)
    folder.mkdir(parents=True, exist_ok=True)
    before = _ours(folder)
    added: list[str] = []
    rewritten: list[str] = []
    for path, text in sorted(texts.items()):
        target = folder / path
        content = text.encode("utf-8")
        known = target.read_bytes() if target.is_file() else None
        if known == content:
            continue
        _replace(target, content)
        (added if known is None else rewritten).append(path)
    removed = [path for path in sorted(before - set(texts)) if _remove(folder, path)]
    if before != set(texts):
        listing = json.dumps({"files": sorted(texts)}, ensure_ascii=False, indent=1) + "\n"
        _replace(folder / INDEX, listing.encode("utf-8"))
    return Changed(tuple(added), tuple(rewritten), tuple(removed))


def _check(texts: Mapping[str, str]) -> None:
    wrong = [path for path in texts if not _is_below(path)]
    if wrong:
        raise ListError(
            [f"page {path!r} would lie outside the list's folder; change `page` in its TOML" for path in wrong]
        )


def _is_below(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path and path != INDEX


def _ours(folder: Path) -> set[str]:
    """The files of the last rendition; a listing that cannot be read names none, so that nothing is removed by it."""
    try:
        listed = json.loads((folder / INDEX).read_text(encoding="utf-8"))["files"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return set()
    return {path for path in listed if isinstance(path, str) and _is_below(path)} if isinstance(listed, list) else set()


def _replace(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}.new")  # two commands may render at once
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(target)


def _remove(folder: Path, path: str) -> bool:
    target = folder / path
    if not target.is_file():
        return False
    target.unlink()
    for parent in _between(folder, target):
        with suppress(OSError):  # not empty: somebody else's files
            parent.rmdir()
    return True


def _between(folder: Path, target: Path) -> Iterator[Path]:
    parent = target.parent
    while parent != folder:
        yield parent
        parent = parent.parent
