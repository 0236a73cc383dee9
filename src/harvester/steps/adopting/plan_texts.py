"""Titles, prose, head and foot that a person changed on a page become changes of the list's definition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from harvester.definitions import ListDefinition, SectionDefinition
from harvester.editorial.retouch import Retouches, retouch
from harvester.errors import ListError
from harvester.pages import INDEX_PLACE, Parsed
from harvester.steps.adopting.handwork import PageNow
from harvester.steps.adopting.outlines import NewSection, above_entries

What = Literal["list title", "head", "foot", "title", "prose"]


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text around the entries that differs from what it was; `section` where it belongs to one."""

    file: str
    what: What
    section: str | None
    before: str
    after: str

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return f'{self.what} of section "{self.section}"' if self.section else f"the list's {self.what.split()[-1]}"


@dataclass(frozen=True, slots=True)
class TextPlan:
    """Files below `editorial/` to write, and what was done and what was not, in words."""

    texts: Mapping[str, str]
    done: tuple[str, ...]
    left: tuple[str, ...]


def plan_texts(pages: Sequence[PageNow], definition: ListDefinition, now: Mapping[str, str]) -> TextPlan:
    """Plans the changes of `lists/<slug>.toml`, head and foot; `now` are the texts of `editorial/`.

    Raises ListError where a text was changed on the page and, since that was made, in the definition too.
    """
    wanted: list[TextChange] = []
    left: list[str] = []
    mistakes: list[str] = []
    for page in pages:
        for change in _changes(page):
            current = _current(definition, change)
            if current is None:
                left.append(f"{change.file}: {change.name} has no place in the definition; it was not taken")
            elif _same(current, change.after) or change in wanted:
                continue
            elif not _untouched(page.then.definition, current, change):
                mistakes.append(
                    f"{change.file}: {change.name} was changed on the page and, since the page was made, in "
                    f'editorial/lists as well: the page says "{_short(change.after)}", the definition '
                    f'"{_short(current)}"; make both the same, then adopt again'
                )
            else:
                wanted.append(change)
    left += dict.fromkeys(told for page in pages for told in _not_taken(page, definition, now))
    mistakes += _contradicting(wanted)
    if mistakes:
        raise ListError([*mistakes, "nothing was adopted"])
    added = [one for one in _new(pages) if definition.section(one.section.path) is None]
    done = [f"{change.file}: {change.name} is changed" for change in wanted]
    done += [f'section "{one.section.path}" is new' for one in added]
    return TextPlan(_texts(definition, wanted, added, now), tuple(done), tuple(left))


def _new(pages: Sequence[PageNow]) -> Iterable[NewSection]:
    """New sections: one in the index stands where that has it, and says what its own page says of it."""
    found: dict[str, NewSection] = {}
    for one in (one for page in pages for one in page.outlined.new):
        known = found.get(one.section.path.casefold())
        page = one.section.page or (known.section.page if known else None)
        section = replace(one.section, page=page)
        found[one.section.path.casefold()] = NewSection(section, known.after if known else one.after)
    return found.values()


def _not_taken(page: PageNow, definition: ListDefinition, now: Mapping[str, str]) -> Iterator[str]:
    """Tells of sections that are gone or stand elsewhere: which sections there are, and their order, the definition says."""
    if page.then.parsed.title and page.parsed.title is None and not page.then.new and not _of_section(page.then.parsed):
        yield f"{page.file}: the list's title is gone from the page, and stays: {_where('', definition, now)} says it"
    for path in page.outlined.gone:
        if definition.section(path):
            yield (
                f'{page.file}: section "{path}" is gone from the page, and stays on the list; to drop it, move its '
                f"entries and take its [[sections]] out of {_where(path, definition, now)}"
            )
    standing = [section.path for section in definition.sections]
    for moved in page.outlined.moved:
        order = [path for path in moved.order if path in standing]
        above = moved.order[: moved.order.index(moved.path)][-1:]
        at = f"line {moved.line}" if moved.line else "index"
        stands = f'below "{above[0]}"' if above else "first"
        if moved.path in order and order != sorted(order, key=standing.index):
            yield (
                f'{page.file}, {at}: section "{moved.path}" stands {stands} here; '
                f"to have it there, move its [[sections]] in {_where(moved.path, definition, now)}"
            )


