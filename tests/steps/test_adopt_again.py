"""Editing by hand: each test is named after what somebody did to a rendered page, or what others did meanwhile."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from adopting_world import World
from hand_edits import acts, line_of, moved, order

from harvester.errors import ListError
from harvester.ids import Subject
from harvester.records import Edit, Link
from harvester.steps import decide


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


def test_a_repository_that_only_a_star_badge_names_is_kept_through_rendering_and_adopting_again(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    badge = "![Star](https://img.shields.io/github/stars/ann/awq.svg?style=social)"
    kept = world.keep({"README.md": f"# Mine\n\n## Tuning\n\n1. [A paper](https://arxiv.org/abs/2306.00978) {badge}\n"})
    [wording] = [one.wording for one in kept.decisions]
    assert wording and wording.links == (Link("Github", "https://github.com/ann/awq"),)
    world.publish()
    page = world.pages()["README.md"]
    assert "https://github.com/ann/awq" in page and acts(world.again({"README.md": page})) == []
