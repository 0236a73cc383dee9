"""How a table is described: its columns, what each means, and what a null means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

UNKNOWN = "no metadata known"

ColumnType = Literal["string", "bool", "int32", "float64", "timestamp", "date", "list<string>", "list<struct>"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column, or one field of a struct. `null` says what a null means; without it the column is never null."""

    name: str
    type: ColumnType
    meaning: str
    null: str | None = None
    fields: tuple[Column, ...] = ()  # of "list<struct>"


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """One table; rows are sorted by `key`, which is unique. `file` is its place in a snapshot."""

    name: str
    file: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
