"""GitHub: stars and state of repositories, with a token in batches by GraphQL, without one by one by REST.

Source: https://docs.github.com/graphql and https://docs.github.com/rest/repos/repos#get-a-repository. PyGithub knows the
fields and their types (`_repository`); it has no batch method and turns an odd page into a repository without stars, so
what an answer is worth is judged here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from harvester.errors import Malformed
from harvester.ids import RepoName, repo_subject
from harvester.records import Conversation, Landing, Observation, Outcome, Reading, RepoRecord, Request, Status
from harvester.sources._answers import (
    NOTHING_USABLE,
    budget_words,
    is_worthless,
    malformed,
    read_count,
    read_header_count,
    read_json,
    refusal,
    said,
)
from harvester.sources._batches import PATIENCE, Verdict, ask_batches, batches, outcome
from harvester.sources._repository import GRAPHQL_FIELDS, from_graphql, read_repository

NAME = "github"
BATCH = 100  # a query of 100 aliases costs one point of 5,000 an hour; 227 were refused, 120 not
HOURLY = 60  # requests without a token
_GRAPHQL = "/graphql"
_REPOS = "/repos/"
_RATE_LIMITED = {"RATE_LIMITED", "RATE_LIMIT"}
_Settled = Literal["ok", "not_found", "failed"]


# --- with a token: GraphQL ---------------------------------------------------------------------------------------------


def ask(names: Sequence[RepoName], size: int = BATCH) -> Conversation:
    """Asks for repositories in batches of `size`; one that is too heavy in halves, its good part is kept."""
    tally = yield from ask_batches(batches(_each_once(names), min(size, BATCH)), _question, _judge)
    return outcome(tally, "repository")


def _each_once(names: Sequence[RepoName]) -> list[RepoName]:
    """Leaves out names that differ in case only: GitHub ignores case."""
    return list({name.lower(): name for name in reversed(names)}.values())[::-1]


def _question(names: tuple[RepoName, ...]) -> Request:
    declared = ",".join(f"$o{place}:String!,$n{place}:String!" for place in range(len(names)))
    aliases = " ".join(f"r{at}:repository(owner:$o{at},name:$n{at}){{...F}}" for at in range(len(names)))
    fragment = f"fragment F on Repository{{{GRAPHQL_FIELDS}}}"
    variables = {}
    for place, name in enumerate(names):
        variables[f"o{place}"], _, variables[f"n{place}"] = name.partition("/")
    question = {
        "query": f"query({declared}){{rateLimit{{cost remaining resetAt}} {aliases}}} {fragment}",
        "variables": variables,
    }
    return Request(NAME, "POST", _GRAPHQL, body=json.dumps(question).encode(), content_type="application/json")


@dataclass(frozen=True, slots=True)
class _Answer:
    """A GraphQL answer that has the right shape: a node or null for each alias, and the types of the errors."""

    nodes: dict[str, Any]
    errors: dict[str, set[str]]  # by alias; under "" those that concern the whole query
    budget: tuple[int, int] | None  # points that remain of the hour, and what this query cost

    @property
    def rate_limited(self) -> bool:
        """Whether the hour's budget is spent; a remaining budget of 0 alone is no failure."""
        return any(kinds & _RATE_LIMITED for kinds in self.errors.values())

    def settled(self, alias: str) -> _Settled:
        """Tells what became of one alias; null without a NOT_FOUND of its own is an error, not a missing repository."""
        if isinstance(self.nodes.get(alias), dict):
            return "ok"
        return "not_found" if self.errors.get(alias) == {"NOT_FOUND"} and alias in self.nodes else "failed"


def _answer(landing: Landing) -> _Answer:
    content = read_json(landing)
    if not isinstance(content, dict) or not ("data" in content or "errors" in content):
        raise malformed(landing, "the answer is not one of GraphQL: neither data nor errors")
    nodes, errors = content.get("data"), content.get("errors")
    by_alias: dict[str, set[str]] = {}
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            path = error.get("path")
            alias = path[0] if isinstance(path, list) and path and isinstance(path[0], str) else ""
            by_alias.setdefault(alias, set()).add(str(error.get("type") or error.get("code") or "UNKNOWN"))
    nodes = nodes if isinstance(nodes, dict) else {}
    return _Answer(nodes, by_alias, _budget(landing, nodes.get("rateLimit")))


