from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from harvester.rehearsal import NIGHTS, Limits, Rehearsal, rehearse


def arxiv(http: requests.Session, r: Rehearsal) -> requests.Response:
    return http.get(f"{r.url('arxiv')}/api/query?id_list=2404.14897")


def oai(http: requests.Session, r: Rehearsal) -> requests.Response:
    return http.get(f"{r.url('arxiv_oai')}/oai?verb=Identify")


def scholar(http: requests.Session, r: Rehearsal) -> requests.Response:
    return http.get(f"{r.url('semantic_scholar')}/graph/v1/paper/ARXIV:2404.14897")


def test_it_says_what_it_is(r: Rehearsal, http: requests.Session) -> None:
    page = http.get(r.root)
    assert "REHEARSAL" in page.text
    assert all(f"export {name}={value}" in page.text for name, value in r.settings().items())
    for answer in (page, arxiv(http, r)):
        assert answer.headers["Server"].startswith("harvester-rehearsal/")
        assert answer.headers["X-Rehearsal"] == "true"


def test_the_settings_lead_to_the_five_upstreams(r: Rehearsal) -> None:
    assert r.settings() == {
        "HARVESTER_ARXIV_URL": r.url("arxiv"),
        "HARVESTER_ARXIV_OAI_URL": r.url("arxiv-oai"),
        "HARVESTER_GITHUB_URL": r.url("github"),
        "HARVESTER_SEMANTIC_SCHOLAR_URL": r.url("semantic-scholar"),
        "HARVESTER_OPENALEX_URL": r.url("openalex"),
    }


def test_the_clock_stands_still_until_it_is_moved(r: Rehearsal, http: requests.Session) -> None:
    first, again = arxiv(http, r), arxiv(http, r)
    assert first.content == again.content and first.headers["Date"] == again.headers["Date"]
    told = http.post(f"{r.root}/_rehearsal/clock", json={"now": "2024-06-04T03:00:00Z"})
    behind = timedelta(days=told.json()["days_behind"])
    assert told.json()["now"] == "2024-06-04T03:00:00+00:00"
    assert NIGHTS[1] <= datetime.now(UTC) - behind < NIGHTS[1] + timedelta(days=1), (
        "commands live in the day that follows"
    )
    assert f"export HARVESTER_DAYS_BEHIND={behind.days}\n" in http.get(r.root).text
    assert r.now() == NIGHTS[1] and arxiv(http, r).headers["Date"] == "Tue, 04 Jun 2024 03:00:00 GMT"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"now": "soon"}', b'{"now": "2024-06-04T03:00:00"}'])
def test_a_time_that_is_none_is_refused(r: Rehearsal, http: requests.Session, body: bytes) -> None:
    assert http.post(f"{r.root}/_rehearsal/clock", data=body).status_code == 400
    assert r.now() == NIGHTS[0]


def test_every_request_is_logged_with_its_times(r: Rehearsal, http: requests.Session, tmp_path: Path) -> None:
    scholar(http, r)
    http.get(f"{r.url('openalex')}/works?select=id&api_key=planted&per-page=1")
    told = http.get(f"{r.root}/_rehearsal/log").json()
    first, second = told["requests"]
    assert (first["number"], first["upstream"], first["method"], first["status"]) == (1, "semantic_scholar", "GET", 200)
    assert first["virtual"] == "2024-06-03T03:00:00+00:00" and first["monotonic"] <= second["monotonic"]
    assert "planted" not in json.dumps(told) and second["path"].endswith("api_key=***&per-page=1")
    assert second["authorized"] and not first["authorized"]
    assert told["peak"]["openalex"]["requests"] == 1
    http.delete(f"{r.root}/_rehearsal/log")
    assert r.requests() == [] and r.peaks() == {}


def test_the_same_question_has_the_same_digest(r: Rehearsal, http: requests.Session) -> None:
    url = f"{r.url('arxiv')}/api/query"
    for ids in ("2404.14897", "2404.14294", "2404.14897"):
        http.post(url, data={"id_list": ids})
    one, other, again = (entry.digest for entry in r.requests())
    assert one == again != other


