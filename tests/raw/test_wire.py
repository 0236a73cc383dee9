from __future__ import annotations

import gzip
import socket
import time
from itertools import pairwise
from pathlib import Path

import pytest
from builders import NIGHT
from playing import ASK, Play, Player, Wires, http

from harvester.raw.gate import Gate
from harvester.raw.patience import Limits
from harvester.raw.wire import Wire
from harvester.records import Request
from harvester.settings import Upstream

QUICK = Limits(connect_seconds=1.0, read_seconds=0.4, total_seconds=0.8, attempts=1)
KEY = "ghp_planted0123456789"


def test_an_answer_comes_back_as_bytes_with_lower_case_headers_and_no_session(wires: Wires) -> None:
    said = http(200, b"<feed/>", **{"Content-Type": "application/atom+xml", "Set-Cookie": "a=b", "ETag": '"1"'})
    with Player(said) as player, wires.to(player) as wire:
        landing = wire.send(ASK)
    assert (landing.status, landing.body, landing.failure) == (200, b"<feed/>", None)
    assert landing.header("etag") == '"1"'
    assert landing.header("set-cookie") is None
    assert (landing.fetched_at, landing.attempts, landing.request) == (NIGHT, 1, ASK)
    assert player.seen[0].path == "/repos/a/b?q=all%3A%22KV+cache%22"
    assert player.seen[0].headers["user-agent"] == "harvester/0"


def test_a_body_and_its_type_are_posted(wires: Wires) -> None:
    ask = Request("github", "POST", "/graphql", body=b'{"query":""}', content_type="application/json")
    with Player(http(200, b"{}")) as player, wires.to(player) as wire:
        assert wire.send(ask).status == 200
    assert (player.seen[0].method, player.seen[0].body) == ("POST", b'{"query":""}')
    assert player.seen[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("source", "header", "value"),
    [
        ("github", "authorization", f"Bearer {KEY}"),
        ("openalex", "authorization", f"Bearer {KEY}"),
        ("semantic_scholar", "x-api-key", KEY),
    ],
)
def test_each_upstream_gets_its_key_in_its_header(wires: Wires, source: str, header: str, value: str) -> None:
    with Player(http(200)) as player, wires.to(player, source=source, key=KEY) as wire:
        wire.send(ASK)
    assert player.seen[0].headers[header] == value


def test_github_is_asked_in_a_pinned_version(wires: Wires) -> None:
    with Player(http(200)) as player, wires.to(player) as wire:
        wire.send(ASK)
    assert player.seen[0].headers["x-github-api-version"] == "2022-11-28"
    assert player.seen[0].headers["accept"] == "application/vnd.github+json"


@pytest.mark.parametrize("second", [http(200, b"good"), http(304), http(404, b"no"), http(200)])
def test_the_connection_is_kept_alive(wires: Wires, second: bytes) -> None:
    with Player(http(200, b"good"), second, http(200, b"good")) as player, wires.to(player) as wire:
        for _ in range(3):
            wire.send(ASK)
    assert len({seen.connection for seen in player.seen}) == 1


def test_cookies_are_not_sent_back(wires: Wires) -> None:
    with Player(http(200, b"", **{"set-cookie": "session=1"})) as player, wires.to(player) as wire:
        wire.send(ASK)
        wire.send(ASK)
    assert "cookie" not in player.seen[1].headers


def test_gzip_is_inflated(wires: Wires) -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 8
    with Player(http(200, packed, content_encoding="gzip")) as player, wires.to(player) as wire:
        assert wire.send(ASK).body == b"one two"
    assert player.seen[0].headers["accept-encoding"] == "gzip"


def test_a_chunked_body_is_put_together(wires: Wires) -> None:
    body = b"4\r\nfour\r\n5\r\n five\r\n0\r\n\r\n"
    with Player(http(200, body, transfer_encoding="chunked")) as player, wires.to(player) as wire:
        assert [wire.send(ASK).body, wire.send(ASK).body] == [b"four five"] * 2
    assert len({seen.connection for seen in player.seen}) == 1


def test_requests_arrive_no_closer_than_the_interval(tmp_path: Path) -> None:
    with Player(http(200)) as player:
        upstream = Upstream("arxiv_api", "arxiv", player.url, 0.25)
        gate = Gate(tmp_path, "arxiv", upstream.interval)
        with Wire(upstream, "harvester/0", (), gate, lambda: NIGHT, lambda: 0.0) as wire:
            for _ in range(4):
                wire.send(ASK)
    arrived = [seen.at for seen in player.seen]
    assert min(following - start for start, following in pairwise(arrived)) > 0.245  # 5 ms for a busy test machine


# What no proper server does


def drip(opening: bytes) -> Play:
    def play(connection: socket.socket) -> None:
        connection.sendall(opening)
        for _ in range(100):
            connection.sendall(b"1")
            time.sleep(0.05)

    return play


