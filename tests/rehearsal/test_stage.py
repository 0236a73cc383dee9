from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.rehearsal import NIGHTS, World
from harvester.rehearsal.clock import days_behind
from harvester.rehearsal.stage import Stage

STAGE = Stage(World.load(), NIGHTS[0])
PATHS = (
    "/arxiv/api/query",
    "/arxiv-oai/oai",
    "/semantic-scholar/graph/v1/paper/batch",
    "/semantic-scholar/graph/v1/paper/ARXIV:x",
    "/github/graphql",
    "/github/repos/a/b",
    "/github/repositories/1",
    "/openalex/works",
    "/openalex/works/W1",
    "/_rehearsal/clock",
    "/_rehearsal/faults",
)
NAMES = (
    "search_query id_list start max_results sortBy sortOrder verb metadataPrefix from until set identifier "
    "resumptionToken fields filter select per-page page cursor"
).split()
VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["ListRecords", "GetRecord", "arXivRaw", "doi:a|b", "citationCount", "*", "-1", "²", "9" * 30]),
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "authorization": st.sampled_from(["token x", "Bearer", ""]),
        "if-modified-since": st.text(max_size=10),
        "content-type": st.sampled_from(["application/json", "application/x-www-form-urlencoded"]),
    },
)
BODIES = st.one_of(
    st.binary(max_size=30),
    st.sampled_from(
        [b"[]", b"null", b'{"ids": [1]}', b'{"ids": 3}', b'{"query": 1}', b'{"kind": "http_500", "times": []}']
    ),
    st.text("{}()[]$:!query ab", max_size=20).map(lambda text: f'{{"query": "{text}", "variables": []}}'.encode()),
    st.just(b'{"query": "{ nodes(ids: [{a: 1}, 2]) { id } repository(owner: 1) { id } }"}'),
)


@settings(max_examples=300)
@given(
    st.sampled_from(["GET", "POST", "PUT"]),
    st.sampled_from(PATHS),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4),
    HEADERS,
    BODIES,
)
def test_no_request_makes_a_played_upstream_stumble(
    method: str, path: str, parameters: dict[str, Any], headers: dict[str, str], body: bytes
) -> None:
    target = f"{path}?{urlencode(parameters, errors='replace')}"
    upstream, reply = STAGE.respond(method, target, headers, body, root="http://127.0.0.1:1", connection=1)
    if upstream is not None:
        STAGE.finish(upstream)
    assert 200 <= reply.status < 600
    STAGE.script.clear()


def test_a_clock_ahead_of_the_machines_cannot_be_followed() -> None:
    at = datetime(2024, 6, 3, 3, tzinfo=UTC)
    assert days_behind(at, at + timedelta(days=2, hours=23)) == 2
    assert days_behind(at, at - timedelta(days=2)) == 0
