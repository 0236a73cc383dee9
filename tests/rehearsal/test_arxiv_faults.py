"""Feeds of a bad day: what each kind does to the pages, and that nothing else happens to them."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests

from harvester.rehearsal import Rehearsal
from harvester.rehearsal.arxiv_faults import KINDS


def ids(http: requests.Session, r: Rehearsal, start: int = 0, size: int = 40, **more: Any) -> list[str]:
    asked = {"search_query": "cat:cs.CL", "start": start, "max_results": size, "sortBy": "submittedDate", **more}
    answer = http.get(f"{r.url('arxiv')}/api/query", params=asked, timeout=5)
    return re.findall(r"<id>http://arxiv.org/abs/([^<]*)</id>", answer.text)


def test_pages_are_small_shuffled_or_double(r: Rehearsal, http: requests.Session) -> None:
    honest = ids(http, r)
    r.play({"kind": "small_pages", "size": 7})
    assert ids(http, r) == honest[:7]
    r.play({"kind": "shuffled_page"})
    shuffled = ids(http, r)
    assert shuffled != honest and sorted(shuffled) == sorted(honest)
    r.play({"kind": "entries_twice", "size": 5})
    assert ids(http, r) == [each for each in honest[:5] for _ in range(2)]
    assert ids(http, r) == honest


def test_pages_overlap(r: Rehearsal, http: requests.Session) -> None:
    honest = ids(http, r)
    r.play({"kind": "overlapping_pages", "by": 2, "times": None})
    assert ids(http, r, 0, 10) == honest[:10]
    assert ids(http, r, 10, 10) == honest[8:18]


def test_an_unstable_order_moves_papers_of_one_second_only(r: Rehearsal, http: requests.Session) -> None:
    honest = ids(http, r, size=200)
    r.play({"kind": "unstable_order", "times": None})
    pages = [ids(http, r, start, 20) for start in range(0, 200, 20)]
    assert pages == [ids(http, r, start, 20) for start in range(0, 200, 20)]
    published = {p.id: p.published for p in r.world.papers_visible(r.now())}

    def times(names: list[str]) -> list[Any]:
        return [published[re.sub(r"v\d+$", "", name)] for name in names]

    assert times([each for page in pages for each in page]) == times(honest)


@pytest.mark.parametrize("kind", KINDS)
def test_other_upstreams_answer_as_ever(r: Rehearsal, http: requests.Session, kind: str) -> None:
    def ask() -> Any:
        asked = {"ids": ["ARXIV:2405.18218"]}
        base = r.url("semantic_scholar")
        return http.post(f"{base}/graph/v1/paper/batch?fields=citationCount", json=asked, timeout=5).json()

    honest = ask()
    r.play({"kind": kind, "size": 1, "times": None})
    assert ask() == honest
