"""The door to `lists/`: rendered files are put in place by rename, only where they differ; nothing else is touched.

The shelf remembers what it wrote, by digest. A file that says something else has been edited by a person: it stays as it
is until somebody has taken the edit over, or has moved the file away.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from harvester.errors import ListError

INDEX = ".harvester.json"  # which files of the folder are ours, and what they said
_ORIGIN = re.compile(rb"made from snapshot (\d{4}-\d\d-\d\dT\d{6}Z)")
# Counts are no part of a digest: they are the machine's, whatever a person writes there, and a night in which one of them
# changed shall not change the listing, too.
_COUNTS = re.compile(
    rb"(?<=\[\*\*)\d+(?=\*\*\]\(https://(?:www\.semanticscholar|openalex)\.org/)"
    rb"|(?<=!\[Star )[\d.]+[kM]?(?=\]\(https://img\.shields\.io/)|(?<=//img\.shields\.io/badge/Star-)[\d.]+[kM]?(?=-)"
)


@dataclass(frozen=True, slots=True)
class _Listing:
    """What the shelf remembers: digests of what it wrote, by path, and of pages whose edits were taken over."""

    files: Mapping[str, set[str]]  # a file whose digests are not known is of an older version
    taken: set[str]

    def is_edited(self, path: str, content: bytes) -> bool:
        """Tells whether a file says what the shelf never wrote and nobody has taken over."""
        said = _digest(content)
        if path not in self.files:
            return said not in self.taken  # a person put it there
        return bool(self.files[path]) and said not in self.files[path] | self.taken


@dataclass(frozen=True, slots=True)
class Changed:
    """What putting a list in place changed, by path below its folder; `edited` are files of a person, left alone."""

    added: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed)

    @property
    def changed(self) -> tuple[str, ...]:
        """Every file that changed."""
        return (*self.added, *self.rewritten, *self.removed)


def put(folder: Path, texts: Mapping[str, str]) -> Changed:
    """Makes the folder hold these texts (UTF-8) and removes files of earlier renditions that are none of them.

    Files that the shelf did not write stay, and so do those that somebody has edited since. Each file is replaced by
    rename, so a reader sees the old or the new one.
    """
    _check(texts)
    folder.mkdir(parents=True, exist_ok=True)
    listing = _listing(folder)
    contents = {path: text.encode("utf-8") for path, text in sorted(texts.items())}
    there = {path: _content(folder / path) for path in sorted({*listing.files, *contents})}
    edited = tuple(
        path
        for path, said in there.items()
        if said is not None and said != contents.get(path) and listing.is_edited(path, said)
    )
    ours = {path: {_digest(content)} for path, content in contents.items() if path not in edited}
    stay = {path: listing.files[path] for path in edited if path in listing.files}
    both = {path: listing.files.get(path, set()) | ours.get(path, set()) for path in {*listing.files, *ours}}
    _remember(folder, _Listing(both, listing.taken))
    writing = [path for path in ours if there[path] != contents[path]]
    for path in writing:
        _replace(folder / path, contents[path])
    removed = tuple(
        path for path in sorted(listing.files) if path not in {*contents, *edited} and _remove(folder, path)
    )
    _remember(folder, _Listing({**ours, **stay}, set()))
    added = tuple(path for path in writing if there[path] is None)
    return Changed(added, tuple(path for path in writing if path not in added), removed, edited)


def origins(folder: Path) -> set[str]:
    """Returns the names of the snapshots that the shelf's own files say they are made from."""
    texts = (_content(folder / path) for path in _listing(folder).files)
    return {name.decode() for text in texts if text for name in _ORIGIN.findall(text)}


def take(folder: Path, texts: Iterable[str]) -> None:
    """Remembers that somebody has taken over what these pages say, so that they may be written anew."""
    if folder.is_dir():
        listing = _listing(folder)
        _remember(folder, _Listing(listing.files, listing.taken | {_digest(text.encode("utf-8")) for text in texts}))


def untouched(folder: Path, texts: Mapping[str, str]) -> set[str]:
    """Returns which of these pages (texts by file name) say what the shelf wrote last."""
    wrote = {(PurePosixPath(path).name, said) for path, digests in _listing(folder).files.items() for said in digests}
    return {name for name, text in texts.items() if (name, _digest(text.encode("utf-8"))) in wrote}


def _digest(content: bytes) -> str:
    """The digest of a text, whatever its counts and line ends: an editor or git may have changed those."""
    return hashlib.sha256(_COUNTS.sub(b"", content.replace(b"\r\n", b"\n"))).hexdigest()


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _remember(folder: Path, listing: _Listing) -> None:
    """Writes the listing, where it differs: before the files and after them, for a run may be killed between."""
    if listing == _listing(folder) and (folder / INDEX).is_file():
        return
    said: dict[str, object] = {"files": {path: sorted(digests) for path, digests in sorted(listing.files.items())}}
    said |= {"taken": sorted(listing.taken)} if listing.taken else {}
    _replace(folder / INDEX, (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))


def _check(texts: Mapping[str, str]) -> None:
    wrong = [path for path in texts if not _is_below(path)]
    if wrong:
        raise ListError(
            [f"page {path!r} would lie outside the list's folder; change `page` in its TOML" for path in wrong]
        )


def _is_below(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path and path != INDEX


def _listing(folder: Path) -> _Listing:
    """Reads the listing; one that cannot be read names nothing, so that nothing is removed or written over by it."""
    try:
        said = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        files, taken = said["files"], said.get("taken", [])
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return _Listing({}, set())
    if isinstance(files, list):  # of an older version: names alone
        files = {path: [] for path in files if isinstance(path, str)}
    if not isinstance(files, dict) or not isinstance(taken, list):
        return _Listing({}, set())
    known = {path: {*map(str, digests)} for path, digests in files.items() if isinstance(digests, list)}
    return _Listing({path: digests for path, digests in known.items() if _is_below(path)}, {*map(str, taken)})


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
