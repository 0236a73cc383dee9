"""The backfill: history is asked for, by submission from the query API and by change from OAI-PMH, curated and published.

python flows/backfill.py --from DAY --until DAY [--yes]      by hand: Prefect is embedded
flows/backfill.py:backfill                                   what a deployment runs, with the days as its parameters
"""

from __future__ import annotations

import sys

import entrance

# A script ends here: Prefect reads its environment when it is imported, and --help need not wait for that.
if __name__ == "__main__":
    sys.exit(entrance.backfill(sys.argv[1:]))

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import embedded
from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from running import USUAL, Steps, curate_and_publish, result, run_in_flow, run_steps, state_of, submit

from harvester.report import Report
from harvester.report_words import to_text
from harvester.steps import backfill as history
from harvester.steps.conclude import conclude
from harvester.steps.night import Night
from harvester.steps.recall import findings
from harvester.steps.sweep import Swept

FLOW: dict[str, Any] = {
    **USUAL,
    "name": "backfill",
    "description": "Ask for the history of some days, curate, publish, report.",
}


@flow(**{**FLOW, "validate_parameters": True})
def backfill(since: date, until: date, publish_anyway: bool = False) -> State[Any]:
    """Asks for history for a deployment: settings come from the environment and `.env` of the working folder."""
    embedded.end_on_signals(runtime.flow_run.get_id())
    say = get_run_logger().info
    with entrance.begun(entrance.settings_here(), None, say, "backfill") as night:
        stale = embedded.crash_stale_runs(beside=runtime.flow_run.get_id())
        say(f"backfill: {history.estimate(night, history.span(since, until, night.as_of))}")
        begun = replace(entrance.with_notes(night, stale), publish_anyway=publish_anyway)
        report = run_steps(begun, _steps_for(since, until))
    say(to_text(report))
    return state_of(report)


def in_flow(night: Night, since: date, until: date) -> Report:
    """Runs a backfill that the caller has begun, as a flow of this process; the caller has started Prefect."""
    return run_in_flow(night, f"backfill-{since}-{until}", FLOW, _steps_for(since, until))


def _steps_for(since: date, until: date) -> Steps:
    def steps(night: Night, started_at: datetime) -> Report:
        causes: list[str] = []
        asked = submit("backfill", lambda it: history.backfill(it, history.span(since, until, it.as_of)), night)
        swept = result(asked, night, causes) or Swept()
        curated, shelved = curate_and_publish(night, causes)
        found = result(submit("recall", lambda it: findings(it, swept.talks), night), night, causes)
        told = replace(night, notes=(*night.notes, *swept.notes))
        return replace(conclude(told, started_at, swept.talks, curated, shelved, causes), sweep=found)

    return steps
