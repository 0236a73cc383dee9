"""What is asked of OpenAlex, when it is believed, and what its answers say."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import players
import pytest
from builders import landing

from harvester.ids import Subject
from harvester.records import Landing, Request
from harvester.sources import openalex


def subjects(number: int) -> list[Subject]:
    return [Subject(f"arxiv:2406.{place:05d}") for place in range(1, number + 1)]


def citations(number: int) -> dict[str, int]:
    return {f"10.48550/arxiv.2406.{place:05d}": place for place in range(1, number + 1)}


def question(*asked: str) -> Request:
    return next(openalex.ask([Subject(each) for each in asked]))


def said(works: list[Any], *asked: str, count: int | None = None) -> list[tuple[str, int | None]]:
    reading = openalex.read(players.json_landing(players.works_page(works, count), request=question(*asked)))
    return [(seen.status, seen.value) for seen in reading.observations]


@pytest.mark.parametrize(("number", "requests"), [(0, 0), (1, 1), (100, 1), (101, 2), (1_000, 10)])
def test_batches_are_asked_by_the_floor(number: int, requests: int) -> None:
    held = players.hold(openalex.ask(subjects(number)), players.openalex(citations(number)))
    assert (held.outcome.state, len(held.requests)) == ("complete", requests)
    words = held.last_words(openalex.read)
    assert {subject: seen.value for subject, seen in words.items()} == {
        f"arxiv:2406.{place:05d}": place for place in range(1, number + 1)
    }


def test_arxiv_papers_are_asked_by_their_datacite_doi() -> None:
    request = question("arxiv:quant-ph/0201082", "doi:10.1145/3600006.3613165", "github:o/n")
    arguments = dict(request.parameters)
    assert arguments["filter"] == "doi:10.48550/arxiv.quant-ph/0201082|10.1145/3600006.3613165"
    assert (arguments["select"], arguments["per-page"]) == ("id,doi,ids,cited_by_count,locations", "100")
    reading = openalex.read(players.json_landing(players.works_page([]), request=request))
    assert [seen.subject for seen in reading.observations] == ["arxiv:quant-ph/0201082", "doi:10.1145/3600006.3613165"]


def test_a_doi_that_would_break_the_filter_is_left_out_and_told() -> None:
    held = players.hold(openalex.ask([*subjects(1), Subject("doi:10.1000/a,b")]), players.openalex(citations(1)))
    assert (held.outcome.state, len(held.requests)) == ("complete", 1)
    assert held.outcome.why == "1 DOI with a comma or bar cannot be asked for"


def test_works_are_joined_by_doi_whatever_their_order_and_case() -> None:
    works = [players.work("10.48550/arXiv.2406.00002", 5), players.work("10.48550/ARXIV.2406.00001", 0)]
    assert said(works, "arxiv:2406.00001", "arxiv:2406.00002", "arxiv:2406.00003") == [
        ("ok", 0),
        ("ok", 5),
        ("not_found", None),
    ]


@pytest.mark.parametrize(
    "location",
    [
        {"landing_page_url": "http://arxiv.org/abs/2406.00001"},
        {"landing_page_url": "https://arxiv.org/abs/2406.00001v2"},
        {"landing_page_url": "https://doi.org/10.48550/arxiv.2406.00001"},
        {"id": "doi:10.48550/arxiv.2406.00001", "landing_page_url": None},
    ],
)
def test_a_published_work_is_recognised_by_the_location_of_its_preprint(location: dict[str, Any]) -> None:
    merged = players.work("10.1145/1", 40, locations=[None, {}, location])
    assert said([merged], "arxiv:2406.00001") == [("ok", 40)]


def test_of_two_works_the_one_with_the_asked_doi_counts() -> None:
    merged = players.work("10.1145/1", 40, locations=[{"landing_page_url": "http://arxiv.org/abs/2406.00001"}])
    own = players.work("10.48550/arxiv.2406.00001", 3)
    assert said([merged, own], "arxiv:2406.00001") == [("ok", 3)]


@pytest.mark.parametrize("count", [None, -1, True, "12", 3.5, 10_000_001, [], {}])
def test_a_count_that_cannot_be_true_is_no_count(count: object) -> None:
    assert said([players.work("10.48550/arxiv.2406.00001", count)], "arxiv:2406.00001") == [("failed", None)]


def test_a_page_that_lacks_what_it_counts_makes_nothing_absent() -> None:
    assert said([], "arxiv:2406.00001", count=1) == [("failed", None)]


def test_more_works_than_fit_on_a_page_are_asked_in_halves() -> None:
    honest = players.openalex(citations(100))

    def answer(request: Request) -> Landing:
        wanted = dict(request.parameters)["filter"].split("|")
        if len(wanted) == 100:
            works = [players.work(f"10.48550/arxiv.2406.{place:05d}", place) for place in range(1, 101)]
            return players.json_landing(players.works_page(works, 103), request=request)
        return honest(request)

    held = players.hold(openalex.ask(subjects(100)), answer)
    assert (held.outcome.state, len(held.requests)) == ("complete", 3)
    assert all(seen.status == "ok" for seen in held.last_words(openalex.read).values())


def test_a_spent_budget_ends_the_conversation_with_the_time_to_come_back() -> None:
    spent = players.json_landing({"error": "Rate limit exceeded"}, 429, x_ratelimit_reset="3600")
    held = players.hold(
        openalex.ask(subjects(300)), players.in_turn(None, spent, then=players.openalex(citations(300)))
    )
    assert (held.outcome.state, held.outcome.degraded, len(held.requests)) == ("partial", True, 2)
    assert "200 of 300 papers" in held.outcome.why
    assert "until 2024-06-03 04:00 UTC" in held.outcome.why


@pytest.mark.parametrize(("remaining", "requests"), [("0", 1), ("1", 1), ("2", 3), ("none", 3)])
def test_asking_ends_before_the_days_credits_do_and_nobody_failed(remaining: str, requests: int) -> None:
    honest = players.openalex(citations(300))

    def upstream(request: Request) -> Landing:
        told = (("x-ratelimit-remaining", remaining), ("x-ratelimit-credits-used", "1"), ("x-ratelimit-reset", "3600"))
        return replace(honest(request), headers=(*honest(request).headers, *told))

    held = players.hold(openalex.ask(subjects(300)), upstream)
    assert len(held.requests) == requests
    assert (held.outcome.state, held.outcome.degraded) == ("partial" if requests == 1 else "complete", False)
    if requests == 1:
        assert held.outcome.why == (
            f"200 papers left for the next night: OpenAlex's budget has {remaining} left until 2024-06-03 04:00 UTC"
        )


def test_the_last_credit_is_not_spent_on_a_second_look() -> None:
    def upstream(request: Request) -> Landing:
        return players.json_landing(players.works_page([]), request=request, x_ratelimit_remaining="1")

    held = players.hold(openalex.ask(subjects(100)), upstream)
    assert (held.outcome.state, len(held.requests)) == ("complete", 1)


def test_a_service_that_is_down_is_not_asked_batch_after_batch() -> None:
    held = players.hold(openalex.ask(subjects(5_000)), players.always(503, players.HTML))
    assert (held.outcome.state, len(held.requests)) == ("failed", 3)


def test_a_merged_work_is_found_by_its_page_and_a_refused_second_look_changes_nothing() -> None:
    subject = Subject("arxiv:2310.00001")
    merged = {
        "id": "https://openalex.org/W1",
        "doi": "https://doi.org/10.1145/1",
        "cited_by_count": 12,
        "locations": [{"landing_page_url": "http://arxiv.org/abs/2310.00001"}],
    }

    def upstream(second: int) -> Callable[[Request], Landing]:
        def answer(request: Request) -> Landing:
            by_page = "landing_page_url" in dict(request.parameters)["filter"]
            works = [merged] if by_page else []
            body = json.dumps({"meta": {"count": len(works)}, "results": works}).encode()
            return landing(second if by_page else 200, body, request=request)

        return answer

    found = players.hold(openalex.ask([subject]), upstream(200))
    assert (found.outcome.state, found.last_words(openalex.read)[subject].value) == ("complete", 12)
    refused = players.hold(openalex.ask([subject]), upstream(400))
    assert refused.outcome.state == "complete"
    assert refused.last_words(openalex.read)[subject].status == "not_found"


def test_a_refused_second_look_costs_one_request() -> None:
    def upstream(request: Request) -> Landing:
        by_page = "landing_page_url" in dict(request.parameters)["filter"]
        return players.json_landing(players.works_page([]), 400 if by_page else 200, request)

    assert len(players.hold(openalex.ask(subjects(100)), upstream).requests) == 2
