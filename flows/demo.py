"""The demo: three nights against the rehearsal, with a few decisions in between, in a throw-away folder.

Everything is real but the upstreams: the flow, the client packages, HTTP over loopback, the published pace of arXiv, the
commands that a maintainer types.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import embedded
import entrance

from harvester.report import Report

CHECKOUT = Path(__file__).resolve().parents[1]
STARTED_IN = Path.cwd()  # the nights run inside the demo's folder
MARK = ".harvester-demo"  # only a folder that a demo made is emptied by the next one
FIRST_NIGHT = datetime(2024, 6, 3, 3, 0, tzinfo=UTC)
NIGHTS = 3
BEHIND = "HARVESTER_DAYS_BEHIND"
EDITOR = ("--by", "ann")
EXAMPLES = """examples:
  python flows/demo.py
  HARVESTER_ARXIV_INTERVAL=0 python flows/demo.py --folder ../demo      without arXiv's pace, in another folder"""


@dataclass(frozen=True, slots=True)
class Played:
    """One night of the demo: what it reported, what the rehearsal was asked, and how long it took."""

    report: Report
    requests: Counter[str]  # by upstream, as the rehearsal counted them
    seconds: float


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The upstreams on loopback."""

    root: str
    settings: dict[str, str]

    def move_clock(self, now: datetime) -> None:
        """Sets the rehearsal's virtual time, and with it the time of the commands that are typed from then on."""
        body = json.dumps({"now": now.isoformat()}).encode()
        with urllib.request.urlopen(f"{self.root}/_rehearsal/clock", body) as answer:
            os.environ[BEHIND] = str(json.load(answer)["days_behind"])

    def asked(self) -> list[dict[str, Any]]:
        """Returns every request since the rehearsal began."""
        with urllib.request.urlopen(f"{self.root}/_rehearsal/log") as answer:
            requests: list[dict[str, Any]] = json.load(answer)["requests"]
        return requests


