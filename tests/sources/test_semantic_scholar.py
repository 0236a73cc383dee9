"""What is asked of Semantic Scholar, when it is believed, and what its answers say."""

from __future__ import annotations

import json
import logging
from typing import Any

import players
import pytest

from harvester.ids import Subject
from harvester.records import Landing, Observation, Request
from harvester.sources import semantic_scholar


def subjects(number: int) -> list[Subject]:
    return [Subject(f"arxiv:2406.{place:05d}") for place in range(1, number + 1)]


def citations(number: int) -> dict[str, int | None]:
    return {f"ARXIV:2406.{place:05d}": place for place in range(1, number + 1)}


def question(*asked: str) -> Request:
    return next(semantic_scholar.ask([Subject(each) for each in asked]))


def said(entries: object, *asked: str, status: int = 200) -> list[tuple[str, int | None]]:
    reading = semantic_scholar.read(players.json_landing(entries, status, question(*asked)))
    return [(seen.status, seen.value) for seen in reading.observations]


@pytest.mark.parametrize(("number", "requests"), [(0, 0), (1, 1), (500, 1), (501, 2), (3_000, 6)])
def test_batches_are_asked_by_the_floor(number: int, requests: int) -> None:
    held = players.hold(semantic_scholar.ask(subjects(number)), players.semantic_scholar(citations(number)))
    assert (held.outcome.state, len(held.requests)) == ("complete", requests)
    assert [seen.value for seen in held.last_words(semantic_scholar.read).values()] == list(range(1, number + 1))


def test_arxiv_ids_and_dois_are_asked_and_other_subjects_are_not() -> None:
    request = question(
        "arxiv:2405.18218", "github:o/n", "doi:10.1145/3600006.3613165", "url:https://x.y", "arxiv:2405.18218"
    )
    assert json.loads(request.body or b"") == {"ids": ["ARXIV:2405.18218", "DOI:10.1145/3600006.3613165"]}
    assert request.parameters == (("fields", "paperId,externalIds,citationCount"),)


def test_nulls_stay_in_their_places() -> None:
    paper = {"paperId": "a" * 40, "externalIds": {"ArXiv": "2406.00002"}, "citationCount": 0}
    assert said([None, paper, None], "arxiv:2406.00001", "arxiv:2406.00002", "arxiv:2406.00003") == [
        ("not_found", None),
        ("ok", 0),
        ("not_found", None),
    ]


@pytest.mark.parametrize("count", [-1, True, "12", 3.5, 10_000_001, [], {}])
def test_a_count_that_cannot_be_true_is_no_count(count: object) -> None:
    assert said([{"paperId": "a", "externalIds": None, "citationCount": count}], "arxiv:2406.00001") == [
        ("failed", None)
    ]


def test_a_known_paper_without_a_count_is_left_to_the_next_source() -> None:
    assert said([{"paperId": "a", "citationCount": None}], "arxiv:2406.00001") == [("no_count", None)]
    assert said([{"paperId": "a"}], "arxiv:2406.00001") == [("failed", None)]


@pytest.mark.parametrize(("papers", "status", "state"), [(4, "no_count", "complete"), (5, "failed", "failed")])
def test_many_papers_without_a_single_count_are_not_unknown(papers: int, status: str, state: str) -> None:
    entries = [{"paperId": str(place), "citationCount": None} for place in range(papers)]
    held = players.hold(
        semantic_scholar.ask(subjects(papers)), lambda asked: players.json_landing(entries, request=asked)
    )
    assert {seen.status for seen in held.last_words(semantic_scholar.read).values()} == {status}
    assert (held.outcome.state, len(held.requests)) == (state, 1 if state == "complete" else 2)


def test_the_count_of_another_paper_is_not_taken() -> None:
    def about(arxiv_id: object) -> list[tuple[str, int | None]]:
        entry = {"paperId": "a", "externalIds": {"ArXiv": arxiv_id, "CorpusId": 1}, "citationCount": 9}
        return said([entry], "arxiv:2406.00001")

    assert about("2406.00002") == [("no_count", None)]
    assert about(["odd"]) == [("no_count", None)]
    assert about("2406.00001v2") == [("ok", 9)]
    assert about(None) == [("ok", 9)]
    assert said([{"citationCount": 9}], "arxiv:2406.00001") == [("ok", 9)]
    assert said([{"externalIds": {"ArXiv": "2406.00002"}, "citationCount": 9}], "doi:10.1145/1") == [("ok", 9)]


@pytest.mark.parametrize("entries", [[], [None, None], {"error": "x"}, {}, "x", 5, None])
def test_an_answer_out_of_line_with_the_question_says_nothing(entries: object) -> None:
    assert said(entries, "arxiv:2406.00001") == [("failed", None)]


