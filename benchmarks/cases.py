"""What each benchmark does; `run.py` starts every case in a process of its own and measures it from outside."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harvester.formats import Form
    from harvester.records import PaperRecord, Wording

ROOT = Path(__file__).resolve().parents[1]
AT = datetime(2024, 6, 3, 3, 0, tzinfo=UTC)
sys.path.insert(0, str(ROOT / "tests"))  # the tests' vocabulary builds records here too


def timed(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def computed(do: Callable[..., object], *given: object, runs: int = 5) -> float:
    """Seconds of processor time, the least of some runs; each has a process of its own, which remembers nothing."""
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        return min(pool.apply(_computed, (do, given)) for _ in range(runs))


def _computed(do: Callable[..., object], given: tuple[object, ...]) -> float:
    started = time.process_time()
    do(*given)
    return time.process_time() - started


def help_(_: Path) -> dict[str, float]:
    command = [str(Path(sys.executable).with_name("harvester")), "--help"]
    runs = [timed(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(7)]
    return {"median_seconds": round(statistics.median(runs), 3)}


def match(_: Path) -> dict[str, float]:
    from harvester.curated.match import compile_topics
    from harvester.curated.merge import papers
    from harvester.definitions import read_editorial
    from harvester.rehearsal import NIGHTS, World
    from harvester.settings import read_texts

    world = World.load().papers_visible(NIGHTS[0])
    abstracts = [f"{paper.facts.title}. {paper.version.abstract}" for paper in world]
    records = [
        _record(number, title=world[number % len(world)].facts.title, abstract=abstracts[number % len(world)])
        for number in range(5_000)
    ]
    folded = list(papers(records, [], []).values())
    matching = compile_topics(read_editorial(read_texts(ROOT / "editorial")).topics)
    seconds = _computed(lambda: [matching.matches(paper) for paper in folded], ())
    return {"abstracts_per_second": round(len(folded) / seconds)}


def twins(_: Path) -> dict[str, float]:
    """Compares 20,000 recorded papers; where those do not stand beside the checkout, the few of the rehearsal."""
    from twin_pairs import real_papers, rehearsed_papers, work

    from harvester.curated import twins

    works = [work(paper, abstract=paper.abstract) for paper in real_papers(20_000) or rehearsed_papers()]
    started = time.process_time()
    pairs = len(twins.twins(works))
    return {"papers": len(works), "pairs": pairs, "seconds": round(time.process_time() - started, 2)}


def fold(scratch: Path) -> dict[str, float]:
    from harvester.curated.merge import papers
    from harvester.raw import landings
    from harvester.rehearsal import rehearse
    from harvester.steps.gather import gather, remember

    with rehearse() as rehearsal:
        env = {**rehearsal.settings(), "HARVESTER_STATE": str(scratch / "state"), "GITHUB_TOKEN": "ghp_rehearsal"}
        _night(scratch, {**os.environ, **env})
    raw = scratch / "data" / "raw"
    before = sum(1 for _ in landings.folders(raw))
    first = sorted((raw / "arxiv_api").glob("*-ids"))[0]
    for number in range(1, 50):
        shutil.copytree(first, first.with_name(f"{first.name}-{number}"))
    gathered = gather(raw, remember((), (), scratch / "data"))
    read = timed(lambda: gather(raw, remember((), (), scratch / "data")))
    merged = timed(lambda: papers(gathered.papers, gathered.absences, []))
    return {
        "conversations": before + 49,
        "records": len(gathered.papers),
        "read_seconds": round(read, 2),
        "merge_seconds": round(merged, 3),
    }


def publish(scratch: Path) -> dict[str, float]:
    from harvester.curated import snapshots, tables
    from harvester.curated.counts import counts, history
    from harvester.curated.merge import papers
    from harvester.ids import Subject
    from harvester.records import Observation

    folded = papers([_record(number) for number in range(10_000)], [], [])
    seen = [
        Observation(
            Subject(subject), "citations", "semantic_scholar", AT + timedelta(days=day), number % 97 + day, "ok"
        )
        for number, subject in enumerate(folded)
        for day in range(10)
    ]

    def do() -> None:
        built = tables.build(folded, {}, (), (), (), (), counts(seen), history(seen))
        snapshots.publish(scratch / "curated", AT, built, {"bench": 1})

    seconds = timed(do)
    size = sum(path.stat().st_size for path in (scratch / "curated").rglob("*.parquet"))
    return {"observations": len(seen), "seconds": round(seconds, 2), "megabytes": round(size / 1e6, 1)}


def render(_: Path) -> dict[str, float]:
    from harvester.definitions import ListDefinition, SectionDefinition
    from harvester.ids import Subject
    from harvester.pages import PaperFacts
    from harvester.records import Entry, Wording
    from harvester.steps.render import render as render_list

    sections = tuple(SectionDefinition(f"Section {n}", f"Section {n}", 1, page=f"section_{n}.md") for n in range(13))
    subjects = [Subject(f"arxiv:2405.{number:05}") for number in range(10_000)]
    entries = [
        Entry("bench", subject, 1, sections[n % 13].path, n, Wording(title=f"Paper {n}"), None, AT, "ann", f"s:{n}")
        for n, subject in enumerate(subjects)
    ]
    facts = [
        PaperFacts(subject, f"Paper {n}", ("Ada Author",), AT, 1, None, n, "semantic_scholar", "ok", AT, ())
        for n, subject in enumerate(subjects)
    ]
    table = ListDefinition("bench", "Bench", "table", sections)
    figures = {}
    for definition in (table, replace(table, style="bullets")):
        seconds = timed(lambda d=definition: render_list(entries, facts, (), d, AT, "2024-06-03T030000Z"))  # type: ignore[misc]  # bound now
        figures[f"{definition.style}_seconds"] = round(seconds, 2)
    return {"entries": len(entries), **figures}


def adopt(_: Path) -> dict[str, float]:
    """Reads the shipped lists as rendered in both styles, again and again, with other papers, owners and words each time.

    The pages name no snapshot, so they are read as hand-kept ones. `generic` reads the same bullets as a list of any form.
    Processor time counts, since a machine that does something else meanwhile is no slower reading.
    """
    from harvester.definitions import read_editorial
    from harvester.editorial.entries import fold as fold_decisions
    from harvester.editorial.log import read_log
    from harvester.settings import read_texts
    from harvester.steps.render import render as render_list

    listed = fold_decisions(read_log(ROOT / "editorial").decisions).entries
    texts: dict[str, dict[str, str]] = {"table": {}, "bullets": {}}
    for turn in range(8):
        told = [replace(entry, wording=_otherwise(entry.wording, turn)) for entry in listed]
        for style, pages in texts.items():
            for one in read_editorial(read_texts(ROOT / "editorial")).lists:
                own = [entry for entry in told if entry.list == one.slug]
                for name, page in render_list(own, (), (), replace(one, style=style), AT, "").items():  # type: ignore[arg-type]  # a style
                    pages[f"{turn}-{one.slug}-{name}"] = _others(page, turn)
    own_forms = {f"{style}-{name}": page for style, pages in texts.items() for name, page in pages.items()}
    return {
        "mb_per_second": _rate(own_forms, None),
        "generic_mb_per_second": _rate(texts["bullets"], "generic"),
        "table_mb_per_second": _rate(texts["table"], "table"),
        "bullets_mb_per_second": _rate(texts["bullets"], "bullets"),
        "megabytes": round(sum(map(len, own_forms.values())) / 1e6, 1),
    }


def _rate(texts: dict[str, str], form: Form | None) -> float:
    from harvester.steps.adopt_pages import read_pages

    megabytes = sum(len(text.encode()) for text in texts.values()) / 1e6
    return round(megabytes / computed(read_pages, texts, form), 2)


def _otherwise(wording: Wording, turn: int) -> Wording:
    """The same entry with another vowel in its words, so that no title is like one that was read before."""
    vowel = str.maketrans("e", "eaiouyéö"[turn])
    return replace(
        wording,
        title=wording.title.translate(vowel) if wording.title else None,
        authors=wording.authors.translate(vowel) if wording.authors else None,
    )


def _others(page: str, turn: int) -> str:
    """The page with other ids and owners, so that no address is like one that was read before."""
    page = re.sub(r"(\d{4}\.)(\d{5})", lambda found: f"{found[1]}{(int(found[2]) + turn) % 100_000:05}", page)
    return page.replace("github.com/", f"github.com/o{turn}-")


def rank(_: Path) -> dict[str, float]:
    """Learns from 250 accepted papers and 8,000 others, and scores 6,500 with their reasons, as one month of a list."""
    from harvester.definitions import read_editorial
    from harvester.editorial.learning.cores import one_core
    from harvester.editorial.learning.past import Example, Past
    from harvester.editorial.rank import learn
    from harvester.ids import Subject
    from harvester.rehearsal import NIGHTS, World
    from harvester.settings import read_texts
    from harvester.steps.texts import reader

    editorial = read_editorial(read_texts(ROOT / "editorial"))
    read = reader(editorial.topics, editorial.harvest)
    world = World.load().papers_visible(NIGHTS[0])
    words = [paper.version.abstract.split() for paper in world]

    def example(number: int) -> Example:
        """A paper of two papers' words and some that are its own."""
        one, other = words[number % len(words)], words[(number * 7 + 3) % len(words)]
        own = " ".join(f"word{(number * 31 + place) % 20_000}" for place in range(20))
        abstract = " ".join([*one[number % 7 :: 2], *other[number % 5 :: 2], own])
        title = f"{world[number % len(world)].facts.title} {own[:16]}"
        return Example(
            Subject(f"arxiv:x.{number}"), AT.date() - timedelta(days=40), read.read(_record(number, title, abstract))
        )

    papers = [example(number) for number in range(14_750)]
    liked = tuple(one for one in papers if one.text.hits)[:250]
    others = tuple(one for one in papers if one not in liked)[:8_000]
    past = Past(AT.date(), liked, undecided=others)
    with one_core():  # as the night does
        started = time.process_time()
        ranker = learn(past, read.topics)
        learnt = time.process_time()
        ranker.explained([one.text for one in papers[-6_500:]])
        seconds = {"learn_seconds": learnt - started, "score_seconds": time.process_time() - learnt}
    return {**{name: round(value, 2) for name, value in seconds.items()}, "accepted": len(liked)}


