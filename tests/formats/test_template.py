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


@pytest.mark.parametrize("place", ["text", "cell", "code", "note", "markdown", "attribute", "url", "link('')"])
def test_what_nobody_knows_is_nothing_in_every_place(place: str) -> None:
    assert filled(f"<{{{{ lines[0].venue | {place} }}}}>").startswith("<>\n")


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


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in range(10 ** 9) %}x{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(9999) %}{% for b in lines %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}",
        "{{ '%*d' | format(999999999, 1) }}",
        "{{ '{:>{}}'.format(1, 999999999) }}",
        "{{ 'x' * 10 ** 9 }}",
        "{{ ('x' * 10 ** 7) | replace('x', 'y' * 10 ** 7) }}",
        "{{ ('x' * 10 ** 7).replace('x', 'y' * 10 ** 7) }}",
        "{{ ('x' * 10 ** 7).join('y' * 10 ** 7) }}",
        "{{ range(9999) | join('x' * 10 ** 6) }}",
        "{% for n in range(99999) %}{{ range(99999) | sum }}{% endfor %}",
        "{% for n in range(99999) %}{{ ('x' * 10 ** 7) | upper | length }}{% endfor %}",
        "{{ lipsum(n=10 ** 6) }}",
        "{{ [1] * 10 ** 9 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'x'.ljust(10 ** 6 * 999) }}",
        "{{ 'x' | center(999999999) }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{% set ns = namespace(t='xxxxxxxxxx') %}{% for i in range(60) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}",
        "{% set ns = namespace(t='xxxxxxxxxx') %}{% for i in range(60) %}{% set ns.t = ns.t + ns.t %}{% endfor %}",
        "{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
    ],
)
def test_a_template_that_would_run_or_grow_for_ever_is_told(template: str) -> None:
    with pytest.raises(ListError) as told:
        filled(f"\n{template}")

    assert "editorial/lists/a-list.README.md.j2, line 2: " in str(told.value)


def test_bounds_leave_loops_as_they_are() -> None:
    template = "{% for x in lines %}{{ loop.index }}/{{ loop.length }}{% if not loop.last %}, {% endif %}{% endfor %}"
    assert filled(template).startswith("1/2, 2/2\n")
    assert filled("{% for x in lines if x | cited %}{{ x | cited }}{% else %}none{% endfor %}").startswith("7\n")
    assert filled("{% for x in [] %}{% else %}none{% endfor %}{{ 2 * 3 }}{{ 'a' ~ 1 }}{{ 7 % 4 }}").startswith(
        "none6a13\n"
    )
    numbers = "{{ '{:,}'.format(150000) }} {{ '%.1f' | format(2.25) }} {{ '%03d' % 7 }}"
    assert filled(numbers).startswith("150,000 2.2 007\n")
    assert filled("{{ 'a b c' | wordwrap(2) | replace('a', 'x') | indent(2) }}").startswith("x b c")


@pytest.mark.parametrize(
    "template",
    ["{{ lines[0].__class__ }}", "{{ ''.__class__.__mro__ }}", "{{ ''['__class__'] }}", "{{ lines | attr('__class__') }}",
     "{{ self.__init__.__globals__ }}", "{{ link.__globals__ }}", "{% import 'x' as y %}", "{{ cycler.__init__ }}"],
)  # fmt: skip
def test_a_template_reaches_nothing_but_data(template: str) -> None:
    with pytest.raises(ListError):
        filled(template)
