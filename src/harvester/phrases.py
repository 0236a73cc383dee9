"""What counts as the same phrase: one expansion for the local match and for the upstream's query.

Both sides are made from `spellings`, so that the query covers every spelling the local match accepts. A written phrase is
matched without regard to case; between its words stand spaces or hyphens; its last word may carry a plural ending (the
arXiv index is stemmed, so the query needs no plural). A phrase written *with a hyphen* may also be written in one word:
"fine-tuning" accepts "fine-tuning", "fine tuning" and "finetuning", while "low rank" does not accept "lowrank".
"""

from __future__ import annotations

import re

_HYPHENS = "\u2010\u2011\u2012\u2013\u2014-"  # the plain hyphen last: inside brackets it would span a range
_BETWEEN = rf"[\s{_HYPHENS}]+"
_WORD_BREAK = re.compile(rf"[\s{_HYPHENS}]+")


def spellings(phrase: str) -> tuple[str, ...]:
    """Returns the spellings of a phrase as words parted by single spaces, lower case, the separated one first."""
    written = phrase.strip().lower()
    parted = " ".join(word for word in _WORD_BREAK.split(written) if word)
    joined = " ".join(re.sub(f"[{_HYPHENS}]", "", word) for word in written.split())
    return (parted,) if joined == parted else (parted, joined)


def pattern(phrase: str) -> str:
    """Writes the regular expression (to be used with IGNORECASE) that finds every accepted form of the phrase."""
    forms = "|".join(_form(spelling) for spelling in spellings(phrase))
    return rf"(?<!\w)(?:{forms})(?!\w)"


def _form(spelling: str) -> str:
    words = [re.escape(word) for word in spelling.split()]
    return _BETWEEN.join(words) + "(?:s|es)?"
