"""What a person did to the entries of pages becomes decisions: accept, edit and, where it is wanted, reject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from harvester.definitions import ListDefinition
from harvester.editorial.entries import Key
from harvester.errors import ListError
from harvester.ids import Subject
from harvester.records import Act, Decision, Edit, Entry, Wording
from harvester.steps.adopt import Adopting
from harvester.steps.adopting.handwork import Came, Handwork, Item, Kept, PageNow, Sequences, Went, compare
from harvester.steps.adopting.plan_edits import plan_entry
from harvester.steps.adopting.plan_order import plan_order
from harvester.steps.standing import Standing

REASON = "removed from the page by hand"
_HEADING = "a section gets a page of its own, or another title on the page that it has"


@dataclass(frozen=True, slots=True)
class Planned:
    """Decisions, and in words: removed entries that are kept, what later decisions overtook, what else was not taken."""

    decisions: tuple[Decision, ...] = ()
    removed: tuple[str, ...] = ()
    overtaken: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def plan_decisions(
    pages: Sequence[PageNow], standing: Standing, definition: ListDefinition, adopting: Adopting, *, removals: bool
) -> Planned:
    """Plans the decisions of one sitting; ListError where two pages say different things of one entry."""
    fronts = compare([page for page in pages if page.then.parsed.front])
    sections = compare([page for page in pages if not page.then.parsed.front])
    mistakes = [*_contradicting(fronts, sections)]
    if mistakes:
        raise ListError([*mistakes, "nothing was adopted"])
    work = _joined(fronts, sections)
    return _Plan(pages, standing, definition, adopting, removals=removals).decide(work)


def _contradicting(fronts: Handwork, sections: Handwork) -> Iterator[str]:
    """Tells of entries that stand on the front page and on their section's, and were changed in two ways."""
    there = {kept.shown.key: kept for kept in sections.kept}
    gone = {went.shown.key: went for went in sections.went}
    for kept in fronts.kept:
        other = there.get(kept.shown.key)
        theirs = {edit.field: edit for edit in other.edits} if other else {}
        for edit in kept.edits:
            if other and edit.field in theirs and theirs[edit.field].after != edit.after:
                yield (
                    f"{kept.shown.key.subject}: the {edit.field} is changed in two ways: {kept.file}, line {kept.line}, and "
                    f"{other.file}, line {other.line}; make them the same"
                )
        if kept.edits and (went := gone.get(kept.shown.key)):
            yield f"{went.shown.key.subject}: removed from {went.file}, and edited in {kept.file}, line {kept.line}"
    for item, came in fronts.came.items():
        twin = sections.came.get(item)
        if twin and twin.entry.wording != came.entry.wording:
            yield (
                f"{came.entry.subject}: added in two ways: {came.file}, line {came.entry.line}, and {twin.file}, line "
                f"{twin.entry.line}; make them the same"
            )


def _joined(fronts: Handwork, sections: Handwork) -> Handwork:
    """An entry that stands on both counts once: the front page is a window on the sections' pages."""
    there = {kept.shown.key: kept for kept in sections.kept}
    shown = {(kept.shown.key.subject, kept.section) for kept in sections.kept}
    kept = dict(there)
    for one in fronts.kept:
        other = there.get(one.shown.key)
        if other is None:
            kept[one.shown.key] = one
            continue
        known = {edit.field for edit in other.edits}
        more = tuple(edit for edit in one.edits if edit.field not in known)
        moved = one.section if any(edit.field == "section" for edit in more) else other.section
        kept[one.shown.key] = replace(other, edits=(*other.edits, *more), section=moved)
    gone = {went.shown.key for went in sections.went}
    came = {**{i: c for i, c in fronts.came.items() if (c.entry.subject, c.section) not in shown}, **sections.came}
    went = [*sections.went, *(one for one in fronts.went if one.shown.key not in gone | there.keys())]
    kept = {key: one for key, one in kept.items() if key not in gone}
    return Handwork(tuple(kept.values()), came, tuple(went), _sequences(fronts, sections))


