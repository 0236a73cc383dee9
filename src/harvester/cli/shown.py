"""Rows on standard output: a table for people, aligned text for pipes, JSON for programs."""

from __future__ import annotations

import json
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

import click

Row = Mapping[str, object]
# Columns that people copy from: never wrapped.
_WHOLE = ("at", "id", "same_as", "list", "score", "age", "seen", "decision")
_WORDS = 12  # columns that any other column of a table has at least, if it needs them


def show(
    rows: Sequence[Row], columns: Sequence[str], as_json: bool, most: Mapping[str, int] = MappingProxyType({})
) -> None:
    """Prints rows: all their fields as a JSON array, or the named columns as a table with these headings.

    `most` is how wide a column may be on a terminal, where that is bounded.
    """
    if as_json:
        click.echo(as_told(list(rows)))
    elif rows:
        cells = [[as_cell(row.get(column)) for column in columns] for row in rows]
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


def as_cell(value: object) -> str:
    """Writes a value for people, on one line; nothing for None, times in UTC to the minute."""
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


def _show_table(columns: Sequence[str], cells: Sequence[Sequence[str]], most: Mapping[str, int]) -> None:
    """Shows a table where every column has room for words, else one row below the other."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if _least(columns, cells, most) > console.width:
        for line in stacked(columns, cells, console.width):
            click.echo(line)
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in _WHOLE, max_width=most.get(column))
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def _least(columns: Sequence[str], cells: Sequence[Sequence[str]], most: Mapping[str, int]) -> int:
    """Returns how many terminal columns a table needs at least, with three between its columns."""
    longest = [max(map(width_of, column)) for column in zip(columns, *cells, strict=True)]
    least = (
        long if name in _WHOLE else min(long, most.get(name, _WORDS), _WORDS)
        for name, long in zip(columns, longest, strict=True)
    )
    return sum(least) + 3 * (len(columns) - 1)


def stacked(columns: Sequence[str], cells: Iterable[Sequence[str]], width: int) -> Iterator[str]:
    """Yields the lines of rows one below the other: what people copy in front, then the rest with its headings."""
    for row in cells:
        named = list(zip(columns, row, strict=True))
        head = "  ".join(cell for name, cell in named if cell and name in _WHOLE)
        yield from [head] if head else []
        for name, cell in named:
            if cell and name not in _WHOLE:
                yield from (f"  {line}" for line in wrapped(f"{name}: {cell}", width - 2))


def _show_text(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    lines = [list(columns), *cells]
    widths = [max(map(width_of, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(padded(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip())


def padded(text: str, width: int) -> str:
    """Fills a text up to a width with spaces."""
    return text + " " * (width - width_of(text))


def shortened(text: str, width: int) -> str:
    """Cuts a text that is wider, and ends it with "…"; it may come out one column narrower than asked."""
    if width_of(text) <= width:
        return text
    ends = (at for at in range(len(text), -1, -1) if width_of(text[:at]) < width)
    return text[: next(ends, 0)].rstrip() + "…"


def wrapped(text: str, width: int) -> list[str]:
    """Breaks a text into lines between words; a word that is wider stays whole, for it may be an id or a link."""
    return textwrap.wrap(text, max(width, 1), break_long_words=False, break_on_hyphens=False)


def width_of(text: str) -> int:
    """Returns how many columns of a terminal a text takes: East Asian letters take two, combining marks none."""
    wide = sum(1 for mark in text if unicodedata.east_asian_width(mark) in "WF")
    return len(text) + wide - sum(1 for mark in text if unicodedata.combining(mark))
