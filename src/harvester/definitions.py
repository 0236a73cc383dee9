"""What editors define: the topics to harvest and the lists to keep, read from the texts of `editorial/`.

Reading is a function from texts to nouns, so that a replay reads the texts kept in a manifest exactly as a night reads the
folder. Every mistake is gathered and names file, line, key and remedy.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from harvester.errors import SettingsError
from harvester.findings import LintException
from harvester.former_names import FormerNames, mistaken
from harvester.keys import Keys, Source, merge_marks
from harvester.topics import Harvest, Topic, read_topics

Style = Literal["table", "bullets"]
# Below the list's folder, no hidden file, and neither the front page nor that of what changed.
_PAGE = re.compile(r"(?!(?:readme|changes)\.md$)(?:(?!\.)[^/\\\x00-\x1f]+/)*(?!\.)[^/\\\x00-\x1f]+\.md", re.IGNORECASE)
STYLES: tuple[Style, ...] = ("table", "bullets")
Badges = Literal["static", "dynamic", "none"]
BADGES: tuple[Badges, ...] = ("static", "dynamic", "none")
Column = Literal["title", "introduction", "links", "published", "citations", "stars"]
COLUMNS: tuple[Column, ...] = ("title", "introduction", "links", "published", "citations", "stars")
Order = Literal["decided", "newest", "stars", "citations", "title"]
ORDERS: tuple[Order, ...] = ("decided", "newest", "stars", "citations", "title")


@dataclass(frozen=True, slots=True)
class SectionDefinition:
    """One section of a list, in reading order; `path` joins the titles from the top: "Quantization / Papers"."""

    path: str
    title: str
    level: int  # 1 for a section, 2 for its subsection, …
    topics: tuple[str, ...] = ()  # topics whose papers are suggested for this section
    page: str | None = None  # file name of the section's own page, in table style
    prose: str = ""  # Markdown below the heading, above the entries
    formerly: tuple[str, ...] = ()  # paths that it had before: decisions that name one of them mean this section


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """Which candidates of a list are shown, and when; docs/maintainers.md tells what each number does."""

    per_day: int = 30  # candidates that a day adds to the queue; 0: all that came
    recall: float = 0.99  # of what the list accepted that the threshold has to keep; 1: nothing is held below one
    expire_days: int = 60  # after which a candidate with a low score is shown no longer; 0: never
    expire_below: float = 0.005  # what a low score is; see docs/ranking.md


@dataclass(frozen=True, slots=True)
class ListDefinition:
    """One list: its sections in order, its style, and the prose around the entries."""

    slug: str
    title: str
    style: Style
    sections: tuple[SectionDefinition, ...]
    topics: tuple[str, ...] | None = None  # whose matches become candidates; None: those of all
    recent_days: int = 30  # window of the front page, in table style
    head: str = ""
    foot: str = ""
    order: Order = "decided"  # of the entries within a section
    badges: Badges = "static"  # of stars: from the snapshot, asked of shields.io by every reader, or none
    columns: tuple[Column, ...] = COLUMNS[:3]  # in table style
    templates: Mapping[str, str] = field(default_factory=dict)  # Jinja, by path of the file they make
    lint_exceptions: tuple[LintException, ...] = ()
    queue: QueuePolicy = QueuePolicy()

    def section(self, path: str) -> SectionDefinition | None:
        """Returns the section of that path, or that former path, or that title where only one has it; in any case.

        A former path comes before a title, as it does for what was decided.
        """
        now = self.former_names().now(path.strip()).casefold()
        exact = [s for s in self.sections if s.path.casefold() == now]
        titled = [s for s in self.sections if s.title.casefold() == now]
        return exact[0] if exact else titled[0] if len(titled) == 1 else None

    def former_names(self) -> FormerNames:
        """Returns what its sections are called and were called before."""
        return FormerNames.of((section.path, section.formerly) for section in self.sections)

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
    broken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # mistakes, by list that cannot be read

    def definition(self, slug: str) -> ListDefinition:
        """Returns the list of that name; SettingsError says what is wrong with it, or names the lists there are."""
        if slug in self.broken:
            raise SettingsError(self.broken[slug])
        for definition in self.lists:
            if definition.slug == slug:
                return definition
        names = ", ".join(d.slug for d in self.lists) or "none yet: adopt one with `harvester adopt FILE --list NAME`"
        raise SettingsError([f"there is no list {slug!r}; lists: {names}"])


@dataclass(frozen=True, slots=True)
class Sifted:
    """All that can be read: what is wrong with a list, or with a template of no list, holds back that list alone."""

    editorial: Editorial
    mistakes: tuple[str, ...]  # in topics
    of_lists: Mapping[str, tuple[str, ...]]  # by name, of the lists that cannot be read


def read_editorial(texts: Mapping[str, str]) -> Editorial:
    """Reads topics and list definitions; raises SettingsError with every mistake of all files at once."""
    found = sift_editorial(texts)
    mistakes = [*found.mistakes, *(mistake for of_list in found.of_lists.values() for mistake in of_list)]
    if mistakes:
        raise SettingsError(mistakes)
    return found.editorial


def read_for(slug: str, texts: Mapping[str, str]) -> Editorial:
    """Reads the same for the work on one list; raises SettingsError with its mistakes and those of the topics alone."""
    found = sift_editorial(texts)
    if mistakes := [*found.mistakes, *found.of_lists.get(slug, ())]:
        raise SettingsError(mistakes)
    return found.editorial


def sift_editorial(texts: Mapping[str, str]) -> Sifted:
    """Reads topics and those list definitions that can be read."""
    said = Source("topics.toml", texts.get("topics.toml", ""))
    topics, harvest = read_topics(said)
    names = {topic.name for topic in topics} if topics or not said.mistakes else None  # None: topics.toml tells none
    lists = []
    of_lists: dict[str, tuple[str, ...]] = {}
    for path in sorted(texts):
        if path.startswith("lists/") and path.endswith(".toml"):
            source = Source(path, texts[path])
            definition = _read_list(source, texts, names)
            if source.mistakes:
                of_lists[definition.slug] = tuple(source.mistakes)
            else:
                lists.append(definition)
    for name in stray_templates(texts):
        slug = name.removeprefix("lists/").partition(".")[0]
        remedy = "name it lists/<list>.<file>.j2, such as my-list.README.md.j2, or delete it"
        of_lists[slug] = (*of_lists.get(slug, ()), f"{name}: belongs to no list: {remedy}")
    editorial = Editorial(topics, harvest, tuple(lists), dict(sorted(texts.items())), of_lists)
    return Sifted(editorial, tuple(said.mistakes), of_lists)


def stray_templates(texts: Iterable[str]) -> list[str]:
    """Returns the templates that belong to none of the lists that the same texts define."""
    return [name for name in texts if name.startswith("lists/") and name.endswith(".j2") and not list_of(name, texts)]


def list_of(name: str, texts: Iterable[str]) -> str | None:
    """Returns the list that a file of `lists/` belongs to, among all of them; a list's name may hold dots."""
    slugs = (path[6:-5] for path in texts if path.startswith("lists/") and path.endswith(".toml"))
    return max((slug for slug in slugs if name.startswith(f"lists/{slug}.")), key=len, default=None)


