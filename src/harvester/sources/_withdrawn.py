"""Reads out of an arXiv comment or abstract whether the authors or arXiv withdrew the paper.

arXiv's query API has no flag: a withdrawal is a new version without text whose comment (or, more rarely, whose abstract)
says so. The word alone proves nothing: papers are withdrawn from conferences, supersede withdrawn ones, and study
withdrawals. So a comment must say that *this* paper was withdrawn, and an abstract must open a sentence with it.
"""

from __future__ import annotations

import re

_PAPER = r"(?:arxiv\s+)?(?:paper|article|submission|manuscript|pre-?print|work|report|letter|note|thesis|entry|version)"
_ELSEWHERE = (
    r"(?!\s+(?:by\s+(?:the\s+|its\s+)?authors?\s+)?from\s+(?!(?:the\s+)?arxiv))"  # from a conference, a journal
)
_HAS_BEEN = rf"(?:has\s+(?:now\s+)?been|have\s+been|is|was|is\s+being|is\s+hereby)\s+(?:\w+\s+)?withdrawn{_ELSEWHERE}"
_THIS_IS = rf"this\s+(?:[\w-]+\s+){{0,2}}{_PAPER}\s+{_HAS_BEEN}"  # "this 2005 report has been withdrawn"
_THIS = rf"this\s+(?:[\w-]+\s+){{0,2}}{_HAS_BEEN}"  # said in a comment, it is about the paper
_WE_DO = (
    r"(?:we|i|the\s+authors?)\s+(?:have\s+|has\s+|hereby\s+|wish\s+to\s+|would\s+like\s+to\s+|decided\s+to\s+)?"
    rf"(?:withdraw|withdraws|withdrew|withdrawn)\s+(?:this|the|our)\s+{_PAPER}{_ELSEWHERE}"
)
_BY_WHOM = rf"withdrawn\s+by\s+(?:the\s+|its\s+)?(?:authors?|submitter|arxiv)\b(?:\(s\))?{_ELSEWHERE}"
_OPENING = rf"(?:the\s+)?(?:{_PAPER}\s+)?(?:(?:is|was|has\s+been)\s+)?withdrawn\b{_ELSEWHERE}"

_START = r"(?:^|(?<=[.!?;])\s+|(?<=[\[({*])\s*)\W{0,3}"
_COMMENT = re.compile(rf"^\W*{_OPENING}|\b(?:{_THIS_IS}|{_THIS}|{_WE_DO})|{_START}(?:{_BY_WHOM})", re.IGNORECASE)
_ABSTRACT = re.compile(rf"{_START}(?:{_THIS_IS}|{_WE_DO})|^\W*withdrawn\b{_ELSEWHERE}", re.IGNORECASE)
_LONGEST = 200


def evidence(comment: str | None, abstract: str) -> str | None:
    """Returns the words that say the paper is withdrawn, with their place ("comment: …"); None where nothing says so."""
    for place, text, pattern in (("comment", comment, _COMMENT), ("abstract", abstract, _ABSTRACT)):
        if text and (found := pattern.search(text)):
            words = text[found.start() :].lstrip(" .;[({*").rstrip()
            sentence = re.split(r"(?<=[.!?])\s", words, maxsplit=1)[0]
            return f"{place}: {sentence[:_LONGEST]}"
    return None
