"""Takes the one line of authors that arXivRaw gives apart into names.

"C. Balázs (1), E. L. Berger and P. M. Nadolsky ((1) Argonne, (2) Davis)" is how arXiv asks authors to write them,
https://info.arxiv.org/help/prep.html#author: names between commas or "and", affiliations in parentheses. Where somebody
wrote otherwise the result is as good as the line; the feed of the query API, which has names apart, goes before it.
"""

from __future__ import annotations

import re

_INNERMOST = re.compile(r"\([^()]*\)")
_BETWEEN = re.compile(r"\s*[,;]\s*(?:and\s+|&\s+)?|\s+and\s+|\s+&\s+")
_BEHIND = re.compile(r"(?:Jr|Sr|II|III|IV)\.?", re.IGNORECASE)  # belongs to the name before its comma
_COLLABORATION = re.compile(r"(.*\b(?:collaboration|consortium|team|group))\s*:\s*", re.IGNORECASE)
_OTHERS = re.compile(r"(?:et\.?\s+al\.?|and others|others)", re.IGNORECASE)


def names(line: str) -> tuple[str, ...]:
    """Returns the names in order, without affiliations; of none of them, nothing."""
    bare = _without_parentheses(line) if "(" in line else line
    together = _COLLABORATION.match(bare) if ":" in bare else None
    found: list[str] = [" ".join(together[1].split())] if together else []
    for part in _BETWEEN.split(bare[together.end() :] if together else bare):
        name = " ".join(part.split()).removesuffix(" et al.").removesuffix(" et al")
        if not name or _OTHERS.fullmatch(name):
            continue
        if found and _BEHIND.fullmatch(name):
            found[-1] = f"{found[-1]}, {name}"
        elif any(sign.isalpha() for sign in name):
            found.append(name)
    return tuple(found)


def _without_parentheses(line: str) -> str:
    """Takes parentheses out from the inside, a few levels deep; one that never closes ends the line."""
    for _ in range(5):
        shorter = _INNERMOST.sub(" ", line)
        if shorter == line:
            break
        line = shorter
    return " ".join(line.partition("(")[0].replace(")", " ").split())  # long runs of blanks would cost the split dearly
