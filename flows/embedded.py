"""Prefect for one run: its environment, a server of our own on loopback that ends with the run, and what a killed run left.

Prefect's own temporary server would survive a SIGTERM, write into our terminal and take part in its Ctrl-C. Ours is the
same program, started by us: it inherits a socket that is open already (no port is guessed), writes into `server.log` in
its home, and belongs to no terminal. Its environment names its home and its owner, so that the next run recognises it as
left behind when the owner is gone, and never touches the server of another checkout.

Nothing here imports Prefect before the environment stands: Prefect reads its settings when it is imported.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, NoReturn
from uuid import UUID

SERVER_PROGRAM = "prefect.server.api.server:create_app"
OWNER = "HARVESTER_PREFECT_OWNER"  # "process id @ its start": a process id alone may have been given to somebody else
START_SECONDS = 120.0  # a fresh home makes its database first: 7 s here, several times that on a busy machine
END_SECONDS = 5.0
GOODBYE_SECONDS = 3.0

Services = Literal["few", "all"]  # few: no scheduler, all that one run needs; all: what a server with schedules needs


@contextmanager
def prefect_at(home: Path, folder: Path, services: Services = "few") -> Iterator[tuple[str, ...]]:
    """Sets the environment, starts a server unless PREFECT_API_URL names one, and ends it; yields notes on what was left.

    `folder` is where `.env` lies. To be called while holding the lock of the data folder and before Prefect is imported.
    """
    import psutil

    if given_api(folder):
        os.environ.update(_calm(services))
        yield ()
        return
    home.mkdir(parents=True, exist_ok=True)
    notes = [f"a Prefect server left behind by a killed run (process {pid}) was ended" for pid in end_orphans(home)]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/api"
        _set_environment(home.resolve(), address, services)
        server = _start_server(home, listener, services)
    try:
        import prefect  # noqa: F401  # while the server starts, in another process

        _wait_until_healthy(server, address, home)
        notes += [f"the flow run {name} had stayed Running and was set to Crashed" for name in crash_stale_runs()]
        yield tuple(notes)
    finally:
        logging.disable()  # what Prefect's threads say about the end of their server is no news
        _end([psutil.Process(server.pid)] if server.poll() is None else [])


@contextmanager
def lock_of(home: Path) -> Iterator[bool]:
    """Takes the lock of a home for a server that lives longer than a run; yields whether it could be had."""
    from filelock import FileLock, Timeout

    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / ".lock", blocking=False)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def given_api(folder: Path) -> bool:
    """Whether the user names a Prefect server, in the environment or in `.env` (Prefect reads both)."""
    from dotenv import dotenv_values

    return bool(os.environ.get("PREFECT_API_URL") or dotenv_values(folder / ".env").get("PREFECT_API_URL"))


def _calm(services: Services) -> dict[str, str]:
    """Returns settings of any Prefect that we use: no telemetry, and no tracebacks where the report says what failed."""
    calm = {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "CRITICAL" if services == "few" else "INFO",
    }
    return {name: value for name, value in calm.items() if name not in os.environ}


def _set_environment(home: Path, address: str, services: Services) -> None:
    """Makes the embedded Prefect ours alone: no profile, key or database that the user has for other work."""
    import psutil

    for name in [
        name for name in os.environ if name.startswith("PREFECT_") and not name.startswith("PREFECT_LOGGING_")
    ]:
        del os.environ[name]
    os.environ.update(_calm(services))
    os.environ.update(
        {
            "PREFECT_HOME": str(home),
            "PREFECT_API_URL": address,
            "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
            "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",  # or Prefect would start a second one when ours is gone
            "PREFECT_SERVER_UI_ENABLED": "false",
            "PREFECT_LOGGING_TO_API_ENABLED": "false",  # the report is the log; sending lines costs a second at the end
            OWNER: f"{os.getpid()}@{psutil.Process().create_time():.2f}",
        }
    )


def _start_server(home: Path, listener: socket.socket, services: Services) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.endswith(("_TOKEN", "_API_KEY"))}
    environment["PREFECT__SERVER_FINAL"] = "1"
    if services == "few":
        environment["PREFECT__SERVER_EPHEMERAL"] = "1"
    uvicorn = [sys.executable, "-m", "uvicorn", "--factory", SERVER_PROGRAM, "--fd", str(listener.fileno())]
    with (home / "server.log").open("wb") as log:
        return subprocess.Popen(
            [*uvicorn, "--log-level", "error", "--lifespan", "on"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[listener.fileno()],
            start_new_session=True,  # Ctrl-C is for us: the server ends when we have said goodbye to it
        )


def _wait_until_healthy(server: subprocess.Popen[bytes], address: str, home: Path) -> None:
    """Waits for the first answer; the socket is open since before the server, so one request simply waits for it."""
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=START_SECONDS):
            return
    except OSError as error:
        fate = server.poll()
        why = f"no answer within {START_SECONDS:.0f} s" if fate is None else f"it ended with code {fate}"
        raise PrefectError(f"Prefect's server did not start: {why}; see {home / 'server.log'}") from error


class PrefectError(Exception):
    """The server that runs are told to could not be started."""


def end_orphans(home: Path) -> list[int]:
    """Ends the servers of this home whose owner is gone; returns their process ids."""
    import psutil

    orphans = [process for process in psutil.process_iter(["pid"]) if _is_orphan(process, home.resolve())]
    _end(orphans)
    return [process.pid for process in orphans]


def _is_orphan(process: Any, home: Path) -> bool:
    import psutil

    try:
        if process.uids().real != os.getuid() or not _is_server(process):
            return False
        environment = process.environ()
    except psutil.Error:  # it has just ended, or is not ours to look at
        return False
    return environment.get("PREFECT_HOME") == str(home) and not _is_alive(environment.get(OWNER, ""))


def _is_alive(owner: str) -> bool:
    import psutil

    pid, _, started = owner.partition("@")
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" == started
    except (psutil.NoSuchProcess, ValueError):
        return False


def crash_stale_runs(beside: str | None = None) -> list[str]:
    """Sets every Running flow run of our own server, apart from `beside`, to Crashed; returns their names.

    Only true while holding the lock of the data folder: the home belongs to it, so nobody else can be running.
    """
    if OWNER not in os.environ:  # a server that others use as well: its own services look after lost runs
        return []
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
    from prefect.client.schemas.objects import StateType

    running = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING])))
    with get_client(sync_client=True) as client:
        stale = [run for run in client.read_flow_runs(flow_run_filter=running) if str(run.id) != beside]
    for run in stale:
        crash_run(run.id, "The process ended without a word; a later run found this.")
    return [run.name for run in stale]


def forget_missed_runs() -> None:
    """Deletes what our own server had scheduled before: the next night catches up by itself, once and not once a day."""
    if OWNER not in os.environ:
        return
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
    from prefect.client.schemas.objects import StateType

    waiting = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])))
    with get_client(sync_client=True) as client:
        while runs := client.read_flow_runs(flow_run_filter=waiting):  # 200 at a time
            for run in runs:
                client.delete_flow_run(run.id)


def crash_run(flow_run_id: UUID, why: str) -> None:
    """Sets one flow run to Crashed."""
    from prefect.client.orchestration import get_client
    from prefect.states import Crashed

    with get_client(sync_client=True) as client:
        client.set_flow_run_state(flow_run_id, Crashed(message=why), force=True)


def tag_run(flow_run_id: str | None, *tags: str) -> None:
    """Tags the flow run that is at work, and only it: a flow's own tags would be handed on to its tasks."""
    from prefect.client.orchestration import get_client

    if flow_run_id is not None:
        with get_client(sync_client=True) as client:
            client.update_flow_run(UUID(flow_run_id), tags=tags)


