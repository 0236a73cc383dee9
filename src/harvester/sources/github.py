"""GitHub: stars and state of repositories, with a token in batches by GraphQL, without one by one by REST.

Source: https://docs.github.com/graphql and https://docs.github.com/rest/repos/repos#get-a-repository. PyGithub knows the
fields and their types (`_repository`); it has no batch method and turns an odd page into a repository without stars, so
what an answer is worth is judged here.

A repository whose id is known is asked by its id: names come and go, and one that was left may be another repository's now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from harvester.errors import Malformed
from harvester.ids import RepoName, Subject, node_subject, repo_subject
from harvester.records import Conversation, Landing, Observation, Outcome, Reading, RepoRecord, Request, Status
from harvester.sources._answers import (
    NOTHING_USABLE,
    budget_words,
    is_worthless,
    may_pass,
    read_json,
    refusal,
    said,
    was_too_much,
)
from harvester.sources._batches import PATIENCE, Verdict, ask_batches, batches, outcome
from harvester.sources._graphql import (
    RATE_LIMITED,
    Answer,
    ids_of,
    keys,
    name_key,
    names_of,
    node_key,
    question,
    read_answer,
)
from harvester.sources._graphql import Asked as Asked
from harvester.sources._graphql import Known as Known
from harvester.sources._repository import from_graphql, read_repository

NAME = "github"
BATCH = 100  # a query of 100 aliases costs one point of 5,000 an hour; 227 were refused, 120 not
HOURLY = 60  # requests without a token
_REPOS = "/repos/"
_BY_NUMBER = "/repositories/"


# --- with a token: GraphQL ---------------------------------------------------------------------------------------------


def ask(wanted: Sequence[Asked], size: int = BATCH) -> Conversation:
    """Asks for repositories in batches of `size`; one that is too heavy in halves, its good part is kept."""
    tally = yield from ask_batches(batches(_each_once(wanted), min(size, BATCH)), question, _judge)
    return outcome(tally, "repository")


def _each_once(wanted: Sequence[Asked]) -> list[Asked]:
    """Leaves out names that differ in case only: GitHub ignores case."""
    return list({_identity(one): one for one in reversed(wanted)}.values())[::-1]


def _identity(one: Asked) -> str:
    return f":{one.node_id}" if isinstance(one, Known) else one.lower()


def _judge(landing: Landing, batch: tuple[Asked, ...]) -> Verdict[Asked]:
    if landing.status in (401, 403, 429):
        return Verdict(lost=batch, why=refusal(landing, "GitHub"), stop=True, passing=may_pass(landing))
    if was_too_much(landing):  # GitHub gives up on a query after 10 s
        return Verdict(again=batch, why=f"GitHub: {said(landing)}")
    if landing.status != 200:
        return Verdict(lost=batch, why=f"GitHub: {said(landing)}")
    try:
        answer = read_answer(landing)
    except Malformed as error:
        return Verdict(again=batch, why=error.why)
    if answer.rate_limited:
        return Verdict(lost=batch, why=refusal(landing, "GitHub (the hour's budget is spent)"), stop=True)
    place = dict(zip(batch, keys(batch), strict=True))
    if all(answer.settled(key) == "ok" for key in place.values()) and is_worthless(read(landing)):
        return Verdict(lost=batch, why=f"GitHub: {NOTHING_USABLE}")
    failed = [one for one, key in place.items() if answer.settled(key) == "failed"]
    # A repository behind single sign-on or an address list stays so: its status tells, the night goes on.
    again = [one for one in failed if "FORBIDDEN" not in answer.errors.get(place[one], ())]
    kinds = sorted({kind for one in again for kind in answer.errors.get(place[one], answer.errors.get("", ()))})
    why = f"GitHub: {', '.join(kinds)[:200] or 'null without a reason'}" if again else ""
    spent = budget_words(landing, "GitHub", *answer.budget) if answer.budget else ""
    return Verdict(again=tuple(again), why=why, spent=spent)


# --- without a token: REST ---------------------------------------------------------------------------------------------


def ask_rest(wanted: Sequence[tuple[Asked, str | None]], budget: int) -> Conversation:
    """Asks for repositories one by one, in the order given, with the ETag of the last answer, until the budget is spent."""
    refreshed, unanswered, in_a_row, why = 0, 0, 0, ""
    for one, etag in wanted[: max(0, budget)]:
        landing = yield _rest_request(one, etag)
        refused = landing.status in (401, 403, 429)
        if read(landing).observations[0].status != "failed":
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


def _rest_request(one: Asked, etag: str | None) -> Request:
    by_name = _REPOS + (one.name if isinstance(one, Known) else one)
    path = f"{_BY_NUMBER}{one.number}" if isinstance(one, Known) and one.number is not None else by_name
    return Request(NAME, "GET", path, headers=(("if-none-match", etag),) if etag else ())


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
        return _read_rest(landing)
    ids, names = ids_of(request), names_of(request)
    if landing.status != 200:
        return _all_failed(landing, ids, names)
    try:
        answer = read_answer(landing)
    except Malformed as error:
        return replace(_all_failed(landing, ids, names), problems=(error.why,))
    mixed = _mixed_up(names, answer)
    told = [_read_node(landing, identity, answer, node_key(at)) for at, identity in enumerate(ids)]
    told += (_read_alias(landing, name, answer, name_key(at)) for at, name in enumerate(names) if name not in mixed)
    words = (f"GitHub answers with names of other repositories: {', '.join(sorted(mixed)[:3])}",) if mixed else ()
    return _together([*told, replace(_all_failed(landing, (), sorted(mixed)), problems=words)])


def _all_failed(landing: Landing, ids: Sequence[str], names: Sequence[RepoName]) -> Reading:
    subjects = [*map(node_subject, ids), *map(repo_subject, names)]
    return Reading(observations=tuple(_observation(landing, subject, "failed") for subject in subjects))


def _mixed_up(names: tuple[RepoName, ...], answer: Answer) -> set[RepoName]:
    """Returns the names asked for that are given to one repository under their own alias and to another elsewhere."""
    nodes = {name: answer.nodes[f"r{at}"] for at, name in enumerate(names) if answer.settled(f"r{at}") == "ok"}
    asked = {name.lower(): name for name in nodes}
    mixed: set[RepoName] = set()
    for name, node in nodes.items():
        other = asked.get(str(node.get("nameWithOwner")).lower())
        if other and other != name and nodes[other].get("id") != node.get("id"):
            mixed |= {name, other}
    return mixed


def _read_node(landing: Landing, identity: str, answer: Answer, key: str) -> Reading:
    """Reads what was asked by its id: the node must be the one."""
    told = answer.nodes[key].get("id") if answer.settled(key) == "ok" else identity
    if told != identity:
        problem = f"{identity}: GitHub answers with another node, {str(told)[:60]}"
        return Reading(observations=(_observation(landing, node_subject(identity), "failed"),), problems=(problem,))
    return _read_settled(landing, node_subject(identity), None, answer, key)


def _read_alias(landing: Landing, name: RepoName, answer: Answer, key: str) -> Reading:
    return _read_settled(landing, repo_subject(name), name, answer, key)


def _read_settled(landing: Landing, subject: Subject, asked: RepoName | None, answer: Answer, key: str) -> Reading:
    status = answer.settled(key)
    if status == "ok":
        return _read_repository(landing, subject, asked, from_graphql(answer.nodes[key]))
    kinds = answer.errors.get(key, set()) - RATE_LIMITED
    problems = (f"{subject}: GitHub says {', '.join(sorted(kinds))[:100]}",) if status == "failed" and kinds else ()
    return Reading(observations=(_observation(landing, subject, status),), problems=problems)


def _read_rest(landing: Landing) -> Reading:
    path = landing.request.path
    asked = RepoName(path.removeprefix(_REPOS)) if path.startswith(_REPOS) else None
    number = path.removeprefix(_BY_NUMBER)
    subject = repo_subject(asked) if asked else node_subject(number)
    if landing.status == 304 and any(header.lower() == "if-none-match" for header, _ in landing.request.headers):
        return Reading(observations=(_observation(landing, subject, "unchanged"),))
    if landing.status not in (200, 403, 404, 451):
        return Reading(observations=(_observation(landing, subject, "failed"),))
    try:
        content = read_json(landing)
    except Malformed as error:  # a 404 of somebody else's, such as a proxy, says nothing about the repository
        problems = (error.why,) if landing.status == 200 else ()
        return Reading(observations=(_observation(landing, subject, "failed"),), problems=problems)
    attributes = content if isinstance(content, dict) else {}
    if landing.status != 200:
        return Reading(observations=(_observation(landing, subject, _why_gone(landing.status, attributes)),))
    if asked is None and str(attributes.get("id")) != number:
        problem = f"{subject}: GitHub answers with another repository, {str(attributes.get('id'))[:60]}"
        return Reading(observations=(_observation(landing, subject, "failed"),), problems=(problem,))
    return _read_repository(landing, subject, asked, attributes)


def _why_gone(status: int, content: dict[str, Any]) -> Status:
    """Tells a deleted or private repository (404) from one that was closed (451, or 403 with `block`) and a refusal."""
    if status == 451 or isinstance(content.get("block"), dict):
        return "gone"
    return "not_found" if status == 404 and "message" in content else "failed"


def _read_repository(landing: Landing, subject: Subject, asked: RepoName | None, attributes: dict[str, Any]) -> Reading:
    stars, record, problems = read_repository(attributes, asked, landing)
    seen = _observation(landing, subject, "failed" if stars is None else "ok", stars)
    return Reading(repos=(record,) if record else (), observations=(seen,), problems=tuple(problems))


def _observation(landing: Landing, subject: Subject, status: Status, value: int | None = None) -> Observation:
    return Observation(subject, "stars", NAME, landing.fetched_at, value, status)


def _together(readings: Sequence[Reading]) -> Reading:
    repos: list[RepoRecord] = [record for each in readings for record in each.repos]
    observations = [seen for each in readings for seen in each.observations]
    problems = dict.fromkeys(problem for each in readings for problem in each.problems)
    return Reading(repos=tuple(repos), observations=tuple(observations), problems=tuple(problems))
