"""As much of the GraphQL language as clients of GitHub write: text to a tree.

Specification: https://spec.graphql.org/October2021/ (sections 2.1 to 2.10; block strings are left out).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

TOKEN = re.compile(
    r"""[\s,\ufeff]*(?:\#[^\n]*[\s,]*)*(?:
      (?P<spread>\.\.\.)
    | (?P<sign>[!$()\[\]{}:=@|&])
    | (?P<name>[_A-Za-z][_0-9A-Za-z]*)
    | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<string>"(?:[^"\\\n]|\\.)*")
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)


class SyntaxProblem(ValueError):
    """A text that is not GraphQL."""


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name` where a value may stand."""

    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a selection; `alias` is the key of the answer."""

    alias: str
    name: str
    arguments: Mapping[str, Any]
    selection: Selection
    place: tuple[int, int]  # line and column, from 1


@dataclass(frozen=True, slots=True)
class Spread:
    """`...Name`"""

    fragment: str


@dataclass(frozen=True, slots=True)
class Inline:
    """`... on Type { }`"""

    selection: Selection


Selection: TypeAlias = tuple[Field | Spread | Inline, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One operation with its variables' defaults, and the fragments beside it."""

    kind: str
    defaults: Mapping[str, Any]
    required: frozenset[str]  # variables declared with "!" and without a default
    selection: Selection
    fragments: Mapping[str, Selection]


def parse(text: str) -> Document:
    """The tree of a document with one operation; raises SyntaxProblem."""
    return _Reader(text).document()


class _Reader:
    """Reads one text from left to right; holds the next token."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.kind, self.value, self.start = "", "", 0
        self.step()

    def step(self) -> str:
        """Take the token and read the next one."""
        taken = self.value
        match = TOKEN.match(self.text, self.at)
        if match is None:
            raise SyntaxProblem(f"Parse error on {self.text[self.at : self.at + 20]!r}")
        self.kind = str(match.lastgroup)
        self.value, self.start, self.at = match[self.kind], match.start(self.kind), match.end()
        return taken

    def sees(self, value: str) -> bool:
        return self.kind in ("sign", "spread", "name") and self.value == value

    def take(self, value: str) -> None:
        if not self.sees(value):
            raise SyntaxProblem(f"Parse error on {self.value!r}: expected {value!r}")
        self.step()

    def name(self) -> str:
        if self.kind != "name":
            raise SyntaxProblem(f"Parse error on {self.value!r}: expected a name")
        return self.step()

    def document(self) -> Document:
        kind, required, selection = "", frozenset[str](), None
        defaults: dict[str, Any] = {}
        fragments: dict[str, Selection] = {}
        while self.kind != "end":
            if self.sees("fragment"):
                self.step()
                name = self.name()
                self.take("on")
                self.name()
                fragments[name] = self.selection()
            elif selection is not None:
                raise SyntaxProblem("An operation name is required: there are several operations")
            else:
                kind = self.name() if self.kind == "name" else "query"
                if self.kind == "name":
                    self.step()
                defaults, required = self.variables()
                selection = self.selection()
        if selection is None:
            raise SyntaxProblem("A query attribute must be specified and must be a string.")
        return Document(kind, defaults, required, selection, fragments)

    def variables(self) -> tuple[dict[str, Any], frozenset[str]]:
        defaults: dict[str, Any] = {}
        required = set()
        if not self.sees("("):
            return defaults, frozenset()
        self.step()
        while not self.sees(")"):
            self.take("$")
            name = self.name()
            self.take(":")
            if self.type():
                required.add(name)
            if self.sees("="):
                self.step()
                defaults[name] = self.a_value()
        self.step()
        return defaults, frozenset(required - set(defaults))

    def type(self) -> bool:
        """Skip a type; whether it ends in "!"."""
        if self.sees("["):
            self.step()
            self.type()
            self.take("]")
        else:
            self.name()
        if self.sees("!"):
            self.step()
            return True
        return False

    def selection(self) -> Selection:
        found: list[Field | Spread | Inline] = []
        self.take("{")
        while not self.sees("}"):
            found.append(self.spread() if self.sees("...") else self.field())
        self.step()
        return tuple(found)

    def spread(self) -> Spread | Inline:
        self.take("...")
        if self.sees("on"):
            self.step()
            self.name()
            return Inline(self.selection())
        return Inline(self.selection()) if self.sees("{") else Spread(self.name())

    def field(self) -> Field:
        line = self.text.count("\n", 0, self.start) + 1
        place = (line, self.start - self.text.rfind("\n", 0, self.start))
        alias = name = self.name()
        if self.sees(":"):
            self.step()
            name = self.name()
        arguments = self.arguments()
        return Field(alias, name, arguments, self.selection() if self.sees("{") else (), place)

    def arguments(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if not self.sees("("):
            return found
        self.step()
        while not self.sees(")"):
            name = self.name()
            self.take(":")
            found[name] = self.a_value()
        self.step()
        return found

    def a_value(self) -> Any:
        if self.sees("$"):
            self.step()
            return Variable(self.name())
        if self.sees("["):
            self.step()
            values = []
            while not self.sees("]"):
                values.append(self.a_value())
            self.step()
            return values
        if self.kind in ("number", "string"):
            try:
                return json.loads(self.step())
            except ValueError as error:
                raise SyntaxProblem(f"Parse error: {error}") from error
        word = self.name()
        return {"true": True, "false": False, "null": None}.get(word, word)
