from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from builders import NIGHT, paper_record

from harvester.definitions import read_editorial
from harvester.ids import Subject, arxiv_subject
from harvester.records import Decision, PaperRecord
from harvester.steps.fold import Folded, fold
from harvester.steps.gather import Gathered

TEXTS = {
    "topics.toml": 'categories = ["cs.CL"]\n[topics.pruning]\ninclude = ["pruning"]\n',
    "lists/l.toml": 'title = "L"\n[[sections]]\npath = "S"\n',
}
TITLE = "Careful Pruning of Large Language Models"


def folded(records: list[PaperRecord], *decisions: Decision) -> Folded:
    searched = frozenset(arxiv_subject(record.arxiv_id) for record in records)
    gathered = Gathered(tuple(records), (), (), (), searched, (), {})
    return fold(gathered, decisions, read_editorial(TEXTS), NIGHT)


def shown(found: Folded) -> set[Subject]:
    return {candidate.subject for candidate in found.candidates}


def decision(subject: str, act: str, **more: object) -> Decision:
    return Decision("s:1", NIGHT - timedelta(days=1), "ann", "l", Subject(subject), act, **more)  # type: ignore[arg-type]  # a builder


def test_a_paper_submitted_twice_waits_once() -> None:
    found = folded([paper_record("2405.00001", title=TITLE), paper_record("2405.00002", title=f"{TITLE}.")])
    assert [(twin.subject, twin.same_as) for twin in found.twins] == [("arxiv:2405.00001", "arxiv:2405.00002")]
    assert len(found.candidates) == 1


def test_held_apart_both_wait() -> None:
    records = [paper_record("2405.00001", title=TITLE), paper_record("2405.00002", title=f"{TITLE}.")]
    found = folded(records, decision("arxiv:2405.00001", "apart", twin=Subject("arxiv:2405.00002")))
    assert len(found.candidates) == 2 and not found.twins


def test_held_apart_both_wait_though_a_third_is_the_twin_of_both() -> None:
    records = [paper_record(f"2405.0000{n}", title=f"{TITLE}{'.' * n}") for n in (1, 2, 3)]
    apart = decision("arxiv:2405.00001", "apart", twin=Subject("arxiv:2405.00003"))
    assert shown(folded(records, apart)) == {"arxiv:2405.00001", "arxiv:2405.00003"}
    accepted = replace(decision("arxiv:2405.00003", "accept", section="S"), id="s:2")
    assert shown(folded(records, apart, accepted)) == {"arxiv:2405.00001"}


def test_papers_with_the_doi_of_their_proceedings_wait_each_for_itself() -> None:
    titles = ("Pruning Trees", "On Pruning Caches", "Graphs for Pruning", "Speech without Pruning", "Pruning Fish")
    records = [
        replace(paper_record(f"2405.0000{n}", title=title, doi="10.1145/3477495"), authors=(f"{letter} {letter}ones",))
        for n, (letter, title) in enumerate(zip("ABCDE", titles, strict=True))
    ]
    assert len(folded(records).candidates) == 5
    assert len(folded(records, decision("arxiv:2405.00002", "reject", reason="x")).candidates) == 4


def test_the_preprint_of_a_paper_listed_by_its_doi_does_not_wait() -> None:
    doi = "10.1145/3600006.3613165"
    listed = decision(f"doi:{doi}", "accept", section="S")
    found = folded([paper_record("2405.00001", title=TITLE, doi=doi)], listed)
    assert not found.candidates and [twin.kind for twin in found.twins] == ["identifier"]


def test_an_entry_keeps_away_the_paper_under_its_earlier_title() -> None:
    from harvester.records import Wording

    words = Wording(title="Pruning with Care", authors="A. Author and B. Author")
    listed = decision("openreview:Abcdefg", "accept", section="S", wording=words)
    versions = [
        paper_record("2405.00001", title="Pruning with care"),
        paper_record("2405.00001", 2, title="A Theory of Pruning"),
    ]
    assert not folded(versions, listed).candidates
