"""Which topics a hand-kept list is about: by the titles of its entries and of its sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harvester.definitions import SectionDefinition
from harvester.pages import ParsedSection
from harvester.phrases import pattern
from harvester.topics import Topic

_ENOUGH = 2  # titles, and a fiftieth of them, that show that a topic is no accident
_FEW = 10  # titles that are too few to tell what a list is not about


@dataclass(frozen=True, slots=True)
class Fitting:
    """The topics that fit a list, in their order, each with the number of titles that hold one of its phrases.

    `names` is what the definition says: None where all topics fit, or there are none.
    """

    sections: tuple[SectionDefinition, ...]
    titles: Mapping[str, int]
    names: tuple[str, ...] | None


def fit(sections: Sequence[ParsedSection], titles: Iterable[str | None], topics: Sequence[Topic]) -> Fitting:
    """Makes the definition's sections and finds the topics that fit: of enough titles, or named by a section.

    A section that is called like a topic ("Survey") says nothing where the titles show that the list is about other
    things.
    """
    told = [title for title in titles if title]
    hits = {topic.name: _hits(topic, told) for topic in topics}
    enough = max(_ENOUGH, len(told) / 50)
    if len(told) >= _FEW and all(number < enough for number in hits.values()):
        return Fitting(_define(sections, {}), {}, () if topics else None)
    owners = _owners(sections, topics)
    named = {name for names in owners.values() for name in names}
    fitting = {name: number for name, number in hits.items() if number >= enough or name in named}
    return Fitting(_define(sections, owners), fitting, tuple(fitting) if len(fitting) < len(topics) else None)


def _hits(topic: Topic, titles: Iterable[str]) -> int:
    include, exclude = (
        re.compile("|".join(pattern(one, topic.words) for one in phrases), re.IGNORECASE) if phrases else None
        for phrases in (topic.include, topic.exclude)
    )
    return sum(bool(include and include.search(one) and not (exclude and exclude.search(one))) for one in titles)


def _owners(sections: Sequence[ParsedSection], topics: Sequence[Topic]) -> dict[str, list[str]]:
    """A topic belongs to the first section, topmost first, whose title says its name."""
    owners: dict[str, list[str]] = {}
    for topic in topics:
        wanted = topic.name.replace("_", "-").casefold().split("-")
        fitting = [section for section in sections if _says(section.title, wanted)]
        if fitting:
            owner = min(fitting, key=lambda section: section.level)
            below = f"{owner.path} / Papers".casefold()  # where a section keeps its papers in a subsection of that name
            path = next((s.path for s in sections if s.path.casefold() == below), owner.path)
            owners.setdefault(path, []).append(topic.name)
    return owners


def _define(sections: Sequence[ParsedSection], owners: Mapping[str, Sequence[str]]) -> tuple[SectionDefinition, ...]:
    return tuple(
        SectionDefinition(s.path, s.title, s.level, tuple(owners.get(s.path, ())), s.page, s.prose) for s in sections
    )


def _says(title: str, wanted: Sequence[str]) -> bool:
    """Every word of the topic ends a word of the title, so that `tuning` is found in "finetuning"."""
    words = "".join(char if char.isalnum() else " " for char in title.casefold()).split()
    return all(any(word.endswith((part, part + "s")) for word in words) for part in wanted)
