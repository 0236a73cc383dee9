"""Of a hand-kept list its facts alone: what others wrote in sentences stays out, and is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from harvester.formats.links import is_only_link, links_in
from harvester.pages import INDEX_PLACE, ParsedEntry
from harvester.records import Link, Wording
from harvester.steps.adopt_pages import HandKept


def without_sentences(kept: HandKept) -> HandKept:
    """Leaves out notes, prose, head and foot, and figures that lie in the list's folders; `left_out` counts them.

    Notes that are a link alone stay; links inside other notes stay as links of their entry.
    """
    left: Counter[str] = Counter()
    entries = tuple(replace(p, entry=_without(p.entry, left)) for p in kept.entries)
    left["prose below headings"] += sum(bool(section.prose.strip()) for section in kept.sections)
    left["head"] += bool(kept.head.replace(INDEX_PLACE, "").strip())
    left["foot"] += bool(kept.foot.strip())
    return replace(
        kept,
        head=INDEX_PLACE if INDEX_PLACE in kept.head else "",
        foot="",
        sections=tuple(replace(section, prose="") for section in kept.sections),
        entries=entries,
        left_out={what: number for what, number in left.items() if number},
    )


def _without(entry: ParsedEntry, left: Counter[str]) -> ParsedEntry:
    words = entry.wording
    notes = tuple(note for note in words.notes if is_only_link(note.text))
    links = tuple(_links(words))
    left["notes"] += len(words.notes) - len(notes)
    left["links of notes, kept with their entries"] += len(links) - len(words.links)
    figure = words.figure if words.figure and "://" in words.figure else None
    left["figures in the list's folder"] += bool(words.figure) and not figure
    facts = replace(
        words,
        links=links,
        notes=notes,
        figure=figure,
        figure_width=words.figure_width if figure else None,
    )
    return replace(entry, wording=facts)


def _links(words: Wording) -> Iterator[Link]:
    """The links of an entry, and those of its notes that are sentences, each address once."""
    known = {link.url for link in words.links} | {words.url}
    yield from words.links
    for note in words.notes:
        for link in links_in(note.text) if not is_only_link(note.text) else ():
            if link.url not in known:
                known.add(link.url)
                yield link
