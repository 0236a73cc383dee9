"""One conversation of a night: its folder, its gate, its wire, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from harvester.conversations import conversation_words, upstream_words
from harvester.raw import landings
from harvester.raw.converse import converse
from harvester.raw.gate import open_gate
from harvester.raw.wire import Wire
from harvester.records import Conversation, Landing
from harvester.report import Talk
from harvester.steps.night import Night

_SILENT = 30.0  # seconds that a run may wait without a word


def wanted_before(night: Night, source: str, what: str) -> Any | None:
    """Returns what an interrupted run of this night wanted under that name, or None.

    A resumed conversation must ask for the same as at first, though the landings made since would suggest otherwise.
    """
    for folder in landings.folders(night.settings.data / "raw"):
        if (folder.source, folder.what, folder.night) == (source, what, night.as_of):
            outcome = landings.outcome_of(folder)
            if outcome is None or outcome.state != "failed":
                return folder.wanted
    return None


def _wait_words(source: str, status: int | None) -> str:
    """Says why a run waits, where the last attempt tells."""
    if status in (403, 429):
        return f"{upstream_words(source)} refused ({status}); "
    return f"{upstream_words(source)} is in trouble ({status}); " if status and status >= 500 else ""


def hold(night: Night, source: str, what: str, wanted: Any, asked: str, ask: Callable[[Any], Conversation]) -> Talk:
    """Holds a conversation to its end, from disk first and then over the wire; returns what came of it.

    `wanted` is JSON; `ask` makes the conversation from it. A conversation that this night finished before is not held
    again.
    """
    settings = night.settings
    upstream = settings.upstreams[source]
    folder = landings.open_folder(settings.data / "raw", source, night.as_of, what, wanted)
    before = len(landings.numbers_in(folder))
    named = f"{source} {conversation_words(what)}"
    night.say(f"{named}: asking for {asked}")
    answers = 0

    def on_landing(landing: Landing) -> None:
        nonlocal answers
        answers += 1
        said = landing.failure or f"status {landing.status}, {len(landing.body) / 1000:,.1f} kB"
        night.say(f"{named}: answer {before + answers}: {said}")

    left = night.waiting_left.get(upstream.gate, settings.waiting)  # all conversations of a run share it
    limits = replace(night.limits_of(source), attempts=settings.attempts, waiting_seconds=left)

    def sleep(seconds: float) -> None:
        if seconds > _SILENT:
            until = datetime.fromtimestamp(night.ticking.now() + seconds, UTC)
            night.say(f"{named}: {_wait_words(source, wire.sent.last_status)}waiting until {until:%H:%M:%S} UTC")
        night.ticking.sleep(seconds)

    gate = open_gate(settings, upstream, now=night.ticking.now, sleep=sleep)
    with Wire(upstream, settings.user_agent, settings.secrets, gate, night.clock, limits=limits) as wire:
        try:
            outcome = converse(ask(wanted), folder, wire.send, night.clock, on_landing)
        finally:
            night.waiting_left[upstream.gate] = wire.left_seconds
        sent = wire.sent
    night.say(f"{named}: {outcome.state}" + (f", {outcome.why}" if outcome.why else ""))
    return Talk(
        source=source,
        what=what,
        asked=asked,
        state=outcome.state,
        why=outcome.why,
        degraded=outcome.degraded,
        requests=sent.requests,
        from_disk=before,
        by_status=dict(sent.by_status),
        kilobytes=round(sent.received_bytes / 1000, 1),
        waited_seconds=round(sent.waited_seconds, 1),
        address=folder.address,
    )
