"""Runs one night without Prefect: the steps in order, as the flow calls them.

As a script it can end itself by SIGKILL at the n-th word it says, to test what the next run makes of it:
`night_runner.py FOLDER AS_OF [--die-at N]`, with the upstreams in the environment.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dying import until_word

from harvester.report import Report
from harvester.settings import Settings, load_settings
from harvester.steps import tell
from harvester.steps.conclude import conclude
from harvester.steps.curate import curate
from harvester.steps.harvest import harvest
from harvester.steps.night import Night, begin
from harvester.steps.publish import publish
from harvester.steps.refresh import refresh_citations, refresh_metadata, refresh_stars


def run_night(
    settings: Settings, as_of: datetime | None, say: Callable[[str], None] = lambda _: None, *, anyway: bool = False
) -> Report:
    with begin(settings, as_of, lambda: datetime.now(UTC), say) as begun:
        return hold_night(replace(begun, publish_anyway=anyway))


def hold_night(night: Night) -> Report:
    started_at = night.clock()
    talks = [*harvest(night), *refresh_metadata(night), *refresh_stars(night), *refresh_citations(night)]
    curated = curate(night)
    shelved = publish(night, curated)
    report = conclude(night, started_at, talks, curated, shelved, [])
    tell.write_record(night.settings.data, report)
    return report


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("as_of", type=datetime.fromisoformat)
    parser.add_argument("--die-at", type=int, default=0)
    given = parser.parse_args()
    run_night(load_settings(os.environ, given.folder), given.as_of, until_word(given.die_at))


if __name__ == "__main__":
    main()
