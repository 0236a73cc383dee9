from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from builders import NIGHT, landing

from harvester.errors import Broken
from harvester.raw.converse import converse
from harvester.raw.landings import Folder, digests, land, open_folder, outcome_of, read_folder
from harvester.records import Conversation, Landing, Outcome, Request


class Killed(BaseException):
    pass


def page(number: int) -> Request:
    return Request("arxiv_api", "GET", "/api/query", parameters=(("start", str(number)),))


def pages(count: int) -> Conversation:
    """Asks for pages one after the other; what it asks next depends on what it was told."""
    start = 0
    for _ in range(count):
        said = yield page(start)
        start = int(said.body)
    return Outcome("complete", f"ended at {start}")


class Upstream:
    """Answers page n with n + 1; dies before the request of a given number."""

    def __init__(self, dies_before: int | None = None) -> None:
        self.asked: list[Request] = []
        self._dies_before = dies_before

    def send(self, request: Request) -> Landing:
        if len(self.asked) + 1 == self._dies_before:
            raise Killed
        self.asked.append(request)
        return landing(body=b"%d" % (int(request.parameters[0][1]) + 1), request=request)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return open_folder(tmp_path, "arxiv_api", NIGHT, "search", None)


def drive(talk: Conversation, folder: Folder, send: Callable[[Request], Landing], most: int = 2000) -> Outcome:
    return converse(talk, folder, send, lambda: NIGHT, most=most)


def test_every_answer_lands_before_the_conversation_sees_it(folder: Folder) -> None:
    def talk() -> Conversation:
        said = yield page(0)
        assert list(read_folder(folder).landings.values()) == [said]
        assert said.address == f"{folder.address}/001"
        return Outcome("complete")

    assert drive(talk(), folder, Upstream().send) == Outcome("complete") == outcome_of(folder)


@pytest.mark.parametrize("dies_before", [1, 2, 3, 4, 5])
def test_a_killed_conversation_asks_nothing_twice(folder: Folder, dies_before: int) -> None:
    first, second = Upstream(dies_before), Upstream()
    with pytest.raises(Killed):
        drive(pages(5), folder, first.send)
    assert outcome_of(folder) is None
    assert drive(pages(5), folder, second.send) == Outcome("complete", "ended at 5")
    assert first.asked + second.asked == [page(number) for number in range(5)]


def test_a_finished_conversation_asks_nothing(folder: Folder) -> None:
    drive(pages(2), folder, Upstream().send)
    silent = Upstream(dies_before=1)
    assert drive(pages(2), folder, silent.send) == Outcome("complete", "ended at 2")


def test_a_torn_answer_alone_is_asked_again(folder: Folder) -> None:
    with pytest.raises(Killed):
        drive(pages(4), folder, Upstream(dies_before=4).send)
    (folder.path / "002.head.json").write_text("torn")
    again = Upstream()
    drive(pages(4), folder, again.send)
    assert again.asked == [page(1), page(3)]


def test_an_answer_to_another_question_is_not_used(folder: Folder) -> None:
    def other() -> Conversation:
        said = yield replace(page(0), path="/other")
        return Outcome("complete", said.request.path)

    with pytest.raises(Killed):
        drive(pages(4), folder, Upstream(dies_before=4).send)
    upstream = Upstream()
    assert drive(other(), folder, upstream.send).why == "/other"
    assert (len(upstream.asked), len(list(read_folder(folder).landings.values())), len(digests(folder))) == (1, 1, 1)
    assert len(list(folder.path.glob("*.head.json.torn"))) == 3  # kept aside, and no part of what follows


def test_an_upstreams_error_is_a_failed_outcome(folder: Folder) -> None:
    def talk() -> Conversation:
        yield page(0)
        raise Broken("arxiv_api", "502 four times")

    expected = Outcome("failed", "arxiv_api: 502 four times", degraded=True)
    assert drive(talk(), folder, Upstream().send) == expected == outcome_of(folder)


def test_a_mistake_of_ours_propagates_and_keeps_the_answers(folder: Folder) -> None:
    def talk() -> Conversation:
        yield page(0)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        drive(talk(), folder, Upstream().send)
    assert outcome_of(folder) is None
    assert len(list(read_folder(folder).landings.values())) == 1


def test_a_conversation_that_never_ends_is_ended(folder: Folder) -> None:
    upstream = Upstream()
    outcome = drive(pages(1_000_000), folder, upstream.send, most=5)
    assert (outcome.state, outcome.degraded, len(upstream.asked)) == ("partial", True, 5)
    assert "5 requests" in outcome.why


def test_a_conversation_without_a_question_ends_at_once(folder: Folder) -> None:
    assert drive(pages(0), folder, Upstream(dies_before=1).send) == Outcome("complete", "ended at 0")


def test_who_listens_hears_every_landing(folder: Folder) -> None:
    heard: list[str] = []
    converse(pages(2), folder, Upstream().send, lambda: NIGHT, lambda said: heard.append(said.address))
    assert heard == [f"{folder.address}/001", f"{folder.address}/002"]


def test_a_resumed_conversation_holds_one_body_at_a_time(tmp_path: Path) -> None:
    folder = open_folder(tmp_path, "arxiv_api", NIGHT, "search", {})
    size, number = 1_000_000, 12
    for place in range(1, number + 1):
        land(folder, place, Landing(page(place), 200, (), f"{place:<{size}}".encode(), NIGHT))

    def talk() -> Conversation:
        for place in range(1, number + 1):
            landing = yield page(place)
            assert int(landing.body) == place
        return Outcome("complete")

    tracemalloc.start()
    try:
        assert converse(talk(), folder, nobody, lambda: NIGHT) == Outcome("complete")
        assert tracemalloc.get_traced_memory()[1] < 5 * size
    finally:
        tracemalloc.stop()


def nobody(request: Request) -> Landing:
    raise AssertionError(f"all answers lie there already: {request}")
