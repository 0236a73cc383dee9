"""Searching a queue: words in title, authors and abstract, or an identifier."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from harvester.ids import read_subject

if TYPE_CHECKING:
    from harvester.records import Candidate
    from harvester.steps.standing import Standing

_AROUND = re.compile(r"^[\W_]+|[\W_]+$")  # quotes, brackets, commas: what surrounds a word


def read_words(text: str) -> tuple[str, ...]:
    """Returns the words to be found, without what surrounds them; BadParameter where there is none."""
    words = tuple(word for part in text.casefold().split() if (word := _AROUND.sub("", part)))
    if not words:
        raise click.BadParameter(f"{text!r} has neither a letter nor a digit to look for", param_hint="--search")
    return words


def that_say(standing: Standing, candidates: Sequence[Candidate], words: Sequence[str]) -> list[Candidate]:
    """Returns the candidates that say every word; first those that do so in title and identifier, else in their order."""
    places = [(_place(standing, candidate, words), candidate) for candidate in candidates]
    return [one for wanted in (0, 1) for place, one in places if place == wanted]


def _place(standing: Standing, candidate: Candidate, words: Sequence[str]) -> int | None:
    shown = standing.papers.get(candidate.subject)
    title = f"{standing.title(candidate.subject) or ''} {candidate.subject}".casefold()
    rest = f"{' '.join(shown.authors)} {shown.abstract or ''}".casefold() if shown else ""
    left = [word for word in words if word not in title and read_subject(word) != candidate.subject]
    if not left:
        return 0
    return 1 if all(word in rest for word in left) else None