def _read_list(source: Source, texts: Mapping[str, str], topics: set[str] | None) -> ListDefinition:
    slug = source.file.removeprefix("lists/").removesuffix(".toml")
    root = source.root
    said = "topics" in root.left  # an empty list is a word, too: nothing waits
    sections = tuple(_read_section(source, n, value, topics) for n, value in enumerate(root.tables("sections"), 1))
    _tell_repeated(source, sections)
    for number, why in mistaken([(section.path, section.formerly) for section in sections]):
        source.wrong(f"sections[{number}].formerly", why)
    source.mistakes += _half_merged(slug, source, texts)
    definition = ListDefinition(
        slug=slug,
        title=root.word("title") or slug,
        style=root.choice("style", STYLES),
        sections=sections,
        topics=root.words("topics") if said else None,
        recent_days=root.number("recent_days", 30, 1),
        head=texts.get(f"lists/{slug}.head.md", ""),
        foot=texts.get(f"lists/{slug}.foot.md", ""),
        order=root.choice("order", ORDERS),
        badges=root.choice("badges", BADGES),
        columns=root.choices("columns", COLUMNS, COLUMNS[:3]),
        templates=_templates(slug, texts),
        lint_exceptions=tuple(
            _read_exception(source, n, value) for n, value in enumerate(root.tables("lint_exceptions"), 1)
        ),
        queue=_read_policy(source, root.table("queue")),
    )
    root.done()
    if "title" not in definition.columns:
        root.wrong("columns", 'columns must hold "title": a row without one is no entry')
    for unknown in sorted({*(definition.topics or ())} - topics) if topics is not None else ():
        root.wrong("topics", f"topics names {unknown!r}, which topics.toml does not define")
    return definition


