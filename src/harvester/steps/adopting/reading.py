"""Pages as somebody left them, each beside what it was before; or why nobody can tell what was edited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace

from harvester.definitions import ListDefinition
from harvester.errors import ListError
from harvester.formats import PARSE, read
from harvester.ids import Subject
from harvester.pages import Parsed
from harvester.records import Wording
from harvester.steps.adopting.handwork import PageNow
from harvester.steps.adopting.outlines import as_section, as_sections_page, outline, outline_new
from harvester.steps.adopting.renditions import (
    PageThen,
    Renditions,
    copy_then,
    new_page,
    under_todays_names,
    unpublished,
)
from harvester.steps.standing import Standing

_STAMP = "<!-- harvester: made from snapshot {} -->"
_COPY = "give the page as it was before the edit with --base FILE_OR_DIR (git keeps it: `git show HEAD:PATH`)"
_LAST = 10**6  # behind all pages that there are


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to read pages of a list (text by name): copies of what they were, and names of untouched ones."""

    texts: Mapping[str, str]
    copies: Mapping[str, str]
    untouched: Set[str]
    definition: ListDefinition
    renditions: Renditions
    standing: Standing

    def pages(self) -> list[PageNow]:
        """Returns the pages in the order of the list; ListError where they cannot be compared with what they were."""
        read = [self._page(number, name, text) for number, (name, text) in enumerate(self.texts.items())]
        mistakes = [one for one in read if isinstance(one, str)]
        if mistakes:
            raise ListError([*mistakes, "nothing was adopted"] if len(self.texts) > 1 else mistakes)
        return sorted((one for one in read if isinstance(one, PageNow)), key=lambda page: page.then.position)

    def _page(self, number: int, name: str, text: str) -> PageNow | str | None:
        """Returns the page, or what is wrong, or None where there is nothing to compare and nobody touched it."""
        if name in self.definition.templates:
            why = "a template makes this page, and nothing can be read back from it; edit the others"
            return None if name in self.untouched else f"{name}: {why}"
        parse, copy = PARSE[self.definition.style], self._copy_of(name)
        parsed, copied = parse(text), parse(copy) if copy else None
        stamp = parsed.snapshot or (copied.snapshot if copied else None)
        if wrong := _of_another_list(name, parsed, self.definition):
            return wrong
        then = self.renditions.page(stamp, name) if stamp else None
        then = under_todays_names(then, self.definition) if then else None
        if then is not None and not then.otherwise:
            own = f"{text}\n\n{_STAMP.format(stamp)}\n"  # a page of our own is read as one
            return _beside(name, then, parsed if parsed.snapshot else parse(own))
        if then is not None and name in self.untouched:
            return _beside(name, then, then.parsed)
        if copy is not None:
            parse = parse if stamp else _as_first_adopted(copy)
            then = copy_then(parse(copy), self.definition, self.standing.folded.entries, number)
            return _beside(name, then, parse(text))
        if then is not None:
            why = "another version of harvester made this page, and this one would make it otherwise"
            return f"{name}: {why}, so nobody can tell what was edited: {_COPY}"
        if name in self.untouched:
            return None
        return self._new(name, text, number) if self.renditions.is_new(name) else _cannot_compare(name, parsed)

    def _copy_of(self, name: str) -> str | None:
        if name in self.copies:
            return self.copies[name]
        return next(iter(self.copies.values())) if len(self.texts) == len(self.copies) == 1 else None

    def _new(self, name: str, text: str, number: int) -> PageNow | str:
        """Reads a page that nobody has seen yet and that holds sections of its own; or says why it does not."""
        parsed = PARSE[self.definition.style](as_section(text, self.definition.title))
        then = new_page(self.definition, _LAST + number)
        if (again := self._adopted_before(name, text, parsed, _LAST + number)) is not None:
            return again
        page = PageNow(name, then, parsed, outline_new(name, parsed, self.definition))
        if wrong := _not_new(page, self.definition, self.standing):
            return (
                f"{name}: no snapshot knows this page, and it is not that of a new section: {'; '.join(wrong)}. Write "
                "entries of a section that there is on its own page (`harvester publish` makes it, where this file is out "
                "of the way), and give a new section a title of its own; or give the page as it was before the edit with "
                "--base FILE_OR_DIR"
            )
        return page

    def _adopted_before(self, name: str, text: str, parsed: Parsed, position: int) -> PageNow | None:
        """Reads the file of new sections that was adopted and not published yet beside what stands on the list of it."""
        definition = self.definition
        if definition.style == "table":
            tops = [section for section in definition.sections if section.page == name]
            parsed = PARSE["table"](as_sections_page(text))
        else:
            there = (definition.section(section.path) for section in parsed.sections if section.level == 1)
            tops = [section for section in there if section]
            parsed = replace(parsed, title=definition.title)
        if not tops or any(self.renditions.knows(section.path) for section in tops):
            return None
        then = unpublished(tops, definition, self.standing.folded.entries, position)
        return _beside(name, then, parsed)


def _as_first_adopted(text: str) -> Callable[[str], Parsed]:
    """A page that was never rendered is read in the form in which it was taken over, so that its words are the same."""
    form, _ = read(text)
    return PARSE[form]


def _of_another_list(name: str, parsed: Parsed, definition: ListDefinition) -> str | None:
    if parsed.list in (None, definition.slug):
        return None
    return f"{name}: this is a page of the list {parsed.list}, not of {definition.slug}: say --list {parsed.list}"


def _beside(name: str, then: PageThen, parsed: Parsed) -> PageNow:
    return PageNow(name, then, parsed, outline(then, parsed))


def _cannot_compare(name: str, parsed: Parsed) -> str:
    if parsed.snapshot is None:
        why = "the page does not say from which snapshot it was made"
    else:
        why = f"data/curated holds no snapshot {parsed.snapshot} with this page"
    return f"{name}: {why}, so nobody can tell what was edited: {_COPY}"


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
