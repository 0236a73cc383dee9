"""A law of editing by hand, for all lists there are: adopting what was rendered decides nothing, and rendering it again
gives the same bytes. Whoever adopts it as a new list has the same entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import lists_checked as raw
import pytest
from adopted_anew import assert_same, listed
from adopting_world import World

from harvester.definitions import STYLES, Style
from harvester.steps.adopt import adopt

PAGES = raw.hand_kept("horseee", "llm-plaza")
LIST_OF_PAGES = [path for path in PAGES if path.parent.name.startswith("pages_at")]
NEIGHBOURS = raw.hand_kept("others")
HABITS = sorted((Path(__file__).resolve().parents[1] / "habits").glob("*.md"))
EDITORIAL = Path(__file__).resolve().parents[2] / "editorial"


def name_of(path: Path) -> str:
    return "/".join(path.parts[-2:])


def in_style(world: World, style: Style) -> None:
    toml = world.settings.editorial / "lists" / f"{world.slug}.toml"
    text = toml.read_text(encoding="utf-8")
    for other in STYLES:
        text = text.replace(f'style = "{other}"', f'style = "{style}"')
    toml.write_text(text, encoding="utf-8")


def assert_fixed_point(world: World, style: Style) -> None:
    in_style(world, style)
    world.publish()
    said, pages = world.files(), world.pages()

    done = world.again(pages)
    copied = world.again(pages, copies=pages)

    for one in (done, copied):
        assert one.to_json() == {key: world.slug if key == "list" else [] for key in one.to_json()}
    assert world.files() == said
    world.publish()
    assert world.pages() == pages
    assert_read_anew(world, style, pages)


def assert_read_anew(world: World, style: Style, pages: Mapping[str, str]) -> None:
    """Somebody who has the pages alone, and adopts them as a new list in another folder, has the same entries."""
    new = World(world.settings.editorial.parent / "anew", world.slug)
    adopt(new.settings.editorial, pages, world.slug, style, new.signed(), facts_only=False, dry_run=False)
    assert_same(*(listed(one.standing().editorial.definition(world.slug), one.standing()) for one in (world, new)))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("slug", ["efficient-llm", "efficient-llm-plaza"])
def test_the_shipped_lists_stay_as_they_are(slug: str, style: Style, tmp_path: Path) -> None:
    world = World(tmp_path, slug)
    for path in EDITORIAL.rglob("*"):
        if path.is_file():
            target = world.settings.editorial / path.relative_to(EDITORIAL)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    assert_fixed_point(world, style)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", raw.SEEDS)
def test_the_seeds_stay_as_they_are(name: str, style: Style, tmp_path: Path) -> None:
    text = raw.seed(name)
    if text is None:
        pytest.skip("../shared/seeds is absent: it is no part of the repository")
    world = World(tmp_path)
    world.keep({"README.md": text})
    assert_fixed_point(world, style)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("path", HABITS, ids=lambda path: path.stem)
def test_lists_in_the_habits_of_the_field_stay_as_they_are(path: Path, style: Style, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.keep({"README.md": path.read_text(encoding="utf-8")})
    assert_fixed_point(world, style)


@pytest.mark.skipif(not PAGES, reason="../shared/realdata/lists is absent: it is no part of the repository")
@pytest.mark.parametrize("style", STYLES)
def test_a_front_page_and_its_sections_pages_stay_as_they_are(style: Style, tmp_path: Path) -> None:
    [front] = [path for path in PAGES if "SEED001" in path.name]
    texts = {path.name: path.read_text(encoding="utf-8") for path in LIST_OF_PAGES if path.name != "readme.md"}
    world = World(tmp_path)
    world.keep({"README.md": front.read_text(encoding="utf-8"), **texts})
    assert_fixed_point(world, style)


@pytest.mark.skipif(not NEIGHBOURS, reason="../shared/realdata/lists is absent: it is no part of the repository")
@pytest.mark.parametrize("path", NEIGHBOURS, ids=name_of)
def test_neighbour_lists_stay_as_they_are(path: Path, tmp_path: Path) -> None:
    """In the style in which they are rendered; what they show in the other one is held in formats/test_neighbour_lists."""
    world = World(tmp_path)
    style = world.keep({"README.md": path.read_text(encoding="utf-8")}).definition.style
    assert_fixed_point(world, style)
