"""Plays upstreams in memory, so that conversations can be held without a network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from builders import landing

from harvester.records import Conversation, Landing, Observation, Outcome, Reading, Request

Answer = Callable[[Request], Landing]
ATOM = (
    '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" '
    'xmlns="http://www.w3.org/2005/Atom">'
)
HTML = b"<!DOCTYPE html><html><body><h1>Be back soon</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation that ended."""

    outcome: Outcome
    landings: tuple[Landing, ...]

    @property
    def requests(self) -> list[Request]:
        return [each.request for each in self.landings]

    def last_words(self, read: Callable[[Landing], Reading]) -> dict[str, Observation]:
        """What the fold sees: the last observation of each subject."""
        return {seen.subject: seen for each in self.landings for seen in read(each).observations}


def hold(talk: Conversation, answer: Answer, most: int = 3_000) -> Held:
    """Holds a conversation to its end; one that does not end fails the test."""
    landings: list[Landing] = []
    try:
        request = next(talk)
        for _ in range(most):
            landings.append(answer(request))
            request = talk.send(landings[-1])
    except StopIteration as stop:
        return Held(stop.value, tuple(landings))
    raise AssertionError(f"no end after {most} requests")


def in_turn(*answers: Landing | None, then: Answer | None = None) -> Answer:
    """Gives these answers one after another (None: whatever `then` says), and then those of `then`."""
    waiting = list(answers)

    def answer(request: Request) -> Landing:
        chosen = waiting.pop(0) if waiting else None
        if chosen is None:
            assert then, f"one request more than expected: {request}"
            return then(request)
        return landing(chosen.status, chosen.body, request=request, headers=chosen.headers, failure=chosen.failure)

    return answer


def always(status: int | None, body: bytes = b"", **more: Any) -> Answer:
    return lambda request: landing(status, body, request=request, **more)


def json_landing(content: object, status: int = 200, request: Request | None = None, **headers: str) -> Landing:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return landing(
        status, json.dumps(content).encode(), request=request, headers=(("content-type", "application/json"), *named)
    )


# --- arXiv -------------------------------------------------------------------------------------------------------------


def arguments(request: Request) -> dict[str, str]:
    """The arguments of an arXiv request, by GET or by form."""
    if request.method == "GET":
        return dict(request.parameters)
    return {key: values[0] for key, values in parse_qs((request.body or b"").decode()).items()}


def entry(arxiv_id: str, day: str = "2024-06-01", *, version: int = 1, comment: str = "", **texts: str) -> str:
    title = texts.get("title", f"Title of {arxiv_id}")
    summary = texts.get("summary", f"  Abstract of\n {arxiv_id}. ")
    spoken = f"<arxiv:comment>{escape(comment)}</arxiv:comment>" if comment else ""
    return (
        f"<entry><id>http://arxiv.org/abs/{arxiv_id}v{version}</id><title>{escape(title)}</title>"
        f"<updated>{day}T12:00:00Z</updated><published>{day}T12:00:00Z</published>"
        f"<summary>{escape(summary)}</summary>{spoken}<author><name>Ada Author</name></author>"
        '<category term="cs.CL"/><category term="68T50"/><arxiv:primary_category term="cs.CL"/></entry>'
    )


def feed(entries: Iterable[str], total: int | str, start: int = 0) -> bytes:
    counted = f"<opensearch:totalResults>{total}</opensearch:totalResults>"
    placed = f"<opensearch:startIndex>{start}</opensearch:startIndex>"
    return f"{ATOM}{counted}{placed}{''.join(entries)}</feed>".encode()


def error_feed(words: str) -> bytes:
    about = "<id>https://arxiv.org/api/errors#incorrect</id><title>Error</title>"
    return feed([f"<entry>{about}<summary>{escape(words)}</summary></entry>"], 1)


def arxiv(papers: Mapping[str, str], most: int = 2_000) -> Answer:
    """Plays the query API over papers (id: day of submission): dates, paging and id lists; the phrases always match.

    A page holds `most` papers, however many were asked for.
    """

    def answer(request: Request) -> Landing:
        asked = arguments(request)
        start, size = int(asked["start"]), int(asked["max_results"])
        if "id_list" in asked:
            found = [each for each in asked["id_list"].split(",") if each in papers]
        else:
            since, until = asked["search_query"].split("submittedDate:[")[1].rstrip("]").split(" TO ")
            found = [each for each, day in sorted(papers.items()) if since <= day.replace("-", "") + "1200" <= until]
        page = [entry(each, papers[each]) for each in found[start : start + min(size, most)]]
        return landing(200, feed(page, len(found), start), request=request)

    return answer


# --- GitHub ------------------------------------------------------------------------------------------------------------


