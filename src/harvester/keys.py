"""TOML texts, taken key by key with their types; what is wrong is told with file, line, key and remedy."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import Counter
from datetime import date, datetime
from typing import Any, TypeVar

C = TypeVar("C", bound=str)
_HEADER = re.compile(r"[ \t]*\[(\[?)([^\[\]]+)\]")
_KEY = re.compile(r"""[ \t]*["']?([A-Za-z0-9_-]+)["']?[ \t]*=""")
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_PATH = re.compile(r"""\((?:(?:'[^']*'|"[^"]*"),? ?)+\)""")  # a key as Python's parser tells it: ('topics', 'moe')
_PART = re.compile(r"""['"]([^'"]*)['"]""")
# What a quote or a bracket that nobody closed makes of the lines behind it.
_UNCLOSED = ("Illegal character", "Unterminated", "Unclosed", "Expected", "Invalid value")
_MERGE = "left over from a merge: keep what holds of both sides, and delete the marks"


def merge_marks(file: str, text: str) -> list[str]:
    """Names the lines that a merge left in a text; "=======" alone may be a heading's underline."""
    lines = enumerate(text.split("\n"), 1)
    return [f"{file}:{number}: {_MERGE}" for number, line in lines if line.startswith(("<<<<<<< ", ">>>>>>> "))]


def _is_mark(text: str, line: int) -> bool:
    return text.split("\n")[line - 1].startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||"))


class Source:
    """One TOML file: its keys, the line of each, and what is wrong with the file so far."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.mistakes: list[str] = []
        self._lines = _lines(text)
        self.root = Keys(self, self._read(text))

    def _read(self, text: str) -> dict[str, Any]:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = _AT.search(str(error))
            line = int(found[1]) if found and found[1] else max(text.count("\n"), 1)
            said = _PATH.sub(lambda path: f"[{'.'.join(_PART.findall(path[0]))}]", _AT.sub("", str(error)))
            hint = "; is a quote or a bracket in or above it not closed?" if said.startswith(_UNCLOSED) else ""
            hint = f"; {_MERGE}" if _is_mark(text, line) else hint
            self.mistakes.append(f"{self.file}:{line}: not valid TOML: {said}{hint}")
            return {}

    def wrong(self, key: str, said: str) -> None:
        """Tells what is wrong with a key, "sections[2].page", or with its table where the key is not there."""
        line = self._lines.get(key) or self._lines.get(key.rpartition(".")[0])
        told = f"{self.file}:{line}: {said}" if line else f"{self.file}: {said}"
        if told not in self.mistakes:
            self.mistakes.append(told)


def _lines(text: str) -> dict[str, int]:
    """The line, from 1, of every key that begins a line, and of every table, by the names that mistakes give them."""
    found: dict[str, int] = {}
    tables: Counter[str] = Counter()
    table, inside = "", ""
    for number, line in enumerate(text.split("\n"), 1):
        if not inside and (header := _HEADER.match(line)):
            name = header[2].strip().replace('"', "").replace("'", "")
            tables[name] += 1
            table = f"{name}[{tables[name]}]" if header[1] else name
            found.setdefault(table, number)
        elif not inside and (key := _KEY.match(line)):
            found.setdefault(f"{table}.{key[1]}" if table else key[1], number)
        for mark in re.findall(r'"""|\'\'\'', line):  # texts of several lines hold no keys
            inside = mark if not inside else "" if mark == inside else inside
    return found


