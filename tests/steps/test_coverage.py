"""Which days were asked for, told from finished searches."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from harvester.definitions import read_editorial
from harvester.raw.landings import finish, open_folder
from harvester.records import Outcome
from harvester.steps.coverage import Coverage, Hole, coverage, days_behind

EDITORIAL = read_editorial(
    {"topics.toml": 'categories = ["cs.CL"]\n[harvest]\nsince = 2026-11-01\n[topics.a]\ninclude = ["kv"]\n'}
)
COMPLETE = Outcome("complete")


def search(raw: Path, on: int, since: int, until: int, outcome: Outcome | None = COMPLETE) -> None:
    night = datetime(2026, 11, on, 3, tzinfo=UTC)
    wanted = {
        "window": [f"2026-11-{since:02}", f"2026-11-{until:02}"],
        "forms": ["kv", "KV"],
        "categories": ["cs.CL"],
    }
    folder = open_folder(raw, "arxiv_api", night, "search", wanted)
    if outcome:
        finish(folder, outcome, night)


def told(raw: Path, on: int) -> Coverage:
    found = coverage(EDITORIAL, raw, datetime(2026, 11, on, 5, tzinfo=UTC))
    assert found is not None
    return found


def day(number: int) -> date:
    return date(2026, 11, number)


def test_what_one_search_settles_is_without_a_break_until_its_night(tmp_path: Path) -> None:
    search(tmp_path, 20, 1, 21)
    found = told(tmp_path, 20)
    assert (found.since, found.until, found.holes) == (day(1), day(20), ())
    assert days_behind(found, day(20)) == 0


def test_missed_nights_are_days_behind(tmp_path: Path) -> None:
    search(tmp_path, 17, 1, 18)
    found = told(tmp_path, 20)
    assert (found.until, days_behind(found, day(20))) == (day(17), 3)
    assert [(hole.since, hole.until) for hole in found.holes] == [(day(17), day(20))]


def test_what_the_budget_left_is_a_hole_behind_the_newest_days(tmp_path: Path) -> None:
    search(tmp_path, 20, 11, 21)
    found = told(tmp_path, 20)
    assert (found.since, found.until) == (day(11), day(20))
    assert [(hole.since, hole.until, hole.categories) for hole in found.holes] == [(day(1), day(11), 1)]


@pytest.mark.parametrize("outcome", [None, Outcome("failed", "503", degraded=True), Outcome("partial", "cut")])
def test_a_search_that_did_not_end_complete_covers_nothing(tmp_path: Path, outcome: Outcome | None) -> None:
    search(tmp_path, 20, 1, 21, outcome)
    assert told(tmp_path, 20).holes == (Hole(day(1), day(20), 1, 1),)


def test_before_the_first_night_and_with_a_folder_of_somebody_nothing_is_covered(tmp_path: Path) -> None:
    (tmp_path / "arxiv_api" / "2026-11-20T030000Z-search").mkdir(parents=True)
    found = told(tmp_path, 20)
    assert (found.since, found.until) == (day(1), day(1))


def test_without_topics_there_is_nothing_to_cover(tmp_path: Path) -> None:
    assert (
        coverage(
            read_editorial({"topics.toml": 'categories = ["cs.CL"]\n'}), tmp_path, datetime(2026, 11, 20, tzinfo=UTC)
        )
        is None
    )
