"""One entry joined with the facts of a snapshot: what a reader sees of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, urlsplit, urlunsplit

from harvester.definitions import Style
from harvester.ids import RepoName, Subject, arxiv_of, doi_of, read_repo, repo_of, repo_subject, split_url, url_of
from harvester.pages import Citations, CountsAsOf, Line, Page, PageLink, PaperFacts, RepoFacts
from harvester.records import Entry, Kind, Link, Note
from harvester.tex import readable

_AUTHORS_SHOWN = 12  # of the machine's own; more become "et al."


@dataclass(frozen=True, slots=True)
class Facts:
    """What a snapshot knows, by subject; repositories by every name they are known under.

    A name that was left may be another repository's now: `repositories` are by the name they have, and `linked` by the one
    that is written in a link, which means the repository that had it first.
    """

    papers: Mapping[Subject, PaperFacts]
    repositories: Mapping[Subject, RepoFacts]
    linked: Mapping[Subject, RepoFacts]

    @classmethod
    def of(cls, papers: Iterable[PaperFacts], repositories: Iterable[RepoFacts]) -> Facts:
        """Indexes the facts."""
        found = tuple(repositories)
        former = {repo_subject(alias): repo for repo in found for alias in repo.aliases}
        current = {repo.subject: repo for repo in found}
        return cls({paper.subject: paper for paper in papers}, former | current, current | former)

    def day_of(self, entry: Entry) -> date | None:
        """The day by which an entry is new: that of the paper's first version, else of its listing, else of its id.

        An entry that was taken over from a hand-kept list is as old as it may be: None where nothing tells its day.
        """
        paper = self.papers.get(entry.subject)
        if paper and paper.submitted_at:
            return _day(paper.submitted_at)
        if day := _written_day(entry.wording.listed_on):
            return day
        decided = _day(entry.decided_at)
        if (arxiv := arxiv_of(entry.subject)) and (last := _end_of_month(arxiv)):
            return min(last, decided)  # in the month of its decision, it was there on that day
        return decided if entry.order is None else None


def compose_line(entry: Entry, facts: Facts, style: Style) -> Line:
    """Joins one entry with what is known of it."""
    words = entry.wording
    paper = facts.papers.get(entry.subject)
    title_url = words.url or url_of(entry.subject)
    title = words.title or (readable(paper.title) if paper and paper.title else None) or _own_name(entry.subject, facts)
    notes = words.notes + ((Note(entry.note),) if entry.note and entry.note.strip() else ())
    title_link = _known(PageLink(title, title_url), facts.linked)
    return Line(
        subject=entry.subject,
        place=entry.place,
        title=title_link.label,
        title_link=title_link,
        authors=words.authors or (_authors(paper) if paper else None),
        venue=words.venue,
        links=tuple(_links(entry, paper, style, facts)),
        notes=notes,
        citations=_citations(paper) if paper else None,
        withdrawn=bool(paper and paper.withdrawn),
        figure=words.figure,
        figure_width=words.figure_width,
        listed_on=words.listed_on,
        marks=words.marks,
        published=paper.submitted_at.astimezone(UTC).date() if paper and paper.submitted_at else None,
        bold=words.bold or (words.title is None and repo_of(entry.subject) is not None),
    )


def _own_name(subject: Subject, facts: Facts) -> str:
    """What to call a subject that neither editors nor upstreams named."""
    repo = repo_of(subject)
    if repo:
        known = facts.linked.get(subject)
        return (known.name if known else repo).partition("/")[2]
    arxiv = arxiv_of(subject)
    return f"arXiv:{arxiv}" if arxiv else subject.partition(":")[2]


def _authors(paper: PaperFacts) -> str | None:
    shown = ", ".join(readable(name) for name in paper.authors[:_AUTHORS_SHOWN])
    return (shown + ", et al." if len(paper.authors) > _AUTHORS_SHOWN else shown) or None


def _links(entry: Entry, paper: PaperFacts | None, style: Style, facts: Facts) -> Iterator[PageLink]:
    """The editors' links; and the repositories that the paper itself names, where the editors linked none."""
    yield from (_known(_shown(link), facts.linked) for link in entry.wording.links)
    if paper is None or any(_repo(link.url) for link in (*entry.wording.links, Link("", entry.wording.url or ""))):
        return
    for subject in paper.repositories:
        repo = repo_of(subject)
        if repo:
            link = Link("" if style == "bullets" else "Github", url_of(subject))
            yield _known(_shown(link), facts.repositories)


