from __future__ import annotations

import random
import time
from itertools import combinations
from pathlib import Path

import pytest
from builders import NIGHT, paper_record
from twin_others import other_pairs
from twin_pairs import REAL, Material, Pair, real_papers, rehearsed_papers, same_pairs

from harvester.curated.merge import papers
from harvester.curated.twins import groups, twins
from harvester.curated.works import Work, listed_work, name_in, work_of
from harvester.ids import Subject
from harvester.records import Entry, Link, Twin, Wording

needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the shared data stand beside the checkout")
GPTQ = ("Elias Frantar", "Saleh Ashkboos", "Torsten Hoefler", "Dan Alistarh")


def one(subject: str, title: str = "", *authors: str, **more: object) -> Work:
    return Work(Subject(subject), (title,) if title else (), authors, **more)  # type: ignore[arg-type]  # a builder


def alike(first: Work, second: Work) -> bool:
    return bool(twins([first, second]))


@pytest.mark.parametrize(
    ("title", "authors"),
    [
        ("GPTQ: accurate post-training quantization for generative pre-trained transformers", GPTQ),
        ("Accurate Post-Training Quantization for Generative Pre-Trained Transformers", ("E. Frantar, S. Ashkboos",)),
        ("GPTQ: Accurate Posttraining Quantization for Generative Pre-trained Transformers", ("Frantar et al.",)),
        ("GPTQ", ("Elias Frantar, Saleh Ashkboos, ..., Dan Alistarh",)),
        ("GPTQ: Accurate Post-training Compression for Generative Pretrained Transformers", GPTQ),
        ("{GPTQ}: Accurate Post\u2010training Quantization for Generative Pre-trained Transformers (v2)", GPTQ[::-1]),
        ("GPTQ: Accurate Post-Training Quantisation for Generative Pre-trained Transformers", ("Frantar et al.",)),
    ],
)  # fmt: skip
def test_one_paper_is_known_in_other_words(title: str, authors: tuple[str, ...]) -> None:
    known = one(
        "arxiv:2210.17323", "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers", *GPTQ
    )
    assert alike(known, one("openreview:tcbBPnfwxS", title, *authors))


@pytest.mark.parametrize(
    ("title", "authors"),
    [
        ("GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers", ("Mo Nowhere", "Al Other")),
        ("GPTQ2: Accurate Post-Training Quantization for Generative Pre-trained Transformers", GPTQ),
        ("GPTQ++: Accurate Post-Training Quantization for Generative Pre-trained Transformers", GPTQ),
        ("GPTQ: Accurate Post-Training Quantization for Vision Models", ("Mo Nowhere",)),
        ("GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers, Part II", GPTQ),
        ("Comment on GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers", GPTQ),
        ("Sparse Post-Training Pruning for Generative Pre-trained Transformers", GPTQ),
    ],
)  # fmt: skip
def test_papers_that_look_alike_stay_two(title: str, authors: tuple[str, ...]) -> None:
    known = one(
        "arxiv:2210.17323", "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers", *GPTQ
    )
    assert not alike(known, one("url:https://example.org/x", title, *authors))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Improved Contrastive Decoding of Long Texts", "Efficient Contrastive Decoding of Long Texts"),
        ("Fast Structured Pruning of Language Models", "Simple Structured Pruning of Language Models"),
        ("Deep Active Learning for Named Entity Recognition", "Active Learning for Named Entity Recognition"),
        ("Speculative Decoding of Long Texts", "Better Speculative Decoding of Long Texts"),
        ("Speculative Decoding of Long Texts", "Speculative Decoding of Long Texts: The Sequel"),
        ("Speculative Decoding of Long Texts", "Speculative Decoding of Long Texts: Applications to Speech"),
        ("Speculative Decoding of Long Texts", "Speculative Decoding of Long Texts: A Reproduction Study"),
        ("Findings of the BabyLM Challenge (2023)", "Findings of the BabyLM Challenge (2024)"),
        ("Scaling Sparse Models to 1.5B Parameters", "Scaling Sparse Models to 15B Parameters"),
        ("From Text to Image in One Model", "From Image to Text in One Model"),
        (r"Policies with $\alpha$-Divergences", r"Policies with $\beta$-Divergences"),
    ],
)
def test_two_ids_at_arxiv_are_two_papers_where_their_titles_differ(first: str, second: str) -> None:
    assert not alike(one("arxiv:2405.00001", first, *GPTQ), one("arxiv:2405.00002", second, *GPTQ))
    assert alike(one("arxiv:2405.00001", first, *GPTQ), one("arxiv:2405.00002", first.upper(), *GPTQ))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("A Theory of Text, Part I", "A Theory of Text, Part II"),
        ("Falcon-7B: Open Models", "Falcon-40B: Open Models"),
        ("Findings of the Shared Task 2023", "Findings of the Shared Task 2024"),
        ("Spelling in German", "Spelling in French"),
    ],
)
def test_a_series_with_one_abstract_stays_a_series(first: str, second: str) -> None:
    texts = [f"{'We say what everybody says about such things. ' * 8}Here: {title}." for title in (first, second)]
    works = [one(f"arxiv:2405.0000{n}", title, *GPTQ, abstract=texts[n]) for n, title in enumerate((first, second))]
    assert not twins(works)


