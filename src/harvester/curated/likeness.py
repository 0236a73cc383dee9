"""Titles and names as they are compared: without case, accents, markup and punctuation."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from harvester.tex import readable

_COMMAND = re.compile(r"\\(?:[A-Za-z]+\*?|.)")
_GREEK = dict(  # part of a title, as a letter or as TeX's command: an α-divergence is no β-divergence
    zip(
        "αβγδεζηθικλμνξπρστυφχψω",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
        "omega".split(),
        strict=True,
    )
)
_SPOKEN = str.maketrans({letter: f" {name} " for letter, name in _GREEK.items()})
_PLUS = re.compile(r"(?<=\w)\++(?!\w)")
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile(
    r"(?:\s*[(\[]\s*(?:v|version\s*)\d+\s*[)\]]|[,.]?\s+arXiv(?:,?\s*(?:19|20)\d\d.*)?)\s*$", re.IGNORECASE
)  # "(v2)", ", arXiv, 2023" at the end are no part of the title; "(2023)" is: findings appear every year
_CUT = re.compile(  # where a subtitle begins, or a name in brackets at the end
    r"\s*(?:[:?!;]\s+|：|\s[-–—]+\s|[—]|\.\s+(?=[A-Z])|\s(?=[(\[][^()\[\]]*[)\]]\s*$))\s*"
)
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "×": "x", "&": " and "}
)
_STOP = frozenset("a an the of for in on at to with by via from and or is are as its their using through under".split())
_NUMERALS = frozenset(
    "ii iii iv vi vii viii ix xi xii one two three four five six seven eight nine ten "
    "first second third fourth fifth sixth seventh eighth ninth tenth".split()
)
_COUNTERS = frozenset(  # a numeral or a letter follows
    "part parts volume vol chapter episode act step stage v version task subtask track phase round level".split()
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:-?[bkmtd]\b)?")  # "4-bit", "4bit": 4; "7B": 7b, which is no 7M
_YEAR = re.compile(r"(?:19|20)\d\d")
# Words that say that this is another paper about the same one.
_REPLIES = frozenset(
    "comment comments reply response rebuttal erratum errata corrigendum correction addendum supplement supplementary "
    "retraction revisited revisiting appendix followup sequel reproduction reproducing reproducibility replication "
    "replicating reloaded reconsidered".split()
)
_FURTHER = frozenset(("application", "extension"))  # so too where a subtitle begins with them
_SHORT = {
    "llm": ("large", "language", "model"),
    "lm": ("language", "model"),
    "plm": ("pretrained", "language", "model"),
    "kv": ("key", "value"),
    "moe": ("mixture", "expert"),
    "vit": ("vision", "transformer"),
    "gnn": ("graph", "neural", "network"),
    "dnn": ("deep", "neural", "network"),
    "nlp": ("natural", "language", "processing"),
    "peft": ("parameter", "efficient", "fine", "tuning"),
}
_AND_OTHERS = re.compile(r"\b(?:et\s+al|and\s+others|etc)\b\.?|\.\.\.|…", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;，、]|&|·|\band\b)\s*")


def folded(text: str) -> str:
    """Returns the text in lower case, without accents; letters that have none of their own parts become plain ones."""
    low = text.casefold()
    if low.isascii():
        return low.replace("&", " and ") if "&" in low else low
    low = low.translate(_LETTERS)
    return "".join(char for char in unicodedata.normalize("NFKD", low) if not unicodedata.combining(char))


def words(text: str) -> tuple[str, ...]:
    """Returns the words of a text, folded; commands of TeX that are not known are left out."""
    if "\\" in text:
        text = _COMMAND.sub(_command, text)
    low = folded(text).replace("'", "").replace("’", "")
    if not low.isascii():
        low = low.translate(_SPOKEN)
    return tuple(_WORD.findall(_PLUS.sub(_spelt_out, low) if "+" in low else low))


def _command(found: re.Match[str]) -> str:
    name = found[0][1:].lower().removeprefix("var")
    return " x " if name == "times" else f" {name} " if name in _GREEK.values() else " "


def _spelt_out(found: re.Match[str]) -> str:
    """A plus behind a name is part of it: LANTERN++ is not LANTERN."""
    return "plus" * len(found[0])


def content(found: Sequence[str]) -> tuple[str, ...]:
    """Returns words without the small ones, acronyms that everybody knows spelt out, plurals as singulars."""
    told: list[str] = []
    for word in map(singular, found):
        told.extend(_SHORT.get(word, (word,)))
    return tuple(word for word in told if word not in _STOP)


@dataclass(frozen=True)
class Title:
    """A title as it is compared; what costs time is worked out when it is first asked for."""

    written: str

    @cached_property
    def plain(self) -> str:
        """Without TeX, HTML, and a mark such as "(v2)" at its end."""
        return _MARKS.sub("", readable(html.unescape(self.written)))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words in order."""
        return words(self.plain)

    @cached_property
    def joined(self) -> str:
        """Its words without spaces: "finetuning" and "fine-tuning" are one."""
        return "".join(self.words)

    @cached_property
    def content(self) -> tuple[str, ...]:
        """The words that tell what it is about."""
        return content(self.words)

    @cached_property
    def rare(self) -> frozenset[str]:
        """Its content, each word once."""
        return frozenset(self.content)

    @cached_property
    def digits(self) -> tuple[str, ...]:
        """Its numbers, with their points: 1.5 is not 15."""
        return tuple(number.replace("-", "") for number in _NUMBER.findall(folded(self.plain)))

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """What tells the parts of a series apart, sorted: numbers, numerals, names of parts and their letters."""
        found = list(self.digits)
        for n, word in enumerate(self.words):
            counted = n and self.words[n - 1] in _COUNTERS and len(word) == 1 and not word.isdigit()
            last = n == len(self.words) - 1 and word in ("i", "v", "x")
            if word in _NUMERALS or counted or last:
                found.append(word)
        return tuple(sorted(found))

    @cached_property
    def replies(self) -> frozenset[str]:
        """Words that say that the paper is about another one."""
        begun = (word for part in self.segments[1:] for word in content(part)[:1])
        return _REPLIES.intersection(self.words) | _FURTHER.intersection(begun)

    @cached_property
    def segments(self) -> tuple[tuple[str, ...], ...]:
        """The words of its parts, where a subtitle is cut off."""
        parts = _CUT.split(self.plain)
        return tuple(found for part in parts if (found := words(part))) if len(parts) > 1 else ()

    @cached_property
    def name(self) -> str | None:
        """The name that a title gives its own work: one word before a colon, with capitals or digits inside."""
        head, colon, _ = self.plain.partition(":")
        head = head.strip()
        if not colon or len(head.split()) != 1 or len(head) < 4 or not re.search(r".[A-Z]|\d", head):
            return None
        return "".join(words(head)) or None


