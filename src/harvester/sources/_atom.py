"""Reads arXiv's Atom feed: a page of it, or what is wrong with it.

The `arxiv` package builds the entries; what it lets pass is checked here first. It takes an HTML page for an empty result,
half a feed for a whole one, and one bad date for the end of everything (docs of the package, version 4.0.2). Fields:
https://info.arxiv.org/help/api/user-manual.html#_details_of_atom_results_returned
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harvester.errors import Malformed
from harvester.ids import ArxivId, read_arxiv_id
from harvester.records import Landing, PaperRecord
from harvester.sources._answers import AHEAD, LONGEST_TEXT, LONGEST_TITLE, malformed
from harvester.sources._withdrawn import evidence
from harvester.sources._xml import read_xml

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_ENTRY = f"{_ATOM}entry"
_TOTAL = f"{_OPENSEARCH}totalResults"

# Of the feed nothing but the total is used: the rest repeats the question, and `updated` is the time of the request.
_FEED_FIELDS = {
    *(f"{_ATOM}{name}" for name in ("id", "title", "updated", "link", "entry", "author")),
    *(f"{_OPENSEARCH}{name}" for name in ("totalResults", "startIndex", "itemsPerPage")),
}
# Ignored by name: links (made from the id) and, inside an author, affiliations.
_ENTRY_FIELDS = {
    *(f"{_ATOM}{name}" for name in ("id", "title", "updated", "published", "summary", "author", "category", "link")),
    *(f"{_ARXIV}{name}" for name in ("comment", "journal_ref", "doi", "primary_category", "affiliation")),
}
_PLAIN = {*(f"{_ATOM}{name}" for name in ("id", "title", "updated", "published", "summary")), f"{_ARXIV}comment"}
# Categories of arXiv itself; the same element also carries MSC and ACM classes ("68T50", "I.2.7"), which are left out.
_CATEGORY = re.compile(r"[a-z][a-z-]+(?:\.[A-Za-z-]+)?")
_ABOUT_ERRORS = "/api/errors"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of results: what it promises in total, and what it brought."""

    total: int
    entries: int  # elements on the page, usable or not
    records: tuple[PaperRecord, ...]
    problems: tuple[str, ...]

    @property
    def distinct(self) -> int:
        """How many elements the page holds, of a paper that stands there twice only one."""
        return self.entries - len(self.records) + len(self.ids)

    @property
    def ids(self) -> frozenset[ArxivId]:
        """The papers that arrived, without version."""
        return frozenset(record.arxiv_id for record in self.records)


def read_page(landing: Landing) -> Page:
    """Reads a page with status 200; raises `Malformed` for anything but a whole feed with a total and no error entry."""
    root = _root(landing)
    total = (root.findtext(_TOTAL) or "").strip()
    if not (total.isascii() and total.isdecimal() and len(total) < 10):
        raise malformed(landing, "the feed has no totalResults")
    entries = root.findall(_ENTRY)
    records: list[PaperRecord] = []
    problems = _new_fields(root, entries)
    for entry in entries:
        if _ABOUT_ERRORS in (entry.findtext(f"{_ATOM}id") or ""):
            raise malformed(landing, f"the feed holds an error: {_one_line(entry.findtext(f'{_ATOM}summary'))[:200]}")
        record = _record(entry, landing)
        if isinstance(record, PaperRecord):
            records.append(record)
        else:
            problems.append(record)
    return Page(int(total), len(entries), tuple(records), tuple(problems))


def error_text(landing: Landing) -> str:
    """Returns what arXiv's error entry says (it comes with HTTP 400); empty where the answer holds none."""
    try:
        root = _root(landing)
    except Malformed:
        return ""
    for entry in root.findall(_ENTRY):
        if _ABOUT_ERRORS in (entry.findtext(f"{_ATOM}id") or ""):
            return _one_line(entry.findtext(f"{_ATOM}summary"))
    return ""


def _root(landing: Landing) -> Any:
    return read_xml(landing, f"{_ATOM}feed", "an Atom feed")


def _new_fields(root: Any, entries: list[Any]) -> list[str]:
    new = {str(child.tag) for child in root if child.tag not in _FEED_FIELDS}
    for entry in entries:
        new |= {str(child.tag) for child in entry if child.tag not in _ENTRY_FIELDS}
    return [f"arXiv sent a field this version does not know: {tag}" for tag in sorted(new)]


def _record(entry: Any, landing: Landing) -> PaperRecord | str:
    """Reads one entry; returns in words why it cannot be used, if so."""
    from arxiv import _feed

    name = _one_line(entry.findtext(f"{_ATOM}id"))
    identity = read_arxiv_id(name)
    if identity is None or identity[1] is None:
        return f"an entry names no paper and version: {name[:80]!r}"
    if others := _linked(entry) - {identity[0]}:
        return f"{name}: an entry whose links name another paper, {min(others)}"
    if any(len(child) for child in entry if child.tag in _PLAIN):
        return f"{name}: an entry with markup inside its texts"
    if not _one_line(entry.findtext(f"{_ATOM}published")) or not _one_line(entry.findtext(f"{_ATOM}updated")):
        return f"{name}: an entry without published or updated"
    try:
        result = _feed._build_result(entry)
    except (ValueError, OverflowError):  # a date that is none, or none in UTC
        return f"{name}: an entry whose dates cannot be read"
    categories = tuple(dict.fromkeys(term for term in result.categories if _CATEGORY.fullmatch(term))) if result else ()
    title = _one_line(result.title) if result else ""
    if result is None or not title or not categories or not _plausible(result, landing.fetched_at):
        return f"{name}: an entry without title or categories, or with dates that cannot be"
    comment, abstract = _one_line(result.comment) or None, _one_line(result.summary)
    if len(title) > LONGEST_TITLE or len(abstract) + len(comment or "") > LONGEST_TEXT:
        return f"{name}: an entry with texts longer than any paper's"
    withdrawn = evidence(comment, abstract)
    return PaperRecord(
        arxiv_id=identity[0],
        version=identity[1],
        title=title,
        abstract=abstract,
        authors=tuple(author for author in (_one_line(each.name) for each in result.authors) if author),
        categories=categories,
        primary_category=result.primary_category if _CATEGORY.fullmatch(result.primary_category) else categories[0],
        submitted_at=result.published,
        updated_at=result.updated,
        comment=comment,
        journal_ref=_one_line(result.journal_ref) or None,
        doi=_one_line(result.doi) or None,
        withdrawn=True if withdrawn else None,
        withdrawn_evidence=withdrawn,
        source=landing.request.source,
        said_at=landing.fetched_at,
    )


def _plausible(result: Any, now: datetime) -> bool:
    """Tells whether the dates can be arXiv's: it opened in 1991, holds papers since 1986, and none of the future."""
    dates: tuple[datetime, datetime] = (result.published, result.updated)
    return min(dates).year >= 1986 and max(dates) <= now + AHEAD


def _linked(entry: Any) -> set[ArxivId]:
    """Returns the papers that an entry links to at arXiv: itself, or ids and texts have been mixed up."""
    links = (link.get("href") or "" for link in entry.findall(f"{_ATOM}link"))
    read = (read_arxiv_id(link) for link in links if "arxiv.org/" in link)
    return {identity[0] for identity in read if identity}


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
