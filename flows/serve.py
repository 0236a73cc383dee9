"""Serve the nightly and weekly flows on their schedules, until stopped.

Without PREFECT_API_URL this brings up a Prefect server of its own on loopback, with the scheduler that embedded Prefect
lacks: `flow.serve` alone would say "is being served" and never run anything. With PREFECT_API_URL it uses that server.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, cast

import embedded
import entrance

from harvester.errors import RunningError, SettingsError

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

# Not from 00:00 to 02:00 UTC: arXiv announces at 20:00 in New York, which is 00:00 UTC in summer and 01:00 in winter, and
# answers 429, 503 or nothing at all around it (measured from 00:05 to 00:31). By 05:30 the day's papers are long there.
NIGHTLY_CRON = "30 5 * * *"
WEEKLY_CRON = "0 7 * * 0"  # Sundays: arXiv announces nothing from Friday evening to Sunday evening
NIGHTLY, WEEKLY = "nightly", "weekly"
SCHEDULE_SECONDS = 60.0
ABOUT = "Serve the nightly and weekly flows on their schedules (cron, in UTC), until stopped."
EXAMPLES = """examples:
  python flows/serve.py
  python flows/serve.py --nightly-cron '* * * * *'                     every minute, to try it beside a rehearsal
  PREFECT_API_URL=http://127.0.0.1:4200/api python flows/serve.py      with a server that runs already"""


def main(arguments: Sequence[str]) -> int:
    """Parses the arguments and serves; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python flows/serve.py",
        description=ABOUT,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--nightly-cron", default=NIGHTLY_CRON, metavar="CRON", help=f"(default: {NIGHTLY_CRON})")
    parser.add_argument("--weekly-cron", default=WEEKLY_CRON, metavar="CRON", help=f"(default: {WEEKLY_CRON})")
    asked = parser.parse_args(arguments)
    return entrance.exit_code_of(lambda: _serve(asked.nightly_cron, asked.weekly_cron))


def _serve(nightly_cron: str, weekly_cron: str) -> NoReturn:
    embedded.end_on_signals()
    settings, say = entrance.settings_here(), entrance.progress()
    home = settings.data / ".prefect-server"
    with embedded.lock_of(home) as held:
        if not held:
            raise RunningError(f"another serve.py is at work in {settings.data}; stop it, and start again")
        say("starting Prefect")
        with embedded.prefect_at(home, Path.cwd(), services="all"):
            deployments = _deployments(nightly_cron, weekly_cron)
            embedded.forget_missed_runs()
            say(f"serving nightly ({nightly_cron}) and weekly ({weekly_cron}), UTC, at {os.environ['PREFECT_API_URL']}")
            _serve_until_stopped(deployments, home, say)
    raise embedded.PrefectError("Prefect stopped serving; start again, and look above for why")


def _deployments(nightly_cron: str, weekly_cron: str) -> list[RunnerDeployment]:
    from nightly import nightly
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.schedules import Cron
    from weekly import weekly

    one_at_a_time = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    deployments = []
    for name, scheduled, cron in ((NIGHTLY, nightly, nightly_cron), (WEEKLY, weekly, weekly_cron)):
        try:
            schedule = Cron(cron, timezone="UTC")
        except ValueError as error:
            raise SettingsError([f"--{name}-cron: {error}"]) from error
        deployments.append(scheduled.to_deployment(name, schedule=schedule, concurrency_limit=one_at_a_time))
    return cast("list[RunnerDeployment]", deployments)


def _serve_until_stopped(deployments: list[RunnerDeployment], home: Path, say: Callable[[str], None]) -> None:
    """Serves in a thread, because Prefect's own reaction to SIGTERM, for the main thread only, leaves tracebacks."""
    from prefect import serve

    def serve_all() -> None:
        # limit 1: the two share the lock of the data folder, so one waits for the other
        serve(*deployments, limit=1, print_starting_message=False)

    serving = threading.Thread(target=serve_all, daemon=True)
    serving.start()
    for name, first in _first_runs(serving, home).items():
        say(f"{name} runs first at {first:%Y-%m-%d %H:%M} UTC")
    serving.join()


def _first_runs(serving: threading.Thread, home: Path) -> dict[str, datetime]:
    """Waits until both flows stand in the server's book of runs; PrefectError where that does not happen.

    A server whose scheduler is broken serves without a word and never runs anything: seen with Prefect 3.8 on SQLAlchemy
    2.1, and with `flow.serve` against embedded Prefect. Better not to start than to sleep for ever.
    """
    deadline = time.monotonic() + SCHEDULE_SECONDS
    while serving.is_alive() and time.monotonic() < deadline:
        first = _scheduled()
        if len(first) == 2:
            return first
        time.sleep(1)
    raise embedded.PrefectError(
        f"Prefect has scheduled no run within {SCHEDULE_SECONDS:.0f} s, so nothing would ever run; "
        f"look into {home / 'server.log'}, or use a timer (docs/operations.md)"
    )


def _scheduled() -> dict[str, datetime]:
    """Returns when the server means to run each flow first, in the order of time."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName, FlowRunFilter, FlowRunFilterState
    from prefect.client.schemas.filters import FlowRunFilterStateType as OfType
    from prefect.client.schemas.objects import StateType
    from prefect.client.schemas.sorting import FlowRunSort

    first: dict[str, datetime] = {}
    with get_client(sync_client=True) as client:
        for name in (NIGHTLY, WEEKLY):
            runs = client.read_flow_runs(
                deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=[name])),
                flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=OfType(any_=[StateType.SCHEDULED]))),
                sort=FlowRunSort.EXPECTED_START_TIME_ASC,
                limit=1,
            )
            if runs and runs[0].expected_start_time:
                first[name] = runs[0].expected_start_time
    return first


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
