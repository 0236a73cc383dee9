"""Which pages can be adopted again, and against what they are compared."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable

import pytest
from adopting_world import BULLETS, World
from hand_edits import acts, line_of

from harvester.curated import snapshots
from harvester.errors import ListError
from harvester.ids import Subject
from harvester.records import Edit
from harvester.steps import decide
from harvester.steps.item import Given, add_item
from harvester.steps.undo import undo


@pytest.fixture
def recent(table: World) -> World:
    """A list whose front page shows an entry: it was listed within the window."""
    assert "2405.00001" in table.pages()["README.md"]
    return table


def both(world: World, front: Callable[[str], str], page: Callable[[str], str]) -> dict[str, str]:
    pages = world.pages()
    return {**pages, "README.md": front(pages["README.md"]), "tuning.md": page(pages["tuning.md"])}


def test_an_edit_on_the_front_page_counts_once(recent: World) -> None:
    named = lambda text: text.replace("[First]", "[The first]")  # noqa: E731  because a name makes the line readable
    for front, page in ((named, str), (named, named)):
        done = recent.again(both(recent, front, page), dry_run=True)
        assert [d.edits for d in done.decisions] == [(Edit("title", "First", "The first"),)]


def test_two_edits_of_one_entry_that_contradict_each_other_are_refused(recent: World) -> None:
    edited = both(
        recent, lambda text: text.replace("[First]", "[One]"), lambda text: text.replace("[First]", "[Another]")
    )
    with pytest.raises(ListError, match="in two ways"):
        recent.again(edited)
    assert acts(recent.again(recent.pages())) == []


def test_a_row_that_left_the_window_is_not_removed(recent: World) -> None:
    edited = both(recent, lambda text: text.replace(line_of(text, "2"), ""), str)
    done = recent.again(edited, removals=True)
    assert acts(done) == [] and not done.planned.removed


def test_a_page_without_a_name_needs_a_copy(bullets: World) -> None:
    page = re.sub(r" *<!-- harvester: made.*?-->", "", bullets.pages()["README.md"])
    edited = page.replace("**First**", "**The first**")
    with pytest.raises(ListError, match="--base"):
        bullets.again({"README.md": edited})
    for copy in (page, bullets.pages()["README.md"]):
        done = bullets.again({"README.md": edited}, copies={"before.md": copy}, dry_run=True)
        assert [d.edits for d in done.decisions] == [(Edit("title", "First", "The first"),)]


def test_a_page_of_a_snapshot_that_is_gone_needs_a_copy(bullets: World) -> None:
    page = bullets.pages()["README.md"]
    edited = re.sub(r"snapshot \S+;", "snapshot 2020-01-01T000000Z;", page).replace("**First**", "**The first**")
    with pytest.raises(ListError, match="holds no snapshot 2020-01-01T000000Z"):
        bullets.again({"README.md": edited})
    done = bullets.again({"README.md": edited}, copies={"README.md": page})
    assert [d.edits for d in done.decisions] == [(Edit("title", "First", "The first"),)]


def test_the_hand_kept_page_goes_on_being_edited(bullets: World) -> None:
    """Somebody edits the page that was adopted, not the rendered one; a copy from git says what it was."""
    edited = BULLETS.replace("**Third**", "**The third**").replace("`ICML`", "`ICML 2024`")
    done = bullets.again({"list.md": edited}, copies={"list.md": BULLETS})
    assert [edit.after for d in done.decisions for edit in d.edits] == ["ICML 2024", "The third"]


def test_a_dry_run_writes_nothing_and_shows_the_decisions(bullets: World) -> None:
    before = bullets.files()
    edited = bullets.pages()["README.md"].replace("**First**", "**The first**").replace("Hello.", "Hi.")
    done = bullets.again({"README.md": edited}, dry_run=True)
    assert bullets.files() == before and done.written == ()
    [line] = done.to_json()["decisions"]
    assert (line["act"], line["from"], line["to"]) == ("edit", {"title": "First"}, {"title": "The first"})


def test_undo_takes_an_edit_back_and_the_log_says_so(bullets: World) -> None:
    bullets.again({"README.md": bullets.pages()["README.md"].replace("**First**", "**The first**")})
    standing = bullets.standing()
    [edit] = [d for d in standing.log.decisions if d.act == "edit"]
    assert standing.state(edit) == "stands"

    said = undo(standing, "2405.00001", decide.Signature("ann", bullets.now(), "und0")).said

    assert "stands in Tuning" in said
    after = bullets.standing()
    assert after.state(edit) == "taken back"
    assert after.entries("mine", Subject("arxiv:2405.00001"))[0].wording.title == "First"


def test_a_page_that_a_template_made_is_not_read_back(bullets: World) -> None:
    pages = bullets.pages()
    template = bullets.settings.editorial / "lists" / "mine.README.md.j2"
    template.write_text("# Mine\n", encoding="utf-8")
    assert acts(bullets.again(pages)) == []
    with pytest.raises(ListError, match="template"):
        bullets.again({"README.md": pages["README.md"].replace("**First**", "**The first**")})


def test_a_page_that_names_a_snapshot_which_is_gone_is_found_in_a_later_one_that_left_it_as_it_was(
    table: World,
) -> None:
    [first] = snapshots.snapshots(table.settings.data / "curated")
    table.again({"pruning.md": table.pages()["pruning.md"].replace("[Fifth]", "[The fifth]")})
    table.publish()
    shutil.rmtree(first.path)
    page = table.pages()["tuning.md"]
    assert first.name in page
    done = table.again({"tuning.md": page.replace("[First]", "[The first]")})
    assert [d.edits for d in done.decisions] == [(Edit("title", "First", "The first"),)]


def test_a_page_edited_by_hand_is_not_written_over_until_it_is_adopted(table: World) -> None:
    page = table.settings.lists / "mine" / "tuning.md"
    edited = page.read_text(encoding="utf-8").replace("[First]", "[The first]")
    page.write_text(edited, encoding="utf-8")
    table.decide_elsewhere("2405.00005", "Tuning")  # the page changes, so it would be written over

    [told] = table.shelved().held_back
    assert told == (
        f"a page of the list mine was edited by hand and stays as it is; this takes over what was edited: "
        f"harvester adopt {page} --list mine"
    )
    assert page.read_text(encoding="utf-8") == edited
    assert "abs/2405.00005" not in table.pages()["pruning.md"]  # the other pages are written

    assert acts(table.again({"tuning.md": edited}, dry_run=True)) == ["edit"]
    assert table.shelved().held_back  # a dry run takes nothing over
    assert acts(table.again({"tuning.md": edited})) == ["edit"]
    assert table.shelved().held_back == ()
    assert "[The first]" in table.pages()["tuning.md"] and "abs/2405.00005" in table.pages()["tuning.md"]


def made_otherwise(world: World) -> None:
    """As if an older version of the program had made the pages of the latest snapshot in another way."""
    ref = snapshots.latest(world.settings.data / "curated")
    assert ref is not None
    path = ref.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for said in manifest["pages"].values():
        said["sha256"] = "0" * 64
    path.write_text(json.dumps(manifest), encoding="utf-8")


def test_a_page_that_an_older_version_made_otherwise_needs_a_copy_and_nothing_is_guessed(table: World) -> None:
    made_otherwise(table)
    pages = table.pages()
    edited = pages["tuning.md"].replace("[First]", "[The first]")
    with pytest.raises(ListError, match=r"another version of harvester made this page.*--base FILE_OR_DIR"):
        table.again({"tuning.md": edited})

    done = table.again({"tuning.md": edited}, copies={"tuning.md": pages["tuning.md"]})
    assert [d.edits for d in done.decisions] == [(Edit("title", "First", "The first"),)]


def test_a_page_that_an_older_version_made_and_nobody_edited_decides_nothing(table: World) -> None:
    made_otherwise(table)
    before = table.files()
    assert acts(table.again(table.pages())) == [] and table.files() == before


def test_a_page_that_nobody_edited_decides_nothing_though_its_snapshot_is_gone(table: World) -> None:
    pages = table.pages()
    shutil.rmtree(table.settings.data / "curated")
    assert acts(table.again(pages)) == []


def test_authors_of_a_plain_link_are_no_note(bullets: World) -> None:
    given = Given("A blog", "Dan, Bo_Lee")
    add_item(bullets.standing(), Subject("url:https://a.org/blog"), given, bullets.signature("ann"), "mine", "Tuning")
    bullets.publish()
    page = bullets.pages()["README.md"]
    assert acts(bullets.again({"README.md": page + "\n \n"})) == []
    done = bullets.again({"README.md": page.replace("*Dan, Bo", "*Dan, Cy, Bo")})
    assert [one.edits for one in done.decisions] == [(Edit("authors", "Dan, Bo_Lee", "Dan, Cy, Bo_Lee"),)]
    bullets.publish()
    assert bullets.pages()["README.md"].count("Cy") == 1 and acts(bullets.again(bullets.pages())) == []


def test_a_line_that_others_added_to_a_section_that_is_not_published_yet_is_not_rejected(bullets: World) -> None:
    row = "- **{0}**, `ACL`, [arxiv](https://arxiv.org/abs/2405.0000{1})\n"
    page = "# Mine\n\n## Survey\n" + row.format("Seventh", 7) + row.format("Eighth", 8)
    bullets.again({"survey.md": page})
    bullets.decide_elsewhere("2405.00009", "Survey")

    done = bullets.again({"survey.md": page.replace(row.format("Eighth", 8), "")}, removals=True)

    assert [(d.act, d.subject) for d in done.decisions] == [("reject", "arxiv:2405.00008")]
    [said] = done.planned.left
    assert 'arxiv:2405.00009 stands in "Survey" and stays: others added it (accept by bob, ' in said
