from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from arxiv import _feed

from harvester.rehearsal import NIGHTS, NOWHERE, Rehearsal

EVERYTHING = "submittedDate:[200001010000 TO 203001010000]"


def ask(http: requests.Session, r: Rehearsal, **parameters: Any) -> requests.Response:
    return http.get(f"{r.url('arxiv')}/api/query", params=parameters)


def ids(response: requests.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [result.get_short_id() for result in _feed.parse(response.content).results]


def test_the_client_package_reads_every_field(r: Rehearsal, http: requests.Session) -> None:
    response = ask(http, r, id_list="2405.90000")
    (result,) = _feed.parse(response.content).results
    truth = r.world.paper("2405.90000", r.now())
    assert truth is not None
    assert (result.title, result.summary, result.comment) == (
        truth.facts.title,
        truth.version.abstract,
        truth.version.comment,
    )
    assert [author.name for author in result.authors] == list(truth.facts.authors)
    assert (result.primary_category, result.categories) == ("cs.CL", ["cs.CL", "cs.LG"])
    assert (result.published, result.updated) == (truth.published, truth.updated)
    assert result.entry_id == "http://arxiv.org/abs/2405.90000v2"


def test_pages_add_up_to_the_total(r: Rehearsal, http: requests.Session) -> None:
    seen: list[str] = []
    while True:
        page = ask(http, r, search_query=EVERYTHING, start=len(seen), max_results=100, sortBy="submittedDate")
        header = _feed.parse(page.content).header
        assert (header.items_per_page, header.start_index) == (100, len(seen))
        seen += ids(page)
        if len(seen) >= header.total_results:
            break
    assert len(seen) == len(set(seen)) == len(r.world.papers_visible(r.now()))


def test_without_max_results_ten_come(r: Rehearsal, http: requests.Session) -> None:
    assert len(ids(ask(http, r, search_query="cat:cs.CL"))) == 10


def test_a_form_by_post_is_the_same_question(r: Rehearsal, http: requests.Session) -> None:
    question = {"search_query": 'abs:"knowledge distillation"', "max_results": 50}
    by_post = http.post(f"{r.url('arxiv')}/api/query", data=question)
    assert ids(by_post) == ids(ask(http, r, **question)) != []


def test_a_phrase_finds_other_forms_of_its_words(r: Rehearsal, http: requests.Session) -> None:
    found = [
        ids(ask(http, r, search_query=f'all:"{p}"', max_results=99)) for p in ("KV cache", "KV caches", "kv-caching")
    ]
    assert found[0] == found[1] == found[2] != []


def test_a_phrase_keeps_the_order_of_its_words(r: Rehearsal, http: requests.Session) -> None:
    assert ids(ask(http, r, search_query='all:"cache KV"')) == []


def test_dates_are_inclusive_to_the_minute(r: Rehearsal, http: requests.Session) -> None:
    paper = r.world.papers_visible(r.now())[-1]
    minute = f"{paper.published:%Y%m%d%H%M}"
    before = f"{paper.published - timedelta(minutes=1):%Y%m%d%H%M}"
    name = f"{paper.id}v{paper.number}"
    assert name in ids(ask(http, r, search_query=f"submittedDate:[{minute} TO {minute}]"))
    assert name not in ids(ask(http, r, search_query=f"submittedDate:[{before} TO {before}]"))


def test_categories_match_cross_lists_and_wildcards(r: Rehearsal, http: requests.Session) -> None:
    crossed = next(p for p in r.world.papers_visible(r.now()) if "cs.LG" in p.facts.categories[1:])
    narrow = ids(ask(http, r, search_query="cat:cs.LG", max_results=2000))
    assert f"{crossed.id}v{crossed.number}" in narrow
    assert set(narrow) <= set(ids(ask(http, r, search_query="cat:cs.*", max_results=2000)))


def test_authors_are_found_by_surname_and_initial(r: Rehearsal, http: requests.Session) -> None:
    for query in ("au:Rehearsal", "au:rehearsal_a", 'au:"Ada Rehearsal"'):
        assert "2405.90000v2" in ids(ask(http, r, search_query=query, max_results=99))


@pytest.mark.parametrize("by", ["submittedDate", "lastUpdatedDate"])
def test_sorting_goes_both_ways(r: Rehearsal, http: requests.Session, by: str) -> None:
    question = {"search_query": EVERYTHING, "max_results": 500, "sortBy": by}
    results = _feed.parse(ask(http, r, **question, sortOrder="ascending").content).results
    times = [result.published if by == "submittedDate" else result.updated for result in results]
    assert times == sorted(times)
    last = _feed.parse(ask(http, r, **question).content).results[0]
    assert (last.published if by == "submittedDate" else last.updated) == times[-1]


# -- id_list --------------------------------------------------------------------------------------------------------


def test_a_version_is_given_as_asked_and_the_newest_without(r: Rehearsal, http: requests.Session) -> None:
    assert ids(ask(http, r, id_list="2405.90000v1")) == ["2405.90000v1"]
    assert ids(ask(http, r, id_list="2405.90000")) == ["2405.90000v2"]
    assert ids(ask(http, r, id_list="2405.90000v3")) == []


def test_an_unknown_id_is_silently_absent(r: Rehearsal, http: requests.Session) -> None:
    response = ask(http, r, id_list=f"{NOWHERE},2404.14897,quant-ph/0201082")
    assert ids(response) == ["2404.14897v1"]
    assert _feed.parse(response.content).header.total_results == 1


def test_one_malformed_id_fails_the_whole_batch(r: Rehearsal, http: requests.Session) -> None:
    response = ask(http, r, id_list="2404.14897,24o4.1")
    assert response.status_code == 400
    assert "<title>Error</title>" in response.text and "24o4.1" in response.text
    assert _feed.parse(response.content).results == []


def test_a_search_narrows_an_id_list(r: Rehearsal, http: requests.Session) -> None:
    assert ids(ask(http, r, id_list="2404.14897,2405.90000", search_query="au:rehearsal")) == ["2405.90000v2"]


# -- limits and errors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({}, 400),
        ({"search_query": "(broken"}, 400),
        ({"search_query": "a", "max_results": 2001}, 400),
        ({"search_query": "a", "max_results": 2000}, 200),
        ({"search_query": "a", "max_results": 0}, 500),
        ({"search_query": "a", "max_results": "x"}, 400),
        ({"search_query": "a", "start": -1}, 400),
        ({"search_query": "a", "start": 9_990, "max_results": 10}, 200),
        ({"search_query": "a", "start": 9_991, "max_results": 10}, 500),
        ({"search_query": "a", "sortBy": "newest"}, 400),
        ({"search_query": "a", "sortOrder": "down"}, 400),
        ({"search_query": "a" * 8200}, 414),
    ],
)
def test_errors_have_their_status(
    r: Rehearsal, http: requests.Session, parameters: dict[str, Any], status: int
) -> None:
    assert ask(http, r, **parameters).status_code == status


def test_a_long_query_goes_by_post(r: Rehearsal, http: requests.Session) -> None:
    long = " OR ".join(f'abs:"phrase number {n}"' for n in range(600))
    assert http.post(f"{r.url('arxiv')}/api/query", data={"search_query": long}).status_code == 200


def test_the_feed_is_dated_by_the_virtual_clock(r: Rehearsal, http: requests.Session) -> None:
    r.move_to(datetime(2024, 6, 4, 3, 0, 5, tzinfo=UTC))
    response = ask(http, r, search_query="cat:cs.CL")
    assert "<updated>2024-06-04T03:00:05Z</updated>" in response.text
    assert response.headers["Date"] == "Tue, 04 Jun 2024 03:00:05 GMT"


def test_a_paper_is_not_shown_before_its_announcement(r: Rehearsal, http: requests.Session) -> None:
    coming = r.world.arrivals(NIGHTS[0], NIGHTS[1])[0]
    assert ids(ask(http, r, id_list=coming.id)) == []
    r.move_to(NIGHTS[1])
    assert ids(ask(http, r, id_list=coming.id)) == [f"{coming.id}v1"]
