"""A small English stemmer, enough for "caching" to find "caches" and "quantized" to find "quantization".

arXiv searches title and abstract by stems (an English analyser), so a quoted phrase keeps the order of its words but
not their literal form. This one cuts the common endings; it is cruder than the real one and never the other way
round: what the real one brings together in our topics, this one does too.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
ENDINGS = (
    "izations", "isations", "ization", "isation", "izing", "ising", "ized", "ised", "izes", "ises", "izer", "ize", "ise",
    "atives", "ative", "ations", "ation", "ators", "ator", "ating", "ated", "ates", "ate",
    "ives", "ive", "encies", "ences", "ency", "ence", "ents", "ent", "ities", "ity", "ions", "ion",
    "ings", "ing", "ies", "ied", "ed", "ers", "er", "es", "s", "e", "y",
)  # fmt: skip
SHORTEST = 3  # letters that must stay, but before a plural: "KVs"


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of one lower-case word: endings are cut until none is left, "answering" and "answer" are one."""
    while (shorter := _shortened(word)) != word:
        word = shorter
    return word


def _shortened(word: str) -> str:
    if word.endswith("ss"):
        return word
    if word.endswith("ly") and len(word) > 5:
        return word[:-2]
    for ending in ENDINGS:
        least = 2 if ending == "s" else SHORTEST + ending.startswith("en")
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return _single(word[: -len(ending)])
    return _single(word)


def _single(stemmed: str) -> str:
    """`running` loses its doubled consonant, as `run` has one."""
    doubled = len(stemmed) > SHORTEST and stemmed[-1] == stemmed[-2] and stemmed[-1] not in "aeious"
    return stemmed[:-1] if doubled else stemmed


def fold(text: str) -> str:
    """Lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


@lru_cache(maxsize=65_536)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded; hyphens separate."""
    return tuple(WORD.findall(fold(text)))


@lru_cache(maxsize=65_536)
def stems(text: str) -> tuple[str, ...]:
    """The stems of a text's words in order."""
    return tuple(stem(word) for word in words(text))
