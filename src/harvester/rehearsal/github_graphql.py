"""GitHub's GraphQL API, played: `{base}/graphql` with repositories by name and by node id, and the rate limit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from harvester.rehearsal.budgets import Account, Meter
from harvester.rehearsal.exchange import Call, Reply, json_reply
from harvester.rehearsal.github_accounts import rate_headers, stamp, token_of
from harvester.rehearsal.graphql_language import Document, Field, Inline, Selection, SyntaxProblem, Variable, parse
from harvester.rehearsal.world import RepositoryNow, World

MOST_NODES = 100
Problem = dict[str, Any]


def answer(call: Call, world: World, meter: Meter) -> Reply:
    """One query; partial results come with 200 and an entry in `errors` for each alias that failed."""
    token = token_of(call)
    if token is None:
        message = "This endpoint requires you to be authenticated."
        return json_reply(401, {"message": message, "documentation_url": _DOCS, "status": "401"})
    account = meter.spend("graphql", token, call.at, 1)
    headers = rate_headers(account, "graphql")
    if account.exceeded:
        problem = {"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}
        return json_reply(200, {"errors": [problem]}, headers)
    try:
        asked = json.loads(call.body)
        text, given = asked["query"], dict(asked.get("variables") or {})
        if not isinstance(text, str):
            raise TypeError("query must be a string")
    except (ValueError, KeyError, TypeError, AttributeError):
        return json_reply(400, {"message": "Problems parsing JSON", "documentation_url": _DOCS}, headers)
    try:
        document = parse(text)
        return json_reply(200, _Execution(call, world, account, document, given).result(), headers)
    except SyntaxProblem as error:
        return json_reply(200, {"errors": [{"message": str(error)}]}, headers)


_DOCS = "https://docs.github.com/graphql"


class _Execution:
    """One operation against the world: collects data by alias, and problems."""

    def __init__(
        self, call: Call, world: World, account: Account, document: Document, given: Mapping[str, Any]
    ) -> None:
        self.at, self.world, self.account, self.document = call.at, world, account, document
        self.variables = dict(document.defaults) | dict(given)
        self.problems: list[Problem] = []

    def result(self) -> dict[str, Any]:
        missing = sorted(name for name in self.document.required if self.variables.get(name) is None)
        if missing:
            raise SyntaxProblem(f"Variable ${missing[0]} of required type was provided invalid value")
        if self.document.kind != "query":
            raise SyntaxProblem(f"The rehearsal plays queries only, not a {self.document.kind}")
        data = {field.alias: self.root(field) for field in self.fields(self.document.selection)}
        return {"data": data} | ({"errors": self.problems} if self.problems else {})

    def fields(self, selection: Selection) -> Iterator[Field]:
        """The fields of a selection with its fragments opened."""
        for part in selection:
            if isinstance(part, Field):
                yield part
            elif isinstance(part, Inline):
                yield from self.fields(part.selection)
            elif part.fragment in self.document.fragments:
                yield from self.fields(self.document.fragments[part.fragment])
            else:
                raise SyntaxProblem(f"Fragment {part.fragment} was used, but not defined")

    def argument(self, field: Field, name: str) -> Any:
        return self._resolved(field.arguments.get(name))

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, Variable):
            return self.variables.get(value.name)
        return [self._resolved(part) for part in value] if isinstance(value, list) else value

    def root(self, field: Field) -> Any:
        if field.name == "repository":
            return self.repository(field)
        if field.name == "nodes":
            return self.nodes(field)
        if field.name == "node":
            return self.node(field, str(self.argument(field, "id")), [field.alias])
        if field.name == "rateLimit":
            return self.picked(field, _rate_limit(self.account), "RateLimit")
        if field.name == "viewer":
            return self.picked(field, {"login": "rehearsal"}, "User")
        if field.name == "__typename":
            return "Query"
        raise SyntaxProblem(f"Field '{field.name}' doesn't exist on type 'Query'")

    def repository(self, field: Field) -> dict[str, Any] | None:
        name = f"{self.argument(field, 'owner')}/{self.argument(field, 'name')}"
        found = self.world.repository(name, self.at)
        followed = self.argument(field, "followRenames") is not False
        if found is None or (not followed and found.name.lower() != name.lower()):
            message = f"Could not resolve to a Repository with the name '{name}'."
            self.problems.append(_problem(field, [field.alias], message, "NOT_FOUND"))
            return None
        return self.picked(field, _repository(found), "Repository")

    def nodes(self, field: Field) -> list[dict[str, Any] | None] | None:
        ids = self.argument(field, "ids") or []
        if not isinstance(ids, list):
            raise SyntaxProblem("Argument 'ids' on Field 'nodes' has an invalid value. Expected type '[ID!]!'.")
        if len(ids) > MOST_NODES:
            message = f"You may not provide more than {MOST_NODES} node ids; you provided {len(ids)}."
            self.problems.append(_problem(field, [field.alias], message, "ARGUMENT_LIMIT"))
            return None
        return [self.node(field, str(node_id), [field.alias, place]) for place, node_id in enumerate(ids)]

    def node(self, field: Field, node_id: str, path: list[str | int]) -> dict[str, Any] | None:
        found = self.world.repository_by_node(node_id, self.at)
        if found is None:
            message = f"Could not resolve to a node with the global id of '{node_id}'"
            self.problems.append(_problem(field, path, message, "NOT_FOUND"))
            return None
        return self.picked(field, _repository(found), "Repository")

    def picked(self, field: Field, whole: Mapping[str, Any], kind: str) -> dict[str, Any]:
        """What the selection asks of an object."""
        found: dict[str, Any] = {}
        for part in self.fields(field.selection):
            if part.name == "__typename":
                found[part.alias] = kind
            elif part.name not in whole:
                raise SyntaxProblem(f"Field '{part.name}' doesn't exist on type '{kind}'")
            else:
                value = whole[part.name]
                found[part.alias] = self.picked(part, value, part.name) if isinstance(value, Mapping) else value
        return found


def _problem(field: Field, path: list[str | int], message: str, kind: str) -> Problem:
    line, column = field.place
    return {"type": kind, "path": path, "locations": [{"line": line, "column": column}], "message": message}


def _rate_limit(account: Account) -> dict[str, Any]:
    return {
        "limit": account.limit,
        "cost": 1,
        "remaining": account.remaining,
        "used": account.used,
        "resetAt": stamp(account.reset),
        "nodeCount": 0,
    }


def _repository(found: RepositoryNow) -> dict[str, Any]:
    facts = found.facts
    owner, name = found.name.split("/")
    release = facts.release
    return {
        "id": facts.node_id,
        "databaseId": facts.id,
        "name": name,
        "owner": {"login": owner},
        "nameWithOwner": found.name,
        "url": f"https://github.com/{found.name}",
        "stargazerCount": found.stars,
        "forkCount": facts.forks,
        "isArchived": found.archived,
        "isDisabled": False,
        "isFork": False,
        "isPrivate": False,
        "isEmpty": facts.pushed is None,
        "pushedAt": None if facts.pushed is None else stamp(facts.pushed),
        "createdAt": stamp(facts.created),
        "updatedAt": stamp(found.touched),
        "licenseInfo": None if facts.license is None else {"spdxId": facts.license, "key": facts.license.lower()},
        "latestRelease": None if release is None else {"tagName": release[0], "publishedAt": stamp(release[1])},
        "primaryLanguage": None if facts.language is None else {"name": facts.language},
        "description": facts.description,
        "homepageUrl": None,
    }
