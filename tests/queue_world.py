"""A list about pruning whose queue is made as a night makes it: records and decisions in, ranked candidates out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from builders import paper_record

from harvester.definitions import Editorial, read_editorial
from harvester.ids import Subject, arxiv_subject
from harvester.records import Act, Candidate, Decision, PaperRecord
from harvester.scores import ListQueue
from harvester.steps.fold import Folded, fold
from harvester.steps.gather import Gathered
from harvester.steps.rank import NO_FAILURES, Ranked, rank

NOW = datetime(2024, 6, 3, 3, 0, tzinfo=UTC)
GOOD = ("pruning of weights", "pruning of attention heads", "structured pruning", "magnitude pruning")
BAD = ("latency of dialogue", "latency of speech", "latency in robots", "latency of news")
TOPICS = (
    'categories = ["cs.CL"]\ntheme = ["language model"]\n'
    '[topics.pruning]\ninclude = ["pruning"]\n[topics.speed]\ninclude = ["latency"]\n'
)
LIST = (
    'title = "Pruning"\n[[sections]]\npath = "Structured"\n[[sections]]\npath = "Unstructured"\ntopics = ["pruning"]\n'
)


def editorial(policy: str = "", **more: str) -> Editorial:
    """`policy` is what stands below [queue]."""
    lists = {f"lists/{slug}.toml": text for slug, text in more.items()}
    return read_editorial({"topics.toml": TOPICS, "lists/mine.toml": f"{LIST}[queue]\n{policy}\n", **lists})


def good(number: int, days_ago: int = 0, **more: object) -> PaperRecord:
    what = GOOD[number % len(GOOD)]
    return _record(
        number, f"On {what} {number}", f"We study {what} in a language model, as case {number}.", days_ago, more
    )


def bad(number: int, days_ago: int = 0, **more: object) -> PaperRecord:
    what = BAD[number % len(BAD)]
    return _record(
        number, f"The {what} {number}", f"We measure the {what} with users, as case {number}.", days_ago, more
    )


def _record(number: int, title: str, abstract: str, days_ago: int, more: Mapping[str, object]) -> PaperRecord:
    facts = {"abstract": abstract, "authors": (f"Author {number}",), **more}
    return paper_record(f"2405.{number:05}", at=NOW - timedelta(days=days_ago), title=title, **facts)  # type: ignore[arg-type]  # a builder


def subject(number: int) -> Subject:
    return Subject(f"arxiv:2405.{number:05}")


_LINES = count(1)


def said(number: int, act: Act, days_ago: int = 0, saw: int | None = 1, until: date | None = None) -> Decision:
    section = "Structured" if number % 2 else "Unstructured"
    return Decision(
        id=f"s{next(_LINES):06}:1",
        at=NOW - timedelta(days=days_ago) - timedelta(hours=1 if days_ago == 0 else -1),
        by="ann",
        list="mine",
        subject=subject(number),
        act=act,
        section=section if act == "accept" else None,
        reason="no" if act == "reject" else None,
        saw=saw,
        until=until,
    )


def folded(records: Iterable[PaperRecord], decisions: Iterable[Decision], texts: Editorial) -> tuple[Folded, Gathered]:
    papers = tuple(records)
    came = frozenset(arxiv_subject(record.arxiv_id) for record in papers if record.source == "arxiv_api")
    gathered = Gathered(papers, (), (), (), came, (), {})
    return fold(gathered, decisions, texts, NOW), gathered


def queue(
    records: Iterable[PaperRecord],
    decisions: Sequence[Decision] = (),
    texts: Editorial | None = None,
    failed: Mapping[str, str] = NO_FAILURES,
) -> Ranked:
    """Ranks what waits tonight; papers of another source than `arxiv_api` are known, but did not come by."""
    texts = texts or editorial()
    world, gathered = folded(records, decisions, texts)
    return rank(world, gathered.harvested, decisions, texts, NOW, failed)


def adopted(numbers: Iterable[int]) -> tuple[list[PaperRecord], list[Decision]]:
    """A list that was adopted long ago: good papers that never came by, known as arXiv was asked for them."""
    known = [replace(good(number, 30), source="semantic_scholar") for number in numbers]
    return known, [said(int(record.arxiv_id[5:]), "accept", 200) for record in known]


def numbers(candidates: Iterable[Candidate], place: str = "shown") -> list[int]:
    return [int(one.subject[-5:]) for one in candidates if one.rated and one.rated.place == place]


def of_mine(ranked: Ranked) -> ListQueue:
    return next(one for one in ranked.queues if one.list == "mine")
