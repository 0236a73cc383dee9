"""The sources over the real wire against the rehearsal: what they bring is what is so there, at the fewest requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from math import ceil
from pathlib import Path

import players
import pytest

from harvester.ids import ArxivId, RepoName, Subject, arxiv_subject, repo_subject
from harvester.raw.gate import open_gate
from harvester.raw.wire import Wire
from harvester.records import Conversation
from harvester.rehearsal import NIGHTS, NOWHERE, UNKNOWN, Rehearsal, Unknown, rehearse
from harvester.settings import load_settings
from harvester.sources import arxiv_api, github, openalex, semantic_scholar
from harvester.windows import Search, Window

Talk = Callable[[str, Conversation], players.Held]
WINDOW = Window(date(2024, 1, 1), NIGHTS[3].date() + timedelta(days=1))


class Watch:
    """A clock that moves when somebody waits, so that pauses cost no time."""

    def __init__(self) -> None:
        self.at = 1_717_000_000.0

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += max(seconds, 0.001)


@pytest.fixture
def r() -> Iterator[Rehearsal]:
    with rehearse(NIGHTS[3]) as running:
        yield running


@pytest.fixture
def talk(r: Rehearsal, tmp_path: Path) -> Iterator[Talk]:
    paces = ("ARXIV", "GITHUB", "SEMANTIC_SCHOLAR", "OPENALEX")
    variables: Mapping[str, str] = {
        **r.settings(),
        "HARVESTER_STATE": "state",
        "GITHUB_TOKEN": "a-token-for-rehearsals",
        **{f"HARVESTER_{pace}_INTERVAL": "0" for pace in paces},
        **{f"HARVESTER_{pace}_SILENCE": "0" for pace in paces},
    }
    settings = load_settings(variables, tmp_path)
    watch = Watch()

    def hold(source: str, conversation: Conversation) -> players.Held:
        upstream = settings.upstreams[source]
        gate = open_gate(settings, upstream, now=watch.now, sleep=watch.sleep)
        with Wire(upstream, settings.user_agent, settings.secrets, gate, r.now, lambda: 0.0) as wire:
            return players.hold(conversation, wire.send)

    yield hold


def listed(r: Rehearsal) -> list[ArxivId]:
    return [ArxivId(paper.id) for paper in r.world.papers_visible(r.now())]


def test_a_search_finds_every_paper_that_the_query_names(r: Rehearsal, talk: Talk) -> None:
    search = Search(WINDOW, ("quantization", "KV-cache", "pruning"), ("cs.CL", "cs.LG"))
    held = talk("arxiv_api", arxiv_api.ask(search))
    readings = [arxiv_api.read(each) for each in held.landings]
    assert held.outcome.state == "complete"
    assert [problem for each in readings for problem in each.problems] == []
    found = {record.arxiv_id: record for each in readings for record in each.papers}
    assert len(r.requests("arxiv")) == max(1, ceil(len(found) / arxiv_api.PAGE))
    assert found
    for arxiv_id, record in found.items():
        paper = r.world.paper(arxiv_id, r.now())
        assert paper
        assert (record.version, record.submitted_at) == (paper.number, paper.published)
        assert WINDOW.since <= record.submitted_at.date() < WINDOW.until
        assert record.withdrawn is (True if r.world.withdrawn(arxiv_id, r.now()) else None)


def test_papers_by_id_are_all_there_and_the_unknown_one_is_absent(r: Rehearsal, talk: Talk) -> None:
    ids = [*listed(r), ArxivId(NOWHERE)]
    held = talk("arxiv_api", arxiv_api.ask_ids(ids))
    readings = [arxiv_api.read(each) for each in held.landings]
    assert held.outcome.state == "complete"
    assert len(r.requests("arxiv")) == ceil(len(ids) / arxiv_api.IDS)
    records = {record.arxiv_id: record for each in readings for record in each.papers}
    assert set(records) == set(ids) - {NOWHERE}
    assert [absence.subject for each in readings for absence in each.absences] == [f"arxiv:{NOWHERE}"]
    truly = {each for each in records if r.world.withdrawn(each, r.now())}
    assert {each for each, record in records.items() if record.withdrawn} == truly
    assert truly


def test_stars_are_those_of_the_world_with_and_without_a_token(r: Rehearsal, talk: Talk) -> None:
    names = [RepoName(repository.name) for repository in r.world.repositories] + [RepoName("nobody/nothing")]
    truth = {repo_subject(name): r.world.stars(name, r.now()) for name in names}
    held = talk("github", github.ask(names))
    assert held.outcome.state == "complete"
    assert len(r.requests("github")) == ceil(len(truth) / github.BATCH)
    words = held.last_words(github.read)
    assert {subject: seen.value for subject, seen in words.items()} == truth
    assert {seen.status for seen in words.values() if seen.value is None} == {"not_found"}
    assert [problem for each in held.landings for problem in github.read(each).problems] == []

    first = talk("github", github.ask_rest([(name, None) for name in names[:40]], 60))
    assert {subject: seen.value for subject, seen in first.last_words(github.read).items()} == {
        repo_subject(name): truth[repo_subject(name)] for name in names[:40]
    }
    etags = {record.asked: record.etag for each in first.landings for record in github.read(each).repos}
    again = talk("github", github.ask_rest(list(etags.items()), 60))
    assert {seen.status for seen in again.last_words(github.read).values()} == {"unchanged"}


def _status(truth: int | Unknown | None) -> tuple[str, int | None]:
    return ("ok", truth) if isinstance(truth, int) else ("no_count" if truth is None else "not_found", None)


@pytest.mark.parametrize("source", [semantic_scholar, openalex], ids=lambda source: str(source.NAME))
def test_citations_are_those_of_the_world(r: Rehearsal, talk: Talk, source: object) -> None:
    module = semantic_scholar if source is semantic_scholar else openalex
    dois = [
        Subject(f"doi:{paper.doi.lower()}") for paper in r.world.papers.values() if paper.doi and not paper.at_arxiv
    ]
    subjects = [*(arxiv_subject(each) for each in listed(r)), *dois, arxiv_subject(ArxivId(NOWHERE))]
    held = talk(module.NAME, module.ask(subjects))
    assert held.outcome.state == "complete"
    second_looks = openalex.SECOND_LOOKS if module is openalex else 0
    assert len(r.requests(module.NAME)) <= ceil(len(subjects) / module.BATCH) + second_looks
    words = held.last_words(module.read)
    assert set(words) == set(subjects)
    ask_world = r.world.semantic_scholar if module is semantic_scholar else r.world.openalex
    for subject, seen in words.items():
        truth = ask_world(subject, r.now())
        assert (seen.status, seen.value) == _status(truth), subject
    assert UNKNOWN in {ask_world(subject, r.now()) for subject in subjects}


@pytest.mark.parametrize("kind", ["html_200", "text_200", "cut_body", "empty_page", "http_503", "reset"])
def test_one_bad_answer_costs_no_paper(r: Rehearsal, talk: Talk, kind: str) -> None:
    search = Search(WINDOW, ("quantization", "pruning"), ("cs.CL", "cs.LG"))
    whole = talk("arxiv_api", arxiv_api.ask(search))
    r.play({"upstream": "arxiv", "kind": kind})
    spoiled = talk("arxiv_api", arxiv_api.ask(search))

    def ids(held: players.Held) -> set[ArxivId]:
        return {record.arxiv_id for each in held.landings for record in arxiv_api.read(each).papers}

    assert spoiled.outcome.state == "complete"
    assert ids(spoiled) == ids(whole)


def test_a_fault_that_stays_fails_every_conversation_without_a_false_word(r: Rehearsal, talk: Talk) -> None:
    subjects = [arxiv_subject(each) for each in listed(r)[:50]]
    names = [RepoName(repository.name) for repository in r.world.repositories[:50]]
    for kind in ("html_200", "cut_body", "http_502", "http_429", "reset"):
        r.behave()
        r.play({"kind": kind, "times": None})
        for source, conversation in (
            ("semantic_scholar", semantic_scholar.ask(subjects)),
            ("openalex", openalex.ask(subjects)),
            ("github", github.ask(names)),
        ):
            held = talk(source, conversation)
            assert held.outcome.state == "failed", (kind, source)
            reader = {"semantic_scholar": semantic_scholar, "openalex": openalex, "github": github}[source]
            assert {seen.status for seen in held.last_words(reader.read).values()} == {"failed"}
            assert len(held.landings) <= 12