@pytest.mark.parametrize(
    "opening",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", id="body"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", id="body without length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Long: ", id="headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", id="chunk length"),
    ],
)
def test_an_answer_that_drips_ends_at_the_deadline(wires: Wires, opening: bytes) -> None:
    with Player(drip(opening)) as player, wires.to(player, QUICK) as wire:
        began = time.monotonic()
        landing = wire.send(ASK)
    assert time.monotonic() - began < 2.0
    assert landing.status is None
    assert landing.failure == "the answer took longer than 0.8 seconds"


def test_a_server_that_stalls_is_left(wires: Wires) -> None:
    with Player(lambda connection: time.sleep(1.0)) as player, wires.to(player, QUICK) as wire:
        landing = wire.send(ASK)
    assert (landing.status, landing.failure) == (None, "no answer for 0.4 seconds")


def test_a_body_that_stalls_is_left(wires: Wires) -> None:
    def play(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        time.sleep(1.0)

    with Player(play) as player, wires.to(player, QUICK) as wire:
        assert wire.send(ASK).failure == "no answer for 0.4 seconds"


def test_a_gzip_bomb_is_not_inflated(wires: Wires) -> None:
    bomb = gzip.compress(b"\0" * 30_000_000)
    limits = Limits(body_bytes=1_000_000)
    with Player(http(200, bomb, content_encoding="gzip")) as player, wires.to(player, limits) as wire:
        landing = wire.send(ASK)
    assert (landing.status, landing.body) == (None, b"")
    assert landing.failure == "the body inflates to more than 1,000,000 bytes"
    assert len(player.seen) == 1  # it would be the same bomb again


def test_a_bomb_in_a_redirect_is_not_inflated_either(wires: Wires) -> None:
    bomb = http(301, gzip.compress(b"\0" * 30_000_000), content_encoding="gzip", location="http://evil.invalid/")
    with Player(bomb) as player, wires.to(player, Limits(body_bytes=1_000_000)) as wire:
        assert wire.send(ASK).failure == "the body inflates to more than 1,000,000 bytes"


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_body_that_is_too_large_is_not_read_to_its_end(wires: Wires, encoding: str) -> None:
    body = gzip.compress(bytes(range(256)) * 4_000, compresslevel=0)
    said = http(200, body, content_encoding=encoding)
    with Player(said) as player, wires.to(player, Limits(wire_bytes=100_000)) as wire:
        landing = wire.send(ASK)
    assert (landing.status, landing.failure) == (None, "the body has more than 100,000 bytes")


@pytest.mark.parametrize(
    ("play", "words"),
    [
        pytest.param(http(200, b"abc", content_length="10"), "the body was cut", id="body"),
        pytest.param(http(200, b"a\r\nabc", transfer_encoding="chunked"), "the body was cut", id="chunk"),
        pytest.param(
            http(200, gzip.compress(b"abc" * 99)[:-9], content_encoding="gzip"),
            "the compressed body was cut",
            id="gzip",
        ),
        pytest.param(http(200, b"plain", content_encoding="gzip"), "the compressed body is damaged", id="no gzip"),
        pytest.param(b"", "the connection failed", id="nothing"),
        pytest.param(b"220 mail.example ESMTP\r\n\r\n", "the connection failed", id="no HTTP"),
    ],
)
def test_a_damaged_answer_is_asked_again(wires: Wires, play: bytes, words: str) -> None:
    def cut(connection: socket.socket) -> None:
        connection.sendall(play)

    with Player(cut, http(200, b"good")) as player, wires.to(player, Limits(attempts=2)) as wire:
        assert (wire.send(ASK).body, len(player.seen)) == (b"good", 2)
    with Player(cut) as player, wires.to(player, Limits(attempts=2)) as wire:
        landing = wire.send(ASK)
    assert (landing.status, landing.body, landing.attempts) == (None, b"", 2)
    assert words in (landing.failure or "")


def test_a_reset_connection_is_a_failure_in_words(wires: Wires) -> None:
    def reset(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()

    with Player(reset) as player, wires.to(player, QUICK) as wire:
        assert (wire.send(ASK).failure or "").startswith("the connection failed: ")


def test_nobody_listening_is_a_failure_in_words(wires: Wires) -> None:
    with Player() as player:
        pass
    with wires.to(player, QUICK) as wire:
        landing = wire.send(ASK)
    assert (landing.status, landing.failure) == (None, "the connection failed: Connection refused")


def test_an_encoding_nobody_asked_for_is_refused(wires: Wires) -> None:
    with Player(http(200, b"?", content_encoding="br")) as player, wires.to(player) as wire:
        assert wire.send(ASK).failure == "the body comes in an encoding that was not asked for"


def test_a_header_cannot_be_smuggled_into_a_request(wires: Wires) -> None:
    ask = Request("github", "GET", "/repos/a/b", headers=(("If-None-Match", "1\r\nX-Evil: 1"),))
    with Player(http(200)) as player, wires.to(player) as wire:
        landing = wire.send(ask)
    assert (landing.status, landing.attempts, player.seen) == (None, 0, [])
    assert "header 'If-None-Match'" in (landing.failure or "")
