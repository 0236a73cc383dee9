"""Records fold to papers, and papers name repositories. Order of arrival does not matter, twice is once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from harvester.ids import Subject, arxiv_subject, find_repos, is_paper, read_repo, repo_subject
from harvester.records import Absence, Entry, Paper, PaperRecord, Status, Version

FoundIn = Literal["abstract", "comment", "entry"]


@dataclass(frozen=True, slots=True, order=True)
class RepoLink:
    """A repository that a paper names, and where it names it ("entry": the editors of a list do)."""

    paper: Subject
    repository: Subject
    found_in: FoundIn


def papers(
    records: Iterable[PaperRecord], absences: Iterable[Absence], named: Iterable[Subject]
) -> dict[Subject, Paper]:
    """Folds all that was said about papers, by versionless id and sorted by subject.

    `named` are subjects that decisions or refreshes name: papers among them have a row even when nothing is known.
    The newest version's newest word is the paper's, but title, authors and abstract are the feed's where that has told this
    version; a paper that was known and is absent from a later answer is `gone`.
    """
    words: dict[Subject, set[PaperRecord]] = defaultdict(set)
    missed: dict[Subject, datetime] = {}
    for record in records:
        words[arxiv_subject(record.arxiv_id)].add(record)
    for absence in absences:
        missed[absence.subject] = max(absence.said_at, missed.get(absence.subject, absence.said_at))
    known = {subject for subject in named if is_paper(subject)} | words.keys() | missed.keys()
    return {subject: _paper(subject, words.get(subject, set()), missed.get(subject)) for subject in sorted(known)}


def _paper(subject: Subject, words: set[PaperRecord], missed: datetime | None) -> Paper:
    if not words:
        status: Status = "not_found" if missed else "never_asked"
        return Paper(subject, None, (), None, status, None, None, None)
    newest = max(word.version for word in words)
    current = [word for word in words if word.version == newest]
    record = _well_worded(_last(current), current)
    withdrawn, evidence = _withdrawal(current)
    gone = missed is not None and missed > max(word.said_at for word in words)
    return Paper(
        subject=subject,
        record=record,
        versions=_versions(words),
        first_seen_at=min(word.said_at for word in words),
        metadata_status="gone" if gone else "ok",
        metadata_as_of=record.said_at,
        withdrawn=withdrawn,
        withdrawn_evidence=evidence,
    )


def _last(words: Iterable[PaperRecord]) -> PaperRecord:
    """Returns the newest word; of two at one time always the same one."""
    told = list(words)
    newest = max((word.said_at, word.source) for word in told)
    tied = [word for word in told if (word.said_at, word.source) == newest]
    return tied[0] if len(tied) == 1 else max(tied, key=repr)


def _well_worded(record: PaperRecord, words: Iterable[PaperRecord]) -> PaperRecord:
    """Takes title, authors and abstract of a version from whoever has names apart and accents as characters: the feed."""
    if not record.versions:
        return record
    feed = [word for word in words if not word.versions]
    if not feed:
        return record
    best = _last(feed)
    return replace(record, title=best.title, authors=best.authors, abstract=best.abstract)


def _versions(words: Iterable[PaperRecord]) -> tuple[Version, ...]:
    """Returns every version that any word tells; of two words about one version the newest counts."""
    told: dict[int, tuple[datetime, datetime]] = {}
    for word in words:
        history = word.versions or (Version(word.version, word.updated_at),)
        for version in history:
            said = (word.said_at, version.updated_at)
            told[version.number] = max(said, told.get(version.number, said))
    return tuple(Version(number, told[number][1]) for number in sorted(told))


def _withdrawal(words: Iterable[PaperRecord]) -> tuple[bool | None, str | None]:
    """Returns whether the newest version is withdrawn, and the evidence.

    Each source's newest word counts, so that one that cannot tell (the query API) does not silence one that can.
    """
    by_source: dict[str, list[PaperRecord]] = defaultdict(list)
    for word in words:
        by_source[word.source].append(word)
    telling = [word for said in by_source.values() if (word := _last(said)).withdrawn is not None]
    if not telling:
        return None, None
    word = _last(telling)
    return word.withdrawn, word.withdrawn_evidence


def links(papers: Iterable[Paper], current: Mapping[Subject, Subject]) -> list[RepoLink]:
    """Returns the repositories that papers link in abstract and comment, sorted; `current` maps old names to new."""
    found: set[RepoLink] = set()
    for paper in papers:
        if paper.record:
            found |= _links_in(paper.subject, paper.record.abstract, "abstract", current)
            found |= _links_in(paper.subject, paper.record.comment or "", "comment", current)
    return sorted(found)


def entry_links(entries: Iterable[Entry], current: Mapping[Subject, Subject]) -> list[RepoLink]:
    """Returns the repositories that editors link in entries about papers, sorted; `current` maps old names to new."""
    found: set[RepoLink] = set()
    for entry in entries:
        if not is_paper(entry.subject):
            continue
        urls = [entry.wording.url or "", *(link.url for link in entry.wording.links)]
        repos = [repo for url in urls if "://" in url and (repo := read_repo(url))]
        found |= {_link(entry.subject, repo_subject(repo), "entry", current) for repo in repos}
        for text in (entry.note or "", *(note.text for note in entry.wording.notes)):
            found |= _links_in(entry.subject, text, "entry", current)
    return sorted(found)


def _links_in(paper: Subject, text: str, where: FoundIn, current: Mapping[Subject, Subject]) -> set[RepoLink]:
    return {_link(paper, repo_subject(repo), where, current) for repo in find_repos(text)}


def _link(paper: Subject, repo: Subject, where: FoundIn, current: Mapping[Subject, Subject]) -> RepoLink:
    return RepoLink(paper, current.get(repo, repo), where)
