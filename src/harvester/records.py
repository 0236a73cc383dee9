"""The nouns: what each stage of the pipeline hands to the next.

A type exists per stage and nothing is half filled. Two rules run through all of them: *a value or a reason, never a
sentinel* (`value` beside `status`), and *the machine's word and the person's word are two fields* (`Paper.title` is what
arXiv says, `Wording.title` what the editors wrote).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from harvester.ids import ArxivId, RepoName, Subject
from harvester.scores import Again, Rated
from harvester.words import Edit as Edit
from harvester.words import Link as Link
from harvester.words import Note as Note
from harvester.words import Wording as Wording

# `unchanged` (HTTP 304: as before) occurs in observations only; the fold turns it into the value it confirms. `suspect` is
# the fold's word for a number that can hardly be true: it is set aside, and the last accepted value stands.
# `no_count`: the upstream knows the subject, but has no count of its own for it; nothing is gone then.
Status = Literal["ok", "not_found", "no_count", "gone", "failed", "suspect", "never_asked", "unchanged"]
Kind = Literal["citations", "stars"]
Act = Literal["accept", "reject", "defer", "reopen", "edit", "same", "apart"]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask an upstream, without host and without secret (the wire adds both)."""

    source: str  # name of the source module: "arxiv_api"
    method: Literal["GET", "POST"]
    path: str  # below the upstream's base address: "/api/query"
    parameters: Pairs = ()  # the query string, in order
    headers: Pairs = ()  # of this one request: If-None-Match
    body: bytes | None = None
    content_type: str | None = None  # of the body


@dataclass(frozen=True, slots=True)
class Landing:
    """What an upstream answered, as bytes, or that it did not.

    `status` is None when no usable answer came; `failure` then says why in words (timeout, body cut or too large, a
    configured key in the body). `fetched_at` is UTC. Header names are lower case. `address` is where it lies below
    `data/raw`: "arxiv_api/2026-11-20T030004Z-search/001".
    """

    request: Request
    status: int | None
    headers: Pairs
    body: bytes
    fetched_at: datetime
    attempts: int = 1
    waited_seconds: float = 0.0  # pauses that the gate and Retry-After asked for
    failure: str | None = None
    address: str = ""

    def header(self, name: str) -> str | None:
        """Returns the first header of that (lower-case) name."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a conversation ended: `complete`; `partial` (a budget or a part missing); `failed`. `why` in words."""

    state: Literal["complete", "partial", "failed"]
    why: str = ""
    degraded: bool = False  # whether the night must end degraded because of it


Conversation = Generator[Request, Landing, Outcome]


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """What one landing said about one paper."""

    arxiv_id: ArxivId
    version: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    primary_category: str
    submitted_at: datetime  # of version 1
    updated_at: datetime  # of this version
    comment: str | None
    journal_ref: str | None
    doi: str | None  # the publisher's, as arXiv gives it
    withdrawn: bool | None  # None where nothing tells
    withdrawn_evidence: str | None
    source: str
    said_at: datetime
    versions: tuple[Version, ...] = ()  # all of them, where the source tells them (OAI-PMH does)


@dataclass(frozen=True, slots=True)
class RepoRecord:
    """What one landing said about one repository that exists."""

    asked: RepoName  # where it was asked by its id: the same as `name`
    name: RepoName  # as GitHub spells it now; differs from `asked` after a rename
    node_id: str
    archived: bool | None  # None, here and below: GitHub did not say
    fork: bool | None
    description: str | None
    license: str | None  # SPDX id; None without licence or where GitHub cannot tell
    language: str | None
    forks: int | None
    pushed_at: datetime | None
    created_at: datetime | None
    source: str
    said_at: datetime
    etag: str | None = None  # of a REST answer, to ask conditionally the next time
    number: int | None = None  # GitHub's `databaseId`, by which REST finds it whatever its name


@dataclass(frozen=True, slots=True)
class Observation:
    """What one landing said about one number: a value, or why there is none."""

    subject: Subject  # as asked: a repository by its name, or by its id
    kind: Kind
    source: str  # "semantic_scholar", "openalex", "github"
    said_at: datetime
    value: int | None  # never negative; not None exactly when status is "ok"
    status: Status
    set_aside: int | None = None  # the number that was not believed; not None exactly when status is "suspect"


