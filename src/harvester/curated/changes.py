"""What differs between two snapshots, list by list: a pure function of their tables.

A big mover is an entry whose paper has gained five citations or more, and a tenth of those it had; or whose repository has
gained fifty stars or more, and a tenth. The ten that gained most are told, of each kind. Numbers are compared only where
both are from the same source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.curated.facts import read_entries, read_paper_facts, read_repo_facts
from harvester.ids import RepoName, Subject, arxiv_of, read_repo, repo_of, repo_subject, url_of
from harvester.pages import Change, ChangeKind, PaperFacts, RepoFacts
from harvester.records import Entry
from harvester.tex import readable

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = ("papers", "paper_repositories", "repositories", "entries")
_TOLD = 10  # movers of a kind
_SHARE = 10  # a tenth
_LEAST: Mapping[ChangeKind, int] = {"citations": 5, "stars": 50}

Placement = tuple[Subject, int]


@dataclass(frozen=True, slots=True)
class Told:
    """What one snapshot says, as far as changes are told."""

    papers: Mapping[Subject, PaperFacts]
    repositories: Mapping[Subject, RepoFacts]  # by every name, the one they have before one that another left
    linked: Mapping[Subject, RepoFacts]  # by the name that a link holds, which means the one that had it first
    entries: Sequence[Entry]

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table]) -> Told:
        """Reads the tables named in TABLES."""
        found = read_repo_facts(tables["repositories"])
        former = {repo_subject(alias): repo for repo in found.values() for alias in repo.aliases}
        papers = read_paper_facts(tables["papers"], tables["paper_repositories"])
        return cls(papers, former | found, found | former, read_entries(tables["entries"]))

    def listed(self, slug: str) -> dict[Placement, Entry]:
        """The entries of one list, by placement."""
        return {(entry.subject, entry.place): entry for entry in self.entries if entry.list == slug}


def compare(before: Told, after: Told, slug: str) -> tuple[Change, ...]:
    """Returns what changed in one list; empty for a list that the earlier snapshot did not have."""
    old, new = before.listed(slug), after.listed(slug)
    if not old:
        return ()
    changes = [_change("added", entry, after) for key, entry in new.items() if key not in old]
    changes += [_change("removed", entry, before) for key, entry in old.items() if key not in new]
    stayed = [(old[key], entry) for key, entry in new.items() if key in old]
    for was, entry in stayed:
        if was.section != entry.section:
            changes.append(_change("moved", entry, after, was.section, entry.section))
    by_subject: dict[Subject, list[tuple[Entry, Entry]]] = {}
    for pair in stayed:
        by_subject.setdefault(pair[1].subject, []).append(pair)
    once = {subject: placed[0][1] for subject, placed in by_subject.items()}  # facts are told with the first placement
    for placed in by_subject.values():
        entry = placed[0][1]
        changes += _of_paper(entry, before, after)
        changes += _retitled(*placed[0], before, after)
        changes += _of_code(placed, before, after)
        changes += _renamed(entry, before, after)
    movers = [*_movers("citations", once.values(), before, after), *_movers("stars", once.values(), before, after)]
    return (*changes, *movers)


def _change(kind: ChangeKind, entry: Entry, told: Told, before: str | None = None, after: str | None = None) -> Change:
    repo = repo_of(entry.subject)
    known = told.linked.get(entry.subject)
    name = (known.name if known else repo).partition("/")[2] if repo else None
    arxiv = arxiv_of(entry.subject)
    found = _shown_title(entry, told) or name
    title = found or (f"arXiv:{arxiv}" if arxiv else entry.subject.partition(":")[2])
    url = entry.wording.url or url_of(entry.subject)
    return Change(kind, entry.subject, entry.place, title, url, entry.section, before, after)


def _of_paper(entry: Entry, before: Told, after: Told) -> Iterator[Change]:
    was, now = before.papers.get(entry.subject), after.papers.get(entry.subject)
    if was is None or now is None:
        return
    if now.withdrawn and not was.withdrawn:
        yield _change("withdrawn", entry, after)


def _shown_title(entry: Entry, told: Told) -> str | None:
    paper = told.papers.get(entry.subject)
    return entry.wording.title or (readable(paper.title) if paper and paper.title else None)


def _retitled(was: Entry, now: Entry, before: Told, after: Told) -> Iterator[Change]:
    """Another title than the page showed; arXiv's own does not matter where editors have one."""
    old, new = _shown_title(was, before), _shown_title(now, after)
    if old and new and old != new:
        yield _change("renamed", now, after, old, new)


def _of_code(placed: Sequence[tuple[Entry, Entry]], before: Told, after: Told) -> Iterator[Change]:
    """Repositories that editors link now, or the paper itself, and neither did before."""
    entry = placed[0][1]
    was, now = before.papers.get(entry.subject), after.papers.get(entry.subject)
    known = {_current(subject, after.repositories) for subject in (was.repositories if was else ())}
    known |= {_current(repo_subject(name), after.linked) for old, _ in placed for name in _repositories(old)}
    linked = [_current(repo_subject(name), after.linked) for _, new in placed for name in _linked(new)]
    # Of a paper that nothing was known of, what it links itself is not new.
    own = now.repositories if now and was and was.title else ()
    for subject in dict.fromkeys((*linked, *own)):
        if subject not in known and repo_of(subject):  # one that has lost its name is not new either
            yield _change("code", entry, after, None, url_of(subject))


def _current(subject: Subject, repositories: Mapping[Subject, RepoFacts]) -> Subject:
    repo = repositories.get(subject)
    return repo.subject if repo else subject


def _renamed(entry: Entry, before: Told, after: Told) -> Iterator[Change]:
    for name in _repositories(entry):
        was, now = (told.linked.get(repo_subject(name)) for told in (before, after))
        if was and now and was.name.lower() != now.name.lower():
            yield _change("renamed", entry, after, was.name, now.name)


def _linked(entry: Entry) -> Iterator[RepoName]:
    for url in (entry.wording.url or "", *(link.url for link in entry.wording.links)):
        if "github.com/" in url and (name := read_repo(url)):
            yield name


def _repositories(entry: Entry) -> list[RepoName]:
    own = repo_of(entry.subject)
    return list(dict.fromkeys([*([own] if own else []), *_linked(entry)]))


def _movers(kind: ChangeKind, entries: Iterable[Entry], before: Told, after: Told) -> list[Change]:
    found = []
    for entry in entries:
        was, now = (_number(kind, entry, told) for told in (before, after))
        if was and now and was[0] == now[0]:
            gained = now[1] - was[1]
            if gained >= _LEAST[kind] and gained * _SHARE >= was[1]:
                found.append((-gained, entry.subject, _change(kind, entry, after, str(was[1]), str(now[1]))))
    return [change for *_, change in sorted(found, key=lambda mover: mover[:2])[:_TOLD]]


def _number(kind: ChangeKind, entry: Entry, told: Told) -> tuple[str, int] | None:
    """A number, and whom or what it is from: numbers of two sources are not compared."""
    if kind == "citations":
        paper = told.papers.get(entry.subject)
        known = paper and paper.citations is not None and paper.citations_source
        return (paper.citations_source or "", paper.citations or 0) if paper and known else None
    repos = (told.linked.get(repo_subject(name)) for name in _repositories(entry))
    stars = [repo.stars for repo in repos if repo and repo.stars is not None]
    return ("github", max(stars)) if stars else None
