"""How conversations ended, the newest first: told from names and ends alone, for what was wanted may be long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from harvester.errors import LandingError
from harvester.raw.landings import Folder, outcome_of
from harvester.records import Outcome

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{6}Z)-([a-z]+)[a-z0-9_-]*")
_STAMP = "%Y-%m-%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class End:
    """How one conversation ended; `outcome` is None where it did not, `problem` says why that cannot be told."""

    address: str  # below `data/raw`
    source: str
    kind: str  # "search" of "search-w2", "sweep" of "sweep-cs-cs-cl"
    night: datetime  # UTC
    outcome: Outcome | None
    problem: str | None = None

    @property
    def good(self) -> bool:
        """Whether it brought what was asked, or stopped where a budget ends."""
        return self.outcome is not None and self.outcome.state != "failed" and not self.outcome.degraded

    @property
    def bad(self) -> bool:
        """Whether it ended without what was asked; one that never ended is neither."""
        return self.outcome is not None and not self.good


def ends(raw: Path, source: str) -> Iterator[End]:
    """Yields the conversations with one upstream, the newest first; folders with other names are none."""
    for path in sorted((raw / source).glob("*Z-*"), reverse=True):
        named = _NAME.fullmatch(path.name)
        if named:
            yield _end(path, source, named[2], datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC))


def kind_of(what: str) -> str:
    """Returns the kind of a conversation by its name."""
    found = re.match(r"[a-z]+", what)
    return found[0] if found else what


def _end(path: Path, source: str, kind: str, night: datetime) -> End:
    address = f"{source}/{path.name}"
    try:
        outcome = outcome_of(Folder(path, address, source, night, kind, None))
    except LandingError as error:
        return End(address, source, kind, night, None, str(error))
    return End(address, source, kind, night, outcome)