def test_titles_that_anybody_has_need_authors() -> None:
    title = "A Survey of Large Language Models"
    assert not alike(one("arxiv:2405.00001", title, *GPTQ), one("url:https://example.org/x", title))
    assert alike(one("arxiv:2405.00001", title, *GPTQ), one("url:https://example.org/x", title, "Frantar et al."))


def test_the_doi_of_whole_proceedings_is_nobodys() -> None:
    doi = frozenset((Subject("doi:10.1145/3477495"),))
    titles = ("Pruning Trees", "On Caches", "Graphs that Grow", "A Look at Speech", "Learning to Rank Fish")
    people = ("Ada Ames", "Bo Berg", "Cy Cole", "Di Dorn", "Ed Eliot")
    papers = enumerate(zip(titles, people, strict=True))
    works = [one(f"arxiv:2405.0000{n}", title, person, names=doi) for n, (title, person) in papers]
    assert not twins(works) and not twins([*works, one("doi:10.1145/3477495", "The Proceedings")])
    assert not alike(works[0], one("openreview:Abcdefg", titles[1], people[1], names=doi))
    assert alike(works[0], one("openreview:Abcdefg", "Cutting Woods", people[0], names=doi))


def test_addresses_that_hold_one_doi_are_one_whatever_lists_call_them() -> None:
    page = one("url:https://aclanthology.org/2023.acl-long.1/", "Pruning Trees", "Author One")
    assert alike(page, one("url:https://aclanthology.org/2023.acl-long.1.pdf", "the paper"))


def test_two_ids_at_arxiv_with_one_doi_are_one_paper_where_authors_and_titles_allow_it() -> None:
    doi = frozenset((Subject("doi:10.1145/3600006.3613165"),))
    first = one("arxiv:2405.00001", "Paged Attention for Serving Models", *GPTQ, names=doi)
    assert alike(first, one("arxiv:2405.00002", "Serving Models with Paged Attention", *GPTQ[:1], names=doi))
    assert not alike(first, one("arxiv:2405.00002", "Serving Models with Paged Attention", "Mo Nowhere", names=doi))
    assert not alike(first, one("arxiv:2405.00002", "A Look at Speech", *GPTQ, names=doi))
    assert not alike(first, one("arxiv:2405.00002", "Paged Attention for Serving Models, Part II", *GPTQ, names=doi))


def test_a_publishers_doi_joins_titles_that_have_nothing_in_common() -> None:
    record = paper_record("2405.00001", doi="10.1145/3600006.3613165", title="A preprint")
    (paper,) = papers([record], (), ()).values()
    (twin,) = twins([work_of(paper), one("doi:10.1145/3600006.3613165", "The published one", "Nobody")])
    assert (twin.kind, twin.evidence) == ("identifier", "one names the other: doi:10.1145/3600006.3613165")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://aclanthology.org/2023.acl-long.1.pdf", "doi:10.18653/v1/2023.acl-long.1"),
        ("https://www.aclweb.org/anthology/P19-1001/", "doi:10.18653/v1/p19-1001"),
        ("https://openreview.net/pdf?id=tcbBPnfwxS", "openreview:tcbBPnfwxS"),
        ("https://doi.org/10.48550/arXiv.2210.17323", "arxiv:2210.17323"),
        ("https://github.com/IST-DASLab/gptq", None),
        ("https://aclanthology.org/", None),
    ],
)
def test_links_to_papers_hold_identifiers(url: str, name: str | None) -> None:
    assert name_in(url) == name


def test_links_beside_an_entry_name_it_unless_they_are_of_its_own_kind() -> None:
    links = (
        Link("ACL", "https://aclanthology.org/2023.acl-long.1"),
        Link("v0", "https://arxiv.org/abs/2301.00001"),
        Link("code", "https://github.com/a/b"),
    )
    entry = Entry(
        "l", Subject("arxiv:2405.00001"), 1, "S", None, Wording(title="T", links=links), None, NIGHT, "ann", "x:1"
    )
    assert listed_work(entry).names == {"doi:10.18653/v1/2023.acl-long.1"}
    assert alike(listed_work(entry), one("url:https://aclanthology.org/2023.acl-long.1/"))


