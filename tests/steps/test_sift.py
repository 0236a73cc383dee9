"""What is kept of sweeps: the same, whether it is read from the landings, from the cache, or from half of each."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from builders import NIGHT

from harvester.curated.merge import papers
from harvester.ids import ArxivId, Subject
from harvester.raw import landings
from harvester.records import Decision, Landing, Outcome, PaperRecord, Request
from harvester.sources import arxiv_oai
from harvester.steps.gather import Gathered, gather, gather_named, remember
from harvester.steps.sift import Sweep, addresses
from harvester.topics import Topic

TOPICS = (Topic("pruning", ("pruning",), (), ("cs.CL",)),)
HEAD = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>'


def record(number: str, title: str, versions: int = 1) -> str:
    told = "".join(
        f'<version version="v{n}"><date>Wed, {n} May 2024 10:00:00 GMT</date><source_type>D</source_type></version>'
        for n in range(1, versions + 1)
    )
    return (
        f"<record><header><identifier>oai:arXiv.org:{number}</identifier><datestamp>2024-05-02</datestamp></header><metadata>"
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{number}</id>{told}<title>{title}</title><authors>A</authors>'
        "<categories>cs.CL</categories><abstract>x</abstract></arXivRaw></metadata></record>"
    )


def swept(data: Path, week: int, *pages: Iterable[str], what: str = "sweep-cs-cs-cl") -> None:
    at = NIGHT + timedelta(days=7 * week)
    folder = landings.open_folder(data / "raw", "arxiv_oai", at, what, {"set": "cs:cs:CL"})
    for number, rows in enumerate(pages, 1):
        body = f"{HEAD}{''.join(rows)}</ListRecords></OAI-PMH>".encode()
        request = Request("arxiv_oai", "GET", "/oai", (("page", str(number)),))
        landings.land(folder, number, Landing(request, 200, (("content-type", "text/xml"),), body, at))
    landings.finish(folder, Outcome("complete"), at)


def deciding(*subjects: str) -> list[Decision]:
    return [Decision(f"x:{n}", NIGHT, "ann", "l", Subject(s), "accept") for n, s in enumerate(subjects)]


def read(data: Path, *named: str, topics: tuple[Topic, ...] = TOPICS) -> Gathered:
    return gather(data / "raw", remember(topics, deciding(*named), data))


def words(gathered: Gathered) -> set[PaperRecord]:
    return set(gathered.papers)


def test_papers_that_match_or_are_named_are_kept_and_the_others_counted(tmp_path: Path) -> None:
    swept(tmp_path, 0, [record("2405.00001", "Pruning"), record("2405.00002", "Cats")], [record("2405.00003", "Dogs")])
    found = read(tmp_path, "arxiv:2405.00003")
    assert sorted(paper.arxiv_id for paper in found.papers) == ["2405.00001", "2405.00003"]
    assert found.swept == {"arxiv:2405.00001"}
    assert list(found.sweeps.values()) == [3]


def test_a_paper_that_matched_once_is_kept_in_words_that_match_no_more(tmp_path: Path) -> None:
    swept(tmp_path, 0, [record("2405.00001", "Pruning")])
    swept(tmp_path, 1, [record("2405.00001", "A withdrawn paper", versions=2)])
    found = read(tmp_path)
    assert {(paper.version, paper.title) for paper in found.papers} == {(1, "Pruning"), (2, "A withdrawn paper")}


def test_the_same_words_in_many_sweeps_are_kept_twice_the_first_and_the_last_time(tmp_path: Path) -> None:
    for week in range(5):
        swept(tmp_path, week, [record("2405.00001", "Pruning")])
    found = read(tmp_path)
    assert [paper.said_at for paper in found.papers] == [NIGHT, NIGHT + timedelta(days=28)]
    (paper,) = papers(found.papers, (), ()).values()
    assert (paper.first_seen_at, paper.metadata_as_of) == (NIGHT, NIGHT + timedelta(days=28))


def test_the_cache_changes_nothing_whatever_is_left_of_it(tmp_path: Path) -> None:
    pages = [[record(f"2405.{n:03}{m:02}", "Pruning" if m % 3 else "Cats") for m in range(6)] for n in range(5)]
    swept(tmp_path, 0, *pages[:3])
    swept(tmp_path, 1, *pages[2:])
    cold = read(tmp_path, "arxiv:2405.00000")
    cached = sorted((tmp_path / "readings").rglob("*.json"))
    assert len(cached) == 6
    assert words(read(tmp_path, "arxiv:2405.00000")) == words(cold)
    cached[0].unlink()
    cached[1].write_bytes(cached[1].read_bytes()[:50])
    cached[2].write_bytes(b"[]")
    assert words(read(tmp_path, "arxiv:2405.00000")) == words(cold)
    shutil.rmtree(tmp_path / "readings")
    assert words(read(tmp_path, "arxiv:2405.00000")) == words(cold)
    digests = {address: list(told) for address, told in cold.digests.items()}
    named = gather_named(tmp_path / "raw", digests, TOPICS, deciding("arxiv:2405.00000"))
    assert words(named) == words(cold)


def test_what_a_cache_keeps_for_a_name_of_yesterday_is_left_out_today(tmp_path: Path) -> None:
    swept(tmp_path, 0, [record("2405.00001", "Cats"), record("2405.00002", "Dogs")])
    assert len(read(tmp_path, "arxiv:2405.00001").papers) == 1
    assert read(tmp_path).papers == ()
    assert [paper.arxiv_id for paper in read(tmp_path, "arxiv:2405.00002").papers] == ["2405.00002"]


def test_other_topics_begin_another_cache(tmp_path: Path) -> None:
    swept(tmp_path, 0, [record("2405.00001", "Pruning"), record("2405.00002", "Cats")])
    read(tmp_path)
    cats = (Topic("cats", ("cats",), (), ("cs.CL",)),)
    assert [paper.title for paper in read(tmp_path, topics=cats).papers] == ["Cats"]
    assert len(list((tmp_path / "readings").iterdir())) == 1


def test_a_torn_landing_of_a_sweep_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    swept(tmp_path, 0, [record("2405.00001", "Pruning")], [record("2405.00002", "Pruning")])
    torn = next((tmp_path / "raw").rglob("001.body.xml.gz"))
    whole = torn.read_bytes()
    torn.write_bytes(whole[:-9])
    found = read(tmp_path)
    assert [paper.arxiv_id for paper in found.papers] == ["2405.00002"]
    assert "the body is torn" in found.problems[0]
    torn.write_bytes(whole)
    assert len(read(tmp_path).papers) == 2


def test_papers_that_a_search_brought_are_followed_by_sweeps(tmp_path: Path) -> None:
    swept(tmp_path, 0, [record("2405.00001", "Cats", versions=2), record("2405.00002", "Dogs")])
    folder = next(landings.folders(tmp_path / "raw"))
    lying = Sweep(folder.address, tuple(zip(addresses(folder), landings.digests(folder), strict=True)))
    sieve = remember(TOPICS, (), tmp_path).sieve
    found = sieve.sift(tmp_path / "raw", [lying], [ArxivId("2405.00001")], arxiv_oai.read)
    assert [(paper.arxiv_id, paper.version) for paper in found.papers] == [("2405.00001", 2)]