def end_on_signals(flow_run_id: str | None = None) -> None:
    """Makes SIGINT, SIGTERM and SIGHUP end this process at once, with its children, and with 128 + the signal's number.

    At once, because threads may be waiting for minutes at a gate, and because every step leaves the disk as a kill would:
    whole. To be called again inside a flow, where Prefect has put its own reaction to SIGTERM in place of ours.
    """

    def end(number: int, _: object) -> NoReturn:
        name = signal.Signals(number).name
        for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(other, signal.SIG_IGN)
        os.write(2, f"stopped by {name}; what was fetched is kept, and the next run goes on from there\n".encode())
        if flow_run_id is not None:
            farewell = threading.Thread(target=_say_goodbye, args=(flow_run_id, f"Stopped by {name}."), daemon=True)
            farewell.start()
            farewell.join(timeout=GOODBYE_SECONDS)
        logging.disable()
        end_children()
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def _say_goodbye(flow_run_id: str, why: str) -> None:
    with suppress(Exception):  # the server may be gone already; a row that stays Running is found by the next run
        crash_run(UUID(flow_run_id), why)


def end_children() -> None:
    """Ends every process below this one; Prefect's server last, for the others have something to tell it."""
    import psutil

    children = psutil.Process().children(recursive=True)
    servers = [child for child in children if _is_server(child)]
    _end([child for child in children if child not in servers])
    _end(servers)


def _is_server(process: Any) -> bool:
    import psutil

    try:
        return SERVER_PROGRAM in process.cmdline()
    except psutil.Error:
        return False


def _end(processes: list[Any]) -> None:
    import psutil

    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, stubborn = psutil.wait_procs(processes, timeout=END_SECONDS)
    for process in stubborn:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=END_SECONDS)
