"""Topics and lists: every mistake is named at once, with file, key and remedy."""

from __future__ import annotations

import re
from datetime import date

import pytest

from harvester.definitions import QueuePolicy, read_editorial, read_for, sift_editorial
from harvester.errors import SettingsError

TOPICS = """
categories = ["cs.CL"]
[harvest]
since = 10
[topics.pruning]
include = ["network pruning", "sparsity"]
exclude = ["tree pruning"]
[topics.moe]
include = ["mixture of experts"]
categories = ["cs.LG"]
since = 2024-01-31
"""
LIST = """
title = "A list"
style = "bullets"
[[sections]]
path = "Pruning"
topics = ["pruning"]
[[sections]]
path = "Quantization / Papers"
[[sections]]
path = "MoE / Papers"
"""


def test_topics_and_lists_are_read() -> None:
    editorial = read_editorial({"topics.toml": TOPICS, "lists/a.toml": LIST, "lists/a.head.md": "Hello\n"})
    assert [(t.name, t.categories) for t in editorial.topics] == [("pruning", ("cs.CL",)), ("moe", ("cs.LG",))]
    assert (editorial.harvest.overlap_days, editorial.harvest.pages) == (7, 100)
    today = date(2024, 6, 10)
    assert [topic.since_day(today) for topic in editorial.topics] == [date(2024, 5, 31), date(2024, 1, 31)]
    definition = editorial.definition("a")
    assert (definition.style, definition.head) == ("bullets", "Hello\n")
    assert [(s.path, s.title, s.level) for s in definition.sections][1] == ("Quantization / Papers", "Papers", 2)


def test_a_section_is_found_by_path_or_by_a_title_that_only_it_has() -> None:
    definition = read_editorial({"topics.toml": TOPICS, "lists/a.toml": LIST}).definition("a")
    found = definition.section("pruning")
    assert found and found.path == "Pruning"
    assert definition.section("Papers") is None  # two sections have that title
    assert definition.nearest_sections("Prunning") == ["Pruning"]


def test_all_mistakes_of_all_files_are_told_at_once() -> None:
    texts = {
        "topics.toml": TOPICS.replace("[topics.moe]", "colour = 3\n[topics.moe]").replace("since = 10", "sinse = 10"),
        "lists/a.toml": LIST.replace('style = "bullets"', 'style = "bulets"').replace('["pruning"]', '["prunning"]'),
        "lists/b.toml": "title = 3\n<<<<<<< HEAD\n",
    }
    with pytest.raises(SettingsError) as caught:
        read_editorial(texts)
    said = str(caught.value)
    assert "did you mean 'since'" in said
    assert "topics.pruning.colour is unknown" in said
    assert "lists/a.toml:3: style 'bulets' is unknown" in said
    assert "topic 'prunning'" in said
    assert "lists/b.toml:2: not valid TOML" in said
    assert "topics.toml:4: harvest.sinse" in said
    assert "lists/a.toml:6: section 'Pruning' names topic 'prunning'" in said


def test_a_quote_that_is_not_closed_is_told_as_such() -> None:
    with pytest.raises(
        SettingsError, match=r"lists/a\.toml:2: not valid TOML: .*; is a quote or a bracket in or above it"
    ):
        read_editorial({"topics.toml": TOPICS, "lists/a.toml": LIST.replace('"A list"', '"A list')})


def test_lines_are_those_of_keys_and_not_of_texts_that_look_like_them() -> None:
    prose = 'prose = """\n[[sections]]\npath = "no path"\n"""\n[[sections]]\npath = "Pruning"\nlevel = 0\n'
    with pytest.raises(SettingsError) as caught:
        read_editorial({"topics.toml": TOPICS, "lists/a.toml": LIST + prose})
    assert caught.value.mistakes == (
        "lists/a.toml:17: sections[4].level must be at least 1, not 0",
        "lists/a.toml:16: section 'Pruning' occurs twice: give one of them another path",
    )


@pytest.mark.parametrize("since", ["0", "true", '"2024-01-31"', "2024-01-31T03:00:00Z", "1.5"])
def test_a_look_back_is_a_number_of_days_or_a_day(since: str) -> None:
    with pytest.raises(SettingsError, match=r"harvest\.since must be a number of days, at least 1, or a day such as"):
        read_editorial({"topics.toml": TOPICS.replace("since = 10", f"since = {since}")})


