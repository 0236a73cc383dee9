"""Answers as a broken or hostile server sends them: bombs, swapped ids, other shapes, texts without end.

Most of them are one kind, `edited`: the honest answer with something put in place of something. Bodies are taken as
Latin-1 on the way, so that a text may put in any byte.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from harvester.rehearsal.exchange import Call, Reply, html_reply, text_reply

if TYPE_CHECKING:
    from harvester.rehearsal.faults import Fault, Honest


def edited(fault: Fault, call: Call, honest: Honest) -> Reply:
    """What `find` (a pattern) finds is replaced by `put`, `repeat` (1) times over; at most `places` (all) of them."""
    reply = honest()
    text = str(fault.option("put", "")) * int(fault.option("repeat", 1))
    pattern = re.compile(str(fault.option("find", "$")), re.DOTALL)
    return _with(reply, pattern.sub(lambda _: text, _text(reply), count=int(fault.option("places", 0))))


def rotated(fault: Fault, call: Call, honest: Honest) -> Reply:
    """What `find` finds changes places with one another: the ids, or names, of other things."""
    reply = honest()
    pattern = re.compile(str(fault.option("find", "$^")))
    found = [match[0] for match in pattern.finditer(_text(reply))]
    others = iter([*found[1:], *found[:1]])
    return _with(reply, pattern.sub(lambda _: next(others), _text(reply)))


def gzip_bomb(fault: Fault, call: Call, honest: Honest) -> Reply:
    """A body of some kilobytes that inflates to `inflated` bytes (80 million)."""
    reply = honest()
    named = [*reply.headers, ("Content-Encoding", "gzip")]
    return replace(reply, status=200, body=_zeros(int(fault.option("inflated", 80_000_000))), headers=named)


@lru_cache(maxsize=4)
def _zeros(size: int) -> bytes:
    return gzip.compress(bytes(size), compresslevel=1, mtime=0)


def entity_bomb(fault: Fault, call: Call, honest: Honest) -> Reply:
    """An XML document of a kilobyte whose entities stand for gigabytes ("billion laughs")."""
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    head = f'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY l0 "ha">{laughs}]>'
    body = f'{head}<feed xmlns="http://www.w3.org/2005/Atom"><title>&l9;</title></feed>'
    return text_reply(200, body, "application/atom+xml")


def file_entity(fault: Fault, call: Call, honest: Honest) -> Reply:
    """The honest XML, with an entity in its texts that stands for a file of the reader."""
    reply = honest()
    head = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body = re.sub(r"(<\?xml[^>]*\?>)?", lambda match: match[0] + head, _text(reply), count=1)
    return _with(reply, re.sub(r"(<title>|<abstract>)A", r"\1&f;A", body))


def moved_here(fault: Fault, call: Call, honest: Honest) -> Reply:
    """`status` (301) to the same question at this very address: the next request is answered as the script says."""
    location = f"{call.base}{call.path}?{call.query}"
    return html_reply(int(fault.option("status", 301)), "Moved", [("Location", location)])


# -- JSON -----------------------------------------------------------------------------------------------------------


def null_entries(fault: Fault, call: Call, honest: Honest) -> Reply:
    """Every n-th (`every`, 2) entry of a list is null."""
    every = int(fault.option("every", 2))
    return _told(honest(), lambda told: [None if place % every == 0 else one for place, one in enumerate(_list(told))])


def reversed_list(fault: Fault, call: Call, honest: Honest) -> Reply:
    """A list stands the wrong way round, though its order is all that tells what is what."""
    return _told(honest(), lambda told: _list(told)[::-1])


def graphql_not_found(fault: Fault, call: Call, honest: Honest) -> Reply:
    """The first `aliases` (1) repositories are null, each with an error NOT_FOUND of its own."""

    def spoil(told: Any) -> Any:
        data = dict(told.get("data") or {}) if isinstance(told, dict) else {}
        missing = places(data)[: int(fault.option("aliases", 1))]
        problems = [{"type": "NOT_FOUND", "path": place, "message": "Could not resolve"} for place in missing]
        return {"data": without(data, missing), "errors": problems}

    return _told(honest(), spoil)


def places(data: Mapping[str, Any]) -> list[list[str | int]]:
    """Where the repositories of a GraphQL answer stand: under an alias, or in the list under one."""
    found: list[list[str | int]] = []
    for alias, told in data.items():
        if alias != "rateLimit":
            found += [[alias, place] for place in range(len(told))] if isinstance(told, list) else [[alias]]
    return found


def without(data: Mapping[str, Any], missing: list[list[str | int]]) -> dict[str, Any]:
    """The same data with null at these places."""
    left: dict[str, Any] = {}
    for alias, told in data.items():
        nulls = [place[1] for place in missing if place[0] == alias and len(place) > 1]
        kept = [None if at in nulls else one for at, one in enumerate(told)] if isinstance(told, list) else told
        left[alias] = None if [alias] in missing else kept
    return left


def _list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else []


def _told(reply: Reply, spoil: Callable[[Any], Any]) -> Reply:
    """The honest JSON, spoilt; what is no answer with 200 stays as it is."""
    if reply.status != 200:
        return reply
    return replace(reply, body=json.dumps(spoil(json.loads(reply.body))).encode())


def _text(reply: Reply) -> str:
    return reply.body.decode("latin-1")


def _with(reply: Reply, text: str) -> Reply:
    return replace(reply, body=text.encode("latin-1"))


KINDS: Mapping[str, Callable[[Fault, Call, Honest], Reply]] = {
    play.__name__: play
    for play in (
        edited,
        rotated,
        gzip_bomb,
        entity_bomb,
        file_entity,
        moved_here,
        null_entries,
        reversed_list,
        graphql_not_found,
    )
}
