"""OpenAlex's works, played: `{base}/works` with its filters, and `{base}/works/{id}`."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from harvester.rehearsal.budgets import Account, Meter
from harvester.rehearsal.exchange import Call, Reply, json_reply
from harvester.rehearsal.facts import PaperFacts
from harvester.rehearsal.world import ARXIV_DOI, UNKNOWN, World, count

RESOLVER = "https://doi.org/"
MOST_VALUES = 100
LARGEST_PAGE = 200
FILTERS = ("doi", "locations.landing_page_url", "openalex", "ids.openalex")
KNOWN_PARAMETERS = frozenset(
    "filter select per-page per_page page cursor api_key mailto sort".split(),
)


class BadQuery(ValueError):
    """A parameter that OpenAlex answers with 400."""


def answer(call: Call, world: World, meter: Meter) -> Reply:
    """One call; lists cost one credit, single look-ups none. A key that contains "revoked" is refused."""
    key = call.parameters().get("api_key") or call.headers.get("authorization", "").removeprefix("Bearer ")
    if "revoked" in key:
        return json_reply(401, {"error": "Unauthorized", "message": "Invalid or missing API key"})
    single = call.path.startswith("/works/")
    if call.path != "/works" and not single:
        return json_reply(404, {"error": "Not found", "message": f"{call.path} was not found"})
    account = meter.spend("openalex", key, call.at, 0 if single else 1)
    headers = _rate_headers(account, call.at, 0 if single else 1)
    if account.exceeded and not single:
        message = "Rate limit exceeded: the daily budget is used up"
        return json_reply(429, {"error": "Too many requests", "message": message}, headers)
    try:
        if single:
            return _single(call, world, headers)
        return json_reply(200, _list(call, world), headers)
    except BadQuery as error:
        return json_reply(400, {"error": "Invalid query parameters error.", "message": str(error)}, headers)


def _rate_headers(account: Account, at: datetime, credits_used: int) -> list[tuple[str, str]]:
    return [
        ("x-ratelimit-limit", str(account.limit)),
        ("x-ratelimit-remaining", str(account.remaining)),
        ("x-ratelimit-credits-used", str(credits_used)),
        ("x-ratelimit-reset", str(int((account.reset - at).total_seconds()))),
    ]


def _single(call: Call, world: World, headers: list[tuple[str, str]]) -> Reply:
    name = unquote(call.path.removeprefix("/works/"))
    works = _works(world, call.at)
    doi = _doi(name.removeprefix("doi:"))
    found = next((w for w in works if w["id"].endswith("/" + name) or w["id"] == name or w["doi"] == doi), None)
    if found is None:
        return json_reply(404, {"error": "Not found", "message": f"{name} was not found"}, headers)
    return json_reply(200, _selected(found, call.parameters().get("select")), headers)


def _list(call: Call, world: World) -> dict[str, Any]:
    parameters = call.parameters()
    unknown = sorted(set(parameters) - KNOWN_PARAMETERS)
    if unknown:
        raise BadQuery(f"{unknown[0]} is not a valid parameter")
    per_page = _whole_number(parameters.get("per-page") or parameters.get("per_page") or "25", "per-page")
    if not 1 <= per_page <= LARGEST_PAGE:
        raise BadQuery(f"per-page parameter must be between 1 and {LARGEST_PAGE}")
    found = _filtered(_works(world, call.at), parameters.get("filter") or "")
    start, paging = _start(parameters, per_page, len(found))
    page = [_selected(work, parameters.get("select")) for work in found[start : start + per_page]]
    meta = {"count": len(found), "db_response_time_ms": 12, "per_page": per_page, "groups_count": None} | paging
    return {"meta": meta, "results": page, "group_by": []}


def _start(parameters: dict[str, str], per_page: int, total: int) -> tuple[int, dict[str, Any]]:
    """Where the page begins, and what `meta` says of paging."""
    cursor = parameters.get("cursor")
    if cursor is None:
        page = _whole_number(parameters.get("page") or "1", "page")
        if page < 1 or page * per_page > 10_000:
            raise BadQuery("Maximum results size of 10,000 records is exceeded. Use cursor paging")
        return (page - 1) * per_page, {"page": page}
    start = 0 if cursor == "*" else _whole_number(_decoded(cursor), "cursor")
    onward = base64.urlsafe_b64encode(str(start + per_page).encode()).decode()
    return start, {"page": None, "next_cursor": onward if start < total else None}


def _decoded(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor.encode()).decode()
    except ValueError as error:
        raise BadQuery("Cursor value is not valid") from error


def _whole_number(text: str, name: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise BadQuery(f"{name} must be a number")
    return int(text)


def _filtered(works: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    for part in filter(None, text.split(",")):
        name, colon, wanted = part.partition(":")
        if not colon or name not in FILTERS:
            raise BadQuery(f"{name} is not a valid field")
        values = wanted.split("|")
        if len(values) > MOST_VALUES:
            raise BadQuery(f"Maximum number of values exceeded for {name}: at most {MOST_VALUES} with the OR operator")
        works = [work for work in works if _fits(work, name, values)]
    return works


def _fits(work: dict[str, Any], name: str, values: list[str]) -> bool:
    if name == "doi":
        return work["doi"] in {_doi(value) for value in values}
    if name == "locations.landing_page_url":
        pages = {_page(location["landing_page_url"]) for location in work["locations"]}
        return not pages.isdisjoint(_page(value) for value in values)
    return any(work["id"].lower().endswith("/" + value.rpartition("/")[2].lower()) for value in values)


def _doi(text: str) -> str:
    """A DOI as OpenAlex stores it: with the resolver, in lower case."""
    return RESOLVER + text.strip().lower().removeprefix(RESOLVER).removeprefix("http://doi.org/")


def _page(url: str) -> str:
    return url.strip().lower().removeprefix("https://").removeprefix("http://")


def _selected(work: dict[str, Any], select: str | None) -> dict[str, Any]:
    if not select:
        return work
    names = select.split(",")
    unknown = [name for name in names if name not in work]
    if unknown:
        raise BadQuery(f"{unknown[0]} is not a valid select field")
    return {name: work[name] for name in names}


def _works(world: World, at: datetime) -> list[dict[str, Any]]:
    return [_work(p, at) for p in world.papers.values() if count(p.openalex, at) is not UNKNOWN]


def _work(facts: PaperFacts, at: datetime) -> dict[str, Any]:
    """A work; a merged one carries the publisher's DOI only, and its preprint is no more than a location."""
    number = f"https://openalex.org/W{int(hashlib.sha1(facts.id.encode()).hexdigest()[:8], 16) + 4_000_000_000}"
    preprint = RESOLVER + ARXIV_DOI + facts.id
    if not facts.at_arxiv:
        doi, pages = _doi(facts.id), [_doi(facts.id)]
    elif facts.openalex_merged and facts.doi:
        doi, pages = _doi(facts.doi), [_doi(facts.doi), f"http://arxiv.org/abs/{facts.id}"]
    else:
        doi, pages = preprint, [f"http://arxiv.org/abs/{facts.id}", preprint]
    submitted = facts.versions[0].submitted
    locations = [
        {"landing_page_url": page, "pdf_url": None, "is_oa": facts.at_arxiv, "version": None} for page in pages
    ]
    return {
        "id": number,
        "doi": doi,
        "ids": {"openalex": number, "doi": doi},
        "title": facts.title,
        "display_name": facts.title,
        "publication_year": submitted.year,
        "publication_date": submitted.date().isoformat(),
        "type": "preprint" if facts.at_arxiv else "article",
        "cited_by_count": count(facts.openalex, at),
        "primary_location": locations[0],
        "locations": locations,
        "locations_count": len(locations),
        "updated_date": at.date().isoformat(),
    }
