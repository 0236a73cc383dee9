"""What differs between two snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from list_builders import entry, paper, repository

from harvester.curated.changes import Told, compare
from harvester.ids import RepoName, Subject, repo_subject
from harvester.pages import PaperFacts, RepoFacts
from harvester.records import Entry, Link

A, B = "arxiv:2405.00001", "arxiv:2405.00002"


def told(entries: list[Entry], papers: list[PaperFacts] | None = None, repos: list[RepoFacts] | None = None) -> Told:
    own: Mapping[Subject, RepoFacts] = {repo.subject: repo for repo in repos or []}
    former = {repo_subject(name): repo for repo in repos or [] for name in repo.aliases}
    return Told({one.subject: one for one in papers or []}, {**former, **own}, {**own, **former}, entries)


def changes(before: Told, after: Told) -> list[tuple[str, str, str | None, str | None]]:
    return [(c.kind, c.subject, c.before, c.after) for c in compare(before, after, "a-list")]


def test_the_same_twice_differs_in_nothing() -> None:
    same = told([entry(A), entry(B)], [paper(A, 5)])

    assert changes(same, same) == []


def test_entries_come_go_and_move() -> None:
    before = told([entry(A, "Pruning"), entry(B)])
    after = told([entry(A, "Tuning"), entry("url:https://a.b", title="A post")])

    assert changes(before, after) == [
        ("added", "url:https://a.b", None, None),
        ("removed", B, None, None),
        ("moved", A, "Pruning", "Tuning"),
    ]


def test_a_list_that_is_new_has_no_changes() -> None:
    assert changes(told([]), told([entry(A)])) == []


def test_titles_and_repositories_are_renamed() -> None:
    listed = [entry(A, links=(Link("code", "https://github.com/old/name"),))]
    before = told(listed, [paper(A)], [repository("old/name", 5)])
    after = told(listed, [paper(A, title="Now")], [repository("new/name", 5, aliases=(RepoName("old/name"),))])

    assert changes(before, after) == [
        ("renamed", A, f"Title of {A}", "Now"),
        ("renamed", A, "old/name", "new/name"),
    ]


def test_a_title_is_renamed_where_readers_see_it() -> None:
    kept = [entry(A, title="The editors' title")]
    assert changes(told(kept, [paper(A)]), told(kept, [paper(A, title="Now")])) == []
    renamed = told([entry(A, title="A better title")], [paper(A)])
    assert changes(told(kept, [paper(A)]), renamed) == [("renamed", A, "The editors' title", "A better title")]


def test_code_is_new_when_an_editor_links_it() -> None:
    linked = entry(A, links=(Link("code", "https://github.com/ada/cut"), Link("blog", "https://ada.org")))
    found = [("code", A, None, "https://github.com/ada/cut")]
    assert changes(told([entry(A)]), told([linked])) == found
    assert changes(told([entry(A)], [paper(A)]), told([linked, replace(linked, place=2)], [paper(A)])) == [
        ("added", A, None, None),
        *found,
    ]
    own = paper(A, repositories=(Subject("github:ada/cut"),))
    assert changes(told([entry(A)], [own]), told([linked], [own])) == [], "the paper linked it already"


def test_a_paper_is_withdrawn_once() -> None:
    before, after = told([entry(A)], [paper(A)]), told([entry(A)], [paper(A, withdrawn=True)])

    assert changes(before, after) == [("withdrawn", A, None, None)]
    assert changes(after, after) == []


def test_code_is_new_when_the_paper_begins_to_link_it() -> None:
    linked = paper(A, repositories=(Subject("github:ada/cut"),))
    before, after = told([entry(A)], [paper(A)]), told([entry(A)], [linked])

    assert changes(before, after) == [("code", A, None, "https://github.com/ada/cut")]
    known = entry(A, links=(Link("code", "https://github.com/Ada/Cut"),))
    assert changes(told([known], [paper(A)]), told([known], [linked])) == [], "the editors had it already"
    unknown = replace(paper(A), title=None)
    assert changes(told([entry(A)], [unknown]), told([entry(A)], [linked])) == [], "the paper was not known before"


def test_big_movers_have_gained_a_tenth_and_not_just_a_few() -> None:
    listed = [entry(A, links=(Link("code", "https://github.com/a/b"),)), entry(B, order=2)]
    before = told(listed, [paper(A, 20), paper(B, 400)], [repository("a/b", 500)])
    after = told(listed, [paper(A, 25), paper(B, 420)], [repository("a/b", 550)])

    assert changes(before, after) == [("citations", A, "20", "25"), ("stars", A, "500", "550")]
    other = told(listed, [paper(A, 250, source="openalex"), paper(B, 400)], [repository("a/b", 540)])
    assert changes(before, other) == [], "numbers of two sources are not compared"
