"""GitHub's REST API, played: `{base}/repos/OWNER/NAME`, `/repositories/ID` and `/rate_limit`; joins GraphQL to it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from harvester.rehearsal import github_graphql
from harvester.rehearsal.budgets import Account, Meter
from harvester.rehearsal.exchange import Call, Reply, json_reply
from harvester.rehearsal.github_accounts import rate_headers, revoked, stamp, token_of
from harvester.rehearsal.world import RepositoryNow, World

DOCS = "https://docs.github.com/rest"


def answer(call: Call, world: World, meter: Meter) -> Reply:
    """One call of either API; a token that contains "revoked" is refused, every other one is good."""
    token = token_of(call)
    if revoked(token):
        return json_reply(401, {"message": "Bad credentials", "documentation_url": DOCS, "status": "401"})
    if call.path == "/graphql":
        return github_graphql.answer(call, world, meter) if call.method == "POST" else _not_found(())
    if call.path == "/rate_limit":
        return _rate_limit(call, meter, token or "")
    account = meter.spend("core", token or "", call.at, 0)
    if account.exceeded:
        return _exceeded(account)
    match call.path.strip("/").split("/"):
        case ["repos", owner, name]:
            return _by_name(call, world, meter, f"{owner}/{name}")
        case ["repositories", number] if number.isdigit():
            return _shown(call, meter, world.repository_by_id(int(number), call.at))
        case _:
            return _shown(call, meter, None)


def _by_name(call: Call, world: World, meter: Meter, name: str) -> Reply:
    found = world.repository(name, call.at)
    if found is None or found.name.lower() == name.lower():
        return _shown(call, meter, found)
    moved = f"{call.base}/repositories/{found.id}"  # the server's own address, as GitHub's is
    body = {"message": "Moved Permanently", "url": moved, "documentation_url": DOCS}
    return json_reply(301, body, [("Location", moved), *_spent(call, meter)])


def _shown(call: Call, meter: Meter, found: RepositoryNow | None) -> Reply:
    if found is None:
        return _not_found(_spent(call, meter))
    body = json.dumps(_repository(call, found)).encode()
    etag = _etag(call, body)
    modified = found.touched.replace(microsecond=0)
    headers = [("ETag", etag), ("Last-Modified", format_datetime(modified.astimezone(UTC), usegmt=True))]
    headers.append(("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP"))
    if _unchanged(call, etag, modified):
        free = token_of(call) is not None  # a 304 costs nothing, but only if the request is authorised
        account = meter.spend("core", token_of(call) or "", call.at, 0 if free else 1)
        return Reply(304, b"", [*headers, *rate_headers(account, "core")])
    kind = ("Content-Type", "application/json; charset=utf-8")
    return Reply(200, body, [kind, *headers, *_spent(call, meter)])


def _etag(call: Call, body: bytes) -> str:
    """Depends on the body, on who asks and on what is accepted: a new token makes every stored tag stale."""
    who = call.headers.get("authorization", ""), call.headers.get("accept", "")
    return f'W/"{hashlib.sha256(body + repr(who).encode()).hexdigest()}"'


def _unchanged(call: Call, etag: str, modified: datetime) -> bool:
    tags = call.headers.get("if-none-match")
    if tags is not None:
        return etag in [tag.strip() for tag in tags.split(",")] or tags.strip() == "*"
    since = call.headers.get("if-modified-since")
    try:
        return since is not None and modified <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


def _spent(call: Call, meter: Meter) -> list[tuple[str, str]]:
    return rate_headers(meter.spend("core", token_of(call) or "", call.at, 1), "core")


def _not_found(headers: Any) -> Reply:
    return json_reply(404, {"message": "Not Found", "documentation_url": DOCS, "status": "404"}, headers)


def _exceeded(account: Account) -> Reply:
    message = "API rate limit exceeded for 127.0.0.1. (Authenticated requests get a higher rate limit.)"
    return json_reply(403, {"message": message, "documentation_url": DOCS}, rate_headers(account, "core"))


def _rate_limit(call: Call, meter: Meter, who: str) -> Reply:
    resources = {}
    for name in ("core", "graphql"):
        account = meter.spend(name, who, call.at, 0)
        reset = int(account.reset.timestamp())
        resources[name] = {
            "limit": account.limit,
            "used": account.used,
            "remaining": account.remaining,
            "reset": reset,
            "resource": name,
        }
    return json_reply(200, {"resources": resources, "rate": resources["core"]})


def _repository(call: Call, found: RepositoryNow) -> dict[str, Any]:
    facts = found.facts
    owner, name = found.name.split("/")
    spdx = facts.license
    return {
        "id": facts.id,
        "node_id": facts.node_id,
        "name": name,
        "full_name": found.name,
        "private": False,
        "owner": {"login": owner, "id": facts.id % 100_000, "type": "User", "url": f"{call.base}/users/{owner}"},
        "html_url": f"https://github.com/{found.name}",
        "description": facts.description,
        "fork": False,
        "url": f"{call.base}/repos/{found.name}",
        "created_at": stamp(facts.created),
        "updated_at": stamp(found.touched),
        "pushed_at": None if facts.pushed is None else stamp(facts.pushed),
        "stargazers_count": found.stars,
        "watchers_count": found.stars,
        "forks_count": facts.forks,
        "language": facts.language,
        "archived": found.archived,
        "disabled": False,
        "visibility": "public",
        "license": None if spdx is None else {"key": spdx.lower(), "name": spdx, "spdx_id": spdx, "url": None},
        "default_branch": "main",
        "topics": [],
    }
