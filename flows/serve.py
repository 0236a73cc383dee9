"""Serve the nightly and weekly flows on their schedules, until stopped.

Without PREFECT_API_URL this brings up a Prefect server of its own on loopback, with the scheduler that embedded Prefect
lacks: `flow.serve` alone would say "is being served" and never run anything. With PREFECT_API_URL it uses that server.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, cast

import embedded
import entrance

# Not from 00:00 to 02:00 UTC: arXiv announces at 20:00 in New York, which is 00:00 UTC in summer and 01:00 in winter, and
# answers 429, 503 or nothing at all around it (measured from 00:05 to 00:31). By 05:30 the day's papers are long there.
NIGHTLY_CRON = "30 5 * * *"
WEEKLY_CRON = "0 7 * * 0"  # Sundays: arXiv announces nothing from Friday evening to Sunday evening
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
    from harvester.errors import RunningError

    embedded.end_on_signals()
    settings, say = entrance.settings_here(), entrance.progress()
    home = settings.data / ".prefect-server"
    with embedded.lock_of(home) as held:
        if not held:
            raise RunningError(f"another serve.py is at work in {settings.data}; stop it, and start again")
        say("starting Prefect")
        with embedded.prefect_at(home, Path.cwd(), services="all"):
            say(f"serving nightly ({nightly_cron}) and weekly ({weekly_cron}), UTC, at {os.environ['PREFECT_API_URL']}")
            # in a thread, because Prefect's own reaction to SIGTERM, which only the main thread can have, leaves tracebacks
            serving = threading.Thread(target=_serve_deployments, args=(nightly_cron, weekly_cron), daemon=True)
            serving.start()
            serving.join()
    raise embedded.PrefectError("Prefect stopped serving; start again, and look above for why")


def _serve_deployments(nightly_cron: str, weekly_cron: str) -> None:
    from nightly import nightly
    from prefect import serve
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Cron
    from weekly import weekly

    one_at_a_time = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    deployments = [
        scheduled.to_deployment(name, schedule=Cron(cron, timezone="UTC"), concurrency_limit=one_at_a_time)
        for scheduled, name, cron in ((nightly, "nightly", nightly_cron), (weekly, "weekly", weekly_cron))
    ]
    # limit 1: the two share the lock of the data folder, so one waits for the other
    serve(*(cast(RunnerDeployment, deployment) for deployment in deployments), limit=1, print_starting_message=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
