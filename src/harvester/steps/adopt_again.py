"""Adopt pages that somebody edited by hand: a three-way comparison, of which only the person's differences are decided.

What a page was is rendered again from the snapshot that it names; what differs from that is the person's doing. It is
decided relative to what stands now, so that a page edited last week undoes nothing decided since.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harvester.definitions import ListDefinition, read_editorial
from harvester.editorial.decisions import write_line
from harvester.editorial.lists import write_texts
from harvester.editorial.log import write_sitting
from harvester.errors import ListError
from harvester.formats import PARSE, changes
from harvester.ids import Subject
from harvester.lists import shelf
from harvester.pages import CHANGES, Parsed
from harvester.records import Decision, Wording
from harvester.settings import Settings
from harvester.steps.adopt import Adopting
from harvester.steps.adopt_pages import Found
from harvester.steps.adopting.handwork import PageNow
from harvester.steps.adopting.outlines import as_section, outline, outline_new
from harvester.steps.adopting.plan_decisions import Planned, plan_decisions
from harvester.steps.adopting.plan_texts import TextPlan, plan_texts
from harvester.steps.adopting.renditions import Renditions, copy_then, new_page
from harvester.steps.standing import Standing, read_standing


@dataclass(frozen=True, slots=True)
class AdoptedAgain:
    """What was changed by hand, and what became of it. `unknown` are lines that were not there and not understood."""

    list: str
    planned: Planned
    texts: TextPlan
    unknown: tuple[Found, ...]
    written: tuple[Path, ...]

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
    pages = _pages(own, copies, definition, Renditions(settings.data / "curated", slug), standing)
    text_plan = plan_texts(pages, definition, standing.editorial.texts)
    planned = plan_decisions(pages, standing, definition, adopting, removals=removals)
    done = AdoptedAgain(slug, planned, text_plan, tuple(_unknown(pages)), ())
    if dry_run:
        return done
    written = _write(settings.editorial, done, standing, adopting)
    shelf.take(settings.lists / slug, texts.values())  # what was edited is decided: the pages may be written anew
    return replace(done, written=written)


def _pages(
    texts: Mapping[str, str],
    copies: Mapping[str, str],
    definition: ListDefinition,
    renditions: Renditions,
    standing: Standing,
) -> list[PageNow]:
    found: list[tuple[int, PageNow]] = []
    mistakes: list[str] = []
    for number, (name, text) in enumerate(texts.items()):
        if name in definition.templates:
            mistakes.append(
                f"{name}: a template makes this page, and nothing can be read back from it; edit the others"
            )
            continue
        parsed = PARSE[definition.style](text)
        copy = _copy_of(name, texts, copies)
        stamp = parsed.snapshot or (PARSE[definition.style](copy).snapshot if copy else None)
        then = renditions.page(stamp, name) if stamp else None
        if then is not None and parsed.snapshot is None:
            parsed = PARSE[definition.style](f"{text}\n\n{_STAMP.format(stamp)}\n")  # a page of our own is read as one
        if then is None and copy is not None:
            then = copy_then(copy, definition, standing.folded.entries, number)
        if then is not None:
            found.append((then.position, PageNow(name, then, parsed, outline(then, parsed))))
        elif renditions.is_new(name):
            page = _new_page(name, text, definition, standing, number)
            if isinstance(page, str):
                mistakes.append(page)
            else:
                found.append((page.then.position, page))
        else:
            mistakes.append(_cannot_compare(name, parsed))
    if mistakes:
        raise ListError([*mistakes, "nothing was adopted"] if len(texts) > 1 else mistakes)
    return [page for _, page in sorted(found, key=lambda one: one[0])]


_LAST = 10**6  # behind all pages that there are
_STAMP = "<!-- harvester: made from snapshot {} -->"


def _new_page(name: str, text: str, definition: ListDefinition, standing: Standing, number: int) -> PageNow | str:
    """Reads a page that nobody has seen yet and that holds sections of its own; or says why it does not."""
    parsed = PARSE[definition.style](as_section(text, definition.title))
    outlined = outline_new(name, parsed, definition)
    page = PageNow(name, new_page(definition, _LAST + number), parsed, outlined)
    if wrong := _not_new(page, definition, standing):
        return (
            f"{name}: no snapshot knows this page, and it is not that of a new section: {'; '.join(wrong)}. Write entries "
            "of a section that there is on its own page (`harvester publish` makes it, where this file is out of the "
            "way), and give a new section a title of its own; or give the page as it was before the edit with --base "
            "FILE_OR_DIR"
        )
    return page


def _not_new(page: PageNow, definition: ListDefinition, standing: Standing) -> list[str]:
    if page.parsed.front:
        return ["it reads like a front page"]
    if all(section.line == entry.line for section in page.parsed.sections for entry in page.parsed.entries[:1]):
        return ["it has no heading that names the section"]
    there: dict[tuple[Subject, str], list[Wording]] = defaultdict(list)
    for entry in standing.folded.entries:
        if entry.list == definition.slug:
            there[entry.subject, entry.section] += [entry.wording]
    listed = [(one, there[one.subject, section]) for section, one in page.entries if (one.subject, section) in there]
    changed = [
        one for one, words in listed if one.wording not in words and replace(one.wording, title=None) not in words
    ]
    if changed:
        return [f"line {one.line}: {one.subject} is on the list already, with other words" for one in changed]
    if len(listed) == len(page.entries):
        return []  # adopted before
    tops = [section for section in page.parsed.sections if section.level == 1]
    known = [(section.line, found) for section in tops if (found := definition.section(section.path))]
    return [
        f'line {line}: section "{found.path}" is on the list already'
        for line, found in known
        if found.page != page.file
    ]


def _copy_of(name: str, texts: Mapping[str, str], copies: Mapping[str, str]) -> str | None:
    if name in copies:
        return copies[name]
    return next(iter(copies.values())) if len(texts) == len(copies) == 1 else None


def _cannot_compare(name: str, parsed: Parsed) -> str:
    if parsed.snapshot is None:
        why = "the page does not say from which snapshot it was made"
    else:
        why = f"data/curated holds no snapshot {parsed.snapshot} with this page"
    remedy = "give the page as it was before the edit with --base FILE_OR_DIR (git keeps it: `git show HEAD:PATH`)"
    return f"{name}: {why}, so nobody can tell what was edited: {remedy}"


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
        read_editorial({**standing.editorial.texts, **done.texts.texts})  # what cannot be read back is not written
    lines = [write_line(decision) for decision in done.decisions]
    sittings = [write_sitting(editorial, adopting.at, adopting.by, lines, adopting.suffix)] if lines else []
    return (*sittings, *write_texts(editorial, done.texts.texts))