def _where(path: str, definition: ListDefinition, now: Mapping[str, str]) -> str:
    """The place in the definition where a section stands."""
    file = f"lists/{definition.slug}.toml"
    lines = now.get(file, "").split("\n")
    written = re.compile(r"\s*path\s*=\s*(?:" + "|".join(re.escape(f"{q}{path}{q}") for q in "\"'") + ")")
    at = next((f", line {number}" for number, line in enumerate(lines, 1) if written.match(line)), "")
    return f"editorial/{file}{at}"


def _changes(page: PageNow) -> Iterator[TextChange]:
    then, now = page.then.parsed, page.parsed
    titled_by_section = not then.front and _of_section(then)
    for at, (old, new, path) in enumerate(page.outlined.pairs):
        if old.title != new.title:
            yield TextChange(page.file, "title", path, old.title, new.title)
        before, after = old.prose, new.prose
        if titled_by_section and not at:
            before, after = above_entries(then, old), above_entries(now, new)
        if not _same(before, after):
            yield TextChange(page.file, "prose", path, before, after)
    below = page.outlined.pairs[0][2] if titled_by_section and page.outlined.pairs else None
    if then.title != now.title and now.title and not titled_by_section and not page.then.new:
        yield TextChange(page.file, "list title", None, then.title or "", now.title)
    if not _same(then.head, now.head) and not titled_by_section and not page.then.new:
        yield TextChange(page.file, "head", None, then.head, now.head)
    if not _same(then.foot, now.foot):
        yield TextChange(page.file, "foot", below or (page.file if page.then.new else None), then.foot, now.foot)


def _of_section(parsed: Parsed) -> bool:
    """A section's page is named by the section."""
    return any(section.line == 1 and section.title == parsed.title for section in parsed.sections)


def _current(definition: ListDefinition, change: TextChange) -> str | None:
    if change.section is not None and change.what == "foot":
        return None  # only the front page has one
    if change.section is not None:
        section = next((s for s in definition.sections if s.path == change.section), None)
        return None if section is None else section.title if change.what == "title" else section.prose
    return {"list title": definition.title, "head": definition.head, "foot": definition.foot}[change.what]


def _untouched(then: ListDefinition | None, current: str, change: TextChange) -> bool:
    if then is None:  # a copy of the page is all there is
        return _same(current, change.before)
    before = _current(then, change)
    return before is not None and _same(before, current)


def _same(one: str, other: str) -> bool:
    """Compares texts as a page shows them; the index stands below the head where the head does not say where."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text.strip().removesuffix(INDEX_PLACE)).strip()


def _contradicting(wanted: Sequence[TextChange]) -> Iterator[str]:
    for at, one in enumerate(wanted):
        for other in wanted[:at]:
            if (one.what, one.section) == (other.what, other.section) and not _same(one.after, other.after):
                yield f"{other.file} and {one.file} change {one.name} in two ways; make them the same"


def _texts(
    definition: ListDefinition, wanted: Sequence[TextChange], new: Iterable[NewSection], now: Mapping[str, str]
) -> dict[str, str]:
    file = f"lists/{definition.slug}.toml"
    keys: dict[str, dict[str, str]] = {}
    texts: dict[str, str] = {}
    title = None
    for change in wanted:
        if change.section is not None:
            keys.setdefault(change.section, {})[change.what] = _value(change)
        elif change.what == "list title":
            title = change.after
        else:
            texts[f"lists/{definition.slug}.{change.what}.md"] = _whole(definition, change)
    added: list[tuple[SectionDefinition, str | None]] = [(one.section, one.after) for one in new]
    if keys or added or title is not None:
        texts[file] = retouch(now[file], f"editorial/{file}", Retouches(title, keys, added))
    return texts


def _value(change: TextChange) -> str:
    """A title that the path says already is left out."""
    named = (change.section or "").rpartition(" / ")[2]
    return "" if change.what == "title" and change.after == named else change.after.strip("\n")


def _whole(definition: ListDefinition, change: TextChange) -> str:
    text = change.after.strip("\n ")
    if change.what == "head" and INDEX_PLACE not in definition.head:
        text = text.removesuffix(INDEX_PLACE).rstrip("\n ")
    return text + "\n" if text else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:79] + "…"
