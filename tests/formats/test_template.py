"""A list's own layout: escaped by default, sandboxed, and told with file and line where it is wrong."""

from __future__ import annotations

import pytest
from list_builders import AS_OF, SNAPSHOT, a_list, entry, paper

from harvester.errors import ListError
from harvester.steps.render import render

TITLE = "a | b <script> `x` ](javascript:y)"


def filled(template: str, file: str = "README.md") -> str:
    definition = a_list("table", templates={file: template}, head="A head")
    listed = [entry("arxiv:2405.00001", title=TITLE), entry("arxiv:2405.00002", order=2)]
    facts = [paper("arxiv:2405.00001", 7), paper("arxiv:2405.00002")]
    return render(listed, facts, [], definition, AS_OF, SNAPSHOT)[file]


def test_what_a_template_prints_is_escaped() -> None:
    found = filled("{{ lines[0].title }}").partition("\n")[0]

    assert found == r"a \| b \<script> \`x\` \](javascript:y)"


def test_filters_write_for_their_place() -> None:
    assert filled("{{ lines[0].title | code }}").startswith("`` " if TITLE.startswith("`") else "``")
    assert filled("{{ 'x' | link('javascript:alert(1)') }}{{ 'a|b' | cell }}").startswith("xa\\|b\n")
    assert filled("{{ [1, 'a,b', none] | csv }}", "papers.csv") == '1,"a,b",\n'
    assert filled("{{ lines[0] | cited }}{{ lines[1] | cited }}{{ lines[0] | arxiv }}").startswith("72405.00001\n")


def test_a_page_that_leaves_out_its_stamp_gets_one_at_the_end() -> None:
    assert f"made from snapshot {SNAPSHOT}" in filled("nothing").split("\n")[-2]
    assert filled("{{ stamp }}").count("made from snapshot") == 1
    assert "snapshot" not in filled("a,b", "papers.csv")


@pytest.mark.parametrize(
    ("template", "line", "words"),
    [
        ("one\n{% for x in %}", 2, "Expected an expression"),
        ("one\ntwo\n{{ nobody }}", 3, "'nobody' is undefined"),
        ("{{ lines[0].titel }}", 1, "has no attribute 'titel'"),
        ("\n{{ 1 / 0 }}", 2, "division by zero"),
        ("\n\n{{ lines | no_such }}", 3, "No filter named 'no_such'"),
        ("{{ ''.__class__.__mro__ }}", 1, "unsafe"),
        ("{% include '/etc/passwd' %}", 1, "no loader"),
        ("{{ lines.append(1) }}", 1, ""),
    ],
)
def test_a_mistake_names_file_and_line(template: str, line: int, words: str) -> None:
    with pytest.raises(ListError) as told:
        filled(template)

    assert f"editorial/lists/a-list.README.md.j2, line {line}: " in str(told.value) and words in str(told.value)
