"""Plugs that write a page and read one back: pure text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from harvester.definitions import Style
from harvester.formats import bullets, generic, table
from harvester.formats._understood import is_understood
from harvester.pages import Line, Page, Parsed

RENDER: Mapping[Style, Callable[[Page], str]] = {"bullets": bullets.render, "table": table.render}
WEIGH: Mapping[Style, Callable[[Page, Line], int]] = {"bullets": bullets.weigh, "table": table.weigh}
Form = Style | Literal["generic"]  # what a page that is read may look like
FORMS: tuple[Form, ...] = ("table", "bullets", "generic")
PARSE: Mapping[Form, Callable[[str], Parsed]] = {
    "bullets": bullets.parse,
    "table": table.parse,
    "generic": generic.parse,
}


def read(text: str) -> tuple[Form, Parsed]:
    """Reads a page, and guesses what it looks like: table style, bullet style, or any other list of papers."""
    parsed = bullets.parse(text)
    if not is_understood(parsed, text):
        return "generic", generic.parse(text)
    return ("table" if table.has_table(text) else "bullets"), parsed
