from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from builders import paper_record

from harvester.curated.merge import papers
from harvester.definitions import Editorial, read_editorial
from harvester.ids import ArxivId
from harvester.settings import read_texts
from harvester.steps.nets import Judged, NetFigures, check
from harvester.steps.nets_material import recorded_papers
from harvester.steps.recorded import Entry, Recorded, Seen, read_folders

REAL = Path(__file__).resolve().parents[2] / ".." / "shared" / "realdata"
DAY = date(2024, 6, 3)
TEXTS = {
    "topics.toml": (
        'categories = ["cs.CL"]\n[words]\nKV = ["key value"]\n'
        '[topics.pruning]\ninclude = ["pruning", "sparsity"]\n[topics.cache]\ninclude = ["KV cache"]\n'
    ),
    "lists/l.toml": 'title = "L"\n[[sections]]\npath = "Network Pruning"\ntopics = ["pruning"]\n',
}


def judged(number: int, title: str, *sections: str, seen: bool = True) -> Judged:
    (paper,) = papers((paper_record(f"2405.{number:05}", title=title, abstract=""),), (), ()).values()
    return Judged(paper, seen, bool(sections), sections)


def figures(*told: Judged, editorial: Editorial | None = None) -> NetFigures:
    return check(editorial or read_editorial(TEXTS), told, DAY)


def test_each_topic_and_phrase_is_counted_with_what_only_it_brings() -> None:
    found = figures(
        judged(1, "Pruning"),
        judged(2, "Pruned with sparsity", "Network Pruning"),
        judged(3, "Sparsity of key-value caches", "Elsewhere"),
        judged(4, "Nothing of all this"),
    )
    told = {one.phrase: (one.papers, one.alone, one.accepted, one.accepted_alone) for one in found.phrases}
    assert told == {"pruning": (2, 1, 1, 0), "sparsity": (2, 0, 2, 0), "KV cache": (1, 0, 1, 0)}
    topics = {one.topic: (one.papers, one.alone, one.accepted, one.accepted_alone) for one in found.topics}
    assert topics == {"pruning": (3, 2, 2, 1), "cache": (1, 0, 1, 0)}
    assert (found.seen, found.passed, found.accepted_seen, found.accepted_seen_found) == (4, 3, 2, 2)


def test_missed_papers_are_named_of_all_topics_and_of_the_one_whose_section_has_them() -> None:
    found = figures(
        judged(1, "Cutting heads", "L / Network Pruning", seen=False), judged(2, "KV caches", "Network Pruning")
    )
    assert found.missed == ("arxiv:2405.00001",)
    assert (
        found.topics[0].missed == ("arxiv:2405.00001", "arxiv:2405.00002") and found.topics[1].missed is None
    )  # no section names it
    assert (found.accepted, found.accepted_seen, found.seen) == (2, 1, 1)


def test_the_question_of_a_topic_holds_the_words_that_stand_for_its_own() -> None:
    query = figures().topics[1].query
    assert 'ti:"kv cache"' in query and 'abs:"key value cache"' in query and "cat:cs.CL" in query


def test_recorded_papers_are_joined_and_a_sighting_after_the_listing_comes_too_late() -> None:
    numbers = [ArxivId(f"2405.0000{number}") for number in range(4)]
    row = {"title": "Pruning", "abstract": "", "categories": ["cs.CV"], "categories_complete": False}
    seen = Seen(date(2024, 5, 20), 1, True, "")
    entries = {numbers[n]: Entry(date(2024, 5, day), "Network Pruning", "") for n, day in ((1, 21), (2, 19), (3, 19))}
    recorded = Recorded({numbers[1]: seen, numbers[2]: seen}, {"l": entries}, {number: [row] for number in numbers})
    told = recorded_papers(recorded, ("cs.CL",))
    assert [(one.paper.subject[-1], one.seen, one.accepted) for one in told] == [
        ("1", True, True),
        ("2", False, True),
        ("3", False, True),
    ]
    assert figures(*told).passed == 1


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared data stand beside the checkout")
def test_the_shipped_topics_find_what_real_lists_accepted_and_pass_a_fifth_at_most() -> None:
    shipped = read_editorial(read_texts(Path(__file__).resolve().parents[2] / "editorial"))
    every = shipped.topics[0].categories
    found = figures(*recorded_papers(read_folders([REAL]), every), editorial=shipped)
    assert found.accepted_seen > 100
    assert found.accepted_seen_found / found.accepted_seen >= 0.98
    assert found.passed / found.seen <= 0.20
