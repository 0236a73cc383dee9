"""Spans of days: what has been asked of whom, where the holes are, what to ask next.

There is no stored watermark: coverage is computed, per phrase and category, from the searches that ended complete. A day is
settled once it was asked some days after it ended (the overlap), because a paper may surface days after its submission
(moderation, weekends) though its submission date lies in a window that was asked.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

UNKNOWN_DAYS = 30  # asked in one search where nothing tells how many papers a day brings
PAGES_AT_ONCE = 10  # in one search, about: 5,000 papers, half of what arXiv lists, so that a search is seldom split
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A half-open span of days [since, until), in UTC."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until <= self.since:
            raise ValueError(f"a window needs at least one day: {self.since} to {self.until}")

    @property
    def days(self) -> int:
        """How many days the window holds."""
        return (self.until - self.since).days


@dataclass(frozen=True, slots=True)
class Search:
    """A window with what to look for: any of the phrases, in any of the categories."""

    window: Window
    phrases: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Want:
    """What is to be known: every paper with any of the phrases in any of the categories, submitted since that day."""

    phrases: tuple[str, ...]
    categories: tuple[str, ...]
    since: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A search that ended complete, and the day of the night that asked it."""

    search: Search
    on: date


def coverage(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Joins windows that touch or overlap, in order of time."""
    joined: list[Window] = []
    for window in sorted(windows):
        if joined and window.since <= joined[-1].until:
            joined[-1] = Window(joined[-1].since, max(joined[-1].until, window.until))
        else:
            joined.append(window)
    return tuple(joined)


def holes(covered: Iterable[Window], span: Window) -> tuple[Window, ...]:
    """Returns the parts of `span` that no covered window holds."""
    missing: list[Window] = []
    since = span.since
    for window in coverage(covered):
        if window.until <= since or window.since >= span.until:
            continue
        if window.since > since:
            missing.append(Window(since, window.since))
        since = window.until
    if since < span.until:
        missing.append(Window(since, span.until))
    return tuple(missing)


def settled(window: Window, asked_on: date, overlap_days: int) -> Window | None:
    """Returns the part of an asked window that need not be asked again: what was over for `overlap_days` by then."""
    until = min(window.until, asked_on - timedelta(days=overlap_days))
    return Window(window.since, until) if until > window.since else None


# --- what is missing, per phrase and category --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Known:
    """What searches for the same phrases in the same categories have settled, and since when papers are watched for."""

    phrases: frozenset[str]
    categories: frozenset[str]
    windows: tuple[Window, ...]
    first: date | None

    def covers(self, phrase: str, category: str) -> bool:
        return phrase in self.phrases and category in self.categories


_Pair = tuple[str, str]


def missing(
    wants: Sequence[Want], asked: Iterable[Asked], tonight: Iterable[Search], today: date, overlap_days: int
) -> tuple[Search, ...]:
    """Returns the searches that nothing asked so far answers, the newest days first.

    Every phrase is wanted in every category of its wants, since their day or since it was first asked there, whichever
    is earlier: nights that were missed are made up for, however many. What `tonight` has asked, with whatever outcome,
    is not wanted again tonight. Days that everything misses are one search, which may ask for more pairs than are
    wanted; else categories that miss the same phrases are asked together.
    """
    known = [*_signatures(asked, overlap_days), *(_asked_tonight(search) for search in tonight)]
    groups = [(_holes(since, members, today), pairs) for (members, since), pairs in _alike(wants, known).items()]
    phrases = tuple(dict.fromkeys(phrase for want in wants for phrase in want.phrases))
    categories = tuple(dict.fromkeys(category for want in wants for category in want.categories))
    found: list[Search] = []
    for window, absent in reversed(_segments([windows for windows, _ in groups])):
        if len(absent) == len(groups):
            found.append(Search(window, phrases, categories))
        else:
            pairs = {pair for number in absent for pair in groups[number][1]}
            found += _products(window, pairs, phrases, categories)
    return tuple(found)


def _signatures(asked: Iterable[Asked], overlap_days: int) -> Iterator[_Known]:
    """Joins the searches for the same phrases in the same categories: nights ask the same for weeks."""
    alike: dict[tuple[frozenset[str], frozenset[str]], list[Asked]] = {}
    for one in asked:
        alike.setdefault((frozenset(one.search.phrases), frozenset(one.search.categories)), []).append(one)
    for (phrases, categories), same in alike.items():
        parts = (settled(one.search.window, one.on, overlap_days) for one in same)
        windows = coverage(part for part in parts if part)
        first = min(one.on for one in same) - timedelta(days=overlap_days)  # then younger days could still bring more
        yield _Known(phrases, categories, windows, first)


def _asked_tonight(search: Search) -> _Known:
    return _Known(frozenset(search.phrases), frozenset(search.categories), (search.window,), None)


def _alike(wants: Sequence[Want], known: Sequence[_Known]) -> Mapping[tuple[tuple[_Known, ...], date], list[_Pair]]:
    """Groups the wanted pairs of phrase and category by what is known of them and since when they are wanted."""
    since: dict[_Pair, date] = {}
    for want in wants:
        for pair in itertools.product(want.phrases, want.categories):
            since[pair] = min(want.since, since.get(pair, want.since))
    groups: dict[tuple[tuple[int, ...], date], list[_Pair]] = {}
    for pair, day in since.items():
        members = tuple(number for number, one in enumerate(known) if one.covers(*pair))
        groups.setdefault((members, day), []).append(pair)
    return {(tuple(known[n] for n in members), day): pairs for (members, day), pairs in groups.items()}


def _holes(since: date, members: Iterable[_Known], today: date) -> tuple[Window, ...]:
    members = tuple(members)
    first = min([since, today, *(one.first for one in members if one.first)])
    return holes((window for one in members for window in one.windows), Window(first, today + _DAY))


def _segments(groups: Sequence[Sequence[Window]]) -> list[tuple[Window, frozenset[int]]]:
    """Cuts time where the holes of any group begin or end; returns the groups that miss each piece, in order of time."""
    bounds = sorted({day for windows in groups for window in windows for day in (window.since, window.until)})
    pieces: list[tuple[Window, frozenset[int]]] = []
    for piece in itertools.starmap(Window, itertools.pairwise(bounds)):
        absent = frozenset(
            number
            for number, windows in enumerate(groups)
            if any(window.since <= piece.since and piece.until <= window.until for window in windows)
        )
        if pieces and pieces[-1][0].until == piece.since and pieces[-1][1] == absent:
            pieces[-1] = (Window(pieces[-1][0].since, piece.until), absent)
        elif absent:
            pieces.append((piece, absent))
    return pieces


def _products(window: Window, pairs: set[_Pair], phrases: Sequence[str], categories: Sequence[str]) -> Iterator[Search]:
    together: dict[tuple[str, ...], list[str]] = {}
    for category in categories:
        absent = tuple(phrase for phrase in phrases if (phrase, category) in pairs)
        if absent:
            together.setdefault(absent, []).append(category)
    for absent, same in together.items():
        yield Search(window, absent, tuple(same))


# --- how much of it at once --------------------------------------------------------------------------------------------


def next_part(search: Search, done: Sequence[tuple[Search, int]], pages_left: int, open_since: date) -> Search:
    """Returns the newest days of a search, as many as about PAGES_AT_ONCE pages hold, or fewer where fewer are left.

    `done` are the searches of this night so far with their pages: the last one for the same phrases and categories tells
    how many days a page holds. Without one it is UNKNOWN_DAYS. A rest of less than half a part is asked with it. Days from
    `open_since` on stay open after tonight: a part of only such days would settle nothing, so it reaches a day beyond.
    """
    same = [(one.window.days, pages) for one, pages in done if replace(one, window=search.window) == search]
    days, pages = same[-1] if same else (UNKNOWN_DAYS, PAGES_AT_ONCE)
    window = search.window
    most = max(1, days * max(1, min(PAGES_AT_ONCE, pages_left)) // max(1, pages))
    since = window.until - timedelta(days=most)
    if window.until >= open_since:
        since = min(since, open_since - _DAY)
    if window.days * 2 < (window.until - since).days * 3:
        return search
    return replace(search, window=Window(since, window.until))
