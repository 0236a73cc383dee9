"""Whether two works are one paper, by their titles, authors and abstracts.

Two ids at arXiv are two papers as a rule: people write a second paper about a thing far more often than they submit one
twice. So only the very same title counts between them, or the same abstract. A published twin may have lost its subtitle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import product

from harvester.curated.likeness import Title, content, dated, shared, told_apart
from harvester.curated.works import Work
from harvester.records import TwinKind

TELLING = 4  # words that a title must have to say something without any author
ALIKE = 85  # percent from which two abstracts are one text that was edited
OTHER = 50  # percent below which they are two texts
# Words that any title of the field may have: those made of little else are titles of many papers.
_EVERYWHERE = frozenset(
    "survey review overview introduction tutorial guide comprehensive systematic recent advance progress challenge "
    "opportunity trend perspective future direction application method technique approach technical report large small "
    "language foundation model deep machine learning neural network transformer efficient artificial intelligence ai".split()
)

_Rule = Callable[[Title, Title, int, float | None], str | None]  # people in common, and their share: why, if so


def compare(one: Work, other: Work) -> tuple[TwinKind, str] | None:
    """Says why two works are one paper; None where they are two, or nothing tells."""
    people_shared, share = _authors(one, other)
    if share is not None and share < 0.5:
        return None
    both_at_arxiv = one.subject.startswith("arxiv:") and other.subject.startswith("arxiv:")
    if share is None and both_at_arxiv:
        return None  # a list may link a title to the wrong id
    for rule in _rules(one, other, both_at_arxiv):
        for mine, theirs in product(one.compared, other.compared):
            if why := rule(mine, theirs, people_shared, share):
                return "title", f"{why}; {_said(people_shared, share)}"
    if share is not None and people_shared > 1 and (likeness := _abstracts_agree(one, other)):
        return "abstract", f"abstracts alike to {likeness} %; {_said(people_shared, share)}"
    return None


def _rules(one: Work, other: Work, both_at_arxiv: bool) -> tuple[_Rule, ...]:
    if not both_at_arxiv:
        return _titles_agree, _parts_agree, _spellings_agree, _names_agree
    likeness = _abstracts(one, other)
    return (_titles_agree,) if likeness is not None and likeness < OTHER else (_titles_agree, _spellings_agree)


def contradict(one: Work, other: Work) -> bool:
    """Tells whether two works that claim one identifier cannot be one paper: no author in common, or other titles."""
    _, share = _authors(one, other)
    if share == 0.0:
        return True
    if any(_look_alike(mine, theirs) for mine, theirs in product(one.compared, other.compared)):
        return False
    return _abstracts_agree(one, other) is None


def strangers(one: Work, other: Work) -> bool:
    """Tells whether two works have neither an author nor a title in common."""
    _, share = _authors(one, other)
    return share == 0.0 and not any(_look_alike(*titles) for titles in product(one.compared, other.compared))


def _look_alike(one: Title, other: Title) -> bool:
    if told_apart(one, other):
        return False
    half = 2 * len(one.rare & other.rare) >= len(one.rare | other.rare)
    return half or _is_part(one, other, 1.0) or _is_part(other, one, 1.0)


# --- authors -----------------------------------------------------------------------------------------------------------


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


# --- titles ------------------------------------------------------------------------------------------------------------


def _titles_agree(one: Title, other: Title, people_shared: int, share: float | None) -> str | None:
    if one.joined == other.joined and one.digits == other.digits:
        return "same title" if share is not None or (len(one.content) > 2 and _tells(one.content)) else None
    if one.numbers != other.numbers:
        return None
    enough = 2 if share is not None else TELLING
    if len(one.content) > enough and (share is not None or _tells(one.content)) and _in_order(one) == _in_order(other):
        return "same words in the title"
    return None


def _in_order(title: Title) -> list[tuple[str, ...]]:
    """Returns the words of its parts, whichever part comes first: "Text to image" is not "Image to text"."""
    return sorted(filter(None, map(content, title.segments))) or [title.content]


def _tells(words: Iterable[str]) -> bool:
    """Tells whether words say what a paper is about even without any author."""
    return len(set(words) - _EVERYWHERE) > 1


def _parts_agree(one: Title, other: Title, people_shared: int, share: float | None) -> str | None:
    if one.replies != other.replies or not (_is_part(one, other, share) or _is_part(other, one, share)):
        return None
    return "title without its subtitle"


def _is_part(one: Title, other: Title, share: float | None) -> bool:
    """Tells whether one title is the name or the subtitle of the other; short parts are no title of their own."""
    telling = share is not None or (len(one.content) >= TELLING and _tells(one.content))
    if telling and len(one.content) > 2 and _without_an_end(one, other):
        return True
    for n, part in enumerate(other.segments):
        long = telling and len(part) > 2
        named = n == 0 and other.name and share is not None
        if (long or named) and content(part) == one.content:
            dropped = other.segments[1:] if n == 0 or other.name else (*other.segments[:n], *other.segments[n + 1 :])
            return not any(_counts(one) for one in dropped if one != part)
    return False


def _without_an_end(one: Title, other: Title) -> bool:
    """Tells whether one title is all of the other but the name in front of it, or the last of several subtitles."""
    if other.name and _joined(other.segments[1:]) == one.content:
        return True
    return _joined(other.segments[:-1]) == one.content and not _counts(other.segments[-1])


def _joined(parts: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(word for part in parts for word in content(part))


def _counts(part: Sequence[str]) -> bool:
    """Tells whether a subtitle only says which of a series this is: "Part II", "The 2024 Edition"."""
    return dated(part) or (len(part) < 3 and Title(" ".join(part)).numbers != ())


def _spellings_agree(one: Title, other: Title, people_shared: int, share: float | None) -> str | None:
    """Compares what is left of two titles without the words they share: nothing but slips of spelling."""
    if told_apart(one, other) or (share is None and not (len(one.content) >= TELLING and _tells(one.content))):
        return None
    if [word for word in one.content if word in other.rare] != [word for word in other.content if word in one.rare]:
        return None
    left, right = _left(one, other)
    return None if left or right else "title with other spellings"


def _names_agree(one: Title, other: Title, people_shared: int, share: float | None) -> str | None:
    """Compares the names that titles give their own work: "GPTQ: …" and "GPTQ: …" of the same people, renamed."""
    if not one.name or one.name != other.name or told_apart(one, other):
        return None
    if share is None or share < 0.8 or people_shared < 2:
        return None
    left, right = _left(one, other)
    in_parallel = len(left) == len(right) <= 2  # "… for vision", "… for language": two papers about one system
    # little more than the name in common: another of their papers
    little = 2 * len(one.rare & other.rare) < min(len(one.rare), len(other.rare))
    return None if in_parallel or little else "same name in front of the title"


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


# --- abstracts ---------------------------------------------------------------------------------------------------------


def _abstracts_agree(one: Work, other: Work) -> int | None:
    """Returns how alike the abstracts of one paper are, in percent; None where they are of two, or one is missing.

    Abstracts of a series are alike too; its titles differ by numbers, or by words by which the abstracts differ as well.
    """
    likeness = _abstracts(one, other)
    if likeness is None or likeness < ALIKE:
        return None
    for mine, theirs in product(one.compared, other.compared):
        if told_apart(mine, theirs):
            continue
        if not _in_parallel(mine, theirs, one.abstract or "", other.abstract or ""):
            return round(likeness)
    return None


def _abstracts(one: Work, other: Work) -> float | None:
    """Returns how alike two abstracts are, in percent; None where one is missing or too short to tell."""
    if not one.abstract or not other.abstract or min(len(one.abstract), len(other.abstract)) < 200:
        return None
    from rapidfuzz import fuzz

    return fuzz.ratio(" ".join(one.abstract.split()), " ".join(other.abstract.split()))


def _in_parallel(one: Title, other: Title, mine: str, theirs: str) -> bool:
    """Tells whether each abstract has a word of its own title that the other abstract does not know."""
    here, there = Title(mine).rare, Title(theirs).rare
    return bool((one.rare - other.rare) & (here - there)) and bool((other.rare - one.rare) & (there - here))
