from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.rehearsal.graphql_language import Field, Inline, Spread, SyntaxProblem, Variable, parse


def test_aliases_arguments_and_variables_are_read() -> None:
    document = parse('query Q($o: String!, $n: String = "x") { r0: repository(owner: $o, name: "a\\"b") { id } }')
    (field,) = document.selection
    assert isinstance(field, Field)
    assert (field.alias, field.name) == ("r0", "repository")
    assert field.arguments == {"owner": Variable("o"), "name": 'a"b'}
    assert (document.defaults, document.required) == ({"n": "x"}, frozenset({"o"}))


def test_fragments_are_read_wherever_they_stand() -> None:
    document = parse("fragment R on Repository { id } { a: node(id: 1) { ...R ... on Repository { url } } }")
    (field,) = document.selection
    assert isinstance(field, Field)
    assert isinstance(field.selection[0], Spread) and isinstance(field.selection[1], Inline)
    assert list(document.fragments) == ["R"]


def test_comments_commas_lists_and_words_are_read() -> None:
    document = parse("{ # all\n nodes(ids: [1, $x, true, null, ASC]) { id, url } }")
    (field,) = document.selection
    assert isinstance(field, Field)
    assert field.arguments == {"ids": [1, Variable("x"), True, None, "ASC"]}
    assert field.place == (2, 2)


@pytest.mark.parametrize(
    "text", ["", "{", "{ }}", "{ a(b:) }", "query", "{ a } { b }", "query($x) { a }", '{ a(b: "c) }']
)
def test_what_is_no_query_is_refused(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse(text)


names = st.from_regex(r"[_A-Za-z][_0-9A-Za-z]{0,8}", fullmatch=True)


@given(st.lists(st.tuples(names, st.text(max_size=12)), min_size=1, max_size=8))
def test_any_string_survives_as_an_argument(pairs: list[tuple[str, str]]) -> None:
    import json

    query = "{" + " ".join(f"{alias}: repository(name: {json.dumps(text)}) {{ id }}" for alias, text in pairs) + "}"
    fields = [field for field in parse(query).selection if isinstance(field, Field)]
    assert [(field.alias, field.arguments["name"]) for field in fields] == pairs


@given(st.text('{}()[]$:"\\!. \n#ab1-', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        document = parse(text)
    except SyntaxProblem as problem:
        assert str(problem)
    else:
        assert parse(f"#{text.splitlines()[0] if text else ''}\n{text}\n# end") == document  # comments say nothing
