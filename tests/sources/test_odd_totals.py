"""Totals of arXiv that do not fit what arrives, over the rehearsal's sockets: no paper is lost, and no night without end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from math import ceil
from pathlib import Path

import players
import pytest

from harvester.raw.gate import open_gate
from harvester.raw.wire import Wire
from harvester.records import Conversation, Outcome
from harvester.rehearsal import Rehearsal, World, rehearse
from harvester.rehearsal.facts import PaperFacts, Version
from harvester.settings import load_settings
from harvester.sources import arxiv_api
from harvester.windows import Search, Window

DAY = date(2024, 6, 1)
NOW = datetime(2024, 6, 4, 3, tzinfo=UTC)
SEARCH = Search(Window(DAY, DAY + timedelta(days=1)), ("pruning",), ("cs.LG",))
Talk = Callable[[Conversation], players.Held]


def paper(number: int, at: datetime) -> PaperFacts:
    version = Version(at, at, "Nothing but pruning.", None, False)
    arxiv_id = f"2406.{number:05d}"
    return PaperFacts(
        arxiv_id, "On pruning", ("Ann Author",), ("cs.LG",), None, (version,), None, None, None, None, None, False, ()
    )


def world(papers: int) -> World:
    morning = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)
    return World([paper(n, morning + timedelta(seconds=8 * n)) for n in range(1, papers + 1)], [])


def talk(r: Rehearsal, folder: Path) -> Talk:
    variables = {**r.settings(), "HARVESTER_STATE": "state", "HARVESTER_ARXIV_INTERVAL": "0"}
    settings = load_settings({**variables, "HARVESTER_ARXIV_SILENCE": "0"}, folder)
    upstream = settings.upstreams["arxiv_api"]
    gate = open_gate(settings, upstream, now=lambda: 1_717_000_000.0, sleep=lambda _: None)

    def hold(conversation: Conversation) -> players.Held:
        with Wire(upstream, settings.user_agent, settings.secrets, gate, r.now, lambda: 0.0) as wire:
            return players.hold(conversation, wire.send)

    return hold


def found(held: players.Held) -> int:
    return len({record.arxiv_id for each in held.landings for record in arxiv_api.read(each).papers})


@pytest.mark.parametrize(("total", "requests"), [(20, 7), (30, 7), (59, 7), (60, 7)])
def test_a_total_that_ends_with_a_full_page_does_not_hide_what_stands_behind(
    tmp_path: Path, total: int, requests: int
) -> None:
    with rehearse(NOW, world=world(60), atom_page=10) as r:
        r.play({"upstream": "arxiv", "kind": "wrong_total", "total": total, "times": None})
        held = talk(r, tmp_path)(arxiv_api.ask(SEARCH))
    assert found(held) == 60
    assert len(held.requests) == requests
    assert held.outcome == Outcome("complete")


def test_a_day_with_more_papers_than_arxiv_lists_is_asked_in_parts_of_the_day(tmp_path: Path) -> None:
    with rehearse(NOW, world=world(10_050)) as r:
        held = talk(r, tmp_path)(arxiv_api.ask(SEARCH))
    assert held.outcome == Outcome("complete")
    assert found(held) == 10_050
    assert len(held.requests) == 1 + ceil(5_399 / arxiv_api.PAGE) + ceil(4_651 / arxiv_api.PAGE)
