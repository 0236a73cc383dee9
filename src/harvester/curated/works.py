"""What is compared to find twins: a paper with all its titles, its authors and every identifier that it is known by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from harvester.curated.likeness import Title, people
from harvester.ids import Subject, read_doi, read_subject
from harvester.records import Entry, Paper, PaperRecord

# Ids of the ACL Anthology are DOIs: https://aclanthology.org/info/ids/
_ACL = re.compile(
    r"https?://(?:www\.)?(?:aclanthology\.org|aclweb\.org/anthology)/([A-Za-z0-9._-]+?)(?:v\d+)?(?:\.pdf|\.bib)?/?"
)
_ACL_ID = re.compile(r"[A-Z]\d{2}-\d{4}|\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Work:
    """What is known of one paper: all titles it ever had, authors as written, and its other identifiers."""

    subject: Subject
    titles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()  # names, or lists of names as a page has them
    names: frozenset[Subject] = field(default_factory=frozenset)
    abstract: str | None = None

    @cached_property
    def compared(self) -> tuple[Title, ...]:
        """Its titles, each once."""
        return tuple(title for text in dict.fromkeys(self.titles) if (title := Title(text)).words)

    @cached_property
    def people(self) -> tuple[frozenset[str], ...]:
        """Its authors."""
        return people(self.authors)

    @cached_property
    def surnames(self) -> frozenset[str]:
        """All words of its authors' names: works that share none have no author in common."""
        return frozenset(key.partition(" ")[0] for keys in self.people for key in keys)


def name_in(url: str) -> Subject | None:
    """Reads the identifier behind a link to a paper: arXiv, DOI, OpenReview, or the ACL Anthology, whose ids are DOIs.

    None for repositories and other addresses: several papers may share those.
    """
    if (found := _ACL.fullmatch(url)) and _ACL_ID.fullmatch(found[1]):
        return Subject(f"doi:10.18653/v1/{found[1].lower()}")
    subject = read_subject(url)
    return subject if subject and subject.startswith(("arxiv:", "doi:", "openreview:")) else None


def implied(subject: Subject) -> Iterator[Subject]:
    """Yields the identifier that an address holds."""
    if subject.startswith("url:") and (name := name_in(subject[4:])):
        yield name


def work_of(paper: Paper, records: Iterable[PaperRecord] = ()) -> Work:
    """Makes the work of a paper; `records` of it, of whatever version, tell the titles it had before."""
    record = paper.record
    if record is None:
        return Work(paper.subject)
    doi = read_doi(record.doi) if record.doi else None
    titles = (record.title, *(told.title for told in records))
    names = frozenset({Subject(f"doi:{doi}")} if doi else ())
    return Work(paper.subject, tuple(dict.fromkeys(titles)), record.authors, names, record.abstract)


def listed_work(entry: Entry) -> Work:
    """Makes the work of an entry, as the editors wrote it; links beside it name it, if they are of another kind.

    Two arXiv ids in one entry are two papers as a rule, such as a report and its second part.
    """
    words = entry.wording
    kind = entry.subject.partition(":")[0]
    urls = (words.url or "", *(link.url for link in words.links))
    found = (name for url in urls if "://" in url and (name := name_in(url)))
    names = frozenset(name for name in found if name.partition(":")[0] != kind)
    authors = (words.authors,) if words.authors else ()
    return Work(entry.subject, (words.title,) if words.title else (), authors, names)
