"""What lint looks at and what it says: the markup of one page, findings, and exceptions from rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader would trip over: which rule says so, where, and what to do."""

    rule: str
    severity: Severity
    file: str  # where to look, as somebody in the checkout would type it
    line: int  # from 1
    said: str  # what is wrong, and what to do
    subject: str | None = None  # of an entry
    path: str | None = None  # of a section, or of a page below the list's folder
    cause: str | None = None  # of something on a page: what made its line, as file and line, and what to do there
    excepted: str | None = None  # why editors let it stand

    def __str__(self) -> str:
        kind = "excepted" if self.excepted is not None else self.severity
        said = f"{self.file}:{self.line}: {kind} {self.rule}: {self.said}"
        said += f" [from {self.cause}]" if self.cause else ""
        return said + (f" [let stand: {self.excepted or 'no reason given'}]" if self.excepted is not None else "")


@dataclass(frozen=True, slots=True)
class LintException:
    """Findings that editors let stand, and why: those of one rule about one subject, or about one path."""

    rule: str
    reason: str  # an empty one is a finding itself
    subject: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as a reader sees it, with the anchor that GitHub makes for it."""

    level: int
    text: str
    anchor: str
    line: int


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link or an image leads, as written."""

    url: str
    label: str
    line: int
    image: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: how many cells it has, and how many its header has."""

    cells: int
    expected: int
    line: int


@dataclass(frozen=True, slots=True)
class Markup:
    """One page as its markup goes: what a reader can click, and where tables hold or break."""

    text: str
    headings: tuple[Heading, ...]
    targets: tuple[Target, ...]
    rows: tuple[Row, ...]
    names: frozenset[str]  # anchors that the page sets itself, as `<a id="…">`
    unclosed: tuple[
        tuple[int, str], ...
    ] = ()  # blocks of code and comments that nobody ends: line, and what it begins with
