"""Which papers are one: preprint and published, renamed between versions, listed by another address.

Identifiers say it for certain; else titles and authors have to agree, and precision goes before recall: whoever sees
two papers loses a minute, whoever never sees one loses it. Titles are compared only where they share rare words (prefix
filtering: Bayardo, Ma, Srikant, "Scaling up all pairs similarity search", WWW 2007), so that 20,000 take seconds.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product

from harvester.curated.likeness import content
from harvester.curated.twins_judged import compare, contradict, strangers
from harvester.curated.works import Work, implied
from harvester.ids import Subject
from harvester.records import Twin, TwinKind

LIKE = 0.6  # share of common words (Jaccard) from which two titles are compared at all
CROWD = 40  # more titles than this with one key tell nothing
_SUREST: tuple[TwinKind, ...] = ("people", "identifier", "title", "abstract")


def twins(works: Iterable[Work], apart: Iterable[frozenset[Subject]] = ()) -> tuple[Twin, ...]:
    """Returns the pairs that are one paper, with the evidence, sorted; `apart` are pairs that people hold to be two.

    The first of a pair is the one whose subject sorts first. Works about one subject are one work already.
    """
    known = _one_each(works)
    kept_apart = set(apart)
    found: dict[frozenset[Subject], Twin] = {}
    for name, same, evidence in _by_name(known):
        found.setdefault(frozenset((name, same)), _twin(name, same, "identifier", evidence))
    for one, other in _alike(known):
        pair = frozenset((one.subject, other.subject))
        if pair not in found and (why := compare(one, other)):
            found[pair] = _twin(one.subject, other.subject, *why)
    return tuple(sorted((twin for pair, twin in found.items() if pair not in kept_apart), key=_in_order))


def _twin(one: Subject, other: Subject, kind: TwinKind, evidence: str) -> Twin:
    first, second = sorted((one, other))
    return Twin(first, second, kind, evidence)


def _in_order(twin: Twin) -> tuple[Subject, Subject]:
    return twin.subject, twin.same_as


def _one_each(works: Iterable[Work]) -> list[Work]:
    told: dict[Subject, Work] = {}
    for work in works:
        before = told.get(work.subject)
        told[work.subject] = work if before is None else _joined(before, work)
    return [told[subject] for subject in sorted(told)]


def _joined(one: Work, other: Work) -> Work:
    titles = tuple(dict.fromkeys((*one.titles, *other.titles)))
    fuller = max(one.authors, other.authors, key=lambda names: (sum(map(len, names)), names))
    return Work(one.subject, titles, fuller, one.names | other.names, one.abstract or other.abstract)


def groups(found: Iterable[Twin], apart: Iterable[frozenset[Subject]] = ()) -> Mapping[Subject, tuple[Subject, ...]]:
    """Returns for every subject that has twins the whole group it belongs to, sorted.

    Nothing that people hold apart is in one group, not by way of a third paper either; the surest pairs are joined first.
    """
    foes: dict[Subject, set[Subject]] = defaultdict(set)
    for one, other in map(tuple, apart):
        foes[one].add(other)
        foes[other].add(one)
    group: dict[Subject, set[Subject]] = {}
    for twin in sorted(found, key=lambda twin: (_SUREST.index(twin.kind), _in_order(twin))):
        mine, theirs = (group.setdefault(one, {one}) for one in (twin.subject, twin.same_as))
        if any(foes[one] & theirs for one in mine if one in foes):
            continue
        merged = mine | theirs
        group.update(dict.fromkeys(merged, merged))
    return {subject: tuple(sorted(members)) for subject, members in group.items()}


# --- which pairs are looked at -----------------------------------------------------------------------------------------


def _by_name(works: Sequence[Work]) -> Iterator[tuple[Subject, Subject, str]]:
    """Yields pairs that share an identifier: one names the other, or both name the same DOI."""
    holders: dict[Subject, dict[Subject, Work]] = defaultdict(dict)
    for work in works:
        for name in {work.subject, *work.names, *implied(work.subject)}:
            holders[name][work.subject] = work
    for name, held in sorted(holders.items()):
        if 1 < len(held) <= CROWD and not _disputed([work for work in held.values() if not _is(work.subject, name)]):
            for one, other in combinations(sorted(held), 2):
                yield one, other, f"both are {name}" if name not in (one, other) else f"one names the other: {name}"


def _is(subject: Subject, name: Subject) -> bool:
    return subject == name or name in implied(subject)


def _disputed(claiming: Sequence[Work]) -> bool:
    """Tells whether an identifier belongs to several papers, such as the DOI of whole proceedings: it tells nothing then.

    A paper has one id at arXiv, so two that claim one DOI have to look like one paper, or the DOI is nobody's. Published
    somewhere else it may have another title, but hardly other authors too.
    """
    pairs = combinations(claiming, 2)
    return any(contradict(*pair) if _kind(pair[0]) == _kind(pair[1]) else strangers(*pair) for pair in pairs)


def _kind(work: Work) -> str:
    return work.subject.partition(":")[0]


def _alike(works: Sequence[Work]) -> Iterator[tuple[Work, Work]]:
    """Yields pairs whose titles or authors make it worth to compare them, each once."""
    blocks: dict[object, set[int]] = defaultdict(set)
    for n, work in enumerate(works):
        for title in work.compared:
            blocks["whole", title.joined].add(n)
            for part in title.segments:
                blocks["part", content(part)].add(n)
            blocks["part", title.content].add(n)
            blocks["name", title.name if title.name else title.joined].add(n)
        if work.abstract and len(work.people) > 1:
            blocks["people", frozenset((work.people[0], work.people[-1]))].add(n)
    pairs: set[tuple[int, int]] = set()
    for block in blocks.values():
        if 1 < len(block) <= CROWD:
            pairs.update(combinations(sorted(block), 2))
    pairs |= {pair for pair in _sharing_words(works) if _much_alike(works[pair[0]], works[pair[1]])}
    yield from ((works[one], works[other]) for one, other in sorted(pairs))


def _sharing_words(works: Sequence[Work]) -> set[tuple[int, int]]:
    """Returns pairs that have one of the rarest words of both in common; titles that are LIKE share at least one."""
    often = Counter(word for work in works for title in work.compared for word in title.rare)
    having: dict[str, set[int]] = defaultdict(set)
    for n, work in enumerate(works):
        for title in work.compared:
            rarest = sorted(title.rare, key=lambda word: (often[word], word))
            for word in rarest[: len(rarest) - math.ceil(LIKE * len(rarest)) + 1]:
                having[word].add(n)
    blocks = (sorted(block) for block in having.values() if 1 < len(block) <= CROWD)
    return {pair for block in blocks for pair in combinations(block, 2)}


def _much_alike(one: Work, other: Work) -> bool:
    if one.people and other.people and one.surnames.isdisjoint(other.surnames):
        return False
    return any(
        len(mine.rare & theirs.rare) >= LIKE * len(mine.rare | theirs.rare)
        for mine, theirs in product(one.compared, other.compared)
    )