def test_the_log_can_be_a_file_as_well(http: requests.Session, tmp_path: Path) -> None:
    file = tmp_path / "requests.jsonl"
    with rehearse(log_file=file) as r:
        arxiv(http, r)
        oai(http, r)
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line["upstream"] for line in lines] == ["arxiv", "arxiv_oai"]


def test_one_session_keeps_one_connection(r: Rehearsal, http: requests.Session) -> None:
    for _ in range(3):
        arxiv(http, r)
    scholar(http, r)
    assert len({entry.connection for entry in r.requests()}) == 1
    assert r.peaks()["arxiv"] == {"requests": 1, "connections": 1}


def test_the_peak_tells_how_many_ran_at_once(r: Rehearsal) -> None:
    r.play({"upstream": "semantic_scholar", "kind": "stall", "seconds": 0.5, "times": 3})

    def ask() -> None:
        with requests.Session() as session:
            session.trust_env = False
            scholar(session, r)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert r.peaks()["semantic_scholar"]["requests"] == 3


def test_faults_can_be_set_over_http(r: Rehearsal, http: requests.Session) -> None:
    assert http.post(f"{r.root}/_rehearsal/faults", json={"kind": "http_500", "times": None}).status_code == 200
    assert arxiv(http, r).status_code == 500
    assert http.delete(f"{r.root}/_rehearsal/faults").status_code == 200
    assert arxiv(http, r).status_code == 200
    refused = http.post(f"{r.root}/_rehearsal/faults", json={"kind": "rain"})
    assert refused.status_code == 400 and "rain" in refused.json()["error"]


def test_an_address_of_nobody_is_404(r: Rehearsal, http: requests.Session) -> None:
    assert http.get(f"{r.root}/nobody/here").status_code == 404
    assert http.delete(f"{r.url('arxiv')}/api/query").status_code == 405


def test_after_the_end_nobody_listens(http: requests.Session) -> None:
    with rehearse() as r:
        arxiv(http, r)
    with pytest.raises(requests.exceptions.ConnectionError):
        arxiv(http, r)


# -- enforced limits ------------------------------------------------------------------------------------------------


def test_arxiv_refuses_what_comes_too_early_with_bare_text(http: requests.Session) -> None:
    with rehearse(enforce=True) as r:
        first, early = arxiv(http, r), arxiv(http, r)
        assert (first.status_code, early.status_code, early.text) == (200, 429, "Rate exceeded.")
        assert "Retry-After" not in early.headers
        assert [entry.refused for entry in r.requests("arxiv")] == [False, True]


def test_query_api_and_oai_share_their_interval(http: requests.Session) -> None:
    with rehearse(enforce=Limits(arxiv_seconds=0.2)) as r:
        assert arxiv(http, r).status_code == 200
        assert oai(http, r).status_code == 429
        time.sleep(0.25)
        assert oai(http, r).status_code == 200


def test_arxiv_allows_one_request_at_a_time(http: requests.Session) -> None:
    with rehearse(enforce=Limits(arxiv_seconds=0)) as r:
        r.play({"upstream": "arxiv", "kind": "stall", "seconds": 0.6})
        slow = threading.Thread(target=arxiv, args=(http, r))
        slow.start()
        while not r.requests("arxiv"):
            time.sleep(0.01)
        with requests.Session() as second:
            second.trust_env = False
            assert oai(second, r).status_code == 429
        slow.join()
        assert arxiv(http, r).status_code == 200


def test_semantic_scholar_allows_one_a_second(http: requests.Session) -> None:
    with rehearse(enforce=True) as r:
        assert scholar(http, r).status_code == 200
        refused = scholar(http, r)
        assert (refused.status_code, refused.json()["code"]) == (429, "429")


def test_without_enforcement_nothing_is_refused(r: Rehearsal, http: requests.Session) -> None:
    assert {arxiv(http, r).status_code for _ in range(20)} == {200}
