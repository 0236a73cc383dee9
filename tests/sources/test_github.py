"""What is asked of GitHub, with a token and without, and what its answers say."""

from __future__ import annotations

import json
from typing import Any

import players
import pytest
from builders import landing

from harvester.ids import RepoName, repo_subject
from harvester.records import Landing, Request
from harvester.sources import github


def names(number: int) -> list[RepoName]:
    return [RepoName(f"Owner/Repo{place}") for place in range(number)]


def stars(number: int) -> dict[str, int]:
    return {name: place for place, name in enumerate(names(number))}


def batch(*asked: str) -> Request:
    return next(github.ask([RepoName(name) for name in asked]))


def answer(request: Request, data: object, *errors: dict[str, Any]) -> Landing:
    return players.json_landing({"data": data, **({"errors": list(errors)} if errors else {})}, request=request)


def said(content: object, status: int = 200, *, name: str = "o/n", **headers: str) -> tuple[str, int | None]:
    """What one REST answer says about the stars of o/n."""
    request = Request("github", "GET", f"/repos/{name}")
    (seen,) = github.read(players.json_landing(content, status, request, **headers)).observations
    assert seen.subject == repo_subject(RepoName(name))
    return seen.status, seen.value


# --- GraphQL -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "requests"), [(0, 0), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_batches_are_asked_by_the_floor(number: int, requests: int) -> None:
    held = players.hold(github.ask(names(number)), players.github(stars(number)))
    assert (held.outcome.state, len(held.requests)) == ("complete", requests)
    assert {name: seen.value for name, seen in held.last_words(github.read).items()} == {
        repo_subject(RepoName(name)): count for name, count in stars(number).items()
    }


def test_names_are_variables_and_each_is_asked_once_whatever_its_case() -> None:
    request = batch("Owner/Repo", "owner/repo", 'o"wner/x')
    question = json.loads(request.body or b"")
    assert question["variables"] == {"o0": "Owner", "n0": "Repo", "o1": 'o"wner', "n1": "x"}
    assert 'o"wner' not in question["query"]
    assert "rateLimit{cost remaining resetAt}" in question["query"]
    assert "r1:repository(owner:$o1,name:$n1){...F}" in question["query"]


def test_a_missing_repository_leaves_the_others_standing() -> None:
    held = players.hold(github.ask(names(100)), players.github(stars(99)))
    assert (held.outcome.state, len(held.requests)) == ("complete", 1)
    words = held.last_words(github.read)
    assert words["github:owner/repo99"].status == "not_found"
    assert words["github:owner/repo98"].value == 98


def test_a_heavy_repository_costs_little_and_the_others_nothing() -> None:
    held = players.hold(github.ask(names(100)), players.github(stars(100), heavy=["Owner/Repo42"]))
    assert (held.outcome.state, held.outcome.degraded) == ("partial", True)
    assert held.outcome.why == "1 of 100 repositories got no answer: GitHub: HTTP 502"
    assert len(held.requests) <= 1 + 2 * 7
    words = held.last_words(github.read)
    assert [name for name, seen in words.items() if seen.status != "ok"] == ["github:owner/repo42"]


def test_resource_limits_keep_the_good_aliases_and_ask_the_others_again() -> None:
    honest = players.github(stars(100))

    def limited(request: Request) -> Landing:
        asked = players.asked_names(request)
        content = json.loads(honest(request).body)
        if len(asked) > 60:
            content["errors"] = [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "too much"}]
            content["data"] |= dict.fromkeys(list(asked)[60:])
        return players.json_landing(content, request=request)

    held = players.hold(github.ask(names(100)), limited)
    assert (held.outcome.state, len(held.requests)) == ("complete", 3)
    assert all(seen.status == "ok" for seen in held.last_words(github.read).values())


def test_null_without_its_own_not_found_is_no_missing_repository() -> None:
    request = batch("o/a", "o/b", "o/c")
    error = {"type": "NOT_FOUND", "path": ["r1"], "message": "Could not resolve"}
    words = github.read(answer(request, {"r0": None, "r1": None}, error)).observations
    assert [seen.status for seen in words] == ["failed", "not_found", "failed"]


def test_a_spent_budget_ends_the_conversation_with_the_time_to_come_back() -> None:
    limited = players.json_landing(
        {"errors": [{"type": "RATE_LIMITED", "message": "limit"}]},
        x_ratelimit_remaining="0",
        x_ratelimit_reset="1717390800",
    )
    held = players.hold(github.ask(names(300)), players.in_turn(None, limited, then=players.github(stars(300))))
    assert (held.outcome.state, held.outcome.degraded, len(held.requests)) == ("partial", True, 2)
    assert "200 of 300 repositories" in held.outcome.why
    assert "2024-06-03 05:00 UTC" in held.outcome.why


