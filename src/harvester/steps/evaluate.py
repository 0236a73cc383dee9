"""Replay a history, recorded or our own, and measure what harvester would have been worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from harvester.definitions import Editorial
from harvester.editorial.evaluate import Evaluation, evaluate
from harvester.editorial.learning.cores import one_core
from harvester.editorial.learning.past import History
from harvester.editorial.log import read_log
from harvester.errors import SettingsError
from harvester.settings import Settings, load_editorial
from harvester.steps.gather import gather, remember
from harvester.steps.own_history import told_history
from harvester.steps.recorded import read_folders
from harvester.steps.recorded_history import histories
from harvester.steps.recorded_rows import aside_words
from harvester.steps.shelves import shelf_reader
from harvester.steps.texts import Reader, reader


@dataclass(frozen=True, slots=True)
class Request:
    """What to evaluate: recorded folders (none: our own history), and which months; `until` is exclusive."""

    folders: tuple[Path, ...] = ()
    since: date | None = None
    until: date | None = None
    slug: str | None = None
    later_texts: bool = False
    learning_curve: bool = False


def evaluate_lists(settings: Settings, request: Request, say: Callable[[str], None]) -> list[Evaluation]:
    """Evaluates every list of a history, or the one that is asked for."""
    editorial = load_editorial(settings)
    read = reader(editorial.topics, editorial.harvest)
    found = _histories(settings, editorial, read, request, say)
    if not found:
        raise SettingsError(
            [f"there is no list to evaluate in {settings.editorial}: adopt one, or name a folder with --data"]
        )
    wanted = [one for one in found if request.slug in (None, one.name)]
    if not wanted:
        names = ", ".join(one.name for one in found)
        raise SettingsError([f"there is no list {request.slug!r} to evaluate; lists: {names}"])
    with one_core():
        return [
            evaluate(
                one,
                read.topics,
                shelf_reader(one.sections, one.name, editorial),
                request.since,
                request.until,
                request.learning_curve,
                say,
            )
            for one in wanted
        ]


def _histories(
    settings: Settings, editorial: Editorial, read: Reader, request: Request, say: Callable[[str], None]
) -> list[History]:
    if request.folders:
        recorded = read_folders(request.folders)
        for line in aside_words(recorded.aside):
            say(line)
        return histories(recorded, read, request.later_texts)
    decisions = read_log(settings.editorial).decisions
    gathered = gather(settings.data / "raw", remember(editorial.topics, decisions, settings.data))
    return [told_history(one, gathered, decisions, read) for one in editorial.lists]
