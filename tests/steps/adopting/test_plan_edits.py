"""What a person changed where upstreams speak: titles, authors, repositories, counts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from list_builders import AS_OF, SNAPSHOT, a_list, entry, paper, repository

from harvester.definitions import STYLES, Style
from harvester.formats import PARSE, RENDER
from harvester.ids import RepoName, Subject
from harvester.lists.compose import compose
from harvester.lists.lines import Facts
from harvester.pages import PaperFacts
from harvester.records import Edit, Entry, Link, Note
from harvester.steps.adopting.handwork import PageNow, compare
from harvester.steps.adopting.outlines import outline
from harvester.steps.adopting.plan_edits import EntryPlan, plan_entry
from harvester.steps.adopting.renditions import page_then

ONE = "arxiv:2405.18218"
SHOWN = paper(ONE, 12, repositories=(Subject("github:ann/code"),))
REPOS = [repository("ann/code", 1200), repository("new/name", 7, aliases=(RepoName("old/name"),))]


def left(
    style: Style, before: Entry, old: str, new: str, now: Entry | None = None, facts: PaperFacts = SHOWN
) -> EntryPlan:
    """What becomes of one edit of the text of a page that shows one entry."""
    definition = a_list(style)
    page = compose([before], Facts.of([facts], REPOS), definition, AS_OF, SNAPSHOT)[-1]
    text = RENDER[style](page)
    assert old in text, text
    then = page_then(page, definition, {(before.subject, before.place): before})
    parsed = PARSE[style](text.replace(old, new))
    [kept] = compare([PageNow(page.path, then, parsed, outline(then, parsed))]).kept
    return plan_entry(kept, now or before)


@pytest.mark.parametrize("style", STYLES)
def test_a_title_of_arxiv_is_corrected_from_what_arxiv_said(style: Style) -> None:
    facts = replace(SHOWN, title="A  title | of `arXiv`")
    plan = left(style, entry(ONE), "title", "name", facts=facts)
    assert plan.edits == (Edit("title", "A  title | of `arXiv`", "A name | of `arXiv`"),)


@pytest.mark.parametrize("style", STYLES)
def test_counts_are_nobodys_words(style: Style) -> None:
    assert left(style, entry(ONE), "**12**", "**99**") == EntryPlan(())
    assert left(style, entry(ONE), "1.2k", "5k") == EntryPlan(())


@pytest.mark.parametrize("style", STYLES)
def test_authors_of_upstream_can_be_reworded_and_not_taken_away(style: Style) -> None:
    assert left(style, entry(ONE), "Bo Author", "B. Author").edits == (
        Edit("authors", "Ada Author, Bo Author", "Ada Author, B. Author"),
    )
    whole = "*Ada Author, Bo Author* " if style == "bullets" else "Ada Author, Bo Author"
    plan = left(style, entry(ONE), whole, "")
    assert plan.edits == () and len(plan.left) == 1 and "authors" in plan.left[0]


def test_a_link_added_beside_the_machines_keeps_both() -> None:
    plan = left("bullets", entry(ONE), "· ([code]", "· ([blog](https://a.org/b)) · ([code]")
    [edit] = plan.edits
    assert edit.before == () and edit.after == (
        Link("blog", "https://a.org/b"),
        Link("code", "https://github.com/ann/code"),
    )


def test_a_link_of_the_machines_cannot_be_taken_away() -> None:
    facts = replace(SHOWN, repositories=(Subject("github:bo/else"),))
    plan = left("table", entry(ONE), "[Github](https://github.com/bo/else) <br> ", "", facts=facts)
    assert plan.edits == () and "links" in plan.left[0]


@pytest.mark.parametrize("style", STYLES)
def test_a_renamed_repository_is_edited_as_the_editors_wrote_it(style: Style) -> None:
    """The page shows the present name; what was not edited keeps the one that was decided."""
    before = entry(ONE, links=(Link("code", "https://github.com/old/name"), Link("blog", "https://a.org/b")))
    [edit] = left(style, before, "https://a.org/b", "https://a.org/c").edits
    assert edit.after == (Link("code", "https://github.com/old/name"), Link("blog", "https://a.org/c"))


def test_an_entrys_own_note_stays_apart_from_its_notes() -> None:
    before = replace(entry(ONE, notes=(Note("first"),)), note="read this")
    assert left("bullets", before, "- first", "- one\n  - two").edits == (
        Edit("notes", (Note("first"),), (Note("one"), Note("two"))),
    )
    assert set(left("bullets", before, "read this", "read that").edits) == {
        Edit("notes", (Note("first"),), (Note("first"), Note("read that"))),
        Edit("note", "read this", None),
    }


def test_a_repository_that_gets_a_title_stays_bold() -> None:
    subject = "github:ann/code"
    assert left("bullets", entry(subject), "[**code**]", "[**The code**]").edits == (
        Edit("title", "code", "The code"),
        Edit("bold", False, True),
    )


def test_what_somebody_decided_about_the_same_field_since_is_not_undone() -> None:
    before = entry(ONE, venue="ICML", title="First")
    now = entry(ONE, venue="ICML 2024", title="First")
    plan = left("bullets", before, "`ICML`", "`ACL`", now)
    assert plan.edits == () and "ICML 2024" in plan.overtaken[0]
    assert left("bullets", before, "`ICML`", "`ICML 2024`", now) == EntryPlan(())
