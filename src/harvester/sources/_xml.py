"""XML as arXiv sends it, read strictly: neither half a document nor another one, and nothing fetched or expanded."""

from __future__ import annotations

from typing import Any

from harvester.records import Landing
from harvester.sources._answers import malformed, what_came


def read_xml(landing: Landing, tag: str, name: str) -> Any:
    """Returns the root element, an lxml element of that tag; raises `Malformed` where the body is no whole `name`.

    The `arxiv` package recovers from a feed that is cut off in the middle, and takes the half for the whole. A document with
    a DOCTYPE is refused: neither interface sends one, and entities that expand without end need it.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(landing.body, parser=parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        raise malformed(landing, what_came(landing)) from None
    if root.getroottree().docinfo.doctype or root.tag != tag:
        raise malformed(landing, f"the answer is XML, but not {name}")
    return root