def test_the_look_back_of_an_older_file_is_told_its_new_name() -> None:
    with pytest.raises(SettingsError, match=r"harvest\.first_days is called `since` now"):
        read_editorial({"topics.toml": TOPICS.replace("since = 10", "first_days = 30")})


@pytest.mark.parametrize(
    "page", ["README.md", "readme.MD", "../x.md", "/x.md", ".x.md", "a/../x.md", "a\\b.md", "x", ""]
)
def test_a_page_that_cannot_be_a_sections_own_is_told(page: str) -> None:
    with pytest.raises(SettingsError, match=r"sections\[3\]\.page .* is no page"):
        read_editorial({"topics.toml": TOPICS, "lists/a.toml": f"{LIST}page = '{page}'\n"})


@pytest.mark.parametrize("page", ["pruning.md", "kv/cache.md", "_x.md", "Größe.md"])
def test_a_section_may_have_a_page_of_its_own(page: str) -> None:
    editorial = read_editorial({"topics.toml": TOPICS, "lists/a.toml": f"{LIST}page = '{page}'\n"})
    assert editorial.definition("a").sections[2].page == page


def test_sections_that_are_no_tables_are_told() -> None:
    with pytest.raises(SettingsError, match=r"sections must be tables, each under \[\[sections\]\]"):
        read_editorial({"topics.toml": TOPICS, "lists/a.toml": 'sections = ["Pruning"]\n'})


def test_unreadable_topics_are_told_once_and_not_for_every_section() -> None:
    with pytest.raises(SettingsError) as caught:
        read_editorial({"topics.toml": "categories = [\n[topics.x]\n", "lists/a.toml": LIST})
    assert len(caught.value.mistakes) == 1


def test_an_unknown_list_names_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="lists: a"):
        read_editorial({"topics.toml": TOPICS, "lists/a.toml": LIST}).definition("z")


def test_options_of_a_list_are_read() -> None:
    text = 'order = "stars"\nbadges = "none"\ncolumns = ["published", "title"]\n'
    (found,) = read_editorial({"topics.toml": TOPICS, "lists/a.toml": text, "lists/a.b.csv.j2": "{{ title }}"}).lists

    assert (found.order, found.badges, found.columns) == ("stars", "none", ("published", "title"))
    assert dict(found.templates) == {"b.csv": "{{ title }}"}


def test_mistakes_in_options_say_what_was_meant() -> None:
    text = 'style = "tabel"\norder = "newst"\nbadges = "dynamc"\ncolumns = ["link"]\n'
    with pytest.raises(SettingsError) as told:
        read_editorial({"topics.toml": TOPICS, "lists/a.toml": text, "lists/b.README.md.j2": ""})

    said = str(told.value)
    for meant in ("table", "newest", "dynamic", "links"):
        assert f"did you mean {meant!r}?" in said
    assert "lists/b.README.md.j2: belongs to no list" in said


def test_a_template_of_no_list_stops_no_list() -> None:
    texts = {"topics.toml": TOPICS, "lists/a.toml": LIST, "lists/gone.README.md.j2": "{{ title }}"}
    found = sift_editorial(texts)

    assert [one.slug for one in found.editorial.lists] == ["a"] and found.mistakes == ()
    assert found.of_lists == found.editorial.broken
    assert found.of_lists["gone"][0].startswith("lists/gone.README.md.j2: belongs to no list")
    with pytest.raises(SettingsError, match="belongs to no list"):
        found.editorial.definition("gone")
    assert read_for("a", texts).definition("a").slug == "a"


MERGED = "Welcome\n<<<<<<< HEAD\nto one list\n=======\nto another\n>>>>>>> theirs\n"


@pytest.mark.parametrize("name", ["lists/b.head.md", "lists/b.foot.md", "lists/b.README.md.j2"])
def test_what_a_merge_left_in_the_texts_of_a_list_is_told_and_holds_back_that_list(name: str) -> None:
    texts = {
        "topics.toml": 'categories = ["cs.CL"]\n[topics.a]\ninclude = ["a"]\n',
        "lists/a.toml": 'title = "A"\n',
        "lists/b.toml": 'title = "B"\n',
        name: MERGED,
    }
    found = sift_editorial(texts)
    assert [definition.slug for definition in found.editorial.lists] == ["a"]
    assert [mistake.partition(": ")[0] for mistake in found.of_lists["b"]] == [f"{name}:2", f"{name}:6"]
    assert "left over from a merge" in found.of_lists["b"][0]


