"""What `harvester adopt` tells, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from harvester.cli.shown import printable
from harvester.counting import counted

if TYPE_CHECKING:
    from harvester.records import Decision
    from harvester.steps.adopt import Adopted
    from harvester.steps.adopt_again import AdoptedAgain
    from harvester.steps.adopting.found import Found

_LINES = 12  # that are named of each kind of repair; --report has all
_TOLD = 40  # lines that were not understood
_NAMES = {"arxiv": "arXiv paper", "doi": "DOI", "openreview": "OpenReview paper", "github": "repository"}


def told_again(done: AdoptedAgain) -> str:
    """What was edited by hand, and what became of it."""
    lines = [f"{done.list}: {_counted(done)}"]
    lines += [f"  {_decided(decision)}" for decision in done.decisions]
    groups = (
        ("text", done.texts.done),
        ("removed from the page, kept on the list (--removals rejects it)", done.planned.removed),
        ("decided since, not taken", done.planned.overtaken),
        ("not taken", (*done.planned.left, *done.texts.left)),
    )
    lines += [f"  {name}: {printable(said)}" for name, found in groups for said in found]
    lines += _not_understood(done.unknown)
    lines += [f"  wrote {_near(path)}" for path in done.written] or ["  nothing was written"]
    return "\n".join(lines)


def _decided(one: Decision) -> str:
    """One decision; of a new entry what was read as its title, so that a misreading is seen."""
    from harvester.editorial.edits import in_words

    what = in_words(one.edits) or one.reason or f"into {one.section}"
    title = f'"{one.wording.title}" ' if one.act == "accept" and one.wording and one.wording.title else ""
    if one.act == "accept" and not title:
        title = "(without a title of its own: upstream's) "
    place = f" (place {one.place})" if one.place > 1 else ""
    return f"{one.act} {one.subject}{place}: {printable(title + what)}"


def _counted(done: AdoptedAgain) -> str:
    acts = Counter(decision.act for decision in done.decisions)
    counts = [counted(number, act) for act, number in sorted(acts.items())]
    changed = len(done.texts.texts)
    texts = [counted(changed, "file") + " of editorial/lists"] if changed else []
    told = done.planned.removed or done.planned.overtaken or done.planned.left or done.texts.left or done.unknown
    nothing = "nothing of what was edited by hand was taken" if told else "nothing was edited by hand"
    return ", ".join(counts + texts) or nothing


def told_first(done: Adopted) -> str:
    """What was read of a hand-kept list, what was mended, and what to do now."""
    from harvester.steps.adopt import kinds

    kept, slug = done.kept, done.definition.slug
    entries = counted(len(done.decisions), "entry")
    lines = [
        f"{slug}: {entries} in {counted(len(done.definition.sections), 'section')} ({done.definition.style} style)"
    ]
    listed = kinds({decision.subject for decision in done.decisions})  # what stands in several places is one
    lines.append("  " + ", ".join(counted(n, _NAMES.get(kind, "link")) for kind, n in listed.most_common()))
    lines += _reshaped(done)
    lines += [
        f"  {subject} stands in the list {len(where)} times: {printable('; '.join(where))}"
        for subject, where in kept.several.items()
    ]
    left = "; ".join(f"{what}: {number}" for what, number in kept.left_out.items())
    lines += [f"  left out, facts alone were wanted: {left}"] if left else []
    lines += [
        f"  said twice: {one.file}, line {one.line}: {printable(f'{one.what}: {one.text}')}" for one in kept.differing
    ]
    lines += _mended(kept.repairs)
    lines += _not_understood(kept.unknown)
    lines += _topics(done)
    if not done.written:
        return "\n".join([*lines, "  dry run: nothing was written"])
    lines += [f"  wrote {_near(path)}" for path in done.written]
    return "\n".join([*lines, *_next(done)])


def _reshaped(done: Adopted) -> Iterator[str]:
    """Which files are rendered in another shape than they had, and what changes that."""
    files = [name for name, form in done.kept.forms.items() if form != done.definition.style]
    if not files:
        return
    shape = "bullets" if done.definition.style == "bullets" else "rows of tables"
    numbers = "; numbering and columns of their own are not kept, a column that is not ours becomes a note"
    yield f"  {', '.join(files)}: of another form, its entries are rendered as {shape}{numbers}"
    other = "table" if done.definition.style == "bullets" else "bullets"
    yield f'    `style = "{other}"` in editorial/lists/{done.definition.slug}.toml, or a template, changes it: docs/lists.md'


def _mended(repairs: Iterable[Found]) -> Iterator[str]:
    """Every kind of repair with its lines."""
    kinds: dict[str, list[Found]] = defaultdict(list)
    for repair in repairs:
        kinds[repair.what.partition(":")[0]].append(repair)
    for what, found in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
        yield f"  mended: {printable(what)} ({counted(len(found), 'time')})"
        files: dict[str, list[str]] = defaultdict(list)
        for one in found[:_LINES]:
            files[one.file].append(str(one.line))
        told = "; ".join(f"{file}, line{'s' * (len(at) > 1)} {', '.join(at)}" for file, at in files.items())
        yield f"    {told}{_more(len(found) - _LINES)}"


def _not_understood(unknown: tuple[Found, ...]) -> Iterator[str]:
    for one in unknown[:_TOLD]:
        yield f"  not understood: {one.file}, line {one.line}: {printable(one.text)[:80]} ({one.what})"
    if len(unknown) > _TOLD:
        yield f"  not understood{_more(len(unknown) - _TOLD)}"


def _more(number: int) -> str:
    return f" and {number:,} more: --report FILE tells all" if number > 0 else ""


def _topics(done: Adopted) -> Iterator[str]:
    """Whose papers will wait for a new list."""
    names = done.definition.topics
    if names is None:
        return
    if names:
        fitting = ", ".join(f"{name} ({counted(done.fitting.titles[name], 'title')})" for name in names)
        yield f"  topics that fit its entries: {printable(fitting)}; papers of these wait in its queue"
    else:
        yield "  topics: none of editorial/topics.toml fits its entries, so no papers will wait in its queue"


def _next(done: Adopted) -> list[str]:
    """What a maintainer does now."""
    slug, has_topics = done.definition.slug, any(section.topics for section in done.definition.sections)
    [definition] = (_near(path) for path in done.written if path.name == f"{slug}.toml")
    topics = "which sections new papers are suggested for" if has_topics else "say which section gets which papers"
    lint = f"harvester lint --list {slug}"
    return [
        "Next:",
        f"  {lint}   # what a reader of the list would trip over",
        f"  {'harvester publish':<{len(lint)}}   # puts its pages in place; again after every sitting",
        f"  {definition}: `topics` ({topics}); {definition.parent.parent / 'topics.toml'}: what is harvested",
    ]


def _near(path: Path) -> Path:
    """The path as somebody who stands in the checkout would type it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
