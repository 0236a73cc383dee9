"""Rules on the entries of a list: what a reader would trip over, told where it was decided."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from harvester.definitions import ListDefinition
from harvester.findings import Severity
from harvester.former_names import written_formerly
from harvester.ids import Subject, read_repo, read_subject, repo_of, url_of
from harvester.records import Entry

MOST = 1_000_000  # no paper has more citations, no repository more stars
_LONGEST, _SHORTEST = 250, 6
_ALIKE = 0.6  # below it two titles are those of two papers; a renamed paper mostly keeps half of its words
_PLACEHOLDER = re.compile(r"(?:todo|tbd|tba|untitled|title|paper(?: title)?|name|xxx+|coming soon|none|n/?a)\W*", re.I)
_NO_REPOSITORY = re.compile(r"/?(?:orgs|features|topics|marketplace|sponsors|settings|about|search|apps)(?:/|$)")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a rule found something, what it is, and what to do; on a file of the list, a page, or a decision."""

    file: str
    line: int
    said: str
    subject: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One list as its entries go. Files are named as somebody in the checkout would type them."""

    definition: ListDefinition
    definition_file: str  # "editorial/lists/efficient-llm.toml"
    definition_text: str
    decisions_folder: str  # "editorial/decisions"
    entries: tuple[Entry, ...]
    titles: Mapping[Subject, str]  # what arXiv calls the papers, where known
    mend: Callable[[str], str]  # undoes mojibake; gives back what is sound

    def at(self, entry: Entry, said: str) -> Spot:
        """Tells something about an entry, at the decision that put it where it stands."""
        stem, _, line = entry.decision.rpartition(":")
        return Spot(f"{self.decisions_folder}/{stem}.jsonl", int(line or 1), said, str(entry.subject), entry.section)

    def in_definition(self, words: str, said: str, path: str | None = None) -> Spot:
        """Tells something about the definition, at the first line that holds these words."""
        lines = self.definition_text.split("\n")
        line = next((number for number, text in enumerate(lines, 1) if words in text), 1)
        return Spot(self.definition_file, line, said, None, path)


@dataclass(frozen=True, slots=True)
class EntryRule:
    """What a rule looks for is the first line of its function's docstring."""

    severity: Severity
    look: Callable[[Listed], Iterator[Spot]]


def missing_id(listed: Listed) -> Iterator[Spot]:
    """A paper (it has authors) is listed by a bare link, so that no upstream can be asked about it."""
    for entry in listed.entries:
        if not entry.subject.startswith("url:"):
            continue
        known = [read_subject(link.url) for link in entry.wording.links]
        better = next((s for s in known if s and s.startswith(("arxiv:", "doi:", "openreview:"))), None)
        if better:
            yield listed.at(entry, f"{entry.subject} has an id: accept {better} in its place, and reject the bare link")
        elif entry.wording.authors:
            yield listed.at(
                entry, f"{entry.subject} is a paper without id: look for its arXiv id or DOI and accept that"
            )


def dead_section(listed: Listed) -> Iterator[Spot]:
    """An entry stands in a section that the definition lacks."""
    paths = {section.path.casefold() for section in listed.definition.sections}
    for entry in listed.entries:
        if entry.section.casefold() not in paths:
            near = listed.definition.nearest_sections(entry.section)
            hint = f'did you mean "{near[0]}"? ' if near else ""
            renamed = f"if it was renamed, add {written_formerly(entry.section)} to it in {listed.definition_file}"
            remedy = f"{hint}{renamed}; else move the entry with `harvester accept {entry.subject} --section NAME`"
            yield listed.at(entry, f'no section "{entry.section}" in list {entry.list}; {remedy}')


def empty_section(listed: Listed) -> Iterator[Spot]:
    """A section has neither prose nor an entry, and no subsection with one."""
    filled = [entry.section.casefold() + " / " for entry in listed.entries]
    for section in listed.definition.sections:
        has_entry = any(path.startswith(section.path.casefold() + " / ") for path in filled)
        if not has_entry and not section.prose.strip():
            said = f'section "{section.path}" has no entry: fill it, or take it out of the definition'
            yield listed.in_definition(f'"{section.path}"', said, section.path)


def duplicate_subject(listed: Listed) -> Iterator[Spot]:
    """The same subject stands in the list more than once."""
    first: dict[Subject, Entry] = {}
    for entry in listed.entries:
        before = first.setdefault(entry.subject, entry)
        if before is not entry:
            both = f'"{before.section}" and "{entry.section}"'
            where = f'twice in "{entry.section}"' if before.section == entry.section else f"in {both}"
            remedy = "reject one placement, or except it where it belongs in both"
            yield listed.at(entry, f"{entry.subject} stands {where}: {remedy}")


def duplicate_title(listed: Listed) -> Iterator[Spot]:
    """Two subjects have the same title: a preprint and its publication, or one paper under two links."""
    first: dict[str, Entry] = {}
    for entry in listed.entries:
        title = _plain(entry.wording.title or listed.titles.get(entry.subject, ""))
        if len(title) < _SHORTEST or repo_of(entry.subject):
            continue
        before = first.setdefault(title, entry)
        if before.subject != entry.subject:
            said = f'{entry.subject} has the title of {before.subject} in "{before.section}": keep one of them'
            yield listed.at(entry, said)


def malformed_repository(listed: Listed) -> Iterator[Spot]:
    """A link to github.com names no repository: an owner alone, a page of the site, or something cut off."""
    for entry in listed.entries:
        for url in _urls(entry):
            wrong = _wrong_repository(url)
            if wrong:
                yield listed.at(entry, f"{url} {wrong}: write https://github.com/owner/name")


