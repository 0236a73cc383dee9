"""Papers that arXiv counts and never sends, or sends so that nobody can use them: told, asked once more, then let be."""

from __future__ import annotations

import pytest
from night_runner import run_night

from harvester.rehearsal import NIGHTS, Rehearsal
from harvester.report import Report, Talk
from harvester.settings import Settings


def searches(report: Report) -> list[Talk]:
    return [talk for talk in report.talks if talk.what.startswith("search")]


def keep_night(settings: Settings, rehearsal: Rehearsal, number: int) -> Report:
    rehearsal.move_to(NIGHTS[number])
    return run_night(settings, NIGHTS[number])


def test_a_total_that_is_always_one_too_high_degrades_the_first_night_only(
    settings: Settings, rehearsal: Rehearsal
) -> None:
    honest = "search_query"
    rehearsal.play({"upstream": "arxiv", "kind": "wrong_total", "off": 1, "times": None, "path": honest})
    first, second, third = (keep_night(settings, rehearsal, number) for number in range(3))
    assert first.state == "degraded"
    assert {talk.state for talk in searches(first)} == {"partial"}
    for later in (second, third):
        assert [cause for cause in later.causes if "never arrived" in cause] == []
        assert {talk.state for talk in searches(later)} == {"complete"}
        assert any("1 of " in note and "as in an earlier night" in note for note in later.notes)
    assert len(searches(third)) == 1  # the days before are settled


@pytest.mark.parametrize(("before", "now"), [(3, 2), (40, 40)])
def test_papers_that_lack_otherwise_than_the_night_before_or_in_numbers_are_asked_for_again(
    settings: Settings, rehearsal: Rehearsal, before: int, now: int
) -> None:
    rehearsal.play({"upstream": "arxiv", "kind": "wrong_total", "off": before, "times": None})
    keep_night(settings, rehearsal, 0)
    rehearsal.behave()
    rehearsal.play({"upstream": "arxiv", "kind": "wrong_total", "off": now, "times": None})
    second = keep_night(settings, rehearsal, 1)
    assert {talk.state for talk in searches(second)} == {"partial"}
    assert any("never arrived" in cause for cause in second.causes)
    rehearsal.behave()
    third = keep_night(settings, rehearsal, 2)
    assert {talk.state for talk in searches(third)} == {"complete"}
    assert searches(third)[0].why == ""
