"""A row of a front page and the row of the section's page that it shows become one entry, with the words of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace

from harvester.ids import Subject
from harvester.pages import ParsedEntry
from harvester.records import Wording
from harvester.steps.adopting.found import Found

_TOGETHER = ("links", "notes", "marks")  # fields of which both pages' parts are kept
_BESIDE = ("figure_width", "citations_seen_url")  # they say nothing without the field before them


@dataclass(frozen=True, slots=True)
class OnPage:
    """An entry and the file it stands in."""

    file: str
    entry: ParsedEntry


def join_rows(rows: Iterable[OnPage], entries: Iterable[OnPage]) -> tuple[list[OnPage], list[Found]]:
    """Returns the entries of sections' pages with what the rows of front pages say beyond them; other rows come last.

    Where both say something and not the same, the section's page is right, and the difference is told.
    """
    joined = list(entries)
    there: dict[tuple[Subject, str], list[int]] = {}
    for at, one in enumerate(joined):
        there.setdefault(_key(one.entry), []).append(at)
    told: list[Found] = []
    more: list[OnPage] = []
    for row in rows:
        twins = there.get(_key(row.entry))
        if not twins:
            more.append(row)
            continue
        at = twins.pop(0) if len(twins) > 1 else twins[0]
        told += _differences(row, joined[at])
        joined[at] = replace(joined[at], entry=_joined(joined[at].entry, row.entry))
    return joined + more, told


def _key(entry: ParsedEntry) -> tuple[Subject, str]:
    return entry.subject, entry.section.casefold()


def _joined(entry: ParsedEntry, row: ParsedEntry) -> ParsedEntry:
    own, other = entry.wording, row.wording
    words = {name: getattr(own, name) or getattr(other, name) for name in _single()}
    if own.figure:
        words["figure_width"] = own.figure_width
    if own.citations_seen is not None:
        words |= {"citations_seen": own.citations_seen, "citations_seen_url": own.citations_seen_url}
    known = {link.url for link in own.links}
    words["links"] = (*own.links, *(link for link in other.links if link.url not in known))
    for name in ("notes", "marks"):
        words[name] = tuple(dict.fromkeys((*getattr(own, name), *getattr(other, name))))
    return replace(entry, wording=Wording(**words), version=entry.version or row.version)


def _differences(row: OnPage, kept: OnPage) -> Iterator[Found]:
    for name in _single():
        own, other = getattr(kept.entry.wording, name), getattr(row.entry.wording, name)
        if own and other and own != other and name not in _BESIDE:
            yield Found(
                row.file,
                row.entry.line,
                f"the {name} of {kept.entry.subject} differs from {kept.file}, line {kept.entry.line}",
                f'here "{other}", there "{own}", which is kept',
            )


def _single() -> list[str]:
    return [one.name for one in fields(Wording) if one.name not in _TOGETHER]
