from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from builders import NIGHT
from playing import ASK, Player, Wires, http

from harvester.raw.gate import Gate
from harvester.raw.wire import Wire
from harvester.records import Request
from harvester.settings import Upstream

KEY = "ghp_planted0123456789"


def test_a_renamed_repository_is_followed_and_told(wires: Wires) -> None:
    with Player(http(301, location="/repositories/7"), http(200, b"{}")) as player, wires.to(player, key=KEY) as wire:
        landing = wire.send(ASK)
    assert (landing.status, landing.body, landing.attempts) == (200, b"{}", 2)
    assert landing.header("x-harvester-followed") == f"{player.url}/repositories/7"
    assert player.seen[1].headers["authorization"] == f"Bearer {KEY}"


def test_a_followed_address_that_fails_once_is_asked_again(wires: Wires) -> None:
    plays = (http(301, location="/repositories/7"), http(503), http(200, b"{}"))
    with Player(*plays) as player, wires.to(player) as wire:
        assert wire.send(ASK).status == 200
    assert [seen.path for seen in player.seen][1:] == ["/repositories/7"] * 2


def test_redirects_in_a_circle_end(wires: Wires) -> None:
    with Player(http(302, location="/repos/a/b")) as player, wires.to(player) as wire:
        landing = wire.send(ASK)
    assert (landing.status, len(player.seen)) == (None, 4)
    assert "redirects to /repos/a/b, which is not followed" in (landing.failure or "")


@pytest.mark.parametrize(
    "location", ["//{other}/x", "http://{other}/x", "https://{here}/api/x", "/elsewhere", "/api/../x", "file:///x", ""]
)
@pytest.mark.parametrize("status", [301, 303, 307])
def test_a_redirect_away_from_the_upstream_is_not_followed(wires: Wires, location: str, status: int) -> None:
    with Player(http(200)) as other, Player(http(200)) as player:
        hosts = {"here": player.url.removeprefix("http://"), "other": other.url.removeprefix("http://")}
        away = Player(http(status, location=location.format(**hosts)))
        with away, wires.to(away, key=KEY, base="/api") as wire:
            landing = wire.send(ASK)
    assert (landing.status, len(away.seen), other.seen, player.seen) == (None, 1, [], [])
    assert f"the answer ({status}) redirects to" in (landing.failure or "")


def test_a_redirected_post_is_not_followed(wires: Wires) -> None:
    with Player(http(307, location="/other")) as player, wires.to(player) as wire:
        assert wire.send(Request("github", "POST", "/graphql", body=b"{}")).status is None
    assert len(player.seen) == 1


@pytest.mark.parametrize(
    "echo",
    [
        http(200, f"you sent Bearer {KEY}".encode()),
        http(200, gzip.compress(KEY.encode()), content_encoding="gzip"),
        http(500, b"", x_debug=KEY),
        http(301, b"", location=f"/x?key={KEY}"),
    ],
)
def test_an_answer_that_repeats_a_key_is_not_kept(wires: Wires, echo: bytes) -> None:
    with Player(echo) as player, wires.to(player, key=KEY) as wire:
        landing = wire.send(ASK)
    assert (landing.status, landing.body, landing.headers) == (None, b"", ())
    assert landing.failure == "the answer repeated a configured key"
    assert KEY not in repr(landing)
    assert len(player.seen) == 1


def test_a_contact_in_any_script_can_be_sent(wires: Wires, tmp_path: Path) -> None:
    with Player(http(200)) as player:
        gate = Gate(tmp_path, "a", 0.0)
        upstream = Upstream("arxiv_api", "arxiv", player.url, 0.0)
        with Wire(upstream, "harvester/0 (李@example.org)", (), gate, lambda: NIGHT, lambda: 0.0) as wire:
            assert wire.send(ASK).status == 200
    assert player.seen[0].headers["user-agent"] == "harvester/0 (%E6%9D%8E@example.org)"