def _wrong_repository(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "is no address"
    host = (parts.hostname or "").removeprefix("www.")
    if host != "github.com" or _NO_REPOSITORY.match(parts.path):
        return None
    name = read_repo(url)
    if name is None:
        return "names no repository"
    return "names a badge or a file in place of a repository" if name.endswith((".svg", ".md")) else None


def suspicious_title(listed: Listed) -> Iterator[Spot]:
    """A title looks as nobody would write one: a placeholder, capitals only, a cut end, two spaces, too short or long."""
    for entry in listed.entries:
        title = entry.wording.title
        if title is not None and (why := _suspicion(title, is_paper=not entry.subject.startswith(("github:", "url:")))):
            yield listed.at(entry, f"title {_short(title)!r} {why}")


def _suspicion(title: str, *, is_paper: bool) -> str | None:
    plain = title.strip()
    letters = [char for char in plain if char.isalpha()]
    if not plain or _PLACEHOLDER.fullmatch(plain):
        return "is a placeholder: give the paper's title, or none to show arXiv's"
    if "  " in title or title != plain:
        return "has two spaces in a row, or one at its end: leave them out"
    if is_paper and plain[-1] in ",;:-–—|/":
        return "ends as if it were cut off: give it whole"
    if len(letters) > 15 and " " in plain and not any(char.islower() for char in letters):
        return "is in capitals only: write it as the paper does"
    if is_paper and len(plain) < _SHORTEST:
        return f"is shorter than {_SHORTEST} characters: give it whole"
    if len(plain) > _LONGEST:
        return f"is longer than {_LONGEST} characters: it may hold the abstract or the authors"
    return None


def title_differs(listed: Listed) -> Iterator[Spot]:
    """A paper's title has little in common with what arXiv calls the paper: perhaps the id is another paper's."""
    for entry in listed.entries:
        theirs = listed.titles.get(entry.subject)
        mine = entry.wording.title
        if mine and theirs and not _alike(_plain(mine), _plain(theirs)):
            said = (
                f"{entry.subject} is {_short(mine)!r} here and {_short(theirs)!r} at arXiv: check the id and the title"
            )
            yield listed.at(entry, said)


def _alike(mine: str, theirs: str) -> bool:
    if mine in theirs or theirs in mine:  # shortened to its name, as many lists do
        return True
    return SequenceMatcher(None, mine, theirs, autojunk=False).ratio() >= _ALIKE


def mojibake(listed: Listed) -> Iterator[Spot]:
    """A title, authors or a note hold characters that were decoded with the wrong encoding."""
    for entry in listed.entries:
        words = entry.wording
        texts = (words.title, words.authors, words.venue, entry.note, *(note.text for note in words.notes))
        for text in texts:
            if text and not text.isascii() and (mended := listed.mend(text)) != text:
                yield listed.at(entry, f"{_short(text)!r} was decoded wrongly: write {_short(mended)!r}")


def bad_link(listed: Listed) -> Iterator[Spot]:
    """A link is empty, has no scheme, or has a space inside."""
    for entry in listed.entries:
        for url in _urls(entry):
            if why := unusable(url):
                yield listed.at(entry, f"link {url!r} of {entry.subject} {why}")


def unusable(url: str) -> str | None:
    """Says what is wrong with the address of a link, and what to do; None for a sound one, relative ones too."""
    found = url.strip()
    if not found or found.casefold() in ("none", "#", "todo", "tbd"):
        return "leads nowhere: give its address, or take the link out"
    scheme, colon, _ = found.partition(":")
    if re.search(r"\s", found):
        return "has a space inside: write %20, or take what follows out of the brackets"
    if colon and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme):
        known = scheme.lower() in ("http", "https", "mailto", "ftp")
        return None if known else f"has the scheme {scheme}: only web and mail addresses are shown as links"
    if re.match(r"(?:www\.|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|ai|dev|edu|co|me|cn)(?:/|$))", found, re.I):
        return "has no scheme: write https:// in front"
    return None


def impossible_count(listed: Listed) -> Iterator[Spot]:
    """A number of citations is more than any paper has."""
    for entry in listed.entries:
        seen = entry.wording.citations_seen
        if seen is not None and not 0 <= seen <= MOST:
            yield listed.at(entry, f"{seen} citations of {entry.subject} cannot be: take the number out")


def _urls(entry: Entry) -> list[str]:
    words = entry.wording
    own = [url_of(entry.subject)] if entry.subject.startswith("url:") else []
    found = [*own, *([words.url] if words.url is not None else []), *(link.url for link in words.links)]
    return list(Counter(found))


def _plain(title: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in title.casefold()).split())


def _short(text: str) -> str:
    return text if len(text) <= 70 else text[:69] + "…"


ENTRY_RULES: Mapping[str, EntryRule] = {
    "missing-id": EntryRule("warning", missing_id),
    "dead-section": EntryRule("error", dead_section),
    "empty-section": EntryRule("warning", empty_section),
    "duplicate-subject": EntryRule("warning", duplicate_subject),
    "duplicate-title": EntryRule("warning", duplicate_title),
    "malformed-repository": EntryRule("error", malformed_repository),
    "suspicious-title": EntryRule("warning", suspicious_title),
    "title-differs": EntryRule("warning", title_differs),
    "entry-mojibake": EntryRule("error", mojibake),
    "entry-link": EntryRule("error", bad_link),
    "entry-count": EntryRule("error", impossible_count),
}
