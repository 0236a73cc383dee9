"""Editing by hand: each test is named after what somebody did to a rendered page, or what others did meanwhile."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from adopting_world import BULLETS, FRONT, PRUNING, TUNING, World

from harvester.curated import snapshots
from harvester.errors import ListError
from harvester.ids import Subject
from harvester.records import Edit, Link
from harvester.steps import decide
from harvester.steps.adopt_again import AdoptedAgain
from harvester.steps.item import Given, add_item
from harvester.steps.undo import undo


@pytest.fixture
def bullets(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.keep({"README.md": BULLETS})
    return world


@pytest.fixture
def table(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.keep({"README.md": FRONT, "tuning.md": TUNING, "pruning.md": PRUNING})
    return world


def order(world: World, section: str = "Tuning") -> str:
    """The last digits of a section's entries, as its page shows them after a publication."""
    world.publish()
    text = world.pages().get("tuning.md", world.pages()["README.md"])
    body = text.partition(f"# {section}\n")[2].partition("\n#")[0]
    found = re.findall(r"abs/2405\.0000(\d)", body)
    return "".join(dict.fromkeys(found))


def line_of(text: str, subject: str) -> str:
    return next(line for line in text.split("\n") if f"abs/2405.0000{subject}" in line) + "\n"


def moved(text: str, subject: str, before: str) -> str:
    line, target = line_of(text, subject), line_of(text, before)
    return text.replace(line, "").replace(target, line + target)


def acts(done: AdoptedAgain) -> list[str]:
    return [decision.act for decision in done.decisions]


def test_a_page_that_nobody_edited_decides_nothing(bullets: World) -> None:
    before = bullets.files()
    done = bullets.again(bullets.pages())
    assert acts(done) == [] and not done.texts.texts and done.written == () and bullets.files() == before


def test_a_title_corrected_by_hand(bullets: World) -> None:
    page = bullets.pages()["README.md"].replace("**First**", "**The first**")
    done = bullets.again({"README.md": page})

    [decision] = done.decisions
    assert (decision.act, decision.subject, decision.place) == ("edit", "arxiv:2405.00001", 1)
    assert decision.edits == (Edit("title", "First", "The first"),)
    assert decision.follows and decision.follows.endswith(":1")
    bullets.publish()
    assert "**The first**" in bullets.pages()["README.md"]


def test_an_edit_adopted_twice_is_decided_once(bullets: World) -> None:
    page = bullets.pages()["README.md"].replace("**First**", "**The first**").replace("`quoted`", "`said`")
    page = moved(page, "4", before="2")
    assert acts(bullets.again({"README.md": page})) == ["edit", "edit"]
    assert acts(bullets.again({"README.md": page})) == []


def test_a_link_added_and_a_note_taken_away(bullets: World) -> None:
    page = (
        bullets.pages()["README.md"]
        .replace("- ann)", "- ann) · ([blog](https://a.org/b))")
        .replace("  - `quoted`\n", "")
    )
    done = bullets.again({"README.md": page})

    [decision] = done.decisions
    code, blog = Link("code", "https://github.com/ann/code"), Link("blog", "https://a.org/b")
    assert {edit.field: edit.after for edit in decision.edits} == {"links": (code, blog), "notes": ()}


def test_two_lines_swapped_are_one_decision(bullets: World) -> None:
    done = bullets.again({"README.md": moved(bullets.pages()["README.md"], "3", before="2")})
    assert len(done.decisions) == 1 and [edit.field for edit in done.decisions[0].edits] == ["order"]
    assert order(bullets) == "1324"


@pytest.mark.parametrize(("subject", "before", "wanted"), [("4", "1", "4123"), ("1", "4", "2314"), ("3", "1", "3124")])
def test_a_line_moved_within_its_section(table: World, subject: str, before: str, wanted: str) -> None:
    done = table.again({"tuning.md": moved(table.pages()["tuning.md"], subject, before)})
    assert len(done.decisions) == 1
    assert order(table) == wanted


def test_an_entry_moved_to_another_section_by_hand(bullets: World) -> None:
    page = bullets.pages()["README.md"]
    line, target = line_of(page, "4"), line_of(page, "5")
    done = bullets.again({"README.md": page.replace(line, "").replace(target, target + line)})

    [decision] = done.decisions
    assert [(edit.field, edit.after) for edit in decision.edits] == [("section", "Pruning / Papers"), ("order", 2)]
    assert order(bullets) == "123" and order(bullets, "Papers") == "54"


