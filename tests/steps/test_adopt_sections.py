"""Sections edited by hand: pages of new ones, and headings that were renamed, removed or put elsewhere."""

from __future__ import annotations

import tomllib

import pytest
from adopting_world import HEAD, World

from harvester.errors import ListError
from harvester.records import Edit
from harvester.steps.adopt_again import AdoptedAgain

ROBUST = f"# Robust\n\nAbout robustness.\n\n## Sub\n\n{HEAD}|[Ninth](https://arxiv.org/abs/2405.00009) <br> Ann | | |\n"
INDEXED = ("- [Pruning](pruning.md)\n", "- [Pruning](pruning.md)\n- [Robust](robust.md)\n")


def paths(world: World) -> list[tuple[str, str | None]]:
    definition = world.standing().editorial.definition("mine")
    return [(section.path, section.page) for section in definition.sections]


def placed(done: AdoptedAgain) -> list[tuple[str, str, str | None]]:
    return [(decision.act, decision.subject, decision.section) for decision in done.decisions]


def test_a_new_section_as_a_page_of_its_own_with_its_line_in_the_index(table: World) -> None:
    front = table.pages()["README.md"].replace(*INDEXED)
    done = table.again({"README.md": front, "robust.md": ROBUST})

    assert placed(done) == [("accept", "arxiv:2405.00009", "Robust / Sub")] and done.unknown == ()
    assert paths(table) == [
        ("Tuning", "tuning.md"),
        ("Pruning", "pruning.md"),
        ("Robust", "robust.md"),
        ("Robust / Sub", None),
        ("Survey", "survey.md"),
    ]
    assert table.shelved().held_back == ()
    page = table.pages()["robust.md"]
    assert "About robustness." in page and "abs/2405.00009" in page
    assert table.again(table.pages()).decisions == ()


def test_a_new_page_without_a_line_in_the_index_comes_last_and_adopted_twice_is_adopted_once(table: World) -> None:
    assert placed(table.again({"robust.md": ROBUST})) == [("accept", "arxiv:2405.00009", "Robust / Sub")]
    assert [path for path, _ in paths(table)][-2:] == ["Robust", "Robust / Sub"]
    before = table.files()
    assert table.again({"robust.md": ROBUST}).decisions == () and table.files() == before


def test_a_new_page_that_is_edited_and_adopted_again_before_it_is_published(table: World) -> None:
    """It is compared with what stands on the list of it, because no page shows it yet."""
    table.again({"robust.md": ROBUST})
    row = "|[Ninth](https://arxiv.org/abs/2405.00009) <br> Ann | | |\n"
    more = "|[Tenth](https://arxiv.org/abs/2405.00010) <br> Bo | | |\n"
    edited = ROBUST.replace(row, more + row.replace("Ninth", "The ninth")).replace("About robustness.", "Robust!")
    table.decide_elsewhere("2405.00011", "Robust / Sub")

    done = table.again({"robust.md": edited})

    assert placed(done) == [
        ("edit", "arxiv:2405.00009", None),
        ("accept", "arxiv:2405.00010", "Robust / Sub"),
    ]
    assert done.decisions[0].edits == (Edit("title", "Ninth", "The ninth"),)
    [said] = done.planned.left
    assert said.startswith(
        'robust.md: arxiv:2405.00011 stands in "Robust / Sub" and stays: others added it (accept by bob'
    )
    assert table.again({"robust.md": edited}).decisions == ()
    assert table.shelved().held_back == ()
    page = table.pages()["robust.md"]
    assert "Robust!" in page and page.index("00010") < page.index("[The ninth]") < page.index("00011")


def test_a_new_file_in_bullet_style_that_is_adopted_again_before_it_is_published(bullets: World) -> None:
    text = "# Robust\n\nHello.\n\n- **Sixth**, [arxiv](https://arxiv.org/abs/2405.00006)\n"
    bullets.again({"robust.md": text})
    done = bullets.again({"robust.md": text.replace("Sixth", "The sixth").replace("Hello", "Hi")})
    assert [d.edits for d in done.decisions] == [(Edit("title", "Sixth", "The sixth"),)]
    assert done.texts.done == ('robust.md: prose of section "Robust" is changed',)
    bullets.publish()
    assert "## Robust\n\nHi.\n\n- **The sixth**" in bullets.pages()["README.md"]


