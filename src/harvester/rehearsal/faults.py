"""Faults as data: which upstream answers what kind of nonsense, how often and from which request on.

`{"upstream": "arxiv", "kind": "http_503", "times": 2, "after": 1, "retry_after": 5}` spoils the second and the third
request to arXiv. A kind is one function and one line in `KINDS`; everything beyond the five fields below is its own.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from harvester.rehearsal import arxiv_faults, hostile_faults
from harvester.rehearsal.arxiv_faults import ENTRY
from harvester.rehearsal.arxiv_query import error_entry
from harvester.rehearsal.exchange import Call, Delivery, Reply, html_reply, json_reply, text_reply
from harvester.rehearsal.upstreams import UPSTREAMS

Honest = Callable[..., Reply]  # what the upstream would have said, to this call or to the one given


@dataclass(frozen=True, slots=True)
class Fault:
    """One planned misbehaviour."""

    kind: str
    upstream: str = "*"
    times: int | None = 1  # None: for ever
    after: int = 0  # so many matching requests are answered honestly first
    path: str = ""  # only requests whose path and query (or form) contain this
    options: Mapping[str, Any] = field(default_factory=dict)

    def option(self, name: str, default: Any) -> Any:
        """One of the kind's own settings."""
        return self.options.get(name, default)


def read(told: Mapping[str, Any]) -> Fault:
    """A fault from its JSON form; raises ValueError that says what is wrong."""
    own = {name: told[name] for name in ("kind", "upstream", "times", "after", "path") if name in told}
    if own.get("kind") not in KINDS:
        raise ValueError(f"no fault of the kind {own.get('kind')!r}; there are: {', '.join(sorted(KINDS))}")
    own["upstream"] = str(own.get("upstream", "*")).replace("-", "_")
    if own["upstream"] not in ("*", *UPSTREAMS):
        raise ValueError(f"no upstream {own['upstream']!r}; there are: {', '.join(UPSTREAMS)}, and * for all")
    for name in ("times", "after"):
        if name in own and not (isinstance(own[name], int) or (name == "times" and own[name] is None)):
            raise ValueError(f"{name} must be a number, not {own[name]!r}")
    return Fault(**own, options={name: value for name, value in told.items() if name not in own})


