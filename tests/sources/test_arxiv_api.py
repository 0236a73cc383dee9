"""What is asked of arXiv's query API, when it is believed, and what its answers say."""

from __future__ import annotations

import math
import re
from datetime import date
from urllib.parse import urlencode

import players
import pytest
from builders import landing
from hypothesis import given
from hypothesis import strategies as st

from harvester.ids import ArxivId
from harvester.phrases import pattern, spellings
from harvester.records import Landing, Outcome, Request
from harvester.sources import arxiv_api
from harvester.windows import Search, Window

WEEK = Window(date(2024, 5, 27), date(2024, 6, 4))
SEARCH = Search(WEEK, ("quantization", "KV-cache"), ("cs.CL", "cs.LG"))


def many(number: int, day: str = "2024-06-01") -> dict[str, str]:
    return {f"2406.{place:05d}": day for place in range(1, number + 1)}


def test_the_query_is_parenthesised_and_holds_every_spelling_and_whole_days() -> None:
    assert arxiv_api.query(SEARCH) == (
        '(ti:"quantization" OR abs:"quantization" OR ti:"kv cache" OR abs:"kv cache" OR ti:"kvcache" OR abs:"kvcache")'
        " AND (cat:cs.CL OR cat:cs.LG) AND submittedDate:[202405270000 TO 202406032359]"
    )


def words(text: str) -> list[str]:
    """The index of arXiv, as far as it matters here: words without punctuation, endings cut off."""
    return [re.sub(r"[es]+$", "", word) for word in re.findall(r"\w+", text.lower())]


def contains(text: list[str], phrase: list[str]) -> bool:
    return any(text[at : at + len(phrase)] == phrase for at in range(len(text) - len(phrase) + 1))


@given(
    st.lists(st.from_regex(r"[a-zA-Z]{2,7}", fullmatch=True), min_size=1, max_size=4),
    st.lists(st.sampled_from([" ", "-", " - ", "\u2013", "  "]), min_size=3, max_size=3),
    st.booleans(),
    st.sampled_from(["", "s", "es"]),
)
def test_the_query_asks_for_everything_that_the_local_match_accepts(
    parts: list[str], between: list[str], hyphenated: bool, ending: str
) -> None:
    phrase = ("-" if hyphenated else " ").join(parts)
    forms = ["".join(a + b for a, b in zip(parts, [*between[: len(parts) - 1], ""], strict=True)), "".join(parts)]
    asked = [words(form) for form in re.findall(r'ti:"([^"]*)"', arxiv_api.query(Search(WEEK, (phrase,), ())))]
    for form in forms:
        text = f"On {form}{ending}: a study"
        if re.search(pattern(phrase), text, re.IGNORECASE):
            assert any(contains(words(text), each) for each in asked), (text, asked)
    assert len(asked) == len(spellings(phrase))


@pytest.mark.parametrize("phrase", ['"quoted" words', "back\\slash", "(paren) AND OR", "ti:title", "naïve", '"'])
def test_no_phrase_can_end_its_own_quotes(phrase: str) -> None:
    query = arxiv_api.query(Search(WEEK, (phrase, "safe"), ("cs.CL",)))
    outside = re.sub(r'"[^"\\]*"', "Q", query)
    assert re.fullmatch(r"\((?:ti:Q OR abs:Q(?: OR )?)+\) AND \(cat:cs\.CL\) AND submittedDate:\[\d+ TO \d+\]", outside)


def test_a_long_query_goes_by_form_with_the_same_arguments() -> None:
    search = Search(WEEK, tuple(f"phrase number {number}" for number in range(120)), ("cs.CL",))
    held = players.hold(arxiv_api.ask(search), players.arxiv(many(3)))
    (request,) = held.requests
    assert (request.method, request.content_type) == ("POST", "application/x-www-form-urlencoded")
    assert players.arguments(request)["search_query"] == arxiv_api.query(search)
    assert held.outcome.state == "complete"


def test_a_query_just_short_enough_goes_by_address() -> None:
    for number in range(1, 120):
        search = Search(WEEK, tuple(f"phrase number {place}" for place in range(number)), ("cs.CL",))
        request = next(arxiv_api.ask(search))
        assert request.method == "POST" or len("/api/query?" + urlencode(request.parameters)) < 7_000


