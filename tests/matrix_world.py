"""A world so small that a night takes a moment, and so parted that every upstream is asked at least three times a night."""

from __future__ import annotations

import atexit
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from night_runner import hold_night
from playing import Player, http
from week_runner import hold_backfill, hold_week

from harvester.raw.gate import Ticking
from harvester.raw.patience import Limits
from harvester.rehearsal import Rehearsal, World, rehearse
from harvester.rehearsal.facts import PaperFacts, RepositoryEvent, RepositoryFacts, Tally, Version
from harvester.report import Report, RunKind
from harvester.settings import Settings, load_settings
from harvester.steps.night import Night, begin

BEFORE = datetime(2024, 6, 3, 3, tzinfo=UTC)  # a night that all is well in
DISTURBED = BEFORE + timedelta(days=7)  # a week later: metadata of listed papers is asked again
AFTER = DISTURBED + timedelta(days=1)
LATER = DISTURBED + timedelta(days=8)
PAPERS, LISTED, LINKED = 14, 5, 8

PLANTED = {
    "GITHUB_TOKEN": "ghp_planted0123456789/x",
    "SEMANTIC_SCHOLAR_API_KEY": "s2-planted-0123456789",
    "OPENALEX_API_KEY": "oa-planted-0123456789",
}
BATCHES = {"SEMANTIC_SCHOLAR": 4, "OPENALEX": 2, "GITHUB": 3}
TOPICS = 'categories = ["cs.CL"]\n[harvest]\nsince = 40\n[topics.pruning]\ninclude = ["pruning"]\n'
LIST = 'title = "L"\nstyle = "bullets"\n[[sections]]\npath = "Pruning"\ntopics = ["pruning"]\n'
# Nothing waits for what comes at once; only what stalls is waited for.
QUICK = Limits(connect_seconds=5, read_seconds=20, total_seconds=30, wire_bytes=400_000, body_bytes=2_000_000)


# Folders in memory, where the system has them: a run waits for the disk after every answer, and there are many runs here.
_MEMORY = None if "TMPDIR" in os.environ or not os.access("/dev/shm", os.W_OK) else "/dev/shm"
_open = ExitStack()
atexit.register(_open.close)


def close() -> None:
    """Stops the servers of this process and removes its folders; what is asked for afterwards is made anew."""
    _open.close()
    for made in (theatre, foreign, furnished):
        made.cache_clear()


def _tally(start: int, a_day: int, since: datetime = BEFORE - timedelta(days=60)) -> Tally:
    return Tally(since, ((date(2024, 5, 1), start),), a_day, "synthetic")


def paper(number: int) -> PaperFacts:
    """Ten are there before the first night, four come in the week after; every second is unknown to Semantic Scholar."""
    late = number >= PAPERS - 4
    days = number - PAPERS + 5 if late else number - 14 if number > 6 else number - 30
    submitted = BEFORE + timedelta(days=days, hours=5)
    text = f"It prunes, in the {number}th way."
    text += f" Code: https://github.com/owner-{number}/tool-{number}" if number < LINKED else ""
    seen = submitted + timedelta(hours=18)
    versions = [Version(submitted, seen, text, None, False)]
    if number % 4 == 1 and not late:
        revised = BEFORE + timedelta(days=2)
        versions.append(Version(revised, revised + timedelta(hours=18), f"{text} Revised.", "12 pages", False))
    return PaperFacts(
        id=f"{submitted:%y%m}.{10_000 + number}",
        title=f"A paper on pruning, number {number}",
        authors=("Ada Author", "Bo Author"),
        categories=("cs.CL", "cs.LG"),
        topic="pruning",
        versions=tuple(versions),
        repository=None,
        doi=None,
        journal_ref=None,
        semantic_scholar=None if number % 2 else _tally(100 + 17 * number, 2),
        openalex=None if number == 3 else _tally(40 + 13 * number, 1),
        openalex_merged=False,
        synthetic=("all",),
    )


def repository(number: int) -> RepositoryFacts:
    """Some lack licence, language, release and pushes; one is renamed, one archived in the week between."""
    bare, between = number % 3 == 0, BEFORE + timedelta(days=3)
    events = {1: RepositoryEvent(between, "renamed", "new-owner/tool-1"), 2: RepositoryEvent(between, "archived", None)}
    return RepositoryFacts(
        name=f"owner-{number}/tool-{number}",
        id=1000 + number,
        node_id=f"R_{number}",
        created=BEFORE - timedelta(days=300),
        pushed=None if bare else BEFORE - timedelta(days=20),
        stars=_tally(500 + 31 * number, 3),
        forks=number,
        license=None if bare else "MIT",
        language=None if bare else "Python",
        release=None if bare else ("v1", BEFORE - timedelta(days=50)),
        description=None if bare else f"Tool number {number}",
        events=(events[number],) if number in events else (),
        synthetic=("all",),
    )


