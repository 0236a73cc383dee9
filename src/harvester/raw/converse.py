"""Drives a conversation: answers from its folder first, from the wire after; everything lands before it is read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime

from harvester.errors import UpstreamError
from harvester.raw.landings import (
    Folder,
    finish,
    land,
    numbers_in,
    outcome_of,
    read_landing,
    set_aside,
    torn_in,
)
from harvester.records import Conversation, Landing, Outcome, Request

MOST_REQUESTS = 2_000  # in one conversation; more is a conversation that never ends


def converse(
    talk: Conversation,
    folder: Folder,
    send: Callable[[Request], Landing],
    clock: Callable[[], datetime],
    on_landing: Callable[[Landing], None] | None = None,
    most: int = MOST_REQUESTS,
) -> Outcome:
    """Returns how the conversation ended, and writes it down.

    A finished folder is asked nothing. An UpstreamError that the conversation raises is its failed outcome; any other
    exception is a mistake of ours and leaves the folder unfinished, so that its answers serve the next run.
    """
    ended = outcome_of(folder)
    if ended:
        talk.close()
        return ended
    answers = _Answers(folder, send)
    with closing(talk):
        outcome = _drive(talk, answers, on_landing or (lambda landing: None), most)
    answers.drop_unused()
    finish(folder, outcome, clock())
    return outcome


def _drive(talk: Conversation, answers: _Answers, on_landing: Callable[[Landing], None], most: int) -> Outcome:
    try:
        request = next(talk)
        while answers.given < most:
            landing = answers.to(request)
            on_landing(landing)
            request = talk.send(landing)
    except StopIteration as stop:
        outcome: Outcome = stop.value
        return outcome
    except UpstreamError as error:
        return Outcome("failed", str(error), degraded=True)
    return Outcome("partial", f"stopped after {most:,} requests, the most one conversation may send", degraded=True)


class _Answers:
    """The answers to one conversation in order: those that landed before, read one at a time, then new ones."""

    def __init__(self, folder: Folder, send: Callable[[Request], Landing]) -> None:
        self._folder = folder
        self._send = send
        for number in torn_in(folder):
            set_aside(folder, number)
        self._landed = set(numbers_in(folder))
        self.given = 0

    def to(self, request: Request) -> Landing:
        self.given += 1
        known = self._known()
        if known and known.request == request:
            return known
        if known:  # the conversation asks differently now: that answer is to another question
            set_aside(self._folder, self.given)
        return land(self._folder, self.given, self._send(request))

    def _known(self) -> Landing | None:
        if self.given not in self._landed:
            return None
        self._landed.remove(self.given)
        return read_landing(self._folder.path.parents[1], f"{self._folder.address}/{self.given:03}")

    def drop_unused(self) -> None:
        """Sets aside what landed for requests that the conversation no longer makes."""
        for number in sorted(self._landed):
            set_aside(self._folder, number)
