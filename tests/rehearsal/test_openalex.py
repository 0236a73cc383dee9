from __future__ import annotations

from typing import Any

import pytest
import requests

from harvester.rehearsal import NOWHERE, Limits, Rehearsal, rehearse


def ask(http: requests.Session, r: Rehearsal, **parameters: Any) -> requests.Response:
    return http.get(f"{r.url('openalex')}/works", params={n.replace("_p", "-p"): v for n, v in parameters.items()})


def merged(r: Rehearsal) -> tuple[str, str]:
    """A preprint that OpenAlex only knows as a location of the published work: arXiv id and publisher's DOI."""
    facts = next(p for p in r.world.papers.values() if p.openalex_merged and p.openalex)
    assert facts.doi is not None
    return facts.id, facts.doi


def known(r: Rehearsal) -> list[str]:
    papers = r.world.papers_visible(r.now())
    return [p.id for p in papers if isinstance(r.world.openalex(p.id, r.now()), int) and not p.facts.openalex_merged]


def test_dois_are_found_in_any_spelling_and_unknown_ones_are_absent(r: Rehearsal, http: requests.Session) -> None:
    one, two, *_ = known(r)
    wanted = f"doi:https://doi.org/10.48550/arXiv.{one}|10.48550/ARXIV.{two}|10.48550/arxiv.{NOWHERE}"
    found = ask(http, r, filter=wanted, select="doi,cited_by_count").json()
    assert found["meta"]["count"] == 2
    assert {work["doi"]: work["cited_by_count"] for work in found["results"]} == {
        f"https://doi.org/10.48550/arxiv.{key}": r.world.openalex(key, r.now()) for key in (one, two)
    }


def test_a_merged_preprint_is_only_found_by_its_page(r: Rehearsal, http: requests.Session) -> None:
    arxiv_id, doi = merged(r)
    assert ask(http, r, filter=f"doi:10.48550/arxiv.{arxiv_id}").json()["results"] == []
    by_page = ask(http, r, filter=f"locations.landing_page_url:http://arxiv.org/abs/{arxiv_id}").json()["results"]
    assert [work["doi"] for work in by_page] == [f"https://doi.org/{doi}"]
    assert by_page[0]["cited_by_count"] == r.world.openalex(arxiv_id, r.now())


def test_select_leaves_out_the_rest(r: Rehearsal, http: requests.Session) -> None:
    (work,) = ask(http, r, filter=f"doi:10.48550/arxiv.{known(r)[0]}", select="id,doi").json()["results"]
    assert sorted(work) == ["doi", "id"]


def test_a_cursor_leads_through_all_works(r: Rehearsal, http: requests.Session) -> None:
    seen, cursor = [], "*"
    while cursor is not None:
        page = ask(http, r, per_page=100, cursor=cursor, select="id").json()
        seen += [work["id"] for work in page["results"]]
        cursor = page["meta"]["next_cursor"]
    assert len(seen) == len(set(seen)) == page["meta"]["count"] > 200


@pytest.mark.parametrize(
    "parameters",
    [
        {"filter": "doi:" + "|".join(f"10.1/{n}" for n in range(101))},
        {"filter": "colour:red"},
        {"select": "id,colour"},
        {"per_page": 201},
        {"per_page": 0},
        {"cursor": "!"},
        {"colour": "red"},
    ],
)
def test_bad_questions_are_refused(r: Rehearsal, http: requests.Session, parameters: dict[str, Any]) -> None:
    assert ask(http, r, **parameters).status_code == 400


def test_a_list_costs_one_credit_and_a_look_up_none(r: Rehearsal, http: requests.Session) -> None:
    first = ask(http, r, select="id")
    assert first.headers["x-ratelimit-credits-used"] == "1"
    single = http.get(f"{r.url('openalex')}/works/https://doi.org/10.48550/arxiv.{known(r)[0]}")
    assert (single.status_code, single.headers["x-ratelimit-credits-used"]) == (200, "0")
    assert single.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"]


def test_a_spent_budget_is_429_until_the_next_day(http: requests.Session) -> None:
    with rehearse(enforce=Limits(openalex_anonymous_per_day=2)) as r:
        statuses = [ask(http, r, select="id").status_code for _ in range(3)]
        last = ask(http, r, select="id")
        assert statuses == [200, 200, 429]
        assert (last.headers["x-ratelimit-remaining"], last.headers["x-ratelimit-reset"]) == ("0", str(21 * 3600))
