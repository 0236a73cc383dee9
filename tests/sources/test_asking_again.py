"""What got no answer is asked once more at the end of a conversation, where the upstream is up and does not refuse."""

from __future__ import annotations

import players
import pytest
from builders import landing

from harvester.ids import RepoName, Subject
from harvester.sources import github, semantic_scholar


def subjects(number: int) -> list[Subject]:
    return [Subject(f"arxiv:2406.{place:05}") for place in range(1, number + 1)]


def citations(number: int) -> dict[str, int | None]:
    return {f"ARXIV:2406.{place:05}": place for place in range(1, number + 1)}


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_amid_good_answers_that_names_no_time_is_asked_about_once_more(status: int) -> None:
    refusal = players.json_landing({"message": "Forbidden"}, status)
    honest = players.semantic_scholar(citations(1_500))
    held = players.hold(semantic_scholar.ask(subjects(1_500)), players.in_turn(None, refusal, then=honest))
    assert (held.outcome.state, held.outcome.why, len(held.requests)) == ("complete", "", 4)
    assert all(seen.status == "ok" for seen in held.last_words(semantic_scholar.read).values())
    twice = players.in_turn(None, refusal, refusal, then=honest)
    held = players.hold(semantic_scholar.ask(subjects(1_500)), twice)
    assert (held.outcome.state, len(held.requests)) == ("partial", 3)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_batch_that_fails_is_asked_once_more_at_the_end(place: int) -> None:
    honest = players.semantic_scholar(citations(1_500))
    held = players.hold(
        semantic_scholar.ask(subjects(1_500)),
        players.in_turn(*[None] * place, landing(502, players.HTML), then=honest),
    )
    assert (held.outcome.state, held.outcome.degraded, len(held.requests)) == ("complete", False, 4)
    assert held.requests[3] == held.requests[place]


def test_what_fails_twice_is_left_to_the_next_night() -> None:
    honest, broken = players.semantic_scholar(citations(1_500)), landing(502, players.HTML)
    held = players.hold(semantic_scholar.ask(subjects(1_500)), players.in_turn(broken, None, None, broken, then=honest))
    assert (held.outcome.state, held.outcome.degraded, len(held.requests)) == ("partial", True, 4)
    assert held.outcome.why == "500 of 1,500 papers got no answer: Semantic Scholar: HTTP 502"


@pytest.mark.parametrize(
    "failure", ["the connection failed: Connection refused", "no connection within 10 seconds", "TLS failed: expired"]
)
@pytest.mark.parametrize(("number", "requests"), [(1, 1), (100, 1), (1_000, 3)])
def test_a_batch_is_not_parted_where_nobody_answers(failure: str, number: int, requests: int) -> None:
    held = players.hold(
        github.ask([RepoName(f"o/n{place}") for place in range(number)]), players.always(None, failure=failure)
    )
    assert (held.outcome.state, len(held.requests)) == ("failed", requests)