def night(scratch: Path) -> dict[str, float]:
    from harvester.rehearsal import rehearse

    with rehearse() as rehearsal:
        env = {**rehearsal.settings(), "HARVESTER_STATE": str(scratch / "state"), "GITHUB_TOKEN": "ghp_rehearsal"}
        shutil.copytree(ROOT / "editorial", scratch / "editorial")
        command = [sys.executable, str(ROOT / "flows" / "nightly.py"), "--as-of", f"{AT:%Y-%m-%dT%H:%M:%SZ}"]
        whole = timed(
            lambda: subprocess.run(command, cwd=scratch, env={**os.environ, **env}, check=True, capture_output=True)
        )
        asked = {name: len(rehearsal.requests(name)) for name in ("arxiv", "github", "semantic_scholar", "openalex")}
    report = json.loads(next((scratch / "data" / "runs").glob("*Z.json")).read_text(encoding="utf-8"))
    started, ended = (datetime.fromisoformat(report[key]) for key in ("started_at", "ended_at"))
    own = (ended - started).total_seconds()
    waited = sum(talk["waited_seconds"] for talk in report["talks"])
    figures = {"whole_seconds": round(whole, 1), "night_seconds": round(own, 1), "of_it_pauses": round(waited, 1)}
    return {**figures, **{f"requests_{name}": count for name, count in asked.items()}}


def _night(scratch: Path, environment: dict[str, str]) -> None:
    from night_runner import run_night

    from harvester.settings import load_settings

    shutil.copytree(ROOT / "editorial", scratch / "editorial")
    run_night(load_settings({**environment, "HARVESTER_ARXIV_INTERVAL": "0"}, scratch), AT)


def _record(number: int, title: str | None = None, abstract: str | None = None) -> PaperRecord:
    from builders import paper_record

    record = paper_record(f"24{number // 90_000 + 1:02}.{number % 90_000:05}", title=title)
    return replace(record, abstract=abstract) if abstract else record


if __name__ == "__main__":
    cases = {
        "help": help_,
        "match": match,
        "twins": twins,
        "fold": fold,
        "publish": publish,
        "render": render,
        "adopt": adopt,
        "rank": rank,
        "night": night,
    }
    print(json.dumps(cases[sys.argv[1]](Path(sys.argv[2]))))
