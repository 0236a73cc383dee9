from __future__ import annotations

from typing import Any

import github
import pytest
import requests

from harvester.rehearsal import NIGHTS, Limits, Rehearsal, rehearse

FRAGMENT = "fragment R on Repository { id databaseId nameWithOwner stargazerCount isArchived licenseInfo { spdxId } }"
TOKEN = {"Authorization": "bearer a-token"}


def ask(http: requests.Session, r: Rehearsal, query: str, **variables: Any) -> dict[str, Any]:
    body = {"query": query, "variables": variables}
    response = http.post(f"{r.url('github')}/graphql", json=body, headers=TOKEN)
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


def rest(http: requests.Session, r: Rehearsal, path: str, **headers: str) -> requests.Response:
    return http.get(r.url("github") + path, headers=headers, allow_redirects=False)


def befallen(r: Rehearsal, kind: str) -> str:
    """The first listed name of a repository that was renamed, archived or deleted before the first night."""
    facts = next(
        f for f in r.world.repositories for e in f.events if e.kind == kind and e.at.year == 2024 and e.at <= NIGHTS[0]
    )
    return facts.name


# -- GraphQL --------------------------------------------------------------------------------------------------------


def test_a_batch_gives_its_good_part_and_names_the_bad(r: Rehearsal, http: requests.Session) -> None:
    query = '{ a: repository(owner: "no", name: "no") { id } b: repository(owner: "catid", name: "dora") { id } '
    query += 'c: repository(owner: "no", name: "never") { id } rateLimit { cost remaining resetAt } }'
    answer = ask(http, r, query)
    assert answer["data"]["a"] is None and answer["data"]["b"]["id"].startswith("R_kgDO")
    assert [(e["type"], e["path"]) for e in answer["errors"]] == [("NOT_FOUND", ["a"]), ("NOT_FOUND", ["c"])]
    assert answer["data"]["rateLimit"]["cost"] == 1


def test_variables_and_fragments_work_together(r: Rehearsal, http: requests.Session) -> None:
    query = f"query($o: String!, $n: String!) {{ r0: repository(owner: $o, name: $n) {{ ...R }} }} {FRAGMENT}"
    found = ask(http, r, query, o="ggerganov", n="LLAMA.cpp")["data"]["r0"]
    assert found["nameWithOwner"] == "ggerganov/llama.cpp"
    assert found["stargazerCount"] == r.world.stars("ggerganov/llama.cpp", r.now())


def test_a_renamed_repository_answers_to_its_old_name(r: Rehearsal, http: requests.Session) -> None:
    owner, name = befallen(r, "renamed").split("/")
    query = f'{{ a: repository(owner: "{owner}", name: "{name}") {{ ...R }} b: repository(owner: "{owner}", '
    query += f'name: "{name}", followRenames: false) {{ ...R }} }} {FRAGMENT}'
    data = ask(http, r, query)["data"]
    assert data["a"]["nameWithOwner"] == f"{owner}/{name}-renamed"
    assert data["b"] is None


def test_archived_and_deleted_are_told_apart(r: Rehearsal, http: requests.Session) -> None:
    names = [befallen(r, kind).split("/") for kind in ("archived", "deleted")]
    parts = [f'r{n}: repository(owner: "{o}", name: "{m}") {{ ...R }}' for n, (o, m) in enumerate(names)]
    answer = ask(http, r, f"{{ {' '.join(parts)} }} {FRAGMENT}")
    assert answer["data"]["r0"]["isArchived"] is True
    assert answer["data"]["r1"] is None and answer["errors"][0]["path"] == ["r1"]


def test_nodes_survive_renames_and_tell_deletions_by_place(r: Rehearsal, http: requests.Session) -> None:
    facts = {f.name: f for f in r.world.repositories}
    renamed, deleted = facts[befallen(r, "renamed")], facts[befallen(r, "deleted")]
    answer = ask(
        http, r, f"query($i: [ID!]!) {{ nodes(ids: $i) {{ ...R }} }} {FRAGMENT}", i=[renamed.node_id, deleted.node_id]
    )
    assert answer["data"]["nodes"][0]["nameWithOwner"] == f"{renamed.name}-renamed"
    assert answer["data"]["nodes"][1] is None and answer["errors"][0]["path"] == ["nodes", 1]


def test_more_than_a_hundred_nodes_are_too_many(r: Rehearsal, http: requests.Session) -> None:
    answer = ask(http, r, "query($i: [ID!]!) { nodes(ids: $i) { id } }", i=["x"] * 101)
    assert answer["data"]["nodes"] is None and "101" in answer["errors"][0]["message"]


def test_a_name_that_was_taken_again_is_another_repository(r: Rehearsal) -> None:
    names = [facts.name for facts in r.world.repositories]
    taken = next(name for name in names if names.count(name) == 2)
    before, after = r.world.repository(taken, NIGHTS[3]), r.world.repository(taken, NIGHTS[-1])
    assert before is not None and after is not None
    assert before.name == f"{taken}-renamed" and after.name == taken
    assert before.facts.node_id != after.facts.node_id


