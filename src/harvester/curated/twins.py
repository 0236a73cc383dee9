"""Which papers are one: preprint and published, renamed between versions, listed by another address.

Identifiers say it for certain; else titles and authors have to agree, and precision goes before recall: whoever sees
two papers loses a minute, whoever never sees one loses it. Titles are compared only where they share rare words (prefix
filtering: Bayardo, Ma, Srikant, "Scaling up all pairs similarity search", WWW 2007), so that 20,000 take seconds.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product

from harvester.curated.likeness import Title, content, shared
from harvester.curated.works import Work, implied
from harvester.ids import Subject
from harvester.records import Twin, TwinKind

LIKE = 0.6  # share of common words (Jaccard) from which two titles are compared at all
TELLING = 4  # words that a title must have to say something without any author
CROWD = 40  # more titles than this with one key tell nothing
# Words that a title gains or loses on its way into a journal.
_GENERIC = frozenset(
    "large language model efficient effective neural network deep learning transformer towards toward novel new method "
    "approach framework system study based pretrained generative improved better simple fast automatic".split()
)


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


def groups(found: Iterable[Twin]) -> Mapping[Subject, tuple[Subject, ...]]:
    """Returns for every subject that has twins the whole group it belongs to, sorted."""
    group: dict[Subject, set[Subject]] = {}
    for twin in found:
        merged = group.get(twin.subject, {twin.subject}) | group.get(twin.same_as, {twin.same_as})
        group.update(dict.fromkeys(merged, merged))
    return {subject: tuple(sorted(members)) for subject, members in group.items()}


# --- which pairs are looked at -----------------------------------------------------------------------------------------


def _by_name(works: Sequence[Work]) -> Iterator[tuple[Subject, Subject, str]]:
    """Yields pairs that share an identifier: one names the other, or both name the same DOI."""
    holders: dict[Subject, set[Subject]] = defaultdict(set)
    for work in works:
        for name in {work.subject, *work.names, *implied(work.subject)}:
            holders[name].add(work.subject)
    for name, subjects in sorted(holders.items()):
        if 1 < len(subjects) <= CROWD:
            for one, other in combinations(sorted(subjects), 2):
                yield one, other, f"both are {name}" if name not in (one, other) else f"one names the other: {name}"


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


# --- whether a pair is one paper ---------------------------------------------------------------------------------------


_Rule = Callable[[Title, Title, int, float | None], str | None]  # people in common, and their share: why, if so


def compare(one: Work, other: Work) -> tuple[TwinKind, str] | None:
    """Says why two works are one paper; None where they are two, or nothing tells."""
    people_shared, share = _authors(one, other)
    if share is not None and share < 0.5:
        return None
    both_at_arxiv = one.subject.startswith("arxiv:") and other.subject.startswith("arxiv:")
    if share is None and both_at_arxiv:
        return None  # a list may link a title to the wrong id
    rules: tuple[_Rule, ...] = (_titles_agree, _titles_nearly)
    if not both_at_arxiv:  # at arXiv a second paper about a system is more usual than the same one twice
        rules = (*rules, _names_agree)
    for rule in rules:
        for mine, theirs in product(one.compared, other.compared):
            if why := rule(mine, theirs, people_shared, share):
                return "title", f"{why}; {_said(people_shared, share)}"
    if share is not None and people_shared > 1 and (likeness := _abstracts(one, other)):
        return "abstract", f"abstracts alike to {likeness} %; {_said(people_shared, share)}"
    return None


def _authors(one: Work, other: Work) -> tuple[int, float | None]:
    """Returns how many people both have, and their share of the shorter list; None where one side names nobody."""
    few = min(len(one.people), len(other.people))
    if not few:
        return 0, None
    if one.surnames.isdisjoint(other.surnames):
        return 0, 0.0
    found = shared(one.people, other.people)
    return found, found / few


def _said(people_shared: int, share: float | None) -> str:
    return "no authors to compare" if share is None else f"{people_shared} author{'s' * (people_shared != 1)} in common"


def _titles_agree(one: Title, other: Title, people_shared: int, share: float | None) -> str | None:
    enough = 2 if share is not None else TELLING
    if one.joined == other.joined:
        return "same title" if share is not None or len(one.content) > 2 else None
    if one.replies != other.replies:
        return None
    if _is_part(one, other, share) or _is_part(other, one, share):
        return "title without its subtitle"
    if one.numbers == other.numbers and len(one.content) > enough and sorted(one.content) == sorted(other.content):
        return "same words in the title"
    return None


def _is_part(one: Title, other: Title, share: float | None) -> bool:
    """Tells whether one title is the name or the subtitle of the other; short parts are no title of their own."""
    for n, part in enumerate(other.segments):
        long = len(part) > 2 if share is not None else len(one.content) >= TELLING
        named = n == 0 and other.name and share is not None
        if (long or named) and content(part) == one.content:
            dropped = other.segments[1:] if n == 0 or other.name else (*other.segments[:n], *other.segments[n + 1 :])
            return not any(_counts(one) for one in dropped if one != part)
    return False


def _counts(part: Sequence[str]) -> bool:
    """Tells whether a subtitle only says which of a series this is: "Part II"."""
    return len(part) < 3 and Title(" ".join(part)).numbers != ()


def _titles_nearly(one: Title, other: Title, people_shared: int, share: float | None) -> str | None:
    """Compares what is left of two titles without the words they share: slips of spelling, or words that say little."""
    if one.replies != other.replies or one.numbers != other.numbers:
        return None
    left, right = _left(one, other)
    if not left and not right and (share is not None or len(one.content) >= TELLING):
        return "title with other spellings"
    if share is None:
        return None
    most = max(len(one.content), len(other.content))
    few = len(left) + len(right) <= max(1, most // 3) + 1
    generic = _GENERIC.issuperset(left) and _GENERIC.issuperset(right)
    sure = most > 3 and share >= 0.8 and (people_shared > 1 or most > 4)
    return "nearly the same title" if few and generic and sure else None


def _names_agree(one: Title, other: Title, people_shared: int, share: float | None) -> str | None:
    """Compares the names that titles give their own work: "GPTQ: …" and "GPTQ: …" of the same people, renamed."""
    if not one.name or one.name != other.name or one.replies != other.replies or one.numbers != other.numbers:
        return None
    if share is None or share < 0.8 or people_shared < 2:
        return None
    left, right = _left(one, other)
    in_parallel = len(left) == len(right) <= 2  # "… for vision", "… for language": two papers about one system
    return None if in_parallel else "same name in front of the title"


def _left(one: Title, other: Title) -> tuple[list[str], list[str]]:
    """Returns the words that only one of them has, in order; those that differ by a slip are left out."""
    mine, theirs = Counter(one.content), Counter(other.content)
    return _without_slips(list((mine - theirs).elements()), list((theirs - mine).elements()))


def _without_slips(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """Pairs words that differ by a slip or an ending; digits never do."""
    from rapidfuzz.distance import Levenshtein

    kept = []
    rest = list(right)
    for word in left:
        near = next((there for there in rest if _one_word(word, there, Levenshtein.distance(word, there))), None)
        if near is None:
            kept.append(word)
        else:
            rest.remove(near)
    if "".join(kept) == "".join(rest):
        return [], []
    return kept, rest


def _one_word(one: str, other: str, distance: int) -> bool:
    shorter = min(len(one), len(other))
    if shorter < 5 or any(char.isdigit() for char in one + other) or one[:3] != other[:3]:
        return False
    return (
        distance <= 1
        or (distance == 2 and shorter > 8)
        or (distance <= 3 and shorter > 6 and one[: shorter - 2] == other[: shorter - 2])
    )


def _abstracts(one: Work, other: Work) -> int | None:
    """Returns how alike two abstracts are, in percent; None where they are not, or one is missing."""
    if not one.abstract or not other.abstract or min(len(one.abstract), len(other.abstract)) < 200:
        return None
    from rapidfuzz import fuzz

    likeness = fuzz.ratio(" ".join(one.abstract.split()), " ".join(other.abstract.split()), score_cutoff=85)
    return round(likeness) or None