def small_world() -> World:
    return World([paper(number) for number in range(PAPERS)], [repository(number) for number in range(LINKED)])


def furnish(home: Path) -> None:
    """Writes topics, one list, and the decisions that put some papers on it."""
    (home / "editorial" / "lists").mkdir(parents=True)
    (home / "editorial" / "decisions").mkdir()
    (home / "editorial" / "topics.toml").write_text(TOPICS, encoding="utf-8")
    (home / "editorial" / "lists" / "l.toml").write_text(LIST, encoding="utf-8")
    said = [
        {
            "at": "2024-06-01T00:00:00Z",
            "by": "ann",
            "list": "l",
            "subject": f"arxiv:{paper(number).id}",
            "act": "accept",
        }
        | {"section": "Pruning", "saw": {"version": 1}}
        for number in range(LISTED)
    ]
    sitting = home / "editorial" / "decisions" / "2024-06-01T000000Z-ann-abcd.jsonl"
    sitting.write_text("".join(json.dumps(line) + "\n" for line in said), encoding="utf-8")


@dataclass(slots=True)
class Stage:
    """A folder, the rehearsal that its runs ask, and how they run: with or without a token."""

    home: Path
    rehearsal: Rehearsal
    token: bool = True
    limits: Limits = QUICK
    said: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        keys = {name: key for name, key in PLANTED.items() if self.token or name != "GITHUB_TOKEN"}
        batches = {f"HARVESTER_{name}_BATCH": str(size) for name, size in BATCHES.items()}
        state = {"HARVESTER_STATE": str(self.home / "state")}
        return load_settings({**self.rehearsal.settings(), **batches, **state, **keys}, self.home)

    def run(self, at: datetime, kind: RunKind = "nightly", say: Callable[[str], None] | None = None) -> Report:
        """Holds one run in virtual time: waiting moves the rehearsal's clock, and takes none of ours."""
        played = self.rehearsal
        played.move_to(at)
        played.reset_log()
        self.said.clear()

        def sleep(seconds: float) -> None:
            played.move_to(played.now() + timedelta(seconds=seconds, microseconds=2))

        with begin(self.settings, at, played.now, say or self.said.append, kind) as begun:
            ticking = Ticking(lambda: played.now().timestamp(), sleep)
            return HOLD[kind](replace(begun, ticking=ticking, limits_of=lambda _: self.limits))


def _backfill(night: Night) -> Report:
    return hold_backfill(night, BEFORE.date() - timedelta(days=70), BEFORE.date() - timedelta(days=10))


HOLD: Mapping[RunKind, Callable[[Night], Report]] = {
    "nightly": hold_night,
    "weekly": hold_week,
    "backfill": _backfill,
}


@lru_cache(maxsize=1)
def theatre() -> Rehearsal:
    """The rehearsal of this process; it ends with it."""
    return _open.enter_context(rehearse(BEFORE, world=small_world(), oai_page=4, atom_page=2))


@lru_cache(maxsize=1)
def foreign() -> Player:
    """Another host, which nobody should ever ask anything."""
    return _open.enter_context(Player(http(200, b"gotcha")))


@lru_cache(maxsize=2)
def furnished(token: bool) -> Path:
    """A folder with the night before the disturbed one; to be copied."""
    stage = Stage(Path(mkdtemp(prefix="matrix-", dir=_MEMORY)), theatre(), token)
    _open.callback(shutil.rmtree, stage.home)
    furnish(stage.home)
    report = stage.run(BEFORE)
    assert report.state == "done", report
    return stage.home


@contextmanager
def stage(token: bool = True, limits: Limits = QUICK) -> Iterator[Stage]:
    """A copy of that folder, and the rehearsal without a fault."""
    home = Path(mkdtemp(prefix="matrix-", dir=_MEMORY))
    shutil.copytree(furnished(token), home, dirs_exist_ok=True, symlinks=True)
    played = theatre()
    played.behave()
    try:
        yield Stage(home, played, token, limits)
    finally:
        played.behave()
        shutil.rmtree(home)