def test_a_new_page_made_from_a_copy_of_another(table: World) -> None:
    page = table.pages()["tuning.md"].replace("# Tuning", "# Robust").replace("2405.0000", "2406.0000")
    done = table.again({"robust.md": page})
    assert [act for act, _, section in placed(done) if section == "Robust"] == ["accept"] * 4
    assert paths(table)[-1] == ("Robust", "robust.md")


def test_a_line_in_the_index_makes_a_section_whose_page_may_be_adopted_later(table: World) -> None:
    done = table.again({"README.md": table.pages()["README.md"].replace(*INDEXED)})
    assert done.texts.done == ('section "Robust" is new',) and paths(table)[2] == ("Robust", "robust.md")

    (table.settings.lists / "mine" / "robust.md").write_text(ROBUST, encoding="utf-8")
    assert "robust.md" in table.shelved().held_back[0]  # what somebody wrote stands in the place of the new page
    assert placed(table.again({"robust.md": ROBUST})) == [("accept", "arxiv:2405.00009", "Robust / Sub")]
    assert table.shelved().held_back == () and "abs/2405.00009" in table.pages()["robust.md"]


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (ROBUST.replace("Robust", "Tuning"), 'line 1: section "Tuning" is on the list already'),
        (ROBUST.partition("## Sub\n\n")[2], "no heading that names the section"),
    ],
)
def test_a_page_that_nobody_knows_and_that_is_no_new_section_is_refused(table: World, page: str, why: str) -> None:
    with pytest.raises(ListError, match=why) as refused:
        table.again({"robust.md": page})
    assert "--base FILE_OR_DIR" in str(refused.value) and "a title of its own" in str(refused.value)


def test_a_new_file_in_bullet_style_becomes_a_section_of_the_page(bullets: World) -> None:
    done = bullets.again(
        {"robust.md": "# Robust\n\nHello.\n\n- **Sixth**, [arxiv](https://arxiv.org/abs/2405.00006)\n"}
    )
    assert placed(done) == [("accept", "arxiv:2405.00006", "Robust")] and paths(bullets)[-1] == ("Robust", None)
    bullets.publish()
    assert "## Robust\n\nHello.\n\n- **Sixth**" in bullets.pages()["README.md"]


def test_a_heading_that_got_another_title_is_retitled_in_the_definition(table: World) -> None:
    done = table.again({"pruning.md": table.pages()["pruning.md"].replace("# Pruning", "# Pruning and Sparsity")})
    assert done.decisions == () and done.texts.left == ()
    sections = tomllib.loads(table.files()["lists/mine.toml"].decode())["sections"]
    assert sections[1] == {
        "path": "Pruning",
        "title": "Pruning and Sparsity",
        "topics": ["pruning"],
        "page": "pruning.md",
    }


def test_a_title_that_is_gone_from_a_sections_page_moves_nothing(table: World) -> None:
    done = table.again({"pruning.md": table.pages()["pruning.md"].replace("# Pruning\n", "")})
    assert done.decisions == () and done.texts.done == ()
    [told] = done.texts.left
    assert told == (
        'pruning.md: section "Pruning" is gone from the page, and stays on the list; to drop it, move its entries and '
        "take its [[sections]] out of editorial/lists/mine.toml, line 10"
    )


def test_a_heading_that_is_gone_is_told_and_its_entries_are_read_where_they_stand(bullets: World) -> None:
    done = bullets.again(
        {"README.md": bullets.pages()["README.md"].replace("## Pruning\n\nSome prose.\n\n### Papers\n", "")}
    )
    assert [edit.after for edit in done.decisions[0].edits if edit.field == "section"] == ["Tuning"]
    assert done.planned.removed == ()
    assert [told.partition(" is gone")[0] for told in done.texts.left] == [
        'README.md: section "Pruning"',
        'README.md: section "Pruning / Papers"',
    ]


