"""Weekly runs over real sockets: what they ask, what they find, and how they go on."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from night_runner import run_night
from week_runner import run_week

from harvester.curated.match import compile_topics
from harvester.definitions import read_editorial
from harvester.ids import ArxivId, Subject
from harvester.raw import landings
from harvester.records import Paper
from harvester.rehearsal import NIGHTS, Rehearsal, rehearse
from harvester.settings import Settings, load_settings, read_texts
from harvester.sources import arxiv_oai

SUNDAY = datetime(2024, 6, 9, 7, 0, tzinfo=UTC)
LATE = "arxiv:2406.12673"  # submitted on 17 May, to be seen from 6 June on


@pytest.fixture
def paged(home: Path) -> Path:
    """Topics whose sets the rehearsal knows, and pages so small that every set takes several."""
    topics = home / "editorial" / "topics.toml"
    text = topics.read_text(encoding="utf-8")
    topics.write_text(text.replace("[harvest]", '[harvest]\nsets = ["cs:cs:CL", "cs:cs:LG", "stat:stat:ML"]', 1))
    return topics


def asked(r: Rehearsal) -> list[dict[str, str]]:
    queries = (urlsplit(request.path).query for request in r.requests("arxiv_oai"))
    return [{name: values[0] for name, values in parse_qs(query).items()} for query in queries]


def papers(settings: Settings) -> pd.DataFrame:
    return pd.read_parquet(settings.data / "curated" / "latest" / "papers.parquet").set_index("subject")


def in_sets(r: Rehearsal, since: date, until: datetime) -> set[str]:
    """The world's truth: papers of the three sets that were changed since that day."""
    wanted = {"cs.CL", "cs.LG", "stat.ML"}
    visible = r.world.papers_visible(until)
    return {p.id for p in visible if wanted & {*p.facts.categories} and p.modified.date() >= since}


def seen_ids(settings: Settings) -> set[str]:
    said = (
        landing
        for folder in landings.folders(settings.data / "raw")
        if folder.source == "arxiv_oai"
        for landing in list(landings.read_folder(folder).landings.values())
    )
    return {record.arxiv_id for landing in said for record in arxiv_oai.read(landing).papers}


@pytest.fixture
def small() -> object:
    with rehearse(oai_page=7) as running:
        yield running


@pytest.fixture
def weekly(home: Path, paged: object, small: Rehearsal) -> Settings:
    paces = {f"HARVESTER_{name}_INTERVAL": "0" for name in ("ARXIV", "GITHUB", "SEMANTIC_SCHOLAR", "OPENALEX")}
    silence = {"HARVESTER_ARXIV_SILENCE": "0"}
    own = {"HARVESTER_STATE": str(home / "state"), "GITHUB_TOKEN": "ghp_rehearsal"}
    return load_settings({**small.settings(), **paces, **silence, **own}, home)


def test_a_week_brings_every_record_changed_in_45_days_by_its_chain_of_tokens(
    weekly: Settings, small: Rehearsal
) -> None:
    small.move_to(SUNDAY)
    report = run_week(weekly, SUNDAY)
    assert (report.state, report.kind) == ("done", "weekly")
    assert [talk.state for talk in report.talks] == ["complete"] * 3
    assert seen_ids(weekly) == in_sets(small, SUNDAY.date() - timedelta(days=45), SUNDAY)
    questions = asked(small)
    assert {each["metadataPrefix"] for each in questions if "resumptionToken" not in each} == {"arXivRaw"}
    assert all(each.keys() == {"verb", "resumptionToken"} for each in questions if "resumptionToken" in each)
    assert [each["until"] for each in questions if "until" in each] == ["2024-06-09"] * 3
    record = json.loads((weekly.data / "runs" / "2024-06-09T070000Z.json").read_text())
    assert (record["kind"], record["sweep"]["pages"]) == ("weekly", len(questions))


def test_a_paper_three_weeks_late_is_found_by_the_week_and_counted_against_the_recall(
    weekly: Settings, small: Rehearsal
) -> None:
    for night in NIGHTS[:6]:
        small.move_to(night)
        run_night(weekly, night)
    assert LATE not in papers(weekly).index
    small.move_to(SUNDAY)
    report = run_week(weekly, SUNDAY)
    assert report.sweep
    assert LATE in report.sweep.only_swept
    assert report.sweep.missed == (LATE,)
    assert report.sweep.recall_of == len(_due(weekly, small))
    assert report.sweep.recalled == report.sweep.recall_of - 1
    assert LATE in papers(weekly).index
    assert papers(weekly).index.is_unique
    waiting = pd.read_parquet(weekly.data / "curated" / "latest" / "candidates.parquet")
    assert LATE in set(waiting["subject"])


