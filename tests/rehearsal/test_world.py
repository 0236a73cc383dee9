from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from harvester.rehearsal import NIGHTS, NOWHERE, UNKNOWN, World

WORLD = World.load()
ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
WEEKDAYS = [night for night in NIGHTS if night.weekday() < 5 and night.day <= 14]


def test_both_seed_lists_are_in_it_whole() -> None:
    if not SEEDS.is_dir():
        pytest.skip("the shared folder with the seed lists is not beside this checkout")
    texts = [path.read_text(encoding="utf-8") for path in SEEDS.glob("*.txt")]
    ids = {found for text in texts for found in re.findall(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})", text)}
    names = {n for text in texts for n in re.findall(r"\]\(https?://github\.com/([\w.-]+/[\w.-]+)", text)}
    assert len(ids) == 187
    assert {found for found in ids if WORLD.paper(found, NIGHTS[0]) is None} == set()
    known = {facts.name.lower() for facts in WORLD.repositories}
    assert {n for n in names if n.lower() not in known} == {"tree/pv-tuning"}, "a badge that took a path for an owner"


def test_the_script_makes_the_committed_world_again(tmp_path: Path) -> None:
    if not SEEDS.is_dir():
        pytest.skip("the shared folder with the seed lists is not beside this checkout")
    script = ROOT / "scripts" / "make_world.py"
    subprocess.run([sys.executable, script, SEEDS.parent, tmp_path], check=True, capture_output=True)
    for name in ("papers.jsonl", "repositories.jsonl"):
        committed = ROOT / "src" / "harvester" / "rehearsal" / "world_files" / name
        assert (tmp_path / name).read_bytes() == committed.read_bytes(), name


@pytest.mark.parametrize("until", WEEKDAYS)
def test_every_weekday_night_brings_something_of_each_kind(until: datetime) -> None:
    since = until - timedelta(days=1)
    arrivals, revisions = WORLD.arrivals(since, until), WORLD.revisions(since, until)
    assert len(arrivals) >= 5
    assert any(paper.facts.topic for paper in arrivals) and any(paper.facts.topic is None for paper in arrivals)
    assert any(until - paper.published > timedelta(days=4) for paper in arrivals), "a late one"
    assert any(paper.version.withdrawn for paper in revisions)
    assert any(not paper.version.withdrawn for paper in revisions)
    first = [(WORLD.semantic_scholar(p.id, until), WORLD.openalex(p.id, until)) for p in arrivals]
    assert any(s2 is UNKNOWN and isinstance(other, int) for s2, other in first)
    assert any(s2 is UNKNOWN and other is UNKNOWN for s2, other in first)
    kinds = [e.kind for f in WORLD.repositories for e in f.events if since < e.at <= until]
    assert {"renamed", "archived", "deleted"} <= set(kinds)


def test_a_weekend_brings_no_papers() -> None:
    assert WORLD.arrivals(NIGHTS[4], NIGHTS[6]) == []


def test_counts_grow_and_never_fall() -> None:
    grown = 0
    for facts in WORLD.papers.values():
        values = [WORLD.semantic_scholar(facts.id, night) for night in NIGHTS]
        numbers = [value for value in values if isinstance(value, int)]
        assert numbers == sorted(numbers) and all(number >= 0 for number in numbers)
        grown += bool(numbers) and numbers[-1] > numbers[0]
    assert grown > 50


def test_unknown_null_and_zero_are_three_things() -> None:
    values = [WORLD.semantic_scholar(facts.id, NIGHTS[0]) for facts in WORLD.papers.values()]
    assert UNKNOWN in values and None in values and 0 in values
    assert WORLD.semantic_scholar(NOWHERE, NIGHTS[0]) is UNKNOWN and WORLD.paper(NOWHERE, NIGHTS[-1]) is None


def test_the_shown_citation_is_semantic_scholars_or_openalexs() -> None:
    sources = {shown[1] for f in WORLD.papers.values() if (shown := WORLD.citations(f.id, NIGHTS[0]))}
    assert sources == {"semantic_scholar", "openalex"}
    nulled = next(f.id for f in WORLD.papers.values() if WORLD.semantic_scholar(f.id, NIGHTS[0]) is None)
    assert WORLD.citations(nulled, NIGHTS[0]) is None


def test_a_deleted_repository_has_no_stars() -> None:
    facts = next(f for f in WORLD.repositories if any(e.kind == "deleted" for e in f.events))
    gone = next(e.at for e in facts.events if e.kind == "deleted")
    assert WORLD.stars(facts.name, gone - timedelta(seconds=1)) is not None
    assert WORLD.stars(facts.name, gone) is None


def test_no_paper_is_seen_before_it_was_submitted() -> None:
    for facts in WORLD.papers.values():
        assert facts.authors and facts.title and (facts.categories or not facts.at_arxiv)
        assert all(version.submitted <= version.visible for version in facts.versions)
        times = [version.submitted for version in facts.versions]
        assert times == sorted(times)


def test_every_abstract_says_that_it_is_ours() -> None:
    assert all("for the rehearsal" in v.abstract for f in WORLD.papers.values() for v in f.versions)
