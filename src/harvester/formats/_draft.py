"""An entry while it is being read: links find their meaning, and what is broken is mended and told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from harvester.formats._targets import read_target, repo_at, subject_of, tidy_url
from harvester.formats._text import clean_url, one_line
from harvester.ids import Subject, arxiv_of, is_doi_link, read_subject, url_of
from harvester.pages import ParsedEntry, Repair
from harvester.records import Link, Note, Wording

_BRACKETED_ID = re.compile(r"\[([^\[\]\s]+)\]\s+(?=\S)")
_COUNTERS = re.compile(r"https?://(?:scholar\.google\.[a-z.]+|(?:www\.)?semanticscholar\.org|(?:api\.)?openalex\.org)/")
# Bars, brackets, commas or the ends of the text stand on both sides: in the middle of a sentence it is prose.
_SAID_COUNT = re.compile(
    r"(?:^|(?<=[,;·|(\[.)\]–-]\s)|(?<=[,;·|(\[]))(?:\*\*|_)?"
    r"(?:(?:citations?|cited(?: by)?)\s*[:=]?\s*(?:\*\*)?(\d{1,3}(?:,\d{3})+|\d{1,7})"
    r"|(\d{1,3}(?:,\d{3})+|\d{1,7})\s+citations?)"
    r"(?:\*\*|_)?(?=\s*(?:$|[,;·|)\]]|\.(?:\s|$)))",
    re.IGNORECASE,
)
_PAPERS = ("arxiv:", "doi:", "openreview:")
_OWN_LABELS = ("paper", "arxiv", "pdf")  # of the link to what an entry is about, where its title links elsewhere
_COUNT = re.compile(r"-?\d+")


@dataclass(slots=True)
class Draft:
    """What has been read of one entry so far; `finish` makes the entry."""

    line: int
    own: bool = False  # stands on a page that harvester rendered
    title: str | None = None
    title_url: str | None = None
    bold: bool = False
    authors: str | None = None
    venue: str | None = None
    links: list[Link] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    figure: str | None = None
    figure_width: str | None = None
    listed_on: str | None = None
    citations: int | None = None
    citations_url: str | None = None
    version: int | None = None
    badge_targets: list[str] = field(default_factory=list)  # repositories that badges in front of the title link to
    of_link: bool = False  # a bullet that is a link, so that slanted words below it describe it
    of_bold: bool = False  # a bullet with a bold title, behind which stands the link to what it is about
    mended: dict[str, None] = field(default_factory=dict)  # what was repaired, each kind once

    @property
    def repairs(self) -> list[Repair]:
        """What was broken in this entry and how it was mended."""
        return [Repair(self.line, what) for what in self.mended]

    def mend(self, what: str) -> None:
        """Notes down a repair of this entry, each kind once."""
        self.mended[what] = None

    def add_link(self, label: str, url: str) -> None:
        """Adds a link, tidied; an address that is none leaves its label as a note."""
        target = self._tidy(url)
        text = one_line(label)
        if target is None:
            if text:
                self.notes.append(Note(text, depth=0, bullet=False))
            self.mend(f"a link without a usable address was kept as text: {text or url!r}")
            return
        if text == "figure" and self.own and self.figure is None:  # how bullet style shows one
            self.figure = clean_url(url)
            return
        repo = repo_at(target)
        if repo and "?" in text:
            self.mend(f"link label {text!r} is the tail of an address: {repo.partition('/')[2]}")
            text = repo.partition("/")[2]
        self.links.append(Link(text, target))

    def set_title(self, title: str, url: str | None) -> None:
        """Sets the title and where it links to."""
        self.title = one_line(title)
        self.title_url = self._tidy(url) if url else None

    def _tidy(self, url: str) -> str | None:
        target = read_target(url)
        if target and target.url == url:
            return url
        if target and arxiv_of(target.subject or Subject("")):
            if target.version:
                self.version = self.version or target.version
                self.mend("the version was taken out of an arXiv link")
        elif (target.url if target else None) != one_line(url):
            self.mend(f"an address was tidied: {one_line(url)[:120]}")
        return target.url if target else None

    def set_owner(self, owner: str) -> None:
        """Keeps the owner shown behind the last link, where the address does not say the same."""
        url = self.links[-1].url if self.links else self.title_url or ""
        repo = repo_at(url)
        if repo and repo.partition("/")[0].lower() == owner.lower():
            return
        if self.links:
            self.links[-1] = Link(self.links[-1].label, url, owner)
        else:
            self.notes.append(Note(owner, depth=0, bullet=False))

    def set_citations(self, text: str, url: str) -> None:
        """Keeps a hand-kept number as a fact; a negative one and a word mean unknown."""
        number = int(text) if _COUNT.fullmatch(text) else -1
        if number < 0:
            self.mend("a citation count of -1 means unknown and is not shown")
            return
        self.citations, self.citations_url = number, clean_url(url)

    def take_count(self, text: str) -> str:
        """Takes "citations: 512" or "cited by 512" out of a text as the number that the list saw; returns the rest."""
        found = _SAID_COUNT.search(text) if self.citations is None and "cit" in text.casefold() else None
        if found is None:
            return text
        self.citations = int((found[1] or found[2]).replace(",", ""))
        before, behind = text[: found.start()].rstrip(" ,;·-–|(["), text[found.end() :].lstrip(" ,;·-–|)].")
        return f"{before} · {behind}" if before and behind else before or behind

    def count_citations(self) -> None:
        """Takes a number of citations out of what stands beside the title, and out of the links."""
        for link in self.links:
            if link.label.isdecimal() and self.citations is None and counts_citations(link.url):
                self.set_citations(link.label, link.url)
                self.links.remove(link)
                break
        kept = []
        for note in self.notes:
            text = self.take_count(note.text) if note.depth == 0 else note.text
            if text:
                kept.append(note if text == note.text else replace(note, text=text))
        self.notes = kept

    def finish(self, section: str) -> ParsedEntry | None:
        """Returns the entry, or None where nothing says what it is about."""
        subject = self._subject()
        if subject is None:
            return None
        same = self.title_url if subject.startswith("github:") else None
        below = same is not None and same.casefold() != url_of(subject).casefold()  # a folder of the repository
        own: list[Link] = []
        others: list[Link] = []
        for link in self.links:
            (own if link.url == same or (not below and is_own(link.url, subject)) else others).append(link)
        if own and self.title_url is None and not subject.startswith("arxiv:"):
            self.title_url = own[0].url
        wording = Wording(
            title=self._own_title(subject),
            url=self.title_url if self.title_url and self.title_url != url_of(subject) else None,
            authors=self.authors or None,
            venue=self._own_venue(subject),
            links=tuple(others),
            notes=self._own_notes(),
            figure=self.figure,
            figure_width=self.figure_width,
            listed_on=self.listed_on,
            marks=tuple(self.marks),
            bold=self.bold,
            citations_seen=self.citations,
            citations_seen_url=self.citations_url,
        )
        return ParsedEntry(subject, wording, section, self.line, self.version)

    def _subject(self) -> Subject | None:
        """A paper wherever a link names one; else what the title links to; else the first link."""
        linked = [(link.label, found) for link in self.links if (found := subject_of(link.url))]
        first = (subject_of(self.title_url) if self.title_url else None) or (linked[0][1] if linked else None)
        if self.title_url and first and not first.startswith(("github:", "url:")):
            return first
        if self.own and (own := self._own_link()):
            return own
        papers = [(label, found) for label, found in linked if found.startswith(_PAPERS)]
        for label, found in papers:
            if label.casefold().strip("[]") in _OWN_LABELS:
                return found
        return papers[0][1] if papers and not (self.title_url and first) else first

    def _own_link(self) -> Subject | None:
        """What an entry of a page of our own is about: bullets begin with it, a row's cell of links ends with it."""
        if self.of_link and self.title_url:
            return subject_of(self.title_url)
        if self.of_bold:
            return subject_of(self.links[0].url) if self.links else None
        last = self.links[-1] if self.links else None
        if last and (last.label == "Link" or (last.label == "Github" and last.url == self.title_url)):
            return subject_of(last.url)
        papers = (subject_of(link.url) for link in reversed(self.links) if link.label == "Paper")
        return next((found for found in papers if found and found.startswith(_PAPERS)), None)

    @property
    def about_paper(self) -> bool:
        """Tells whether the entry is about a paper with an id."""
        return (self._subject() or "").startswith(("arxiv:", "doi:", "openreview:"))

    def _own_notes(self) -> tuple[Note, ...]:
        """The entry's own line holds one note, since no page tells where the next would begin."""
        inline = [note.text for note in self.notes if note.depth == 0]
        below = [note for note in self.notes if note.depth > 0]
        return (*([Note(" ".join(inline), depth=0, bullet=False)] if inline else []), *below)

    def _own_title(self, subject: Subject) -> str | None:
        title = self.title or ""
        found = _BRACKETED_ID.match(title) if title[:1] == "[" else None
        if found and read_subject(found[1]) == subject:
            self.mend("the id in brackets was taken out of a title")
            title = title[found.end() :]
        return title or None

    def _own_venue(self, subject: Subject) -> str | None:
        """None where the venue only repeats the arXiv id."""
        arxiv = arxiv_of(subject) if self.venue else None
        if arxiv and self.venue and "".join(self.venue.split()).casefold() == f"arxiv,{arxiv}":
            return None
        return self.venue or None


def counts_citations(url: str) -> bool:
    """Tells whether an address is of a site that counts citations."""
    return bool(_COUNTERS.match(url))


def is_own(url: str, subject: Subject) -> bool:
    """Tells whether a tidied address is the subject's own page, which every style links by itself."""
    if not subject.startswith(("doi:", "url:")):
        return url.casefold() == url_of(subject).casefold()
    if subject_of(url) != subject:
        return False
    return subject.startswith("url:") or is_doi_link(url)


def place_badges(draft: Draft) -> None:
    """A badge in front of a title links to a repository: one that no other link names becomes a link of its own."""
    if not draft.badge_targets:
        return
    named = {repo.lower() for repo in _repos(draft)}
    for target in draft.badge_targets:
        repo = repo_at(target)
        if repo and repo.lower() not in named and (url := tidy_url(target)):
            draft.links.append(Link("Github", url))
            named.add(repo.lower())


def _repos(draft: Draft) -> Iterator[str]:
    for url in (draft.title_url, *(link.url for link in draft.links)):
        if url and (repo := repo_at(url)):
            yield repo
