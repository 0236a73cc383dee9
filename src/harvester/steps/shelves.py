"""Sections as their editors describe them, for suggesting sections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from harvester.definitions import Editorial, ListDefinition
from harvester.editorial.sections import Joined, Shelf
from harvester.topics import Topic


def shelves(definition: ListDefinition, topics: Sequence[Topic]) -> list[Shelf]:
    """Returns the sections of a list; one to which the editors gave no topics has those that its title names."""
    return [
        Shelf(one.path, f"{one.title} {one.prose}", one.topics or _named(one.title, topics))
        for one in definition.sections
    ]


def shelf_reader(own: Iterable[str], slug: str, editorial: Editorial) -> Callable[[str], Shelf]:
    """Returns what describes a section by its title: one of the list's `own` as its editors do, another as `shelf` does."""
    described = {
        one.path: one
        for definition in editorial.lists
        if definition.slug == slug
        for one in shelves(definition, editorial.topics)
    }
    known = {path: described[path] for path in own if path in described}
    return lambda title: known.get(title) or shelf(title, editorial)


def shelf(title: str, editorial: Editorial) -> Shelf:
    """Returns a section of which only the title is known, with the topics that our lists give to such a section."""
    for definition in editorial.lists:
        known = definition.section(Joined([one.path for one in definition.sections]).find(title) or "")
        if known and known.topics:
            return Shelf(title, title, known.topics)
    return Shelf(title, title, _named(title, editorial.topics))


def _named(title: str, topics: Sequence[Topic]) -> tuple[str, ...]:
    """Returns the topics of which a phrase, or the name, stands in a title."""
    written = title.casefold()
    return tuple(
        topic.name
        for topic in topics
        if topic.name.replace("-", " ") in written or any(phrase.casefold() in written for phrase in topic.include)
    )
