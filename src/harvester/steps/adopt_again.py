"""Adopt pages that somebody edited by hand: a three-way comparison, of which only the person's differences are decided.

What a page was is rendered again from the snapshot that it names; what differs from that is the person's doing. It is
decided relative to what stands now, so that a page edited last week undoes nothing decided since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harvester.definitions import read_for
from harvester.editorial.decisions import write_line
from harvester.editorial.lists import write_texts
from harvester.editorial.log import write_sitting
from harvester.formats import changes
from harvester.lists import shelf
from harvester.pages import CHANGES
from harvester.records import Decision
from harvester.settings import Settings
from harvester.steps.adopt import Adopting
from harvester.steps.adopting.found import Found
from harvester.steps.adopting.handwork import PageNow
from harvester.steps.adopting.plan_decisions import Planned, plan_decisions
from harvester.steps.adopting.plan_texts import TextPlan, plan_texts
from harvester.steps.adopting.reading import Reading
from harvester.steps.adopting.renditions import Renditions
from harvester.steps.standing import Standing, read_standing


@dataclass(frozen=True, slots=True)
class AdoptedAgain:
    """What was changed by hand, and what became of it. `unknown` are lines that were not there and not understood."""

    list: str
    planned: Planned
    texts: TextPlan
    unknown: tuple[Found, ...]
    written: tuple[Path, ...]
    warnings: tuple[str, ...] = ()  # decision lines that cannot be used: the comparison does not know of them

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions that were written, or would be."""
        return self.planned.decisions

    def to_json(self) -> dict[str, Any]:
        """Everything that was found, as JSON values."""
        return {
            "list": self.list,
            "decisions": [json.loads(write_line(decision)) for decision in self.decisions],
            "texts": list(self.texts.done),
            "removed_but_kept": list(self.planned.removed),
            "overtaken": list(self.planned.overtaken),
            "left": [*self.planned.left, *self.texts.left],
            "unknown": [{"file": one.file, "line": one.line, "text": one.text} for one in self.unknown],
            "written": [str(path) for path in self.written],
            "warnings": list(self.warnings),
        }


def adopt_again(
    settings: Settings,
    texts: Mapping[str, str],
    slug: str,
    adopting: Adopting,
    copies: Mapping[str, str],
    *,
    removals: bool,
    dry_run: bool,
) -> AdoptedAgain:
    """Decides what was changed by hand in pages (text by name) of a list that exists; ListError where it cannot tell.

    `copies` are pages as they were before (text by name), for those that name no snapshot that is still there. Entries
    that are gone from a page are rejected with `removals`, else kept and told; with `dry_run` nothing is written.
    """
    standing = read_standing(settings, adopting.at.date())
    definition = standing.editorial.definition(slug)
    plain = {name: text.removeprefix("\ufeff").replace("\r\n", "\n") for name, text in texts.items()}
    own = {name: text for name, text in plain.items() if name != CHANGES and not changes.is_told_by(text)}
    untouched = shelf.untouched(settings.lists / slug, own)
    reading = Reading(own, copies, untouched, definition, Renditions(settings.data / "curated", slug), standing)
    pages = reading.pages()
    text_plan = plan_texts(pages, definition, standing.editorial.texts)
    planned = plan_decisions(pages, standing, definition, adopting, removals=removals)
    warnings = tuple(str(mistake) for mistake in standing.mistakes() if mistake.list in (None, slug))
    done = AdoptedAgain(slug, planned, text_plan, tuple(_unknown(pages)), (), warnings)
    if dry_run:
        return done
    written = _write(settings.editorial, done, standing, adopting)
    shelf.take(settings.lists / slug, texts.values())  # what was edited is decided: the pages may be written anew
    return replace(done, written=written)


def _unknown(pages: list[PageNow]) -> list[Found]:
    found = []
    for page in pages:
        known = {line.text for line in page.then.parsed.unknown}
        prose = [section.prose for section in page.parsed.sections]  # told as a text
        new = (u for u in page.parsed.unknown if u.text not in known and not any(u.text in one for one in prose))
        found += [Found(page.file, u.line, u.where, u.text) for u in new]
    return found


def _write(editorial: Path, done: AdoptedAgain, standing: Standing, adopting: Adopting) -> tuple[Path, ...]:
    """The sitting first: a text that is missing can be written again, a decision that was made twice cannot."""
    if done.texts.texts:
        read_for(done.list, {**standing.editorial.texts, **done.texts.texts})  # what cannot be read back is not written
    lines = [write_line(decision) for decision in done.decisions]
    sittings = [write_sitting(editorial, adopting.at, adopting.by, lines, adopting.suffix)] if lines else []
    return (*sittings, *write_texts(editorial, done.texts.texts))
