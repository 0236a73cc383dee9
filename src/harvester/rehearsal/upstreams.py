"""The upstreams that the rehearsal plays: where they live, and the setting that leads a harvester to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harvester.rehearsal import arxiv_oai, arxiv_query, github_rest, openalex, semantic_scholar
from harvester.rehearsal.budgets import Meter
from harvester.rehearsal.exchange import Call, Reply
from harvester.rehearsal.world import World

Player = Callable[[Call, World, Meter], Reply]


@dataclass(frozen=True, slots=True)
class Upstream:
    """One played upstream."""

    prefix: str  # of its paths on the rehearsal's port
    variable: str  # the setting that holds its base address
    answer: Player


UPSTREAMS: Mapping[str, Upstream] = {
    "arxiv": Upstream("/arxiv", "HARVESTER_ARXIV_URL", arxiv_query.answer),
    "arxiv_oai": Upstream("/arxiv-oai", "HARVESTER_ARXIV_OAI_URL", arxiv_oai.answer),
    "github": Upstream("/github", "HARVESTER_GITHUB_URL", github_rest.answer),
    "semantic_scholar": Upstream("/semantic-scholar", "HARVESTER_SEMANTIC_SCHOLAR_URL", semantic_scholar.answer),
    "openalex": Upstream("/openalex", "HARVESTER_OPENALEX_URL", openalex.answer),
}


def upstream_of(path: str) -> str | None:
    """The name of the upstream that a path belongs to."""
    first = "/" + path.lstrip("/").partition("/")[0]
    return next((name for name, upstream in UPSTREAMS.items() if upstream.prefix == first), None)


def settings(root: str) -> dict[str, str]:
    """The environment that leads a harvester to the rehearsal at `root` (http://127.0.0.1:PORT)."""
    return {upstream.variable: root + upstream.prefix for upstream in UPSTREAMS.values()}
