"""Whole rendered pages beside their input; `python tests/formats/test_golden.py` writes them anew, to be read as a diff."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from list_builders import AS_OF, SNAPSHOT, a_list, entries_of, paper, repository

from harvester.definitions import STYLES, Style
from harvester.editorial.decisions import read_lines
from harvester.ids import RepoName, Subject
from harvester.steps.render import render

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


DOCS = Path(__file__).resolve().parents[2] / "docs" / "lists.md"
# One page for each option of a definition: which page, and what the definition says.
OPTIONS: dict[str, tuple[Style, str, dict[str, Any]]] = {
    "columns": ("table", "pruning.md", {"columns": ("title", "links", "published", "citations", "stars")}),
    "badges-dynamic": ("bullets", "README.md", {"badges": "dynamic"}),
    "badges-dynamic-table": ("table", "pruning.md", {"badges": "dynamic"}),
    "badges-none": ("bullets", "README.md", {"badges": "none"}),
    "window": ("table", "README.md", {"recent_days": 1}),
    "order-newest": ("bullets", "README.md", {"order": "newest"}),
    "order-stars": ("bullets", "README.md", {"order": "stars"}),
    "order-citations": ("bullets", "README.md", {"order": "citations"}),
    "order-title": ("bullets", "README.md", {"order": "title"}),
}


def documented_template() -> str:
    """The example of docs/lists.md, which a reader copies."""
    text = DOCS.read_text(encoding="utf-8")
    return text.partition("```jinja\n")[2].partition("```\n")[0]


def rendered(style: Style, **options: Any) -> dict[str, str]:
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
    definition = replace(definition, **options)
    return render(entries_of(decisions), papers, repositories, definition, AS_OF, SNAPSHOT)


@pytest.mark.parametrize("style", STYLES)
def test_pages_are_those_that_were_looked_at(style: Style) -> None:
    found = rendered(style)

    assert set(found) == {path.name for path in (GOLDEN / style).glob("*.md")}
    for name, text in found.items():
        assert text == (GOLDEN / style / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_has_a_page_that_was_looked_at(name: str) -> None:
    style, page, options = OPTIONS[name]

    assert rendered(style, **options)[page] == (GOLDEN / "options" / f"{name}.md").read_text(encoding="utf-8")


def test_the_template_of_the_documentation_gives_the_page_that_was_looked_at() -> None:
    found = rendered("table", templates={"README.md": documented_template()})

    assert found["README.md"] == (GOLDEN / "template" / "README.md").read_text(encoding="utf-8")
    assert "pruning.md" in found


def test_the_template_of_the_readme_works_as_pasted() -> None:
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    found = rendered("table", templates={"newest.md": readme.partition("```jinja\n")[2].partition("```")[0]})[
        "newest.md"
    ]

    dated = [line for line in found.split("\n") if line.startswith("- ")]
    assert dated == sorted(dated, key=lambda line: line[2:12], reverse=True) and len(dated) > 2
    assert all(re.match(r"- \d{4}-\d\d-\d\d · \[.+\]\(https://\S+\)(, citations: \d+)?$", line) for line in dated)
    assert found.startswith("# Efficient things: newest first\n\n*Citations from")


if __name__ == "__main__":
    for style in STYLES:
        for name, text in rendered(style).items():
            (GOLDEN / style / name).write_text(text, encoding="utf-8")
    for name, (style, page, options) in OPTIONS.items():
        (GOLDEN / "options" / f"{name}.md").write_text(rendered(style, **options)[page], encoding="utf-8")
    filled = rendered("table", templates={"README.md": documented_template()})["README.md"]
    (GOLDEN / "template" / "README.md").write_text(filled, encoding="utf-8")
