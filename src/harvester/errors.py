"""The tree of errors.

HarvesterError
├── SettingsError     the environment, topics.toml or a list's definition is wrong        (a person's text)
├── DecisionError     a decision line is wrong or cannot be carried out                   (a person's text)
├── ListError         a list to adopt cannot be read                                      (a person's text)
├── UpstreamError     a request did not bring what was asked                              (carries the source)
│   ├── Unreachable   no answer: connection, timeout, body cut
│   ├── Refused       401, 403, 429: carries `retry_at`
│   ├── Broken        5xx
│   └── Malformed     an answer that is not what it claims
├── LandingError      a folder of landings cannot be read or written
├── SnapshotError     a snapshot was refused, is damaged or missing
│   └── HeldBack      it does not meet what the latest one lets expect            (carries every unmet expectation)
└── RunningError      another run holds the lock

All survive pickling (Prefect sends them between processes): every argument goes to `Exception.args`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


class HarvesterError(Exception):
    """Says what happened, where, and what to do."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else type(self).__name__


class _PersonsText(HarvesterError):
    """A text written by a person is wrong; carries every mistake found, each with file, line and remedy."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        return "\n".join(self.mistakes)


class SettingsError(_PersonsText):
    """The environment, `topics.toml` or a list's definition is wrong."""


class DecisionError(_PersonsText):
    """A decision is wrong or cannot be carried out."""


class ListError(_PersonsText):
    """A list that should be adopted or rendered cannot be read."""


class UpstreamError(HarvesterError):
    """A request did not bring what was asked."""

    def __init__(self, source: str, why: str) -> None:
        self.source = source
        self.why = why
        super().__init__(source, why)

    def __str__(self) -> str:
        return f"{self.source}: {self.why}"


class Unreachable(UpstreamError):
    """No answer came: no connection, a timeout, or a body that ended early."""


class Refused(UpstreamError):
    """The upstream refused (401, 403, 429); `retry_at` tells from when to ask again, where that is known."""

    def __init__(self, source: str, why: str, retry_at: datetime | None = None) -> None:
        super().__init__(source, why)
        self.retry_at = retry_at
        self.args = (source, why, retry_at)


class Broken(UpstreamError):
    """The upstream failed (5xx)."""


class Malformed(UpstreamError):
    """The answer is not what it claims; `landing` is where its bytes lie."""

    def __init__(self, source: str, why: str, landing: str) -> None:
        super().__init__(source, why)
        self.landing = landing
        self.args = (source, why, landing)

    def __str__(self) -> str:
        return f"{self.source}: {self.why} (landing {self.landing})"


class LandingError(HarvesterError):
    """A folder of landings cannot be read or written."""


class SnapshotError(HarvesterError):
    """A snapshot was refused, is damaged or missing."""


class HeldBack(SnapshotError):
    """A snapshot was not published: which expectations it does not meet, and what was found."""

    def __init__(self, unmet: Sequence[str]) -> None:
        self.unmet = tuple(unmet)
        super().__init__(self.unmet)

    def __str__(self) -> str:
        return "\n".join(self.unmet)


class RunningError(HarvesterError):
    """Another run holds the lock of this data folder."""