def test_nothing_is_asked_where_there_is_nothing_to_look_for() -> None:
    assert players.hold(arxiv_api.ask(Search(WEEK, (), ("cs.CL",))), players.in_turn()).outcome.state == "complete"


# --- a window ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("papers", "requests"), [(0, 1), (1, 1), (499, 1), (501, 2), (1_200, 3)])
def test_pages_are_asked_by_the_floor(papers: int, requests: int) -> None:
    held = players.hold(arxiv_api.ask(SEARCH), players.arxiv(many(papers)))
    assert (held.outcome.state, len(held.requests)) == ("complete", requests)
    assert {record.arxiv_id for each in held.landings for record in arxiv_api.read(each).papers} == set(many(papers))


@pytest.mark.parametrize(("papers", "requests"), [(500, 2), (1_000, 3)])
def test_a_full_page_at_the_end_is_followed_by_one_question_more(papers: int, requests: int) -> None:
    held = players.hold(arxiv_api.ask(SEARCH), players.arxiv(many(papers)))
    assert (held.outcome.state, len(held.requests)) == ("complete", requests)


def test_an_empty_page_in_the_middle_is_asked_again() -> None:
    upstream = players.arxiv(many(1_200))
    held = players.hold(
        arxiv_api.ask(SEARCH), players.in_turn(None, landing(200, players.feed([], 1_200)), then=upstream)
    )
    assert held.outcome.state == "complete"
    assert [players.arguments(request)["start"] for request in held.requests] == ["0", "500", "500", "1000"]


def test_a_promise_behind_the_last_paper_costs_two_requests_and_is_told() -> None:
    honest = players.arxiv(many(500))

    def answer(request: Request) -> Landing:
        body = honest(request).body.replace(b"totalResults>500<", b"totalResults>505<")
        return landing(200, body, request=request)

    held = players.hold(arxiv_api.ask(SEARCH), answer)
    assert (held.outcome.state, held.outcome.why) == ("partial", "5 of 505 papers never arrived")
    assert [players.arguments(request)["start"] for request in held.requests] == ["0", "500", "500"]


def test_a_paper_that_never_arrives_is_told() -> None:
    page = players.feed([players.entry(each) for each in many(20)], 21)
    held = players.hold(arxiv_api.ask(SEARCH), players.always(200, page))
    assert held.outcome.state == "partial"
    assert held.outcome.degraded
    assert held.outcome.why == "1 of 21 papers never arrived"
    assert [players.arguments(request)["start"] for request in held.requests] == ["0", "20", "0", "10"]


@pytest.mark.parametrize("size", [1, 50, 100, 499])
def test_a_server_that_sends_smaller_pages_loses_nothing(size: int) -> None:
    upstream = players.arxiv(many(1_100 if size > 1 else 20), most=size)
    for talk in (arxiv_api.ask(SEARCH), arxiv_api.ask_ids([ArxivId(each) for each in many(20 if size == 1 else 390)])):
        held = players.hold(talk, upstream)
        assert held.outcome == Outcome("complete")
        assert len({record.arxiv_id for each in held.landings for record in arxiv_api.read(each).papers}) >= 20


def test_the_last_page_does_not_reach_beyond_the_result_window() -> None:
    held = players.hold(arxiv_api.ask(SEARCH), players.arxiv(many(9_900), most=499))
    asked = [players.arguments(request) for request in held.requests]
    assert held.outcome == Outcome("complete")
    assert max(int(each["start"]) + int(each["max_results"]) for each in asked) <= 10_000


def test_pages_that_overlap_are_asked_again_where_they_brought_too_little() -> None:
    papers, upstream = many(600), players.arxiv(many(600))
    shifted = players.feed([players.entry(each) for each in sorted(papers)[450:550]], 600, 500)
    held = players.hold(arxiv_api.ask(SEARCH), players.in_turn(None, landing(200, shifted), then=upstream))
    assert held.outcome.state == "complete"
    assert [players.arguments(request)["start"] for request in held.requests] == ["0", "500", "600", "450"]
    seen = {record.arxiv_id for each in held.landings for record in arxiv_api.read(each).papers}
    assert seen == set(papers)