def test_sections_in_another_order_on_the_page_are_told_with_line_and_remedy(bullets: World) -> None:
    text = bullets.pages()["README.md"]
    head, _, rest = text.partition("## Tuning\n")
    tuning, _, pruning = rest.partition("## Pruning\n")
    done = bullets.again({"README.md": f"{head}## Pruning\n{pruning}\n## Tuning\n{tuning}"})

    assert done.decisions == ()
    [told] = done.texts.left
    assert told.startswith("README.md, line ") and 'section "Tuning" stands below "Pruning / Papers" here' in told
    assert told.endswith("move its [[sections]] in editorial/lists/mine.toml, line 5")


def test_lines_of_the_index_in_another_order_or_gone_are_told(table: World) -> None:
    front = table.pages()["README.md"]
    lines = [f"- [{name}]({name.casefold()}.md)\n" for name in ("Pruning", "Survey")]
    [swapped] = table.again({"README.md": front.replace("".join(lines), "".join(reversed(lines)))}).texts.left
    assert swapped.startswith('README.md, index: section "Survey" stands below "Tuning" here')
    [gone] = table.again({"README.md": front.replace(lines[0], "")}).texts.left
    assert gone.startswith('README.md: section "Pruning" is gone from the page, and stays on the list')
    assert table.again({"README.md": front}).texts.left == ()


def test_a_row_of_the_front_page_that_names_no_section_moves_nothing(table: World) -> None:
    row = "| [Ninth](https://arxiv.org/abs/2405.00009) | | |\n"
    front = table.pages()["README.md"].replace("| **Pruning** | | |\n", f"| **Pruned** | | |\n{row}")
    done = table.again({"README.md": front})
    assert done.decisions == ()
    assert [told.partition(";")[0] for told in done.planned.left] == [
        'README.md, line 23: arxiv:2405.00009: "Pruned" is no section of the list',
        'README.md, line 24: "Pruned" is no section of the list, so what stands there stays in its section',
    ]


def test_text_below_the_title_of_a_sections_page_is_its_prose(table: World) -> None:
    page = table.pages()["pruning.md"].replace("# Pruning\n", "# Pruning\n\nAbout pruning.\n")
    for _ in range(2):
        done = table.again({"pruning.md": page})
        assert done.decisions == () and done.texts.left == () and done.unknown == ()
    assert table.standing().editorial.definition("mine").sections[1].prose == "About pruning."


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("\n", "  \n"), ("\n", "\n")], ids=["CRLF", "spaces", "mark"])
@pytest.mark.parametrize("style", ["table", "bullets"])
def test_line_ends_and_spaces_are_nobodys_edit(
    request: pytest.FixtureRequest, style: str, change: tuple[str, str]
) -> None:
    world: World = request.getfixturevalue(style)
    done = world.again({name: "\ufeff" + text.replace(*change) for name, text in world.pages().items()})
    assert done.decisions == () and done.texts.done == () and done.unknown == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "| **Tuning** | | |\n",
            "",
            "README.md, lines 17 to 20: the heading above is gone, so what stands there stays",
        ),
        ("**Tuning**", "**Fine**", 'README.md, lines 18 to 21: "Fine" is no section of the list, so what stands there'),
        (
            "# Mine\n",
            "",
            "README.md: the list's title is gone from the page, and stays: editorial/lists/mine.toml says",
        ),
    ],
    ids=["band gone", "band renamed", "title gone"],
)
def test_headings_of_the_front_page_that_are_gone_or_renamed_are_told_once(
    table: World, old: str, new: str, told: str
) -> None:
    front = table.pages()["README.md"]
    assert old in front
    done = table.again({"README.md": front.replace(old, new)})
    assert done.decisions == () and done.planned.removed == () and done.texts.done == ()
    [said] = [*done.planned.left, *done.texts.left]
    assert said.startswith(told)


def test_a_section_that_is_called_like_a_foot_has_its_entries(bullets: World) -> None:
    bullets.again({"README.md": bullets.pages()["README.md"].replace("### Papers", "### Citation analysis")})
    bullets.publish()
    pages = bullets.pages()
    assert "### Citation analysis" in pages["README.md"] and bullets.again(pages).decisions == ()
    [decision] = bullets.again({"README.md": pages["README.md"].replace("**Fifth**", "**The fifth**")}).decisions
    assert decision.edits == (Edit("title", "Fifth", "The fifth"),)
