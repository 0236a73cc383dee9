"""Plugs that write a page and read one back: pure text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harvester.definitions import Style
from harvester.formats import bullets, table
from harvester.pages import Line, Page, Parsed

RENDER: Mapping[Style, Callable[[Page], str]] = {"bullets": bullets.render, "table": table.render}
WEIGH: Mapping[Style, Callable[[Page, Line], int]] = {"bullets": bullets.weigh, "table": table.weigh}
PARSE: Mapping[Style, Callable[[str], Parsed]] = {"bullets": bullets.parse, "table": table.parse}


def guess_style(text: str) -> Style:
    """Guesses the style of a hand-kept page: table style where it has a table of papers."""
    return "table" if table.has_table(text) else "bullets"
