"""A section gets another name: nobody moves its papers, and nothing says that they moved."""

from __future__ import annotations

from adopting_world import World

from harvester.curated import snapshots
from harvester.records import Edit


def rename(world: World, old: str, new: str, *more: str) -> None:
    file = world.settings.editorial / "lists" / "mine.toml"
    text = file.read_text(encoding="utf-8")
    assert f'path = "{old}"\n' in text
    now = [f'path = "{new}"', *more, ""]
    file.write_text(text.replace(f'path = "{old}"\n', "\n".join(now)), encoding="utf-8")


def sections(world: World) -> dict[str, str]:
    return {entry.subject[-1]: entry.section for entry in world.standing().folded.entries}


def test_its_papers_stand_below_the_new_name_and_no_warning_is_told(table: World) -> None:
    rename(table, "Tuning", "Fitting", 'formerly = ["Tuning"]')
    standing = table.standing()
    assert sections(table) == {"1": "Fitting", "2": "Fitting", "3": "Fitting", "4": "Fitting", "5": "Pruning"}
    assert standing.mistakes() == []

    done = table.shelved()
    assert (done.held_back, done.astray) == ((), ())
    page = table.pages()["tuning.md"]  # which the definition names
    assert "# Fitting" in page and "abs/2405.00001" in page and "# Tuning" not in page


def test_without_a_former_name_every_section_is_told_once_and_the_pages_are_written(table: World) -> None:
    table.decide_elsewhere("2405.00006", "Survey")
    rename(table, "Survey", "Overviews")
    (told,) = table.standing().mistakes()
    assert '1 entry stands in section "Survey", which list mine does not have: add formerly = ["Survey"]' in str(told)

    done = table.shelved()
    assert done.held_back == () and len(done.astray) == 1 and 'formerly = ["its old name"]' in done.astray[0]
    assert any("Survey" in text for text in table.pages().values())


def test_what_changed_does_not_tell_that_papers_moved(bullets: World) -> None:
    before = snapshots.latest(bullets.settings.data / "curated")
    rename(bullets, "Tuning", "Fitting", 'formerly = ["Tuning"]')
    for _ in range(25):  # a snapshot of the next day is compared with one of this day
        bullets.now()
    bullets.publish()
    assert before and "moved" not in bullets.pages().get("CHANGES.md", "").casefold()


def test_a_page_that_was_made_before_the_renaming_is_adopted_as_it_was_edited(table: World) -> None:
    pages = table.pages()
    edited = pages["tuning.md"].replace("[First]", "[The first]")
    rename(table, "Tuning", "Fitting", 'formerly = ["Tuning"]')

    assert table.again(pages, dry_run=True).decisions == ()
    done = table.again({"tuning.md": edited})
    assert [(one.act, one.subject, one.edits) for one in done.decisions] == [
        ("edit", "arxiv:2405.00001", (Edit("title", "First", "The first"),))
    ]
    assert done.texts.done == () and done.texts.left == () and done.planned.left == ()


def test_a_line_that_is_added_below_the_old_heading_goes_to_the_new_section(bullets: World) -> None:
    page = bullets.pages()["README.md"]
    line = "- **Ninth**, `ACL`, [arxiv](https://arxiv.org/abs/2405.00009)\n"
    first = page[page.index("- **First**") :].partition("\n")[0] + "\n"
    rename(bullets, "Tuning", "Fitting", 'formerly = ["Tuning"]')
    done = bullets.again({"README.md": page.replace(first, line + first)})

    assert [(one.act, one.section) for one in done.decisions if one.subject[-1] == "9"] == [("accept", "Fitting")]
    bullets.publish()
    assert bullets.again(bullets.pages()).decisions == ()


def test_prose_that_was_edited_below_the_old_heading_is_taken_over(bullets: World) -> None:
    page = bullets.pages()["README.md"]
    rename(bullets, "Pruning", "Thinning", 'formerly = ["Pruning"]')
    rename(bullets, "Pruning / Papers", "Thinning / Papers")  # what is below follows by itself
    assert sections(bullets)["5"] == "Thinning / Papers"
    done = bullets.again({"README.md": page.replace("Some prose.", "Other prose.")})

    assert done.decisions == () and len(done.texts.done) == 1
    found = bullets.standing().editorial.definition("mine").section("Thinning")
    assert found and found.prose == "Other prose."
