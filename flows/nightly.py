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

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

import embedded
from prefect import Task, flow, runtime, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from harvester.report import Report, Talk, to_markdown, to_text
from harvester.steps import tell
from harvester.steps.conclude import conclude
from harvester.steps.curate import curate
from harvester.steps.harvest import harvest
from harvester.steps.night import Night, begin
from harvester.steps.publish import Shelved, publish
from harvester.steps.refresh import refresh_citations, refresh_metadata, refresh_stars

T = TypeVar("T")
HOURS = 3600
FLOW: dict[str, Any] = {
    "name": "nightly",
    "description": "Harvest, refresh, curate, publish, report.",
    "task_runner": ThreadPoolTaskRunner(max_workers=2),  # as many as are asked side by side
    "timeout_seconds": 12 * HOURS,  # the wire's own limits end a night long before
    "retries": 0,
    "persist_result": False,
    "validate_parameters": False,
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
    with begin(entrance.settings_here(), asked_as_of, entrance.utc_now, say) as night:
        stale = embedded.crash_stale_runs(beside=runtime.flow_run.get_id())
        report = run(replace(entrance.with_notes(night, stale), publish_anyway=publish_anyway))
    say(to_text(report))
    return state_of(report)


def in_flow(night: Night) -> Report:
    """Runs a night that the caller has begun, as a flow of this process; the caller has started Prefect."""
    told: list[Report] = []

    @flow(**FLOW, flow_run_name=f"night-{night.as_of:%Y-%m-%d}")
    def begun() -> State[Any]:
        embedded.end_on_signals(runtime.flow_run.get_id())
        told.append(run(night))
        return state_of(told[0])

    state = begun(return_state=True)
    if told:
        return told[0]  # the report holds, whatever Prefect made of the end of its flow
    return _give_up(night, f"Prefect: {state.message or state.name}")


def run(night: Night) -> Report:
    """Runs the steps of a night inside a flow run, tells the report in all its forms, and returns it."""
    embedded.tag_run(runtime.flow_run.get_id(), "harvester", "nightly")
    started_at = night.clock()
    try:
        report = _steps(night, started_at)
    except Exception as error:  # noqa: BLE001 because the record must say so, whatever it is
        mistake = entrance.cause("night", error, night.settings.secrets)
        report = conclude(night, started_at, (), None, Shelved(), [mistake])
    tell.write_record(night.settings.data, report)
    _show(report, night.say)
    return report


def _steps(night: Night, started_at: datetime) -> Report:
    causes: list[str] = []
    talks = _ask_upstreams(night, causes)
    curated = _result(_submit("curate", curate, night), night, causes)
    shelved = Shelved()
    if curated is not None:
        made = curated
        shelved = _result(_submit("publish", lambda it: publish(it, made), night), night, causes) or shelved
    return conclude(night, started_at, talks, curated, shelved, causes)


def _ask_upstreams(night: Night, causes: list[str]) -> list[Talk]:
    """Asks arXiv first, then the others side by side; a step that fails leaves the others alone.

    What arXiv says decides which papers and repositories are asked about. Asked beside it, the others would miss what is
    new tonight, or not, as the threads happen to run.
    """
    talks: list[Talk] = []
    for name, step in (("harvest", harvest), ("metadata", refresh_metadata)):
        talks += _result(_submit(name, step, night), night, causes) or ()
    asked = [_submit("stars", refresh_stars, night), _submit("citations", refresh_citations, night)]
    return [*talks, *(talk for each in asked for talk in _result(each, night, causes) or ())]


def _submit(name: str, step: Callable[[Night], T], night: Night) -> tuple[str, PrefectFuture[T]]:
    """Starts one step as a task without arguments, in a thread of its own.

    Without tags, too: Prefect asks its server for a slot per tag of a task, which costs up to two seconds each time.
    """

    @task(
        name=name,
        task_run_name=f"{name}-{night.as_of:%Y-%m-%d}",
        retries=0,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    def run_step() -> T:
        return step(night)

    started: Task[[], T] = run_step
    return name, started.submit()


def _result(submitted: tuple[str, PrefectFuture[T]], night: Night, causes: list[str]) -> T | None:
    """Waits for a step; None, and a cause, where it failed."""
    name, future = submitted
    result: Any = future.result(raise_on_failure=False)
    if not isinstance(result, BaseException):
        return result  # type: ignore[no-any-return]  # Prefect returns the exception in place of the value
    causes.append(entrance.cause(name, result, night.settings.secrets))
    night.say(causes[-1])
    return None


def _show(report: Report, say: Callable[[str], None]) -> None:
    """Stores the report as an artifact, for people who look at Prefect; the record is written by now."""
    try:
        create_markdown_artifact(to_markdown(report), key="night-report", description=_headline(report))
    except Exception as error:  # noqa: BLE001 because a good night stays good when Prefect is gone
        say(f"Prefect could not take the report: {type(error).__name__}: {error}")


def _give_up(night: Night, cause: str) -> Report:
    report = conclude(night, night.clock(), (), None, Shelved(), [cause])
    tell.write_record(night.settings.data, report)
    return report


def _headline(report: Report) -> str:
    return to_text(report).partition("\n")[0]


def state_of(report: Report) -> State[Any]:
    """Says the report's state in Prefect's words."""
    if report.state == "done":
        return Completed(message=_headline(report))
    name = "Degraded" if report.state == "degraded" else "Failed"
    return Failed(name=name, message="; ".join([_headline(report), *report.causes]))
