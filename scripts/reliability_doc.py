"""Write docs/reliability.md by playing every fault: `python scripts/reliability_doc.py` (minutes). A test compares.

With the name of an upstream, as in the table, only its rows are played anew.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from harvester.rehearsal.matrix import Trial, trials

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reliability.md"
_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # many runs wait for the disk otherwise
PLACES = ("first", "middle", "last", "all")
Rows = Mapping[tuple[str, str], Sequence[str]]

HEAD = """\
# Reliability: what a night makes of an upstream's bad day

<!-- written by scripts/reliability_doc.py from what was played; a test plays it again and compares -->

Every row is a fault that `harvester rehearse` can play (`src/harvester/rehearsal/matrix.py`), over real sockets, to a run
of the steps that the flows call: on the **first**, a **middle** and the **last** request to that upstream, and on **all** of
them. OAI-PMH is asked by the weekly run, the others by the night. For every cell the test also checks, against the truth of
the rehearsed world, that

- no value is false: each is what the upstream truly has, or the last known one, with a status that says so,
- no paper, repository, entry or link that was known is lost, and no entry leaves its page,
- requests are bounded, their pace is kept, and ten minutes of silence follow a 429 of arXiv,
- the run ends with exit code 0 or 3, and says in one line what is amiss,
- planted keys stand in no file that was written, and no other host is asked anything,
- the next, undisturbed run knows what it would have known without the fault.

What the words mean:

| | |
|---|---|
| *repeated* | it was asked again in the same run |
| *passed over* | nothing was asked again: nothing was lost by the answer |
| *nothing missing* | papers, values and statuses are those of a run without the fault |
| *degraded* | exit code 3, with the cause; without it, exit code 0 |
| *new papers wait*, *new counts wait* | what was new that day comes with the next run |
| *older metadata kept*, *last values kept* | what was known stands, with its date and the status `failed` |
| *called gone* | the answer cannot be told from a true one: the value stands with the status `gone` |
| *without a count now* | it is known there, but not its count: the value stands with its date and the status `no_count` |
| *odd values set aside* | status `suspect`: believed when three days agree |
| *held back* | no snapshot is published, so that all stays as it was, until later nights agree |
| *a first number is believed* | nothing was known before to compare it with |
| *last values confirmed* | a lie of the server: "not modified" to a question that asked for that |
| *the other source's count, labelled* | OpenAlex speaks where Semantic Scholar says that it does not know a paper |
| *details wait* | licence, dates and the like come back with the next run |
| *taken for another repository* | another id under a known name is told; mended when it is asked again, within a week |
"""


def document(rows: Rows) -> str:
    """Returns the page from the outcomes of every fault, in the order of `PLACES`."""
    parts = [HEAD]
    for upstream in dict.fromkeys(trial.upstream for trial in trials()):
        lines = [f"## {upstream}", "", "| fault | first | middle | last | all |", "|---|---|---|---|---|"]
        mine = (trial for trial in trials() if trial.upstream == upstream)
        lines += [f"| {trial.name} | {' | '.join(rows[upstream, trial.name])} |" for trial in mine]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def read_rows(text: str) -> dict[tuple[str, str], list[str]]:
    """Reads the outcomes back from the page."""
    rows: dict[tuple[str, str], list[str]] = {}
    upstream = ""
    for line in text.splitlines():
        upstream = line.removeprefix("## ") if line.startswith("## ") else upstream
        if upstream and (cells := re.findall(r"(?<=\| )[^|]*(?= \|)", line)) and cells[0] != "fault":
            rows[upstream, cells[0]] = cells[1:]
    return rows


def play(trial: Trial) -> list[str]:
    """Plays one fault at every place; raises AssertionError where a run does what it must not."""
    sys.path.insert(0, str(ROOT / "tests"))
    from matrix_runner import outcome

    outcomes: list[str] = [outcome(trial, place) for place in PLACES]  # type: ignore[arg-type]  # the same four words
    return outcomes


def main() -> None:
    """Plays what was asked for, in parallel, and writes the page."""
    wanted = [trial for trial in trials() if not sys.argv[1:] or trial.upstream in sys.argv[1:]]
    rows = read_rows(PAGE.read_text(encoding="utf-8")) if sys.argv[1:] else {}
    with TemporaryDirectory(dir=_MEMORY) as folder, ProcessPoolExecutor() as pool:
        os.environ["TMPDIR"] = folder  # the processes of the pool are ended without a chance to tidy up
        for trial, outcomes in zip(wanted, pool.map(play, wanted), strict=True):
            rows[trial.upstream, trial.name] = outcomes
            print(f"{trial.upstream}: {trial.name}: {'; '.join(outcomes)}", flush=True)
    PAGE.write_text(document(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
