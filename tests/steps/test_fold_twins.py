from __future__ import annotations

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
