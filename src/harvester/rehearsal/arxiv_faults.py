"""Feeds as arXiv sends them on a bad day: out of order, twice, overlapping, sorted otherwise at every request.

Each takes the option `size`: the most papers that a page holds, whatever was asked for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from harvester.rehearsal.arxiv_query import LARGEST_PAGE, PATH
from harvester.rehearsal.exchange import Call, Reply

if TYPE_CHECKING:
    from harvester.rehearsal.faults import Fault, Honest

ENTRY = re.compile(r"\s*<entry>.*?</entry>", re.DOTALL)
PUBLISHED = re.compile(r"<published>[^<]*</published>")


def small_pages(fault: Fault, call: Call, honest: Honest) -> Reply:
    """No page holds more than `size` papers."""
    start, size = _asked(fault, call)
    return honest(_asking(call, start, size))


def shuffled_page(fault: Fault, call: Call, honest: Honest) -> Reply:
    """The papers of a page stand in no order."""
    start, size = _asked(fault, call)
    reply = honest(_asking(call, start, size))
    return _with(reply, sorted(_entries(reply), key=lambda entry: _lot(entry)))


def entries_twice(fault: Fault, call: Call, honest: Honest) -> Reply:
    """Every paper of a page stands there twice."""
    start, size = _asked(fault, call)
    reply = honest(_asking(call, start, size))
    return _with(reply, [entry for entry in _entries(reply) for _ in range(2)])


def overlapping_pages(fault: Fault, call: Call, honest: Honest) -> Reply:
    """Every page but the first begins `by` (3) papers too early."""
    start, size = _asked(fault, call)
    return honest(_asking(call, max(0, start - int(fault.option("by", 3))), size))


def unstable_order(fault: Fault, call: Call, honest: Honest) -> Reply:
    """Papers of the same second stand in another order on every page, as a sort without a tie-breaker may have them."""
    start, size = _asked(fault, call)
    whole = honest(_asking(call, 0, LARGEST_PAGE))
    tied: dict[str, list[str]] = {}
    for entry in _entries(whole):
        published = PUBLISHED.search(entry)
        tied.setdefault(published[0] if published else entry, []).append(entry)
    entries = [entry for same in tied.values() for entry in sorted(same, key=lambda each: _lot(f"{start} {each}"))]
    return _with(whole, entries[start : start + size])


def _asked(fault: Fault, call: Call) -> tuple[int, int]:
    parameters = call.parameters()
    wanted = int(parameters.get("max_results", "10"))
    return int(parameters.get("start", "0")), min(wanted, int(fault.option("size", wanted)))


def _asking(call: Call, start: int, size: int) -> Call:
    """The same question about another page."""
    form = urlencode([*({**call.parameters(), "start": str(start), "max_results": str(size)}.items())])
    return replace(call, query="", body=form.encode()) if call.body else replace(call, query=form)


def _entries(reply: Reply) -> list[str]:
    return ENTRY.findall(reply.body.decode())


def _with(reply: Reply, entries: list[str]) -> Reply:
    empty = ENTRY.sub("", reply.body.decode())
    return replace(reply, body=empty.replace("</feed>", f"{''.join(entries)}\n</feed>").encode())


def _lot(text: str) -> str:
    """Draws lots without chance: the same request is answered the same."""
    return hashlib.sha256(text.encode()).hexdigest()


def _of_feeds(play: Callable[[Fault, Call, Honest], Reply]) -> Callable[[Fault, Call, Honest], Reply]:
    """Leaves every other upstream honest: what is played to all of them must not change their questions."""
    return lambda fault, call, honest: play(fault, call, honest) if call.path.rstrip("/") == PATH else honest()


KINDS: Mapping[str, Callable[[Fault, Call, Honest], Reply]] = {
    play.__name__: _of_feeds(play)
    for play in (small_pages, shuffled_page, entries_twice, overlapping_pages, unstable_order)
}
