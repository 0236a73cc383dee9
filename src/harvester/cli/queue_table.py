"""Which columns of a queue a terminal has room for: the title comes first, for titles are what people read."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from shutil import get_terminal_size

from harvester.cli.shown import Row, show

_TITLE = 40  # columns that a title keeps, where more than its number, score and age are shown
_NARROW = 30  # that it keeps beside its age
_BETWEEN = 3  # columns


def show_queue(cells: Sequence[Row], columns: Sequence[str]) -> None:
    """Prints what waits: all columns into a pipe, on a terminal those that it has room for; none that is empty."""
    if not sys.stdout.isatty():
        show(cells, [column for column in columns if column == "title" or _widest(cells, column)], as_json=False)
        return
    rows, fitting, most = fitted(cells, columns, get_terminal_size().columns)
    show(rows, fitting, as_json=False, most=most)


def fitted(cells: Sequence[Row], columns: Sequence[str], width: int) -> tuple[list[Row], list[str], dict[str, int]]:
    """Returns the rows, the columns that a terminal has room for, and how wide these may be.

    Where there is no room for the name of the list or for a remark, they stand behind the title.
    """
    most = {"section": max(width // 6, 20), "why": max(width // 5, 24), "remark": max(width // 6, 20)}
    room = width - sum(_widest(cells, column) + _BETWEEN for column in ("id", "score"))
    taken = {"id", "score", "title"}
    for column in ("age", "list", "section", "why", "remark"):
        needs = min(_widest(cells, column), most.get(column, width)) + _BETWEEN
        if column in columns and needs > _BETWEEN and room - needs >= (_NARROW if column == "age" else _TITLE):
            taken.add(column)
            room -= needs
    behind = [column for column in ("list", "remark") if column in columns and column not in taken]
    rows: list[Row] = [{**row, "title": _with(row, behind)} for row in cells]
    return rows, [column for column in columns if column in taken], most


def _with(row: Row, behind: Sequence[str]) -> str:
    notes = "; ".join(str(row[column]) for column in behind if row[column])
    return f"{row['title'] or ''} ({notes})" if notes else str(row["title"] or "")


def _widest(cells: Sequence[Row], column: str) -> int:
    """Returns the width of a column with its heading; 0 where nothing stands in it."""
    found = max((len(str(row[column] or "")) for row in cells), default=0)
    return max(found, len(column)) if found else 0
