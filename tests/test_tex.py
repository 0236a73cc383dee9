"""TeX in titles and names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.tex import readable


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"Erd\H{o}s, Schr\"odinger and G{\"o}del", "Erdős, Schrödinger and Gödel"),
        (r"Bj{\o}rn and \L ukasz, Fran\c{c}ois, na\"{\i}ve", "Bjørn and Łukasz, François, naïve"),
        (r"Hajd{\'u} and \v{S}koda, Se\~{n}or", "Hajdú and Škoda, Señor"),
        (r"\emph{Fast} and \texttt{vLLM}: 10\% of {LLM}s", "Fast and vLLM: 10% of LLMs"),
        ("``Less is more''", "“Less is more”"),
        (r"An $O(n\log n)$ bound for $\ell_1$", r"An $O(n\log n)$ bound for $\ell_1$"),
        (r"\unknown{stays} as it is", r"\unknown{stays} as it is"),
        ("It's 5 o'clock", "It's 5 o'clock"),
        (r"C:\users and a_b", r"C:\users and a_b"),
    ],
)
def test_tex_becomes_characters(tex: str, shown: str) -> None:
    assert readable(tex) == shown


@given(st.text(alphabet=st.characters(exclude_characters="\\{}`'~")))
def test_text_without_tex_comes_back_as_it_is(text: str) -> None:
    assert readable(text) == text


@given(st.text(alphabet="\\{}`'~\"oc$ $%HeL"))
def test_no_text_breaks_it(text: str) -> None:
    assert isinstance(readable(text), str)
