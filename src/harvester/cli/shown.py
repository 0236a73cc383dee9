"""Rows on standard output: a table for people, aligned text for pipes, JSON for programs."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

import click

Row = Mapping[str, object]
_WHOLE = ("at", "id", "list", "score", "age", "seen", "decision")  # columns that people copy from: never wrapped


def show(
    rows: Sequence[Row], columns: Sequence[str], as_json: bool, most: Mapping[str, int] = MappingProxyType({})
) -> None:
    """Prints rows: all their fields as a JSON array, or the named columns as a table with these headings.

    `most` is how wide a column may be on a terminal, where that is bounded.
    """
    if as_json:
        click.echo(as_told(list(rows)))
    elif rows:
        cells = [[_cell(row.get(column)) for column in columns] for row in rows]
        _show_table(columns, cells, most) if sys.stdout.isatty() else _show_text(columns, cells)


def as_told(value: object) -> str:
    """Writes a value as JSON; times are ISO 8601 in UTC."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=_as_json)


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return printable(str(value))


def printable(text: str) -> str:
    """Returns the text on one line, without the characters that would steer a terminal."""
    return "".join(mark for mark in " ".join(text.split()) if mark.isprintable())


def _show_table(columns: Sequence[str], cells: Iterable[Sequence[str]], most: Mapping[str, int]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in _WHOLE, max_width=most.get(column))
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def _show_text(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    lines = [list(columns), *cells]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def _width(text: str) -> int:
    wide = sum(1 for mark in text if unicodedata.east_asian_width(mark) in "WF")
    return len(text) + wide - sum(1 for mark in text if unicodedata.combining(mark))