def test_the_last_good_answer_of_the_hour_is_no_failure() -> None:
    good = players.github(stars(1))(batch("Owner/Repo0"))
    spent = landing(200, good.body, request=good.request, headers=(("x-ratelimit-remaining", "0"),))
    assert players.hold(github.ask(names(1)), players.in_turn(spent)).outcome.state == "complete"


def with_budget(remaining: int, cost: int = 1) -> players.Answer:
    honest = players.github(stars(300))

    def upstream(request: Request) -> Landing:
        content = json.loads(honest(request).body)
        content["data"]["rateLimit"] = {"cost": cost, "remaining": remaining, "resetAt": "2024-06-03T04:00:00Z"}
        return players.json_landing(content, request=request, x_ratelimit_reset="1717387200")

    return upstream


@pytest.mark.parametrize(("remaining", "cost", "requests"), [(0, 1, 1), (1, 1, 1), (2, 1, 3), (3, 3, 1), (4, 3, 3)])
def test_asking_ends_before_the_hours_points_do_and_nobody_failed(remaining: int, cost: int, requests: int) -> None:
    held = players.hold(github.ask(names(300)), with_budget(remaining, cost))
    assert len(held.requests) == requests
    if requests == 1:
        assert (held.outcome.state, held.outcome.degraded) == ("partial", False)
        assert held.outcome.why.startswith("200 repositories left for the next night: GitHub's budget has")
        assert "until 2024-06-03 04:00 UTC" in held.outcome.why
    else:
        assert held.outcome.state == "complete"


def test_a_budget_that_ends_with_the_last_batch_leaves_nobody() -> None:
    assert players.hold(github.ask(names(100)), with_budget(0)).outcome.state == "complete"


def test_every_query_asks_for_its_cost_and_what_remains() -> None:
    (request,) = players.hold(github.ask(names(1)), with_budget(10)).requests
    assert b"rateLimit{cost remaining resetAt}" in (request.body or b"")


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_refusal_ends_the_conversation_at_once(status: int) -> None:
    held = players.hold(github.ask(names(300)), players.always(status, b'{"message": "Bad credentials"}'))
    assert (held.outcome.state, held.outcome.degraded, len(held.requests)) == ("failed", True, 1)
    assert f"HTTP {status}" in held.outcome.why


def test_a_service_that_is_down_is_not_asked_for_each_repository() -> None:
    held = players.hold(github.ask(names(1_000)), players.always(None, failure="no answer for 60 seconds"))
    assert held.outcome.state == "failed"
    assert "no answer for 60 seconds" in held.outcome.why
    assert len(held.requests) <= 12


def test_a_renamed_repository_is_recorded_under_both_names() -> None:
    request = batch("old/name")
    reading = github.read(answer(request, {"r0": players.repository_node("Fresh/Name")}))
    assert reading.observations[0].subject == "github:old/name"
    (record,) = reading.repos
    assert (record.asked, record.name, record.license, record.language) == ("old/name", "Fresh/Name", "MIT", "Python")
    assert (record.forks, record.archived, record.etag) == (2, False, None)


def test_an_empty_repository_without_licence_is_a_repository() -> None:
    nothing = {
        "pushedAt": None,
        "licenseInfo": None,
        "primaryLanguage": None,
        "description": None,
        "latestRelease": None,
    }
    reading = github.read(answer(batch("o/n"), {"r0": players.repository_node("o/n", 0, **nothing)}))
    assert reading.problems == ()
    assert (reading.repos[0].pushed_at, reading.repos[0].license) == (None, None)
    assert (reading.observations[0].status, reading.observations[0].value) == ("ok", 0)


@pytest.mark.parametrize("count", [-1, True, None, "12", 1.5, 10_000_001, 10**30, [], {}])
def test_a_count_that_cannot_be_true_is_no_count(count: object) -> None:
    reading = github.read(answer(batch("o/n"), {"r0": players.repository_node("o/n", stargazerCount=count)}))
    assert (reading.observations[0].status, reading.observations[0].value, reading.repos) == ("failed", None, ())
    assert reading.problems


def test_fields_that_github_leaves_out_cost_neither_stars_nor_identity() -> None:
    told = {"id": "R_1", "nameWithOwner": "o/new", "stargazerCount": 5}
    reading = github.read(answer(batch("o/n"), {"r0": told}))
    assert (reading.observations[0].value, reading.problems) == (5, ())
    (record,) = reading.repos
    assert (record.node_id, record.name, record.archived, record.fork, record.forks) == (
        "R_1",
        "o/new",
        None,
        None,
        None,
    )


