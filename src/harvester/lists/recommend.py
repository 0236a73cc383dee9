"""Which papers of a section are recommended: a rule over numbers that everybody can check, written down in docs/lists.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import ceil, log2

from harvester.ids import Subject, is_paper, read_repo, repo_subject
from harvester.lists.lines import Facts
from harvester.pages import Line, PageLink, Section

_ONE_OF = 10  # one paper of ten is recommended, …
_MOST = 5  # … but no more than five a page,
_LEAST = 5  # … and none on a page with fewer papers than five
_CITATIONS, _STARS = 10, 100  # what a paper must have, one or the other
# A gain so large counts like the first doubling. Were it one, as for the numbers themselves, a single star would lift a
# paper over its neighbours, and be gone again a month later.
_CITATIONS_GAINED, _STARS_GAINED = 5, 50


def recommend(sections: Sequence[Section], facts: Facts) -> tuple[Section, ...]:
    """Marks the recommended papers of a page; withdrawn papers and those without known numbers are never among them."""
    papers = [line for section in sections for line in section.lines if is_paper(line.subject)]
    if len(papers) < _LEAST:
        return tuple(sections)
    worthy = {line.subject: score(line, facts) for line in papers if _is_worthy(line)}
    best = sorted(worthy, key=lambda subject: (-worthy[subject], subject))
    chosen = frozenset(best[: min(_MOST, ceil(len(papers) / _ONE_OF))])
    return tuple(replace(section, lines=tuple(_marked(section.lines, chosen))) for section in sections)


def _is_worthy(line: Line) -> bool:
    cited = line.citations is not None and line.citations.value >= _CITATIONS
    return not line.withdrawn and (cited or max(_stars(line), default=0) >= _STARS)


def score(line: Line, facts: Facts) -> float:
    """Adds up the orders of magnitude of four numbers: citations and stars, and what both gained; unknown is nothing."""
    paper = facts.papers.get(line.subject)
    gained = paper.citations_gained if paper and line.citations else None
    repositories = (facts.repositories.get(subject) for subject in _repositories(line))
    stars_gained = max((repo.stars_gained or 0 for repo in repositories if repo), default=0)
    numbers = (
        line.citations.value if line.citations else 0,
        max(_stars(line), default=0),
        max(gained or 0, 0) / _CITATIONS_GAINED,
        max(stars_gained, 0) / _STARS_GAINED,
    )
    return round(sum(log2(1 + number) for number in numbers), 6)


def _stars(line: Line) -> Iterator[int]:
    return (link.stars for link in _living(line) if link.stars is not None)


def _repositories(line: Line) -> Iterator[Subject]:
    for link in _living(line):
        if link.stars is not None and (name := read_repo(link.url)):
            yield repo_subject(name)


def _living(line: Line) -> Iterator[PageLink]:
    """The stars of an archived repository are of the past: they recommend nothing. One that is gone has none."""
    return (link for link in (line.title_link, *line.links) if not link.archived)


def _marked(lines: Iterable[Line], chosen: frozenset[Subject]) -> Iterator[Line]:
    for line in lines:
        yield replace(line, recommended=True) if line.subject in chosen else line