def main(arguments: Sequence[str]) -> int:
    """Plays the demo; returns 0 where every night was done."""
    parser = argparse.ArgumentParser(
        prog="python flows/demo.py",
        description=__doc__.partition("\n")[0],
        epilog="examples:\n  python flows/demo.py\n  python flows/demo.py --folder elsewhere",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--folder", type=Path, default=CHECKOUT / "demo", help="where to play (default: demo/)")
    asked = parser.parse_args(arguments)
    return entrance.exit_code_of(lambda: _demo(asked.folder.resolve()))


def _demo(folder: Path) -> int:
    embedded.end_on_signals()
    start = time.monotonic()
    _make_stage(folder)
    with _rehearsal() as rehearsal:
        _enter(folder, rehearsal)
        settings = entrance.settings_here()
        _title(f"Starting the rehearsal on {rehearsal.root}, and Prefect beside it; playing in {folder}")
        with embedded.prefect_at(entrance.prefect_home(settings), folder):
            nights = [_play(rehearsal, number) for number in range(NIGHTS)]
        spacing = _closest(rehearsal.asked(), "arxiv")
        _look()
    _tell(folder, nights, spacing, time.monotonic() - start)
    return max(night.report.exit_code for night in nights)


def _make_stage(folder: Path) -> None:
    """Empties the folder, if a demo made it, and puts a copy of the shipped editorial folder there."""
    from harvester.errors import SettingsError

    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise SettingsError([f"{folder} holds something else than a demo; name another folder with --folder"])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    shutil.copytree(CHECKOUT / "editorial", folder / "editorial")


def _enter(folder: Path, rehearsal: Rehearsal) -> None:
    """Goes into the folder, with settings of the rehearsal and of nobody else; paces may be set from outside."""
    foreign = [
        name
        for name in os.environ
        if name.startswith(("HARVESTER_", "PREFECT_")) or name.endswith(("_TOKEN", "_API_KEY"))
    ]
    for name in foreign:
        if not name.endswith("_INTERVAL"):
            del os.environ[name]
    os.environ.update(rehearsal.settings)
    os.environ["HARVESTER_STATE"] = str(folder / "state")
    os.environ |= dict.fromkeys(("GITHUB_TOKEN", "SEMANTIC_SCHOLAR_API_KEY"), "a-key-of-the-rehearsal")
    os.chdir(folder)


@contextmanager
def _rehearsal() -> Iterator[Rehearsal]:
    command = [_harvester(), "rehearse", "--port", "0", "--at", FIRST_NIGHT.isoformat(), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            yield Rehearsal(told["url"], told["settings"])
        finally:
            process.terminate()


def _play(rehearsal: Rehearsal, number: int) -> Played:
    """Plays one night, and before it what a maintainer did since the last."""
    from nightly import in_flow

    from harvester.steps.night import begin

    if number:
        _decide(number)
    as_of = FIRST_NIGHT + timedelta(days=number)
    _title(f"Night {number + 1}: python flows/nightly.py --as-of {as_of:%Y-%m-%dT%H:%M:%SZ}")
    rehearsal.move_clock(as_of)
    before, start = len(rehearsal.asked()), time.monotonic()
    settings = entrance.settings_here()
    with begin(settings, as_of, entrance.clock_of(settings), entrance.progress()) as night:
        report = in_flow(night)
    seconds = time.monotonic() - start
    return Played(report, Counter(request["upstream"] for request in rehearsal.asked()[before:]), seconds)


def _decide(number: int) -> None:
    """Types what a maintainer types over the first cup of coffee."""
    waiting = json.loads(_output("queue", "--limit", "0", "--json"))
    if not waiting:
        return
    name = waiting[0]["list"]
    ids = [paper["id"] for paper in waiting if paper["list"] == name]
    _title(f"Morning {number}: {len(ids)} candidates wait for {name}")
    on = ("--list", name)
    mornings: tuple[Callable[[], None], ...] = (
        lambda: _type_first_morning(on, ids),
        lambda: _type_second_morning(on, ids),
    )
    mornings[number - 1]()


def _type_first_morning(on: tuple[str, ...], ids: list[str]) -> None:
    _type("queue", *on, "--limit", "5")
    _type("accept", *ids[:2], *on, *EDITOR)
    _type("reject", ids[2], "--reason", "not about large models", *on, *EDITOR)
    _type("defer", ids[3], "--days", "30", *on, *EDITOR)


def _type_second_morning(on: tuple[str, ...], ids: list[str]) -> None:
    _type("accept", ids[0], "--note", "with code", *on, *EDITOR)
    _type("reject", ids[1], "--reason", "a mistake, to be taken back", *on, *EDITOR)
    _type("undo", ids[1], *on, *EDITOR)
    _type("log", *on, "--limit", "5")


def _look() -> None:
    """Types what a maintainer types to see what the last night brought."""
    name = json.loads(_output("queue", "--limit", "1", "--json"))[0]["list"]
    _title(f"Morning {NIGHTS}: what waits for {name}, the likeliest first")
    _type("queue", "--list", name, "--limit", "8")


def _type(*words: str) -> None:
    print(f"\n$ harvester {shlex.join(words)}", flush=True)
    print(_output(*words), end="", flush=True)


def _output(*words: str) -> str:
    return subprocess.run([_harvester(), *words], check=True, stdout=subprocess.PIPE, text=True).stdout


def _harvester() -> str:
    return str(Path(sys.executable).with_name("harvester"))


def _title(words: str) -> None:
    print(f"\n── {words}", flush=True)


def _closest(requests: list[dict[str, Any]], upstream: str) -> float | None:
    """Returns the shortest time between the starts of two requests to an upstream, in seconds."""
    starts = sorted(request["monotonic"] for request in requests if request["upstream"].startswith(upstream))
    return min((later - earlier for earlier, later in pairwise(starts)), default=None)


def _tell(folder: Path, nights: Sequence[Played], spacing: float | None, seconds: float) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("", *(f"{played.report.as_of:%Y-%m-%d}" for played in nights), title="Three virtual nights")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, cell in _ROWS.items():
        table.add_row(name, *(cell(played) for played in nights))
    for upstream in sorted({upstream for played in nights for upstream in played.requests}):
        table.add_row(f"requests to {upstream}", *(str(played.requests[upstream]) for played in nights))
    console = Console()
    console.print()
    console.print(table)
    if spacing is not None:
        console.print(f"Requests to arXiv started at least {spacing:.2f} s apart.")
    for what, where in _places(folder, nights[-1].report):
        console.print(f"{what:<9}{where}", soft_wrap=True, highlight=False)
    console.print(f"All of it took {seconds:.0f} s. Go on with it, in this folder:")
    console.print(f"  {_settings_of(folder)}", soft_wrap=True, highlight=False)
    for words in ("queue --list efficient-llm", "publish"):
        console.print(f"  {_near(Path(_harvester()))} {words}", soft_wrap=True, highlight=False)


def _figure(played: Played, name: str) -> str:
    figures = played.report.figures
    return f"{getattr(figures, name):,}" if figures else "not computed"


_ROWS: dict[str, Callable[[Played], str]] = {
    "state": lambda played: played.report.state,
    "new papers": lambda played: _figure(played, "papers_new"),
    "candidates of all lists": lambda played: _figure(played, "candidates"),
    "known citations before": lambda played: _figure(played, "citations_known_before"),
    "known citations after": lambda played: _figure(played, "citations_known"),
    "stars refreshed": lambda played: _figure(played, "stars_refreshed"),
    "list files changed": lambda played: f"{len(played.report.lists_changed or ()):,}",
    "seconds": lambda played: f"{played.seconds:.1f}",
}


def _settings_of(folder: Path) -> str:
    """Writes the settings by which the commands work on the demo's folder, on the day of its last night."""
    places = {"DATA": "data", "EDITORIAL": "editorial", "LISTS": "lists"}
    paths = [f"HARVESTER_{name}={_near(folder / place)}" for name, place in places.items()]
    return "export " + " ".join([*paths, f"{BEHIND}={os.environ[BEHIND]}"])


def _near(path: Path) -> Path:
    """Returns the path as it is seen from where the demo was started, where it lies below."""
    return path.relative_to(STARTED_IN) if path.is_relative_to(STARTED_IN) else path


def _places(folder: Path, report: Report) -> list[tuple[str, Path | str]]:
    return [
        ("Parquet", _near(folder) / "data" / "curated" / "latest" / "papers.parquet"),
        ("Lists", _near(folder) / "lists"),
        ("Reports", _near(folder) / "data" / "runs"),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
