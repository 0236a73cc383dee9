"""TeX in titles and names as arXiv hands them on: accents, quotes and plain markup become characters; math stays TeX.

arXiv gives metadata as its authors typed them, https://info.arxiv.org/help/prep.html. `$…$` is left alone, because
GitHub typesets it; so is every command that is not known here.
"""

from __future__ import annotations

import re
import unicodedata

_MATH = re.compile(r"(\$[^$]+\$)")
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "i": "i", "j": "j",
}  # fmt: skip
_LETTER = r"(?:\\[ij](?![A-Za-z])|[A-Za-z])"
_MARKED = re.compile(
    rf"""\\([`'^~=."])\s?(?:\{{({_LETTER})\}}|({_LETTER}))|\\([uvHckrd])(?:\{{({_LETTER})\}}|\s({_LETTER})(?![A-Za-z]))"""
)
_NAMED = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L)(?:\{\}|(?![A-Za-z])\s?)")
_ALONE = re.compile(r"\{([^\x00-\x7f])\}")  # an accent in braces of its own
# Braces that only protect their content; those of an unknown command stay.
_DRESSED = re.compile(r"\\(?:emph|text(?:it|bf|tt|sc|sf|rm)?)\{([^{}]*)\}")
_BRACED = re.compile(r"(?<![\\A-Za-z}])\{([^{}\\$]+)\}")
_ESCAPED = re.compile(r"\\([%&_#{}])")


def readable(text: str) -> str:
    """Returns the text with its TeX as characters, as far as there are any; text without TeX comes back as it is."""
    if not any(char in text for char in "\\{`'~"):
        return text
    return "".join(part if part.startswith("$") else _plain(part) for part in _MATH.split(text))


def accented(text: str) -> str:
    """Returns the text with accents, letters of their own and slanted or bold words as characters; all else stays."""
    text = _MARKED.sub(_marked, text)
    text = _NAMED.sub(lambda found: _LETTERS[found[1]], text)
    text = _ALONE.sub(r"\1", text)
    return _DRESSED.sub(r"\1", text)


def _plain(text: str) -> str:
    text = accented(text)
    text = _BRACED.sub(r"\1", text)
    text = _ESCAPED.sub(r"\1", text)
    text = text.replace("``", "“").replace("''", "”")
    return re.sub(r"(?<=\w)~(?=\w)", " ", text)


def _marked(found: re.Match[str]) -> str:
    accent = found[1] or found[4]
    letter = found[2] or found[3] or found[5] or found[6]
    return unicodedata.normalize("NFC", letter.removeprefix("\\") + _ACCENTS[accent])
