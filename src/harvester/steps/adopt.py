"""Adopt a hand-kept list: its definition, and one sitting that accepts every entry with its original wording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from harvester.definitions import ListDefinition, read_for
from harvester.editorial.decisions import write_line
from harvester.editorial.lists import check_new, definition_texts, write_texts
from harvester.editorial.log import write_sitting
from harvester.errors import ListError
from harvester.formats import Form
from harvester.ids import Subject
from harvester.records import Decision
from harvester.settings import read_texts
from harvester.steps.adopt_pages import HandKept, read_pages
from harvester.steps.adopting.facts import without_sentences
from harvester.steps.adopting.fitting import Fitting, fit


@dataclass(frozen=True, slots=True)
class Adopting:
    """Who adopts, when (UTC), and what tells this sitting from others of the same second."""

    by: str
    at: datetime
    suffix: str


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was read and what was made of it."""

    definition: ListDefinition
    decisions: tuple[Decision, ...]
    kept: HandKept
    written: tuple[Path, ...]
    fitting: Fitting

    def to_json(self) -> dict[str, Any]:
        """Everything that was read, mended and not understood, as JSON values."""
        return {
            "list": self.definition.slug,
            "title": self.definition.title,
            "style": self.definition.style,
            "read_as": dict(self.kept.forms),
            "topics": dict(self.fitting.titles),
            "sections": [section.path for section in self.definition.sections],
            "entries": dict(kinds(decision.subject for decision in self.decisions)),
            "links": sum(len(d.wording.links) for d in self.decisions if d.wording),
            "notes": sum(len(d.wording.notes) for d in self.decisions if d.wording),
            "several_placements": {str(subject): where for subject, where in self.kept.several.items()},
            "left_out": dict(self.kept.left_out),
            "differing": [asdict(one) for one in self.kept.differing],
            "repairs": [asdict(repair) for repair in self.kept.repairs],
            "unknown": [asdict(unknown) for unknown in self.kept.unknown],
            "written": [str(path) for path in self.written],
        }


def kinds(subjects: Iterable[Subject]) -> Counter[str]:
    """Counts subjects by their kind."""
    return Counter(subject.partition(":")[0] for subject in subjects)


def adopt(
    editorial: Path,
    texts: Mapping[str, str],
    slug: str,
    style: Form | None,
    adopting: Adopting,
    *,
    facts_only: bool,
    dry_run: bool,
) -> Adopted:
    """Reads the files of one list (text by name) into `editorial/`; raises ListError where it cannot or must not.

    With `facts_only` the sentences that others wrote stay out; with `dry_run` nothing is written.
    """
    check_new(editorial, slug)
    kept = read_pages(texts, style)
    if not kept.entries:
        names = ", ".join(texts)
        start = f'write {editorial.name}/lists/{slug}.toml by hand, as "A new list" in docs/lists.md shows'
        remedy = "give the Markdown of a list, and its --style if it was guessed wrongly"
        raise ListError([f"{names}: no entry found; {remedy}; for a list without entries, {start}"])
    if facts_only:
        kept = without_sentences(kept)
    titles = (placed.entry.wording.title for placed in kept.entries)
    fitting = fit(kept.sections, titles, read_for(slug, read_texts(editorial)).topics)
    definition = ListDefinition(
        slug=slug,
        title=kept.title or slug,
        style=kept.style,
        sections=fitting.sections,
        topics=fitting.names,
        recent_days=kept.recent_days or 30,
        head=kept.head,
        foot=kept.foot,
    )
    decisions = tuple(_decisions(kept, slug, adopting))
    written = () if dry_run else _write(editorial, definition, decisions, adopting)
    return Adopted(definition, decisions, kept, written, fitting)


def _decisions(kept: HandKept, slug: str, adopting: Adopting) -> list[Decision]:
    return [
        Decision(
            id="",
            at=adopting.at,
            by=adopting.by,
            list=slug,
            subject=placed.entry.subject,
            act="accept",
            place=placed.place,
            section=placed.entry.section,
            order=placed.order,
            saw=placed.entry.version,
            wording=placed.entry.wording,
        )
        for placed in kept.entries
    ]


def _write(
    editorial: Path, definition: ListDefinition, decisions: tuple[Decision, ...], adopting: Adopting
) -> tuple[Path, ...]:
    """The sitting first: the list is there when its definition is, and then it has its entries."""
    texts = definition_texts(definition)
    read_for(definition.slug, {**read_texts(editorial), **texts})  # what cannot be read back is not written
    lines = [write_line(decision) for decision in decisions]
    sitting = write_sitting(editorial, adopting.at, adopting.by, lines, adopting.suffix)
    return (sitting, *write_texts(editorial, texts))
