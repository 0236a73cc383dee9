"""The nightly flow: arXiv, then stars and citations side by side, then curate, publish and the report.

    python flows/nightly.py [--as-of TIME]      from a timer, from cron, by hand: Prefect is embedded
    flows/nightly.py:nightly                    what a deployment (serve.py, prefect.yaml) runs

No data passes through Prefect. The steps hand over through the folders, and the tasks take no arguments, so that neither
keys nor papers get into its database. Its retries are off: attempts belong to the wire, and so do the timeouts, because
Prefect cannot interrupt a thread.
"""

from __future__ import annotations

import sys

import entrance

# A script ends here: Prefect reads its environment when it is imported, and --help need not wait for that.
if __name__ == "__main__":
    sys.exit(entrance.nightly(sys.argv[1:]))

from dataclasses import replace
from datetime import datetime
from typing import Any

import embedded
from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from running import HOURS, USUAL, curate_and_publish, result, run_in_flow, run_steps, state_of, submit

from harvester.report import Report, Talk
from harvester.report_words import to_text
from harvester.steps.conclude import conclude
from harvester.steps.harvest import harvest
from harvester.steps.night import Night
from harvester.steps.refresh import refresh_citations, refresh_metadata, refresh_stars

FLOW: dict[str, Any] = {
    **USUAL,
    "name": "nightly",
    "description": "Harvest, refresh, curate, publish, report.",
    "timeout_seconds": 12 * HOURS,  # the wire's own limits end a night long before
}


def _run_name() -> str:
    as_of = runtime.flow_run.parameters.get("as_of")
    return f"night-{as_of or entrance.utc_now():%Y-%m-%d}"


@flow(**{**FLOW, "validate_parameters": True}, flow_run_name=_run_name)
def nightly(as_of: datetime | None = None, publish_anyway: bool = False) -> State[Any]:
    """Runs a night for a deployment: settings come from the environment and `.env` of the working folder."""
    embedded.end_on_signals(runtime.flow_run.get_id())
    say = get_run_logger().info
    asked_as_of = entrance.in_utc(as_of) if as_of else None
    with entrance.begun(entrance.settings_here(), asked_as_of, say, "nightly") as night:
        stale = embedded.crash_stale_runs(beside=runtime.flow_run.get_id())
        report = run_steps(replace(entrance.with_notes(night, stale), publish_anyway=publish_anyway), _steps)
    say(to_text(report))
    return state_of(report)


def in_flow(night: Night) -> Report:
    """Runs a night that the caller has begun, as a flow of this process; the caller has started Prefect."""
    return run_in_flow(night, f"night-{night.as_of:%Y-%m-%d}", FLOW, _steps)


def _steps(night: Night, started_at: datetime) -> Report:
    causes: list[str] = []
    talks = _ask_upstreams(night, causes)
    curated, shelved = curate_and_publish(night, causes)
    return conclude(night, started_at, talks, curated, shelved, causes)


def _ask_upstreams(night: Night, causes: list[str]) -> list[Talk]:
    """Asks arXiv first, then the others side by side; a step that fails leaves the others alone.

    What arXiv says decides which papers and repositories are asked about. Asked beside it, the others would miss what is
    new tonight, or not, as the threads happen to run.
    """
    talks: list[Talk] = []
    for name, step in (("harvest", harvest), ("metadata", refresh_metadata)):
        talks += result(submit(name, step, night), night, causes) or ()
    asked = [submit("stars", refresh_stars, night), submit("citations", refresh_citations, night)]
    return [*talks, *(talk for each in asked for talk in result(each, night, causes) or ())]
