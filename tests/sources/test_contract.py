"""What every source must do, whatever its upstream answers: end, never raise, never say what is not so."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import players
import pytest
from builders import landing
from hypothesis import given
from hypothesis import strategies as st

from harvester.records import Conversation, Landing, Reading, Request
from harvester.sources import (
    HARVEST,
    READERS,
    REFRESH,
    STARS,
    SWEEP,
    arxiv_api,
    arxiv_oai,
    github,
    openalex,
    semantic_scholar,
)
from harvester.windows import Search, Window

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
KINDS = {"xml": "application/atom+xml; charset=utf-8", "json": "application/json; charset=utf-8"}


def _search(wanted: dict[str, Any]) -> Search:
    window = Window(date.fromisoformat(wanted["since"]), date.fromisoformat(wanted["until"]))
    return Search(window, tuple(wanted["phrases"]), tuple(wanted["categories"]))


def _sweep(wanted: dict[str, Any]) -> arxiv_oai.Sweep:
    window = Window(date.fromisoformat(wanted["since"]), date.fromisoformat(wanted["until"]))
    return arxiv_oai.Sweep(wanted["group"], window, wanted["pages"])


ASK: dict[tuple[str, str], Callable[[dict[str, Any]], Conversation]] = {
    ("arxiv_api", "ask"): lambda case: arxiv_api.ask(_search(case["wanted"])),
    ("arxiv_api", "ask_ids"): lambda case: arxiv_api.ask_ids(case["wanted"]),
    ("arxiv_oai", "ask"): lambda case: arxiv_oai.ask(_sweep(case["wanted"])),
    ("github", "ask"): lambda case: github.ask(case["wanted"]),
    ("github", "ask_rest"): lambda case: github.ask_rest([tuple(each) for each in case["wanted"]], case["budget"]),
    ("semantic_scholar", "ask"): lambda case: semantic_scholar.ask(case["wanted"]),
    ("openalex", "ask"): lambda case: openalex.ask(case["wanted"]),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One folder of samples."""

    source: str
    name: str
    asked: dict[str, Any]
    answers: tuple[Landing, ...]
    expected: dict[str, Any]

    def talk(self) -> Conversation:
        return ASK[self.source, self.asked["ask"]](self.asked)

    def read(self, answer: Landing) -> Reading:
        return READERS[self.source](answer)


def _case(folder: Path) -> Case:
    answers = []
    for path in sorted(folder.glob("[0-9]*-*.*")):
        headers = (("content-type", KINDS[path.suffix[1:]]),)
        answers.append(landing(int(path.stem.partition("-")[2]), path.read_bytes(), headers=headers))
    asked, expected = (json.loads((folder / f"{name}.json").read_text()) for name in ("wanted", "expected"))
    return Case(folder.parent.name, folder.name, asked, tuple(answers), expected)


CASES = [_case(path.parent) for path in sorted(SAMPLES.glob("*/*/wanted.json"))]
ODD = [
    b"[]", b"{}", b"null", b"7", b'"x"', b"NaN", b"[[", b'{"data": {}}', b'{"data": null, "errors": []}', b"[{}]",
    b'{"errors": [{"type": "NOT_FOUND"}]}', b'{"meta": {"count": 1}, "results": [{}]}', b'{"meta": 1, "results": []}',
    b'{"error": "x"}', b"<rss/>", b'<feed xmlns="http://www.w3.org/2005/Atom"/>', b"[" * 100_000,
]  # fmt: skip


def _as_200(answer: Landing, body: bytes) -> Landing:
    return replace(answer, status=200, body=body)


FAULTS: dict[str, Callable[[Landing], Landing]] = {
    "truncated": lambda answer: _as_200(answer, answer.body[: len(answer.body) // 2]),
    "one byte short of its end": lambda answer: _as_200(answer, answer.body.rstrip()[:-1]),
    "empty": lambda answer: _as_200(answer, b""),
    "NUL bytes": lambda answer: _as_200(answer, b"\0" * 100 + answer.body),
    "invalid UTF-8": lambda answer: _as_200(answer, answer.body[:-20] + b"\xff\xfe\xc3\x28" + answer.body[-20:]),
    "HTML with 200": lambda answer: replace(answer, status=200, body=players.HTML, headers=()),
    "HTML that says JSON": lambda answer: _as_200(answer, players.HTML),
    "no answer": lambda answer: replace(answer, status=None, body=b"", headers=(), failure="timeout after 60 s"),
}
for _status in (301, 400, 401, 403, 404, 413, 418, 429, 500, 502, 503, 504):
    FAULTS[f"HTTP {_status}"] = partial(replace, status=_status, body=players.HTML, headers=())
for _body in ODD:
    FAULTS[f"odd {_body[:40]!r}"] = partial(replace, status=200, body=_body)


def _check_truth(case: Case, landings: tuple[Landing, ...]) -> None:
    """Nothing that any landing says may differ from what is so, and every asked subject gets one word a landing."""
    for each in landings:
        reading = case.read(each)
        subjects = [seen.subject for seen in reading.observations]
        assert len(subjects) == len(set(subjects))
        assert {record.arxiv_id for record in reading.papers} <= set(case.expected["papers"])
        assert {absence.subject for absence in reading.absences} <= set(case.expected["absences"])
        for seen in reading.observations:
            assert (seen.value is not None) == (seen.status == "ok")
            if seen.status != "failed":
                assert [seen.status, seen.value] == case.expected["observations"][seen.subject]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.source}-{case.name}")
def test_a_case_is_asked_and_read_as_expected(case: Case) -> None:
    held = players.hold(case.talk(), players.in_turn(*case.answers))
    readings = [case.read(each) for each in held.landings]
    assert held.outcome.state == case.expected["state"]
    assert len(held.landings) == len(case.answers)
    assert {record.arxiv_id for each in readings for record in each.papers} == set(case.expected["papers"])
    assert {absence.subject for each in readings for absence in each.absences} == set(case.expected["absences"])
    words = {subject: [seen.status, seen.value] for subject, seen in held.last_words(case.read).items()}
    assert words == case.expected["observations"]
    assert sum(len(each.problems) for each in readings) == case.expected["problems"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.source}-{case.name}")
def test_a_fault_for_ever_ends_soon_and_says_nothing_false(case: Case, fault: str) -> None:
    def answer(request: Request) -> Landing:
        return replace(FAULTS[fault](case.answers[0]), request=request)

    held = players.hold(case.talk(), answer, most=60)
    if held.outcome.state == "complete":  # the answer had the right shape: then what it holds is told as a problem
        assert any(case.read(each).problems for each in held.landings)
    else:
        assert held.outcome.why
    assert held.outcome.why.isprintable()
    if case.answers[0].status == 200:
        _check_truth(case, held.landings)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.source}-{case.name}")
