"""What counts as the same phrase: one expansion for the local match and for the upstream's query.

Both sides are made from `variants`, so that the query covers every form the local match accepts. A written phrase is
matched without regard to case; between its words stand spaces, hyphens, slashes or LaTeX's signs ("$KV$~cache"), which part
words in arXiv's index, too; its words may be inflected ("KV cache" finds "KV
caches" and "KV caching"). A phrase written *with a hyphen* may also be written in one word: "fine-tuning" accepts "fine
tuning" and "finetuning", while "low rank" does not accept "lowrank". Words that the topics
declare to be one another's ("KV" and "key value") may stand for each other. "=" in front of a word takes it as it is.

An inflected form is accepted only where arXiv's index, which is stemmed by Porter's algorithm ("An algorithm for suffix
stripping", Program 14(3), 1980; the `english` analyser of its search engine), makes the same of both: so the query needs no
form but the written one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import product

Words = tuple[tuple[str, ...], ...]  # groups of words that may stand for each other: (("KV", "key value"),)

AUTHOR = "au:"  # in front of a form that is an author
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2212-"  # the plain hyphen last: inside brackets it would span a range
_SPACES = " \t\n\r\f\v\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"
BETWEEN = _SPACES + "$~{}/" + _HYPHENS  # characters that may stand between words: all count as one space
_BETWEEN = f"[{BETWEEN}]+"
_WORD_BREAK = re.compile(_BETWEEN)
_HYPHEN = re.compile(f"[{_HYPHENS}]")
_BEGINS = r"(?<!\w)(?!(?<=\d\.)\d)"  # not inside a word, nor behind the point of a number: "8-bit" is not in "1.8-bit"
_EXACT = "="
_MANY = 3  # from so many words on, the earlier ones take plurals only: the number of forms would be their product
_SHORTEST = 4  # letters: shorter words take plurals only
_VOWELS = "aeiou"
_UNBENT = frozenset("a an and as at by for from in into is of on or the to via vs with without".split())
_HISSING = re.compile(r"(?:s|x|z|ch|sh)$")
# Endings of nouns, adjectives and adverbs, which no -ed and -ing follows as a rule. Who means the verb writes "filtering".
_NOMINAL = tuple(
    "tion sion ity ness ment ance ence ancy ency ory ary ery er or ive al ent ant ly ous ful able ible ic ism ist".split()
)


def spellings(phrase: str, words: Words = ()) -> tuple[str, ...]:
    """Returns what to ask for: the phrase's variants in lower case, words parted by single spaces, the written one first."""
    told = (" ".join(word.removeprefix(_EXACT) for word in variant).lower() for variant in variants(phrase, words))
    return tuple(dict.fromkeys(told))


def author_form(name: str) -> str:
    """Writes an author as one of the forms that a search asks for: `au:"song han"` in arXiv's words."""
    return AUTHOR + " ".join(re.sub(r"[^\w\s]", " ", name.lower()).split())


def variants(phrase: str, words: Words = ()) -> tuple[tuple[str, ...], ...]:
    """Returns the ways to write a phrase, as words in their case: as written, in one word, with words that stand for it."""
    parted = tuple(word for word in _WORD_BREAK.split(phrase.strip()) if word)
    joined = tuple(word for word in _WORD_BREAK.split(_HYPHEN.sub("", phrase.strip())) if word)
    found = dict.fromkeys((parted, joined))
    for variant in [*found]:
        found |= dict.fromkeys(_exchanged(variant, words))
    return tuple(variant for variant in found if variant)


def _exchanged(variant: tuple[str, ...], words: Words) -> Iterator[tuple[str, ...]]:
    """Yields a variant with each of its declared words exchanged for those that may stand for it."""
    for group in words:
        members = [tuple(_WORD_BREAK.split(member.strip())) for member in group]
        for member in members:
            for at in _places(variant, member):
                rest = variant[at + len(member) :]
                yield from ((*variant[:at], *other, *rest) for other in members if other != member)


