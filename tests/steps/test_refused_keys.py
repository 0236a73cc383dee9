"""What to do about a key that an upstream refused: which variable holds it, and whether waiting mends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvester.settings import load_settings
from harvester.steps.refused_keys import key_named, key_remedy, remedies

KEYS = {"GITHUB_TOKEN": "ghp_rehearsal", "SEMANTIC_SCHOLAR_API_KEY": "a-key-of-s2", "OPENALEX_API_KEY": "a-key-of-oa"}


@pytest.mark.parametrize(
    ("source", "variable"),
    [
        ("github", "GITHUB_TOKEN"),
        ("semantic_scholar", "SEMANTIC_SCHOLAR_API_KEY"),
        ("openalex", "OPENALEX_API_KEY"),
    ],
)
@pytest.mark.parametrize("status", [401, 403])
def test_the_variable_of_a_refused_key_is_named(tmp_path: Path, source: str, variable: str, status: int) -> None:
    upstream = load_settings(KEYS, tmp_path).upstreams[source]
    assert key_remedy(upstream, status).startswith(f"{variable} may ")
    assert "which waiting does not mend" in key_remedy(upstream, status)
    assert key_named(upstream, f"it refused (HTTP {status})") == f"; the key is that of {variable}"
    assert key_named(upstream, "HTTP 503") == ""


def test_where_there_is_no_key_none_is_named(tmp_path: Path) -> None:
    upstreams = load_settings({}, tmp_path).upstreams
    assert key_named(upstreams["github"], "GitHub refused (HTTP 403)") == ""
    assert "HARVESTER_CONTACT" in key_remedy(upstreams["arxiv_api"], 403)


def test_only_refusals_that_degraded_a_run_are_told_each_upstream_once(tmp_path: Path) -> None:
    upstreams = load_settings(KEYS, tmp_path).upstreams
    refused = {"source": "github", "why": "GitHub refused (HTTP 401)", "degraded": True}
    others = [
        {"source": "openalex", "why": "OpenAlex refused (HTTP 429)", "degraded": True},
        {"source": "semantic_scholar", "why": "Semantic Scholar refused (HTTP 403)", "degraded": False},
        {"source": "gone", "why": "refused (HTTP 401)", "degraded": True},
        {},
    ]
    assert remedies([refused, *others, refused], upstreams) == f"GitHub: {key_remedy(upstreams['github'], 401)}"
    assert remedies(others, upstreams) == ""
