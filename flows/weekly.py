"""The weekly flow: the latest snapshot is made anew from what its manifest names, and compared byte by byte.

python flows/weekly.py      from a timer, from cron, by hand: Prefect is embedded
flows/weekly.py:weekly      what a deployment (serve.py, prefect.yaml) runs
"""

from __future__ import annotations

import sys

import entrance

# A script ends here: Prefect reads its environment when it is imported, and --help need not wait for that.
if __name__ == "__main__":
    sys.exit(entrance.weekly(sys.argv[1:]))

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import embedded
from prefect import flow, runtime, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed

from harvester.errors import HarvesterError
from harvester.settings import Settings
from harvester.steps.replay import replay
from harvester.steps.tell import run_lock

FLOW: dict[str, Any] = {
    "name": "weekly",
    "description": "Replay the latest snapshot without network and compare it byte by byte.",
    "timeout_seconds": 6 * 3600,
    "retries": 0,
    "persist_result": False,
    "validate_parameters": False,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the weekly check found."""

    passed: bool
    headline: str
    notes: tuple[str, ...]
    causes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 the same bytes, 1 not."""
        return 0 if self.passed else 1

    @property
    def text(self) -> str:
        """The verdict for a terminal, ending with a newline."""
        notes = [f"  note: {note}" for note in self.notes]
        return "\n".join([self.headline, *notes, *(f"  cause: {cause}" for cause in self.causes)]) + "\n"


def _run_name() -> str:
    return f"week-{entrance.utc_now():%G-%V}"


@flow(**FLOW, flow_run_name=_run_name)
def weekly() -> State[Any]:
    """Runs the check for a deployment: settings come from the environment and `.env` of the working folder."""
    embedded.end_on_signals(runtime.flow_run.get_id())
    say = get_run_logger().info
    settings = entrance.settings_here()
    with run_lock(settings.data):
        stale = embedded.crash_stale_runs(beside=runtime.flow_run.get_id())
        verdict = run(settings, stale, say)
    say(verdict.text)
    return state_of(verdict)


def in_flow(settings: Settings, notes: Sequence[str], say: Callable[[str], None]) -> Verdict:
    """Runs the check as a flow of this process; the caller holds the lock and has started Prefect."""
    told: list[Verdict] = []

    @flow(**FLOW, flow_run_name=_run_name)
    def begun() -> State[Any]:
        embedded.end_on_signals(runtime.flow_run.get_id())
        told.append(run(settings, notes, say))
        return state_of(told[0])

    state = begun(return_state=True)
    return told[0] if told else Verdict(False, "Weekly check: failed", tuple(notes), (f"Prefect: {state.message}",))


def run(settings: Settings, notes: Sequence[str], say: Callable[[str], None]) -> Verdict:
    """Replays the latest snapshot inside a flow run, and tells what was found."""
    embedded.tag_run(runtime.flow_run.get_id(), "harvester", "weekly")

    @task(name="replay", retries=0, cache_policy=NO_CACHE, persist_result=False)
    def replay_latest() -> Verdict:
        return _verdict(settings, notes, say)

    result: Any = replay_latest(return_state=True).result(raise_on_failure=False)
    if isinstance(result, BaseException):
        result = Verdict(
            False, "Weekly check: failed", tuple(notes), (entrance.cause("replay", result, settings.secrets),)
        )
    verdict: Verdict = result
    create_markdown_artifact(_markdown(verdict), key="weekly-report", description=verdict.headline)
    return verdict


def _verdict(settings: Settings, notes: Sequence[str], say: Callable[[str], None]) -> Verdict:
    try:
        replayed = replay(settings, say=say)
    except HarvesterError as error:  # no snapshot yet, or one that cannot be read
        return Verdict(False, "Weekly check: failed", tuple(notes), (f"replay: {error}",))
    told = (*notes, *(f"restored {name}, which was damaged or missing" for name in replayed.restored))
    if replayed.identical:
        return Verdict(True, f"Weekly check: snapshot {replayed.snapshot} replayed, every byte the same", told)
    differing = tuple(f"{name} differs when made anew" for name in replayed.differences)
    return Verdict(False, f"Weekly check: snapshot {replayed.snapshot} cannot be replayed", told, differing)


def _markdown(verdict: Verdict) -> str:
    lines = [f"- {words}" for words in (*verdict.notes, *verdict.causes)]
    return "\n".join([f"# {verdict.headline}", "", *lines]) + "\n"


def state_of(verdict: Verdict) -> State[Any]:
    """Says the verdict in Prefect's words."""
    if verdict.passed:
        return Completed(message=verdict.headline)
    return Failed(message="; ".join([verdict.headline, *verdict.causes]))
