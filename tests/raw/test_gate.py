from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from playing import Time

from harvester.errors import Refused, SettingsError
from harvester.raw.gate import Gate, open_gate
from harvester.settings import load_settings

PASSING = """
import sys, time
from pathlib import Path
from harvester.raw.gate import Gate
gate = Gate(Path(sys.argv[1]), "arxiv", 0.1)
for _ in range(4):
    with gate.passage():
        print(time.time(), flush=True)
        time.sleep(0.01)
        print(time.time(), flush=True)
"""
HOLDING = """
import sys, time
from pathlib import Path
from harvester.raw.gate import Gate
with Gate(Path(sys.argv[1]), "arxiv", 0.0).passage():
    print("in", flush=True)
    time.sleep(60)
"""


def gate(folder: Path, clock: Time, interval: float = 3.0, name: str = "arxiv-here:80") -> Gate:
    return Gate(folder, name, interval, now=clock.now, sleep=clock.sleep)


def test_the_first_passes_at_once_and_the_second_after_the_interval(tmp_path: Path) -> None:
    clock = Time()
    with gate(tmp_path, clock).passage() as first:
        clock.seconds += 1.0
    with gate(tmp_path, clock).passage() as second:
        pass
    assert (first.waited_seconds, second.held_seconds) == (0.0, 0.0)
    assert second.waited_seconds == pytest.approx(2.05)  # a little more than 3 s from start to start


def test_a_slow_connection_does_not_bring_two_starts_closer(tmp_path: Path) -> None:
    clock = Time()
    door = gate(tmp_path, clock)
    with door.passage():
        clock.seconds += 2.0
        door.started()
    with door.passage() as second:
        assert second.waited_seconds == pytest.approx(3.05)


def test_a_hold_keeps_everybody_out(tmp_path: Path) -> None:
    clock = Time()
    with gate(tmp_path, clock).passage():
        gate(tmp_path, clock, name="other").hold(999.0)
        gate(tmp_path, clock, name="other").hold(5.0)
    door = gate(tmp_path, clock, name="other")
    with door.passage() as passage:
        assert passage.held_seconds == pytest.approx(999.0)


def test_who_is_not_patient_enough_is_told_until_when(tmp_path: Path) -> None:
    clock = Time()
    gate(tmp_path, clock).hold(100.0)
    words = "left alone until 2027-01-15 08:01:40 UTC"
    with pytest.raises(Refused, match=words) as refusal, gate(tmp_path, clock).passage(patience=99.0):
        pass
    assert refusal.value.retry_at is not None
    assert clock.slept == []


def test_a_hold_is_bounded(tmp_path: Path) -> None:
    clock = Time()
    gate(tmp_path, clock).hold(1e12)
    clock.seconds += 86_400
    with gate(tmp_path, clock).passage() as passage:
        assert passage.waited_seconds == 0.0


def test_a_clock_set_back_costs_one_interval_at_most(tmp_path: Path) -> None:
    clock = Time()
    with gate(tmp_path, clock).passage():
        pass
    clock.seconds -= 1_000_000
    with gate(tmp_path, clock).passage() as passage:
        assert passage.waited_seconds == pytest.approx(3.05)


def test_a_clock_set_back_does_not_prolong_a_hold(tmp_path: Path) -> None:
    clock = Time()
    gate(tmp_path, clock).hold(60.0)
    clock.seconds -= 1_000_000
    with gate(tmp_path, clock).passage() as passage:
        assert passage.held_seconds == pytest.approx(60.0)


@pytest.mark.parametrize(
    "torn", ["", "{", "[]", '{"started": "x"}', '{"started":NaN,"held_at":Infinity,"held_until":0}']
)
def test_a_torn_mark_costs_one_interval(tmp_path: Path, torn: str) -> None:
    clock = Time()
    door = gate(tmp_path, clock)
    (tmp_path / "arxiv-here_80.json").write_text(torn)
    with door.passage() as passage:
        assert passage.waited_seconds <= 3.05 + 1e-6
    with door.passage() as passage:
        assert passage.waited_seconds == pytest.approx(3.05)


def test_starts_are_spaced_over_several_processes(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PASSING, str(tmp_path)]
    passing = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    spans: list[tuple[float, float]] = []
    for process in passing:
        said = process.communicate(timeout=30)[0].split()
        spans += zip(map(float, said[::2]), map(float, said[1::2]), strict=True)
    spans.sort()
    assert len(spans) == 12
    for (start, end), (following, _) in pairwise(spans):
        assert following > end  # one at a time
        assert following - start > 0.09  # the clock is read a moment after the gate has opened


def test_a_holder_that_is_killed_frees_the_gate(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDING, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "in\n"
        passed = threading.Event()

        def pass_through() -> None:
            with Gate(tmp_path, "arxiv", 0.0).passage():
                passed.set()

        waiting = threading.Thread(target=pass_through)
        waiting.start()
        assert not passed.wait(0.2)
        os.kill(holder.pid, signal.SIGKILL)
        assert passed.wait(2.0)
        waiting.join()


def test_threads_with_gates_of_their_own_pass_one_at_a_time(tmp_path: Path) -> None:
    inside: list[str] = []

    def pass_through() -> None:
        with Gate(tmp_path, "arxiv", 0.0).passage():
            inside.append("in")
            time.sleep(0.02)
            inside.append("out")

    threads = [threading.Thread(target=pass_through) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inside == ["in", "out"] * 4


def test_an_error_inside_leaves_the_gate_open(tmp_path: Path) -> None:
    door = Gate(tmp_path, "arxiv", 0.0)
    with pytest.raises(KeyError), door.passage():
        raise KeyError
    with door.passage():
        pass


def test_all_interfaces_of_arxiv_share_one_gate(tmp_path: Path) -> None:
    settings = replace(load_settings({}, tmp_path), state=tmp_path)
    clock = Time()
    for source in ("arxiv_api", "arxiv_oai"):
        with open_gate(settings, settings.upstreams[source], now=clock.now, sleep=clock.sleep).passage():
            pass
    assert clock.slept == [pytest.approx(3.05)]
    with open_gate(settings, settings.upstreams["github"], now=clock.now, sleep=clock.sleep).passage() as passage:
        assert passage.waited_seconds == 0.0


def test_a_state_folder_that_cannot_be_written_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="HARVESTER_STATE"):
        Gate(tmp_path / "file" / "gates", "arxiv", 0.0)
