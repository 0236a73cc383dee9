"""Answers of the right shape that cannot be true: what contradicts itself, or all experience, is kept aside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import players
import pytest
from builders import landing

from harvester.ids import ArxivId, RepoName
from harvester.records import Reading, Request
from harvester.sources import arxiv_api, arxiv_oai, github, openalex
from harvester.windows import Window


def feed_of(entry: str, asked: str = "2405.00001,2405.00002", total: int = 1) -> Reading:
    request = Request("arxiv_api", "GET", "/api/query", (("id_list", asked),))
    return arxiv_api.read(landing(200, players.feed([entry], total), request=request))


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (players.entry("2405.00001", title="Prune " * 1_000), "texts longer than any paper's"),
        (players.entry("2405.00001", "2024-06-30"), "dates that cannot be"),
        (players.entry("2405.00001", "9999-12-31"), "dates that cannot be"),
        (
            players.entry("2405.00001").replace(
                "<summary>", '<link href="https://arxiv.org/abs/2405.00009v1"/><summary>'
            ),
            "links name another paper",
        ),
    ],
)
def test_an_entry_that_cannot_be_true_is_kept_aside(entry: str, why: str) -> None:
    reading = feed_of(entry)
    assert reading.papers == ()
    assert why in reading.problems[0]
    assert len(reading.problems[0]) < 200


def test_a_page_with_more_papers_than_it_counts_makes_none_absent() -> None:
    whole = feed_of(players.entry("2405.00001"))
    assert [absence.subject for absence in whole.absences] == ["arxiv:2405.00002"]
    assert feed_of(players.entry("2405.00001"), total=0).absences == ()


def test_papers_that_a_page_with_a_wrong_total_does_not_bring_are_asked_for_once_more() -> None:
    first = landing(200, players.feed([players.entry("2405.00001")], 0))
    papers = {"2405.00001": "2024-06-01", "2405.00002": "2024-06-01"}
    answer = players.in_turn(first, then=players.arxiv(papers))
    held = players.hold(arxiv_api.ask_ids([ArxivId(number) for number in papers]), answer)
    assert held.outcome.state == "complete"
    assert [players.arguments(request)["id_list"] for request in held.requests] == [
        "2405.00001,2405.00002",
        "2405.00002",
    ]


def test_a_list_that_ends_where_its_token_promised_more_is_asked_anew() -> None:
    head = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>x</responseDate><request/>'
    header = "<header><identifier>oai:arXiv.org:2405.00001</identifier><datestamp>2024-05-03</datestamp></header>"
    page = f"{head}<ListRecords><record>{header}</record>{{}}</ListRecords></OAI-PMH>"
    nothing = f'{head}<error code="noRecordsMatch">none</error></OAI-PMH>'
    bodies = (page.format("<resumptionToken>more</resumptionToken>"), nothing, page.format(""))
    sweep = arxiv_oai.Sweep("cs:cs:CL", Window(date(2024, 5, 1), date(2024, 6, 1)), pages=9)
    held = players.hold(arxiv_oai.ask(sweep), players.in_turn(*(landing(200, body.encode()) for body in bodies)))
    assert held.outcome.state == "complete"
    assert dict(held.requests[-1].parameters)["from"] == "2024-05-03"


def test_a_work_that_names_two_dois_as_its_own_counts_for_nobody() -> None:
    mixed = players.work("10.48550/arxiv.2405.00001", 7, ids={"doi": "https://doi.org/10.48550/arxiv.2405.00002"})
    asked = Request(
        "openalex", "GET", "/works", (("filter", "doi:10.48550/arxiv.2405.00001|10.48550/arxiv.2405.00002"),)
    )
    reading = openalex.read(players.json_landing(players.works_page([mixed]), request=asked))
    assert {(seen.status, seen.value) for seen in reading.observations} == {("failed", None)}


def batch(nodes: Mapping[str, object], *names: str) -> Reading:
    request = next(github.ask([RepoName(name) for name in names]))
    return github.read(players.json_landing({"data": nodes}, request=request))


def test_repositories_that_answer_to_one_anothers_names_are_believed_in_neither() -> None:
    swapped = {
        "r0": players.repository_node("o/b", id="R_a"),
        "r1": players.repository_node("o/a", id="R_b"),
        "r2": players.repository_node("o/c"),
    }
    reading = batch(swapped, "o/a", "o/b", "o/c")
    assert {seen.subject: seen.status for seen in reading.observations} == {
        "github:o/a": "failed",
        "github:o/b": "failed",
        "github:o/c": "ok",
    }
    assert any("names of other repositories" in problem for problem in reading.problems)


def test_an_old_and_a_new_name_of_one_repository_may_be_asked_together() -> None:
    renamed = {"r0": players.repository_node("o/new", id="R_1"), "r1": players.repository_node("o/new", id="R_1")}
    assert [seen.status for seen in batch(renamed, "o/old", "o/new").observations] == ["ok", "ok"]


@pytest.mark.parametrize("more", [{"createdAt": "9999-12-31T23:59:59Z"}, {"description": "prune " * 1_000}])
def test_what_cannot_be_true_of_a_repository_costs_its_record_and_not_its_stars(more: dict[str, object]) -> None:
    reading = batch({"r0": json.loads(json.dumps(players.repository_node("o/a", 7) | more))}, "o/a")
    assert [(seen.status, seen.value) for seen in reading.observations] == [("ok", 7)]
    assert reading.repos == ()


@pytest.mark.parametrize(("asked", "status"), [(True, "unchanged"), (False, "failed")])
def test_not_modified_is_believed_where_it_was_asked_for(asked: bool, status: str) -> None:
    conditional = (("If-None-Match", 'W/"1"'),) if asked else ()
    request = Request("github", "GET", "/repos/o/a", headers=conditional)
    (seen,) = github.read(landing(304, request=request)).observations
    assert (seen.status, seen.value) == (status, None)
