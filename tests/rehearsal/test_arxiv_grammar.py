from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.rehearsal.arxiv_grammar import Both, Dates, Query, QueryError, Term, parse

A, B, C = (Term("all", name, quoted=False) for name in "abc")


def test_operators_are_right_associative_without_precedence() -> None:
    assert parse("a AND b OR c") == Both("AND", A, Both("OR", B, C))
    assert parse("a ANDNOT b AND c") == Both("ANDNOT", A, Both("AND", B, C))


def test_brackets_decide_otherwise() -> None:
    assert parse("(a AND b) OR c") == Both("OR", Both("AND", A, B), C)


def test_a_missing_operator_means_or() -> None:
    assert parse("a b") == Both("OR", A, B)
    assert parse("(a) (b)") == Both("OR", A, B)


def test_operators_are_written_in_capitals() -> None:
    assert parse("a and") == Both("OR", A, Term("all", "and", quoted=False))


def test_a_phrase_keeps_its_field() -> None:
    assert parse('ti:"KV cache"') == Term("ti", "KV cache", quoted=True)
    assert parse("cat:cs.*") == Term("cat", "cs.*", quoted=False)


@pytest.mark.parametrize("field", ["submittedDate", "lastUpdatedDate"])
def test_dates_mean_the_submission_of_version_1(field: str) -> None:
    found = parse(f"{field}:[202406010000 TO 202406030300]")
    assert found == Dates(datetime(2024, 6, 1, tzinfo=UTC), datetime(2024, 6, 3, 3, tzinfo=UTC))


def test_shorter_dates_are_filled_up() -> None:
    assert parse("submittedDate:[2024 TO 202406]") == Dates(
        datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(a",
        "a)",
        "a AND",
        "AND a",
        "()",
        'ti:""',
        "foo:bar",
        "ti:*ache",
        'ti:"open',
        "submittedDate:[20240601+TO+20240603]",
        "submittedDate:[202413010000 TO 202406030300]",
        "submittedDate:[20240 TO 20241]",
    ],
)
def test_what_is_no_query_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        parse(text)


leaves = st.builds(
    Term,
    st.sampled_from(["ti", "au", "abs", "all"]),
    st.text("abcdefgh", min_size=1, max_size=8),
    st.just(False),
)
trees = st.recursive(leaves, lambda inner: st.builds(Both, st.sampled_from(["AND", "OR", "ANDNOT"]), inner, inner))


def written(query: Query) -> str:
    if isinstance(query, Both):
        return f"({written(query.left)}) {query.operator} ({written(query.right)})"
    assert isinstance(query, Term)
    return f"{query.field}:{query.text}"


@given(trees)
def test_a_fully_bracketed_query_means_what_it_says(tree: Query) -> None:
    assert parse(written(tree)) == tree


@given(st.text('ab()":[] ANDORT*', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        assert str(error)
    else:
        assert parse(f"({text})") == query  # what means something means the same in brackets
