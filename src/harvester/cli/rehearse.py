"""`harvester rehearse`: the rehearsal as a process of its own, until SIGINT or SIGTERM."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

import click

from harvester.cli.times import MOMENT


@click.command("rehearse")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="a free one", help="Port on 127.0.0.1.")
@click.option("--at", type=MOMENT, default="2024-06-03T03:00:00Z", show_default=True, help="Virtual time (UTC).")
@click.option("--enforce-limits", is_flag=True, help="Refuse what the real upstreams would refuse.")
@click.option(
    "--faults",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Faults to play: a JSON list, or one JSON object a line.",
)
@click.option(
    "--log", "log_file", type=click.Path(dir_okay=False, path_type=Path), help="Append every request, a JSON line each."
)
@click.option("--json", "as_json", is_flag=True, help="Print addresses and settings as one JSON line.")
def command(
    port: int, at: datetime, enforce_limits: bool, faults: Path | None, log_file: Path | None, as_json: bool
) -> None:
    """Play arXiv, Semantic Scholar, GitHub and OpenAlex on this machine.

    Prints what to export so that a harvester asks the rehearsal instead of the real upstreams, and runs until it is
    interrupted. Its clock is virtual and stands still until it is moved. HARVESTER_DAYS_BEHIND, among what it prints, has
    the commands of a maintainer live in the day that follows; moving the clock answers with the number that fits then.

    \b
    Examples:
      harvester rehearse --port 8765
      python flows/nightly.py --as-of 2024-06-03T03:00:00Z      (beside it, with what it prints exported)
      curl -d '{"now": "2024-06-04T03:00:00Z"}' http://127.0.0.1:8765/_rehearsal/clock
      echo '{"upstream": "arxiv", "kind": "http_503", "times": 2, "after": 1, "retry_after": 5}' > faults.jsonl
      harvester rehearse --faults faults.jsonl      (the second and the third request to arXiv are answered with 503)

    Fields of a fault: kind, upstream (all), times (1; null for ever), after (0), path (only requests that contain it), and
    those of its kind, which docs/operations.md lists. A fault may also be POSTed to /_rehearsal/faults; DELETE ends all.
    """
    from harvester.rehearsal import rehearse
    from harvester.rehearsal.control import banner, clock_settings

    planned = _faults(faults)
    try:
        with (
            rehearse(at, faults=planned, enforce=enforce_limits, port=port, log_file=log_file) as r,
            _signals() as ended,
        ):
            settings = {**r.settings(), **clock_settings(r.now())}
            told = {"url": r.root, "at": r.now().isoformat(), "settings": settings}
            click.echo(json.dumps(told) if as_json else banner(r.root, r.now()))
            ended.wait()
    except ValueError as error:  # a fault of an unknown kind
        raise click.BadParameter(str(error), param_hint="--faults") from error
    except OSError as error:
        raise click.ClickException(f"cannot listen on port {port}: {error.strerror}") from error


@contextmanager
def _signals() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; afterwards the signals mean what they meant before."""
    ended = threading.Event()

    def end(signum: int, frame: FrameType | None) -> None:
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _faults(path: Path | None) -> list[dict[str, Any]]:
    if path is None:
        return []
    from harvester.rehearsal.fault_fields import read_script

    try:
        return read_script(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.BadParameter(f"{path}: {error}", param_hint="--faults") from error
