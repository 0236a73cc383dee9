"""Backfills over real sockets: what they ask, that nothing is asked twice, and what they say before they start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from night_runner import run_night
from week_runner import run_backfill

from harvester.errors import SettingsError
from harvester.rehearsal import NIGHTS, Rehearsal, rehearse
from harvester.report import Report
from harvester.settings import Settings, load_settings
from harvester.steps.backfill import Estimate, backfill_legs, estimate, span
from harvester.steps.night import freeze, frozen_night
from harvester.steps.sweep import earlier
from harvester.windows import Window

AT = datetime(2024, 6, 10, 7, 0, tzinfo=UTC)
SINCE, UNTIL = date(2023, 3, 1), date(2023, 9, 1)  # half a year, long before what nights ask for


@pytest.fixture
def small() -> Iterator[Rehearsal]:
    with rehearse(AT, oai_page=5) as running:
        yield running


@pytest.fixture
def settings(home: Path, small: Rehearsal) -> Settings:
    topics = home / "editorial" / "topics.toml"
    text = topics.read_text(encoding="utf-8")
    topics.write_text(text.replace("[harvest]", '[harvest]\nsets = ["cs:cs:CL", "cs:cs:LG"]', 1))
    paces = {f"HARVESTER_{name}_INTERVAL": "0" for name in ("ARXIV", "GITHUB", "SEMANTIC_SCHOLAR", "OPENALEX")}
    return load_settings({**small.settings(), **paces, "HARVESTER_STATE": str(home / "state")}, home)


def run(settings: Settings, at: datetime = AT, since: date = SINCE, until: date = UNTIL) -> Report:
    return run_backfill(settings, at, since, until)


def told(settings: Settings) -> pd.DataFrame:
    return pd.read_parquet(settings.data / "curated" / "latest" / "papers.parquet")


def guess(settings: Settings, at: datetime = AT) -> Estimate:
    night = frozen_night(settings, at, freeze(settings), lambda: at, lambda _: None)
    return estimate(night, Window(SINCE, UNTIL))


def changed(r: Rehearsal, since: date, until: date) -> set[str]:
    visible = r.world.papers_visible(r.now())
    return {p.id for p in visible if {"cs.CL", "cs.LG"} & {*p.facts.categories} and since <= p.modified.date() < until}


def test_history_is_asked_of_both_interfaces_and_published(settings: Settings, small: Rehearsal) -> None:
    report = run(settings)
    assert (report.state, report.kind) == ("done", "backfill")
    assert report.sweep
    assert report.sweep.records >= len(changed(small, SINCE, UNTIL)) > 20
    found = {subject.removeprefix("arxiv:") for subject in told(settings)["subject"]}
    matching = {p.id for p in small.world.papers_visible(AT) if p.facts.topic and SINCE <= p.published.date() < UNTIL}
    in_sets = {p for p in matching if {"cs.CL", "cs.LG"} & {*small.world.papers[p].categories}}
    assert in_sets
    assert len(in_sets - found) <= len(in_sets) * 0.1  # the world's topics are those of its makers, not of our phrases


def test_what_was_asked_is_not_asked_again_by_a_backfill_nor_by_a_night(settings: Settings, small: Rehearsal) -> None:
    run(settings)
    small.reset_log()
    again = run(settings, AT + timedelta(hours=1), SINCE + timedelta(days=30), UNTIL - timedelta(days=10))
    assert again.talks == ()
    assert small.requests() == []
    small.move_to(NIGHTS[8])
    searches = (talk.asked for talk in run_night(settings, NIGHTS[8]).talks if talk.what.startswith("search"))
    days = [day for asked in searches for day in re.findall(r"submitted from (\S+)", asked)]
    assert days
    assert min(days) > "2023-11-01"  # the 180 days that a night asks back for, and not the backfill's


def test_a_backfill_that_failed_goes_on_by_its_token_days_later(settings: Settings, small: Rehearsal) -> None:
    small.play({"upstream": "arxiv_oai", "kind": "http_404", "after": 2, "times": None})
    first = run(settings)
    assert first.state == "degraded"
    small.behave()
    small.reset_log()
    later = AT + timedelta(days=3)
    small.move_to(later)
    again = run(settings, later)
    assert again.state == "done"
    tokens = [request for request in small.requests("arxiv_oai") if "resumptionToken" in request.path]
    assert tokens
    night = frozen_night(settings, later + timedelta(hours=1), freeze(settings), lambda: later, lambda _: None)
    assert backfill_legs(tuple(earlier(night)), night.editorial, Window(SINCE, UNTIL)) == []


def test_the_estimate_follows_what_earlier_sweeps_took(settings: Settings, small: Rehearsal) -> None:
    before = guess(settings)
    assert "no sweep was ended here yet" in str(before)
    assert before.pages >= 2 * 180 * 0.5
    run(settings, AT, UNTIL, UNTIL + timedelta(days=60))
    after = guess(settings, AT + timedelta(hours=1))
    assert re.search(
        r"pages as \d+ sweeps of 1\d\d days in all took here, searches by what arXiv's answers were", str(after)
    )
    small.reset_log()
    run(settings, AT + timedelta(hours=2))
    spent = len(small.requests("arxiv_oai"))
    assert after.pages / 3 <= spent <= after.pages * 3


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (date(2030, 1, 1), date(2030, 2, 1), "lies in the future"),
        (date(2024, 2, 1), date(2024, 1, 1), "it is the day behind the last one"),
        (date(1980, 1, 1), date(2024, 1, 1), "before arXiv, which opened in August 1991: begin with 1991-08-01"),
    ],
    ids=["in the future", "the wrong way round", "before arXiv"],
)
def test_days_that_cannot_be_are_refused_in_words(since: date, until: date, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        span(since, until, AT)


def test_the_last_day_may_be_today_and_no_later() -> None:
    assert span(date(2024, 6, 1), date(2025, 1, 1), AT) == Window(date(2024, 6, 1), date(2024, 6, 11))
