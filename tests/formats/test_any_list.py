"""Lists of any form: what is a title, a venue, a note; which reader reads a page, and a line of a page of our own."""

from __future__ import annotations

import pytest

from harvester.formats import generic, read
from harvester.pages import ParsedEntry

PAPER = "https://arxiv.org/abs/2401.00001"


def entry(markdown: str) -> ParsedEntry:
    """The one entry of a list of one line, or of one bullet with what stands below it."""
    [found] = generic.parse(f"# L\n\n## A\n\n{markdown}\n").entries
    return found


@pytest.mark.parametrize(
    "name", ["Octo", "Octopus", "Marigold", "Decoder", "June", "Augment", "Janus", "Maya", "Nature", "Science", "ACT"]
)
@pytest.mark.parametrize("line", ["- [{}: A Thing to Know]({})", "- **[RSS'24]** {}: A Thing to Know [[paper]]({})"])
def test_a_name_in_front_of_a_colon_is_of_the_title(name: str, line: str) -> None:
    found = entry(line.format(name, PAPER)).wording

    assert (found.title, found.venue) in [(f"{name}: A Thing to Know", None), (f"{name}: A Thing to Know", "RSS'24")]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (f"- [Zipformer]({PAPER}). A faster and better encoder. Needs k2 (or icefall).", "Zipformer"),
        (f"- **OpenVLA** ([paper]({PAPER})): An open-source model trained on 970k episodes.", "OpenVLA"),
        (f"- Nu thing, *Jane Doe*, ICRA 2020, [pdf]({PAPER})", "Nu thing"),
        (f"- [Eta]({PAPER})\n  - Deep\n    - deeper\n      1. deepest **one**", "Eta"),
        (f"- [Theta]({PAPER})\n\n  A second paragraph with more words.", "Theta"),
        (f"- **[T-RO 2023]** Lambda thing [[paper]]({PAPER})", "Lambda thing"),
        (f"- [[PR]({PAPER})] Binary neural networks: a survey", "Binary neural networks: a survey"),
        (f"- [alphaxiv](https://www.alphaxiv.org/abs/2401.00001) AlphaX title {PAPER}", "AlphaX title"),
        (f"- **Title with [inner](https://i.example) link**, [pdf]({PAPER})", "Title with inner link"),
        (f"- **AT&amp;T &lt;3 'x' &copy; title *em* and `code`**, [pdf]({PAPER})", "AT&T <3 'x' © title em and code"),
        (f'- **{{\\L}}ukasz \\emph{{really}} met G\\"odel**, [pdf]({PAPER})', "Łukasz really met Gödel"),
        (f"- Attention in Language, Vision, and Code [pdf]({PAPER})", "Attention in Language, Vision, and Code"),
    ],
)
def test_linked_or_bold_text_in_front_is_the_title(line: str, title: str) -> None:
    assert entry(line).wording.title == title


@pytest.mark.parametrize(
    ("line", "notes"),
    [
        (f"- [T of Three Words]({PAPER}) — is it, maybe?", ["is it, maybe?"]),
        (f"- [T of Three Words]({PAPER}): 90.1% of **bold** and *it*, see also [blog](https://b.example/a)",
         ["90.1% of **bold** and *it*, see also [blog](https://b.example/a)"]),
        (f"- [T of Three Words]({PAPER}) (see [it](https://b.example/A_(b)) too", ["see [it](https://b.example/A_(b)) too"]),
        (f"- [T of Three Words]({PAPER})\n  * Code: https://github.com/a/b (PyTorch)", ["(PyTorch)"]),
        (f"- [T of Three Words]({PAPER}) [[code]](https://github.com/a/b) :star: 2.3k", [":star: 2.3k"]),
        (f"- [T of Three Words]({PAPER})\n\n  > a quote\n", ["> a quote"]),
        (f"- Title in Words <{PAPER}>", []),
        (f"- [T of Three Words]({PAPER}), `arXiv, 2401.00001`, cication: [**1,234**](https://scholar.google.com/x)", []),
    ],
)  # fmt: skip
def test_notes_keep_their_wording(line: str, notes: list[str]) -> None:
    assert [note.text for note in entry(line).wording.notes] == notes


def test_names_that_end_like_words_of_titles_are_names() -> None:
    found = entry(
        f"- ⭐ `2020.01` 《Semi-Supervised Graphs at Work》, *Thomas N. Kipf, Max Welling.* [pdf]({PAPER})"
    ).wording

    assert (found.title, found.authors) == ("Semi-Supervised Graphs at Work", "Thomas N. Kipf, Max Welling")
    assert (found.venue, found.marks, found.notes) == ("2020.01", ("⭐",), ())


