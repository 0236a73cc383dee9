"""Reads a page of arXiv's OAI-PMH list in the format arXivRaw, or the error that came in its place.

Protocol: https://www.openarchives.org/OAI/openarchivesprotocol.html; format: http://arxiv.org/OAI/arXivRaw.xsd. One element
`version` per version tells its date and the kind of its source, so that a withdrawal needs no guess from words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from harvester.ids import Subject, arxiv_subject, read_arxiv_id
from harvester.records import Absence, Landing, PaperRecord, Version
from harvester.sources._answers import AHEAD, LONGEST_TEXT, LONGEST_TITLE, malformed
from harvester.sources._oai_names import names
from harvester.sources._withdrawn import evidence
from harvester.sources._xml import read_xml
from harvester.tex import readable

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
_PREFIX = "oai:arXiv.org:"
_TEXTS = {
    f"{_RAW}{name}" for name in ("id", "title", "authors", "categories", "comments", "journal-ref", "doi", "abstract")
}
# Ignored by name: who sent it in, the licence, report numbers and classes of other schemes.
_FIELDS = _TEXTS | {
    f"{_RAW}{n}" for n in ("version", "submitter", "license", "proxy", "report-no", "acm-class", "msc-class")
}
_DATE_TAG, _TYPE_TAG = f"{_RAW}date", f"{_RAW}source_type"
_VERSION = re.compile(r"v([1-9]\d{0,3})")
_CATEGORY = re.compile(r"[a-z][a-z-]+(?:\.[A-Za-z-]+)?")
_MONTHS = {m: n for n, m in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_DATE = re.compile(r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC|\+0000)")
_OPENED = 1986  # arXiv holds papers since then, though it opened in 1991


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, or the protocol's error (`error` is its code and sentence)."""

    records: tuple[PaperRecord, ...] = ()
    deleted: tuple[Absence, ...] = ()
    identifiers: tuple[str, ...] = ()  # of every header, usable or not
    last_day: date | None = None  # the latest datestamp
    token: str | None = None  # None at the end of the list
    error: tuple[str, str] | None = None
    problems: tuple[str, ...] = ()


def read_page(landing: Landing) -> Page:
    """Reads a page with status 200; raises `Malformed` for anything but a whole OAI-PMH answer."""
    root = read_xml(landing, f"{_OAI}OAI-PMH", "of OAI-PMH")
    error = root.find(f"{_OAI}error")
    if error is not None:
        return Page(error=(_line(error.get("code")), _line(error.text)[:200]))
    listing = root.find(f"{_OAI}ListRecords")
    if listing is None:
        raise malformed(landing, "the answer holds neither records nor an error")
    return _page(listing, landing)


def _page(listing: Any, landing: Landing) -> Page:
    records: list[PaperRecord] = []
    deleted: list[Absence] = []
    problems: list[str] = []
    identifiers: list[str] = []
    days: list[date] = []
    new: set[str] = set()
    token = None
    for element in listing:
        if element.tag == f"{_OAI}resumptionToken":
            token = (element.text or "").strip() or None
        if element.tag != f"{_OAI}record":
            continue
        header = element.find(f"{_OAI}header")
        identifier = "" if header is None else _line(header.findtext(f"{_OAI}identifier"))
        identifiers.append(identifier)
        if header is not None and (day := _day(header.findtext(f"{_OAI}datestamp"))):
            days.append(day)
        if header is not None and header.get("status") == "deleted":
            said = _deletion(identifier, landing)
            deleted += [said] if isinstance(said, Absence) else []
            problems += [said] if isinstance(said, str) else []
            continue
        try:
            records.append(_record(element, identifier, landing, new))
        except ValueError as error:
            problems.append(f"{identifier[:80] or 'a record without identifier'}: {error}")
    problems += [f"arXiv sent a field this version does not know: {tag}" for tag in sorted(new)]
    last = max(days, default=None)
    return Page(tuple(records), tuple(deleted), tuple(identifiers), last, token, None, tuple(problems))