def _due(settings: Settings, r: Rehearsal) -> set[str]:
    """The world's truth: matching papers of the sets, submitted on days that the nights until 8 June had settled."""
    topics = compile_topics(read_editorial(read_texts(settings.editorial)).topics)
    settled = NIGHTS[5].date() - timedelta(days=7)
    since = NIGHTS[0].date() - timedelta(days=180)
    found = in_sets(r, SUNDAY.date() - timedelta(days=45), SUNDAY)
    said = {
        record.arxiv_id: record
        for folder in landings.folders(settings.data / "raw")
        if folder.source == "arxiv_oai"
        for landing in list(landings.read_folder(folder).landings.values())
        for record in arxiv_oai.read(landing).papers
    }
    due: set[str] = set()
    for number in map(ArxivId, found):
        record = said[number]
        paper = Paper(Subject(LATE), record, (), None, "ok", None, None, None)  # only its record counts
        if since <= record.submitted_at.date() < settled and topics.matches(paper):
            due.add(number)
    return due


def test_the_pages_of_a_run_are_bounded_and_the_next_run_goes_on_by_the_token(
    weekly: Settings, small: Rehearsal, paged: Path
) -> None:
    paged.write_text(paged.read_text().replace("[harvest]", "[harvest]\nsweep_pages = 5", 1))
    small.move_to(SUNDAY)
    report = run_week(weekly, SUNDAY)
    assert len(asked(small)) == 5
    assert (report.state, report.talks[-1].state) == ("done", "partial")
    assert any("the next run goes on" in note for note in report.notes)
    assert any("sweeps left to the next run" in note for note in report.notes)

    for week in range(1, 12):
        small.reset_log()
        run_week(weekly, SUNDAY + timedelta(hours=week))
        assert len(asked(small)) <= 5
        if week == 1:
            assert asked(small)[0].keys() == {"verb", "resumptionToken"}
    assert seen_ids(weekly) == in_sets(small, SUNDAY.date() - timedelta(days=45), SUNDAY)


@pytest.mark.parametrize("pages", [1, 4])
def test_under_a_small_budget_no_set_begins_anew_before_the_others_and_what_was_left_goes_on(
    weekly: Settings, small: Rehearsal, paged: Path, pages: int
) -> None:
    paged.write_text(paged.read_text().replace("[harvest]", f"[harvest]\nsweep_days = 2\nsweep_pages = {pages}", 1))
    small.move_to(SUNDAY)
    sets = ("sweep-cs-cs-cl", "sweep-cs-cs-lg", "sweep-stat-stat-ml")
    begun: Counter[str] = Counter()
    left: list[str] = []
    for week in range(10):
        report = run_week(weekly, SUNDAY + timedelta(hours=week))
        held = [talk.what for talk in report.talks]
        assert held[: len(left)] == [f"{name}-on" for name in left][: len(held)]
        begun.update(what for what in held if not what.endswith("-on"))
        assert max(begun[name] for name in sets) <= min(begun[name] for name in sets) + 1, begun
        going_on = [talk.what.removesuffix("-on") for talk in report.talks if talk.state == "partial"]
        left = [name for name in left if f"{name}-on" not in held] + going_on
        notes = [note for note in report.notes if "left to the next run" in note]
        assert all((f"the run's {pages} page{'s are' * (pages > 1)}{' is' * (pages == 1)} spent" in n) for n in notes)
    assert min(begun[name] for name in sets) >= 1


def test_the_next_week_looks_as_far_back_from_the_last_one_so_that_no_day_of_change_falls_out(
    weekly: Settings, small: Rehearsal
) -> None:
    small.move_to(SUNDAY)
    run_week(weekly, SUNDAY)
    small.reset_log()
    later = SUNDAY + timedelta(days=7)
    small.move_to(later)
    run_week(weekly, later)
    assert {each["from"] for each in asked(small) if "from" in each} == {str(SUNDAY.date() - timedelta(days=45))}


def test_a_token_that_the_server_forgot_is_replaced_by_the_last_day(
    weekly: Settings, small: Rehearsal, paged: Path
) -> None:
    small.move_to(SUNDAY)
    body = (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>x</responseDate><request/>'
        '<error code="badResumptionToken">forgotten</error></OAI-PMH>'
    )
    small.play({"upstream": "arxiv_oai", "kind": "text_200", "body": body, "after": 2, "times": 1})
    report = run_week(weekly, SUNDAY)
    assert report.state == "done"
    assert seen_ids(weekly) == in_sets(small, SUNDAY.date() - timedelta(days=45), SUNDAY)
    restarted = [each for each in asked(small) if "from" in each]
    assert len(restarted) == 4
    assert restarted[1]["from"] > restarted[0]["from"]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "http_503", "retry_after": 0, "times": 1},
        {"kind": "html_200", "times": 1},
        {"kind": "cut_and_close", "times": 1},
        {"kind": "cut_body", "times": 1},
    ],
    ids=lambda fault: str(fault["kind"]),
)
@pytest.mark.parametrize("after", [0, 3])
def test_a_fault_that_passes_costs_a_request_and_no_record(
    weekly: Settings, small: Rehearsal, fault: dict[str, object], after: int
) -> None:
    small.move_to(SUNDAY)
    small.play({"upstream": "arxiv_oai", "after": after, **fault})
    report = run_week(weekly, SUNDAY)
    assert report.state == "done"
    assert seen_ids(weekly) == in_sets(small, SUNDAY.date() - timedelta(days=45), SUNDAY)


