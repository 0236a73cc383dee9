from __future__ import annotations

import time
from typing import Any

import pytest
import requests
from arxiv import _feed

from harvester.rehearsal import Rehearsal, rehearse
from harvester.rehearsal.faults import KINDS, read


def arxiv(http: requests.Session, r: Rehearsal, **more: Any) -> requests.Response:
    return http.get(f"{r.url('arxiv')}/api/query", params={"search_query": "cat:cs.CL", **more}, timeout=5)


def stars(http: requests.Session, r: Rehearsal, **headers: str) -> requests.Response:
    query = (
        '{ a: repository(owner: "catid", name: "dora") { id } b: repository(owner: "mobiusml", name: "hqq") { id } }'
    )
    headers = {"Authorization": "token ghp_planted"} | headers
    return http.post(f"{r.url('github')}/graphql", json={"query": query}, headers=headers)


def test_a_fault_comes_after_so_many_requests_and_so_often(r: Rehearsal, http: requests.Session) -> None:
    r.play({"upstream": "arxiv", "kind": "http_503", "times": 2, "after": 1, "retry_after": 5})
    answers = [arxiv(http, r) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 503, 503, 200]
    assert answers[1].headers["Retry-After"] == "5"
    assert [entry.fault for entry in r.requests()] == [None, "http_503", "http_503", None]


def test_a_fault_of_one_upstream_leaves_the_others_alone(r: Rehearsal, http: requests.Session) -> None:
    r.play({"upstream": "openalex", "kind": "http_500", "times": None})
    assert arxiv(http, r).status_code == 200
    assert [http.get(f"{r.url('openalex')}/works").status_code for _ in range(3)] == [500] * 3
    r.behave()
    assert http.get(f"{r.url('openalex')}/works").status_code == 200


def test_a_fault_may_wait_for_a_path(r: Rehearsal, http: requests.Session) -> None:
    r.play({"upstream": "arxiv", "kind": "http_500", "path": "start=10"})
    assert [arxiv(http, r, start=start).status_code for start in (0, 10, 10)] == [200, 500, 200]


@pytest.mark.parametrize("kind", [kind for kind in sorted(KINDS) if kind.startswith("http_") and kind != "http_status"])
def test_each_status_kind_has_its_status(r: Rehearsal, http: requests.Session, kind: str) -> None:
    r.play({"kind": kind})
    answer = stars(http, r)
    assert answer.status_code == int(kind.removeprefix("http_"))
    assert "Retry-After" not in answer.headers


def test_a_status_may_have_a_body_and_headers_of_its_own(r: Rehearsal, http: requests.Session) -> None:
    r.play({"kind": "http_429", "body": {"message": "slow"}, "headers": {"x-ratelimit-remaining": "0"}})
    answer = stars(http, r)
    assert (answer.json(), answer.headers["x-ratelimit-remaining"]) == ({"message": "slow"}, "0")


def test_a_page_of_html_comes_with_200(r: Rehearsal, http: requests.Session) -> None:
    r.play({"kind": "html_200"})
    answer = arxiv(http, r)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_a_short_body_is_noticed_by_its_length(r: Rehearsal, http: requests.Session) -> None:
    r.play({"kind": "cut_body", "keep": 100})
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        arxiv(http, r)
    assert arxiv(http, r).status_code == 200