def test_papers_that_change_places_between_two_pages_are_found_in_a_page_that_holds_both_sides() -> None:
    papers, upstream = many(1_000), players.arxiv(many(1_000))
    order = sorted(papers)
    page = players.feed([players.entry(each) for each in [order[499], *order[501:]]], 1_000, 500)
    held = players.hold(arxiv_api.ask(SEARCH), players.in_turn(None, landing(200, page), then=upstream))
    assert held.outcome == Outcome("complete")
    assert [players.arguments(request)["start"] for request in held.requests] == ["0", "500", "1000", "250"]


def test_papers_that_stand_twice_on_a_page_count_once() -> None:
    page = players.feed([players.entry(each) for each in many(20) for _ in range(2)], 20)
    held = players.hold(arxiv_api.ask(SEARCH), players.always(200, page))
    assert (held.outcome, len(held.requests)) == (Outcome("complete"), 1)


@pytest.mark.parametrize(("size", "requests"), [(2_000, 2), (100, 8)])
def test_a_total_that_is_too_low_does_not_hide_the_next_page(size: int, requests: int) -> None:
    honest = players.arxiv(many(700), most=size)

    def answer(request: Request) -> Landing:
        body = honest(request).body.replace(b"totalResults>700<", b"totalResults>4<")
        return landing(200, body, request=request)

    held = players.hold(arxiv_api.ask(SEARCH), answer)
    assert held.outcome.state == "complete"
    assert len(held.requests) in (
        requests,
        requests + 1,
    )  # where the last page is full, only the next one shows the end
    assert {record.arxiv_id for each in held.landings for record in arxiv_api.read(each).papers} == set(many(700))


@pytest.mark.parametrize(
    "body", [players.HTML, b"Rate exceeded.", b"", players.feed([], 1)[:-9], players.feed([], "many")]
)
def test_a_page_that_is_no_feed_is_asked_again_once(body: bytes) -> None:
    upstream = players.arxiv(many(3))
    assert (
        players.hold(arxiv_api.ask(SEARCH), players.in_turn(landing(200, body), then=upstream)).outcome.state
        == "complete"
    )
    held = players.hold(arxiv_api.ask(SEARCH), players.always(200, body))
    assert (held.outcome.state, held.outcome.degraded, len(held.requests)) == ("failed", True, 2)
    assert "<" not in held.outcome.why


@pytest.mark.parametrize("status", [None, 403, 429, 500, 503])
def test_a_refusal_ends_the_conversation_at_once(status: int | None) -> None:
    held = players.hold(arxiv_api.ask(SEARCH), players.always(status, failure=None if status else "timeout after 90 s"))
    assert (held.outcome.state, held.outcome.degraded, len(held.requests)) == ("failed", True, 1)
    assert str(status or "timeout after 90 s") in held.outcome.why


def test_a_refused_query_says_what_arxiv_says() -> None:
    held = players.hold(arxiv_api.ask(SEARCH), players.always(400, players.error_feed("query is too complex")))
    assert "query is too complex" in held.outcome.why


def test_more_than_arxiv_lists_is_asked_in_halves_of_the_window() -> None:
    papers = {f"2406.{n:05d}": f"2024-06-{1 + n % 2:02d}" for n in range(1, 12_002)}
    held = players.hold(arxiv_api.ask(SEARCH), players.arxiv(papers))
    assert held.outcome.state == "complete"
    starts = {int(players.arguments(each)["start"]) for each in held.requests}
    assert max(starts) + 500 <= 10_000
    seen = {record.arxiv_id for each in held.landings for record in arxiv_api.read(each).papers}
    assert len(seen) == 12_001


def test_a_single_minute_with_more_than_arxiv_lists_fails_instead_of_pretending() -> None:
    held = players.hold(arxiv_api.ask(SEARCH), players.always(200, players.feed([players.entry("2406.00001")], 10_001)))
    assert held.outcome.state == "failed"
    assert "narrow the topics" in held.outcome.why
    assert len(held.requests) <= 2 + math.ceil(math.log2(WEEK.days * 24 * 60))


@pytest.mark.parametrize("number", [1, 999, 1_000, 1_234_567])
def test_how_many_never_arrived_is_read_back_from_what_any_night_wrote(number: int) -> None:
    assert arxiv_api.lacking(f"{number:,} of 2,345,678 papers never arrived") == number
    assert arxiv_api.lacking(f"{number} of 2345678 papers never arrived") == number
    assert arxiv_api.lacking("arXiv refused (HTTP 429)") == 0
