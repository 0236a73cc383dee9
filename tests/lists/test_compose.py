"""What a page shows of entries and facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from list_builders import AS_OF, SNAPSHOT, a_list, entry, paper, repository

from harvester.definitions import STYLES, ListDefinition, SectionDefinition, Style
from harvester.ids import RepoName, Subject, repo_subject
from harvester.lists.compose import compose as compose_from
from harvester.lists.lines import Facts
from harvester.pages import Line, Page, PaperFacts, RepoFacts
from harvester.records import Entry, Link
from harvester.steps.render import render

P = "arxiv:2405.18218"


def compose(
    listed: list[Entry],
    papers: Sequence[PaperFacts],
    repositories: Sequence[RepoFacts],
    definition: ListDefinition,
    as_of: datetime,
    snapshot: str,
) -> tuple[Page, ...]:
    return compose_from(listed, Facts.of(papers, repositories), definition, as_of, snapshot)


def one_line(
    listed: Entry, *, papers: tuple[PaperFacts, ...] = (), repos: tuple[RepoFacts, ...] = (), style: Style = "bullets"
) -> Line:
    page = compose([listed], papers, repos, a_list(style), AS_OF, SNAPSHOT)[-1]
    return page.sections[0].lines[0]


def test_a_candidate_without_wording_shows_the_machines_word() -> None:
    facts = paper(P, 12, repositories=(Subject("github:ada/cut"),))
    line = one_line(entry(P, order=None), papers=(facts,), repos=(repository("Ada/Cut", 7),))

    assert (line.title, line.authors) == ("Title of arxiv:2405.18218", "Ada Author, Bo Author")
    assert [(link.label, link.url, link.stars) for link in line.links] == [("cut", "https://github.com/ada/cut", 7)]


def test_the_editors_word_goes_before_the_machines() -> None:
    facts = paper(P, repositories=(Subject("github:other/code"),))
    mine = entry(P, title="Mine", authors="A. Author", links=(Link("Github", "https://github.com/ada/cut"),))
    line = one_line(mine, papers=(facts,))

    assert (line.title, line.authors, [link.url for link in line.links]) == (
        "Mine",
        "A. Author",
        ["https://github.com/ada/cut"],
    )


def test_an_entry_stands_on_its_own_when_upstreams_forget_it() -> None:
    assert one_line(entry(P)).title == "arXiv:2405.18218"
    assert one_line(entry("github:ada/cut")).title == "cut"


@pytest.mark.parametrize(
    "facts",
    [paper(P), replace(paper(P, 5), citations=None), paper(P, -1), paper(P, 5, citations_as_of=None)],
    ids=["never known", "no value", "negative", "no date"],
)
def test_an_unknown_citation_count_shows_none(facts: PaperFacts) -> None:
    assert one_line(entry(P, citations_seen=278), papers=(facts,)).citations is None


def test_a_citation_count_links_to_its_source() -> None:
    scholar = one_line(entry(P), papers=(paper(P, 5),)).citations
    alex = one_line(entry(P), papers=(paper(P, 5, source="openalex"),)).citations

    assert scholar and scholar.url == "https://www.semanticscholar.org/arxiv/2405.18218"
    assert alex and alex.url == "https://openalex.org/works?filter=doi:10.48550/arxiv.2405.18218"


def test_a_renamed_repository_is_linked_by_its_present_name_and_place() -> None:
    moved = repository("eve/fresh", 3, aliases=(RepoName("Eve/Stale"),))
    listed = entry(P, links=(Link("docs", "https://github.com/Eve/Stale/tree/main/docs#a"),))
    link = one_line(listed, repos=(moved,)).links[0]

    assert (link.url, link.formerly, link.stars) == (
        "https://github.com/eve/fresh/tree/main/docs#a",
        "Eve/Stale",
        3,
    )


def test_a_repository_that_is_gone_is_marked_and_shows_no_stars() -> None:
    listed = entry(P, links=(Link("code", "https://github.com/gone/away"),))
    link = one_line(listed, repos=(repository("gone/away", 3, status="gone"),)).links[0]

    assert (link.gone, link.stars, link.url) == (True, None, "https://github.com/gone/away")


def test_a_failed_refresh_keeps_the_last_stars() -> None:
    listed = entry(P, links=(Link("code", "https://github.com/ada/cut"),))

    assert one_line(listed, repos=(repository("ada/cut", 3, status="failed"),)).links[0].stars == 3


def test_an_entry_of_a_section_that_was_deleted_is_still_shown() -> None:
    page = compose([entry(P, "Forgotten")], [], [], a_list("bullets"), AS_OF, SNAPSHOT)[0]

    assert [(section.title, len(section.lines)) for section in page.sections] == [("Quantization", 0), ("Forgotten", 1)]


@pytest.mark.parametrize(("style", "wanted"), [("bullets", ["c", "b", "a", "z"]), ("table", ["a", "z", "b", "c"])])
def test_newer_entries_stand_above_bullets_and_below_rows(style: Style, wanted: list[str]) -> None:
    later = datetime(2024, 6, 4, tzinfo=UTC)
    listed = [
        replace(entry("url:https://b", order=None, title="b"), decision="s:1"),
        entry("url:https://z", order=2, title="z"),
        entry("url:https://a", order=1, title="a"),
        replace(entry("url:https://c", order=None, title="c"), decided_at=later),
    ]
    page = compose(listed, [], [], a_list(style), AS_OF, SNAPSHOT)[-1]

    assert [line.title for line in page.sections[0].lines] == wanted


def front(listed: list[Entry], papers: list[PaperFacts], days: int) -> Page:
    return compose(listed, papers, [], a_list("table", recent_days=days), AS_OF, SNAPSHOT)[0]


def test_the_front_page_holds_the_papers_of_its_window_and_names_its_days() -> None:
    days = {"arxiv:2405.00001": 27, "arxiv:2405.00002": 28, "arxiv:2405.00003": 29}
    papers = [paper(s, submitted_at=datetime(2024, 5, day, 23, 59, tzinfo=UTC)) for s, day in days.items()]
    page = front([entry(s, order=n) for n, s in enumerate(days)], papers, days=7)

    assert page.window == (date(2024, 5, 28), date(2024, 6, 3))
    assert [line.subject for line in page.sections[0].lines] == ["arxiv:2405.00002", "arxiv:2405.00003"]


def test_a_window_without_papers_shows_no_section() -> None:
    assert front([], [], days=7).sections == ()


def test_every_section_at_the_top_has_a_page_and_its_subsections_stand_on_it() -> None:
    sections = (
        SectionDefinition("Hardware/System", "Hardware/System", 1, page="hardware.md"),
        SectionDefinition("KV Cache", "KV Cache", 1),
        SectionDefinition("KV Cache / Papers", "Papers", 2),
        SectionDefinition("readme", "readme", 1),
    )
    pages = compose([], [], [], a_list("table", sections=sections), AS_OF, SNAPSHOT)

    assert [(page.path, [s.path for s in page.sections]) for page in pages[1:]] == [
        ("hardware.md", ["Hardware/System"]),
        ("kv_cache.md", ["KV Cache", "KV Cache / Papers"]),
        ("readme_2.md", ["readme"]),
    ]
    assert [line.page for line in pages[0].index] == ["hardware.md", "kv_cache.md", "readme_2.md"]


def test_a_page_says_from_when_its_numbers_are() -> None:
    early = datetime(2024, 5, 20, tzinfo=UTC)
    papers = [paper("arxiv:2405.00001", 1, citations_as_of=early), paper("arxiv:2405.00002", 2)]
    page = compose(
        [entry(p.subject, order=n) for n, p in enumerate(papers)], papers, [], a_list("bullets"), AS_OF, SNAPSHOT
    )[0]

    assert [(c.kind, c.source, c.since, c.until) for c in page.as_of] == [
        ("citations", "semantic_scholar", date(2024, 5, 20), date(2024, 6, 3))
    ]


CUT = RepoFacts(repo_subject(RepoName("ada/cut")), RepoName("ada/cut"), 5, "ok", AS_OF, False, ())
MARKED = [
    (replace(CUT, archived=True), "![Archived](https://img.shields.io/badge/archived-lightgrey)"),
    (
        replace(CUT, name=RepoName("bob/cut"), aliases=(RepoName("ada/cut"),)),
        '![Renamed](https://img.shields.io/badge/renamed-lightgrey "formerly ada/cut")',
    ),
    (replace(CUT, stars_status="gone"), "![Gone](https://img.shields.io/badge/gone-red)"),
]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("known", "badge"), MARKED, ids=["archived", "renamed", "gone"])
def test_a_repository_that_was_archived_renamed_or_lost_is_marked(known: RepoFacts, badge: str, style: Style) -> None:
    """As an entry of its own, and behind the link of a paper."""
    listed = [
        entry("github:ada/cut", order=1, title="cut"),
        entry("arxiv:2405.00001", order=2, links=(Link("code", "https://github.com/ada/cut"),)),
    ]
    pages = render(listed, [paper("arxiv:2405.00001", 3)], [known], a_list(style), AS_OF, SNAPSHOT)

    page = pages["README.md" if style == "bullets" else "quantization.md"]
    assert len([line for line in page.split("\n") if badge in line]) == 2
    assert page.count(f"https://github.com/{known.name}") >= 2
    assert ("Star 5" in page) == (known.stars_status == "ok")  # what is gone has no number


@pytest.mark.parametrize("style", STYLES)
def test_a_withdrawn_paper_is_marked_wherever_it_stands(style: Style) -> None:
    facts = [paper("arxiv:2405.00001", 3, withdrawn=True, submitted_at=AS_OF)]
    pages = render([entry("arxiv:2405.00001")], facts, [], a_list(style), AS_OF, SNAPSHOT)

    shown = [text for text in pages.values() if "arxiv.org/abs/2405.00001" in text]
    assert len(shown) == (1 if style == "bullets" else 2)  # in table style, on the front page, too
    assert all(text.count("![Withdrawn](https://img.shields.io/badge/withdrawn-red)") == 1 for text in shown)
