"""The fields of a decision line: taken one by one with their types, so that what nobody took is a mistake."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from types import UnionType
from typing import Any, TypeVar

from harvester.records import Link, Note, Wording

_NONE_YET = datetime(1970, 1, 1, tzinfo=UTC)  # stands in until the mistake beside it is raised
_SURROGATE = re.compile("[\ud800-\udfff]")
MOST = 2**31 - 1
_Choice = TypeVar("_Choice", bound=str)


class Fields:
    """Takes the fields of one JSON object; `wrong` gathers what is missing, unknown or of the wrong type."""

    def __init__(self, values: Mapping[str, Any], within: str = "", wrong: list[str] | None = None) -> None:
        self.left = dict(values)
        self.within = within
        self.wrong: list[str] = [] if wrong is None else wrong
        self.known: list[str] = []

    def _take(self, key: str, kind: type | UnionType, form: str) -> Any:
        self.known.append(key)
        value = self.left.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            self.wrong.append(f'"{self.within}{key}" must be {form}, not {_short(value)}')
            return None
        if isinstance(value, str):
            self._check_whole(key, value)
        return value

    def _check_whole(self, key: str, value: str) -> None:
        if not value.isascii() and _SURROGATE.search(value):  # UTF-8 has no bytes for it
            self.wrong.append(f'"{self.within}{key}" holds half a character (a lone surrogate); write the text again')

    def text(self, key: str) -> str | None:
        """Takes a text that may be absent or empty."""
        value: str | None = self._take(key, str, "a text")
        return value

    def word(self, key: str, *, optional: bool = False) -> str | None:
        """Takes a text that must not be empty."""
        value = self.text(key)
        if value is not None and value.strip():
            return value
        if not optional or value is not None:
            self.wrong.append(f'"{self.within}{key}" is missing or empty')
        return None

    def choice(self, key: str, choices: tuple[_Choice, ...]) -> _Choice | None:
        """Takes one of the given words."""
        value = self.word(key)
        if value is None:
            return None
        found = next((choice for choice in choices if choice == value), None)
        if found is None:
            near = difflib.get_close_matches(value, choices, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(choices)}"
            self.wrong.append(f'"{self.within}{key}" {_short(value)} is unknown; {hint}')
        return found

    def number(self, key: str, least: int = 0) -> int | None:
        """Takes a whole number; more than MOST would not fit into a table."""
        value: int | None = self._take(key, int, "a whole number")
        if value is not None and not least <= value <= MOST:
            bound = f"at least {least}" if value < least else f"at most {MOST}"
            self.wrong.append(f'"{self.within}{key}" must be {bound}, not {_short(value)}')
            return None
        return value

    def decimal(self, key: str) -> float | None:
        """Takes a number that is not negative; whole ones stay whole."""
        value: float | None = self._take(key, int | float, "a number")
        if value is not None and not 0 <= value <= MOST:
            bound = f"at most {MOST}" if value > MOST else "at least 0"
            self.wrong.append(f'"{self.within}{key}" must be {bound}, not {_short(value)}')
            return None
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Takes true or false."""
        value: bool | None = self._take(key, bool, "true or false")
        return default if value is None else value

    def moment(self, key: str) -> datetime:
        """Takes a time with its zone, and returns it in UTC."""
        value = self.word(key)
        if value is None:
            return _NONE_YET
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # told in the next line, as a time without zone is
        self.wrong.append(f'"{self.within}{key}" must be a UTC time such as 2026-11-20T21:04:10Z, not {_short(value)}')
        return _NONE_YET

    def day(self, key: str) -> date | None:
        """Takes a day."""
        value = self.text(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.wrong.append(f'"{self.within}{key}" must be a day such as 2026-12-01, not {_short(value)}')
            return None

    def table(self, key: str) -> Fields | None:
        """Takes an object, whose own mistakes are gathered with these."""
        value: dict[str, Any] | None = self._take(key, dict, "an object {…}")
        return None if value is None else Fields(value, f"{self.within}{key}.", self.wrong)

    def tables(self, key: str) -> list[Fields]:
        """Takes a list of objects."""
        values: list[Any] = self._take(key, list, "a list of objects") or []
        if any(not isinstance(value, dict) for value in values):
            self.wrong.append(f'"{self.within}{key}" must be a list of objects')
            return []
        return [Fields(value, f"{self.within}{key}[{n}].", self.wrong) for n, value in enumerate(values, 1)]

    def texts(self, key: str) -> tuple[str, ...]:
        """Takes a list of texts."""
        values: list[Any] = self._take(key, list, "a list of texts") or []
        if any(not isinstance(value, str) for value in values):
            self.wrong.append(f'"{self.within}{key}" must hold texts only')
            return ()
        for value in values:
            self._check_whole(key, value)
        return tuple(values)

    def done(self) -> None:
        """Names every field that nobody took."""
        for key in self.left:
            near = difflib.get_close_matches(key, self.known, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"known: {', '.join(self.known)}"
            self.wrong.append(f'"{self.within}{key[:40]}" is unknown; {hint}')


def _short(value: object) -> str:
    written = repr(value)
    return written if len(written) <= 60 else written[:57] + "…"


def compact(noun: Wording | Link | Note) -> dict[str, Any]:
    """Writes a wording, a link or a note as JSON values, without the fields that have their default."""
    written: dict[str, Any] = {}
    for field in fields(noun):
        value = getattr(noun, field.name)
        if field.default is not MISSING and value == field.default:
            continue
        if isinstance(value, tuple):
            value = [part if isinstance(part, str) else compact(part) for part in value]
        written[field.name] = value
    return written


def read_wording(table: Fields) -> Wording:
    """Reads the editors' wording back; what is left out has its default."""
    wording = Wording(
        title=table.text("title"),
        url=table.text("url"),
        authors=table.text("authors"),
        venue=table.text("venue"),
        links=tuple(_link(link) for link in table.tables("links")),
        notes=tuple(_note(note) for note in table.tables("notes")),
        figure=table.text("figure"),
        figure_width=table.text("figure_width"),
        listed_on=table.text("listed_on"),
        marks=table.texts("marks"),
        bold=table.flag("bold", False),
        citations_seen=table.number("citations_seen"),
        citations_seen_url=table.text("citations_seen_url"),
    )
    table.done()
    return wording


def _link(table: Fields) -> Link:
    link = Link(_kept(table, "label"), _kept(table, "url"), table.text("owner"))
    table.done()
    return link


def _note(table: Fields) -> Note:
    depth = table.number("depth")
    note = Note(
        text=_kept(table, "text"),
        depth=1 if depth is None else depth,
        quoted=table.flag("quoted", False),
        bullet=table.flag("bullet", True),
    )
    table.done()
    return note


def _kept(table: Fields, key: str) -> str:
    """Takes a text that must be there, though it may be empty as it was on the page."""
    value = table.text(key)
    if value is None:
        table.wrong.append(f'"{table.within}{key}" is missing')
    return value or ""
