"""A small vocabulary to build what lists are composed from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from harvester.definitions import ListDefinition, SectionDefinition, Style
from harvester.ids import RepoName, Subject, is_paper, read_repo, repo_subject, url_of
from harvester.pages import PaperFacts, RepoFacts
from harvester.records import Decision, Entry, Status, Wording

AS_OF = datetime(2024, 6, 3, 3, 12, 4, tzinfo=UTC)
SNAPSHOT = "2024-06-03T031204Z"


def entry(
    subject: str, section: str = "Quantization", order: int | None = 1, *, place: int = 1, **words: object
) -> Entry:
    wording = Wording(**words)  # type: ignore[arg-type]  # a builder: tests give single fields
    key = f"sitting:{order}"
    return Entry("a-list", Subject(subject), place, section, order, wording, None, AS_OF, "ann", key)


def paper(
    subject: str, citations: int | None = None, *, source: str = "semantic_scholar", **more: object
) -> PaperFacts:
    facts = PaperFacts(
        subject=Subject(subject),
        title=f"Title of {subject}",
        authors=("Ada Author", "Bo Author"),
        submitted_at=datetime(2024, 6, 1, tzinfo=UTC),
        version=1,
        withdrawn=None,
        citations=citations,
        citations_source=source if citations is not None else None,
        citations_status="ok" if citations is not None else "not_found",
        citations_as_of=AS_OF if citations is not None else None,
        repositories=(),
    )
    return replace(facts, **more)  # type: ignore[arg-type]  # a builder: tests override single fields


def repository(name: str, stars: int | None = None, *, status: Status = "ok", **more: object) -> RepoFacts:
    facts = RepoFacts(repo_subject(RepoName(name)), RepoName(name), stars, status, AS_OF, False, ())
    return replace(facts, **more)  # type: ignore[arg-type]  # a builder: tests override single fields


def a_list(style: Style, *paths: str, **more: object) -> ListDefinition:
    sections = tuple(
        SectionDefinition(path, path.rpartition(" / ")[2], path.count(" / ") + 1) for path in paths or ("Quantization",)
    )
    return replace(ListDefinition("a-list", "A list", style, sections), **more)  # type: ignore[arg-type]  # as above


def entries_of(decisions: Iterable[Decision]) -> list[Entry]:
    """The entries of one sitting that only accepts."""
    return [
        Entry(
            d.list, d.subject, d.place, d.section or "", d.order, d.wording or Wording(), d.note, d.at, d.by, f"s:{n}"
        )
        for n, d in enumerate(decisions, 1)
    ]


def known_facts(entries: Iterable[Entry]) -> tuple[list[PaperFacts], list[RepoFacts]]:
    """Facts for every paper and repository of a list, so that nothing is left without number or mark."""
    found = list(entries)
    subjects = dict.fromkeys(one.subject for one in found if is_paper(one.subject))
    papers = [paper(subject, None if n % 3 == 0 else n * 37) for n, subject in enumerate(subjects)]
    urls = [
        url for one in found for url in (one.wording.url or url_of(one.subject), *(x.url for x in one.wording.links))
    ]
    names = {name.lower(): name for url in urls if "github.com" in url and (name := read_repo(url))}
    return papers, [repository(name, n * 91) for n, name in enumerate(names.values())]
