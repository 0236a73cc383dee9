"""Places in hand-kept pages that a person should know of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """A repair, a difference or an unknown line, with its file."""

    file: str
    line: int
    what: str
    text: str = ""
