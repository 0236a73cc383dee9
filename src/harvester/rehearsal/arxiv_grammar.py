"""The query language of arXiv's API: text to a tree.

As the published grammar of the backend has it (right-associative, without precedence: `a AND b OR c` is
`a AND (b OR c)`); a missing operator means OR, a bare word means `all:`, and `lastUpdatedDate:[...]` is rewritten to
`submittedDate:[...]`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

FIELDS = ("ti", "au", "abs", "co", "jr", "cat", "rn", "id", "all", "doi")
OPERATORS = ("AND", "OR", "ANDNOT")
TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>\()
    | (?P<close>\))
    | (?P<dates>(?:submittedDate|lastUpdatedDate):\[(?P<since>\d{4,12})\ TO\ (?P<until>\d{4,12})\])
    | (?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s()"\[\]]+))
    )""",
    re.VERBOSE,
)


class QueryError(ValueError):
    """A query that the grammar does not know; arXiv answers 400."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word or quoted phrase in one field."""

    field: str
    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Dates:
    """Submission of version 1 between two minutes, both included."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Both:
    """One operator between two queries."""

    operator: str
    left: Query
    right: Query


Query: TypeAlias = Term | Dates | Both


def parse(text: str) -> Query:
    """The tree of a query; raises QueryError."""
    tokens = _tokens(text)
    tree, rest = _expression(tokens)
    if rest:
        raise QueryError(f"unexpected {rest[0]!r}")
    return tree


def _tokens(text: str) -> list[str | Query]:
    """Brackets and operators as strings, everything else as leaves."""
    found: list[str | Query] = []
    place, text = 0, text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise QueryError(f"cannot read {text[place : place + 30]!r}")
        found.append(_token(match))
        place = match.end()
    return found


def _token(match: re.Match[str]) -> str | Query:
    if match["open"] or match["close"]:
        return "(" if match["open"] else ")"
    if match["dates"]:
        return Dates(_minute(match["since"]), _minute(match["until"]))
    field, word = match["field"], match["word"]
    if field is None and word in OPERATORS:
        return str(word)
    if field is not None and field not in FIELDS:
        raise QueryError(f"unknown field {field!r}")
    text = match["phrase"] if word is None else word
    if not text.strip():
        raise QueryError("an empty term")
    if text.startswith(("*", "?")):
        raise QueryError(f"leading wildcard in {text!r}")
    return Term(field or "all", text, quoted=word is None)


def _expression(tokens: list[str | Query]) -> tuple[Query, list[str | Query]]:
    left, rest = _primary(tokens)
    if not rest or rest[0] == ")":
        return left, rest
    operator = "OR"
    if isinstance(rest[0], str) and rest[0] in OPERATORS:
        operator, rest = rest[0], rest[1:]
    right, rest = _expression(rest)
    return Both(operator, left, right), rest


def _primary(tokens: list[str | Query]) -> tuple[Query, list[str | Query]]:
    if not tokens:
        raise QueryError("the query ends too early")
    first, rest = tokens[0], tokens[1:]
    if first == "(":
        inner, rest = _expression(rest)
        if not rest or rest[0] != ")":
            raise QueryError("a bracket is not closed")
        return inner, rest[1:]
    if isinstance(first, str):
        raise QueryError(f"unexpected {first!r}")
    return first, rest


def _minute(digits: str) -> datetime:
    """A date of 4 to 12 digits, missing parts filled up with the earliest."""
    if len(digits) % 2:
        raise QueryError(f"{digits!r} is not a date")
    whole = digits + "000001010000"[len(digits) :]
    try:
        return datetime.strptime(whole, "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError as error:
        raise QueryError(f"{digits!r} is not a date") from error
