"""Ask every upstream one cheap thing, through its gate and the wire; what it answers is no harvest and does not land."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from harvester.errors import UpstreamError
from harvester.ids import ArxivId, RepoName, arxiv_subject
from harvester.raw.gate import REAL, held_until, open_gate
from harvester.raw.patience import limits_of
from harvester.raw.wire import Wire
from harvester.records import Conversation, Landing, Outcome, Request
from harvester.settings import Settings, Upstream
from harvester.sources import arxiv_api, arxiv_oai, github, openalex, semantic_scholar
from harvester.steps.probe import Check
from harvester.steps.refused_keys import key_remedy

PAPER = ArxivId("1706.03762")  # known to every index of papers
REPOSITORY = RepoName("huggingface/transformers")
_WAITING = 90.0  # seconds that an upstream may ask for; without a key Semantic Scholar is asked once a minute
_OFF = timedelta(minutes=2)  # how far clocks may differ before dates of answers come out wrong


def ask_all(settings: Settings, clock: Callable[[], datetime], say: Callable[[str], None]) -> list[Check]:
    """Asks one upstream after the other, each once."""
    found: list[Check] = []
    for source, talk in _questions(settings).items():
        say(f"asking {source}")
        found += _ask(settings, settings.upstreams[source], talk, clock)
    return found


def _questions(settings: Settings) -> Mapping[str, Conversation]:
    paper = arxiv_subject(PAPER)
    with_token = settings.upstreams[github.NAME].key is not None
    return {
        arxiv_api.NAME: arxiv_api.ask_ids([PAPER]),
        arxiv_oai.NAME: _identify(),
        github.NAME: github.ask([REPOSITORY]) if with_token else github.ask_rest([(REPOSITORY, None)], 1),
        semantic_scholar.NAME: semantic_scholar.ask([paper]),
        openalex.NAME: openalex.ask([paper]),
    }


def _identify() -> Conversation:
    landing = yield Request(arxiv_oai.NAME, "GET", "/oai", (("verb", "Identify"),))
    if landing.status == 200 and b"<Identify>" in landing.body:
        return Outcome("complete")
    return Outcome("failed", landing.failure or f"no answer of OAI-PMH (HTTP {landing.status})")


def _ask(settings: Settings, upstream: Upstream, talk: Conversation, clock: Callable[[], datetime]) -> list[Check]:
    until = held_until(settings, upstream, REAL.now())
    if until and until.timestamp() - REAL.now() > _WAITING:
        return [Check("online", "note", f"{upstream.source}: {_shut(until)}")]
    limits = replace(limits_of(upstream.source), attempts=1, waiting_seconds=_WAITING)
    gate = open_gate(settings, upstream)
    with Wire(upstream, settings.user_agent, settings.secrets, gate, clock, limits=limits) as wire:
        landing = wire.send(next(talk))
    why = _trouble(talk, landing)
    found = [Check("online", "ok", f"{upstream.source} answers{_left(landing)}")]
    if why is not None:
        found = [Check("online", "wrong", f"{upstream.source}: {why}; {remedy(upstream, landing)}")]
    off = None if upstream.on_loopback else clock_off(upstream.source, landing)  # a rehearsal has a clock of its own
    return [*found, *([off] if off else [])]


def _shut(until: datetime) -> str:
    asked = f"its gate is shut until {until:%Y-%m-%d %H:%M:%S} UTC, as it asked to be left alone"
    return f"{asked}: nobody was asked now, and there is nothing to do"


def _trouble(talk: Conversation, landing: Landing) -> str | None:
    """Hears what the conversation makes of the answer; one that would ask more has had a good one."""
    try:
        talk.send(landing)
    except StopIteration as stop:
        outcome: Outcome = stop.value
        return None if outcome.state != "failed" and not outcome.degraded else outcome.why or outcome.state
    except UpstreamError as error:
        return error.why
    talk.close()
    return None if landing.status == 200 else landing.failure or f"HTTP {landing.status}"


def remedy(upstream: Upstream, landing: Landing) -> str:
    """Says what to do about an answer that is none."""
    if landing.status in (401, 403):
        return key_remedy(upstream, landing.status)
    if landing.status == 429:
        return "it is asked too often from here, or its pool is full: wait, and set a key where there is one"
    if landing.status is None:
        return f"look whether {upstream.url} can be reached from here (name, proxy, firewall), or wait until it is open"
    if landing.status >= 500:
        return "it is in trouble itself: wait"
    return f"look whether {upstream.url} is its address"


def _left(landing: Landing) -> str:
    left, limit = landing.header("x-ratelimit-remaining"), landing.header("x-ratelimit-limit")
    return f"; {left} of {limit} requests or points are left" if left and limit else ""


def clock_off(source: str, landing: Landing) -> Check | None:
    """Compares the clock with the time that an upstream says it is; None where they agree or it says none."""
    try:
        there = parsedate_to_datetime(landing.header("date") or "")
        off = landing.fetched_at - there
    except (ValueError, TypeError, OverflowError):  # no date, nonsense, or one without a zone
        return None
    if abs(off) <= _OFF:
        return None
    way = "ahead of" if off > timedelta() else "behind"
    words = f"this machine's clock is {timedelta(seconds=round(abs(off).total_seconds()))} {way} that of {source}"
    return Check("clock", "wrong", f"{words}: set it right (`timedatectl`), or dates of values come out wrong")