class Script:
    """The faults that are on, and how many requests each has seen; safe for threads."""

    def __init__(self, faults: Sequence[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._seen: list[tuple[Fault, int]] = [(fault, 0) for fault in faults]

    def add(self, fault: Fault) -> None:
        """Play this one too, from the next matching request on."""
        with self._lock:
            self._seen.append((fault, 0))

    def clear(self) -> None:
        """Play no more faults."""
        with self._lock:
            self._seen.clear()

    def next(self, upstream: str, call: Call) -> Fault | None:
        """The fault for this request, if any: the first that applies. Each matching fault counts the request."""
        with self._lock:
            chosen = None
            for place, (fault, seen) in enumerate(self._seen):
                if fault.upstream not in ("*", upstream) or fault.path not in _asked(call):
                    continue
                self._seen[place] = (fault, seen + 1)
                due = fault.after <= seen and (fault.times is None or seen < fault.after + fault.times)
                chosen = fault if chosen is None and due else chosen
            return chosen


def _asked(call: Call) -> str:
    """The path with the parameters, which a long question sends as a form."""
    form = call.body.decode(errors="replace") if "form" in call.headers.get("content-type", "") else call.query
    return f"{call.path}?{form}"


def play(fault: Fault, call: Call, honest: Honest) -> Reply:
    """What is answered in the honest answer's place."""
    return KINDS[fault.kind](fault, call, honest)


# -- any upstream ---------------------------------------------------------------------------------------------------


def http_status(fault: Fault, call: Call, honest: Honest) -> Reply:
    """`status` with `body`, `headers` and `retry_after` (seconds or a date), without asking the upstream."""
    status = int(fault.option("status", 500))
    headers = list(dict(fault.option("headers", {})).items())
    if (wait := fault.option("retry_after", None)) is not None:
        headers.append(("Retry-After", str(wait)))
    body = fault.option("body", None)
    if body is None:
        return html_reply(status, f"{status} {_REASONS.get(status, 'Status')}", headers)
    return (
        text_reply(status, body, "text/plain", headers) if isinstance(body, str) else json_reply(status, body, headers)
    )


_REASONS = {429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}


def _status(status: int, body: Any = None) -> Callable[[Fault, Call, Honest], Reply]:
    """A kind that is one status; the fault's own options go before."""

    def kind(fault: Fault, call: Call, honest: Honest) -> Reply:
        given = {"status": status} | ({} if body is None else {"body": body})
        return http_status(replace(fault, options=given | dict(fault.options)), call, honest)

    return kind


def html_200(fault: Fault, call: Call, honest: Honest) -> Reply:
    """A friendly page with 200 where data belongs."""
    return html_reply(200, fault.option("title", "We will be back soon"))


def text_200(fault: Fault, call: Call, honest: Honest) -> Reply:
    """`body` (nothing, if not given) as plain text with 200."""
    return text_reply(200, fault.option("body", ""))


def cut_body(fault: Fault, call: Call, honest: Honest) -> Reply:
    """The body ends early though Content-Length announced all of it; `keep` is a share (0.5) or bytes (100)."""
    reply = honest()
    return replace(reply, delivery=Delivery(cut_after=_kept(fault, reply)))


def cut_and_close(fault: Fault, call: Call, honest: Honest) -> Reply:
    """The body ends early and nobody announced its length: only the format can tell."""
    reply = honest()
    return replace(reply, delivery=Delivery(cut_after=_kept(fault, reply), announce_length=False))


def _kept(fault: Fault, reply: Reply) -> int:
    keep = fault.option("keep", 0.5)
    return int(len(reply.body) * keep) if isinstance(keep, float) else int(keep)


def stall(fault: Fault, call: Call, honest: Honest) -> Reply:
    """Silence for `seconds` before the honest answer."""
    return replace(honest(), delivery=Delivery(wait_seconds=float(fault.option("seconds", 5))))


def reset(fault: Fault, call: Call, honest: Honest) -> Reply:
    """The connection is reset before any answer."""
    return Reply(500, delivery=Delivery(reset=True))


def redirect(fault: Fault, call: Call, honest: Honest) -> Reply:
    """`status` (301) to `location`."""
    return html_reply(int(fault.option("status", 301)), "Moved", [("Location", str(fault.option("location", "/")))])


def echo_authorization(fault: Fault, call: Call, honest: Honest) -> Reply:
    """The secrets of the request come back in an otherwise plausible body: they must be stored nowhere."""
    told = {name: call.headers.get(name) for name in ("authorization", "x-api-key")} | {"query": call.query}
    return json_reply(int(fault.option("status", 200)), {"message": "debug", "request": told})


# -- arXiv ----------------------------------------------------------------------------------------------------------


def empty_page(fault: Fault, call: Call, honest: Honest) -> Reply:
    """All entries are gone, the total stays."""
    return _edited(honest(), ENTRY, "")


def wrong_total(fault: Fault, call: Call, honest: Honest) -> Reply:
    """`totalResults` is off by `off`, or `total`, or (`total` null) missing."""
    reply = honest()
    match = TOTAL.search(reply.body.decode())
    if match is None:
        return reply
    total = fault.option("total", int(match[1]) + int(fault.option("off", 5)))
    return _edited(reply, TOTAL, "" if total is None else f"<opensearch:totalResults>{total}</opensearch:totalResults>")


def error_entry_200(fault: Fault, call: Call, honest: Honest) -> Reply:
    """An "Error" entry shaped like a paper, with 200; `published` (true) decides whether clients take it for one."""
    entry = error_entry(call.at, "internal error", published=bool(fault.option("published", True)))
    return _edited(_edited(honest(), ENTRY, ""), re.compile(r"</feed>"), entry + "</feed>")


def without_published(fault: Fault, call: Call, honest: Honest) -> Reply:
    """The first entry lacks `published`."""
    return _edited(honest(), re.compile(r"\s*<published>[^<]*</published>"), "", times=1)


def fresh_updated(fault: Fault, call: Call, honest: Honest) -> Reply:
    """The same answer but for the feed's `updated`, one second later."""
    return _edited(honest(), re.compile(r"(?<=<updated>)[^<]*(?=</updated>)"), "2024-06-03T03:00:01Z", times=1)


TOTAL = re.compile(r"<opensearch:totalResults>(\d+)</opensearch:totalResults>")


def _edited(reply: Reply, pattern: re.Pattern[str], text: str, times: int = 0) -> Reply:
    return replace(reply, body=pattern.sub(lambda _: text, reply.body.decode(), count=times).encode())


# -- Semantic Scholar and GitHub ------------------------------------------------------------------------------------


def null_counts(fault: Fault, call: Call, honest: Honest) -> Reply:
    """Every `citationCount` of a batch is null."""
    return _edited(honest(), re.compile(r'(?<="citationCount": )\d+'), "null")


def negative_counts(fault: Fault, call: Call, honest: Honest) -> Reply:
    """Every n-th (`every`, 1) `citationCount` or `stargazerCount` is -1."""
    places = count()
    every = fault.option("every", 1)

    def spoil(match: re.Match[str]) -> str:
        return "-1" if next(places) % every == 0 else match[0]

    reply = honest()
    pattern = re.compile(r'(?<="citationCount": )\d+|(?<="stargazerCount": )\d+')
    return replace(reply, body=pattern.sub(spoil, reply.body.decode()).encode())


def scaled_counts(fault: Fault, call: Call, honest: Honest) -> Reply:
    """Every n-th (`every`, 1) `citationCount` or `stargazerCount` is multiplied (`by`, 0.1) and rounded down."""
    places = count()
    every, by = fault.option("every", 1), float(fault.option("by", 0.1))

    def scale(match: re.Match[str]) -> str:
        return str(int(int(match[0]) * by)) if next(places) % every == 0 else match[0]

    reply = honest()
    pattern = re.compile(r'(?<="citationCount": )\d+|(?<="stargazerCount": )\d+')
    return replace(reply, body=pattern.sub(scale, reply.body.decode()).encode())


def graphql_error(fault: Fault, call: Call, honest: Honest) -> Reply:
    """200 with an error of `type` (RATE_LIMITED) and no data; with `keep` n, data of the first n repositories."""
    reply = honest()
    told = json.loads(reply.body)
    if not isinstance(told, dict):  # played to an upstream that does not speak GraphQL: there is no alias to keep
        told = {}
    keep, kind = fault.option("keep", 0), fault.option("type", "RATE_LIMITED")
    whole = told.get("data", {})
    data = hostile_faults.without(whole, hostile_faults.places(whole)[keep:])
    problem = {"type": kind, "message": fault.option("message", f"The rehearsal says {kind}.")}
    return replace(reply, body=json.dumps(({"data": data} if keep else {}) | {"errors": [problem]}).encode())


KINDS: Mapping[str, Callable[[Fault, Call, Honest], Reply]] = {
    "http_status": http_status,
    "http_401": _status(401, {"message": "Bad credentials"}),
    "http_403": _status(403, {"message": "You have exceeded a secondary rate limit. Please wait."}),
    "http_404": _status(404, {"message": "Not Found"}),
    "http_429": _status(429, "Rate exceeded."),
    "http_451": _status(451, {"message": "Repository access blocked", "block": {"reason": "dmca"}}),
    "http_500": _status(500),
    "http_502": _status(502),
    "http_503": _status(503),
    "http_504": _status(504, {"message": "Endpoint request timed out"}),
    "html_200": html_200,
    "text_200": text_200,
    "cut_body": cut_body,
    "cut_and_close": cut_and_close,
    "stall": stall,
    "reset": reset,
    "redirect": redirect,
    "echo_authorization": echo_authorization,
    "empty_page": empty_page,
    "wrong_total": wrong_total,
    "error_entry_200": error_entry_200,
    "without_published": without_published,
    "fresh_updated": fresh_updated,
    **arxiv_faults.KINDS,
    **hostile_faults.KINDS,
    "null_counts": null_counts,
    "negative_counts": negative_counts,
    "scaled_counts": scaled_counts,
    "graphql_error": graphql_error,
}
