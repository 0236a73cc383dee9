"""Ask for what is new: papers of the days that no finished conversation covers, and of the overlap."""

from __future__ import annotations

from datetime import date
from typing import Any

from harvester.raw import landings
from harvester.records import Conversation
from harvester.report import Talk
from harvester.sources import arxiv_api
from harvester.steps.night import Night
from harvester.steps.talk import hold, wanted_before
from harvester.windows import Search, Window, settled, wanted


def harvest(night: Night) -> list[Talk]:
    """Holds one conversation with arXiv per window that is wanted tonight."""
    if not night.editorial.topics:
        night.say("topics.toml defines no topic: nothing to harvest")
        return []
    searches = [_search_json(night, window) for window in _windows(night)]
    return [
        hold(night, "arxiv_api", name, wanted_before(night, "arxiv_api", name) or search, _words(search), _ask)
        for name, search in zip(_names(len(searches)), searches, strict=True)
    ]


def _names(count: int) -> list[str]:
    return ["search" if number == 0 else f"search-w{number + 1}" for number in range(count)]


def _windows(night: Night) -> tuple[Window, ...]:
    """Computes the windows from the conversations of earlier nights, so that a resumed night wants the same."""
    before = [
        folder
        for folder in landings.folders(night.settings.data / "raw")
        if folder.source == "arxiv_api" and folder.what.startswith("search") and folder.night < night.as_of
    ]
    complete = [f for f in before if (outcome := landings.outcome_of(f)) and outcome.state == "complete"]
    parts = (settled(_window(folder.wanted), folder.night.date()) for folder in complete)
    covered = [part for part in parts if part]
    span = night.editorial.harvest
    return wanted(covered, night.as_of.date(), span.overlap_days, span.first_days)


def _search_json(night: Night, window: Window) -> dict[str, Any]:
    topics = night.editorial.topics
    return {
        "window": [window.since.isoformat(), window.until.isoformat()],
        "phrases": list(dict.fromkeys(phrase for topic in topics for phrase in topic.include)),
        "categories": list(dict.fromkeys(category for topic in topics for category in topic.categories)),
    }


def _window(wanted_json: Any) -> Window:
    since, until = wanted_json["window"]
    return Window(date.fromisoformat(since), date.fromisoformat(until))


def _ask(wanted_json: dict[str, Any]) -> Conversation:
    search = Search(_window(wanted_json), tuple(wanted_json["phrases"]), tuple(wanted_json["categories"]))
    return arxiv_api.ask(search)


def _words(search: dict[str, Any]) -> str:
    since, until = search["window"]
    return f"papers submitted from {since} until {until}, {len(search['phrases'])} phrases"
