"""What editors define: the topics to harvest and the lists to keep, read from the texts of `editorial/`.

Reading is a function from texts to nouns, so that a replay reads the texts kept in a manifest exactly as a night reads the
folder. Every mistake is gathered and names file, key and remedy.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from harvester.errors import SettingsError
from harvester.findings import LintException

Style = Literal["table", "bullets"]
# Below the list's folder, no hidden file, and not the front page.
_PAGE = re.compile(r"(?!readme\.md$)(?:(?!\.)[^/\\\x00-\x1f]+/)*(?!\.)[^/\\\x00-\x1f]+\.md", re.IGNORECASE)
STYLES: tuple[Style, ...] = ("table", "bullets")


@dataclass(frozen=True, slots=True)
class Topic:
    """Phrases to look for in title and abstract, and phrases that rule a paper out."""

    name: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    categories: tuple[str, ...]  # a paper must carry one of them; cross-lists count


@dataclass(frozen=True, slots=True)
class Harvest:
    """How far back to ask."""

    first_days: int = 30  # the first night's look-back
    overlap_days: int = 7  # asked again every night, because papers surface late


@dataclass(frozen=True, slots=True)
class SectionDefinition:
    """One section of a list, in reading order; `path` joins the titles from the top: "Quantization / Papers"."""

    path: str
    title: str
    level: int  # 1 for a section, 2 for its subsection, …
    topics: tuple[str, ...] = ()  # topics whose papers are suggested for this section
    page: str | None = None  # file name of the section's own page, in table style
    prose: str = ""  # Markdown below the heading, above the entries


@dataclass(frozen=True, slots=True)
class ListDefinition:
    """One list: its sections in order, its style, and the prose around the entries."""

    slug: str
    title: str
    style: Style
    sections: tuple[SectionDefinition, ...]
    topics: tuple[str, ...] = ()  # whose matches become candidates; empty: all
    recent_days: int = 30  # window of the front page, in table style
    head: str = ""
    foot: str = ""
    lint_exceptions: tuple[LintException, ...] = ()

    def section(self, path: str) -> SectionDefinition | None:
        """Returns the section of that path, or of that title where only one has it; case does not count."""
        wanted = path.strip().casefold()
        exact = [s for s in self.sections if s.path.casefold() == wanted]
        titled = [s for s in self.sections if s.title.casefold() == wanted]
        return exact[0] if exact else titled[0] if len(titled) == 1 else None

    def nearest_sections(self, path: str) -> list[str]:
        """Returns the paths most like `path`, for an error message."""
        lower = {s.path.casefold(): s.path for s in self.sections} | {s.title.casefold(): s.path for s in self.sections}
        near = difflib.get_close_matches(path.casefold(), lower, n=3, cutoff=0.4)
        return list(dict.fromkeys(lower[name] for name in near))


@dataclass(frozen=True, slots=True)
class Editorial:
    """All that editors define. `texts` are the files it was read from, by path below `editorial/`."""

    topics: tuple[Topic, ...]
    harvest: Harvest
    lists: tuple[ListDefinition, ...]
    texts: Mapping[str, str]

    def definition(self, slug: str) -> ListDefinition:
        """Returns the list of that name; SettingsError names the lists there are."""
        for definition in self.lists:
            if definition.slug == slug:
                return definition
        names = ", ".join(d.slug for d in self.lists) or "none yet: adopt one with `harvester adopt FILE --list NAME`"
        raise SettingsError([f"there is no list {slug!r}; lists: {names}"])


def read_editorial(texts: Mapping[str, str]) -> Editorial:
    """Reads topics and list definitions; raises SettingsError with every mistake of all files at once."""
    mistakes: list[str] = []
    topics, harvest = _read_topics(texts.get("topics.toml", ""), mistakes)
    names = {topic.name for topic in topics} if topics or not mistakes else None  # None: topics.toml tells none
    lists = tuple(
        definition
        for path in sorted(texts)
        if path.startswith("lists/") and path.endswith(".toml")
        if (definition := _read_list(path, texts, names, mistakes))
    )
    if mistakes:
        raise SettingsError(mistakes)
    return Editorial(topics, harvest, lists, dict(sorted(texts.items())))


def _read_topics(text: str, mistakes: list[str]) -> tuple[tuple[Topic, ...], Harvest]:
    file = "topics.toml"
    root = _Keys(file, _toml(file, text, mistakes), mistakes)
    span = _Keys(file, root.table("harvest"), mistakes, "harvest.")
    harvest = Harvest(span.number("first_days", 30, 1), span.number("overlap_days", 7, 0))
    span.done()
    common = root.words("categories")
    topics = []
    for name, value in root.table("topics").items():
        keys = _Keys(file, value if isinstance(value, dict) else {}, mistakes, f"topics.{name}.")
        include = keys.words("include")
        if not include:
            mistakes.append(f"{file}: topics.{name}.include is empty: give at least one phrase, or delete the topic")
        topics.append(Topic(name, include, keys.words("exclude"), keys.words("categories") or common))
        keys.done()
    root.done()
    for topic in topics:
        if not topic.categories:
            mistakes.append(f'{file}: topic {topic.name} has no categories: add `categories = ["cs.CL", …]` at the top')
    return tuple(topics), harvest


def _read_list(
    path: str, texts: Mapping[str, str], topics: set[str] | None, mistakes: list[str]
) -> ListDefinition | None:
    slug = path.removeprefix("lists/").removesuffix(".toml")
    before = len(mistakes)
    root = _Keys(path, _toml(path, texts[path], mistakes), mistakes)
    style = root.word("style") or "table"
    if style not in STYLES:
        mistakes.append(f"{path}: style {style!r} is unknown: write one of {', '.join(STYLES)}")
    sections = tuple(
        _read_section(path, n, value, topics, mistakes) for n, value in enumerate(root.tables("sections"), 1)
    )
    paths = [s.path.casefold() for s in sections]
    for section in sections:
        if paths.count(section.path.casefold()) > 1:
            mistakes.append(f"{path}: section {section.path!r} occurs twice: give one of them another path")
    definition = ListDefinition(
        slug=slug,
        title=root.word("title") or slug,
        style="bullets" if style == "bullets" else "table",
        sections=sections,
        topics=root.words("topics"),
        recent_days=root.number("recent_days", 30, 1),
        head=texts.get(f"lists/{slug}.head.md", ""),
        foot=texts.get(f"lists/{slug}.foot.md", ""),
        lint_exceptions=tuple(
            _read_exception(path, n, value, mistakes) for n, value in enumerate(root.tables("lint_exceptions"), 1)
        ),
    )
    root.done()
    for unknown in sorted({*definition.topics} - topics) if topics is not None else ():
        mistakes.append(f"{path}: topics names {unknown!r}, which topics.toml does not define")
    return definition if len(mistakes) == before else None


def _read_section(
    path: str, number: int, value: dict[str, Any], topics: set[str] | None, mistakes: list[str]
) -> SectionDefinition:
    keys = _Keys(path, value, mistakes, f"sections[{number}].")
    full = keys.word("path") or ""
    if not full:
        mistakes.append(f'{path}: sections[{number}] has no path: write `path = "Title"` or "Title / Subtitle"')
    parts = [part.strip() for part in full.split(" / ")]
    section = SectionDefinition(
        path=full,
        title=keys.word("title") or parts[-1],
        level=keys.number("level", len(parts), 1),
        topics=keys.words("topics"),
        page=keys.word("page"),
        prose=keys.word("prose") or "",
    )
    keys.done()
    if section.page is not None and not _PAGE.fullmatch(section.page):
        remedy = 'write a file name such as "pruning.md"; README.md is the front page'
        mistakes.append(f"{path}: sections[{number}].page {section.page!r} is no page: {remedy}")
    for unknown in sorted({*section.topics} - topics) if topics is not None else ():
        mistakes.append(f"{path}: section {full!r} names topic {unknown!r}, which topics.toml does not define")
    return section


def _read_exception(path: str, number: int, value: dict[str, Any], mistakes: list[str]) -> LintException:
    keys = _Keys(path, value, mistakes, f"lint_exceptions[{number}].")
    found = LintException(keys.word("rule") or "", keys.word("reason") or "", keys.word("subject"), keys.word("path"))
    keys.done()
    if (found.subject is None) == (found.path is None):
        mistakes.append(f"{path}: lint_exceptions[{number}] must name either a `subject` or a `path`")
    return found


def _toml(file: str, text: str, mistakes: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        mistakes.append(f"{file}: not valid TOML: {error}")
        return {}


class _Keys:
    """Takes the keys of one table, with their types; what nobody took is a mistake."""

    def __init__(self, file: str, table: dict[str, Any], mistakes: list[str], prefix: str = "") -> None:
        self.file, self.left, self.mistakes, self.prefix = file, dict(table), mistakes, prefix
        self.known: list[str] = []

    def _take(self, key: str, kind: type, empty: Any, form: str) -> Any:
        self.known.append(key)
        value = self.left.pop(key, empty)
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        if value is not empty:
            self.mistakes.append(f"{self.file}: {self.prefix}{key} must be {form}, not {value!r}")
        return empty

    def word(self, key: str) -> str | None:
        value: str | None = self._take(key, str, None, "a text")
        return value

    def number(self, key: str, default: int, least: int) -> int:
        value: int = self._take(key, int, default, "a whole number")
        if value < least:
            self.mistakes.append(f"{self.file}: {self.prefix}{key} must be at least {least}, not {value}")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        values = self._take(key, list, [], "a list of texts")
        if any(not isinstance(value, str) or not value.strip() for value in values):
            self.mistakes.append(f"{self.file}: {self.prefix}{key} must hold texts only, none empty")
            return ()
        return tuple(value.strip() for value in values)

    def table(self, key: str) -> dict[str, Any]:
        value: dict[str, Any] = self._take(key, dict, {}, "a table")
        return value

    def tables(self, key: str) -> list[dict[str, Any]]:
        form = f"tables, each under [[{key}]]"
        values = self._take(key, list, [], form)
        if any(not isinstance(value, dict) for value in values):
            self.mistakes.append(f"{self.file}: {self.prefix}{key} must be {form}")
        return [value for value in values if isinstance(value, dict)]

    def done(self) -> None:
        for key in self.left:
            near = difflib.get_close_matches(key, self.known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(self.known)}"
            self.mistakes.append(f"{self.file}: {self.prefix}{key} is unknown{hint}")