def _budget(landing: Landing, told: object) -> tuple[int, int] | None:
    """Reads what remains of the hour: from the answer itself, else from its headers."""
    said = told if isinstance(told, dict) else {}
    remaining, cost = read_count(said.get("remaining")), read_count(said.get("cost"))
    if remaining is None:
        remaining = read_header_count(landing, "x-ratelimit-remaining")
    return None if remaining is None else (remaining, cost or 1)


def _judge(landing: Landing, batch: tuple[RepoName, ...]) -> Verdict[RepoName]:
    if landing.status in (401, 403, 429):
        return Verdict(lost=batch, why=refusal(landing, "GitHub"), stop=True)
    if landing.status in (
        None,
        502,
        504,
    ):  # a query that runs longer than 10 s, or a body that was cut: too much at once
        return Verdict(again=batch, why=f"GitHub: {said(landing)}")
    if landing.status != 200:
        return Verdict(lost=batch, why=f"GitHub: {said(landing)}")
    try:
        answer = _answer(landing)
    except Malformed as error:
        return Verdict(again=batch, why=error.why)
    if answer.rate_limited:
        return Verdict(lost=batch, why=refusal(landing, "GitHub (the hour's budget is spent)"), stop=True)
    if all(answer.settled(f"r{at}") == "ok" for at in range(len(batch))) and is_worthless(read(landing)):
        return Verdict(lost=batch, why=f"GitHub: {NOTHING_USABLE}")
    failed = [place for place in range(len(batch)) if answer.settled(f"r{place}") == "failed"]
    forbidden = [place for place in failed if "FORBIDDEN" in answer.errors.get(f"r{place}", ())]
    again = [place for place in failed if place not in forbidden]
    kinds = sorted({kind for place in again for kind in answer.errors.get(f"r{place}", answer.errors.get("", ()))})
    why = f"GitHub: {', '.join(kinds)[:200] or 'null without a reason'}" if again else ""
    spent = budget_words(landing, "GitHub", *answer.budget) if answer.budget else ""
    # A repository behind single sign-on or an address list stays so: its status tells, the night goes on.
    return Verdict(again=tuple(batch[place] for place in again), why=why, spent=spent)


# --- without a token: REST ---------------------------------------------------------------------------------------------


def ask_rest(wanted: Sequence[tuple[RepoName, str | None]], budget: int) -> Conversation:
    """Asks for repositories one by one, in the order given, with the ETag of the last answer, until the budget is spent."""
    refreshed, unanswered, in_a_row, why = 0, 0, 0, ""
    for name, etag in wanted[: max(0, budget)]:
        landing = yield _rest_request(name, etag)
        refused = landing.status in (401, 403, 429)
        if _read_rest(landing, name).observations[0].status != "failed":
            refreshed, in_a_row = refreshed + 1, 0
        elif refused and _exhausted(landing):  # the hour was spent before: not this repository's failure
            break
        else:
            unanswered, in_a_row = unanswered + 1, in_a_row + 1
            why = refusal(landing, "GitHub") if refused else f"GitHub: {said(landing)}"
            if refused:
                break
        if in_a_row >= PATIENCE or _exhausted(landing):
            break
    return _rest_outcome(len(wanted), refreshed, unanswered, why)


def _rest_request(name: RepoName, etag: str | None) -> Request:
    return Request(NAME, "GET", _REPOS + name, headers=(("If-None-Match", etag),) if etag else ())


def _exhausted(landing: Landing) -> bool:
    return landing.header("x-ratelimit-remaining") == "0"


def _rest_outcome(wanted: int, refreshed: int, unanswered: int, why: str) -> Outcome:
    if refreshed == wanted:
        return Outcome("complete")
    said_so = f"{refreshed} of {wanted} repositories refreshed"
    if unanswered:
        state: Literal["failed", "partial"] = "partial" if refreshed else "failed"
        return Outcome(state, f"{said_so}, {unanswered} got no answer ({why})", degraded=True)
    return Outcome("partial", f"{said_so}: without a GitHub token {HOURLY} requests an hour are allowed")


# --- what a landing says -----------------------------------------------------------------------------------------------


