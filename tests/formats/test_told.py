"""What an entry of a list of any form loses is told with its line; marks around a title go with the title."""

from __future__ import annotations

import pytest

from harvester.formats import PARSE
from harvester.pages import ParsedEntry

HEAD = "# L\n\n## S\n\n"
PDF = "[pdf](https://arxiv.org/abs/2401.00001)"
PAPER = "[A Paper of Many Words](https://arxiv.org/abs/2401.00001)"


def adopted(line: str) -> tuple[ParsedEntry, list[str]]:
    """The entry of a line, and what the report says of that line."""
    parsed = PARSE["generic"](f"{HEAD}{line}\n")
    [entry] = parsed.entries
    assert all(repair.line == 5 for repair in parsed.repairs)
    return entry, [repair.what for repair in parsed.repairs]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"- `code title` {PDF}", "`code title`"),
        (f"- code title {PDF}", "code title"),
        (f"- [Title Here](javascript:alert(1)) {PDF}", "Title Here"),
    ],
)
def test_label_words_that_may_have_been_a_title_are_told(line: str, words: str) -> None:
    entry, told = adopted(line)

    assert entry.wording.title is None
    assert f"words that name only a link were left out, and no title was found: {words}" in told


def test_labels_beside_a_title_are_not_worth_a_word() -> None:
    assert adopted(f"- {PAPER} Code: [github](https://github.com/a/b)")[1] == []


@pytest.mark.parametrize(
    ("line", "authors", "venue"),
    [
        (f'- Foo et al. "{PAPER}"', "Foo et al", None),
        (f'- Foo et al. "{PAPER}," ICML 2024', "Foo et al", "ICML 2024"),
        (f"- Ann Author, Bob Builder. “{PAPER}.” ICML 2024", "Ann Author, Bob Builder", "ICML 2024"),
    ],
)
def test_quotation_marks_around_a_linked_title_stay_with_nobody(line: str, authors: str, venue: str | None) -> None:
    entry, _ = adopted(line)

    assert (entry.wording.title, entry.wording.authors) == ("A Paper of Many Words", authors)
    assert (entry.wording.venue, entry.wording.notes) == (venue, ())


def test_quotation_marks_of_a_remark_stay() -> None:
    entry, _ = adopted(f'- {PAPER} called "the best of all" by some')

    assert [note.text for note in entry.wording.notes] == ['called "the best of all" by some']


def test_a_link_to_another_place_of_the_page_leaves_its_words_and_is_told() -> None:
    entry, told = adopted(f"- {PAPER} and [Section Beta](#x) too")

    assert [note.text for note in entry.wording.notes] == ["and Section Beta too"]
    assert told == ["a link within the page was left out: Section Beta"]
    assert adopted(f"- {PAPER} [Top](#top)")[1] == ["a link within the page was left out: Top"]
