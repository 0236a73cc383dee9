"""The editorial texts that a run goes by: a list whose definition cannot be read is taken from the latest snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harvester.curated import snapshots
from harvester.definitions import list_of, sift_editorial, stray_templates
from harvester.errors import SettingsError
from harvester.settings import Settings, named, read_texts


@dataclass(frozen=True, slots=True)
class Usable:
    """Texts by path below `editorial/`, all of which can be read; and what is wrong with lists that stay as they were."""

    texts: Mapping[str, str]
    held_back: Mapping[str, tuple[str, ...]]


def usable_texts(settings: Settings) -> Usable:
    """Reads `editorial/`; what is wrong with a list holds back that list, anything else raises SettingsError."""
    texts = read_texts(settings.editorial)
    found = sift_editorial(texts)
    if found.mistakes:
        of_lists = (mistake for mistakes in found.of_lists.values() for mistake in mistakes)
        raise SettingsError(named(settings, [*found.mistakes, *of_lists]))
    held_back = {slug: tuple(named(settings, mistakes)) for slug, mistakes in found.of_lists.items()}
    if not held_back:
        return Usable(texts, {})
    known = _without(texts, held_back) | _of(_latest(settings), held_back)
    still = sift_editorial(known).of_lists  # as they were, they may name a topic that is gone
    return Usable(_without(known, still), held_back)


def _latest(settings: Settings) -> Mapping[str, str]:
    latest = snapshots.latest(settings.data / "curated")
    return snapshots.read_manifest(latest)["inputs"]["editorial"] if latest else {}


def _of(texts: Mapping[str, str], slugs: Mapping[str, object]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if list_of(name, texts) in slugs}


def _without(texts: Mapping[str, str], slugs: Mapping[str, object]) -> dict[str, str]:
    stray = stray_templates(texts)
    return {name: text for name, text in texts.items() if list_of(name, texts) not in slugs and name not in stray}
