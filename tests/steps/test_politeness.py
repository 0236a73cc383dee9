"""What a whole night takes from an upstream: bounded waiting, budgets, and a rest for tomorrow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from night_runner import hold_night, run_night
from playing import Time

from harvester.raw.gate import Ticking
from harvester.rehearsal import NIGHTS, Rehearsal
from harvester.report import to_json
from harvester.report_words import to_markdown, to_text
from harvester.settings import load_settings
from harvester.steps.night import begin


def test_waiting_is_bounded_over_all_conversations_of_a_night_and_told(
    home: Path, environment: dict[str, str], rehearsal: Rehearsal
) -> None:
    patience = {"HARVESTER_ARXIV_SILENCE": "0.3", "HARVESTER_WAITING": "0.5", "HARVESTER_ATTEMPTS": "9"}
    settings = load_settings({**environment, **patience}, home)
    rehearsal.move_to(NIGHTS[0])
    rehearsal.play({"upstream": "arxiv", "kind": "http_429", "times": None})
    report = run_night(settings, NIGHTS[0])
    talks = [talk for talk in report.talks if talk.source == "arxiv_api"]
    assert len(talks) > 1
    assert sum(talk.waited_seconds for talk in talks) <= 0.6
    # One silence fits into the night's waiting, a second does not: only the first conversation asks twice.
    assert len(rehearsal.requests("arxiv")) <= len(talks) + 1
    assert report.state == "degraded"


def test_a_long_wait_is_announced_with_its_reason_and_end(
    home: Path, environment: dict[str, str], rehearsal: Rehearsal
) -> None:
    settings = load_settings({**environment, "HARVESTER_ARXIV_SILENCE": "40"}, home)
    rehearsal.move_to(NIGHTS[0])
    rehearsal.play({"upstream": "arxiv", "kind": "http_429"})
    said: list[str] = []
    watch = Time()  # sleeping moves it, and takes no time of ours
    with begin(settings, NIGHTS[0], lambda: datetime.now(UTC), said.append) as begun:
        hold_night(replace(begun, ticking=Ticking(watch.now, watch.sleep)))
    (waiting,) = [line for line in said if "waiting until" in line]
    until = datetime.fromtimestamp(Time().now() + 40, UTC)
    assert waiting == f"arxiv_api search: arXiv refused (429); waiting until {until:%H:%M:%S} UTC"


def test_attempts_are_bounded_by_the_setting(home: Path, environment: dict[str, str], rehearsal: Rehearsal) -> None:
    settings = load_settings({**environment, "HARVESTER_ATTEMPTS": "1"}, home)
    rehearsal.move_to(NIGHTS[0])
    rehearsal.play({"upstream": "semantic_scholar", "kind": "http_503", "times": None})
    run_night(settings, NIGHTS[0])
    assert len(rehearsal.requests("semantic_scholar")) == 1


def test_what_the_nights_budget_leaves_is_told_and_comes_first_tomorrow(
    home: Path, environment: dict[str, str], rehearsal: Rehearsal
) -> None:
    settings = load_settings({**environment, "HARVESTER_GITHUB_REQUESTS": "1"}, home)
    rehearsal.move_to(NIGHTS[0])
    report = run_night(settings, NIGHTS[0])
    (stars,) = [talk for talk in report.talks if talk.what == "stars"]
    assert (stars.requests, stars.due - stars.left, stars.degraded) == (1, 100, False)
    assert stars.left > 0
    assert report.state == "done"
    assert f"{stars.left} left for tomorrow" in to_text(report)
    assert f"| {stars.due} | {stars.left} |" in to_markdown(report)
    assert to_json(report)["talks"][report.talks.index(stars)]["left"] == stars.left
    rehearsal.move_to(NIGHTS[1])
    second = run_night(settings, NIGHTS[1]).figures
    assert second and second.stars_known > 100


def test_ages_and_shares_stand_in_every_form_of_the_report(
    home: Path, environment: dict[str, str], rehearsal: Rehearsal
) -> None:
    settings = load_settings(environment, home)
    for at in NIGHTS[:3]:
        rehearsal.move_to(at)
        report = run_night(settings, at)
        assert report.figures
        for age in (report.figures.citations_age, report.figures.stars_age, report.figures.metadata_age):
            assert age.values == age.fresh > 100
        stars = report.figures.stars_age
        assert report.figures.stars_known == stars.values + stars.gone
    assert "age of stars" in to_text(report)
    assert "| age of metadata | median 2 days" in to_markdown(report)
    assert to_json(report)["figures"]["stars_age"]["oldest_days"] >= 1
