"""The rehearsal without its sockets: world, clock, faults, limits and log, and the way of one request through them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from harvester.rehearsal import arxiv_oai, arxiv_query, control
from harvester.rehearsal.budgets import Limits, Meter, Pace
from harvester.rehearsal.clock import VirtualClock, monotonic, wall
from harvester.rehearsal.exchange import Call, Reply, html_reply
from harvester.rehearsal.faults import Fault, Script, play
from harvester.rehearsal.log import Logged, RequestLog
from harvester.rehearsal.upstreams import UPSTREAMS, Player, upstream_of
from harvester.rehearsal.world import World

CREDENTIALS = ("authorization", "x-api-key")


class Stage:
    """Everything that one rehearsal remembers. With `limits` the published limits are enforced."""

    def __init__(
        self,
        world: World,
        at: datetime,
        *,
        limits: Limits | None = None,
        faults: Sequence[Fault] = (),
        log_file: Path | None = None,
        oai_page: int = arxiv_oai.PAGE,
        atom_page: int = arxiv_query.LARGEST_PAGE,
    ) -> None:
        self.world = world
        self.clock = VirtualClock(at)
        self.script = Script(faults)
        self.log = RequestLog(log_file)
        self._meter = Meter(limits)
        self._pace = None if limits is None else Pace(limits)
        self._players: dict[str, Player] = {name: upstream.answer for name, upstream in UPSTREAMS.items()}
        self._players["arxiv_oai"] = partial(arxiv_oai.answer, page=oai_page)
        self._players["arxiv"] = partial(arxiv_query.answer, page=atom_page)

    def respond(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, *, root: str, connection: int
    ) -> tuple[str | None, Reply]:
        """The reply to one request and the name of its upstream; of a played upstream `finish` must follow.

        `target` is the path with its query, `root` the rehearsal's own address.
        """
        parts = urlsplit(target)
        name = upstream_of(parts.path)
        if name is None:
            return None, control.answer(self, method, target, body, root)
        prefix = UPSTREAMS[name].prefix
        path = parts.path.removeprefix(prefix)
        call = Call(method, path, parts.query, headers, body, root + prefix, self.clock.now())
        return name, self._play(name, call, target, connection)

    def finish(self, upstream: str) -> None:
        """The reply is about to be sent; another request may start beside it."""
        self.log.end(upstream)

    def _play(self, name: str, call: Call, target: str, connection: int) -> Reply:
        started, at = monotonic(), wall()
        beside = self.log.begin(name, connection)
        refusal = None if self._pace is None else self._pace.refusal(name, started, beside)
        fault = None if refusal is not None else self.script.next(name, call)
        try:
            reply = refusal or self._answer(name, call, fault)
        except BaseException:  # a mistake of ours: let it be loud, and let the next request in
            self.log.end(name)
            raise
        self.log.write(
            lambda number: Logged(
                number=number,
                upstream=name,
                method=call.method,
                path=_without_keys(target),
                digest=_digest(call, _without_keys(target)),
                status=None if reply.delivery.reset else reply.status,
                request_bytes=len(call.body),
                response_bytes=len(reply.body),
                virtual=call.at.isoformat(),
                wall=at.isoformat(),
                monotonic=started,
                seconds=round(monotonic() - started, 6),
                connection=connection,
                authorized=any(call.headers.get(name) for name in CREDENTIALS) or "api_key=" in call.query,
                user_agent=call.headers.get("user-agent", ""),
                fault=None if fault is None else fault.kind,
                refused=refusal is not None,
            )
        )
        return reply

    def _answer(self, name: str, call: Call, fault: Fault | None) -> Reply:
        def honest(other: Call = call) -> Reply:
            return self._honest(name, other)

        return honest() if fault is None else play(fault, call, honest)

    def _honest(self, name: str, call: Call) -> Reply:
        try:
            return self._players[name](call, self.world, self._meter)
        except UnicodeDecodeError:  # the real ones answer bytes that are no UTF-8 with 400 as well
            return html_reply(400, "400 Bad Request")


def _digest(call: Call, target: str) -> str:
    return hashlib.sha256(f"{call.method} {target}\n".encode() + call.body).hexdigest()[:16]


def _without_keys(target: str) -> str:
    """The target without the value of `api_key`: a log shows no secrets."""
    before, found, after = target.partition("api_key=")
    return target if not found else f"{before}{found}***{after[len(after.split('&')[0]) :]}"
