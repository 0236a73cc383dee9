"""The benchmarks: `make bench` prints a table and writes `benchmarks/results.json`.

Each case runs in a process of its own, so that its peak memory is its own; a case prints its figures as one JSON line.
Timings belong here and never into tests: machines differ, and what must hold is told beside the figure.

    python benchmarks/run.py                all cases
    python benchmarks/run.py render match   some of them
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CASES: dict[str, str] = {  # name: what should hold
    "help": "harvester --help under 0.3 s",
    "match": "30,000 abstracts a second of processor time",
    "twins": "20,000 papers compared in 5 s of processor time",
    "fold": "10,000 records read and merged in about a second",
    "publish": "10,000 papers and 100,000 observations published in seconds",
    "render": "10,000 entries rendered in 2 s",
    "adopt": "hand-kept pages read at 5 MB/s",
    "rank": "learnt from 8,000 papers and 6,500 scored with reasons in 5 s on one core; 500 MB",
    "night": "a night under 10 s beyond pauses and Prefect's start; 400 MB beside its server",
}


def main(names: list[str]) -> None:
    """Runs the named cases (all by default), prints the table, writes the JSON."""
    unknown = sorted(set(names) - set(CASES))
    if unknown:
        sys.exit(f"no benchmark {unknown[0]!r}; there are: {', '.join(CASES)}")
    results = {name: _measure(name) for name in names or CASES}
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    _print_table(results)


def _measure(name: str) -> dict[str, float]:
    """Runs one case; returns its own figures, and seconds and peak memory of the whole process."""
    print(f"{name} …", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="harvester-bench-") as scratch:
        command = [sys.executable, str(HERE / "cases.py"), name, scratch]
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        said = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"benchmark {name} failed")
    whole = {"process_seconds": round(seconds, 2), "peak_mb": round(usage.ru_maxrss / 1024, 1)}
    return {**json.loads(said.splitlines()[-1]), **whole}


def _print_table(results: dict[str, dict[str, float]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("benchmark", "figures", "peak MB", "what should hold")
    for name, figures in results.items():
        own = ", ".join(
            f"{key} {value:,}" for key, value in figures.items() if key not in ("peak_mb", "process_seconds")
        )
        table.add_row(name, own, f"{figures['peak_mb']:,}", CASES[name])
    Console(width=None if sys.stdout.isatty() else 140).print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