def _places(variant: Sequence[str], member: Sequence[str]) -> Iterator[int]:
    low, wanted = [word.lower() for word in variant], [word.lower() for word in member]
    for at in range(len(low) - len(wanted) + 1):
        last = (wanted[-1], wanted[-1] + "s")
        if low[at : at + len(wanted) - 1] == wanted[:-1] and low[at + len(wanted) - 1] in last:
            yield at


def accepted(phrase: str, words: Words = ()) -> frozenset[str]:
    """Returns every form the local match accepts: lower case, words parted by single spaces."""
    return frozenset(" ".join(form) for variant in variants(phrase, words) for form in product(*_forms(variant)))


def pattern(phrase: str, words: Words = ()) -> str:
    """Writes the regular expression (to be used with IGNORECASE) that finds every accepted form of the phrase."""
    told = (
        _BETWEEN.join(f"(?:{'|'.join(map(re.escape, sorted(one)))})" for one in _forms(v))
        for v in variants(phrase, words)
    )
    return rf"{_BEGINS}(?:{'|'.join(told)})(?!\w)"


def _forms(variant: Sequence[str]) -> list[frozenset[str]]:
    many = len(variant) >= _MANY
    return [
        _plurals(word) if many and n < len(variant) - 1 and not _is_verbal(word) else inflections(word)
        for n, word in enumerate(variant)
    ]


@cache
def inflections(word: str) -> frozenset[str]:
    """Returns the forms of a word as written in a topic, in lower case: plurals and verb forms that have its stem.

    Acronyms, short words and words with other signs than letters take plurals only.
    """
    low = word.lower()
    is_name = any(char.isupper() for char in word[1:]) or not low.isalpha() or not low.isascii()
    if word.startswith(_EXACT) or is_name or len(low) < _SHORTEST or low.endswith(_NOMINAL):
        return _plurals(word)
    return _of_one_stem(low, (form for base in _bases(low) for form in _conjugated(base)))


@cache
def _plurals(word: str) -> frozenset[str]:
    low = word.lower().removeprefix(_EXACT)
    if word.startswith(_EXACT) or low in _UNBENT or len(low) < 2:
        return frozenset((low,))
    singular = low[:-3] + "y" if low.endswith("ies") else low[:-1] if low.endswith("s") and low[-2:] != "ss" else low
    plural = singular[:-1] + "ies" if re.search(r"[^aeiou]y$", singular) else singular + "s"
    return _of_one_stem(low, {singular, singular + "es" if _HISSING.search(singular) else plural})


def _is_verbal(word: str) -> bool:
    return word.islower() and word.endswith(("ing", "ed")) and len(word) > _SHORTEST + 1


def _bases(word: str) -> Iterator[str]:
    """Yields what a word may be an inflected form of."""
    yield word
    for ending in ("ing", "ed", "es", "s"):
        root = word.removesuffix(ending)
        if len(word) > len(root) >= _SHORTEST - 1:
            yield from (root,) if ending == "s" else (root, root + "e")
            if len(root) > 2 and root[-1] == root[-2]:
                yield root[:-1]
    if word.endswith(("ies", "ied")):
        yield word[:-3] + "y"


def _conjugated(base: str) -> Iterator[str]:
    stem = base[:-1] if base.endswith("e") else base
    if re.search(r"[^aeiou]y$", base):
        yield from (base, base[:-1] + "ies", base[:-1] + "ied", base + "ing")
        return
    yield from (base, base + ("es" if _HISSING.search(base) else "s"), stem + "ed", stem + "ing")
    if 2 < len(base) < 6 and base[-1] not in _VOWELS + "wxy" and base[-2] in _VOWELS and base[-3] not in _VOWELS:
        yield from (base + base[-1] + "ed", base + base[-1] + "ing")


def _of_one_stem(word: str, forms: Iterable[str]) -> frozenset[str]:
    stem = _stemmer()
    own = stem(word)
    return frozenset(form for form in {word, *forms} if form == word or (len(form) > 1 and stem(form) == own))


@cache
def _stemmer() -> Callable[[str], str]:
    import snowballstemmer

    found: Callable[[str], str] = snowballstemmer.stemmer("porter").stemWord
    return found
