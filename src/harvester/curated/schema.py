"""From the definitions of `columns.py`: pyarrow schemas, checked tables, and the data dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from harvester.curated.columns import SCHEMA_VERSION, TABLES
from harvester.curated.described import Column, TableDefinition
from harvester.errors import SnapshotError

if TYPE_CHECKING:
    import pyarrow as pa

Row = Mapping[str, Any]


def schema(name: str) -> pa.Schema:
    """Returns the pyarrow schema of a table; every field, also inside structs, carries its `description`."""
    import pyarrow as pa

    table = TABLES[name]
    metadata = {"table": name, "description": table.meaning, "schema_version": str(SCHEMA_VERSION)}
    return pa.schema([_field(column) for column in table.columns], metadata=metadata)


def _field(column: Column) -> pa.Field:
    import pyarrow as pa

    plain = {
        "string": pa.string(),
        "bool": pa.bool_(),
        "int32": pa.int32(),
        "float64": pa.float64(),
        "timestamp": pa.timestamp("us", tz="UTC"),
        "date": pa.date32(),
        "list<string>": pa.list_(pa.field("element", pa.string(), nullable=False)),
    }
    if column.type == "list<struct>":
        struct = pa.struct([_field(field) for field in column.fields])
        kind = pa.list_(pa.field("element", struct, nullable=False))
    else:
        kind = plain[column.type]
    return pa.field(column.name, kind, nullable=column.null is not None, metadata={"description": _described(column)})


def _described(column: Column) -> str:
    return f"{column.meaning} Null: {column.null}." if column.null else column.meaning


def build_table(name: str, rows: Sequence[Row]) -> pa.Table:
    """Builds a table, sorted by its key, in one chunk; SnapshotError names the first row that breaks a rule."""
    import pyarrow as pa

    definition = TABLES[name]
    for row in rows:
        _check(definition, row)
    ordered = sorted(rows, key=lambda row: tuple(row[part] for part in definition.key))
    for before, row in pairwise(ordered):
        if _key(definition, before) == _key(definition, row):
            raise SnapshotError(f"table {name}: two rows with the key {_key(definition, row)}")
    try:
        table = pa.Table.from_pylist(ordered, schema=schema(name))
    except (
        UnicodeEncodeError
    ):  # half a surrogate pair from an upstream's JSON: no text, but no reason to lose the night
        table = pa.Table.from_pylist([_encodable(row) for row in ordered], schema=schema(name))
    return table.combine_chunks()


def _check(definition: TableDefinition, row: Row) -> None:
    names = [column.name for column in definition.columns]
    if row.keys() != set(names):
        raise SnapshotError(f"table {definition.name}: a row has the columns {sorted(row)} instead of {sorted(names)}")
    for path, column, value in _values(definition.columns, row):
        if value is None and column.null is None:
            raise SnapshotError(f"table {definition.name}: {path} of {_key(definition, row)} is null and must not be")
        if column.type == "int32" and value is not None and not 0 <= value < 2**31:
            raise SnapshotError(f"table {definition.name}: {path} of {_key(definition, row)} cannot be {value}")


def _values(columns: Sequence[Column], row: Row, path: str = "") -> Iterator[tuple[str, Column, Any]]:
    for column in columns:
        value = row[column.name]
        yield path + column.name, column, value
        if column.fields and value is not None:
            for part in value:
                yield from _values(column.fields, part, f"{path}{column.name}.")


def _key(definition: TableDefinition, row: Row) -> str:
    return " ".join(str(row[part]) for part in definition.key)


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {key: _encodable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(part) for part in value]
    return value


def dictionary() -> str:
    """Writes the data dictionary as Markdown."""
    return _HEAD.format(version=SCHEMA_VERSION) + "\n".join(_described_table(table) for table in TABLES.values())


_HEAD = """\
# Data dictionary

What follows from the answers of the upstreams and the decisions of the editors. Made by harvester, so edit nothing in
`data/curated`: snapshots share files that are equal, and all of it can be made anew from `data/raw` and `editorial`.
Schema version {version}.

Each folder is one snapshot, complete in itself and never changed. `LATEST` names the newest and is replaced in one step;
`latest` is a link to the same for people who type paths. Who reads several tables resolves it once, before the first:

```python
from pathlib import Path
import pandas as pd

snapshot = Path("data/curated/latest").resolve()
papers = pd.read_parquet(snapshot / "papers.parquet", dtype_backend="pyarrow")
history = pd.read_parquet(snapshot / "observations", dtype_backend="pyarrow")
```

Without `dtype_backend="pyarrow"` pandas turns whole numbers with nulls into floats. A `timestamp` is UTC. Whole
numbers are never negative. A column is null only where its meaning says "Null". Rows are sorted by the key, which is unique.
`manifest.json` beside the tables says as of when the snapshot is, what it was made from, and digest and rows of every file.

"""


def _described_table(table: TableDefinition) -> str:
    head = [
        f"## {table.name}",
        "",
        f"`{table.file}`, key: {', '.join(f'`{part}`' for part in table.key)}. {table.meaning}",
        "",
        "| Column | Type | Meaning |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *_lines(table.columns)]) + "\n"


def _lines(columns: Sequence[Column], path: str = "") -> Iterator[str]:
    for column in columns:
        null = f" Null: {column.null}." if column.null else ""
        yield f"| `{path}{column.name}` | `{column.type}` | {column.meaning}{null} |"
        yield from _lines(column.fields, f"{path}{column.name}.")
