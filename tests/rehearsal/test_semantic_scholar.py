from __future__ import annotations

from typing import Any

import pytest
import requests

from harvester.rehearsal import NOWHERE, UNKNOWN, Rehearsal

BATCH = "/graph/v1/paper/batch"


def ask(http: requests.Session, r: Rehearsal, ids: Any, fields: str = "citationCount") -> requests.Response:
    return http.post(r.url("semantic_scholar") + BATCH, params={"fields": fields}, json={"ids": ids})


def known_and_unknown(r: Rehearsal) -> tuple[list[str], list[str]]:
    ids = [paper.id for paper in r.world.papers_visible(r.now())]
    unknown = [key for key in ids if r.world.semantic_scholar(key, r.now()) is UNKNOWN]
    return [key for key in ids if key not in unknown], unknown


def test_answers_come_in_the_order_of_the_ids_with_nulls(r: Rehearsal, http: requests.Session) -> None:
    known, unknown = known_and_unknown(r)
    wanted = [known[0], unknown[0], NOWHERE, known[5], known[0]]
    found = ask(http, r, [f"ARXIV:{key}" for key in wanted], "externalIds,citationCount").json()
    assert [entry and entry["externalIds"]["ArXiv"] for entry in found] == [known[0], None, None, known[5], known[0]]
    assert found[0]["citationCount"] == r.world.semantic_scholar(known[0], r.now())


def test_every_form_of_an_id_leads_to_the_paper(r: Rehearsal, http: requests.Session) -> None:
    (first,) = ask(http, r, ["ARXIV:2404.14897"], "corpusId").json()
    forms = [
        "ARXIV:2404.14897v1",
        "arXiv:2404.14897",
        "DOI:10.48550/arXiv.2404.14897",
        "URL:https://arxiv.org/abs/2404.14897",
        f"CorpusId:{first['corpusId']}",
        first["paperId"],
    ]
    found = ask(http, r, [*forms, "ARXIV:arXiv:2404.14897", "2404.14897"]).json()
    assert [entry and entry["paperId"] for entry in found] == [first["paperId"]] * len(forms) + [None, None]


def test_a_publisher_doi_is_a_subject_too(r: Rehearsal, http: requests.Session) -> None:
    (found,) = ask(http, r, ["DOI:10.1109/5.726791"]).json()
    assert found["citationCount"] == r.world.semantic_scholar("doi:10.1109/5.726791", r.now())


def test_a_known_paper_may_have_no_count(r: Rehearsal, http: requests.Session) -> None:
    known, _ = known_and_unknown(r)
    without = next(key for key in known if r.world.semantic_scholar(key, r.now()) is None)
    assert ask(http, r, [f"ARXIV:{without}"]).json()[0]["citationCount"] is None


@pytest.mark.parametrize(
    ("ids", "fields", "error"),
    [
        (["ARXIV:2404.14897"] * 501, "citationCount", "at most 500"),
        (["nonsense", f"ARXIV:{NOWHERE}"], "citationCount", "No valid paper ids given"),
        ([], "citationCount", "No valid paper ids given"),
        ("ARXIV:2404.14897", "citationCount", "list of strings"),
        (["ARXIV:2404.14897"], "citationCount,colour", "colour"),
    ],
)
def test_bad_questions_are_refused(r: Rehearsal, http: requests.Session, ids: Any, fields: str, error: str) -> None:
    response = ask(http, r, ids, fields)
    assert response.status_code == 400
    assert error in response.json()["error"]


def test_five_hundred_ids_are_one_request(r: Rehearsal, http: requests.Session) -> None:
    assert len(ask(http, r, ["ARXIV:2404.14897"] * 500).json()) == 500


def test_a_body_that_is_no_json_is_refused(r: Rehearsal, http: requests.Session) -> None:
    assert http.post(r.url("semantic_scholar") + BATCH, data=b"ids=1").status_code == 400


def test_a_revoked_key_is_forbidden(r: Rehearsal, http: requests.Session) -> None:
    response = http.get(
        r.url("semantic_scholar") + "/graph/v1/paper/ARXIV:2404.14897", headers={"x-api-key": "revoked"}
    )
    assert (response.status_code, response.json()) == (403, {"message": "Forbidden"})


def test_a_single_unknown_paper_is_404(r: Rehearsal, http: requests.Session) -> None:
    response = http.get(f"{r.url('semantic_scholar')}/graph/v1/paper/ARXIV:{NOWHERE}")
    assert (response.status_code, response.json()) == (404, {"error": f"Paper with id ARXIV:{NOWHERE} not found"})


def test_the_client_package_can_talk_to_it(r: Rehearsal) -> None:
    from semanticscholar import SemanticScholar

    client = SemanticScholar(api_url=r.url("semantic_scholar"), retry=False)
    papers = client.get_papers(["ARXIV:2404.14897", f"ARXIV:{NOWHERE}"])
    assert [paper.externalIds["ArXiv"] for paper in papers] == ["2404.14897"]
