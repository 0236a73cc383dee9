"""Spans of days: what has been covered, where the holes are, what to ask next.

There is no stored watermark: coverage is computed from the conversations that ended complete. The overlap exists because a
paper may surface days after its submission (moderation, weekends), though its submission date lies in a covered window.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


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


def wanted(covered: Iterable[Window], today: date, overlap_days: int, first_days: int) -> tuple[Window, ...]:
    """Returns the windows to ask tonight: every hole since the first covered day, each widened back by the overlap.

    Today itself is asked but never counts as covered (it is not over). Without any coverage the first `first_days` are
    asked. A hole is widened because papers submitted before it may have surfaced while nobody asked.
    """
    tomorrow = today + timedelta(days=1)
    known = coverage(window for window in covered if window.since < today)
    start = known[0].since if known else today - timedelta(days=first_days)
    missing = holes(known, Window(start, tomorrow)) or (Window(today, tomorrow),)
    widened = (Window(max(start, hole.since - timedelta(days=overlap_days)), hole.until) for hole in missing)
    return coverage(widened)


def settled(window: Window, asked_on: date) -> Window | None:
    """Returns the part of an asked window that counts as covered: its days that were over when it was asked."""
    until = min(window.until, asked_on)
    return Window(window.since, until) if until > window.since else None
