"""Starts the flows as a timer does, watches them from outside, and looks for what they leave."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from harvester.rehearsal import NIGHTS, Rehearsal

ROOT = Path(__file__).resolve().parents[1]
NIGHTLY = ("nightly.py", "--as-of", f"{NIGHTS[0]:%Y-%m-%dT%H:%M:%SZ}")
PATIENCE = 120.0  # seconds; Prefect starts within ten, and several times that on a busy machine

# Written as sitecustomize.py, this tells every address and every name that any Python process of the tree asks for.
_EAR = """
import os, sys
_file = os.open({path!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def _hear(event, given):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        os.write(_file, f"{{event}} {{given[0]}}\\n".encode())
    elif event in ("socket.connect", "socket.sendto") and isinstance(given[1], tuple):
        os.write(_file, f"{{event}} {{given[1][0]}}\\n".encode())
sys.addaudithook(_hear)
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """One folder, the environment of its processes, and the upstreams that they find."""

    home: Path
    environment: dict[str, str]
    rehearsal: Rehearsal

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a flow to its end."""
        with self.running(script, *arguments) as process:
            said, told = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(process.args, process.returncode, said, told)

    @contextmanager
    def running(self, script: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Starts a flow in a session of its own, as a terminal or a timer does."""
        command = [sys.executable, str(ROOT / "flows" / script), *arguments]
        with subprocess.Popen(
            command,
            cwd=self.home,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                yield process
            finally:
                with suppress(ProcessLookupError):
                    process.kill()

    def stop_amid(self, upstream: str, number: signal.Signals) -> subprocess.CompletedProcess[str]:
        """Starts a night, and sends a signal while its first request to `upstream` is under way."""
        before = len(self.rehearsal.requests(upstream))
        self.rehearsal.play({"upstream": upstream, "kind": "stall", "seconds": 60})
        with self.running(*NIGHTLY) as process:
            wait_until(lambda: len(self.rehearsal.requests(upstream)) > before or process.poll() is not None)
            if number is signal.SIGINT:
                os.killpg(process.pid, number)  # Ctrl-C reaches the whole group
            else:
                process.send_signal(number)
            said, told = process.communicate(timeout=PATIENCE)
        self.rehearsal.behave()
        return subprocess.CompletedProcess(process.args, process.returncode, said, told)

    def listen(self) -> Path:
        """Makes every later process write down whom it connects to; returns the file."""
        ears, heard = self.home.parent / "ears", self.home.parent / "heard.txt"
        ears.mkdir()
        (ears / "sitecustomize.py").write_text(_EAR.format(path=str(heard)), encoding="utf-8")
        self.environment["PYTHONPATH"] = str(ears)
        return heard

    def left_behind(self) -> list[psutil.Process]:
        """Returns the processes that name this folder in their command or environment, or stand in it."""
        return [process for process in psutil.process_iter() if process.pid != os.getpid() and self._names(process)]

    def _names(self, process: psutil.Process) -> bool:
        home = str(self.home)
        try:
            words = [*process.cmdline(), *process.environ().values(), process.cwd()]
            return process.status() != psutil.STATUS_ZOMBIE and any(home in word for word in words)
        except psutil.Error:  # ended meanwhile, or somebody else's
            return False


@dataclass(slots=True)
class Watched:
    """What the processes of one tree were connected to, looked at many times a second."""

    addresses: set[str] = field(default_factory=set)
    ports: set[int] = field(default_factory=set)
    looks: int = 0


@contextmanager
def watched(pid: int) -> Iterator[Watched]:
    """Watches the sockets of a process and all below it until the block ends."""
    seen, ended = Watched(), threading.Event()

    def look() -> None:
        while not ended.wait(0.05):
            for process in _tree(pid):
                with suppress(psutil.Error):
                    _note(process, seen)
            seen.looks += 1

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        ended.set()
        watcher.join()


def _tree(pid: int) -> list[psutil.Process]:
    with suppress(psutil.Error):
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    return []


def _note(process: psutil.Process, seen: Watched) -> None:
    for connection in process.net_connections("inet"):
        seen.addresses |= {end.ip for end in (connection.laddr, connection.raddr) if end}
        seen.ports |= {connection.raddr.port} if connection.raddr else set()


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        threading.Event().wait(0.02)