def test_a_batch_without_a_single_known_paper_is_answered() -> None:
    held = players.hold(semantic_scholar.ask(subjects(3)), players.semantic_scholar({}))
    assert (held.outcome.state, len(held.requests)) == ("complete", 1)
    assert {seen.status for seen in held.last_words(semantic_scholar.read).values()} == {"not_found"}


@pytest.mark.parametrize("status", [400, 413, 504])
def test_an_answer_that_is_too_large_or_slow_is_asked_in_halves(status: int) -> None:
    honest = players.semantic_scholar(citations(500))

    def answer(request: Request) -> Landing:
        if len(json.loads(request.body or b"")["ids"]) > 200:
            return players.json_landing({"error": "Response would be too large"}, status, request)
        return honest(request)

    held = players.hold(semantic_scholar.ask(subjects(500)), answer)
    assert (held.outcome.state, len(held.requests)) == ("complete", 7)
    assert all(seen.status == "ok" for seen in held.last_words(semantic_scholar.read).values())


@pytest.mark.parametrize(("status", "retry_after"), [(429, None), (429, "5"), (403, "60")])
def test_a_refusal_ends_the_conversation_and_keeps_what_came(status: int, retry_after: str | None) -> None:
    named: dict[str, Any] = {"retry_after": retry_after} if retry_after else {}
    refusal = players.json_landing({"message": "Too Many Requests", "code": "429"}, status, **named)
    honest = players.semantic_scholar(citations(1_500))
    held = players.hold(semantic_scholar.ask(subjects(1_500)), players.in_turn(None, refusal, then=honest))
    assert (held.outcome.state, held.outcome.degraded, len(held.requests)) == ("partial", True, 2)
    assert held.outcome.why.startswith("1,000 of 1,500 papers got no answer")
    words: list[Observation] = list(held.last_words(semantic_scholar.read).values())
    assert [seen.status for seen in words] == ["ok"] * 500 + ["failed"] * 500


def test_a_service_that_is_down_is_not_asked_batch_after_batch() -> None:
    held = players.hold(semantic_scholar.ask(subjects(10_000)), players.always(None, failure="no connection"))
    assert (held.outcome.state, len(held.requests)) == ("failed", 3)


def test_an_unknown_complaint_is_told() -> None:
    answer = players.in_turn(players.json_landing({"error": "Unrecognized or unsupported fields: [x]"}, 400))
    held = players.hold(semantic_scholar.ask(subjects(2)), answer)
    assert "Unrecognized" in held.outcome.why


def test_papers_in_each_others_places_are_no_answer_and_merged_ones_are() -> None:
    def entry(number: int, count: int | None = 5) -> dict[str, object]:
        return {"paperId": "a", "externalIds": {"ArXiv": f"2406.0000{number}"}, "citationCount": count}

    two = ("arxiv:2406.00001", "arxiv:2406.00002")
    assert said([entry(2), entry(1)], *two) == [("failed", None)] * 2
    assert said([None, entry(1)], *two) == [("failed", None)] * 2
    assert said([entry(1), entry(1)], *two) == [("ok", 5), ("no_count", None)]
    assert said([entry(3), None], *two) == [("no_count", None), ("not_found", None)]


def test_one_paper_in_the_place_of_another_does_not_cost_the_others_their_counts() -> None:
    def shown_as(asked: str) -> str | None:
        return {"2406.00001": "2406.00002", "2406.00002": None, "2406.00009": None}.get(asked, asked)

    def odd(request: Request) -> Landing:
        asked = [each.removeprefix("ARXIV:") for each in json.loads(request.body or b"")["ids"]]
        told = [{"externalIds": {"ArXiv": name}, "citationCount": 7} if name else None for name in map(shown_as, asked)]
        return players.json_landing(told, request=request)

    held = players.hold(semantic_scholar.ask(subjects(10)), odd)
    words = list(held.last_words(semantic_scholar.read).values())
    assert [seen.subject[-1] for seen in words if seen.status == "failed"] == ["1", "2", "9"]
    assert [seen.value for seen in words if seen.status == "ok"] == [7] * 7
    assert (held.outcome.state, len(held.requests)) == ("partial", 2)
    assert (
        held.outcome.why
        == "3 of 10 papers got no answer: Semantic Scholar: the answer is not in the order of the question"
    )


def test_reading_leaves_the_root_logger_alone() -> None:
    before = list(logging.getLogger().handlers)
    said([{"paperId": "a", "externalIds": {}, "citationCount": 1}], "arxiv:2406.00001")
    assert logging.getLogger().handlers == before
