"""What a line of recorded history must hold to be of use, and its fields; see `recorded.py` for where which lines stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from harvester.counting import counted
from harvester.ids import ArxivId, read_arxiv_id

Row = Mapping[str, Any]  # a line, as it was written

_NAMED = 5  # lines kept aside that are named


def odd_sighting(row: Any) -> str | None:
    """Says why a line of a stream is of no use; None where it is."""
    if not isinstance(row, dict):
        return "no JSON object"
    return _odd_number(row) or (None if day_seen(row) else "no day: harvested_at, announced or day")


def odd_entry(row: Any) -> str | None:
    """Says why a line of labels is of no use; None where it is. What is no paper needs nothing."""
    if not isinstance(row, dict):
        return "no JSON object"
    if row.get("kind", "paper") != "paper":
        return None
    if read_day(row.get("date_first_added")) is None:
        return "no day: date_first_added"
    if row.get("arxiv_id"):
        return _odd_number(row)
    return None if row.get("title_first") or row.get("title") else "neither arxiv_id nor title"


def odd_text(row: Any) -> str | None:
    """Says why a line of metadata is of no use; None where it is."""
    if not isinstance(row, dict):
        return "no JSON object"
    if why := _odd_number(row):
        return why
    for name in ("title", "abstract"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            return f"no text: {name}"
    for name in ("authors", "categories"):
        if not _is_texts(row.get(name)):
            return f"{name} must be a list of texts or null"
    if not isinstance(row.get("field_source") or {}, dict):
        return "field_source must be an object or null"
    version = row.get("version_seen")
    return None if not version or read_version(version) else f"version_seen is {version!r}, not such as v1"


def _odd_number(row: Row) -> str | None:
    given = row.get("arxiv_id")
    if not given:
        return "no arxiv_id"
    return None if number_of(row) else f"arxiv_id is {given!r}, which is none of arXiv's"


def _is_texts(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def aside_words(aside: Sequence[str]) -> Iterator[str]:
    """Yields how many lines were kept aside, and the first of them; nothing where there are none."""
    if aside:
        yield f"{counted(len(aside), 'line')} of the recorded data kept aside:"
        yield from (f"  {one}" for one in aside[:_NAMED])
    if len(aside) > _NAMED:
        yield f"  and {len(aside) - _NAMED:,} more"


def number_of(row: Row) -> ArxivId | None:
    """Reads the arXiv id of a line; None where there is none."""
    read = read_arxiv_id(str(row.get("arxiv_id") or ""))
    return read[0] if read else None


def day_seen(row: Row) -> date | None:
    """Reads the day on which a stream showed a paper; None where there is none."""
    return read_day(row.get("harvested_at") or row.get("announced") or row.get("day"))


def read_version(written: object) -> int | None:
    """Reads `v2`, `2`; None where there is none."""
    digits = str(written or "").removeprefix("v")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def read_day(written: object) -> date | None:
    """Reads the day of a date or a time; None where there is none."""
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        return None