def test_what_a_merge_left_within_a_long_text_of_a_definition_is_told_once() -> None:
    long = f'title = "B"\n[[sections]]\npath = "P"\nprose = """\n{MERGED}"""\n'
    topics = 'categories = ["cs.CL"]\n[topics.a]\ninclude = ["a"]\n'
    found = sift_editorial({"topics.toml": topics, "lists/b.toml": long})
    assert len(found.of_lists["b"]) == 2
    broken = sift_editorial({"topics.toml": topics, "lists/b.toml": f'title = "B"\n{MERGED}'})
    assert len(broken.of_lists["b"]) == 1


def test_an_underlined_heading_is_no_merge() -> None:
    topics = 'categories = ["cs.CL"]\n[topics.a]\ninclude = ["a"]\n'
    found = sift_editorial({"topics.toml": topics, "lists/b.toml": 'title = "B"\n', "lists/b.head.md": "Hi\n=======\n"})
    assert not found.of_lists


def test_a_list_says_how_its_queue_is_made_and_what_it_leaves_out_has_its_default() -> None:
    plain, own = (
        read_editorial({"topics.toml": TOPICS, "lists/a.toml": LIST + below}).definition("a").queue
        for below in ("", "[queue]\nper_day = 8\nrecall = 1\n")
    )
    assert plain == QueuePolicy()
    assert own == QueuePolicy(per_day=8, recall=1.0)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("per_day = -1", "lists/a.toml:12: queue.per_day must be at least 0, not -1"),
        ("recall = 99", "lists/a.toml:12: queue.recall must be a number from 0 to 1, not 99"),
        ("expire_bellow = 0.1", "queue.expire_bellow is unknown; did you mean 'expire_below'?"),
    ],
)
def test_a_mistake_in_the_queues_numbers_is_told(line: str, told: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(told)):
        read_editorial({"topics.toml": TOPICS, "lists/a.toml": f"{LIST}[queue]\n{line}\n"})


def test_a_section_is_found_by_a_name_that_it_had_before() -> None:
    text = LIST.replace('topics = ["pruning"]', 'topics = ["pruning"]\nformerly = ["Sparsity", "Thinning"]')
    definition = read_editorial({"topics.toml": TOPICS, "lists/a.toml": text}).definition("a")
    found = definition.section("thinning")
    assert found and (found.path, found.formerly) == ("Pruning", ("Sparsity", "Thinning"))


def test_a_former_path_comes_before_the_title_of_another_section_as_for_what_was_decided() -> None:
    text = LIST.replace('topics = ["pruning"]', 'formerly = ["Papers"]')
    (definition,) = read_editorial({"topics.toml": TOPICS, "lists/a.toml": text}).lists
    found = definition.section("papers")
    assert found and found.path == definition.former_names().now("Papers") == "Pruning"


def test_a_former_name_that_means_two_sections_is_told_with_its_line() -> None:
    text = LIST.replace('topics = ["pruning"]', 'formerly = ["MoE / Papers", "Sparsity"]') + 'formerly = ["sparsity"]\n'
    with pytest.raises(SettingsError) as caught:
        read_editorial({"topics.toml": TOPICS, "lists/a.toml": text})
    path, twice = caught.value.mistakes
    assert path.startswith('lists/a.toml:6: sections[1].formerly: "MoE / Papers" is the path of sections[3] now, whose')
    assert twice.startswith(
        'lists/a.toml:11: sections[3].formerly: "sparsity" is given by sections[1], too: its papers'
    )


@pytest.mark.parametrize(
    ("below", "told"),
    [
        ("recent_days = true", "recent_days must be a whole number, not true"),
        ("topics = [false]", "topics must hold texts only"),
        ("[queue]\nrecall = [true, 1]", "queue.recall must be a number from 0 to 1, not [true, 1]"),
        ("[queue]\nrecall = 1\n[queue]\n", "not valid TOML: Cannot declare [queue] twice"),
        ('[queue."a b".c]\n[queue."a b".c]\n', "not valid TOML: Cannot declare [queue.a b.c] twice"),
    ],
)
def test_mistakes_are_told_in_the_words_of_toml_and_not_of_python(below: str, told: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(told)):
        read_editorial({"topics.toml": TOPICS, "lists/a.toml": f"{below}\n"})