def test_a_cut_body_without_a_length_looks_whole(r: Rehearsal, http: requests.Session) -> None:
    r.play({"kind": "cut_and_close", "keep": 0.5})
    cut, whole = arxiv(http, r).content, arxiv(http, r).content
    assert cut == whole[: len(whole) // 2]


def test_a_reset_connection_gives_no_answer(r: Rehearsal, http: requests.Session) -> None:
    r.play({"kind": "reset"})
    with pytest.raises(requests.exceptions.ConnectionError):
        arxiv(http, r)
    assert [entry.status for entry in r.requests()] == [None]


def test_a_stall_is_silence_before_the_answer(r: Rehearsal, http: requests.Session) -> None:
    r.play({"kind": "stall", "seconds": 0.3})
    started = time.monotonic()
    assert arxiv(http, r).status_code == 200
    assert 0.3 <= time.monotonic() - started < 3


def test_a_stalled_rehearsal_ends_at_once(http: requests.Session) -> None:
    started = time.monotonic()
    with rehearse(faults=[{"kind": "stall", "seconds": 60}]) as r, pytest.raises(requests.exceptions.ReadTimeout):
        http.get(f"{r.url('openalex')}/works", timeout=0.2)
    assert time.monotonic() - started < 5


def test_the_authorization_comes_back(r: Rehearsal, http: requests.Session) -> None:
    r.play({"kind": "echo_authorization"})
    assert "ghp_planted" in stars(http, r).text


def test_an_empty_page_keeps_its_total(r: Rehearsal, http: requests.Session) -> None:
    r.play({"upstream": "arxiv", "kind": "empty_page"})
    feed = _feed.parse(arxiv(http, r).content)
    assert feed.results == [] and feed.header.total_results > 100


@pytest.mark.parametrize(("options", "total"), [({"total": 3}, 3), ({"total": None}, 0), ({"total": "many"}, 0)])
def test_a_total_may_be_wrong_or_missing(
    r: Rehearsal, http: requests.Session, options: dict[str, Any], total: int
) -> None:
    r.play({"kind": "wrong_total"} | options)
    feed = _feed.parse(arxiv(http, r).content)
    assert (feed.header.total_results, len(feed.results)) == (total, 10)


def test_a_total_may_be_too_high(r: Rehearsal, http: requests.Session) -> None:
    honest = _feed.parse(arxiv(http, r).content).header.total_results
    r.play({"kind": "wrong_total", "off": 4})
    assert _feed.parse(arxiv(http, r).content).header.total_results == honest + 4


def test_an_error_may_look_like_a_paper(r: Rehearsal, http: requests.Session) -> None:
    r.play({"kind": "error_entry_200"})
    (result,) = _feed.parse(arxiv(http, r).content).results
    assert result.title == "Error" and "/api/errors" in result.entry_id


def test_an_entry_may_lack_its_date(r: Rehearsal, http: requests.Session) -> None:
    r.play({"kind": "without_published"})
    assert len(_feed.parse(arxiv(http, r).content).results) == 9


def test_the_same_feed_may_come_with_another_date(r: Rehearsal, http: requests.Session) -> None:
    one = arxiv(http, r).text
    r.play({"kind": "fresh_updated"})
    other = arxiv(http, r).text
    assert one != other and one.split("<entry>")[1:] == other.split("<entry>")[1:]


def test_counts_may_be_null(r: Rehearsal, http: requests.Session) -> None:
    r.play({"upstream": "semantic_scholar", "kind": "null_counts"})
    url = f"{r.url('semantic_scholar')}/graph/v1/paper/batch?fields=citationCount"
    (paper,) = http.post(url, json={"ids": ["ARXIV:2404.14897"]}).json()
    assert paper["citationCount"] is None


def test_a_graphql_error_may_come_with_and_without_data(r: Rehearsal, http: requests.Session) -> None:
    r.play({"upstream": "github", "kind": "graphql_error"})
    answer = stars(http, r).json()
    assert answer["errors"][0]["type"] == "RATE_LIMITED" and "data" not in answer
    r.play({"upstream": "github", "kind": "graphql_error", "type": "RESOURCE_LIMITS_EXCEEDED", "keep": 1})
    answer = stars(http, r).json()
    assert answer["data"]["a"] is not None and answer["data"]["b"] is None


@pytest.mark.parametrize(
    "told",
    [{"kind": "reset", "upstream": "arxive"}, {"kind": "reset", "times": "2"}, {"kind": "reset", "after": None}],
)
def test_a_fault_that_would_never_play_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no upstream|must be a number"):
        read(told)


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no fault of the kind 'rain'.*http_503"):
        read({"kind": "rain"})
