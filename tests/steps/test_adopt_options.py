"""Whatever options a list has, its pages are adopted again as they are: what they leave out is not taken away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from adopting_world import BULLETS, FRONT, PRUNING, TUNING, World

from harvester.records import Edit

NOTED = TUNING.replace("<img src='f.png'>", "<img src='f.png'> <br> a note with [a link](https://a.org/x)", 2)
TABLE = {"README.md": FRONT, "tuning.md": NOTED, "pruning.md": PRUNING}


def set_options(world: World, options: str) -> None:
    file = world.settings.editorial / "lists" / "mine.toml"
    file.write_text(options + re.sub(r"recent_days.*\n", "", file.read_text(encoding="utf-8")), encoding="utf-8")
    assert world.shelved().held_back == ()


def check_again(world: World, title: str) -> None:
    touched = {name: text + "\n \n" for name, text in world.pages().items()}  # so that they are looked at
    done = world.again(touched, removals=True, dry_run=True)
    assert not (done.decisions or done.texts.done or done.texts.left or done.planned.left or done.unknown)
    for name, text in touched.items():
        if title in text:
            done = world.again({name: text.replace(title, title.replace("First", "The first"))}, dry_run=True)
            assert [one.edits for one in done.decisions] == [(Edit("title", "First", "The first"),)], name


@pytest.mark.parametrize(
    "columns",
    [
        ["title"],
        ["title", "links"],
        ["title", "introduction"],
        ["title", "published", "citations", "stars"],
        ["links", "title", "introduction"],
        ["stars", "published", "title"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize(
    "others",
    ['recent_days = 1\nbadges = "none"\n', 'badges = "dynamic"\norder = "title"\n', 'order = "stars"\n'],
    ids=["no window", "dynamic", "by stars"],
)
def test_pages_in_table_style(columns: list[str], others: str, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.keep(TABLE)
    set_options(world, f"columns = {columns}\n".replace("'", '"') + others)
    check_again(world, "[First]")


@pytest.mark.parametrize("badges", ["static", "dynamic", "none"])
@pytest.mark.parametrize("order", ["decided", "newest", "stars", "citations", "title"])
def test_pages_in_bullet_style(badges: str, order: str, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.keep({"README.md": BULLETS})
    set_options(world, f'badges = "{badges}"\norder = "{order}"\n')
    check_again(world, "**First**")