class Keys:
    """Takes the keys of one table, with their types; what nobody took is a mistake."""

    def __init__(self, source: Source, table: dict[str, Any], prefix: str = "") -> None:
        self.source, self.left, self.prefix = source, dict(table), prefix
        self.known: list[str] = []

    def wrong(self, key: str, said: str) -> None:
        """Tells what is wrong with a key, or with the table itself where `key` is empty; `said` names it."""
        self.source.wrong(f"{self.prefix}{key}".rstrip("."), said)

    def _take(self, key: str, kind: type, empty: Any, form: str) -> Any:
        self.known.append(key)
        value = self.left.pop(key, empty)
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        if value is not empty:
            self.wrong(key, f"{self.prefix}{key} must be {form}, not {_written(value)}")
        return empty

    def word(self, key: str) -> str | None:
        """A text, or None."""
        value: str | None = self._take(key, str, None, "a text")
        return value

    def number(self, key: str, default: int, least: int) -> int:
        """A whole number, not below `least`."""
        value: int = self._take(key, int, default, "a whole number")
        if value < least:
            self.wrong(key, f"{self.prefix}{key} must be at least {least}, not {value}")
        return value

    def share(self, key: str, default: float) -> float:
        """A number from 0 to 1."""
        self.known.append(key)
        value = self.left.pop(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
        self.wrong(key, f"{self.prefix}{key} must be a number from 0 to 1, not {_written(value)}")
        return default

    def days_or_day(self, key: str, default: int | date) -> int | date:
        """A number of days, at least one, or a day as TOML writes it."""
        self.known.append(key)
        value = self.left.pop(key, default)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        wish = "a number of days, at least 1, or a day such as 2026-01-31 without quotes"
        self.wrong(key, f"{self.prefix}{key} must be {wish}, not {_written(value)}")
        return default

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts, none empty."""
        values = self._take(key, list, [], "a list of texts")
        if any(not isinstance(value, str) or not value.strip() for value in values):
            self.wrong(key, f"{self.prefix}{key} must hold texts only, none empty")
            return ()
        return tuple(value.strip() for value in values)

    def groups(self, key: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts, none empty."""
        form = 'lists of texts, such as [["LLM", "language model"]]'
        values = self._take(key, list, [], form)
        good = all(
            isinstance(group, list) and group and all(isinstance(text, str) and text.strip() for text in group)
            for group in values
        )
        if not good:
            self.wrong(key, f"{self.prefix}{key} must hold {form}")
            return ()
        return tuple(tuple(text.strip() for text in group) for group in values)

    def flag(self, key: str) -> bool:
        """True or false; false where it is not given."""
        value: bool = self._take(key, bool, False, "true or false")
        return value

    def choice(self, key: str, known: tuple[C, ...]) -> C:
        """One of the known words; the first where none is given."""
        return self._known(key, self.word(key) or known[0], known) or known[0]

    def choices(self, key: str, known: tuple[C, ...], default: tuple[C, ...]) -> tuple[C, ...]:
        """Some of the known words, each once, in the order given."""
        found = (self._known(key, value, known) for value in self.words(key))
        return tuple(dict.fromkeys(value for value in found if value)) or default

    def _known(self, key: str, value: str, known: tuple[C, ...]) -> C | None:
        for word in known:
            if word == value:
                return word
        near = difflib.get_close_matches(value, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        self.wrong(key, f"{self.prefix}{key} {value!r} is unknown: write {_one_of(known)}{hint}")
        return None

    def table(self, key: str) -> dict[str, Any]:
        """A table; empty where there is none."""
        value: dict[str, Any] = self._take(key, dict, {}, "a table")
        return value

    def tables(self, key: str) -> list[dict[str, Any]]:
        """An array of tables."""
        form = f"tables, each under [[{key}]]"
        values = self._take(key, list, [], form)
        if any(not isinstance(value, dict) for value in values):
            self.wrong(key, f"{self.prefix}{key} must be {form}")
        return [value for value in values if isinstance(value, dict)]

    def done(self) -> None:
        """Tells of every key that nobody took."""
        for key in self.left:
            near = difflib.get_close_matches(key, self.known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(self.known)}"
            self.wrong(key, f"{self.prefix}{key} is unknown{hint}")


def _written(value: Any) -> str:
    """Writes a value as TOML does, near enough to find it in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, dict):
        return "a table"
    return repr(value) if isinstance(value, str) else str(value)


def _one_of(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
