"""Every fault, on the first, a middle and the last request of a run and on all: judged, and as docs/reliability.md says."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from matrix_runner import PLACES, outcome

from harvester.rehearsal.matrix import Trial, trials

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
SCRIPT: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "reliability_doc.py"))
ROWS: dict[tuple[str, str], list[str]] = SCRIPT["read_rows"](PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("trial", list(trials()), ids=lambda trial: f"{trial.upstream}: {trial.name}")
def test_a_fault_does_no_harm_that_the_page_does_not_tell(trial: Trial) -> None:
    outcomes = [outcome(trial, place) for place in PLACES]
    assert outcomes == ROWS[trial.upstream, trial.name], "run: python scripts/reliability_doc.py"


def test_the_page_tells_every_fault_and_nothing_else() -> None:
    assert PAGE.read_text(encoding="utf-8") == SCRIPT["document"](ROWS), "run: python scripts/reliability_doc.py"
    assert list(ROWS) == [(trial.upstream, trial.name) for trial in trials()]