def test_reading_twice_says_the_same(case: Case) -> None:
    held = players.hold(case.talk(), players.in_turn(*case.answers))
    assert [case.read(each) for each in held.landings] == [case.read(each) for each in held.landings]


def test_every_source_is_named_once_and_read_by_its_name() -> None:
    names = {name: source.NAME for name, source in HARVEST.items()}
    names |= {name: source.NAME for name, source in SWEEP.items()}
    names |= {name: source.NAME for name, source in REFRESH.items()}
    names |= {name: source.NAME for name, source in STARS.items()}
    assert names == {name: name for name in READERS}
    assert {case.source for case in CASES} == set(READERS)


REQUESTS = [next(case.talk()) for case in CASES]
KEYS = [
    "data", "errors", "r0", "r1", "type", "path", "id", "node_id", "full_name", "nameWithOwner", "stargazerCount",
    "stargazers_count", "forkCount", "forks_count", "license", "licenseInfo", "spdxId", "spdx_id", "primaryLanguage", "meta",
    "count", "results", "doi", "locations", "cited_by_count", "landing_page_url", "externalIds", "ArXiv", "citationCount",
    "archived", "isArchived", "fork", "isFork", "pushedAt", "pushed_at", "message", "block", "description", "paperId",
]  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8),
    st.sampled_from(["o/n", "R_1", "NOT_FOUND", "r0", "9999-12-31T23:59:59-10:00", "2024-01-01", "\ud800", "\0", "10.1/x"]),
)  # fmt: skip
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=8),
    max_leaves=25,
)
BODIES = st.binary(max_size=200) | JSON.map(lambda content: json.dumps(content).encode())
STATUSES = st.sampled_from([None, 200, 200, 200, 304, 400, 403, 404, 451, 503])


@given(request=st.sampled_from(REQUESTS), status=STATUSES, body=BODIES)
def test_reading_any_bytes_never_raises(request: Request, status: int | None, body: bytes) -> None:
    reading = READERS[request.source](landing(status, body, request=request))
    for seen in reading.observations:
        assert (seen.value is not None) == (seen.status == "ok")
        assert seen.value is None or 0 <= seen.value <= 10_000_000
    for record in reading.repos:
        assert f"{record.description}{record.license}{record.language}{record.node_id}".encode()


@given(data=st.data(), case=st.sampled_from(CASES))
def test_reading_a_damaged_answer_never_raises(data: st.DataObject, case: Case) -> None:
    body = bytearray(case.answers[0].body)
    for _ in range(data.draw(st.integers(1, 4)) if body else 0):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=6))
    answer = replace(case.answers[0], status=200, body=bytes(body), request=next(case.talk()))
    for seen in case.read(answer).observations:
        assert (seen.value is not None) == (seen.status == "ok")


HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["retry-after", "x-ratelimit-reset", "x-ratelimit-remaining", "content-type", "etag"]),
        st.text(max_size=30)
        | st.sampled_from(["-1", "9" * 30, "Wed, 21 Oct 2015 07:28:00 GMT", "1e9", "application/json"]),
    )
)


@given(case=st.sampled_from(CASES), status=st.sampled_from([200, 403, 429]), headers=HEADERS)
def test_no_header_makes_a_conversation_raise(case: Case, status: int, headers: list[tuple[str, str]]) -> None:
    held = players.hold(case.talk(), players.always(status, headers=tuple(headers)), most=60)
    assert held.outcome.why.isprintable()


@pytest.mark.parametrize("source", [semantic_scholar, openalex, github], ids=lambda module: str(module.NAME))
def test_an_answer_without_one_usable_value_degrades_the_night(source: Any) -> None:
    wanted = ["o/n", "o/m"] if source is github else ["arxiv:2406.00001", "arxiv:2406.00002"]

    def upstream(request: Request) -> Landing:
        if source is github:
            nodes = {
                alias: players.repository_node(n, stargazerCount=None)
                for alias, n in players.asked_names(request).items()
            }
            return players.json_landing({"data": nodes}, request=request)
        if source is semantic_scholar:
            return players.json_landing([{"paperId": "0" * 40, "citationCount": "many"}] * 2, request=request)
        works = [players.work(f"10.48550/{each.replace(':', '.')}", None) for each in wanted]
        return players.json_landing(players.works_page(works), request=request)

    held = players.hold(source.ask(wanted), upstream)
    assert (held.outcome.state, held.outcome.degraded, len(held.requests)) == ("failed", True, 2)
    assert "no usable value" in held.outcome.why
