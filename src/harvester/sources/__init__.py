"""The plugs at the left end: one pure module for each upstream, and the dictionaries that name them.

Adding a source is one module with `NAME`, `ask` and `read`, and one line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from harvester.ids import Subject
from harvester.records import Conversation, Landing, Reading
from harvester.sources import arxiv_api, arxiv_oai, github, openalex, semantic_scholar
from harvester.windows import Search

Wanted = TypeVar("Wanted", contravariant=True)


class Source(Protocol[Wanted]):
    """A module that knows what to ask an upstream and how to read its answers; no I/O and no clock.

    `ask` is a conversation: it yields requests, receives every result as a landing (also failures, after the wire gave
    up), and returns how it ended. `read` is a function of one landing and never raises because of what the landing holds.
    """

    @property
    def NAME(self) -> str:  # noqa: N802  because the sources are modules, whose constants are upper case
        """The name of the module, of its folder of landings, and of its readings."""
        ...

    def ask(self, _wanted: Wanted, /) -> Conversation:
        """Asks for what is wanted."""
        ...

    def read(self, _landing: Landing, /) -> Reading:
        """Reads everything that one landing says."""
        ...


# Who finds new papers.
HARVEST: Mapping[str, Source[Search]] = {arxiv_api.NAME: arxiv_api}

# Who tells what was changed, with its history.
SWEEP: Mapping[str, Source[arxiv_oai.Sweep]] = {arxiv_oai.NAME: arxiv_oai}

# Who counts citations, the most trusted first: the next one is asked for what the one before does not know.
REFRESH: Mapping[str, Source[Sequence[Subject]]] = {semantic_scholar.NAME: semantic_scholar, openalex.NAME: openalex}

# Who counts stars.
STARS: Mapping[str, Source[Sequence[github.Asked]]] = {github.NAME: github}

# Who reads the landings of a folder, by the name of the source.
READERS: Mapping[str, Callable[[Landing], Reading]] = {
    name: source.read for sources in (HARVEST, SWEEP, REFRESH, STARS) for name, source in sources.items()
}