def read(landing: Landing) -> Reading:
    """Reads the repositories and stars of one landing: exactly one observation for every repository it was asked for.

    A landing that failed says "failed" for all of them; where they were asked again in halves, the later word counts.
    """
    request = landing.request
    if request.method == "GET":
        return _read_rest(landing, RepoName(request.path.removeprefix(_REPOS)))
    names = _asked(request)
    if landing.status != 200:
        return Reading(observations=tuple(_observation(landing, name, "failed") for name in names))
    try:
        answer = _answer(landing)
    except Malformed as error:
        failed = tuple(_observation(landing, name, "failed") for name in names)
        return Reading(observations=failed, problems=(error.why,))
    mixed = _mixed_up(names, answer)
    told = [_read_alias(landing, name, answer, f"r{at}") for at, name in enumerate(names) if name not in mixed]
    failed = tuple(_observation(landing, name, "failed") for name in mixed)
    words = (f"GitHub answers with names of other repositories: {', '.join(sorted(mixed)[:3])}",) if mixed else ()
    return _together([*told, Reading(observations=failed, problems=words)])


def _mixed_up(names: tuple[RepoName, ...], answer: _Answer) -> set[RepoName]:
    """Returns the names asked for that are given to one repository under their own alias and to another elsewhere."""
    nodes = {name: answer.nodes[f"r{at}"] for at, name in enumerate(names) if answer.settled(f"r{at}") == "ok"}
    asked = {name.lower(): name for name in nodes}
    mixed: set[RepoName] = set()
    for name, node in nodes.items():
        other = asked.get(str(node.get("nameWithOwner")).lower())
        if other and other != name and nodes[other].get("id") != node.get("id"):
            mixed |= {name, other}
    return mixed


def _asked(request: Request) -> tuple[RepoName, ...]:
    """Recovers the names from the variables of our own question."""
    variables = json.loads(request.body or b"{}").get("variables", {})
    return tuple(RepoName(f"{variables[f'o{at}']}/{variables[f'n{at}']}") for at in range(len(variables) // 2))


def _read_alias(landing: Landing, name: RepoName, answer: _Answer, alias: str) -> Reading:
    status = answer.settled(alias)
    if status == "ok":
        return _read_repository(landing, name, from_graphql(answer.nodes[alias]))
    kinds = answer.errors.get(alias, set()) - _RATE_LIMITED
    problems = (f"{name}: GitHub says {', '.join(sorted(kinds))[:100]}",) if status == "failed" and kinds else ()
    return Reading(observations=(_observation(landing, name, status),), problems=problems)


def _read_rest(landing: Landing, name: RepoName) -> Reading:
    if landing.status == 304 and any(header == "If-None-Match" for header, _ in landing.request.headers):
        return Reading(observations=(_observation(landing, name, "unchanged"),))
    if landing.status not in (200, 403, 404, 451):
        return Reading(observations=(_observation(landing, name, "failed"),))
    try:
        content = read_json(landing)
    except Malformed as error:  # a 404 of somebody else's, such as a proxy, says nothing about the repository
        problems = (error.why,) if landing.status == 200 else ()
        return Reading(observations=(_observation(landing, name, "failed"),), problems=problems)
    attributes = content if isinstance(content, dict) else {}
    if landing.status == 200:
        return _read_repository(landing, name, attributes)
    return Reading(observations=(_observation(landing, name, _why_gone(landing.status, attributes)),))


def _why_gone(status: int, content: dict[str, Any]) -> Status:
    """Tells a deleted or private repository (404) from one that was closed (451, or 403 with `block`) and a refusal."""
    if status == 451 or isinstance(content.get("block"), dict):
        return "gone"
    return "not_found" if status == 404 and "message" in content else "failed"


def _read_repository(landing: Landing, name: RepoName, attributes: dict[str, Any]) -> Reading:
    stars, record, problems = read_repository(attributes, name, landing)
    seen = _observation(landing, name, "failed" if stars is None else "ok", stars)
    return Reading(repos=(record,) if record else (), observations=(seen,), problems=tuple(problems))


def _observation(landing: Landing, name: RepoName, status: Status, value: int | None = None) -> Observation:
    return Observation(repo_subject(name), "stars", NAME, landing.fetched_at, value, status)


def _together(readings: Sequence[Reading]) -> Reading:
    repos: list[RepoRecord] = [record for each in readings for record in each.repos]
    observations = [seen for each in readings for seen in each.observations]
    problems = dict.fromkeys(problem for each in readings for problem in each.problems)
    return Reading(repos=tuple(repos), observations=tuple(observations), problems=tuple(problems))