def test_a_paper_that_was_renamed_is_known_by_its_earlier_title_and_by_its_abstract() -> None:
    old = paper_record("2405.00001", title="Squeezing Caches by Halves")
    new = paper_record("2405.00001", 2, title="A Theory of Halved Memory", abstract="What we do. " * 40)
    (paper,) = papers([old, new], (), ()).values()
    assert alike(
        work_of(paper, [old, new]), one("openreview:Abcdefg", "Squeezing caches by halves", "A. Author", "B. Author")
    )
    again = one("arxiv:2406.00009", "Something Else", *new.authors, abstract="What we do. " * 41)
    assert alike(work_of(paper), again)


def test_what_people_hold_apart_is_no_twin() -> None:
    first, second = (
        one("arxiv:2405.00001", "One and the Same Title"),
        one("url:https://x.org", "One and the same title"),
    )
    assert twins([first, second]) and not twins([first, second], [frozenset((first.subject, second.subject))])


def test_groups_hold_all_that_hang_together() -> None:
    title = "One and the Same Title"
    found = groups(twins([one(f"url:https://x.org/{n}", title) for n in range(3)]))
    assert {len(members) for members in found.values()} == {3} and len(found) == 3


def test_no_group_holds_what_people_hold_apart() -> None:
    found = twins([one(f"url:https://x.org/{n}", "One and the Same Title") for n in range(3)])
    first, second, third = (Subject(f"url:https://x.org/{n}") for n in range(3))
    apart = frozenset((first, third))
    left = groups([twin for twin in found if {twin.subject, twin.same_as} != apart], [apart])
    assert left[first] == (first, second) and left.get(third, (third,)) == (third,)


def test_what_people_joined_goes_into_a_group_before_what_titles_tell() -> None:
    first, second, third = (Subject(f"url:https://x.org/{n}") for n in range(3))
    found = [Twin(first, second, "title", "same title"), Twin(second, third, "people", "ann says so")]
    assert groups(found, [frozenset((first, third))])[second] == (second, third)


def test_the_order_of_works_does_not_matter() -> None:
    works = [pair for made in constructed(random.Random(1), 60) for pair in (made.one, made.other)]
    assert twins(works) == twins(works[::-1])


def material(rng: random.Random, most: int) -> list[Material]:
    found = real_papers(most) or rehearsed_papers()
    rng.shuffle(found)
    return found


def constructed(rng: random.Random, most: int) -> list[Pair]:
    found = material(rng, most * 20)
    half = len(found) // 2
    return same_pairs(rng, found[:half], most // 2) + other_pairs(rng, found[half:], most // 2)


def test_a_thousand_made_pairs_are_told_apart() -> None:
    pairs = constructed(random.Random(6), 1000)
    assert len(pairs) == 1000 or not REAL.is_dir()
    found = [pair for pair in pairs if alike(pair.one, pair.other)]
    right = sum(pair.same for pair in found)
    assert right / len(found) >= 0.99
    assert right / sum(pair.same for pair in pairs) >= 0.95


@needs_real
def test_the_same_papers_on_all_real_lists_are_found_without_their_ids() -> None:
    known = listed_blind()
    found = {frozenset((twin.subject, twin.same_as)) for twin in twins(work for work, _ in known.values())}
    alike = {
        frozenset((a, b))
        for (a, (_, one_id)), (b, (_, other_id)) in combinations(known.items(), 2)
        if one_id == other_id
    }
    at_arxiv = [pair for pair in found if all(known[subject][1].startswith("arxiv:") for subject in pair)]
    # What differs are ids that lists wrote wrong: the titles are the same. Other addresses of a paper are no mistakes.
    assert sum(pair in alike for pair in at_arxiv) / len(at_arxiv) >= 0.99
    assert len(alike & found) / len(alike) >= 0.95


def listed_blind() -> dict[Subject, tuple[Work, Subject]]:
    """Reads every entry of every list as a work of its own that has no identifier, beside the subject it really has."""
    from harvester.steps.adopt_pages import read_pages

    known: dict[Subject, tuple[Work, Subject]] = {}
    for path in sorted(path for path in (REAL / "lists").rglob("*.md") if path.name != "PROVENANCE.md"):
        text = path.read_text(encoding="utf-8", errors="replace")
        for n, read in enumerate(placed.entry for placed in read_pages({path.name: text}, None).entries):
            words = read.wording
            if words.title and not read.subject.startswith("github:"):
                name = Subject(f"url:https://example.org/{Path(path).stem}/{len(known)}/{n}")
                known[name] = (Work(name, (words.title,), (words.authors,) if words.authors else ()), read.subject)
    return known


@needs_real
def test_twenty_thousand_papers_take_seconds() -> None:
    works = [
        Work(Subject(f"arxiv:{p.arxiv_id}"), (p.title,), p.authors, abstract=p.abstract) for p in real_papers(20_000)
    ]
    assert len(works) == 20_000
    started = time.process_time()
    found = twins(works)
    assert time.process_time() - started < 10  # 4 s on an idle machine; `benchmarks/run.py twins` measures
    assert len(found) < 20
