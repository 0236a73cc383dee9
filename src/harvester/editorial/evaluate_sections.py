"""How often the section was among the guesses, month by month, from placements before each month.

The truth is the section in which a paper stood at the end of the month in which it was listed. A title that the list does
not define means the section of which it is a slip or another name, if any, and that is settled when it is first used. A
section is known from the day of its first use (harvester takes no paper into a section that is not defined before): a model
has heard of no section that was opened after the papers were listed whose sections it guesses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from harvester.editorial.learning.measures import Figure, share_figure
from harvester.editorial.learning.past import History
from harvester.editorial.sections import Joined, Shelf, learn


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
    titles = _titles(history)
    months = _listing_months(history, spans)
    made = [one for start, end in months for one in _month(history, titles, start, end, topics, shelf)]
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
    return Guessed(len(made), share_figure(first), share_figure(in_three))


@dataclass(frozen=True, slots=True)
class _Titles:
    """What the list's titles of sections mean: the section of each, and from which day on there was that section."""

    section: Mapping[str, str]
    opened: Mapping[str, date]  # in order of the days


def _month(
    history: History,
    titles: _Titles,
    start: date,
    end: date,
    topics: Sequence[str],
    shelf: Callable[[str], Shelf],
) -> Iterator[_Guess]:
    before = [(one.text, titles.section[one.section]) for one in history.placed(date.min, start)]
    now = sorted(history.placed(start, end), key=lambda one: one.on)
    if not before:
        return
    for known, listed in groupby(now, lambda one: [path for path, day in titles.opened.items() if day <= one.on]):
        papers = list(listed)
        found = learn([shelf(path) for path in known], before, topics).guess([one.text for one in papers])
        for one, guesses in zip(papers, found, strict=True):
            paths = tuple(guess.section for guess in guesses)
            yield _Guess(titles.section[one.section], paths, bool(one.text.abstract))


def _titles(history: History) -> _Titles:
    """Reads the titles in order of their first use, so that none that comes later changes what an earlier one means."""
    section: dict[str, str] = {}
    opened: dict[str, date] = {}
    for one in sorted(history.accepted, key=lambda one: (one.said, one.subject)):
        if one.section and one.section not in section:
            meant = Joined(history.sections).find(one.section) or Joined(list(opened)).find(one.section)
            section[one.section] = meant or one.section
            opened.setdefault(section[one.section], one.said)
    return _Titles(section, opened)


def _listing_months(history: History, spans: Sequence[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """Yields the months in which papers were listed, within the span that is measured."""
    if not spans:
        return
    for year, month in sorted({(one.on.year, one.on.month) for one in history.accepted}):
        start, end = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
        if spans[0][0] <= start and end <= spans[-1][1]:
            yield start, end
