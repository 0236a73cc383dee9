"""A queue on terminals of any width: titles keep their room, and nothing that must be known is lost."""

from __future__ import annotations

import pytest

from harvester.cli.queue_table import fitted
from harvester.cli.shown import Row

COLUMNS = ("list", "id", "score", "title", "section", "why", "age", "remark")
TITLE = "Infinite-LLM: Efficient LLM Service for Long Context with DistAttention and Distributed KVCache"


def row(slug: str = "efficient-llm-plaza", remark: str = "") -> Row:
    facts = {"id": "2401.02669", "score": "31%", "title": TITLE, "section": "Efficient Architecture of LLM 46%"}
    return {**facts, "why": "efficiency, architecture; but survey", "age": "2 d", "remark": remark, "list": slug}


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (40, ["id", "score", "title"]),
        (60, ["id", "score", "title", "age"]),
        (80, ["id", "score", "title", "age"]),
        (100, ["id", "score", "title", "section", "age"]),
        (120, ["id", "score", "title", "section", "why", "age"]),
        (150, ["id", "score", "title", "section", "why", "age"]),
    ],
)
def test_columns_go_where_they_would_leave_titles_too_narrow(width: int, shown: list[str]) -> None:
    assert fitted([row()], COLUMNS[1:], width)[1] == shown


@pytest.mark.parametrize("width", range(60, 200, 7))
def test_a_title_keeps_thirty_columns_whatever_stands_beside_it(width: int) -> None:
    _, columns, most = fitted([row(remark="again: another abstract in version 2")], COLUMNS, width)
    widths = {"list": 19, "id": 10, "score": 5, "age": 3, **most}
    assert width - sum(widths[column] + 3 for column in columns if column != "title") >= 30


def test_an_empty_column_is_left_out() -> None:
    assert "remark" not in fitted([row()], COLUMNS, 300)[1]
    assert "remark" in fitted([row(), row(remark="withdrawn")], COLUMNS, 300)[1]


def test_a_list_and_a_remark_without_room_stand_behind_the_title() -> None:
    rows, columns, _ = fitted([row(remark="withdrawn, and so on"), row("efficient-llm")], COLUMNS, 80)
    assert columns == ["id", "score", "title", "age"]
    assert [one["title"] for one in rows] == [
        f"{TITLE} (efficient-llm-plaza; withdrawn, and so on)",
        f"{TITLE} (efficient-llm)",
    ]
