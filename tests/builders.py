"""A small vocabulary to build nouns in tests."""

from __future__ import annotations

from datetime import UTC, datetime

from harvester.ids import ArxivId, RepoName, Subject
from harvester.records import Kind, Landing, Observation, PaperRecord, RepoRecord, Request, Status

NIGHT = datetime(2024, 6, 3, 3, 0, tzinfo=UTC)


def landing(
    status: int | None = 200,
    body: bytes = b"",
    *,
    request: Request | None = None,
    headers: tuple[tuple[str, str], ...] = (),
    at: datetime = NIGHT,
    failure: str | None = None,
) -> Landing:
    return Landing(request or Request("arxiv_api", "GET", "/api/query"), status, headers, body, at, failure=failure)


def paper_record(
    arxiv_id: str, version: int = 1, *, at: datetime = NIGHT, title: str | None = None, **more: object
) -> PaperRecord:
    facts: dict[str, object] = {
        "arxiv_id": ArxivId(arxiv_id),
        "version": version,
        "title": title or f"Title of {arxiv_id}",
        "abstract": f"Abstract of {arxiv_id}.",
        "authors": ("Ada Author", "Bo Author"),
        "categories": ("cs.CL", "cs.LG"),
        "primary_category": "cs.CL",
        "submitted_at": datetime(2024, 6, 1, 12, 0, tzinfo=UTC),
        "updated_at": datetime(2024, 6, version, 12, 0, tzinfo=UTC),
        "comment": None,
        "journal_ref": None,
        "doi": None,
        "withdrawn": None,
        "withdrawn_evidence": None,
        "source": "arxiv_api",
        "said_at": at,
    }
    return PaperRecord(**{**facts, **more})  # type: ignore[arg-type]  # a builder: tests override single fields


def repo_record(
    asked: str, node_id: str = "R_1", *, name: str | None = None, at: datetime = NIGHT, **more: object
) -> RepoRecord:
    facts: dict[str, object] = {
        "asked": RepoName(asked),
        "name": RepoName(name or asked),
        "node_id": node_id,
        "archived": False,
        "fork": False,
        "description": None,
        "license": "MIT",
        "language": "Python",
        "forks": 3,
        "pushed_at": None,
        "created_at": None,
        "source": "github",
        "said_at": at,
    }
    return RepoRecord(**{**facts, **more})  # type: ignore[arg-type]  # a builder: tests override single fields


def citations(
    subject: str,
    value: int | None,
    status: Status = "ok",
    *,
    at: datetime = NIGHT,
    source: str = "semantic_scholar",
    kind: Kind = "citations",
) -> Observation:
    return Observation(Subject(subject), kind, source, at, value, status)


def stars(subject: str, value: int | None, status: Status = "ok", *, at: datetime = NIGHT) -> Observation:
    return citations(subject, value, status, at=at, source="github", kind="stars")