def told_apart(one: Title, other: Title) -> bool:
    """Tells whether titles say that they are two of a series, or one about the other."""
    return one.numbers != other.numbers or one.replies != other.replies


def dated(found: Sequence[str]) -> bool:
    """Tells whether words name a year."""
    return any(_YEAR.fullmatch(word) for word in found)


def singular(word: str) -> str:
    """Returns the word without a plural ending."""
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return word


def people(authors: Sequence[str]) -> tuple[frozenset[str], ...]:
    """Returns the names of authors as keys, one set a person: two sets that share a key may be one person.

    `authors` are names, or lists of names in one text as pages have them. A key is a name with the initial of another:
    "frantar e" and "elias f" for Elias Frantar, "frantar e" for E. Frantar. A name of one word is its own key.
    """
    found = []
    for text in authors:
        for name in _BETWEEN_NAMES.split(_AND_OTHERS.sub(",", text)):
            if keys := _keys(name):
                found.append(keys)
    return tuple(found)


def _keys(name: str) -> frozenset[str]:
    plain = folded(readable(name))
    if "\\" in plain:
        plain = re.sub(r"\\.|[{}\"]", "", plain)
    parts = [_plainest(part) for part in _WORD.findall(plain.replace("-", "").replace("'", ""))]
    whole = [part for part in parts if len(part) > 1]
    if len(parts) == 1 or not whole:
        return frozenset(whole)
    return frozenset(
        f"{one} {other[0]}" for n, one in enumerate(parts) if len(one) > 1 for other in parts[:n] + parts[n + 1 :]
    )


def _plainest(part: str) -> str:
    """Müller is also written Mueller."""
    return part.replace("ue", "u").replace("oe", "o").replace("ae", "a")


def shared(one: Sequence[frozenset[str]], other: Sequence[frozenset[str]]) -> int:
    """Counts the people of the shorter list who stand in the longer one as well; one name alone may be either of two."""
    few, many = sorted((one, other), key=len)
    there = frozenset().union(*many)
    mine = frozenset().union(*few)
    names_there, names_mine = _names(there), _names(mine)
    if names_there.isdisjoint(names_mine):
        return 0
    alone_there, alone_mine = there & names_there, mine & names_mine
    return sum(
        1
        for keys in few
        if not keys.isdisjoint(there)
        or (alone_there and not _names(keys).isdisjoint(alone_there))
        or (alone_mine and not keys.isdisjoint(alone_mine) and not keys.isdisjoint(names_there))
    )


def _names(keys: frozenset[str]) -> frozenset[str]:
    """Returns keys without initials."""
    return frozenset(key.partition(" ")[0] for key in keys)