def test_cells_keep_numbers_crosses_and_images() -> None:
    found = generic.parse(
        "# L\n\n| # | Paper | WER (clean / other) | F1 | Teaser | Open |\n|--|--|--|--|--|--|\n"
        f'| 1 | [Beta]({PAPER}) | 1.9 \\| 3.9 | 90.1% | <img width="200" src="img/b.png"> | ✗ |\n'
        "| 2 | [Gamma](https://arxiv.org/abs/2401.00002) | – | -1 | | ✓ |\n\n- [Delta](https://arxiv.org/abs/2401.00003)\n"
    ).entries

    assert [one.wording.title for one in found] == ["Beta", "Gamma", "Delta"]
    assert (found[0].wording.figure, found[0].wording.figure_width) == ("img/b.png", "200")
    assert [note.text for one in found for note in one.wording.notes] == [
        "WER (clean / other): 1.9 | 3.9 · F1: 90.1% · Open: ✗",
        "F1: -1 · Open: ✓",
    ]


def test_images_and_addresses_are_kept_as_they_are() -> None:
    found = entry(
        f"- **A title of some words** [![one](https://x.example/one.png)](https://x.example/a) "
        f'<img src="https://x.example/three.png" width=100> https://x.example/foo_(bar) [arXiv]({PAPER})'
    ).wording

    assert found.figure == "https://x.example/one.png"
    assert [link.url for link in found.links] == ["https://x.example/a", "https://x.example/foo_(bar)"]
    assert [note.text for note in found.notes] == ["![image](<https://x.example/three.png>)"]


def test_the_pdf_at_openreview_is_a_link_beside_the_forum() -> None:
    found = entry(
        "- [A Paper at a Forum](https://openreview.net/forum?id=AbCdEfGh12) [pdf](https://openreview.net/pdf?id=AbCdEfGh12)"
    )

    assert [link.url for link in found.wording.links] == ["https://openreview.net/pdf?id=AbCdEfGh12"]


SEED = """# P

## A

- **First paper title here**, `arXiv, 2306.00001`, [arxiv](http://arxiv.org/abs/2306.00001v1), citation: [**12**](https://s2.example/1)

  *Ada Author*
- **Second paper title here**, `arXiv, 2306.00002`, [arxiv](http://arxiv.org/abs/2306.00002v1), citation: [**13**](https://s2.example/2)

  *Ada Author*
- [repo](https://github.com/o/r) - o
"""


def test_one_short_title_does_not_make_our_own_form_another_one() -> None:
    form, parsed = read(SEED)

    assert form == "bullets"
    assert [one.wording.authors for one in parsed.entries] == ["Ada Author", "Ada Author", None]


def test_venues_in_brackets_behind_links_are_no_form_of_ours() -> None:
    form, parsed = read(f"# L\n\n## A\n\n- [A Title of Words]({PAPER}) (ACL 2018)\n")

    assert (form, parsed.entries[0].wording.venue) == ("generic", "ACL 2018")


OWN = """<!-- harvester: made from snapshot 2026-11-20T031204Z; list a-list; 1 page -->
# L

## A

- **[CoRL'24]** RoboPoint: A Model of Affordances [[paper]](https://arxiv.org/abs/2406.10721) [[code]](https://github.com/w/r)
- [Deeper Insights into Networks](https://arxiv.org/abs/1801.07606), AAAI 2018, Qimai Li, Zhichao Han
- **Written as We Write It**, `ICML 2024`, [arxiv](https://arxiv.org/abs/2405.00001), [pdf](https://arxiv.org/pdf/2405.00001)

  *Ada Author*
"""


def test_a_line_of_our_own_page_that_is_written_otherwise_is_read_as_on_any_page() -> None:
    form, parsed = read(OWN)

    assert form == "bullets"
    assert [(one.wording.title, one.wording.venue, one.wording.authors) for one in parsed.entries] == [
        ("RoboPoint: A Model of Affordances", "CoRL'24", None),
        ("Deeper Insights into Networks", "AAAI 2018", "Qimai Li, Zhichao Han"),
        ("Written as We Write It", "ICML 2024", "Ada Author"),
    ]


@pytest.mark.parametrize("names", ["Ann Acre, Noah A. Smith", "A. Acre and I. Ivy, Bo I. Birch"])
def test_initials_of_names_are_no_words_of_a_sentence(names: str) -> None:
    found = entry(f"- **A Title to Know** [[pdf]({PAPER})] ICML 2021\n\n  *{names}*").wording

    assert (found.title, found.authors, found.notes) == ("A Title to Know", names, ())
