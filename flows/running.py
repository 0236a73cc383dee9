"""What the flows have in common: steps as tasks, the end of every run, the report in all its forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import embedded
import entrance
from prefect import Task, flow, runtime, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from harvester.report import Report
from harvester.report_words import headline, to_markdown
from harvester.steps import tell
from harvester.steps.conclude import conclude
from harvester.steps.curate import Curated, curate
from harvester.steps.night import Night
from harvester.steps.notify import tell_people
from harvester.steps.publish import Shelved, publish

T = TypeVar("T")
Steps = Callable[[Night, datetime], Report]  # all that a run does after its start, and its report
HOURS = 3600
USUAL: Mapping[str, Any] = {
    "task_runner": ThreadPoolTaskRunner(max_workers=2),  # as many as are asked side by side
    "retries": 0,
    "persist_result": False,
    "validate_parameters": False,
}


def run_in_flow(night: Night, name: str, options: Mapping[str, Any], steps: Steps) -> Report:
    """Runs what the caller has begun as a flow of this process; the caller has started Prefect."""
    told: list[Report] = []

    @flow(**options, flow_run_name=name)
    def begun() -> State[Any]:
        embedded.end_on_signals(runtime.flow_run.get_id())
        told.append(run_steps(night, steps))
        return state_of(told[0])

    state = begun(return_state=True)
    if told:
        return told[0]  # the report holds, whatever Prefect made of the end of its flow
    report = conclude(night, night.clock(), (), None, Shelved(), [f"Prefect: {state.message or state.name}"])
    tell.write_record(night.settings.data, report)
    return tell_people(night.settings, report, night.say)


def run_steps(night: Night, steps: Steps) -> Report:
    """Runs the steps inside a flow run, tells the report in all its forms, and returns it."""
    embedded.tag_run(runtime.flow_run.get_id(), "harvester", night.kind)
    started_at = night.clock()
    try:
        report = steps(night, started_at)
    except Exception as error:  # noqa: BLE001 because the record must say so, whatever it is
        mistake = entrance.cause("night", error, night.settings.secrets)
        report = conclude(night, started_at, (), None, Shelved(), [mistake])
    tell.write_record(night.settings.data, report)
    report = tell_people(night.settings, report, night.say)
    _show(report, night.say)
    return report


def curate_and_publish(night: Night, causes: list[str]) -> tuple[Curated | None, Shelved | None]:
    """Folds everything into a snapshot and puts the lists in place; what failed is None, and among the causes."""
    curated = result(submit("curate", curate, night), night, causes)
    if curated is None:
        return None, Shelved()
    made = curated
    return curated, result(submit("publish", lambda it: publish(it, made), night), night, causes)


def submit(name: str, step: Callable[[Night], T], night: Night) -> tuple[str, PrefectFuture[T]]:
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


def result(submitted: tuple[str, PrefectFuture[T]], night: Night, causes: list[str]) -> T | None:
    """Waits for a step; None, and a cause, where it failed."""
    name, future = submitted
    found: Any = future.result(raise_on_failure=False)
    if not isinstance(found, BaseException):
        return found  # type: ignore[no-any-return]  # Prefect returns the exception in place of the value
    causes.append(entrance.cause(name, found, night.settings.secrets))
    night.say(causes[-1])
    return None


def _show(report: Report, say: Callable[[str], None]) -> None:
    """Stores the report as an artifact, for people who look at Prefect; the record is written by now."""
    key = {"nightly": "night-report"}.get(report.kind, f"{report.kind}-report")
    try:
        create_markdown_artifact(to_markdown(report), key=key, description=headline(report))
    except Exception as error:  # noqa: BLE001 because a good night stays good when Prefect is gone
        say(f"Prefect could not take the report: {type(error).__name__}: {error}")


def state_of(report: Report) -> State[Any]:
    """Says the report's state in Prefect's words."""
    if report.state == "done":
        return Completed(message=headline(report))
    name = "Degraded" if report.state == "degraded" else "Failed"
    return Failed(name=name, message="; ".join([headline(report), *report.causes]))
