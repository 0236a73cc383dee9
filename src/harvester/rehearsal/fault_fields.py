"""The fields of a fault as people write them, and what is said to one that does not exist."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from harvester.rehearsal.faults import KINDS

COMMON: Mapping[str, str] = {
    "kind": "what is done to an answer",
    "upstream": "arxiv, github, openalex or semantic_scholar; * (the default) for all",
    "times": "how many requests in a row (1); null for ever",
    "after": "how many matching requests are answered honestly first (0)",
    "path": "only requests whose path and query contain this",
}
_STATUS = ("status", "body", "headers", "retry_after")
_OWN: Mapping[str, Sequence[str]] = {
    "html_200": ("title",),
    "text_200": ("body",),
    "cut_body": ("keep",),
    "cut_and_close": ("keep",),
    "stall": ("seconds",),
    "redirect": ("status", "location"),
    "echo_authorization": ("status",),
    "wrong_total": ("off", "total"),
    "error_entry_200": ("published",),
    "negative_counts": ("every",),
    "scaled_counts": ("every", "by"),
    "graphql_error": ("keep", "type", "message"),
    **dict.fromkeys(("small_pages", "shuffled_page", "entries_twice", "unstable_order"), ("size",)),
    "overlapping_pages": ("by", "size"),
    "edited": ("find", "put", "repeat", "places"),
    "rotated": ("find",),
    "gzip_bomb": ("inflated",),
    "moved_here": ("status",),
    "null_entries": ("every",),
    "graphql_not_found": ("aliases",),
}


def fields_of(kind: str) -> tuple[str, ...]:
    """Returns the fields that a fault of that kind may have: those of all, and its own."""
    own = _STATUS if kind.startswith("http_") else _OWN.get(kind, ())
    return (*COMMON, *own)


def checked(told: object, where: str = "") -> dict[str, Any]:
    """Returns a fault that has no field of another kind; raises ValueError that names what is allowed.

    `where` says where it stands, "line 3". What the fields hold is `faults.read`'s to judge.
    """
    front = f"{where}: " if where else ""
    if not isinstance(told, dict):
        raise ValueError(f"{front}a fault is a JSON object such as {EXAMPLE}, not {json.dumps(told)[:60]}")
    kind = told.get("kind")
    if kind not in KINDS:
        near = difflib.get_close_matches(str(kind), KINDS, n=1)
        guess = f"; did you mean {near[0]!r}?" if near else ""
        said = f"no fault of the kind {kind!r}" if "kind" in told else "a fault needs a kind"
        raise ValueError(f"{front}{said}{guess}; there are: {', '.join(sorted(KINDS))}")
    allowed = fields_of(str(kind))
    unknown = [name for name in told if name not in allowed]
    if unknown:
        raise ValueError(
            f"{front}a fault of the kind {kind!r} has no {unknown[0]!r}; it may have: {', '.join(allowed)}"
        )
    return dict(told)


EXAMPLE = '{"upstream": "arxiv", "kind": "http_503", "times": 2, "after": 1, "retry_after": 5}'


def read_script(text: str) -> list[dict[str, Any]]:
    """Reads faults from a text, a JSON list or an object a line; raises ValueError with the line and what is allowed."""
    if text.lstrip().startswith("["):
        try:
            listed = json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError(f"line {error.lineno}: not valid JSON: {error.msg}; {_FORM}") from error
        return [checked(told, f"fault {number}") for number, told in enumerate(listed, 1)]
    lines = ((number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip())
    return [checked(_object(line, number), f"line {number}") for number, line in lines]


def _object(line: str, number: int) -> object:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {number}: not valid JSON: {error.msg} at column {error.colno}; {_FORM}") from error


_FORM = f"write one object a line, such as {EXAMPLE}, or all of them as one JSON list"
