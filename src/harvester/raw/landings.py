"""The folders of `data/raw`: one per conversation, written once, never edited. [door: disk]

    data/raw/arxiv_api/2026-11-20T030004Z-search/
        wanted.json            what the conversation is about
        001.body.xml.gz        the answer as it came (inflated, then packed without a time), written first
        001.head.json          everything else: a landing exists when its head does
        done.json              how it ended

Files are written aside, synced and renamed into place. What a crash or a hand left torn is renamed `*.torn`, told, and
asked again. `LandingError` says what on disk stands in the way.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harvester.errors import LandingError
from harvester.raw.heads import README, Json, body_file, dump, open_headers, read_head, write_head, write_time
from harvester.records import Landing, Outcome

# Answers of different days are not mixed; less than a day, so that tonight never takes up what last night left.
RESUMED_WITHIN = timedelta(hours=20)

_STAMP = "%Y-%m-%dT%H%M%SZ"
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_HEAD = re.compile(r"(\d{3,})\.head\.json")
_BODY = re.compile(r"(\d{3,})\.body\.\w+\.gz")
_ADDRESS = re.compile(r"([a-z0-9_]+/[0-9TZ-]+-[a-z0-9_-]+)/(\d{3,})")


@dataclass(frozen=True, slots=True)
class Folder:
    """A conversation on disk. `mended` tells what was found torn when it was opened, and kept aside."""

    path: Path
    address: str  # below `data/raw`: "arxiv_api/2026-11-20T030004Z-search"
    source: str
    night: datetime  # UTC
    what: str
    wanted: Json
    mended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """The landings of a folder by number, in order, and what could not be used, in words."""

    landings: dict[int, Landing]
    torn: dict[int, str]


def open_folder(raw: Path, source: str, as_of: datetime, what: str, wanted: Json) -> Folder:
    """Returns the folder for this conversation: finished, to be resumed, or new.

    Finished (complete or partial) is only one of the same night, with the same `wanted` and nothing torn. Resumed is
    one that never ended and is younger than RESUMED_WITHIN. What failed is asked anew, in a folder of its own.
    """
    if not _SLUG.fullmatch(what):
        raise ValueError(f"{what!r} is no name for a folder")
    night = as_of.astimezone(UTC).replace(microsecond=0)
    same = [folder for folder in _recent(raw, source, night) if folder.what == what and _same(folder.wanted, wanted)]
    for folder in same:
        if folder.night == night and _ended_well(folder):
            return folder
    for folder in same:
        if outcome_of(folder) is None:
            return replace(folder, mended=mend(folder))
    return _new(raw, source, night, what, wanted)


def folders(raw: Path) -> Iterator[Folder]:
    """Yields every folder of every source, by source and time."""
    for place in sorted(raw.glob("*/")):
        for name in _names(place):
            yield folder_named(raw, place.name, name)


def each_landing(folder: Folder) -> Iterator[tuple[int, Landing | str]]:
    """Yields every landing in order, or what is wrong with it, then bodies without a head; holds one body at a time."""
    heads = _heads(folder)
    for number, name in heads.items():
        yield number, _read(folder.path / name, f"{folder.address}/{number:03}")
    bodies = (int(match[1]) for name in _names(folder.path) if (match := _BODY.fullmatch(name)))
    yield from ((n, f"{folder.address}/{n:03}: a body without a head") for n in sorted(set(bodies) - heads.keys()))


def read_folder(folder: Folder) -> Contents:
    """Reads every landing and checks its body against the digest in its head."""
    told = dict(each_landing(folder))
    landings = {number: landing for number, landing in told.items() if isinstance(landing, Landing)}
    return Contents(landings, {number: why for number, why in told.items() if isinstance(why, str)})


def torn_in(folder: Folder) -> dict[int, str]:
    """Returns what could not be used, by number, in words."""
    return {number: told for number, told in each_landing(folder) if isinstance(told, str)}


def numbers_in(folder: Folder) -> list[int]:
    """Returns the numbers of the landings, torn ones too, in order; reads none of them."""
    return list(_heads(folder))


def _heads(folder: Folder) -> dict[int, str]:
    """Returns the names of the heads by number, in order."""
    found = {int(match[1]): name for name in _names(folder.path) if (match := _HEAD.fullmatch(name))}
    return dict(sorted(found.items()))


def read_landing(raw: Path, address: str) -> Landing:
    """Reads one landing by its address; raises LandingError where it is missing or torn."""
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise LandingError(f"{address!r} is not the address of a landing, such as arxiv_api/2026-11-20T030004Z-ids/001")
    landing = _read(raw / f"{address}.head.json", address)
    if isinstance(landing, str):
        raise LandingError(landing)
    return landing


def land(folder: Folder, number: int, landing: Landing) -> Landing:
    """Puts a landing on disk, the body first; returns it as it reads from there, with its address."""
    head = folder.path / f"{number:03}.head.json"
    if head.exists():
        raise LandingError(f"{head} lies there already, and landings are never edited")
    kept = replace(landing, headers=open_headers(landing.headers), address=f"{folder.address}/{number:03}")
    name = body_file(number, kept)
    if name:
        _put(folder.path / name, gzip.compress(kept.body, compresslevel=6, mtime=0))
    _put(head, write_head(number, kept).encode("utf-8"))
    return kept


def set_aside(folder: Folder, number: int) -> None:
    """Renames the files of one landing to `*.torn`: kept to be looked at, no longer read."""
    for path in sorted(folder.path.glob(f"{number:03}.*"), reverse=True):  # the head first: without it nothing landed
        if _HEAD.fullmatch(path.name) or _BODY.fullmatch(path.name):
            try:
                path.replace(_free(path))
            except OSError as error:
                raise LandingError(f"{path} is torn and cannot be renamed: {error.strerror}") from error


def mend(folder: Folder) -> tuple[str, ...]:
    """Sets every torn landing aside, so that it is asked again; returns what they were, in words."""
    torn = torn_in(folder)
    for number in torn:
        set_aside(folder, number)
    for unfinished in folder.path.glob(".*.new"):
        unfinished.unlink()
    return tuple(torn.values())


def finish(folder: Folder, outcome: Outcome, at: datetime) -> None:
    """Writes how the conversation ended, and what belongs to it."""
    path = folder.path / "done.json"
    if path.exists():
        raise LandingError(f"{path} lies there already: this conversation has ended")
    told = digests(folder)
    done: Json = {
        "state": outcome.state,
        "why": outcome.why,
        "degraded": outcome.degraded,
        "ended_at": write_time(at),
        "landings": len(told),
        "digests": told,
    }
    _put(path, dump(done))


def outcome_of(folder: Folder) -> Outcome | None:
    """Returns how the conversation ended, or None while it has not."""
    path = folder.path / "done.json"
    if not path.exists():
        return None
    try:
        done = json.loads(path.read_bytes())
        return Outcome(done["state"], done["why"], done["degraded"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LandingError(
            f"{path} cannot be read ({error}); remove it, and the next run ends the conversation"
        ) from None


def digests(folder: Folder) -> tuple[str, ...]:
    """Returns the SHA-256 of every head, in order; a head holds its body's, so this stands for both."""
    return tuple(hashlib.sha256((folder.path / name).read_bytes()).hexdigest() for name in _heads(folder).values())


