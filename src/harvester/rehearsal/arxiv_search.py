"""Which papers a query of arXiv's API finds, and in which order."""

from __future__ import annotations

from datetime import datetime
from fnmatch import fnmatchcase
from functools import lru_cache

from harvester.rehearsal.arxiv_grammar import Both, Dates, Query, Term
from harvester.rehearsal.stemming import stems, words
from harvester.rehearsal.world import PaperNow

STEMMED = ("ti", "abs", "co", "jr")
EVERYWHERE = ("ti", "abs", "au", "co", "jr", "cat", "id", "doi")


def finds(query: Query, paper: PaperNow) -> bool:
    """Whether the paper (as shown) fits the query."""
    match query:
        case Term():
            return _term(query, paper)
        case Dates():
            return query.since <= _minute(paper.published) <= query.until
        case Both("AND"):
            return finds(query.left, paper) and finds(query.right, paper)
        case Both("OR"):
            return finds(query.left, paper) or finds(query.right, paper)
        case _:
            return finds(query.left, paper) and not finds(query.right, paper)


def score(query: Query, paper: PaperNow) -> int:
    """How many terms of the query fit: a stand-in for relevance."""
    if isinstance(query, Both):
        return score(query.left, paper) + score(query.right, paper)
    return int(finds(query, paper))


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _term(term: Term, paper: PaperNow) -> bool:
    fields = EVERYWHERE if term.field == "all" else (term.field,)
    return any(_in_field(field, term, paper) for field in fields)


def _in_field(field: str, term: Term, paper: PaperNow) -> bool:
    facts = paper.facts
    if field in STEMMED:
        text = {
            "ti": facts.title,
            "abs": paper.version.abstract,
            "co": paper.version.comment,
            "jr": facts.journal_ref,
        }[field]
        return text is not None and _in_text(term.text, term.quoted, text)
    if field == "au":
        return any(_is_author(term.text, author) for author in facts.authors)
    if field == "cat":
        return any(fnmatchcase(category, term.text) for category in facts.categories)
    if field == "id":
        return term.text in (paper.id, f"{paper.id}v{paper.number}")
    if field == "doi":
        return facts.doi is not None and facts.doi.lower() == term.text.lower()
    return False  # rn: no paper of this world has a report number


@lru_cache(maxsize=262_144)
def _in_text(wanted: str, quoted: bool, text: str) -> bool:
    if not quoted and wanted.endswith("*"):
        return any(fnmatchcase(word, wanted.lower()) for word in words(text))
    phrase, there = stems(wanted), stems(text)
    width = len(phrase)
    if not phrase or not _vocabulary(text).issuperset(phrase):
        return False
    return any(there[n : n + width] == phrase for n in range(len(there) - width + 1))


@lru_cache(maxsize=65_536)
def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def _is_author(wanted: str, author: str) -> bool:
    """`lialin_v`, `Lialin` and `"Vladislav Lialin"` all name Vladislav Lialin."""
    there = words(author)
    parts = words(wanted.replace("_", " "))
    return bool(parts) and all(
        part in there or (len(part) == 1 and any(name.startswith(part) for name in there)) for part in parts
    )
