"""The log of decisions on disk: one file per sitting in `editorial/decisions/`, never edited once written.  [door: disk]"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from harvester.editorial.decisions import Mistake, read_lines
from harvester.errors import DecisionError
from harvester.records import Decision

FOLDER = "decisions"  # below `editorial/`


@dataclass(frozen=True, slots=True)
class Log:
    """All sittings: their decisions by file and line, what could not be used, and the SHA-256 of each file by name.

    `torn` lines were left out and hold nothing back; a line among `mistakes` holds back its list.
    """

    decisions: tuple[Decision, ...]
    torn: tuple[Mistake, ...]
    mistakes: tuple[Mistake, ...]
    digests: Mapping[str, str]

    @property
    def of_no_list(self) -> tuple[Mistake, ...]:
        """Returns the mistakes that do not tell their list, and so hold back all."""
        return tuple(mistake for mistake in self.mistakes if mistake.list is None)

    def held_back(self, slug: str) -> tuple[Mistake, ...]:
        """Returns the mistakes that hold back one list; a line that does not tell its list holds back all."""
        return tuple(mistake for mistake in self.mistakes if mistake.list in (None, slug))


def read_log(editorial: Path) -> Log:
    """Reads every sitting below `editorial/decisions/`, in order of file name; no folder is no sitting."""
    paths = sorted((editorial / FOLDER).glob("*.jsonl"), key=lambda path: path.name)
    return _read(paths, editorial.as_posix())


def read_frozen_log(editorial: Path, digests: Mapping[str, str]) -> Log:
    """Reads exactly the sittings that a manifest names; raises DecisionError for each that is missing or was edited."""
    log = _read(
        [path for name in sorted(digests) if (path := editorial / FOLDER / name).exists()], editorial.as_posix()
    )
    found = log.digests
    mistakes = [
        f"{editorial.as_posix()}/{FOLDER}/{name} "
        + ("was edited since the snapshot" if name in found else "is missing")
        + "; a sitting is never changed: restore it from git"
        for name, digest in sorted(digests.items())
        if found.get(name) != digest
    ]
    if mistakes:
        raise DecisionError(mistakes)
    return log


def _read(paths: Iterable[Path], folder: str) -> Log:
    decisions: list[Decision] = []
    torn: list[Mistake] = []
    mistakes: list[Mistake] = []
    digests: dict[str, str] = {}
    for path in paths:
        file = f"{folder}/{FOLDER}/{path.name}"
        try:
            body = path.read_bytes()
        except OSError as error:
            raise DecisionError([f"{file} cannot be read: {error.strerror}"]) from error
        digests[path.name] = hashlib.sha256(body).hexdigest()
        text = _text(body, file, mistakes)
        found, last, wrong = read_lines(text, file)
        decisions += found
        mistakes += wrong
        torn += [last] if last else []
    return Log(tuple(decisions), tuple(torn), tuple(mistakes), digests)


def _text(body: bytes, file: str, mistakes: list[Mistake]) -> str:
    """Decodes a sitting; lines that are not UTF-8 become mistakes and are left empty, so that line numbers stay true."""
    try:
        return body.decode("utf-8-sig")  # some editors put a byte order mark in front
    except UnicodeDecodeError:
        pass  # found out below, line by line
    lines = []
    for number, line in enumerate(body.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError as error:
            mistakes.append(Mistake(file, number, None, f"not UTF-8 at byte {error.start + 1}; save the file as UTF-8"))
            lines.append("")
    return "\n".join(lines)


def write_sitting(editorial: Path, at: datetime, by: str, lines: Sequence[str], suffix: str) -> Path:
    """Writes a new sitting whole (beside, synced, then put in place) and returns its path; never over another file.

    `at` is UTC and becomes the name together with `by` and the short random `suffix`.
    """
    if not lines or any("\n" in line for line in lines):
        raise DecisionError(["a sitting needs at least one line, each without line feed"])
    folder = editorial / FOLDER
    path = folder / sitting_name(at, by, suffix)
    beside = folder / f".{path.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_synced(beside, "".join(f"{line}\n" for line in lines).encode("utf-8"))
        _put_in_place(beside, path)
    except OSError as error:
        if path.exists() and isinstance(error, FileExistsError):
            raise DecisionError([f"{path} exists already; decide again"]) from None
        raise DecisionError([f"{path} cannot be written: {error.strerror}; nothing was decided"]) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return path


def sitting_name(at: datetime, by: str, suffix: str) -> str:
    """Writes the file name of a sitting: its start to the second, who, and the suffix."""
    plain = unicodedata.normalize("NFKD", by).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-") or "somebody"
    if not re.fullmatch(r"[a-z0-9]{1,12}", suffix):
        raise ValueError(f"a suffix is a few small letters and digits, not {suffix!r}")
    return f"{at:%Y-%m-%dT%H%M%SZ}-{slug}-{suffix}.jsonl"


def _write_synced(path: Path, body: bytes) -> None:
    with path.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(beside: Path, path: Path) -> None:
    try:
        os.link(beside, path)  # unlike a rename, this fails when the name is taken
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(path) from None
        beside.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
