"""Which faults are played to which upstream: the rows of docs/reliability.md.

Each is a fault as `faults.py` reads it, without the place: that is the first, a middle or the last request of a run, or
every one from the first on. `FOREIGN` stands for the address of another host.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

FOREIGN: Final = "http://foreign.invalid/"
ATOM, OAI, CITATIONS = "arXiv Atom", "arXiv OAI-PMH", "Semantic Scholar"
GRAPHQL, REST, WORKS = "GitHub GraphQL", "GitHub REST", "OpenAlex"
# The played upstream that each is asked of.
PLAYED: Mapping[str, str] = {
    ATOM: "arxiv",
    OAI: "arxiv_oai",
    CITATIONS: "semantic_scholar",
    GRAPHQL: "github",
    REST: "github",
    WORKS: "openalex",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """One fault of one upstream."""

    upstream: str
    name: str
    fault: Mapping[str, Any] = field(hash=False)
    plausible: bool = False  # an answer that nobody can tell from a true one: what it says is gone may be called so
    slow: bool = False  # mended when all are asked again, within a week
    credible: bool = False  # its numbers look true where there is none before to compare them with

    @property
    def played(self) -> str:
        """The name of the upstream in the rehearsal."""
        return PLAYED[self.upstream]


def _status(status: int, **more: Any) -> dict[str, Any]:
    return {"kind": "http_status", "status": status, **more}


def _json(body: Any) -> dict[str, Any]:
    return {"kind": "http_status", "status": 200, "body": body}


def _edit(find: str, put: str, **more: Any) -> dict[str, Any]:
    return {"kind": "edited", "find": find, "put": put, **more}


_LATER = "Fri, 14 Jun 2024 03:00:30 GMT"
_ANY: Mapping[str, Mapping[str, Any]] = {
    "a page of HTML with 200": {"kind": "html_200"},
    "an empty answer with 200": {"kind": "text_200"},
    "a text with 200": {"kind": "text_200", "body": "Rate exceeded."},
    "400": _status(400),
    "401": {"kind": "http_401"},
    "403": _status(403, body={"message": "Forbidden"}),
    "404 as a page of HTML": _status(404),
    "413": _status(413),
    "429 without Retry-After": {"kind": "http_429"},
    "429, Retry-After 5": {"kind": "http_429", "retry_after": 5},
    "429, Retry-After beyond all patience": {"kind": "http_429", "retry_after": 86_000},
    "500": {"kind": "http_500"},
    "502 as a page of HTML": {"kind": "http_502"},
    "503, Retry-After 0": {"kind": "http_503", "retry_after": 0},
    "503, Retry-After 5": {"kind": "http_503", "retry_after": 5},
    "503, Retry-After a date": {"kind": "http_503", "retry_after": _LATER},
    "503, Retry-After nonsense": {"kind": "http_503", "retry_after": "soon"},
    "504 as JSON": {"kind": "http_504"},
    "a body shorter than announced": {"kind": "cut_body"},
    "a cut body, connection closed": {"kind": "cut_and_close"},
    "silence beyond the timeout": {"kind": "stall", "seconds": 3},
    "a reset connection": {"kind": "reset"},
    "301 to another host": {"kind": "redirect", "location": FOREIGN},
    "302 to another scheme": {"kind": "redirect", "status": 302, "location": "file:///etc/hostname"},
    "303 to a page": {"kind": "redirect", "status": 303, "location": "/elsewhere"},
    "307 to another host": {"kind": "redirect", "status": 307, "location": FOREIGN},
    "301 to itself": {"kind": "moved_here"},
    "a gzip bomb": {"kind": "gzip_bomb", "inflated": 16_000_000},
    "an XML bomb of entities": {"kind": "entity_bomb"},
    "a body without end": _edit(r"\Z", " ", repeat=600_000),
    "bytes that are no UTF-8": _edit("[Pp]run|owner|paper|http", "\xff\xfe", places=3),
    "a NUL in the body": _edit("[Pp]run|owner|paper|http", "\x00", places=1),
    "the request's keys repeated, 200": {"kind": "echo_authorization"},
    "the request's keys repeated, 403": {"kind": "echo_authorization", "status": 403},
}
_SHAPES: Mapping[str, Mapping[str, Any]] = {
    "JSON of another shape: an object": _json({"message": "ok", "status": "up"}),
    "JSON of another shape: a list of lists": _json([[1], [2], [3]]),
    "JSON of another shape: null": _edit(r"\A.*\Z", "null", places=1),
    "JSON of another shape: a number": _edit(r"\A.*\Z", "17", places=1),
    "JSON nested without end": _edit(r"\A.*\Z", "[", repeat=100_000, places=1),
}


def _counts(name: str) -> dict[str, Mapping[str, Any]]:
    number = rf'(?<="{name}": )\d+'
    return {
        "counts that are negative": _edit(number, "-1"),
        "counts beyond all measure": _edit(number, "99999999999999999999"),
        "counts as text": _edit(number, '"many"'),
        "counts as fractions": _edit(number, "3.5"),
        "counts that are not numbers": _edit(number, "NaN"),
        "counts that are null": _edit(number, "null"),
        "counts a tenth of what they were": {"kind": "scaled_counts"}
        if name != "cited_by_count"
        else _edit(number, "1"),
        "counts a thousandfold": _edit(rf'(?<="{name}": )(?=\d)', "900", places=0),
    }


_PUBLISHED, _UPDATED = r"(?<=<published>)[^<]*", r"(?<=<updated>)[^<]*"
_ATOM: Mapping[str, Mapping[str, Any]] = {
    "an empty page with its total": {"kind": "empty_page"},
    "a total that is too high": {"kind": "wrong_total", "off": 4},
    "a total that is too low": {"kind": "wrong_total", "off": -2},
    "a total of 0": {"kind": "wrong_total", "total": 0},
    "no total": {"kind": "wrong_total", "total": None},
    "a negative total": {"kind": "wrong_total", "total": -3},
    "a total beyond all measure": {"kind": "wrong_total", "total": 10**30},
    "every paper twice on a page": {"kind": "entries_twice", "size": 2},
    "pages that overlap": {"kind": "overlapping_pages", "by": 1, "size": 2},
    "entries without `published`": {"kind": "without_published"},
    'an "Error" entry with 200': {"kind": "error_entry_200"},
    'an "Error" entry with 200, no date': {"kind": "error_entry_200", "published": False},
    "414": _status(414),
    "another `updated` of the feed": {"kind": "fresh_updated"},
    "a title of a megabyte": _edit("(?<=<title>)A paper", "Prune ", repeat=50_000, places=1),
    "dates of year 0": _edit(_PUBLISHED, "0000-01-01T00:00:00Z"),
    "dates of year 9999": _edit(_PUBLISHED, "9999-12-31T23:59:59Z"),
    "revised in the year 9999": _edit(
        r"(?<=Z</updated>\n    )|(?<=<updated>)[^<]*(?=</updated>\n    <link)", "9999-12-31T23:59:59Z"
    ),
    "ids of other papers": {"kind": "rotated", "find": r"(?<=<id>http://arxiv.org/abs/)[^<]*"},
    "ids of papers nobody knows": _edit(r"(?<=<id>http://arxiv.org/abs/)\d{4}", "2013"),
    "an entity for a local file": {"kind": "file_entity"},
    "markup inside a title": _edit("(?<=<title>)A paper", "A <b>paper</b>"),
}
_RECORD_DATE = r"(?<=<date>)[^<]*"
_OAI_ERROR = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2024-06-10T03:00:00Z</responseDate>'
    '<request/><error code="{}">said so</error></OAI-PMH>'
)


def _oai_error(code: str) -> dict[str, Any]:
    return {"kind": "text_200", "body": _OAI_ERROR.format(code)}


_OAI: Mapping[str, Mapping[str, Any]] = {
    "noRecordsMatch with 200": _oai_error("noRecordsMatch"),
    "badResumptionToken": _oai_error("badResumptionToken"),
    "badArgument": _oai_error("badArgument"),
    "an empty token": _edit(r"<resumptionToken[^>]*>[^<]*</resumptionToken>", "<resumptionToken/>"),
    "the same token again": _edit(r"(?<=Z\">)verb=[^<]*", "verb=ListRecords&amp;skip=0"),
    "a deleted record": _edit("<header>", '<header status="deleted">', places=1),
    "a title of a megabyte": _edit("(?<=<title>)A paper", "Prune ", repeat=50_000, places=1),
    "dates of year 0": _edit(_RECORD_DATE, "Mon, 01 Jan 0000 00:00:00 GMT"),
    "dates of year 9999": _edit(_RECORD_DATE, "Fri, 31 Dec 9999 23:59:59 GMT"),
    "datestamps of year 9999": _edit(r"(?<=<datestamp>)[^<]*", "9999-12-31"),
    "ids of other papers": {"kind": "rotated", "find": r"(?<= <id>)[^<]*"},
    "an entity for a local file": {"kind": "file_entity"},
    "records without metadata": _edit(r"<metadata>.*?</metadata>", ""),
}
_CITATIONS: Mapping[str, Mapping[str, Any]] = {
    **_SHAPES,
    **_counts("citationCount"),
    "400, not one id valid": _status(400, body={"error": "No valid paper ids given"}),
    "400, too large": _status(400, body={"error": "Response is too large"}),
    "400, too many ids": _status(400, body={"error": "Too many paper ids"}),
    "an error with 200": _json({"error": "internal"}),
    "nulls in between": {"kind": "null_entries"},
    "another `paperId`": _edit(r'(?<="paperId": ")[0-9a-f]{8}', "00000000"),
    "`paperId` null": _edit(r'(?<="paperId": )"[0-9a-f]*"', "null"),
    "the list the wrong way round": {"kind": "reversed_list"},
    "ids of other papers": {"kind": "rotated", "find": r'(?<="ArXiv": ")[^"]*'},
    "a list that is too short": _edit(r"\A\[(?:\{.*?\}\}?|null), ", "[", places=1),
}
_OTHER_ID = "another id under the same name"
_NO_CHANGE = "304 though it changed"
_SLOW = frozenset({_OTHER_ID, _NO_CHANGE})  # told so, a quiet repository is asked again within a week
_REPO_DATE = r'(?<="{}": )"[^"]*"'
_GRAPHQL: Mapping[str, Mapping[str, Any]] = {
    **_SHAPES,
    **_counts("stargazerCount"),
    "one NOT_FOUND": {"kind": "graphql_not_found", "aliases": 1},
    "several NOT_FOUND": {"kind": "graphql_not_found", "aliases": 3},
    "RATE_LIMITED with 200": {"kind": "graphql_error"},
    "RATE_LIMIT with 200": {"kind": "graphql_error", "type": "RATE_LIMIT"},
    "RESOURCE_LIMITS_EXCEEDED, some data": {"kind": "graphql_error", "type": "RESOURCE_LIMITS_EXCEEDED", "keep": 2},
    "nulls without a reason": _json({"data": {"known": [None] * 3, "r0": None, "r1": None, "r2": None}}),
    "403, secondary limit": {"kind": "http_403"},
    "403, secondary limit, Retry-After 60": {"kind": "http_403", "retry_after": 60},
    _OTHER_ID: _edit(r'(?<="id": ")R_(?!1")', "R_other_"),
    "names of other repositories": {"kind": "rotated", "find": r'(?<="nameWithOwner": ")[^"]*'},
    "dates of year 0": _edit(_REPO_DATE.format("createdAt"), '"0000-01-01T00:00:00Z"'),
    "dates of year 9999": _edit(_REPO_DATE.format("createdAt"), '"9999-12-31T23:59:59Z"'),
    "a description of a megabyte": _edit(_REPO_DATE.format("description"), '"' + "prune " * 50_000 + '"'),
    "no budget left": _edit(r'(?<="remaining": )\d+', "0"),
}
_REST: Mapping[str, Mapping[str, Any]] = {
    **_SHAPES,
    **{name: fault for name, fault in _counts("stargazers_count").items() if fault["kind"] == "edited"},
    "404": {"kind": "http_404"},
    "451": {"kind": "http_451"},
    "403, blocked": _status(403, body={"message": "Repository access blocked", "block": {"reason": "tos"}}),
    _NO_CHANGE: _status(304),
    "403, secondary limit": {"kind": "http_403"},
    "403, secondary limit, Retry-After 60": {"kind": "http_403", "retry_after": 60},
    "403, the hour spent": _status(
        403, body={"message": "API rate limit exceeded"}, headers={"x-ratelimit-remaining": "0"}
    ),
    _OTHER_ID: _edit(r'(?<="node_id": ")R_(?!1")', "R_other_"),
    "another ETag": _edit(r"\Z", "\n", places=1),
    "dates of year 0": _edit(_REPO_DATE.format("created_at"), '"0000-01-01T00:00:00Z"'),
    "dates of year 9999": _edit(_REPO_DATE.format("created_at"), '"9999-12-31T23:59:59Z"'),
}
_WORKS: Mapping[str, Mapping[str, Any]] = {
    **_SHAPES,
    **_counts("cited_by_count"),
    "the day's credits spent": _status(429, body={"error": "Too many"}, headers={"x-ratelimit-remaining": "0"}),
    "fewer works than counted": _edit(r'(?<="count": )\d+', "7", places=1),
    "a negative total": _edit(r'(?<="count": )\d+', "-1", places=1),
    "no work found": _json({"meta": {"count": 0, "per_page": 100}, "results": [], "group_by": []}),
    "works that nobody asked for": _edit(r"10\.48550/arxiv\.\d{4}", "10.48550/arxiv.2013"),
    "ids of other papers": {"kind": "rotated", "find": r'(?<="doi": ")[^"]*(?=", "ids")'},
}
_PLAUSIBLE: Mapping[str, frozenset[str]] = {
    CITATIONS: frozenset({"nulls in between", "counts that are null", "400, not one id valid"}),
    GRAPHQL: frozenset({"one NOT_FOUND", "several NOT_FOUND"}),
    REST: frozenset({"404", "451", "403, blocked", _NO_CHANGE}),
    WORKS: frozenset({"no work found"}),
    OAI: frozenset({"a deleted record", "an empty token"}),
}
_CREDIBLE = frozenset({"counts a tenth of what they were", "counts a thousandfold"})
_OWN: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    ATOM: _ATOM,
    OAI: _OAI,
    CITATIONS: _CITATIONS,
    GRAPHQL: _GRAPHQL,
    REST: _REST,
    WORKS: _WORKS,
}


def trials() -> Iterator[Trial]:
    """Yields every fault of every upstream, in the order of the table."""
    for upstream, own in _OWN.items():
        for name, fault in {**_ANY, **own}.items():
            told = {**fault, "upstream": PLAYED[upstream]}
            plausible, credible = name in _PLAUSIBLE.get(upstream, ()), name in _CREDIBLE
            yield Trial(upstream, name, told, plausible, name in _SLOW, credible)
