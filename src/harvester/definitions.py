"""What editors define: the topics to harvest and the lists to keep, read from the texts of `editorial/`.

Reading is a function from texts to nouns, so that a replay reads the texts kept in a manifest exactly as a night reads the
folder. Every mistake is gathered and names file, key and remedy.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from harvester.errors import SettingsError
from harvester.findings import LintException
from harvester.keys import Keys

Style = Literal["table", "bullets"]
# Below the list's folder, no hidden file, and neither the front page nor that of what changed.
_PAGE = re.compile(r"(?!(?:readme|changes)\.md$)(?:(?!\.)[^/\\\x00-\x1f]+/)*(?!\.)[^/\\\x00-\x1f]+\.md", re.IGNORECASE)
_SET = re.compile(r"[a-z][a-z-]*(?::[A-Za-z][A-Za-z-]*){0,2}")
STYLES: tuple[Style, ...] = ("table", "bullets")
Badges = Literal["static", "dynamic", "none"]
BADGES: tuple[Badges, ...] = ("static", "dynamic", "none")
Column = Literal["title", "introduction", "links", "published", "citations", "stars"]
COLUMNS: tuple[Column, ...] = ("title", "introduction", "links", "published", "citations", "stars")
Order = Literal["decided", "newest", "stars", "citations", "title"]
ORDERS: tuple[Order, ...] = ("decided", "newest", "stars", "citations", "title")


SINCE = 180  # days


@dataclass(frozen=True, slots=True)
class Topic:
    """Phrases to look for in title and abstract, and phrases that rule a paper out."""

    name: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    categories: tuple[str, ...]  # a paper must carry one of them; cross-lists count
    since: int | date = SINCE  # how far back a phrase is asked for: days before the night, or a day

    def since_day(self, today: date) -> date:
        """Returns the first day whose papers are wanted, as seen from a night."""
        return self.since if isinstance(self.since, date) else today - timedelta(days=self.since)


@dataclass(frozen=True, slots=True)
class Harvest:
    """How much to ask again, and how much in one night."""

    overlap_days: int = 7  # asked again every night, because papers surface late
    pages: int = 100  # of arXiv's answers, 500 papers each, after which a night begins no further search
    sets: tuple[str, ...] = ()  # of OAI-PMH, swept weekly: "cs:cs:CL"; none given: those of the topics' categories
    sweep_days: int = 45  # how far back a sweep looks for changes
    sweep_pages: int = 300  # of a sweep's answers, some 1,300 papers each, in one run; the next one goes on


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
    order: Order = "decided"  # of the entries within a section
    badges: Badges = "static"  # of stars: from the snapshot, asked of shields.io by every reader, or none
    columns: tuple[Column, ...] = COLUMNS[:3]  # in table style
    templates: Mapping[str, str] = field(default_factory=dict)  # Jinja, by path of the file they make
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
    for stray in _templates(texts).get("", {}):
        mistakes.append(f"{stray}: belongs to no list: name it lists/<list>.<file>.j2, such as my-list.README.md.j2")
    if mistakes:
        raise SettingsError(mistakes)
    return Editorial(topics, harvest, lists, dict(sorted(texts.items())))


def _read_topics(text: str, mistakes: list[str]) -> tuple[tuple[Topic, ...], Harvest]:
    file = "topics.toml"
    root = Keys(file, _toml(file, text, mistakes), mistakes)
    span = Keys(file, root.table("harvest"), mistakes, "harvest.")
    since = span.days_or_day("since", SINCE)
    harvest = Harvest(
        overlap_days=span.number("overlap_days", 7, 0),
        pages=span.number("pages", 100, 1),
        sets=_read_sets(span),
        sweep_days=span.number("sweep_days", 45, 1),
        sweep_pages=span.number("sweep_pages", 300, 1),
    )
    if span.left.pop("first_days", None) is not None:
        mistakes.append(f"{file}: harvest.first_days is called `since` now, and holds for phrases added later as well")
    span.done()
    common = root.words("categories")
    topics = []
    for name, value in root.table("topics").items():
        keys = Keys(file, value if isinstance(value, dict) else {}, mistakes, f"topics.{name}.")
        include = keys.words("include")
        if not include:
            mistakes.append(f"{file}: topics.{name}.include is empty: give at least one phrase, or delete the topic")
        exclude, categories = keys.words("exclude"), keys.words("categories") or common
        topics.append(Topic(name, include, exclude, categories, keys.days_or_day("since", since)))
        keys.done()
    root.done()
    for topic in topics:
        if not topic.categories:
            mistakes.append(f'{file}: topic {topic.name} has no categories: add `categories = ["cs.CL", …]` at the top')
    return tuple(topics), harvest


def _read_sets(span: Keys) -> tuple[str, ...]:
    sets = span.words("sets")
    for name in sets:
        if not _SET.fullmatch(name):
            span.mistakes.append(
                f'{span.file}: harvest.sets holds {name!r}: write sets of OAI-PMH such as "cs:cs:CL" (for cs.CL) or "stat"'
            )
    return tuple(dict.fromkeys(sets))


def _read_list(
    path: str, texts: Mapping[str, str], topics: set[str] | None, mistakes: list[str]
) -> ListDefinition | None:
    slug = path.removeprefix("lists/").removesuffix(".toml")
    before = len(mistakes)
    root = Keys(path, _toml(path, texts[path], mistakes), mistakes)
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
        style=root.choice("style", STYLES),
        sections=sections,
        topics=root.words("topics"),
        recent_days=root.number("recent_days", 30, 1),
        head=texts.get(f"lists/{slug}.head.md", ""),
        foot=texts.get(f"lists/{slug}.foot.md", ""),
        order=root.choice("order", ORDERS),
        badges=root.choice("badges", BADGES),
        columns=root.choices("columns", COLUMNS, COLUMNS[:3]),
        templates={file: texts[name] for name, file in _templates(texts).get(slug, {}).items()},
        lint_exceptions=tuple(
            _read_exception(path, n, value, mistakes) for n, value in enumerate(root.tables("lint_exceptions"), 1)
        ),
    )
    root.done()
    if "title" not in definition.columns:
        mistakes.append(f'{path}: columns must hold "title": a row without one is no entry')
    for unknown in sorted({*definition.topics} - topics) if topics is not None else ():
        mistakes.append(f"{path}: topics names {unknown!r}, which topics.toml does not define")
    return definition if len(mistakes) == before else None


def _templates(texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The templates `lists/<slug>.<file>.j2`: by slug, the file that each makes. A slug may hold dots."""
    slugs = sorted((name[6:-5] for name in texts if name.startswith("lists/") and name.endswith(".toml")), key=len)
    found: dict[str, dict[str, str]] = {}
    for name in texts:
        if name.startswith("lists/") and name.endswith(".j2"):
            rest = name[6:-3]
            slug = next((slug for slug in reversed(slugs) if rest.startswith(slug + ".")), "")
            found.setdefault(slug, {})[name] = rest[len(slug) + 1 :] if slug else rest
    return found


def _read_section(
    path: str, number: int, value: dict[str, Any], topics: set[str] | None, mistakes: list[str]
) -> SectionDefinition:
    keys = Keys(path, value, mistakes, f"sections[{number}].")
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
    keys = Keys(path, value, mistakes, f"lint_exceptions[{number}].")
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
