"""How often the section was among the guesses, month by month, from placements before each month.

The truth is the section into which a paper was put when it was listed, by the title that it had then; titles that are one
another's slips or renamings are one section. A section is known from the day of its first use: harvester takes no paper into
a section that is not defined before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from harvester.editorial.learning.measures import Figure, share_figure
from harvester.editorial.learning.past import Example, History
from harvester.editorial.sections import Joined, Shelf, learn

SEED = 20261121  # of the draws of the intervals


@dataclass(frozen=True, slots=True)
class Guessed:
    """How often the first guess was right, and one of three."""

    papers: int
    first: Figure
    in_three: Figure


@dataclass(frozen=True, slots=True)
class SectionGuesses:
    """All papers that were listed after the first month with a placement, and these in two parts."""

    all: Guessed
    read: Guessed | None  # title and abstract of the day were known, as they are to a maintainer
    title_alone: Guessed | None  # nothing was known of that day but the list's own wording of the title
    confused: tuple[tuple[str, str, int], ...]  # the list's section, the first guess, how often


@dataclass(frozen=True, slots=True)
class _Guess:
    truth: str
    guesses: tuple[str, ...]
    read: bool


def guessed_sections(
    history: History, spans: Sequence[tuple[date, date]], topics: Sequence[str], shelf: Callable[[str], Shelf]
) -> SectionGuesses | None:
    """Guesses the section of each paper that was listed in these spans; `shelf` tells what editors say of a section."""
    made = [one for start, end in _listing_months(history, spans) for one in _month(history, start, end, topics, shelf)]
    if not made:
        return None
    confused = Counter((one.truth, one.guesses[0]) for one in made if one.guesses[:1] != (one.truth,))
    worst = sorted(((*pair, number) for pair, number in confused.items()), key=lambda one: (-one[2], one[:2]))
    return SectionGuesses(
        all=_figures(made),
        read=_figures([one for one in made if one.read]) if any(one.read for one in made) else None,
        title_alone=_figures([one for one in made if not one.read]) if not all(one.read for one in made) else None,
        confused=tuple(worst[:10]),
    )


def _figures(made: Sequence[_Guess]) -> Guessed:
    first = [one.guesses[:1] == (one.truth,) for one in made]
    in_three = [one.truth in one.guesses for one in made]
    return Guessed(len(made), share_figure(first, SEED), share_figure(in_three, SEED))


def _month(
    history: History, start: date, end: date, topics: Sequence[str], shelf: Callable[[str], Shelf]
) -> Iterator[_Guess]:
    before, now = history.placed(date.min, start), history.placed(start, end)
    if not before or not now:
        return
    opened = _opened(history)
    joined = Joined(list(opened))
    model = learn(
        [shelf(title) for title, day in opened.items() if day < end],
        [(one.text, one.section) for one in before],
        topics,
    )
    for one in now:
        known = [title for title, day in opened.items() if day <= one.on]
        guesses = tuple(guess.section for guess in model.guess([one.text], known)[0])
        yield _Guess(_truth(joined, one), guesses, bool(one.text.abstract))


def _truth(joined: Joined, one: Example) -> str:
    return joined.find(one.section) or one.section


def _opened(history: History) -> dict[str, date]:
    """Returns the sections with the day of their first use; a title that is another's slip or renaming is that one."""
    opened: dict[str, date] = {}
    for one in sorted(history.accepted, key=lambda one: (one.on, one.subject)):
        if one.section and Joined(list(opened)).find(one.section) is None:
            opened[one.section] = one.on
    return opened


def _listing_months(history: History, spans: Sequence[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """Yields the months in which papers were listed, within the span that is measured."""
    if not spans:
        return
    for year, month in sorted({(one.on.year, one.on.month) for one in history.accepted}):
        start, end = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
        if spans[0][0] <= start and end <= spans[-1][1]:
            yield start, end
