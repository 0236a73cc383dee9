"""`harvester item`, as people call it: nothing is asked of anybody."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from deciding_world import settle_in

from harvester.cli import main

Item = Callable[..., Result]


@pytest.fixture
def item(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Item:
    settle_in(tmp_path)
    monkeypatch.chdir(tmp_path)
    signed = ("--by", "ann", "--at", "2024-06-03T12:00:00Z")
    return lambda *arguments: CliRunner().invoke(main, ["item", *arguments, *signed])


def row(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    (found,) = json.loads(result.stdout)
    return dict(found)


def decisions() -> list[dict[str, Any]]:
    files = sorted(Path("editorial/decisions").glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]


def edits() -> list[dict[str, Any]]:
    return [line for line in decisions() if line["act"] == "edit"]


def test_a_known_paper_is_shown_in_both_styles(item: Item) -> None:
    done = item("https://arxiv.org/abs/2405.00001v2")
    table, bullet = done.stdout.split("\n\n", 1)
    assert table == (
        "| [Title of 2405.00001](https://arxiv.org/abs/2405.00001) <br> Ada Author, Bo Author | | "
        "[Paper](https://arxiv.org/abs/2405.00001) |"
    )
    assert bullet.startswith(
        "- **Title of 2405.00001**, `arXiv, 2405.00001`, [arxiv](https://arxiv.org/abs/2405.00001)"
    )
    assert bullet.endswith("  *Ada Author, Bo Author*\n")
    assert decisions() == [] and done.stderr == ""


def test_an_unknown_paper_is_shown_from_what_is_given(item: Item) -> None:
    given = ("--title", "A | B", "--authors", "Cy Author", "--code", "ada/cut")
    done = item("2405.99999", *given, "--style", "table")
    assert done.stdout == (
        "| [A \\| B](https://arxiv.org/abs/2405.99999) <br> Cy Author | | [Github](https://github.com/ada/cut) <br> "
        "[Paper](https://arxiv.org/abs/2405.99999) |\n"
    )
    assert "([cut](https://github.com/ada/cut) - ada)" in item("2405.99999", *given, "--style", "bullets").stdout


def test_without_anything_given_it_says_so(item: Item) -> None:
    done = item("2405.99999")
    assert "[arXiv:2405.99999](https://arxiv.org/abs/2405.99999)" in done.stdout
    assert "nothing is known of arxiv:2405.99999 yet" in done.stderr


def test_the_options_of_the_list_are_kept(item: Item) -> None:
    definition = Path("editorial/lists/efficient.toml")
    definition.write_text(
        'columns = ["title", "published"]\n' + definition.read_text(encoding="utf-8"), encoding="utf-8"
    )
    done = item("2405.00001", "--list", "efficient", "--style", "table")
    assert done.stdout.endswith("Ada Author, Bo Author | 2024-06-01 |\n")


def test_add_records_the_acceptance_with_what_was_given(item: Item) -> None:
    where = ("--list", "efficient", "--section", "survey")
    found = row(item("2405.99999", "--title", "Cut", "--code", "https://x.org/code", *where, "--add", "--json"))
    assert (found["section"], found["list"], len(found["decisions"])) == ("Survey", "efficient", 1)
    (line,) = decisions()
    assert (line["act"], line["by"], line["section"]) == ("accept", "ann", "Survey")
    assert line["wording"] == {"title": "Cut", "links": [{"label": "code", "url": "https://x.org/code"}]}


def test_add_goes_where_it_is_suggested_and_needs_no_words(item: Item) -> None:
    assert row(item("2405.00001", "--json"))["section"] == "Network Pruning"
    assert "accepted into Network Pruning" in item("2405.00001", "--add").stdout
    (line,) = decisions()
    assert "wording" not in line and line["saw"] == {"version": 2}


def test_words_given_later_are_an_edit_of_the_entry(item: Item) -> None:
    item("2405.00001", "--title", "Cut", "--add")
    done = item("2405.00001", "--code", "ada/cut", "--add")
    assert 'edited in Network Pruning: links: added "Github"' in done.stdout
    [line] = edits()
    assert (line["act"], line["to"]) == ("edit", {"links": [{"label": "Github", "url": "https://github.com/ada/cut"}]})
    assert line["follows"].endswith(":1") and "wording" not in line
    assert "[Github](https://github.com/ada/cut)" in item("2405.00001").stdout
    assert "nothing to do" in item("2405.00001", "--code", "ada/cut", "--add").stdout and len(decisions()) == 2


def test_an_edit_of_an_entry_says_which_word_of_the_machines_it_replaced(item: Item) -> None:
    item("2405.00001", "--add")
    known = row(item("2405.00001", "--json"))["row"]
    item("2405.00001", "--title", "Cut", "--section", "Survey", "--add")
    [line] = edits()
    assert line["from"]["title"] in known and line["from"]["section"] == "Network Pruning"
    assert line["to"] == {"section": "Survey", "title": "Cut"}


def test_the_note_that_was_decided_is_shown_as_on_pages(item: Item) -> None:
    item("2405.00001", "--list", "efficient", "--add")
    (line,) = decisions()
    noted = {**line, "at": "2024-06-03T13:00:00Z", "note": "nice, and small"}
    Path("editorial/decisions/2024-06-03T130000Z-ann-note.jsonl").write_text(json.dumps(noted) + "\n", encoding="utf-8")
    found = row(item("2405.00001", "--list", "efficient", "--json"))
    assert "nice, and small" in found["row"] and "nice, and small" in found["bullet"]


def test_a_paper_that_is_another_is_not_added_nor_shown_as_added(item: Item) -> None:
    item("2405.00002", "--title", "Its own", "--add")
    standing = decisions()
    twin = {**standing[0], "subject": "arxiv:2405.00001", "act": "same", "same_as": "arxiv:2405.00002"}
    facts = {key: value for key, value in twin.items() if key not in ("section", "wording", "saw")}
    Path("editorial/decisions/2024-06-03T130000Z-ann-join.jsonl").write_text(json.dumps(facts) + "\n", encoding="utf-8")
    done = item("2405.00001", "--title", "Another", "--add")
    assert done.exit_code == 1 and done.stdout == "" and decisions()[:1] == standing and len(decisions()) == 2
    assert (
        "arxiv:2405.00001 is held to be the same as arxiv:2405.00002: name that one, or `harvester undo" in done.stderr
    )


def test_mistakes_are_told_before_anything_is_written(item: Item) -> None:
    assert "names no paper" in item("what?").stderr
    assert "is no code" in item("2405.00001", "--code", "cut").stderr
    wrong = item("2405.00001", "--list", "efficient", "--section", "Prunning", "--add")
    assert 'did you mean "Network Pruning"' in wrong.stderr and wrong.exit_code == 1
    assert 'sections: "Network Pruning"' in item("2405.00001", "--list", "efficient", "--section", "zzz").stderr
    assert "say which one with --list" in item("2405.99999", "--title", "x", "--add").stderr
    assert decisions() == []


def test_it_works_before_the_first_list_and_the_first_night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "editorial").mkdir()
    (tmp_path / "editorial" / "topics.toml").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["item", "ada/cut", "--json"])
    assert row(done)["row"] == "| [**cut**](https://github.com/ada/cut) | | [Github](https://github.com/ada/cut) |"