def test_an_entry_moved_from_one_page_to_another(table: World) -> None:
    pages = table.pages()
    line, target = line_of(pages["tuning.md"], "2"), line_of(pages["pruning.md"], "5")
    edited = {
        "tuning.md": pages["tuning.md"].replace(line, ""),
        "pruning.md": pages["pruning.md"].replace(target, target + line),
    }
    done = table.again(edited)
    assert [edit.field for decision in done.decisions for edit in decision.edits] == ["section", "order"]
    assert not done.planned.removed
    assert order(table) == "134"


def test_an_entry_added_between_two_others(bullets: World) -> None:
    page = bullets.pages()["README.md"]
    line = "- **New**, `ACL`, [arxiv](https://arxiv.org/abs/2405.00009)\n"
    done = bullets.again({"README.md": page.replace(line_of(page, "3"), line + line_of(page, "3"))})

    [decision] = done.decisions
    assert (decision.act, decision.section, decision.order) == ("accept", "Tuning", 2.5)
    assert decision.wording and (decision.wording.title, decision.wording.venue) == ("New", "ACL")
    assert order(bullets) == "12934"


def test_an_entry_removed_is_kept_and_told(bullets: World) -> None:
    page = bullets.pages()["README.md"]
    done = bullets.again({"README.md": page.replace(line_of(page, "3"), "")})
    assert acts(done) == [] and len(done.planned.removed) == 1 and "2405.00003" in done.planned.removed[0]
    assert order(bullets) == "1234"


def test_an_entry_removed_with_removals_is_rejected(bullets: World) -> None:
    page = bullets.pages()["README.md"]
    done = bullets.again({"README.md": page.replace(line_of(page, "3"), "")}, removals=True)
    [decision] = done.decisions
    assert (decision.act, decision.subject, decision.reason) == (
        "reject",
        "arxiv:2405.00003",
        "removed from the page by hand",
    )
    assert order(bullets) == "124"


def test_removals_touch_only_the_files_given(table: World) -> None:
    done = table.again({"pruning.md": table.pages()["pruning.md"]}, removals=True)
    assert acts(done) == []


def signed(world: World, by: str = "bob") -> decide.Signature:
    at = world.now()
    return decide.Signature(by, at, f"{by}{at:%d%H}")


def test_a_page_edited_last_week_while_others_decided_since(bullets: World) -> None:
    """Others moved, rejected, accepted and reworded: only what the person changed is decided."""
    edited = moved(bullets.pages()["README.md"], "4", before="3").replace("**Second**", "**The second**")
    edited = edited.replace("**Fifth**", "**The fifth**").replace("`quoted`", "`quoted`\n  - mine")
    decide.reject(bullets.standing(), ["2405.00002"], signed(bullets), "off topic")
    decide.accept(bullets.standing(), ["2405.00001"], signed(bullets), section="Pruning", note="read this")
    decide.accept(bullets.standing(), ["2405.00008"], signed(bullets), section="Tuning")
    bullets.publish()
    theirs = bullets.pages()["README.md"].replace("**Fifth**", "**Fifth!**")
    bullets.again({"README.md": theirs}, by="bob")

    done = bullets.again({"README.md": edited})

    assert {(d.subject[-1], tuple(edit.field for edit in d.edits)) for d in done.decisions} == {
        ("4", ("order",)),
        ("1", ("notes",)),
    }
    assert len(done.planned.overtaken) == 2  # the rejected one, and the title that bob changed
    standing = bullets.standing()
    titles = {entry.subject[-1]: entry.wording.title for entry in standing.folded.entries}
    assert titles["5"] == "Fifth!" and "2" not in titles
    assert standing.entries("mine", Subject("arxiv:2405.00001"))[0].note == "read this"
    assert order(bullets) == "843"


def test_an_addition_that_others_made_too_is_one_entry(bullets: World) -> None:
    page = bullets.pages()["README.md"]
    edited = page.replace(
        line_of(page, "3"), "- **New**, [arxiv](https://arxiv.org/abs/2405.00009)\n" + line_of(page, "3")
    )
    decide.accept(bullets.standing(), ["2405.00009"], decide.Signature("bob", bullets.now(), "b0b"), section="Tuning")
    done = bullets.again({"README.md": edited})
    assert acts(done) == [] and "already" in done.planned.left[0]


