from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from playing import ASK, Player, Wires, http

from harvester.raw.patience import Limits


def test_an_answer_that_failed_once_is_asked_again(wires: Wires) -> None:
    with Player(http(503), http(200, b"good")) as player, wires.to(player) as wire:
        landing = wire.send(ASK)
    assert (landing.status, landing.attempts, landing.waited_seconds) == (200, 2, 3.0)
    assert wires.paused == [3.0]  # two seconds, and half of the jitter
    assert (wire.sent.requests, wire.sent.by_status, wire.sent.received_bytes) == (2, {"503": 1, "200": 1}, 4)
    assert wire.sent.waited_seconds == pytest.approx(3.0)


def test_attempts_are_bounded_and_the_last_answer_is_kept(wires: Wires) -> None:
    with Player(http(502, b"<html>")) as player, wires.to(player) as wire:
        landing = wire.send(ASK)
    assert (landing.status, landing.body, landing.attempts, len(player.seen)) == (502, b"<html>", 4, 4)
    assert wires.paused == [3.0, 6.0, 12.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 451])
def test_what_asking_again_would_not_change_is_not_asked_again(wires: Wires, status: int) -> None:
    with Player(http(status)) as player, wires.to(player) as wire:
        assert (wire.send(ASK).status, len(player.seen)) == (status, 1)


def test_retry_after_in_seconds_is_waited(wires: Wires) -> None:
    with Player(http(429, retry_after="7"), http(200)) as player, wires.to(player, silence=600.0) as wire:
        assert wire.send(ASK).status == 200
    assert wires.paused == [7.0]


def test_retry_after_as_a_date_is_waited_by_the_servers_clock(wires: Wires) -> None:
    then = datetime(2001, 1, 1, tzinfo=UTC)
    refused = http(
        503, date=format_datetime(then, True), retry_after=format_datetime(then + timedelta(seconds=9), True)
    )
    with Player(refused, http(200)) as player, wires.to(player) as wire:
        assert wire.send(ASK).status == 200
    assert wires.paused == [9.0]


@pytest.mark.parametrize("nonsense", ["0", "-5", "soon", "1e9", "Thu, 99 Foo 2026 00:00:00 GMT", "٣"])
def test_a_retry_after_of_nothing_leaves_it_to_our_own_back_off(wires: Wires, nonsense: str) -> None:
    refused = http(503).replace(b"content-length", f"retry-after: {nonsense}\r\ncontent-length".encode())
    with Player(refused, http(200)) as player, wires.to(player) as wire:
        assert wire.send(ASK).status == 200
    assert wires.paused == [3.0]


def test_a_429_without_retry_after_is_answered_with_silence(wires: Wires) -> None:
    with Player(http(429, b"Rate exceeded."), http(200)) as player, wires.to(player, silence=600.0) as wire:
        assert wire.send(ASK).status == 200
    assert wires.paused == [600.0]


def test_arxiv_is_left_alone_for_ten_minutes_after_a_429_even_where_it_asks_for_less(wires: Wires) -> None:
    for asked, waited in (("5", 600.0), ("700", 700.0), ("0", 600.0)):
        answers = (http(429, retry_after=asked), http(200))
        with Player(*answers) as player, wires.to(player, source="arxiv", silence=600.0) as wire:
            assert wire.send(ASK).status == 200
        assert wires.paused[-1] == waited


def test_github_is_left_alone_for_as_long_as_it_asks(wires: Wires) -> None:
    with Player(http(429, retry_after="5"), http(200)) as player, wires.to(player, silence=60.0) as wire:
        assert wire.send(ASK).status == 200
    assert wires.paused == [5.0]


def test_a_spent_day_at_openalex_is_not_asked_away(wires: Wires) -> None:
    refused = http(429, x_ratelimit_remaining="0", x_ratelimit_reset="40000")
    with Player(refused, http(200)) as player, wires.to(player, source="openalex") as wire:
        assert (wire.send(ASK).status, len(player.seen), wires.paused) == (429, 1, [])
    soon = http(429, x_ratelimit_remaining="0", x_ratelimit_reset="40")
    with Player(soon, http(200)) as player, wires.to(player, source="openalex") as wire:
        assert wire.send(ASK).status == 200
    assert wires.paused == [41.0]


def test_back_off_doubles_and_jitter_is_added(wires: Wires) -> None:
    with Player(http(503)) as player, wires.to(player, Limits(attempts=4, backoff_seconds=2.0)) as wire:
        assert wire.send(ASK).attempts == 4
    assert wires.paused == [3.0, 6.0, 12.0]  # 2, 4, 8 and half as much again


def test_what_is_left_of_the_waiting_is_told_for_the_next_conversation(wires: Wires) -> None:
    with Player(http(503, retry_after="7"), http(200)) as player, wires.to(player, Limits(waiting_seconds=10)) as wire:
        wire.send(ASK)
        assert wire.left_seconds == 3.0


def test_waiting_is_bounded_over_all_requests_of_a_run(wires: Wires) -> None:
    with Player(http(429)) as player, wires.to(player, silence=600.0) as wire:
        first = wire.send(ASK)
        second = wire.send(ASK)
    assert (first.status, first.attempts, wires.paused) == (429, 2, [600.0])  # a second silence does not fit
    assert (second.status, second.attempts, len(player.seen)) == (None, 0, 2)  # and nobody is asked during it
    assert "left alone until" in (second.failure or "")


def test_a_pause_that_is_too_long_is_kept_by_the_next_run(wires: Wires) -> None:
    with Player(http(429, retry_after="7200"), http(200)) as player:
        with wires.to(player) as wire:
            assert (wire.send(ASK).status, wires.paused) == (429, [])
        with wires.to(player) as wire:
            assert wire.send(ASK).status is None
        wires.time.seconds += 7000
        with wires.to(player) as wire:
            assert wire.send(ASK).status == 200
    assert wires.paused == [200.0]


def test_time_lost_on_a_host_that_hangs_counts_as_waiting(wires: Wires) -> None:
    limits = Limits(read_seconds=0.2, total_seconds=1.0, waiting_seconds=0.5, backoff_seconds=0.01)
    with Player(lambda connection: time.sleep(0.5)) as player, wires.to(player, limits) as wire:
        assert [wire.send(ASK).attempts, wire.send(ASK).attempts] == [3, 1]


def test_github_is_waited_for_until_its_reset(wires: Wires) -> None:
    date = "Sat, 01 Jan 2022 00:00:00 GMT"
    reset = str(int(datetime(2022, 1, 1, 0, 1, tzinfo=UTC).timestamp()))
    refused = http(403, date=date, x_ratelimit_remaining="0", x_ratelimit_reset=reset)
    with Player(refused, http(200)) as player, wires.to(player) as wire:
        assert wire.send(ASK).status == 200
    assert wires.paused == [61.0]


def test_githubs_refusal_comes_back_as_it_is_when_the_reset_is_far(wires: Wires) -> None:
    reset = str(int(time.time()) + 3600)
    refused = http(403, b"{}", x_ratelimit_remaining="0", x_ratelimit_reset=reset)
    with Player(refused, http(200)) as player, wires.to(player) as wire:
        assert (wire.send(ASK).status, wire.send(ASK).status, wires.paused) == (403, 200, [])


def test_githubs_secondary_limit_is_answered_with_silence(wires: Wires) -> None:
    refused = http(403, b'{"message":"You have exceeded a secondary rate limit"}')
    with Player(refused, http(200)) as player, wires.to(player, silence=60.0) as wire:
        assert wire.send(ASK).status == 200
    assert wires.paused == [60.0]
