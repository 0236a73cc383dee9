"""Pairs of two papers that look alike: what one group writes one after the other, series, and titles that anybody has."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from twin_pairs import Material, Pair, work

from harvester.curated.works import Work
from harvester.ids import Subject

OTHERS = ("Ingeborg Waldtraut", "Tobias Quirrenbach", "Mafalda Estevão", "Piotr Żółkiewski")
EVERYBODYS = (
    "A Survey of Large Language Models", "Large Language Models: A Survey", "Deep Learning: An Overview",
    "Efficient Transformers: A Survey", "A Review of Deep Neural Networks", "Large Language Model Technical Report",
)  # fmt: skip

# Both papers have the same authors and texts of their own; {} is the title of a real one.
FOLLOWED_UP = (
    ("Improved {}", "Efficient {}"), ("Fast {}", "Simple {}"), ("Deep {}", "{}"), ("{}", "Better {}"),
    ("{}", "{}: The Sequel"), ("{}", "{}: Applications to Speech"), ("{}", "{}: A Reproduction Study"),
    ("{}", "Comment on: {}"), ("{}", "Revisiting {}"), ("{} for Vision", "{} for Language"), ("{}", "{} with Feedback"),
    ("From Text to Image: {}", "From Image to Text: {}"), (r"$\alpha$-{}", r"$\beta$-{}"), ("{}", "Towards {}"),
    ("{} at 1.5B Parameters", "{} at 15B Parameters"), ("{}, Track A", "{}, Track B"), ("{}", "{}: Theory and Practice"),
)  # fmt: skip
# Both have nearly the same text too: what tells them apart stands in their titles.
IN_SERIES = (
    ("{} Part I", "{} Part II"), ("Falcon-7B: {}", "Falcon-40B: {}"), ("{} (2023)", "{} (2024)"),
    ("{}: 2023 Findings", "{}: 2024 Findings"), ("{} for German", "{} for French"), ("{}, Task 1", "{}, Task 2"),
)  # fmt: skip


def other_pairs(rng: random.Random, papers: Sequence[Material], most: int) -> list[Pair]:
    """Makes pairs of two papers, every kind equally often, and adds what one group really wrote."""
    made: list[Callable[[int, Material, Material], Pair]] = [_followed_up, _in_series, _by_anybody, _in_proceedings]
    pairs = []
    for n in range(most * 9 // 10):
        paper, another = papers[n], papers[-1 - n]
        pairs.append(made[n % len(made)](n // len(made), paper, another))
    return pairs + _of_one_group(papers)[: most - len(pairs)]


def _followed_up(n: int, paper: Material, another: Material) -> Pair:
    one, other = FOLLOWED_UP[n % len(FOLLOWED_UP)]
    theirs = _titled(paper, other, another.abstract, f"arxiv:9912.{n:05}")
    return Pair(_titled(paper, one, paper.abstract), theirs, False, f"{one} | {other}")


def _in_series(n: int, paper: Material, another: Material) -> Pair:
    one, other = IN_SERIES[n % len(IN_SERIES)]
    texts = [f"{paper.abstract} This is about {name.replace('{}', '')}." for name in (one, other)]
    theirs = _titled(paper, other, texts[1], f"arxiv:9912.{n:05}")
    return Pair(_titled(paper, one, texts[0]), theirs, False, f"{one} | {other}")


def _by_anybody(n: int, paper: Material, another: Material) -> Pair:
    """Titles agree, and authors are others or unknown."""
    name = f"url:https://example.org/other/{n}"
    if n % 3 == 0:
        title = EVERYBODYS[n % len(EVERYBODYS)]
        return Pair(work(paper, titles=(title,)), Work(Subject(name), (title,)), False, "everybody's title, no authors")
    if n % 3 == 1:
        return Pair(work(paper), work(paper, name, authors=OTHERS), False, "other authors")
    last = " ".join(paper.title.split()[-4:])
    one, other = work(paper, titles=(f"A Survey on {last}",)), f"{last}: A Survey"
    return Pair(one, work(paper, name, titles=(other,), authors=OTHERS), False, "survey by others")


def _in_proceedings(n: int, paper: Material, another: Material) -> Pair:
    """Both give the DOI of the whole proceedings as theirs; every other time people wrote both."""
    doi = frozenset((Subject(f"doi:10.1145/{n}"),))
    authors = paper.authors if n % 2 else another.authors
    theirs = work(another, names=doi, authors=authors, abstract=another.abstract)
    return Pair(work(paper, names=doi, abstract=paper.abstract), theirs, False, "DOI of proceedings")


def _titled(paper: Material, title: str, abstract: str, name: str | None = None) -> Work:
    return work(paper, name, titles=(title.replace("{}", paper.title),), abstract=abstract)


def _of_one_group(papers: Sequence[Material]) -> list[Pair]:
    """Real papers of one first author whose titles share most words would be twins; the others are none."""
    by_first: dict[tuple[str, ...], list[Material]] = {}
    for paper in papers:
        by_first.setdefault((paper.authors[0], paper.authors[-1]), []).append(paper)
    return [
        Pair(work(group[0], abstract=group[0].abstract), work(second, abstract=second.abstract), False, "one group")
        for group in by_first.values()
        for second in group[1:]
        if group[0].title.lower() != second.title.lower()
    ]