def test_an_addition_that_others_rejected_since_is_told(bullets: World) -> None:
    page = bullets.pages()["README.md"]
    edited = page.replace(
        line_of(page, "3"), "- **New**, [arxiv](https://arxiv.org/abs/2405.00009)\n" + line_of(page, "3")
    )
    decide.reject(bullets.standing(), ["2405.00009"], signed(bullets), "off topic", slug="mine")
    done = bullets.again({"README.md": edited})
    assert acts(done) == [] and "bob" in done.planned.overtaken[0]


def test_counts_badges_and_days_that_differ_are_nobodys_edit(table: World) -> None:
    pages = table.pages()
    badge = "[![Star 1.2k](https://img.shields.io/badge/Star-1.2k-lightgrey?style=social&logo=github)](https://github.com/ann/1)<br>"
    edited = pages["tuning.md"].replace("[First]", badge + "[First]")
    edited = edited.replace(
        "[Paper](https://arxiv.org/abs/2405.00002)",
        "[Paper](https://arxiv.org/abs/2405.00002) <br> citation: [**3**](https://www.semanticscholar.org/arxiv/2405.00002)",
    )
    edited = edited.replace(
        "<!-- entries -->", "*Stars from GitHub as of 2026-11-01.* <!-- counts -->\n\n<!-- entries -->"
    )
    assert edited != pages["tuning.md"]
    done = table.again({**pages, "tuning.md": edited})
    assert acts(done) == [] and not done.texts.texts


def test_head_prose_and_titles_go_to_the_definition_and_nothing_else_of_it_changes(bullets: World) -> None:
    toml = bullets.settings.editorial / "lists" / "mine.toml"
    toml.write_text("# kept\n" + toml.read_text(encoding="utf-8") + "\n# kept, too\n", encoding="utf-8")
    bullets.publish()
    page = bullets.pages()["README.md"].replace("Hello.", "Hello, world.").replace("Some prose.", "Other prose.")
    done = bullets.again({"README.md": page.replace("## Tuning", "## Fine-tuning").replace("# Mine", "# Ours")})

    assert acts(done) == [] and len(done.texts.done) == 4
    text = toml.read_text(encoding="utf-8")
    assert text.startswith("# kept\n") and text.endswith("# kept, too\n")
    read = tomllib.loads(text)
    assert read["title"] == "Ours"
    assert [(s["path"], s.get("title"), s.get("prose")) for s in read["sections"]] == [
        ("Tuning", "Fine-tuning", None),
        ("Pruning", None, "Other prose."),
        ("Pruning / Papers", None, None),
    ]
    bullets.publish()
    assert "Hello, world." in bullets.pages()["README.md"]
    assert acts(bullets.again(bullets.pages())) == []


def test_a_text_that_was_changed_in_the_definition_too_is_refused(bullets: World) -> None:
    page = bullets.pages()["README.md"].replace("Hello.", "Hello, world.")
    (bullets.settings.editorial / "lists" / "mine.head.md").write_text("Good morning.\n", encoding="utf-8")
    with pytest.raises(ListError, match="Good morning"):
        bullets.again({"README.md": page})


def test_a_new_section_with_its_first_entry(bullets: World) -> None:
    page = bullets.pages()["README.md"]
    added = "### Surveys\n\n- **Sixth**, `ACL`, [arxiv](https://arxiv.org/abs/2405.00006)\n\n### Papers"
    done = bullets.again({"README.md": page.replace("### Papers", added)})
    assert [(d.act, d.section) for d in done.decisions] == [("accept", "Pruning / Surveys")]
    bullets.publish()
    assert added in bullets.pages()["README.md"].replace(", [pdf](https://arxiv.org/pdf/2405.00006)", "")


@pytest.fixture
def recent(tmp_path: Path) -> World:
    """A list whose front page shows an entry: it was listed within the window."""
    world = World(tmp_path)
    world.keep({"README.md": FRONT, "tuning.md": TUNING, "pruning.md": PRUNING})
    assert "2405.00001" in world.pages()["README.md"]
    return world


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
