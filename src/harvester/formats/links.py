"""Questions about links in Markdown that others than the formats ask."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvester.formats._headings import shown
from harvester.formats._markdown import visible
from harvester.formats._targets import tidy_url
from harvester.ids import split_url
from harvester.records import Link

__all__ = ["is_only_link", "links_in", "tidy_url"]

_BARE = re.compile(r"https?://[^\s<>\[\]()\"'`]+")
_NAME = 4  # words that a link's name has at most; more of them are a sentence


def is_only_link(markdown: str) -> bool:
    """Tells whether a text is one link and nothing else."""
    pieces = visible(markdown)
    return len(pieces) == 1 and pieces[0].kind == "link"


def links_in(markdown: str) -> Iterator[Link]:
    """Yields the links to other sites in a text, bare addresses too, by short names: else that of the site."""
    for piece in visible(markdown):
        if piece.kind == "link" and "://" in piece.url:
            name = "" if "![" in piece.text or "://" in piece.text else shown(piece.text).strip()
            yield Link(name if 0 < len(name.split()) <= _NAME else _site(piece.url), piece.url)
        elif piece.kind in ("text", "strong", "em"):
            for found in _BARE.findall(piece.text):
                address = found.rstrip(".,;:!?")
                yield Link(_site(address), address)


def _site(address: str) -> str:
    return (split_url(address).hostname or address).removeprefix("www.")