def repository_node(name: str, stars: int = 7, **more: Any) -> dict[str, Any]:
    return {
        "id": f"R_{name.replace('/', '_')}",
        "databaseId": 1,
        "nameWithOwner": name,
        "stargazerCount": stars,
        "forkCount": 2,
        "isArchived": False,
        "isFork": False,
        "pushedAt": "2024-05-01T00:00:00Z",
        "createdAt": "2020-01-01T00:00:00Z",
        "licenseInfo": {"spdxId": "MIT"},
        "primaryLanguage": {"name": "Python"},
        "description": "A repository",
        **more,
    }


def asked_names(request: Request) -> dict[str, str]:
    """The names in a GraphQL batch, by alias."""
    variables = json.loads(request.body or b"{}")["variables"]
    number = sum(key[0] == "o" for key in variables)
    return {f"r{at}": f"{variables[f'o{at}']}/{variables[f'n{at}']}" for at in range(number)}


def asked_ids(request: Request) -> list[str]:
    """The node ids in a GraphQL batch."""
    found: list[str] = json.loads(request.body or b"{}")["variables"].get("ids", [])
    return found


def github(stars: Mapping[str, int], heavy: Iterable[str] = (), ids: Mapping[str, str] | None = None) -> Answer:
    """Plays GraphQL: repositories not in `stars` are NOT_FOUND; a batch of more than one with a heavy one is a 502.

    `ids` are the names that node ids have now.
    """
    too_much = set(heavy)
    called = ids or {}

    def answer(request: Request) -> Landing:
        names = asked_names(request)
        if too_much & set(names.values()):
            return landing(502, HTML, request=request)
        data: dict[str, Any] = {"rateLimit": {"cost": 1, "remaining": 4999, "resetAt": "2024-06-03T04:00:00Z"}}
        errors: list[dict[str, Any]] = []
        for alias, name in names.items():
            data[alias] = repository_node(name, stars[name]) if name in stars else None
            if name not in stars:
                errors.append({"type": "NOT_FOUND", "path": [alias], "message": "Could not resolve"})
        if known := asked_ids(request):
            data["known"] = [repository_node(called[n], stars[called[n]], id=n) if n in called else None for n in known]
            places = (at for at, node in enumerate(known) if node not in called)
            errors += ({"type": "NOT_FOUND", "path": ["known", at], "message": "Could not resolve"} for at in places)
        return json_landing({"data": data, **({"errors": errors} if errors else {})}, request=request)

    return answer


def rest_repository(name: str, stars: int = 7, **more: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "node_id": "R_1",
        "full_name": name,
        "stargazers_count": stars,
        "forks_count": 2,
        "archived": False,
        "fork": False,
        "pushed_at": "2024-05-01T00:00:00Z",
        "created_at": "2020-01-01T00:00:00Z",
        "license": {"key": "mit", "spdx_id": "MIT", "url": "https://api.github.com/licenses/mit"},
        "language": "Python",
        "description": None,
        **more,
    }


# --- citations ---------------------------------------------------------------------------------------------------------


def semantic_scholar(citations: Mapping[str, int | None]) -> Answer:
    """Plays the batch endpoint over ids ("ARXIV:2405.18218"); unknown ones are null, all unknown is a 400."""

    def answer(request: Request) -> Landing:
        ids = json.loads(request.body or b"{}")["ids"]
        if len(ids) > 500:
            return json_landing({"error": "Too many ids"}, 400, request)
        if not any(each in citations for each in ids):
            return json_landing({"error": "No valid paper ids given"}, 400, request)
        return json_landing(
            [_cited(each, citations[each]) if each in citations else None for each in ids], 200, request
        )

    return answer


def _cited(paper: str, count: int | None) -> dict[str, Any]:
    kind, _, key = paper.partition(":")
    external = {"ArXiv": key, "CorpusId": 1} if kind == "ARXIV" else {"DOI": key.upper()}
    return {"paperId": "0" * 40, "externalIds": external, "citationCount": count}


def openalex(citations: Mapping[str, int]) -> Answer:
    """Plays the works filter over DOIs; unknown ones are absent."""

    def answer(request: Request) -> Landing:
        wanted = dict(request.parameters)["filter"].removeprefix("doi:").split("|")
        works = [work(doi, citations[doi]) for doi in reversed(wanted) if doi in citations]
        return json_landing(works_page(works), 200, request)

    return answer


def work(doi: str, count: Any, **more: Any) -> dict[str, Any]:
    address = f"https://doi.org/{doi}"
    return {
        "id": "https://openalex.org/W1",
        "doi": address,
        "ids": {"doi": address},
        "cited_by_count": count,
        "locations": [],
        **more,
    }


def works_page(works: list[Any], count: int | None = None) -> dict[str, Any]:
    total = len(works) if count is None else count
    return {"meta": {"count": total, "page": 1, "per_page": 100}, "results": works}
