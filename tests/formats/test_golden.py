"""Whole rendered pages beside their input; `python tests/formats/test_golden.py` writes them anew, to be read as a diff."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from list_builders import AS_OF, SNAPSHOT, a_list, entries_of, paper, repository

from harvester.definitions import STYLES, Style
from harvester.editorial.decisions import read_lines
from harvester.ids import RepoName, Subject
from harvester.steps.render import render

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def rendered(style: Style) -> dict[str, str]:
    told = json.loads((GOLDEN / "entries.json").read_text(encoding="utf-8"))
    decisions, torn, mistakes = read_lines(
        "".join(json.dumps(line) + "\n" for line in told["decisions"]), "golden.jsonl"
    )
    assert not torn and not mistakes
    papers = [
        paper(**{**one, "repositories": tuple(map(Subject, one.get("repositories", ())))}) for one in told["papers"]
    ]
    repositories = [
        repository(**{**one, "aliases": tuple(map(RepoName, one.get("aliases", ())))}) for one in told["repositories"]
    ]
    definition = replace(
        a_list(style, *told["sections"]), title=told["title"], head=told["head"], foot=told["foot"], recent_days=5
    )
    return render(entries_of(decisions), papers, repositories, definition, AS_OF, SNAPSHOT)


@pytest.mark.parametrize("style", STYLES)
def test_pages_are_those_that_were_looked_at(style: Style) -> None:
    found = rendered(style)

    assert set(found) == {path.name for path in (GOLDEN / style).glob("*.md")}
    for name, text in found.items():
        assert text == (GOLDEN / style / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    for style in STYLES:
        for name, text in rendered(style).items():
            (GOLDEN / style / name).write_text(text, encoding="utf-8")
