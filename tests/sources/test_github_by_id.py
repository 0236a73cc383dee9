"""Repositories that are known are asked by their ids, beside names that nobody has answered to yet."""

from __future__ import annotations

from typing import Any

import players
import pytest
from builders import landing

from harvester.ids import RepoName, node_subject
from harvester.records import Landing, Request
from harvester.sources import github
from harvester.sources.github import Known


def names(number: int) -> list[RepoName]:
    return [RepoName(f"Fresh/Repo{place}") for place in range(number)]


def stars(number: int) -> dict[str, int]:
    return {f"{owner}/Repo{place}": place for owner in ("Owner", "Fresh") for place in range(number)}


def answer(request: Request, data: object, *errors: dict[str, Any]) -> Landing:
    return players.json_landing({"data": data, **({"errors": list(errors)} if errors else {})}, request=request)


def rest(request: Request) -> Landing:
    return players.json_landing(players.rest_repository("o/now"), request=request)


def known(number: int) -> list[github.Known]:
    return [github.Known(RepoName(f"owner/was{place}"), f"R_{place}", place) for place in range(number)]


def named_now(number: int) -> dict[str, str]:
    """Every repository has another name by now."""
    return {f"R_{place}": f"Owner/Repo{place}" for place in range(number)}


@pytest.mark.parametrize(("ids", "others", "requests"), [(1, 0, 1), (100, 0, 1), (60, 40, 1), (60, 41, 2), (250, 0, 3)])
def test_known_ids_and_names_share_the_batches(ids: int, others: int, requests: int) -> None:
    wanted: list[RepoName | Known] = [*known(ids), *names(others)]
    held = players.hold(github.ask(wanted), players.github(stars(250), ids=named_now(250)))
    assert (held.outcome.state, len(held.requests)) == ("complete", requests)
    words = held.last_words(github.read)
    assert {subject for subject, seen in words.items() if seen.status == "ok"} == words.keys()
    assert [words[node_subject(f"R_{at}")].value for at in range(ids)] == list(range(ids))
    assert all(len(players.asked_ids(request)) <= 100 for request in held.requests)


def test_what_is_asked_by_id_claims_its_present_name_only() -> None:
    held = players.hold(github.ask(known(1)), players.github(stars(1), ids=named_now(1)))
    (record,) = github.read(held.landings[0]).repos
    assert (record.asked, record.name, record.node_id, record.number) == ("Owner/Repo0", "Owner/Repo0", "R_0", 1)


def test_a_deleted_id_leaves_the_others_standing() -> None:
    ids = named_now(100)
    del ids["R_42"]
    held = players.hold(github.ask(known(100)), players.github(stars(100), ids=ids))
    assert (held.outcome.state, len(held.requests)) == ("complete", 1)
    words = held.last_words(github.read)
    assert [subject for subject, seen in words.items() if seen.status == "not_found"] == [node_subject("R_42")]
    assert words[node_subject("R_43")].value == 43


@pytest.mark.parametrize("path", [["known", 0], ["known"]])
def test_a_single_id_that_does_not_exist_is_not_found_however_its_place_is_told(path: list[object]) -> None:
    request = next(github.ask(known(1)))
    error = {"type": "NOT_FOUND", "path": path, "message": "Could not resolve"}
    for nodes in ([None], None):
        (seen,) = github.read(answer(request, {"known": nodes}, error)).observations
        assert (seen.subject, seen.status) == (node_subject("R_0"), "not_found")


@pytest.mark.parametrize("nodes", [None, [], [None], {}, "R_0", [None, None, None], [{"id": "R_1"}, {"id": "R_0"}]])
def test_nodes_that_do_not_answer_the_question_are_failures(nodes: object) -> None:
    request = next(github.ask(known(2)))
    assert [seen.status for seen in github.read(answer(request, {"known": nodes})).observations] == ["failed"] * 2


def test_another_node_than_was_asked_for_is_no_answer() -> None:
    told = [players.repository_node("o/n", id="R_0"), players.repository_node("o/m", id="R_7")]
    reading = github.read(answer(next(github.ask(known(2))), {"known": told}))
    assert [(seen.status, seen.value) for seen in reading.observations] == [("ok", 7), ("failed", None)]
    assert reading.problems == ("R_1: GitHub answers with another node, R_7",)


def test_a_repository_whose_address_is_another_ones_is_none() -> None:
    told = players.repository_node("o/n", id="R_0", url="https://github.com/o/other")
    reading = github.read(answer(next(github.ask(known(1))), {"known": [told]}))
    assert (reading.observations[0].status, reading.repos) == ("failed", ())


def test_a_heavy_id_costs_little_and_the_others_nothing() -> None:
    honest = players.github(stars(100), ids=named_now(100))

    def heavy(request: Request) -> Landing:
        return landing(502, players.HTML, request=request) if "R_42" in players.asked_ids(request) else honest(request)

    held = players.hold(github.ask(known(100)), heavy)
    assert held.outcome.why == "1 of 100 repositories got no answer: GitHub: HTTP 502"
    assert len(held.requests) <= 1 + 2 * 7


def test_rest_asks_a_known_repository_by_its_number() -> None:
    wanted = [(github.Known(RepoName("o/was"), "R_1", 1), 'W/"1"'), (github.Known(RepoName("o/old"), "R_2"), None)]
    held = players.hold(github.ask_rest(wanted, 60), rest)
    assert [each.path for each in held.requests] == ["/repositories/1", "/repos/o/old"]
    assert held.requests[0].headers == (("if-none-match", 'W/"1"'),)


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        (players.rest_repository("o/now", 9), 200, ("ok", 9)),
        (players.rest_repository("o/now", 9, id=2), 200, ("failed", None)),
        ({"message": "Not Found"}, 404, ("not_found", None)),
        ({}, 500, ("failed", None)),
    ],
)
def test_what_rest_says_about_a_number(content: object, status: int, told: tuple[str, int | None]) -> None:
    request = Request("github", "GET", "/repositories/1")
    (seen,) = github.read(players.json_landing(content, status, request)).observations
    assert (seen.subject, seen.status, seen.value) == (node_subject(1), *told)
