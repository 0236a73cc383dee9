"""Texts from outside: what is mended, and what is never even looked at."""

from __future__ import annotations

import pytest
from ftfy import fix_encoding
from hypothesis import example, given
from hypothesis import strategies as st

from harvester.formats._text import clean_url, mend_encoding

DAMAGE = "ÃÂâ€™œŒ‚Ä√±≈°вЂГўΒ×²à¹Ø§©öÇéßžŠ \x81\x9d╨⌐│█▌ﬁ\ufffd\uf8ff"
TEXT = st.text(st.one_of(st.sampled_from(DAMAGE + "ab. Z1🔥中"), st.characters(min_codepoint=0x80)), max_size=12)


@given(TEXT)
@example("Tolga Çöplü")
@example("œ 1")
@example("naïve Ã ")
def test_what_is_left_alone_is_nothing_that_ftfy_would_mend(text: str) -> None:
    line = "".join(text.split("\n"))

    if mend_encoding(line) == line:
        assert fix_encoding(line) == line


@pytest.mark.parametrize("encoding", ["mac_roman", "cp1252"])
@pytest.mark.parametrize("text", ["Šarūnas Bučinskas", "“quoted”", "日本語", "Zhang–Li"])
def test_text_that_was_decoded_wrongly_is_mended(text: str, encoding: str) -> None:
    damaged = text.encode().decode(encoding, "surrogateescape")
    if not any("\udc80" <= char <= "\udcff" for char in damaged):  # the encoding has no character for some byte
        assert mend_encoding(damaged) == text


@pytest.mark.parametrize(
    "url", ["https://a.b/c?d=e&f=g#h", "http://arxiv.org/abs/2405.18218", "https://a.b/(c)", "mailto:a@b.c"]
)
def test_a_plain_address_stays_as_it_is(url: str) -> None:
    assert clean_url(url) == url