def test_a_redirect_to_another_host_is_not_followed(weekly: Settings, small: Rehearsal) -> None:
    small.move_to(SUNDAY)
    small.play(
        {"upstream": "arxiv_oai", "kind": "redirect", "location": "http://localhost.invalid/oai2", "times": None}
    )
    report = run_week(weekly, SUNDAY)
    assert report.state == "degraded"
    assert len(asked(small)) == 2  # two sets, and then no further one
    assert all("redirect" in talk.why for talk in report.talks), report.talks


def test_a_week_after_a_failed_one_goes_on_where_that_one_stopped(weekly: Settings, small: Rehearsal) -> None:
    small.move_to(SUNDAY)
    small.play({"upstream": "arxiv_oai", "kind": "http_404", "after": 2, "times": None})
    first = run_week(weekly, SUNDAY)
    assert first.state == "degraded"
    assert "the next run goes on at" in first.talks[0].why
    small.behave()
    small.reset_log()
    later = SUNDAY + timedelta(days=7)
    small.move_to(later)
    again = run_week(weekly, later)
    assert again.state == "done"
    assert asked(small)[0].keys() == {"verb", "resumptionToken"}
    assert again.talks[0].what == "sweep-cs-cs-cl-on"
    assert seen_ids(weekly) >= in_sets(small, later.date() - timedelta(days=45), later)


def test_new_versions_and_withdrawals_are_told_and_the_candidate_says_so(weekly: Settings, small: Rehearsal) -> None:
    small.move_to(NIGHTS[0])
    run_night(weekly, NIGHTS[0])
    before = papers(weekly)
    end = NIGHTS[-1] + timedelta(hours=4)
    small.move_to(end)
    report = run_week(weekly, end)
    assert report.sweep
    after = papers(weekly)
    known = before.index.intersection(after.index)
    newer = {subject for subject in known if after.loc[subject, "version"] > before.loc[subject, "version"]}
    assert set(report.sweep.new_versions) == newer != set()
    drawn = {s for s in known if after.loc[s, "withdrawn"] is True and before.loc[s, "withdrawn"] is not True}
    truly = {f"arxiv:{p.id}" for p in small.world.papers_visible(end) if small.world.withdrawn(p.id, end)}
    assert set(report.sweep.withdrawn) == drawn <= truly
    history = after.loc[sorted(newer)[0], "versions"]
    assert [version["number"] for version in history] == list(range(1, after.loc[sorted(newer)[0], "version"] + 1))


def test_the_pace_is_kept_over_query_api_and_oai_together(
    home: Path, paged: object, environment: dict[str, str], rehearsal: Rehearsal
) -> None:
    quick = load_settings({**environment, "HARVESTER_ARXIV_INTERVAL": "0.3"}, home)
    run_night(quick, NIGHTS[0])
    run_week(quick, NIGHTS[0] + timedelta(hours=4))
    both = sorted(r.monotonic for upstream in ("arxiv", "arxiv_oai") for r in rehearsal.requests(upstream))
    assert len(rehearsal.requests("arxiv_oai")) >= 3
    assert min(after - before for before, after in pairwise(both)) >= 0.3


def test_a_set_in_which_nothing_was_changed_is_one_line_and_others_tell_their_pages(
    settings: Settings, rehearsal: Rehearsal, paged: Path
) -> None:
    text = paged.read_text(encoding="utf-8").replace('"cs:cs:LG", "stat:stat:ML"', '"math:math:NA"')
    paged.write_text(text, encoding="utf-8")
    rehearsal.move_to(SUNDAY)
    words: list[str] = []
    run_week(settings, SUNDAY, words.append)
    assert words[0] == "sweeps of 2 sets: cs:cs:CL, math:math:NA"
    told = [word for word in words if "sweep of math.NA" in word]
    assert told == ["sweep of math.NA: no record was changed from 2024-04-25 until 2024-06-10"]
    assert sum("sweep of cs.CL: page " in word for word in words) >= 1
    assert any(word.startswith("arxiv_oai sweep of cs.CL: complete") for word in words)