@pytest.mark.parametrize("query", ["{ r: repository(owner: ", "{ colour }", "{ viewer { colour } }", "mutation { a }"])
def test_what_cannot_be_run_has_errors_and_no_data(r: Rehearsal, http: requests.Session, query: str) -> None:
    answer = ask(http, r, query)
    assert "data" not in answer and answer["errors"]


def test_without_a_token_graphql_is_401(r: Rehearsal, http: requests.Session) -> None:
    assert http.post(f"{r.url('github')}/graphql", json={"query": "{ viewer { login } }"}).status_code == 401
    bad = {"Authorization": "token revoked"}
    response = http.post(f"{r.url('github')}/graphql", json={"query": "{ viewer { login } }"}, headers=bad)
    assert (response.status_code, response.json()["message"]) == (401, "Bad credentials")


def test_a_spent_budget_is_told_with_200(http: requests.Session) -> None:
    with rehearse(enforce=Limits(github_points_per_hour=1)) as r:
        assert "data" in ask(http, r, "{ viewer { login } }")
        assert ask(http, r, "{ viewer { login } }")["errors"][0]["type"] == "RATE_LIMITED"
        r.move_to(NIGHTS[1])
        assert "data" in ask(http, r, "{ viewer { login } }")


# -- REST -----------------------------------------------------------------------------------------------------------


def test_a_conditional_request_is_304_until_a_star_comes(r: Rehearsal, http: requests.Session) -> None:
    first = rest(http, r, "/repos/ggerganov/llama.cpp")
    tag = first.headers["ETag"]
    again = rest(http, r, "/repos/ggerganov/llama.cpp", **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    r.move_to(NIGHTS[1])
    later = rest(http, r, "/repos/ggerganov/llama.cpp", **{"If-None-Match": tag})
    assert later.json()["stargazers_count"] > first.json()["stargazers_count"]
    assert later.headers["Last-Modified"] == first.headers["Last-Modified"], "a star does not touch the record"


def test_the_tag_depends_on_the_token(r: Rehearsal, http: requests.Session) -> None:
    tags = {rest(http, r, "/repos/catid/dora", Authorization=f"token {name}").headers["ETag"] for name in "ab"}
    assert len(tags) == 2


def test_a_304_is_free_with_a_token_only(r: Rehearsal, http: requests.Session) -> None:
    for headers, used in (({}, 2), ({"Authorization": "token t"}, 1)):
        tag = rest(http, r, "/repos/catid/dora", **headers).headers["ETag"]
        again = rest(http, r, "/repos/catid/dora", **headers, **{"If-None-Match": tag})
        assert (again.status_code, again.headers["x-ratelimit-used"]) == (304, str(used))


def test_a_renamed_repository_moves_to_its_number(r: Rehearsal, http: requests.Session) -> None:
    name = befallen(r, "renamed")
    moved = rest(http, r, f"/repos/{name}")
    assert moved.status_code == 301
    assert moved.headers["Location"].startswith(f"{r.url('github')}/repositories/")
    assert http.get(moved.headers["Location"]).json()["full_name"] == f"{name}-renamed"


def test_a_deleted_repository_is_404_by_name_and_number(r: Rehearsal, http: requests.Session) -> None:
    facts = next(f for f in r.world.repositories if f.name == befallen(r, "deleted"))
    for path in (f"/repos/{facts.name}", f"/repositories/{facts.id}", "/users/nobody"):
        response = rest(http, r, path)
        assert (response.status_code, response.json()["message"]) == (404, "Not Found")


def test_without_a_token_sixty_an_hour_are_enforced(http: requests.Session) -> None:
    with rehearse(enforce=True) as r:
        answers = [rest(http, r, "/repos/catid/dora") for _ in range(61)]
        assert [a.status_code for a in answers[:60]] == [200] * 60
        assert answers[60].status_code == 403 and "rate limit exceeded" in answers[60].json()["message"]
        assert answers[60].headers["x-ratelimit-remaining"] == "0"
        limits = rest(http, r, "/rate_limit").json()["resources"]["core"]
        assert (limits["limit"], limits["remaining"]) == (60, 0)


def test_the_client_package_follows_a_rename(r: Rehearsal) -> None:
    name = befallen(r, "renamed")
    client = github.Github(base_url=r.url("github"), retry=None, seconds_between_requests=0)
    repository = client.get_repo(name)
    assert repository.full_name == f"{name}-renamed"
    assert repository.stargazers_count == r.world.stars(name, r.now())
    assert repository.update() is False, "nothing changed"
    with pytest.raises(github.UnknownObjectException):
        client.get_repo("no/where")
    client.close()


def test_the_client_package_hands_back_partial_results(r: Rehearsal) -> None:
    auth = github.Auth.Token("t")
    client = github.Github(base_url=r.url("github"), auth=auth, retry=None, seconds_between_writes=0)
    query = '{ a: repository(owner: "no", name: "no") { id } b: repository(owner: "catid", name: "dora") { id } }'
    status, headers, text = client.requester.requestJson("POST", client.requester.graphql_url, input={"query": query})
    assert status == 200 and '"NOT_FOUND"' in text and "x-ratelimit-remaining" in headers
    client.close()
