"""One paper or repository as a list would show it, in both styles, before anybody decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from harvester.definitions import STYLES, ListDefinition, SectionDefinition, Style
from harvester.editorial.edits import in_words
from harvester.editorial.entries import Key
from harvester.editorial.pairs import Joins
from harvester.errors import DecisionError
from harvester.ids import Subject, read_repo
from harvester.records import Decision, Edit, Entry, Link, Wording
from harvester.steps.decide import Decided, Plan, Signature, accept, named_section, ways_to_part, write
from harvester.steps.known import Known
from harvester.steps.render import render
from harvester.steps.standing import Standing, list_for

_PAGE, _ALONE = "alone.md", "Alone"


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says about a subject that upstreams have not said, or differently."""

    title: str | None = None
    authors: str | None = None
    code: str | None = None  # "owner/name" or any link


@dataclass(frozen=True, slots=True)
class Item:
    """How a list would show a subject. `known`: the latest snapshot or an entry knows its title."""

    subject: Subject
    list: str | None
    section: str | None
    known: bool
    row: str  # in table style
    bullet: str  # in bullet style; several lines


def show_item(
    standing: Standing,
    known: Known,
    subject: Subject,
    given: Given,
    slug: str | None,
    section: str | None,
    at: datetime,
) -> Item:
    """Shows a subject by the latest snapshot's facts, the editors' words where it is listed, and what is given.

    Without `slug` it is shown as the first list that has it does, else by the options of the one that awaits it.
    """
    definition = _definition(standing, subject, slug)
    there = standing.entries(definition.slug, subject) if definition else []
    note = there[0].note if there else None
    shown = {
        style: _alone(definition, known, _entry(subject, _words(there, given, style), note, at), style)
        for style in STYLES
    }
    named = named_section(definition, section) if definition and section else None
    suggested = standing.match(definition.slug, subject) if definition else None
    titled = given.title or any(entry.wording.title for entry in there) or standing.title(subject)
    return Item(
        subject=subject,
        list=definition.slug if definition else None,
        section=named if named else there[0].section if there else suggested.section if suggested else None,
        known=bool(titled),
        row=shown["table"],
        bullet=shown["bullets"],
    )


def add_item(
    standing: Standing, subject: Subject, given: Given, signed: Signature, slug: str | None, section: str | None
) -> list[Decided]:
    """Puts a subject on a list with what is given; one that stands there alone is edited, by what was from and is to.

    One that people hold to be another paper is refused: words for the one would overwrite those of the other.
    """
    definition = list_for(standing, subject, slug)
    _demand_itself(standing, definition.slug, subject)
    there = standing.entries(definition.slug, subject)
    words = None if given == Given() else _words(there, given, definition.style)
    wanted = definition.section(section) if section else None
    in_conflict = any(standing.conflict(Key(one.list, one.subject, one.place)) for one in there)
    if len(there) != 1 or words is None or in_conflict or (section and not wanted):
        return accept(standing, [str(subject)], signed, slug, section, wording=words)
    edits = tuple(_edits(standing, there[0], words, wanted.path if wanted else there[0].section))
    return write(standing, signed, [_plan_edit(standing, there[0], edits, signed)])


def _demand_itself(standing: Standing, slug: str, subject: Subject) -> None:
    meant = Joins.of(standing.folded).stays(slug, subject)
    if meant != subject:
        part = ways_to_part(standing, slug, subject)
        raise DecisionError([f"{subject} is held to be the same as {meant}: name that one, or {part} first"])


def _edits(standing: Standing, entry: Entry, words: Wording, section: str) -> Iterator[Edit]:
    """What is given says another word than the entry; the machine's word is what it replaces, where editors had none."""
    shown = standing.papers.get(entry.subject)
    machines = {"title": shown.title, "authors": ", ".join(shown.authors) or None} if shown else {}
    for name in ("title", "authors", "links"):
        own, new = getattr(entry.wording, name), getattr(words, name)
        if own != new:
            yield Edit(name, own or machines.get(name) or own, new)
    if section != entry.section:
        yield Edit("section", entry.section, section)


def _plan_edit(standing: Standing, entry: Entry, edits: tuple[Edit, ...], signed: Signature) -> Plan:
    about = (entry.list, entry.subject)
    section = next((str(edit.after) for edit in edits if edit.field == "section"), entry.section)
    if not edits:
        return Plan((), Decided(*about, "edit", section, f"stands in {section} already; nothing to do"))
    before = standing.folded.standing.get(Key(*about, entry.place))
    line = Decision(
        "", signed.at, signed.by, *about, "edit", entry.place, follows=before.id if before else None, edits=edits
    )
    return Plan((line,), Decided(*about, "edit", section, f"edited in {entry.section}: {in_words(edits)}"))


def _definition(standing: Standing, subject: Subject, slug: str | None) -> ListDefinition | None:
    if slug:
        return standing.editorial.definition(slug)
    lists = standing.editorial.lists
    if having := [one for one in lists if standing.entries(one.slug, subject)]:
        return having[0]
    waiting = [one for one in lists if standing.match(one.slug, subject)]
    return waiting[0] if len(waiting) == 1 else None


def _words(there: list[Entry], given: Given, style: Style) -> Wording:
    """What is given goes before what the entry has; code is added to its links."""
    words = there[0].wording if there else Wording()
    links = words.links
    if given.code and not any(link.url == _address(given.code) for link in links):
        links = (_code(given.code, style), *links)
    return replace(words, title=given.title or words.title, authors=given.authors or words.authors, links=links)


def _code(code: str, style: Style) -> Link:
    """Table style calls every repository Github; bullet style calls it by its name."""
    repo = read_repo(_address(code))
    name = repo.partition("/")[2] if repo else "code"
    return Link("Github" if repo and style == "table" else name, _address(code))


def _address(code: str) -> str:
    if "://" in code:
        return code
    repo = read_repo(code)
    if repo is None:
        raise DecisionError([f"{code!r} is no code: write owner/name on GitHub, or a link with https://"])
    return f"https://github.com/{repo}"


def _entry(subject: Subject, words: Wording, note: str | None, at: datetime) -> Entry:
    return Entry("alone", subject, 1, _ALONE, None, words, note, at, "", "")


def _alone(definition: ListDefinition | None, known: Known, entry: Entry, style: Style) -> str:
    """Renders a list that has this entry alone, with the options of its list, and takes the entry out of the page."""
    plain = definition or ListDefinition("alone", "Alone", style, ())
    section = SectionDefinition(_ALONE, _ALONE, 1, page=_PAGE)
    one = replace(plain, slug="alone", style=style, sections=(section,), head="", foot="", templates={})
    pages = render([entry], known.papers, known.repositories, one, known.as_of or entry.decided_at, known.snapshot)
    if style == "table":
        return next(line for line in reversed(pages[_PAGE].split("\n")) if line.startswith("|"))
    return "- " + pages["README.md"].partition(f"## {_ALONE}\n")[2].partition("\n- ")[2].strip()
