"""The keys of a TOML table, taken one by one with their types; what is wrong is told with file, key and remedy."""

from __future__ import annotations

import difflib
from datetime import date, datetime
from typing import Any, TypeVar

C = TypeVar("C", bound=str)


class Keys:
    """Takes the keys of one table, with their types; what nobody took is a mistake."""

    def __init__(self, file: str, table: dict[str, Any], mistakes: list[str], prefix: str = "") -> None:
        self.file, self.left, self.mistakes, self.prefix = file, dict(table), mistakes, prefix
        self.known: list[str] = []

    def _take(self, key: str, kind: type, empty: Any, form: str) -> Any:
        self.known.append(key)
        value = self.left.pop(key, empty)
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        if value is not empty:
            self.mistakes.append(f"{self.file}: {self.prefix}{key} must be {form}, not {value!r}")
        return empty

    def word(self, key: str) -> str | None:
        """A text, or None."""
        value: str | None = self._take(key, str, None, "a text")
        return value

    def number(self, key: str, default: int, least: int) -> int:
        """A whole number, not below `least`."""
        value: int = self._take(key, int, default, "a whole number")
        if value < least:
            self.mistakes.append(f"{self.file}: {self.prefix}{key} must be at least {least}, not {value}")
        return value

    def days_or_day(self, key: str, default: int | date) -> int | date:
        """A number of days, at least one, or a day as TOML writes it."""
        self.known.append(key)
        value = self.left.pop(key, default)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        wish = "a number of days, at least 1, or a day such as 2026-01-31 without quotes"
        self.mistakes.append(f"{self.file}: {self.prefix}{key} must be {wish}, not {value!r}")
        return default

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts, none empty."""
        values = self._take(key, list, [], "a list of texts")
        if any(not isinstance(value, str) or not value.strip() for value in values):
            self.mistakes.append(f"{self.file}: {self.prefix}{key} must hold texts only, none empty")
            return ()
        return tuple(value.strip() for value in values)

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
        self.mistakes.append(f"{self.file}: {self.prefix}{key} {value!r} is unknown: write {_one_of(known)}{hint}")
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
            self.mistakes.append(f"{self.file}: {self.prefix}{key} must be {form}")
        return [value for value in values if isinstance(value, dict)]

    def done(self) -> None:
        """Tells of every key that nobody took."""
        for key in self.left:
            near = difflib.get_close_matches(key, self.known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(self.known)}"
            self.mistakes.append(f"{self.file}: {self.prefix}{key} is unknown{hint}")


def _one_of(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