def _half_merged(slug: str, source: Source, texts: Mapping[str, str]) -> list[str]:
    """Names the lines that a merge left in the texts of a list: readers would see them."""
    own = [name for name in sorted(texts) if list_of(name, texts) == slug]
    if source.mistakes:  # no TOML: told already, with its line
        own.remove(source.file)
    return [mark for name in own for mark in merge_marks(name, texts[name])]


def _tell_repeated(source: Source, sections: Sequence[SectionDefinition]) -> None:
    """Tells of sections with the path of an earlier one, once each."""
    seen: dict[str, int] = {}
    for number, section in enumerate(sections, 1):
        first = seen.setdefault(section.path.casefold(), number)
        if first != number:
            remedy = "give one of them another path"
            source.wrong(f"sections[{number}].path", f"section {section.path!r} occurs twice: {remedy}")


def _templates(slug: str, texts: Mapping[str, str]) -> dict[str, str]:
    """The templates `lists/<slug>.<file>.j2`, by the file that each makes."""
    first = len(f"lists/{slug}.")
    return {
        name[first:-3]: text for name, text in texts.items() if name.endswith(".j2") and list_of(name, texts) == slug
    }


def _read_section(source: Source, number: int, value: dict[str, Any], topics: set[str] | None) -> SectionDefinition:
    keys = Keys(source, value, f"sections[{number}].")
    full = keys.word("path") or ""
    if not full:
        keys.wrong("path", f'sections[{number}] has no path: write `path = "Title"` or "Title / Subtitle"')
    parts = [part.strip() for part in full.split(" / ")]
    section = SectionDefinition(
        path=full,
        title=keys.word("title") or parts[-1],
        level=keys.number("level", len(parts), 1),
        topics=keys.words("topics"),
        page=keys.word("page"),
        prose=keys.word("prose") or "",
        formerly=keys.words("formerly"),
    )
    keys.done()
    if section.page is not None and not _PAGE.fullmatch(section.page):
        remedy = 'write a file name such as "pruning.md"; README.md is the front page'
        keys.wrong("page", f"sections[{number}].page {section.page!r} is no page: {remedy}")
    for unknown in sorted({*section.topics} - topics) if topics is not None else ():
        keys.wrong("topics", f"section {full!r} names topic {unknown!r}, which topics.toml does not define")
    return section


def _read_policy(source: Source, value: dict[str, Any]) -> QueuePolicy:
    keys, usual = Keys(source, value, "queue."), QueuePolicy()
    policy = QueuePolicy(
        per_day=keys.number("per_day", usual.per_day, 0),
        recall=keys.share("recall", usual.recall),
        expire_days=keys.number("expire_days", usual.expire_days, 0),
        expire_below=keys.share("expire_below", usual.expire_below),
    )
    keys.done()
    return policy


def _read_exception(source: Source, number: int, value: dict[str, Any]) -> LintException:
    keys = Keys(source, value, f"lint_exceptions[{number}].")
    found = LintException(keys.word("rule") or "", keys.word("reason") or "", keys.word("subject"), keys.word("path"))
    keys.done()
    if (found.subject is None) == (found.path is None):
        keys.wrong("", f"lint_exceptions[{number}] must name either a `subject` or a `path`")
    return found
