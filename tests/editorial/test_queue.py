from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from builders import paper_record
from hypothesis import given
from hypothesis import strategies as st

from harvester.definitions import ListDefinition, SectionDefinition
from harvester.editorial.entries import fold
from harvester.editorial.queue import candidates, still_open, strength, suggested_section
from harvester.ids import Subject
from harvester.records import Act, Candidate, Decision, Hit, Match, Paper

TODAY = date(2026, 11, 20)
SEEN = datetime(2026, 11, 19, 3, tzinfo=UTC)
LIST = ListDefinition(
    "efficient-llm",
    "Efficient LLM",
    "table",
    (
        SectionDefinition("Network Pruning", "Network Pruning", 1, topics=("pruning",)),
        SectionDefinition("Quantization", "Quantization", 1, topics=("quantization", "low-bit")),
    ),
)


def paper(number: int, *, seen: datetime | None = SEEN, withdrawn: bool | None = None) -> Paper:
    arxiv_id = f"2411.{number:05d}"
    return Paper(Subject(f"arxiv:{arxiv_id}"), paper_record(arxiv_id), (), seen, "ok", SEEN, withdrawn, None)


def match(number: int, topic: str = "pruning", *, title: int = 0, abstract: int = 1) -> Match:
    hits = [Hit(f"{topic} {n}", "title", "x") for n in range(title)]
    hits += [Hit(f"{topic} {n}", "abstract", "x") for n in range(abstract)]
    return Match(Subject(f"arxiv:2411.{number:05d}"), topic, tuple(hits))


def decided(number: int, act: Act, *, place: int = 1, until: date | None = None, slug: str = LIST.slug) -> Decision:
    subject = Subject(f"arxiv:2411.{number:05d}")
    section = "Quantization" if act == "accept" else None
    return Decision(f"s{number}-{place}:1", SEEN, "ann", slug, subject, act, place, section, until=until, reason="r")


def queue(papers: list[Paper], matches: list[Match], *decisions: Decision) -> list[str]:
    found = candidates({p.subject: p for p in papers}, matches, fold(decisions), LIST, TODAY)
    return [candidate.subject[-1] for candidate in found]


def test_a_matching_paper_that_nobody_decided_waits() -> None:
    assert queue([paper(1), paper(2)], [match(1)]) == ["1"]


def test_accepted_and_rejected_papers_never_come_back() -> None:
    papers, matches = [paper(n) for n in (1, 2, 3)], [match(n) for n in (1, 2, 3)]
    assert queue(papers, matches, decided(1, "accept"), decided(2, "reject")) == ["3"]


def test_a_paper_accepted_in_one_place_and_rejected_in_another_does_not_wait() -> None:
    assert queue([paper(1)], [match(1)], decided(1, "accept"), decided(1, "reject", place=2)) == []


def test_however_many_papers_are_joined_the_joins_are_read_once() -> None:
    class Counted(tuple[Decision, ...]):
        times = 0

        def __iter__(self) -> Iterator[Decision]:
            self.times += 1
            return super().__iter__()

    for many in (1, 50):
        joins = [replace(decided(n, "same"), twin=Subject(f"arxiv:2411.{n + 1000:05d}")) for n in range(many)]
        folded = fold(joins)
        paired = Counted(folded.paired)
        waiting = [Candidate(LIST.slug, join.subject, SEEN, (), None) for join in joins]
        assert still_open(waiting, replace(folded, paired=paired), TODAY) == [] and paired.times == 1


def test_what_another_list_decided_does_not_count() -> None:
    assert queue([paper(1)], [match(1)], decided(1, "reject", slug="other")) == ["1"]


def test_a_deferred_paper_carries_its_day_until_it_has_come() -> None:
    def until(day: date) -> date | None:
        folded = fold([decided(1, "defer", until=day)])
        return candidates({paper(1).subject: paper(1)}, [match(1)], folded, LIST, TODAY)[0].deferred_until

    assert until(TODAY + timedelta(days=1)) == TODAY + timedelta(days=1)
    assert until(TODAY) is None


def test_a_withdrawn_candidate_says_so() -> None:
    found = candidates({paper(1).subject: paper(1, withdrawn=True)}, [match(1)], fold([]), LIST, TODAY)
    assert found[0].withdrawn is True


def test_the_strongest_match_comes_first_then_the_newest() -> None:
    papers = [paper(1), paper(2), paper(3, seen=SEEN + timedelta(days=1)), paper(4)]
    matches = [match(1), match(2, title=1), match(3), match(4, abstract=2)]
    assert queue(papers, matches) == ["2", "4", "3", "1"]


def test_only_topics_of_the_list_count() -> None:
    narrow = ListDefinition("x", "x", "table", LIST.sections, topics=("quantization",))
    found = candidates({paper(1).subject: paper(1)}, [match(1, "pruning")], fold([]), narrow, TODAY)
    assert found == []


def test_a_list_of_no_topics_has_no_queue_and_one_that_names_none_has_that_of_all() -> None:
    papers = {paper(1).subject: paper(1)}
    none, all_of_them = (ListDefinition("x", "x", "table", LIST.sections, topics=topics) for topics in ((), None))
    assert candidates(papers, [match(1, "pruning")], fold([]), none, TODAY) == []
    assert len(candidates(papers, [match(1, "pruning")], fold([]), all_of_them, TODAY)) == 1


def test_the_section_is_that_of_the_strongest_topic() -> None:
    both = [match(1, "pruning", abstract=2), match(1, "quantization", title=1)]
    assert suggested_section(both, LIST) == "Quantization"
    assert suggested_section([match(1, "pruning"), match(1, "quantization")], LIST) == "Network Pruning"
    assert suggested_section([match(1, "survey")], LIST) is None


def test_topics_of_one_section_count_together() -> None:
    found = [match(1, "pruning", title=1), match(1, "quantization", title=1), match(1, "low-bit")]
    assert suggested_section(found, LIST) == "Quantization"


def test_a_phrase_counts_once_where_it_counts_most() -> None:
    assert strength([match(1, title=1, abstract=1)]) == 3
    assert strength([match(1, abstract=1), match(1, abstract=1)]) == 1


@given(st.permutations([match(1), match(2, title=1), match(3), match(1, "quantization"), match(4, abstract=2)]))
def test_the_order_of_arrival_does_not_matter(matches: list[Match]) -> None:
    papers = [paper(n) for n in (1, 2, 3, 4)]
    assert queue(papers, matches) == ["2", "4", "1", "3"]
