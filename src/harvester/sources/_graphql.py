"""GitHub's GraphQL: one query for many repositories, by id or by name, and what of its answer is about whom.

Source: https://docs.github.com/graphql/reference/queries. `nodes(ids:)` takes up to 100 ids and follows every change of a
name; what does not exist is null, with an error NOT_FOUND that names its place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal

from harvester.ids import RepoName
from harvester.records import Landing, Request
from harvester.sources._answers import malformed, read_count, read_header_count, read_json
from harvester.sources._repository import GRAPHQL_FIELDS

SOURCE = "github"
PATH = "/graphql"
RATE_LIMITED = frozenset({"RATE_LIMITED", "RATE_LIMIT"})
_NODES = "known"  # the alias under which a query looks up ids
Settled = Literal["ok", "not_found", "failed"]


@dataclass(frozen=True, slots=True)
class Known:
    """A repository that has answered before."""

    name: RepoName  # the one it had then
    node_id: str
    number: int | None = None  # without it, REST is asked by the name


Asked = RepoName | Known


def question(wanted: tuple[Asked, ...]) -> Request:
    """Looks up the ids with one field, whose names may have changed, and each name with an alias of its own."""
    ids = [one.node_id for one in wanted if isinstance(one, Known)]
    names = [one for one in wanted if not isinstance(one, Known)]
    declared = [*(["$ids:[ID!]!"] if ids else []), *(f"$o{at}:String!,$n{at}:String!" for at in range(len(names)))]
    aliases = [*([f"{_NODES}:nodes(ids:$ids){{...F}}"] if ids else [])]
    aliases += (f"r{at}:repository(owner:$o{at},name:$n{at}){{...F}}" for at in range(len(names)))
    fragment = f"fragment F on Repository{{{GRAPHQL_FIELDS}}}"
    variables: dict[str, Any] = {"ids": ids} if ids else {}
    for place, name in enumerate(names):
        variables[f"o{place}"], _, variables[f"n{place}"] = name.partition("/")
    asked = {
        "query": f"query({','.join(declared)}){{rateLimit{{cost remaining resetAt}} {' '.join(aliases)}}} {fragment}",
        "variables": variables,
    }
    return Request(SOURCE, "POST", PATH, body=json.dumps(asked).encode(), content_type="application/json")


def keys(wanted: Sequence[Asked]) -> list[str]:
    """Returns where an answer tells of each: "r0", "r1" ... of names, "known.0", "known.1" ... of ids."""
    ids, names = count(), count()
    return [node_key(next(ids)) if isinstance(one, Known) else name_key(next(names)) for one in wanted]


def node_key(place: int) -> str:
    """Returns where an answer tells of the id at that place."""
    return f"{_NODES}.{place}"


def name_key(place: int) -> str:
    """Returns where an answer tells of the name at that place."""
    return f"r{place}"


def _variables(request: Request) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(request.body or b"{}").get("variables", {})
    return told


def ids_of(request: Request) -> tuple[str, ...]:
    """Recovers the ids from the variables of our own question."""
    return tuple(_variables(request).get("ids", ()))


def names_of(request: Request) -> tuple[RepoName, ...]:
    """Recovers the names from the variables of our own question."""
    told = _variables(request)
    return tuple(RepoName(f"{told[f'o{at}']}/{told[f'n{at}']}") for at in range(sum(key[0] == "o" for key in told)))


@dataclass(frozen=True, slots=True)
class Answer:
    """A GraphQL answer that has the right shape: a node or null for each key, and the types of the errors."""

    nodes: dict[str, Any]
    errors: dict[str, set[str]]  # by key; under "" those that concern the whole query
    budget: tuple[int, int] | None  # points that remain of the hour, and what this query cost

    @property
    def rate_limited(self) -> bool:
        """Whether the hour's budget is spent; a remaining budget of 0 alone is no failure."""
        return any(kinds & RATE_LIMITED for kinds in self.errors.values())

    def settled(self, key: str) -> Settled:
        """Tells what became of one; null without a NOT_FOUND of its own is an error, not a missing repository."""
        if isinstance(self.nodes.get(key), dict):
            return "ok"
        return "not_found" if self.errors.get(key) == {"NOT_FOUND"} and key in self.nodes else "failed"


def read_answer(landing: Landing) -> Answer:
    """Reads an answer of the right shape; raises `Malformed` for every other one."""
    content = read_json(landing)
    if not isinstance(content, dict) or not ("data" in content or "errors" in content):
        raise malformed(landing, "the answer is not one of GraphQL: neither data nor errors")
    nodes, errors = content.get("data"), content.get("errors")
    by_key: dict[str, set[str]] = {}
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            kind = str(error.get("type") or error.get("code") or "UNKNOWN")
            by_key.setdefault(_key_of(error.get("path"), landing.request), set()).add(kind)
    nodes = nodes if isinstance(nodes, dict) else {}
    return Answer(_by_key(landing, nodes), by_key, _budget(landing, nodes.get("rateLimit")))


def _key_of(path: object, request: Request) -> str:
    """Names the alias, or the place among the ids, that an error is about; of a single id the place may be missing."""
    if not isinstance(path, list) or not path or not isinstance(path[0], str):
        return ""
    if path[0] != _NODES or (len(path) == 1 and len(ids_of(request)) > 1):
        return path[0]
    return f"{_NODES}.{path[1] if len(path) > 1 else 0}"


def _by_key(landing: Landing, nodes: Mapping[str, Any]) -> dict[str, Any]:
    """Names every node by its key; nodes that are not as many as the ids are none."""
    number, found = len(ids_of(landing.request)), nodes.get(_NODES)
    if found is None and number == 1 and _NODES in nodes:
        found = [None]
    if not isinstance(found, list) or len(found) != number:
        found = []
    return {**nodes, **{node_key(at): node for at, node in enumerate(found)}}


def _budget(landing: Landing, told: object) -> tuple[int, int] | None:
    """Reads what remains of the hour: from the answer itself, else from its headers."""
    said = told if isinstance(told, dict) else {}
    remaining, cost = read_count(said.get("remaining")), read_count(said.get("cost"))
    if remaining is None:
        remaining = read_header_count(landing, "x-ratelimit-remaining")
    return None if remaining is None else (remaining, cost or 1)