def _sequences(fronts: Handwork, sections: Handwork) -> Mapping[str, Sequences]:
    """The order of a section is that of its own page; of the front page's where only that was given or changed."""
    unmoved = {section for section, pages in sections.sequences.items() if pages.before == pages.after}
    return {
        section: pages
        for section, pages in {**sections.sequences, **{
            section: pages for section, pages in fronts.sequences.items()
            if section not in sections.sequences or section in unmoved
        }}.items()
        if pages.before != pages.after
    }  # fmt: skip


@dataclass(slots=True)
class _Plan:
    """Gathers the decisions of one sitting."""

    pages: Sequence[PageNow]
    standing: Standing
    definition: ListDefinition
    adopting: Adopting
    removals: bool
    removed: list[str] = field(default_factory=list)
    overtaken: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    known: dict[Item, Key] = field(default_factory=dict)  # newcomers that others have added, too
    astray: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # lines, by file and a heading that is none

    def decide(self, work: Handwork) -> Planned:
        """Plans edits, accepts and rejects, then the order of what was moved or is new."""
        entries = {
            Key(one.list, one.subject, one.place): one
            for one in self.standing.folded.entries
            if one.list == self.definition.slug
        }
        edits = {kept.shown.key: list(found) for kept in work.kept if (found := self._edits(kept, entries))}
        accepts = self._accepts(work.came, entries)
        rejects = self._rejects(work.went, entries)
        moved: dict[Item, Key] = {
            key: key for key, found in edits.items() if any(edit.field == "section" for edit in found)
        }
        keys: dict[Item, Key] = {**{item: key for item, (key, _) in accepts.items()}, **moved}
        orders = plan_order(
            work.sequences, keys, self.known, entries, {*moved.values(), *rejects}, self.definition, self.adopting.at
        )
        for key, order in orders.items():
            if key in entries and order != entries[key].order:
                edits.setdefault(key, []).append(Edit("order", entries[key].order, order))
        decisions = [
            *(self._decision(key, "edit", edits=tuple(found)) for key, found in edits.items()),
            *(self._accepted(key, came, orders.get(key)) for key, came in accepts.values()),
            *(self._decision(key, "reject", reason=REASON) for key in rejects),
        ]
        left = (*self.left, *self._astray())
        return Planned(tuple(decisions), tuple(self.removed), tuple(self.overtaken), left)

    def _astray(self) -> Iterator[str]:
        """Tells of headings that are no sections, or are gone: where their entries are said to stand, they stay."""
        for (file, section), lines in self.astray.items():
            at = f"lines {lines[0]} to {lines[-1]}" if len(lines) > 1 else f"line {lines[0]}"
            gone = section.casefold() in ("", self.definition.title.casefold())
            why = "the heading above is gone" if gone else f'"{section}" is no section of the list'
            yield f"{file}, {at}: {why}, so what stands there stays in its section; {_HEADING}"

    def _edits(self, kept: Kept, entries: Mapping[Key, Entry]) -> tuple[Edit, ...]:
        now = entries.get(kept.shown.key)
        if not kept.edits:
            return ()
        where = f"{kept.file}, line {kept.line}: {kept.shown.key.subject}"
        if now is None:
            self.overtaken.append(f"{where}: edited, but it is off the list since {self._who(kept.shown.key)}")
            return ()
        section = next((edit for edit in kept.edits if edit.field == "section"), None)
        if section and not self._is_section(kept.section):
            self.astray.setdefault((kept.file, kept.section), []).append(kept.line)
            kept = replace(kept, section=now.section, edits=tuple(e for e in kept.edits if e is not section))
        planned = plan_entry(kept, now)
        self.overtaken += [f"{where}: {told}" for told in planned.overtaken]
        self.left += [f"{where}: {told}" for told in planned.left]
        return planned.edits

    def _is_section(self, path: str) -> bool:
        new = (one.section.path for page in self.pages for one in page.outlined.new)
        return self.definition.section(path) is not None or path in new

    def _who(self, key: Key) -> str:
        decision = self.standing.folded.standing.get(key)
        return f"({decision.act} by {decision.by}, {decision.id})" if decision else "(its decision was taken back)"

    def _accepts(self, came: Mapping[Item, Came], entries: Mapping[Key, Entry]) -> dict[Item, tuple[Key, Came]]:
        """Newcomers and the placements they get; one that was accepted or rejected since the page was made is left."""
        found: dict[Item, tuple[Key, Came]] = {}
        on_pages = {shown.key for page in self.pages for shown in page.then.shown}
        waiting = [key for key in entries if key not in on_pages]
        taken: set[Key] = set()
        for item, one in came.items():
            where = f"{one.file}, line {one.entry.line}: {one.entry.subject}"
            if not self._is_section(one.section):
                self.left.append(f'{where}: "{one.section}" is no section of the list; {_HEADING}')
                continue
            fitting = (key for key in waiting if key.subject == one.entry.subject)
            same = next((key for key in fitting if entries[key].section.casefold() == one.section.casefold()), None)
            if same is not None:
                waiting.remove(same)
                self.known[item] = same
                self.left.append(f'{where}: stands in "{entries[same].section}" already')
                continue
            key = self._free_place(one.entry.subject, entries, taken)
            if self._decided_since(key, one.file):
                self.overtaken.append(
                    f"{where}: added, but it was taken off the list since the page was made {self._who(key)}"
                )
                continue
            taken.add(key)
            found[item] = (key, one)
        return found

    def _free_place(self, subject: Subject, entries: Mapping[Key, Entry], taken: set[Key]) -> Key:
        places = (Key(self.definition.slug, subject, place) for place in range(1, len(entries) + len(taken) + 2))
        return next(key for key in places if key not in entries and key not in taken)

    def _decided_since(self, key: Key, file: str) -> bool:
        """Tells whether the paper was rejected after the page was made."""
        rejected = self.standing.folded.rejected.get(key)
        known = next((page.then.sittings for page in self.pages if page.file == file), None)
        return rejected is not None and known is not None and rejected.id.rpartition(":")[0] not in known

    def _rejects(self, went: Sequence[Went], entries: Mapping[Key, Entry]) -> list[Key]:
        found = []
        for one in went:
            now = entries.get(one.shown.key)
            if now is None:
                continue  # off the list already
            if now.section.casefold() != one.shown.section.casefold():
                self.overtaken.append(f'{one.file}: {now.subject} is gone, but was moved to "{now.section}" since')
            elif not self._was_there(one):
                who = self._who(one.shown.key)
                self.left.append(
                    f'{one.file}: {now.subject} stands in "{now.section}" and stays: others added it {who}'
                )
            elif self.removals:
                found.append(one.shown.key)
            else:
                self.removed.append(f'{one.file}: {now.subject} is gone from "{now.section}"')
        return found

    def _was_there(self, went: Went) -> bool:
        """Tells whether an entry that is gone stood on the page: on one that no snapshot has shown, if it came with others.

        What somebody else added since was decided in a sitting of which nothing is on the page.
        """
        page = next(page for page in self.pages if page.file == went.file)
        if page.then.published:
            return True
        left = {entry.subject for _, entry in page.entries}
        together = {self._sitting(shown.key) for shown in page.then.shown if shown.key.subject in left}
        return self._sitting(went.shown.key) in together

    def _sitting(self, key: Key) -> str:
        decision = self.standing.folded.standing.get(key)
        return decision.id.rpartition(":")[0] if decision else ""

    def _accepted(self, key: Key, came: Came, order: float | None) -> Decision:
        shown = self.standing.papers.get(key.subject)
        wording: Wording = came.entry.wording
        if shown and shown.title and wording.title and shown.title.split() == wording.title.split():
            wording = replace(wording, title=None)  # the machine's word, which follows upstream
        plain = None if wording == Wording() else wording
        decision = self._decision(key, "accept", section=came.section, order=order, wording=plain)
        return replace(decision, saw=came.entry.version or (shown.version if shown else None))

    def _decision(
        self,
        key: Key,
        act: Act,
        *,
        section: str | None = None,
        order: float | None = None,
        reason: str | None = None,
        wording: Wording | None = None,
        edits: tuple[Edit, ...] = (),
    ) -> Decision:
        before = self.standing.folded.standing.get(key)
        return Decision(
            id="",
            at=self.adopting.at,
            by=self.adopting.by,
            list=key.list,
            subject=key.subject,
            act=act,
            place=key.place,
            section=section,
            order=order,
            reason=reason,
            follows=before.id if before else None,
            wording=wording,
            edits=edits,
        )