@dataclass(frozen=True, slots=True)
class Absence:
    """A paper was asked for by id and the upstream answered without it."""

    subject: Subject
    source: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one landing says. `problems` are fields or records that could not be used, in words."""

    papers: tuple[PaperRecord, ...] = ()
    repos: tuple[RepoRecord, ...] = ()
    observations: tuple[Observation, ...] = ()
    absences: tuple[Absence, ...] = ()
    deletions: tuple[Absence, ...] = ()  # the upstream says that it has deleted its record; not that it stayed silent
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper, as far as seen."""

    number: int
    updated_at: datetime
    source_type: str | None = (
        None  # arXiv's letters for the kind of source ("I": withdrawn), where the source tells them
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """The fold of all records of one paper; of a DOI or an unknown id only subject and status are known."""

    subject: Subject
    record: PaperRecord | None  # the newest version's newest word
    versions: tuple[Version, ...]
    first_seen_at: datetime | None  # when we first saw it, not when arXiv did
    metadata_status: Status
    metadata_as_of: datetime | None  # when an upstream last confirmed the metadata
    withdrawn: bool | None
    withdrawn_evidence: str | None


@dataclass(frozen=True, slots=True)
class Repo:
    """The fold of all records of one repository; identity is the node id, where it ever answered."""

    subject: Subject  # of its current name
    name: RepoName
    record: RepoRecord | None
    aliases: tuple[RepoName, ...]  # other names under which it was asked or known
    status: Status  # of the last answer about the repository itself
    as_of: datetime | None  # when GitHub last confirmed it


@dataclass(frozen=True, slots=True)
class Count:
    """The last known value of a number, from whom and as of when, and what the last attempt said."""

    subject: Subject
    kind: Kind
    value: int | None  # None: never known; always one that was accepted
    source: str | None  # who said `value`
    as_of: datetime | None  # when `value` was last confirmed
    status: Status  # of the last attempt
    asked_at: datetime | None
    set_aside: int | None = None  # what the last attempt said, where that is suspect
    first_at: datetime | None = None  # when `source` first said a value
    since: datetime | None = None  # from when on it has said this one
    missing_days: int = 0  # on how many days it has been said to be gone since the last value
    elsewhere: tuple[str, int] | None = None  # the next source that knows a value, and its last one


@dataclass(frozen=True, slots=True)
class Hit:
    """One phrase found in one place of a paper."""

    phrase: str  # as written in topics.toml
    field: Literal["title", "abstract", "authors"]
    text: str  # as found


@dataclass(frozen=True, slots=True)
class Match:
    """A topic that fits a paper, with the evidence."""

    subject: Subject
    topic: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of a sitting: who decided what about which subject of which list, and when."""

    id: str  # "<file name of the sitting without suffix>:<line>"
    at: datetime
    by: str
    list: str
    subject: Subject
    act: Act
    place: int = 1  # which placement of the subject in this list
    section: str | None = None  # full path of titles: "Quantization / Papers"
    order: float | None = None  # position in the section, for adopted and for moved entries
    note: str | None = None
    reason: str | None = None
    until: date | None = None  # deferred until
    undoes: str | None = None  # the decision that a reopen takes back
    follows: str | None = None  # the decision on the same subject and place that stood when this one was made
    saw: int | None = None  # version of the paper that was on screen
    saw_score: float | None = None  # and its score, as a candidate
    wording: Wording | None = None
    edits: tuple[Edit, ...] = ()  # of an edit: what was changed
    twin: Subject | None = None  # of `same` and `apart`: the other paper; of `same`, the one that stays


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list; stands on its own if every upstream forgets the paper."""

    list: str
    subject: Subject
    place: int
    section: str
    order: float | None
    wording: Wording
    note: str | None
    decided_at: datetime
    decided_by: str
    decision: str  # id of the decision that put it there


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that matches and that nobody has decided yet."""

    list: str
    subject: Subject
    first_seen_at: datetime
    matches: tuple[Match, ...]
    section: str | None  # suggested
    deferred_until: date | None = None
    withdrawn: bool | None = None
    again: Again | None = None  # it was decided, and is shown again
    rated: Rated | None = None  # None: no night has tried to rank it


TwinKind = Literal["identifier", "title", "abstract", "people"]


@dataclass(frozen=True, slots=True)
class Twin:
    """Two subjects that are one paper, and what tells so."""

    subject: Subject
    same_as: Subject
    kind: TwinKind
    evidence: str  # in words