def _deletion(identifier: str, landing: Landing) -> Absence | str:
    identity = read_arxiv_id(identifier.removeprefix(_PREFIX))
    if identity is None:
        return f"a deleted record names no paper: {identifier[:80]!r}"
    return Absence(Subject(arxiv_subject(identity[0])), landing.request.source, landing.fetched_at)


def _record(element: Any, identifier: str, landing: Landing, new: set[str]) -> PaperRecord:
    """Reads one record; ValueError says in words why it cannot be used."""
    raw = element.find(f"{_OAI}metadata/{_RAW}arXivRaw")
    if raw is None:
        raise ValueError("a record without arXivRaw metadata")
    texts: dict[str, str] = {}
    versions: list[Version] = []
    for child in raw:
        tag = child.tag
        if tag == f"{_RAW}version":
            versions.append(_version(child, landing.fetched_at))
        elif tag in _TEXTS:
            if len(child):
                raise ValueError("markup inside its texts")
            texts[tag[len(_RAW) :]] = " ".join((child.text or "").split())
        elif tag not in _FIELDS:
            new.add(str(tag))
    identity = read_arxiv_id(texts.get("id", ""))
    if identity is None or identity[1] is not None or read_arxiv_id(identifier.removeprefix(_PREFIX)) != identity:
        raise ValueError(f"its id is another: {texts.get('id', '')[:40]!r}")
    versions.sort(key=lambda version: version.number)
    numbers = [version.number for version in versions]
    if not versions or numbers != list(range(1, len(numbers) + 1)):
        raise ValueError("its versions are not 1, 2, 3, …")
    categories = tuple(dict.fromkeys(c for c in texts.get("categories", "").split() if _CATEGORY.fullmatch(c)))
    title, abstract, comment = texts.get("title", ""), texts.get("abstract", ""), texts.get("comments") or None
    if not title or not categories:
        raise ValueError("a record without title or categories")
    if len(title) > LONGEST_TITLE or sum(map(len, texts.values())) > LONGEST_TEXT * 2:
        raise ValueError("texts longer than any paper's")
    withdrawn, why = _withdrawal(versions[-1], comment, abstract)
    return PaperRecord(
        arxiv_id=identity[0],
        version=versions[-1].number,
        title=title,
        abstract=abstract,
        authors=names(readable(texts.get("authors", ""))),
        categories=categories,
        primary_category=categories[0],
        submitted_at=versions[0].updated_at,
        updated_at=versions[-1].updated_at,
        comment=comment,
        journal_ref=texts.get("journal-ref") or None,
        doi=texts.get("doi") or None,
        withdrawn=withdrawn,
        withdrawn_evidence=why,
        source=landing.request.source,
        said_at=landing.fetched_at,
        versions=tuple(versions),
    )


def _version(element: Any, now: datetime) -> Version:
    number = _VERSION.fullmatch(element.get("version") or "")
    if number is None:
        raise ValueError("a version without number")
    texts = {child.tag: (child.text or "").strip() for child in element}
    at = _moment(texts.get(_DATE_TAG, ""))
    if at is None or at.year < _OPENED or at > now + AHEAD:
        raise ValueError("a version whose date cannot be")
    return Version(int(number[1]), at, texts.get(_TYPE_TAG) or None)


def _withdrawal(last: Version, comment: str | None, abstract: str) -> tuple[bool | None, str | None]:
    """Tells whether the last version is withdrawn: by its source type, else by words; None where neither tells."""
    if last.source_type and "I" in last.source_type:
        return True, f"source type {last.source_type} of version {last.number}"
    told = f"{comment or ''} {abstract}".lower()
    words = evidence(comment, abstract) if "withdr" in told else None  # 100,000 abstracts are searched in a sweep
    return (True, words) if words else (False if last.source_type else None, None)


def _moment(text: str) -> datetime | None:
    """Reads a date such as "Mon, 2 Apr 2007 19:18:42 GMT" (RFC 5322); None for none."""
    found = _DATE.fullmatch(text)
    try:
        if found and found[2] in _MONTHS:
            day, month, year, hour, minute, second = found.groups()
            return datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        return parsedate_to_datetime(text).astimezone(UTC) if text else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(_line(text)[:10])
    except ValueError:
        return None


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
