"""A small world for tests of deciding: two lists, a snapshot with candidates, and a person who signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import MappingProxyType

from builders import NIGHT, paper_record

from harvester.curated import snapshots, tables
from harvester.definitions import read_editorial
from harvester.editorial.entries import fold
from harvester.editorial.queue import candidates
from harvester.ids import Subject
from harvester.records import Candidate, Hit, Match, Paper
from harvester.scores import Rated
from harvester.settings import Settings, load_settings
from harvester.steps.decide import Signature
from harvester.steps.standing import Standing, read_standing

NOW = NIGHT + timedelta(hours=9)

TEXTS = {
    "topics.toml": 'categories = ["cs.CL"]\n[topics.pruning]\ninclude = ["pruning"]\n[topics.moe]\ninclude = ["MoE"]\n',
    "lists/efficient.toml": (
        'title = "Efficient"\ntopics = ["pruning"]\n'
        '[[sections]]\npath = "Network Pruning"\ntopics = ["pruning"]\n[[sections]]\npath = "Quantization"\n'
        '[[sections]]\npath = "Survey"\n'
    ),
    "lists/moe.toml": 'title = "MoE"\ntopics = ["moe"]\n[[sections]]\npath = "Papers"\n[[sections]]\npath = "Code"\n',
}
# paper: topics that match
WAITING = {
    "2405.00001": ["pruning"],
    "2405.00002": ["pruning"],
    "2405.00003": ["pruning", "moe"],
    "2405.00004": ["moe"],
}


def settle_in(folder: Path, rated: Mapping[str, Rated] = MappingProxyType({})) -> Settings:
    """Writes `editorial/` and publishes a snapshot in which four papers wait; `rated` says what a night made of them."""
    for name, text in TEXTS.items():
        path = folder / "editorial" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings = load_settings({}, folder)
    papers = {
        Subject(f"arxiv:{arxiv_id}"): Paper(
            Subject(f"arxiv:{arxiv_id}"),
            paper_record(arxiv_id, 2),
            (),
            NIGHT,
            "ok",
            NIGHT,
            arxiv_id.endswith("2"),
            None,
        )
        for arxiv_id in WAITING
    }
    matches = [
        Match(Subject(f"arxiv:{arxiv_id}"), topic, (Hit(topic, "title", topic),))
        for arxiv_id, topics in WAITING.items()
        for topic in topics
    ]
    waiting = [
        _rated(candidate, rated.get(candidate.subject.removeprefix("arxiv:")))
        for definition in read_editorial(TEXTS).lists
        for candidate in candidates(papers, matches, fold([]), definition, NIGHT.date())
    ]
    built = tables.build(
        papers=papers,
        repos={},
        links=(),
        matches=matches,
        entries=(),
        candidates=waiting,
        counts={},
        history=(),
    )
    snapshots.publish(settings.data / "curated", NIGHT, built, {})
    return settings


def _rated(candidate: Candidate, rated: Rated | None) -> Candidate:
    """As a night leaves it: the section is the first guess."""
    section = rated.guesses[0].section if rated and rated.guesses else candidate.section
    return replace(candidate, rated=rated, section=section)


class Team:
    """People at one checkout: each call signs a minute later than the one before."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.minutes = count()

    def standing(self) -> Standing:
        return read_standing(self.settings, NOW.date())

    def signed(self, by: str = "ann") -> Signature:
        minute = next(self.minutes)
        return Signature(by, NOW + timedelta(minutes=minute), f"s{minute}")

    def queue(self, slug: str = "efficient") -> list[str]:
        open_now = [c for c in self.standing().candidates if c.list == slug and c.deferred_until is None]
        return sorted(candidate.subject[-1] for candidate in open_now)

    def sections(self, slug: str = "efficient") -> dict[str, str]:
        return {entry.subject[-1]: entry.section for entry in self.standing().folded.entries if entry.list == slug}


def at(day: int) -> datetime:
    return datetime(2024, 6, day, 12, 0, tzinfo=UTC)
