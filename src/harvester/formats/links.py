"""Questions about links in Markdown that others than the formats ask."""

from __future__ import annotations

from harvester.formats._markdown import visible
from harvester.formats._targets import tidy_url

__all__ = ["is_only_link", "tidy_url"]


def is_only_link(markdown: str) -> bool:
    """Tells whether a text is one link and nothing else."""
    pieces = visible(markdown)
    return len(pieces) == 1 and pieces[0].kind == "link"
