"""Accents in hand-kept Markdown that were written in LaTeX (`Schr\\"odinger`), before their backslash is Markdown's."""

from __future__ import annotations

import re

from harvester import tex

# Surely LaTeX: before any other character of a title such a backslash only escapes what follows.
_LATEX = re.compile(
    r"""(?<=[A-Za-z{])\\["^=`]\{?\\?[A-Za-z]|(?<=[a-z])\\'\{?[aeiouyAEIOU]|\{\\['"^`=~.]\s?\\?[A-Za-z]|\\['"^`=~.]\{\\?[A-Za-z]\}"""
    r"""|\{\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L|[cvuHk]\s[A-Za-z])\}|\\[cvuHk]\{[A-Za-z]\}|\\(?:emph|text(?:it|bf|tt|sc))\{"""
)
# Code, addresses, HTML and math, where a backslash is none of an accent; one that is escaped itself; English apostrophes.
_KEPT = re.compile(
    r"(?<!\\)`+[^`]+`+|\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)|<[^<>]*>|https?://\S+|\$[^$]+\$"
    r"|\\\\|(?<=[A-Za-z])\\'(?:s|t|re|ve|ll|d)\b"
)


def readable(markdown: str) -> str:
    """The text of a title or of names with its TeX as characters."""
    return tex.readable(markdown) if _has_latex(markdown) else markdown


def letters(markdown: str) -> str:
    """The same Markdown with accents as letters; nothing else of it changes."""
    if not _has_latex(markdown):
        return markdown
    parts, at = [], 0
    for found in _KEPT.finditer(markdown):
        parts += [tex.accented(markdown[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*parts, tex.accented(markdown[at:])])


def _has_latex(markdown: str) -> bool:
    return "\\" in markdown and bool(_LATEX.search(markdown))
