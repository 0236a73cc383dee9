"""Which papers are recommended."""

from __future__ import annotations

from dataclasses import replace

from list_builders import AS_OF, SNAPSHOT, a_list, entry, paper, repository

from harvester.lists.compose import compose
from harvester.lists.lines import Facts
from harvester.pages import Page, PaperFacts, RepoFacts
from harvester.records import Link


def page(papers: list[PaperFacts], repositories: list[RepoFacts] | None = None) -> Page:
    listed = [
        entry(one.subject, order=n, links=(Link("code", f"https://github.com/a/{n}"),))
        for n, one in enumerate(papers, 1)
    ]
    facts = Facts.of(papers, repositories or [])
    return compose(listed, facts, a_list("table"), AS_OF, SNAPSHOT)[-1]


def papers(*citations: int | None) -> list[PaperFacts]:
    return [paper(f"arxiv:2405.{n:05}", count) for n, count in enumerate(citations, 1)]


def recommended(found: Page) -> list[int]:
    assert [link.label for link in found.recommended] == [x.title for x in found.sections[0].lines if x.recommended]
    return [n for n, line in enumerate(found.sections[0].lines, 1) if line.recommended]


def test_the_most_cited_of_ten_is_recommended() -> None:
    assert recommended(page(papers(1, 2, None, 40, 5, 6, 7, 80, 9, 10))) == [8]


def test_of_many_papers_no_more_than_five_are() -> None:
    assert recommended(page(papers(*range(100, 200)))) == [96, 97, 98, 99, 100]


def test_a_short_page_and_one_of_unknown_papers_recommend_nothing() -> None:
    assert recommended(page(papers(500, 600, 700, 800))) == []
    assert recommended(page(papers(1, 2, 3, None, 9, 0))) == []


def test_a_withdrawn_paper_is_never_recommended() -> None:
    found = papers(1, 2, 3, 4, 5000, 30)
    found[4] = replace(found[4], withdrawn=True)

    assert recommended(page(found)) == [6]


def test_stars_of_an_archived_or_gone_repository_recommend_nothing() -> None:
    found = papers(1, 2, 3, 4, 5, 30)

    assert recommended(page(found, [repository("a/3", 90_000)])) == [3]
    assert recommended(page(found, [repository("a/3", 90_000, archived=True)])) == [6]
    assert recommended(page(found, [repository("a/3", 90_000, status="gone")])) == [6]


def test_one_citation_or_star_more_lifts_no_paper_over_one_with_clearly_more() -> None:
    found = papers(40, 41, 42, 43, 50, 45)

    assert recommended(page([replace(found[0], citations_gained=1), *found[1:]])) == [5]
    assert recommended(page(found, [repository("a/1", 0, stars_gained=1)])) == [5]


def test_growth_and_stars_count_too() -> None:
    found = papers(40, 41, 42, 43, 44, 45)

    assert recommended(page([replace(found[0], citations_gained=20), *found[1:]])) == [1]
    assert recommended(page(found, [repository("a/3", 900)])) == [3]
    assert recommended(page(found, [repository("a/3", 900), repository("a/4", 880, stars_gained=300)])) == [4]


def test_the_front_page_marks_the_same_papers() -> None:
    found = papers(1, 2, 3, 4, 5, 60)
    listed = [entry(one.subject, order=n) for n, one in enumerate(found, 1)]
    front = compose(listed, Facts.of(found, []), a_list("table"), AS_OF, SNAPSHOT)[0]

    assert [line.subject for line in front.sections[0].lines if line.recommended] == ["arxiv:2405.00006"]
    assert front.recommended == ()
