"""Searching a queue: words in title, authors and abstract, or an identifier; case and accents make no difference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from harvester.curated.likeness import folded
from harvester.ids import read_subject

if TYPE_CHECKING:
    from harvester.records import Candidate
    from harvester.steps.standing import Standing

# quotes, brackets, punctuation: what surrounds a word; "C++" and "C#" are whole
_AROUND = "\"'`´‘’‚“”„«»()[]{}<>.,;:!?…"
_SAYS = re.compile(r"[^\W_]")


def read_words(text: str) -> tuple[str, ...]:
    """Returns the words to be found, without what surrounds them; BadParameter where there is none."""
    stripped = (part.strip(_AROUND) for part in text.casefold().split())
    words = tuple(word for word in stripped if _SAYS.search(word))
    if not words:
        raise click.BadParameter(f"{text!r} has neither a letter nor a digit to look for", param_hint="--search")
    return words


def that_say(standing: Standing, candidates: Sequence[Candidate], words: Sequence[str]) -> list[Candidate]:
    """Returns the candidates that say every word; first those that do so in title and identifier, else in their order."""
    places = [(_place(standing, candidate, words), candidate) for candidate in candidates]
    return [one for wanted in (0, 1) for place, one in places if place == wanted]


def _place(standing: Standing, candidate: Candidate, words: Sequence[str]) -> int | None:
    shown = standing.papers.get(candidate.subject)
    title = folded(f"{standing.title(candidate.subject) or ''} {candidate.subject.partition(':')[2]}")
    left = [word for word in words if folded(word) not in title and read_subject(word) != candidate.subject]
    if not left:
        return 0
    rest = folded(f"{' '.join(shown.authors)} {shown.abstract or ''}") if shown else ""
    return 1 if all(folded(word) in rest for word in left) else None