def _recent(raw: Path, source: str, night: datetime) -> Iterator[Folder]:
    """Yields the folders of one source that this night may go on with, the newest first."""
    oldest, newest = ((night - age).strftime(_STAMP) for age in (RESUMED_WITHIN, timedelta(0)))
    for name in reversed(_names(raw / source)):
        if oldest < name[: len(newest)] <= newest:
            yield folder_named(raw, source, name)


def folder_named(raw: Path, source: str, name: str) -> Folder:
    """Returns one folder of a source; LandingError where it is none."""
    path = raw / source / name
    try:
        night = datetime.strptime(name[:18], _STAMP).replace(tzinfo=UTC)
        told = json.loads((path / "wanted.json").read_bytes())
        return Folder(path, f"{source}/{name}", source, night, told["what"], told["wanted"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LandingError(f"{path} is not a folder of landings ({error}); move it out of data/raw") from None


def _same(one: Json, other: Json) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _ended_well(folder: Folder) -> bool:
    outcome = outcome_of(folder)
    if outcome is None or outcome.state == "failed":
        return False
    done = json.loads((folder.path / "done.json").read_bytes())
    return not torn_in(folder) and tuple(done["digests"]) == digests(folder)


def _new(raw: Path, source: str, night: datetime, what: str, wanted: Json) -> Folder:
    """Makes a folder that is never seen without its `wanted.json`."""
    name = f"{night.strftime(_STAMP)}-{what}"
    taken = _names(raw / source)
    number = next(n for n in range(1, len(taken) + 2) if (name if n == 1 else f"{name}-{n}") not in taken)
    path = raw / source / (name if number == 1 else f"{name}-{number}")
    aside = path.with_name(f".{path.name}.new")
    told: Json = {"source": source, "night": write_time(night), "what": what, "wanted": wanted}
    try:
        aside.mkdir(parents=True, exist_ok=True)
        if not (raw / "README.md").exists():
            _put(raw / "README.md", README.encode("utf-8"))
        _put(aside / "wanted.json", dump(told))
        aside.rename(path)
        _sync(path.parent)
    except OSError as error:
        raise LandingError(f"{path} cannot be made: {error.strerror}") from error
    return folder_named(raw, source, path.name)


def _read(head: Path, address: str) -> Landing | str:
    """Reads one landing, or says in words why it is none."""
    try:
        told = read_head(head.read_bytes(), address)
        body = gzip.decompress((head.parent / told.body_file).read_bytes()) if told.body_file else b""
    except FileNotFoundError as error:
        return f"{address}: {Path(error.filename).name} is missing"
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"{address}: the head is torn"
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return f"{address}: the body is torn"
    except OSError as error:
        raise LandingError(f"{error.filename} cannot be read: {error.strerror}") from error
    if not told.fits(body):
        return f"{address}: the body is not the one that landed"
    return replace(told.landing, body=body)


def _names(folder: Path) -> list[str]:
    """Returns what lies in a folder, in order, without what is still written aside; nothing if there is none."""
    return sorted(path.name for path in folder.glob("*") if not path.name.startswith("."))


def _free(path: Path) -> Path:
    names = (path.with_name(f"{path.name}{suffix}.torn") for suffix in ("", *(f".{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists())


def _put(path: Path, content: bytes) -> None:
    """Writes aside, syncs, renames into place and syncs the folder."""
    aside = path.with_name(f".{path.name}.new")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        _sync(path.parent)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise LandingError(f"{path} cannot be written: {error.strerror}") from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