@pytest.mark.parametrize("name", [None, 5, [], {}, ["o/n"]])
def test_a_repository_without_a_name_is_none(name: object) -> None:
    reading = github.read(answer(batch("o/n"), {"r0": players.repository_node("o/n", nameWithOwner=name)}))
    assert (reading.observations[0].status, reading.repos) == ("failed", ())
    assert said({"full_name": name, "node_id": "R_1", "stargazers_count": 3}) == ("failed", None)


def test_a_field_of_the_record_that_cannot_be_read_costs_the_record_only() -> None:
    reading = github.read(answer(batch("o/n"), {"r0": players.repository_node("o/n", 5, pushedAt="yesterday")}))
    assert (reading.observations[0].value, reading.repos, len(reading.problems)) == (5, (), 1)


# --- REST --------------------------------------------------------------------------------------------------------------


def rest(remaining: int = 50, status: int = 200) -> players.Answer:
    left = [remaining]

    def play(request: Request) -> Landing:
        left[0] -= 1
        content = players.rest_repository(request.path.removeprefix("/repos/"))
        spent = {"x_ratelimit_remaining": str(max(0, left[0])), "etag": 'W/"1"'}
        if left[0] < 0:
            return players.json_landing({"message": "API rate limit exceeded"}, 403, request, **spent)
        return players.json_landing(content, status, request, **spent)

    return play


def test_without_a_token_the_hour_bounds_what_is_asked() -> None:
    wanted = [(name, None) for name in names(102)]
    held = players.hold(github.ask_rest(wanted, 60), rest(remaining=40))
    assert len(held.requests) == 40
    assert held.outcome.state == "partial"
    assert not held.outcome.degraded
    assert held.outcome.why == (
        "40 of 102 repositories refreshed: without a GitHub token 60 requests an hour are allowed"
    )


def test_the_budget_bounds_what_is_asked() -> None:
    held = players.hold(github.ask_rest([(name, None) for name in names(10)], 4), rest())
    assert (len(held.requests), held.outcome.state, held.outcome.degraded) == (4, "partial", False)
    assert players.hold(github.ask_rest([(name, None) for name in names(4)], 4), rest()).outcome.state == "complete"
    assert players.hold(github.ask_rest([], 4), rest()).outcome.state == "complete"


def test_an_hour_that_was_spent_before_costs_one_request() -> None:
    held = players.hold(github.ask_rest([(name, None) for name in names(10)], 60), rest(remaining=0))
    assert (len(held.requests), held.outcome.state, held.outcome.degraded) == (1, "partial", False)


def test_a_stored_etag_makes_the_question_conditional() -> None:
    held = players.hold(github.ask_rest([(RepoName("o/n"), 'W/"1"'), (RepoName("o/m"), None)], 60), rest())
    assert [each.headers for each in held.requests] == [(("if-none-match", 'W/"1"'),), ()]
    assert github.read(held.landings[0]).repos[0].etag == 'W/"1"'


def test_what_rest_says_about_a_repository() -> None:
    assert said(players.rest_repository("o/n", 7)) == ("ok", 7)
    assert said(players.rest_repository("fresh/name", 7)) == ("ok", 7)
    assert said({"message": "Not Found"}, 404) == ("not_found", None)
    assert said({"message": "Repository access blocked", "block": {"reason": "dmca"}}, 451) == ("gone", None)
    assert said({"message": "Repository access blocked", "block": {"reason": "tos"}}, 403) == ("gone", None)
    assert said([], 404) == ("failed", None)
    assert said({"message": "rate limit"}, 403) == ("failed", None)
    assert said({"message": "moved"}, 301) == ("failed", None)


@pytest.mark.parametrize(
    "content",
    [[], {}, {"data": "<html>"}, {"stargazers_count": 7}, {"full_name": "o/n", "stargazers_count": 7}, "x", 5, None]
    + [players.rest_repository("o/n", stargazers_count=count) for count in (-1, True, None, "7", 10**12)]
    + [players.rest_repository("o/n", node_id=wrong) for wrong in (None, "", 5, "a b")],
)
def test_a_200_that_is_no_repository_is_no_repository(content: object) -> None:
    assert said(content) == ("failed", None)


def test_a_licence_without_spdx_id_is_not_fetched() -> None:
    nowhere = {"key": "x", "url": "http://127.0.0.1:9/licenses/x"}
    request = Request("github", "GET", "/repos/o/n")
    reading = github.read(players.json_landing(players.rest_repository("o/n", license=nowhere), request=request))
    assert reading.repos[0].license is None


def test_failures_in_a_row_end_the_conversation() -> None:
    held = players.hold(github.ask_rest([(name, None) for name in names(50)], 60), players.always(502))
    assert (len(held.requests), held.outcome.state, held.outcome.degraded) == (3, "failed", True)
