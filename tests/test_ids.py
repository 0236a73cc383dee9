"""Identifiers: every spelling is read, one is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.ids import (
    find_arxiv_ids,
    find_repos,
    read_arxiv_id,
    read_doi,
    read_repo,
    read_subject,
    split_url,
    url_of,
)


@pytest.mark.parametrize(
    ("text", "number", "version"),
    [
        ("2405.18218", "2405.18218", None),
        ("2405.18218v2", "2405.18218", 2),
        ("2405.18218v9999", "2405.18218", 9999),
        ("arXiv:2405.18218v12", "2405.18218", 12),
        ("ARXIV: 2405.18218", "2405.18218", None),
        ("http://arxiv.org/pdf/2404.14897v1.pdf", "2404.14897", 1),
        ("https://arxiv.org/html/2405.18218v1", "2405.18218", 1),
        ("https://www.arxiv.org/abs/2405.18218?context=cs", "2405.18218", None),
        ("https://export.arxiv.org/abs/math.GT/0309136", "math/0309136", None),
        ("quant-ph/0201082v1", "quant-ph/0201082", 1),
        ("10.48550/arXiv.2501.00001", "2501.00001", None),
        ("https://doi.org/10.48550/ARXIV.2501.00001", "2501.00001", None),
        ("https://ar5iv.org/abs/0704.0001", "0704.0001", None),
        ("https://ar5iv.labs.arxiv.org/html/2405.18218", "2405.18218", None),
        ("https://www.alphaxiv.org/overview/2405.18218v2", "2405.18218", 2),
        ("https://huggingface.co/papers/2405.18218", "2405.18218", None),
    ],
)
def test_every_spelling_of_an_arxiv_id_is_one_id(text: str, number: str, version: int | None) -> None:
    assert read_arxiv_id(text) == (number, version)


@pytest.mark.parametrize(
    "text",
    [
        "2413.18218",
        "12405.18218",
        "https://example.org/2405.18218",
        "2405.182",
        "2405.18218v10000",  # no column of versions holds whatever an upstream may count
        "",
        "https://arxiv.org/list/cs",
        "https://huggingface.co/papers",
        "https://huggingface.co/meta/2405.18218",
        "[::1",
    ],
)
def test_what_is_no_arxiv_id_is_none(text: str) -> None:
    assert read_arxiv_id(text) is None


def test_ids_are_found_in_running_text_in_order() -> None:
    text = "see arXiv:2405.18218v2, 10.48550/arXiv.2501.00001 and 1234.5678 (no month 34)"
    assert [number for number, _ in find_arxiv_ids(text)] == ["2405.18218", "2501.00001"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://github.com/Vahe1994/AQLM/tree/pv-tuning", "Vahe1994/AQLM"),
        ("https://github.com/catid/dora?tab=readme-ov-file", "catid/dora"),
        ("github.com/a/b.git", "a/b"),
        ("http://www.github.com/a/b/", "a/b"),
        ("https://github.com/a/b).", "a/b"),
        ("owner/name", "owner/name"),
    ],
)
def test_every_spelling_of_a_repository_is_one_name(text: str, name: str) -> None:
    assert read_repo(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/owner",
        "https://gist.github.com/a/b",
        "https://github.com/tree/pv-tuning",
        "https://gitlab.com/a/b",
    ],
)
def test_owners_gists_and_pages_of_the_site_are_no_repository(text: str) -> None:
    assert read_repo(text) is None


def test_repositories_are_found_in_an_abstract_once_each() -> None:
    text = "Code: https://github.com/A/b. Also (https://github.com/a/B/tree/main), https://github.com/c/d.git."
    assert list(find_repos(text)) == ["A/b", "c/d"]


def test_dois_are_compared_without_case() -> None:
    assert (
        read_doi("https://doi.org/10.1145/3600006.ABC") == read_doi("doi:10.1145/3600006.abc") == "10.1145/3600006.abc"
    )


@pytest.mark.parametrize(
    ("url", "doi"),
    [
        ("https://dl.acm.org/doi/10.1145/3600006.3613165", "10.1145/3600006.3613165"),
        ("https://dl.acm.org/doi/pdf/10.1145/3600006.3613165?download=true", "10.1145/3600006.3613165"),
        ("https://link.springer.com/chapter/10.1007/978-3-031-19775-8_12", "10.1007/978-3-031-19775-8_12"),
        ("https://link.springer.com/content/pdf/10.1007/s11263-021-01453-z.pdf", "10.1007/s11263-021-01453-z"),
        ("https://onlinelibrary.wiley.com/doi/epdf/10.1002/int.23020", "10.1002/int.23020"),
        ("https://www.science.org/doi/10.1126/science.ADE2574#abstract", "10.1126/science.ade2574"),
        ("https://journals.aps.org/prl/abstract/10.1103/PhysRevLett.126.190505", "10.1103/physrevlett.126.190505"),
        ("https://www.biorxiv.org/content/10.1101/2023.01.01.522000v2.full.pdf", "10.1101/2023.01.01.522000"),
        ("https://ieeexplore.ieee.org/document/9586134", None),
        ("https://example.org/doi/10.1145/3600006.3613165", None),
        ("https://dl.acm.org/conference/sosp", None),
    ],
)
def test_the_doi_in_a_publishers_address_is_read(url: str, doi: str | None) -> None:
    assert read_doi(url) == doi


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("https://arxiv.org/abs/2405.18218v1", "arxiv:2405.18218"),
        ("https://github.com/OpenAI/Triton", "github:openai/triton"),
        ("https://doi.org/10.1145/3600006", "doi:10.1145/3600006"),
        ("https://openreview.net/forum?id=AbCdEf12", "openreview:AbCdEf12"),
        ("https://example.org/a?b=c", "url:https://example.org/a?b=c"),
    ],
)
def test_a_subject_of_every_kind_is_read_and_leads_back(text: str, subject: str) -> None:
    read = read_subject(text)
    assert read == subject
    assert read_subject(read) == subject
    assert read_subject(url_of(read)) == subject


@pytest.mark.parametrize("url", ["https://[x", "https://[img.shields.io/badge/a-b-c", "http://a.b\u2100/"])
def test_an_address_that_urllib_refuses_has_no_host(url: str) -> None:
    assert (split_url(url).netloc, split_url(url).path) == ("", "")


@given(st.text())
def test_no_text_makes_reading_fail(text: str) -> None:
    for written in (text, "https://" + text, "10.1234/" + text):
        read_arxiv_id(written), read_doi(written), read_repo(written)
        subject = read_subject(written)
        assert subject is None or read_subject(subject) == subject
    list(find_arxiv_ids(text)), list(find_repos(text))


@given(
    st.integers(15, 40),
    st.integers(1, 12),
    st.integers(0, 99999),
    st.integers(1, 30),
    st.sampled_from(["arXiv:", "", "http://arxiv.org/pdf/"]),
)
def test_what_is_written_is_read_back(year: int, month: int, serial: int, version: int, dress: str) -> None:
    number = f"{year}{month:02}.{serial:05}"
    assert read_arxiv_id(f"{dress}{number}v{version}") == (number, version)