def _shown(link: Link) -> PageLink:
    repo = _repo(link.url)
    return PageLink(link.label or (repo.partition("/")[2] if repo else link.url), link.url, link.owner)


def _repo(url: str) -> RepoName | None:
    return read_repo(url) if "://" in url and split_url(url).netloc.lower().endswith("github.com") else None


def _known(link: PageLink, repositories: Mapping[Subject, RepoFacts]) -> PageLink:
    """Adds what is known of the repository behind a link; a renamed one is linked by its present name."""
    name = _repo(link.url)
    repo = repositories.get(repo_subject(name)) if name else None
    if name is None or repo is None:
        return link
    gone = repo.stars_status in ("gone", "not_found")
    link = replace(link, stars=None if gone else repo.stars, archived=bool(repo.archived) and not gone, gone=gone)
    if gone or repo.name.lower() == name.lower():
        return link
    parts = urlsplit(link.url)
    rest = parts.path.lstrip("/").split("/", 2)[2:]
    url = urlunsplit(("https", "github.com", "/".join(["", repo.name, *rest]), parts.query, parts.fragment))
    return replace(link, url=url, formerly=name)


def _citations(paper: PaperFacts) -> Citations | None:
    if paper.citations is None or paper.citations < 0 or not paper.citations_source or not paper.citations_as_of:
        return None
    url = citations_page(paper.subject, paper.citations_source)
    return Citations(paper.citations, paper.citations_source, url, paper.citations_as_of) if url else None


def citations_page(subject: Subject, source: str) -> str | None:
    """Returns the page on which a reader finds the number that `source` gave."""
    arxiv, doi = arxiv_of(subject), doi_of(subject)
    if source == "semantic_scholar":
        found = f"search?q={quote(doi, safe='')}" if doi else f"arxiv/{arxiv}"
        return f"https://www.semanticscholar.org/{found}"
    number = f"10.48550/arxiv.{arxiv}" if arxiv else doi
    return f"https://openalex.org/works?filter=doi:{quote(number, safe='/.')}" if number else None


def without_counts(page: Page) -> Page:
    """The page as if every known count were one: it changes only where more than the value of a count does."""
    sections = (replace(section, lines=tuple(map(_uncounted, section.lines))) for section in page.sections)
    return replace(page, sections=tuple(sections))


def _uncounted(line: Line) -> Line:
    citations = replace(line.citations, value=1) if line.citations else None
    return replace(
        line, citations=citations, title_link=_unstarred(line.title_link), links=tuple(map(_unstarred, line.links))
    )


def _unstarred(link: PageLink) -> PageLink:
    return link if link.stars is None else replace(link, stars=1)


def counts_as_of(lines: Iterable[Line], facts: Facts) -> tuple[CountsAsOf, ...]:
    """From whom a page's numbers are and when they were last confirmed: first and last day of each source."""
    days: dict[tuple[Kind, str], list[date]] = {}
    for line in lines:
        if line.citations:
            days.setdefault(("citations", line.citations.source), []).append(_day(line.citations.as_of))
        for link in (line.title_link, *line.links):
            name = _repo(link.url) if link.stars is not None else None
            repo = facts.repositories.get(repo_subject(name)) if name else None
            if repo and repo.stars_as_of:
                days.setdefault(("stars", "github"), []).append(_day(repo.stars_as_of))
    return tuple(CountsAsOf(*key, min(found), max(found)) for key, found in sorted(days.items()))


def _written_day(text: str | None) -> date | None:
    """The day that a list's own mark names, where it does so whole: "2024-05-29"."""
    try:
        return date.fromisoformat(text.strip()) if text else None
    except ValueError:
        return None


def _end_of_month(arxiv: str) -> date | None:
    """The last day of the month in which arXiv gave an id, "2405.18218" or "cs/0703001"."""
    number = arxiv.rpartition("/")[2]
    year, month = int(number[:2]), int(number[2:4])
    if not 1 <= month <= 12:
        return None
    year += 1900 if year >= 91 else 2000  # arXiv began in 1991
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
