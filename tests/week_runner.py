"""Runs one week, or one backfill, without Prefect: the steps in order, as the flows call them.

As a script it can end itself by SIGKILL at the n-th word it says, to test what the next run makes of it:
`week_runner.py FOLDER AS_OF [--since DAY --until DAY] [--die-at N]`, with the upstreams in the environment.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from dying import until_word

from harvester.report import Report
from harvester.settings import Settings, load_settings
from harvester.steps import tell
from harvester.steps.backfill import backfill, span
from harvester.steps.conclude import conclude
from harvester.steps.curate import curate
from harvester.steps.night import Night, begin
from harvester.steps.publish import publish
from harvester.steps.recall import findings
from harvester.steps.sweep import Swept, sweep

Say = Callable[[str], None]


def _quiet(_: str) -> None:
    pass


def run_week(settings: Settings, as_of: datetime | None, say: Say = _quiet) -> Report:
    with begin(settings, as_of, lambda: datetime.now(UTC), say, "weekly") as night:
        return hold_week(night)


def hold_week(night: Night) -> Report:
    return _finish(night, sweep(night))


def run_backfill(settings: Settings, as_of: datetime | None, since: date, until: date, say: Say = _quiet) -> Report:
    with begin(settings, as_of, lambda: datetime.now(UTC), say, "backfill") as night:
        return hold_backfill(night, since, until)


def hold_backfill(night: Night, since: date, until: date) -> Report:
    return _finish(night, backfill(night, span(since, until, night.as_of)))


def _finish(night: Night, swept: Swept) -> Report:
    curated = curate(night)
    shelved = publish(night, curated)
    report = conclude(night, night.clock(), swept.talks, curated, shelved, [])
    report = replace(report, sweep=findings(night, swept.talks), notes=(*report.notes, *swept.notes))
    tell.write_record(night.settings.data, report)
    return report


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("as_of", type=datetime.fromisoformat)
    parser.add_argument("--since", type=date.fromisoformat)
    parser.add_argument("--until", type=date.fromisoformat)
    parser.add_argument("--die-at", type=int, default=0)
    given = parser.parse_args()
    settings, say = load_settings(os.environ, given.folder), until_word(given.die_at)
    if given.since:
        run_backfill(settings, given.as_of, given.since, given.until, say)
    else:
        run_week(settings, given.as_of, say)


if __name__ == "__main__":
    main()
