"""Where moved and new entries stand: the order of an edited page, done to the order that stands now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from harvester.definitions import ListDefinition
from harvester.editorial.entries import Key
from harvester.editorial.merging import merge
from harvester.lists.compose import compose
from harvester.lists.lines import Facts
from harvester.records import Entry
from harvester.steps.adopting.arrange import arrange
from harvester.steps.adopting.handwork import Item, Sequences

_NOTHING_KNOWN = Facts.of((), ())


def plan_order(
    sequences: Mapping[str, Sequences],
    keys: Mapping[Item, Key],
    known: Mapping[Item, Key],
    entries: Mapping[Key, Entry],
    leaving: Iterable[Key],
    definition: ListDefinition,
    at: datetime,
) -> dict[Key, float | None]:
    """Returns the order of every entry that needs another one, or one at all.

    `keys` are the placements of newcomers, and those of entries that move to another section; `known` those of newcomers
    that stand there already; `leaving` go from where they stand.
    """
    if definition.order != "decided":
        return dict.fromkeys(keys.values())
    gone = {*leaving}
    named = {**known, **keys}
    standing = _as_it_stands(entries.values(), definition, at)
    found: dict[Key, float | None] = {}
    for section, pages in sequences.items():
        now = [key for key in standing[section.casefold()] if key not in gone]
        allowed = {*now, *(named[item] for item in pages.after if item in named)}
        after = [key for item in pages.after if (key := named.get(item) or _key(item)) in allowed]
        before = [key for item in pages.before if (key := _key(item)) in allowed and (key in after or key not in now)]
        wanted = merge(before, after, now)
        if wanted != now:
            there = {key: entries[key] for key in now}
            found |= arrange(wanted, there, newest_first=definition.style == "bullets")
    return found


def _key(item: Item) -> Key | None:
    return item if isinstance(item, Key) else None


def _as_it_stands(entries: Iterable[Entry], definition: ListDefinition, at: datetime) -> defaultdict[str, list[Key]]:
    """The entries of every section in the order in which pages show them."""
    found: defaultdict[str, list[Key]] = defaultdict(list)
    for page in compose(entries, _NOTHING_KNOWN, replace(definition, templates={}), at, ""):
        for section in page.sections if page.window is None else ():
            found[section.path.casefold()] += (Key(definition.slug, line.subject, line.place) for line in section.lines)
    return found
