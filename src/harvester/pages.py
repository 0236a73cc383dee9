"""A list as a document, before any markup; and the facts of a snapshot that it is composed from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from harvester.definitions import BADGES, COLUMNS, Badges, Column
from harvester.ids import RepoName, Subject
from harvester.records import Kind, Note, Status, Wording

GROWTH_DAYS = 30  # what counts as growth: gained since the end of the day so many days ago


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What a snapshot says about one paper, as far as a list shows it."""

    subject: Subject
    title: str | None
    authors: tuple[str, ...]
    submitted_at: datetime | None
    version: int | None
    withdrawn: bool | None
    citations: int | None
    citations_source: str | None
    citations_status: Status
    citations_as_of: datetime | None
    repositories: tuple[Subject, ...]  # linked in abstract or comment
    citations_gained: int | None = None  # within GROWTH_DAYS, by the same source; None: never known


@dataclass(frozen=True, slots=True)
class RepoFacts:
    """What a snapshot says about one repository, as far as a list shows it."""

    subject: Subject
    name: RepoName  # current spelling
    stars: int | None
    stars_status: Status
    stars_as_of: datetime | None
    archived: bool | None
    aliases: tuple[RepoName, ...]
    stars_gained: int | None = None  # within GROWTH_DAYS; None: never known


@dataclass(frozen=True, slots=True)
class Citations:
    """A known number of citations, with the page where a reader finds it."""

    value: int
    source: str  # "semantic_scholar", "openalex"
    url: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link as a page shows it, with what is known of the repository behind it."""

    label: str
    url: str
    owner: str | None = None  # shown behind the label
    stars: int | None = None  # None: unknown, or no badge is wanted
    archived: bool = False
    gone: bool = False
    formerly: RepoName | None = None  # the name the editors wrote, where the repository has another one now


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a page: the editors' words where they have some, the machine's where not, all of it plain text.

    Only `notes` are Markdown, of one line each.
    """

    subject: Subject
    place: int
    title: str
    title_link: PageLink  # its label is the title; of a repository's own entry it carries stars and marks
    authors: str | None = None
    venue: str | None = None
    links: tuple[PageLink, ...] = ()  # beyond the subject's own pages
    notes: tuple[Note, ...] = ()
    citations: Citations | None = None
    withdrawn: bool = False
    figure: str | None = None
    figure_width: str | None = None
    listed_on: str | None = None
    marks: tuple[str, ...] = ()
    bold: bool = False
    published: date | None = None  # day of the paper's first version
    recommended: bool = False  # by the rule of docs/lists.md


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under one heading; subsections follow their section, with a higher level."""

    path: str  # as in the definition: "Quantization / Papers"
    title: str
    level: int
    prose: str = ""  # Markdown below the heading
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexLine:
    """One line of a page's index: a section, and the page it stands on; None where it is on this page."""

    title: str
    level: int
    section: str  # path
    page: str | None = None


@dataclass(frozen=True, slots=True)
class CountsAsOf:
    """The days on which a page's numbers of one kind and source were last confirmed; or later, see `Stamp`."""

    kind: Kind
    source: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Page:
    """One file of a list, joined and ordered, without markup."""

    path: str  # below the list's folder: "README.md"
    title: str
    sections: tuple[Section, ...]
    head: str = ""  # Markdown; the index stands where it says INDEX_PLACE, else below it
    foot: str = ""  # Markdown
    index: tuple[IndexLine, ...] = ()
    window: tuple[date, date] | None = None  # first and last day of the papers shown, on a front page
    home: tuple[str, str] | None = None  # title and path of the list's front page, on a page named by its section
    as_of: tuple[CountsAsOf, ...] = ()
    snapshot: str = ""  # name of the snapshot it was made from
    list: str = ""  # name of the list it belongs to
    recommended: tuple[PageLink, ...] = ()  # of a section's page, shown above its entries
    changes: str | None = None  # path of the page that tells what changed, on the front page
    earlier: str | None = None  # path of the part before, where a page was split
    later: str | None = None  # path of the part behind
    badges: Badges = BADGES[0]
    columns: tuple[Column, ...] = COLUMNS[:3]  # in table style


@dataclass(frozen=True, slots=True)
class Stamp:
    """From when a page is: all on it that moves although nothing it shows has changed.

    A page whose counts alone have changed keeps it, so a count may be newer than it says, and is never older.
    """

    snapshot: str
    as_of: tuple[CountsAsOf, ...] = ()
    window: tuple[date, date] | None = None


def stamped(page: Page, stamp: Stamp) -> Page:
    """Returns the page with another stamp; a page without window gets none."""
    return replace(
        page, snapshot=stamp.snapshot, as_of=stamp.as_of, window=(page.window and stamp.window) or page.window
    )


ChangeKind = Literal["added", "removed", "moved", "renamed", "withdrawn", "code", "citations", "stars"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two snapshots, of one entry of a list. `before` and `after` are what the kind says."""

    kind: ChangeKind
    subject: Subject
    place: int
    title: str
    url: str
    section: str
    before: str | None = None  # section, name, or number
    after: str | None = None  # section, name, address of the code, or number


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed in a list between the snapshots of two days."""

    since: date
    until: date
    changes: tuple[Change, ...]


FRONT, CHANGES = "README.md", "CHANGES.md"  # files of every list
INDEX_PLACE = "<!-- sections -->"  # a line of the head: the index goes here


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One entry as a hand-kept page has it."""

    subject: Subject
    wording: Wording
    section: str  # path
    line: int  # in the file, from 1
    version: int | None = None  # of the paper, where the link named one


@dataclass(frozen=True, slots=True)
class ParsedSection:
    """A heading of a hand-kept page."""

    path: str
    title: str
    level: int
    line: int
    prose: str = ""  # what stands below it and is no entry
    page: str | None = None  # the file that an index says it stands on


@dataclass(frozen=True, slots=True)
class Repair:
    """Something broken in a page and how it was mended."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A text that was not understood, and where it was kept."""

    line: int
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a format reads out of one page. Entries stand in the page's order."""

    title: str | None
    head: str
    foot: str
    sections: tuple[ParsedSection, ...]
    entries: tuple[ParsedEntry, ...]
    repairs: tuple[Repair, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    recent_days: int | None = None  # window that the page speaks of
    snapshot: str | None = None  # the snapshot it says it was rendered from
    list: str | None = None  # the list that it says it is a page of
    front: bool = False  # its entries are a window on the sections' own pages
