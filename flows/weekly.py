"""The weekly flow: the latest snapshot is made anew and compared; then what was changed is swept, curated and published.

python flows/weekly.py      from a timer, from cron, by hand: Prefect is embedded
flows/weekly.py:weekly      what a deployment (serve.py, prefect.yaml) runs

A snapshot that cannot be made anew fails the week: sweeps are asked for and kept, but nothing is published upon it.
"""

from __future__ import annotations

import sys

import entrance

# A script ends here: Prefect reads its environment when it is imported, and --help need not wait for that.
if __name__ == "__main__":
    sys.exit(entrance.weekly(sys.argv[1:]))

from dataclasses import replace
from datetime import datetime
from typing import Any

import embedded
from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from running import HOURS, USUAL, curate_and_publish, result, run_in_flow, run_steps, state_of, submit

from harvester.report import Report
from harvester.report_words import to_text
from harvester.steps.conclude import conclude
from harvester.steps.night import Night
from harvester.steps.publish import Shelved
from harvester.steps.recall import findings
from harvester.steps.replay import check
from harvester.steps.sweep import Swept, sweep

FLOW: dict[str, Any] = {
    **USUAL,
    "name": "weekly",
    "description": "Replay the latest snapshot, sweep what was changed, curate, publish, report.",
    "timeout_seconds": 24 * HOURS,  # 300 pages at a minute and a half each take less than eight
}


def _run_name() -> str:
    as_of = runtime.flow_run.parameters.get("as_of")
    return f"week-{as_of or entrance.utc_now():%G-%V}"


@flow(**{**FLOW, "validate_parameters": True}, flow_run_name=_run_name)
def weekly(as_of: datetime | None = None, publish_anyway: bool = False) -> State[Any]:
    """Runs the week for a deployment: settings come from the environment and `.env` of the working folder."""
    embedded.end_on_signals(runtime.flow_run.get_id())
    say = get_run_logger().info
    asked_as_of = entrance.in_utc(as_of) if as_of else None
    with entrance.begun(entrance.settings_here(), asked_as_of, say, "weekly") as night:
        stale = embedded.crash_stale_runs(beside=runtime.flow_run.get_id())
        report = run_steps(replace(entrance.with_notes(night, stale), publish_anyway=publish_anyway), _steps)
    say(to_text(report))
    return state_of(report)


def in_flow(night: Night) -> Report:
    """Runs the week that the caller has begun, as a flow of this process; the caller has started Prefect."""
    return run_in_flow(night, f"week-{night.as_of:%G-%V}", FLOW, _steps)


def _steps(night: Night, started_at: datetime) -> Report:
    causes: list[str] = []
    checked = result(submit("replay", lambda it: check(it.settings, it.say), night), night, causes)
    causes += checked.causes if checked else ()
    swept = result(submit("sweep", sweep, night), night, causes) or Swept()
    sound = checked is not None and not checked.causes
    curated, shelved = curate_and_publish(night, causes) if sound else (None, Shelved())
    found = result(submit("recall", lambda it: findings(it, swept.talks), night), night, causes)
    told = replace(night, notes=(*night.notes, *(checked.notes if checked else ()), *swept.notes))
    return replace(conclude(told, started_at, swept.talks, curated, shelved, causes), sweep=found)
