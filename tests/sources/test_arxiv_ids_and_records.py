"""What is asked of arXiv by id, and what its answers say."""

from __future__ import annotations

from datetime import UTC, date, datetime

import players
import pytest
from builders import landing

from harvester.ids import ArxivId
from harvester.records import Landing, Request
from harvester.sources import arxiv_api
from harvester.windows import Search, Window

WEEK = Window(date(2024, 5, 27), date(2024, 6, 4))
SEARCH = Search(WEEK, ("quantization", "KV-cache"), ("cs.CL", "cs.LG"))


def many(number: int, day: str = "2024-06-01") -> dict[str, str]:
    return {f"2406.{place:05d}": day for place in range(1, number + 1)}


def id_page(*entries: str, total: int, asked: str) -> Landing:
    request = Request("arxiv_api", "GET", "/api/query", (("id_list", asked), ("start", "0"), ("max_results", "2")))
    return landing(200, players.feed(entries, total), request=request)


@pytest.mark.parametrize(("number", "requests"), [(1, 1), (400, 1), (401, 2), (1_000, 3)])
def test_ids_are_asked_by_the_floor_and_with_an_explicit_number(number: int, requests: int) -> None:
    ids = [ArxivId(each) for each in many(number)]
    held = players.hold(arxiv_api.ask_ids(ids), players.arxiv(many(number)))
    assert (held.outcome.state, len(held.requests)) == ("complete", requests)
    sizes = [players.arguments(each)["max_results"] for each in held.requests]
    assert sum(map(int, sizes)) == number


def test_one_malformed_id_does_not_cost_its_batch() -> None:
    good, bad = many(399), "9999.99999"
    upstream = players.arxiv(good)

    def answer(request: Request) -> Landing:
        if bad in players.arguments(request)["id_list"].split(","):
            return landing(400, players.error_feed(f"incorrect id format for {bad}"), request=request)
        return upstream(request)

    held = players.hold(arxiv_api.ask_ids([ArxivId(each) for each in [*good, bad]]), answer)
    assert held.outcome.state == "complete"
    assert len(held.requests) <= 1 + 2 * 9
    readings = [arxiv_api.read(each) for each in held.landings]
    assert {record.arxiv_id for each in readings for record in each.papers} == set(good)
    assert [absence.subject for each in readings for absence in each.absences] == [f"arxiv:{bad}"]


def test_a_server_that_refuses_every_list_is_not_asked_for_ever() -> None:
    ids = [ArxivId(each) for each in many(400)]
    held = players.hold(arxiv_api.ask_ids(ids), players.always(400, players.error_feed("incorrect id format")))
    assert held.outcome.degraded
    assert len(held.requests) <= 130


def test_a_400_that_is_not_arxivs_makes_no_id_malformed() -> None:
    held = players.hold(arxiv_api.ask_ids([ArxivId("2406.00001")]), players.always(400, players.HTML))
    assert (held.outcome.state, len(held.requests)) == ("failed", 1)
    assert arxiv_api.read(held.landings[0]).absences == ()


def test_ids_that_were_counted_but_not_sent_are_asked_again_and_are_not_absent() -> None:
    ids = [ArxivId("2406.00001"), ArxivId("2406.00002")]
    short = landing(200, players.feed([players.entry("2406.00001")], 2))
    held = players.hold(arxiv_api.ask_ids(ids), players.in_turn(short, then=players.arxiv(many(2))))
    assert (held.outcome.state, len(held.requests)) == ("complete", 2)
    assert arxiv_api.read(held.landings[0]).absences == ()
    never = players.hold(arxiv_api.ask_ids(ids), players.always(200, short.body))
    assert (never.outcome.state, never.outcome.degraded) == ("partial", False)


def test_an_unknown_id_is_absent_and_a_failed_answer_makes_nothing_absent() -> None:
    reading = arxiv_api.read(id_page(players.entry("2406.00001"), total=1, asked="2406.00001,2406.99999"))
    assert [absence.subject for absence in reading.absences] == ["arxiv:2406.99999"]
    assert arxiv_api.read(landing(503, request=id_page(total=0, asked="2406.00001").request)).absences == ()
    assert (
        arxiv_api.read(landing(200, players.HTML, request=id_page(total=0, asked="2406.00001").request)).absences == ()
    )


# --- reading -----------------------------------------------------------------------------------------------------------


def test_a_record_holds_what_the_entry_says() -> None:
    (record,) = arxiv_api.read(
        landing(200, players.feed([players.entry("2406.00001", version=3, title=" A\n B ")], 1))
    ).papers
    assert (record.arxiv_id, record.version, record.title) == ("2406.00001", 3, "A B")
    assert record.abstract == "Abstract of 2406.00001."
    assert record.categories == ("cs.CL",)  # the MSC class is none of arXiv's categories
    assert record.submitted_at == datetime(2024, 6, 1, 12, tzinfo=UTC)
    assert (record.comment, record.withdrawn, record.withdrawn_evidence) == (None, None, None)


def test_one_bad_entry_is_kept_aside_and_the_others_are_read() -> None:
    good = players.entry("2406.00001")
    bad = [
        players.entry("2406.00002").replace("<published>2024-06-01T12:00:00Z</published>", ""),
        players.entry("2406.00003").replace("2024-06-01T", "2024-13-41T"),
        players.entry("2406.00004").replace("2024-06-01T12:00:00Z", "9999-12-31T23:59:59-10:00"),
        players.entry("2406.00005", title=" "),
        players.entry("2406.00006").replace("abs/", "xyz/"),
        players.entry("2406.00007").replace("Title", "<b>Title</b>"),
        players.entry("2406.00008").replace("<category ", "<no-category "),
    ]
    reading = arxiv_api.read(landing(200, players.feed([*bad, good], 8)))
    assert [record.arxiv_id for record in reading.papers] == ["2406.00001"]
    assert len(reading.problems) == len(bad) + 1  # and the field that nobody knows


def test_an_error_entry_that_looks_like_a_paper_is_none() -> None:
    body = players.feed(
        [players.entry("2406.00001").replace("http://arxiv.org/abs/", "http://arxiv.org/api/errors#")], 1
    )
    reading = arxiv_api.read(landing(200, body))
    assert reading.papers == ()
    assert len(reading.problems) == 1


def test_a_new_field_raises_its_hand() -> None:
    body = players.feed(
        [players.entry("2406.00001").replace("</entry>", "<arxiv:licence>CC0</arxiv:licence></entry>")], 1
    )
    reading = arxiv_api.read(landing(200, body))
    assert len(reading.papers) == 1
    assert "licence" in reading.problems[0]
