"""Which words say that a paper was withdrawn, and which only use the word."""

from __future__ import annotations

import players
import pytest
from builders import landing

from harvester.sources import arxiv_api
from harvester.sources._withdrawn import evidence


@pytest.mark.parametrize(
    "comment",
    [
        "This paper has been withdrawn by the author(s) due to a crucial error in equation 3",
        "Withdrawn by arXiv admins because of overlap",
        "12 pages. This submission has been withdrawn by its authors",
        "paper withdrawn, a revised version is under preparation",
        "Withdrawn.",
        "(withdrawn)",
        "This 2005 report has been withdrawn as the publisher asked",
        "This has been withdrawn by the author",
        "We would like to withdraw this paper",
        "The authors have withdrawn this manuscript from arXiv",
        "This article is withdrawn from arXiv",
    ],
)
def test_a_comment_that_says_the_paper_is_withdrawn(comment: str) -> None:
    found = evidence(comment, "We prune.")
    assert found
    assert found.startswith("comment: ")


@pytest.mark.parametrize(
    ("comment", "abstract"),
    [
        (None, "We withdraw money from an automated teller."),
        ("17 pages; paper withdrawn from IEEE Transactions and submitted elsewhere", "We prune."),
        ("Withdrawn from ICLR 2024", "We prune."),
        ("This paper was withdrawn from NeurIPS", "We prune."),
        ("This version supersedes the withdrawn arXiv:2401.00001", "We prune."),
        (None, "We study papers withdrawn by their authors and why this happens."),
        (None, "The drug was withdrawn by the authorities. This drug was withdrawn in 2004."),
        ("Accepted at ACL", "Troops withdrawn by night are modelled."),
        ("", ""),
    ],
)
def test_words_that_do_not_say_it(comment: str | None, abstract: str) -> None:
    assert evidence(comment, abstract) is None


def test_an_abstract_that_was_replaced_by_the_withdrawal() -> None:
    assert evidence(None, "Withdrawn by the authors: an error.") == "abstract: Withdrawn by the authors: an error."
    assert evidence(None, "We prune. This paper has been withdrawn.") == "abstract: This paper has been withdrawn."


def test_a_record_carries_the_evidence() -> None:
    entry = players.entry("2406.00001", comment="This paper has been withdrawn by the author. It was wrong")
    (record,) = arxiv_api.read(landing(200, players.feed([entry], 1))).papers
    assert record.withdrawn is True
    assert record.withdrawn_evidence == "comment: This paper has been withdrawn by the author."
