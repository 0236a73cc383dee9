"""Pairs of papers that are one, made by seed from real titles, authors and abstracts (of two: `twin_others.py`)."""

from __future__ import annotations

import gzip
import json
import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from harvester.curated.works import Work
from harvester.ids import Subject

REAL = Path(__file__).resolve().parents[1] / ".." / "shared" / "realdata"
REHEARSED = Path(__file__).resolve().parents[1] / "src" / "harvester" / "rehearsal" / "world_files" / "papers.jsonl"


@dataclass(frozen=True)
class Material:
    """One real paper to build from."""

    arxiv_id: str
    title: str
    authors: tuple[str, ...]
    abstract: str


@dataclass(frozen=True)
class Pair:
    """Two works, whether they are one, and how they were made."""

    one: Work
    other: Work
    same: bool
    how: str


def real_papers(most: int) -> list[Material]:
    """Reads papers that have authors from the shared metadata, evenly over its months; none where that is absent."""
    found = []
    for path in sorted((REAL / "arxiv-metadata" / "by_id_month").glob("2*.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            read = (json.loads(line) for line in lines)
            found += [
                Material(d["arxiv_id"], d["title"], tuple(d["authors"]), d["abstract"])
                for d in read
                if d.get("authors")
            ]
    step = max(1, len(found) // most)
    return found[::step][:most]


def rehearsed_papers() -> list[Material]:
    """Reads the papers of the rehearsal's world."""
    read = (json.loads(line) for line in REHEARSED.read_text(encoding="utf-8").splitlines())
    return [
        Material(d["id"], d["title"], tuple(d["authors"]), d["versions"][-1]["abstract"]) for d in read if d["authors"]
    ]


def work(paper: Material, name: str | None = None, **other: object) -> Work:
    facts: dict[str, object] = {"titles": (paper.title,), "authors": paper.authors}
    return Work(Subject(name or f"arxiv:{paper.arxiv_id}"), **{**facts, **other})  # type: ignore[arg-type]  # a builder


# --- one paper, written twice ------------------------------------------------------------------------------------------

Change = Callable[[random.Random, Material], str | None]


def _case(rng: random.Random, paper: Material) -> str | None:
    return rng.choice([paper.title.upper(), paper.title.lower(), paper.title.title()])


def _punctuation(rng: random.Random, paper: Material) -> str | None:
    return re.sub(r"[:,?!.–-]+", " ", paper.title).strip() + rng.choice([".", "", " "])


def _subtitle_dropped(rng: random.Random, paper: Material) -> str | None:
    head, colon, tail = paper.title.partition(": ")
    named = len(head.split()) > 2 or (len(head) > 3 and re.search(r".[A-Z0-9]", head) and " " not in head)
    kept = [head] * bool(named) + [tail] * (len(tail.split()) > 3)
    return rng.choice(kept) if colon and kept else None


def _marked(rng: random.Random, paper: Material) -> str | None:
    return f"{paper.title} {rng.choice(['(v2)', '[v3]', '(Version 2)'])}"


def _hyphens(rng: random.Random, paper: Material) -> str | None:
    changed = re.sub(r"(?<=[a-z])-(?=[a-z])", rng.choice([" ", ""]), paper.title)
    return changed if changed != paper.title else None


def _spelt_out(rng: random.Random, paper: Material) -> str | None:
    changed = re.sub(r"Large Language Models?", "LLMs", paper.title)
    if changed == paper.title:
        changed = re.sub(r"\bLLMs\b", "Large Language Models", paper.title)
    return changed if changed != paper.title else None


def _latex(rng: random.Random, paper: Material) -> str | None:
    shown = rng.randrange(3)
    if shown == 0:
        return re.sub(r"\b([A-Z]{2,})\b", r"{\1}", paper.title).replace("&", r"\&")
    if shown == 1:
        return re.sub(r"^(\w[\w-]*)", r"\\textsc{\1}", paper.title)
    return paper.title.replace(" ", "\n  ", 1).replace("'", "\u2019").replace("-", "\u2010")


def _slip(rng: random.Random, paper: Material) -> str | None:
    long = [n for n, word in enumerate(paper.title.split()) if len(word) > 7 and word.isalpha()]
    if not long or len(paper.title.split()) < 4:
        return None
    parts = paper.title.split()
    n = rng.choice(long)
    at = rng.randrange(4, len(parts[n]) - 1)
    parts[n] = parts[n][:at] + parts[n][at + 1 :]
    return " ".join(parts)


# What a second id at arXiv shows: the same title, written otherwise. Subtitles are only lost on the way to a publisher.
SPELLINGS: tuple[Change, ...] = (_case, _punctuation, _marked, _hyphens, _spelt_out, _latex, _slip)


def _renamed(rng: random.Random, paper: Material) -> str:
    """Another title for the same text: a few words come, go or are replaced."""
    parts = paper.title.split()
    del parts[rng.randrange(len(parts))]
    return " ".join([rng.choice(["Towards", "Rethinking", "On", "Efficient"]), *parts])


def _edited(rng: random.Random, abstract: str) -> str:
    """An abstract after the reviews: some words replaced, and a last sentence about the code."""
    parts = abstract.split()
    for _ in range(max(1, len(parts) // 30)):
        parts[rng.randrange(len(parts))] = rng.choice(["also", "clearly", "thus", "new"])
    return " ".join([*parts, "The code is available."])


def _initials(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join([part[0] + "." for part in name.split()[:-1]] + name.split()[-1:]) for name in names)


def _as_page(rng: random.Random, names: Sequence[str]) -> tuple[str, ...]:
    """Authors as somebody else writes them."""
    how = rng.randrange(6)
    if how == 0:
        return _initials(names)
    if how == 1:
        return (", ".join([*names[:3], "...", names[-1]]) if len(names) > 4 else ", ".join(names),)
    if how == 2:
        return (f"{names[0]} et al.",)
    if how == 3:
        return tuple(rng.sample(list(names), len(names)))
    if how == 4:
        plain = (unicodedata.normalize("NFKD", name) for name in names)
        return tuple("".join(char for char in name if ord(char) < 128) for name in plain)
    return (" and ".join(names),)


def same_pairs(rng: random.Random, papers: Sequence[Material], most: int) -> list[Pair]:
    """Makes pairs of one paper, every kind of change equally often as far as titles allow it."""
    pairs: list[Pair] = []
    kinds = (_by_identifier, _published, _published_without_subtitle, _twice_at_arxiv, _text_kept)
    for n, paper in enumerate(paper for paper in papers if len(paper.title.split()) > 3):
        if len(pairs) == most:
            break
        pair = kinds[n % len(kinds)](rng, n, paper)
        pairs += [pair] if pair else []
    return pairs


def _by_identifier(rng: random.Random, n: int, paper: Material) -> Pair | None:
    """The published twin has a title of its own, and the publisher's DOI is what arXiv gives."""
    if n % 2:
        return None
    doi = Subject(f"doi:10.1145/{n}.{n + 7}")
    other = Work(doi, ("Proceedings version, with another name",), paper.authors[:1])
    return Pair(work(paper, names=frozenset((doi,))), other, True, "publisher's DOI")


def _published(rng: random.Random, n: int, paper: Material) -> Pair | None:
    return _otherwise(rng, n, paper, rng.choice(SPELLINGS), _elsewhere(rng, n))


def _published_without_subtitle(rng: random.Random, n: int, paper: Material) -> Pair | None:
    return _otherwise(rng, n, paper, _subtitle_dropped, _elsewhere(rng, n))


def _twice_at_arxiv(rng: random.Random, n: int, paper: Material) -> Pair | None:
    return _otherwise(rng, n, paper, rng.choice(SPELLINGS), _at_arxiv(n), abstract=_edited(rng, paper.abstract))


def _text_kept(rng: random.Random, n: int, paper: Material) -> Pair | None:
    """Renamed: authors and abstract tell. One author alone and a few lines of abstract tell nobody."""
    if len(paper.authors) < 2 or len(paper.abstract) < 400:
        return None
    name = rng.choice([_at_arxiv(n), _elsewhere(rng, n)])
    other = work(paper, name, titles=(_renamed(rng, paper),), abstract=_edited(rng, paper.abstract))
    return Pair(work(paper, abstract=paper.abstract), other, True, "renamed")


def _otherwise(rng: random.Random, n: int, paper: Material, change: Change, name: str, **facts: str) -> Pair | None:
    title = change(rng, paper)
    if title is None:
        return None
    other = work(paper, name, titles=(title,), authors=_as_page(rng, paper.authors), **facts)
    where = "at arXiv" if name.startswith("arxiv:") else "elsewhere"
    return Pair(work(paper, abstract=paper.abstract), other, True, f"{change.__name__.strip('_')} {where}")


def _elsewhere(rng: random.Random, n: int) -> str:
    return rng.choice([f"doi:10.18653/v1/x{n}", f"openreview:Abcdef{n}", f"url:https://example.org/{n}"])


def _at_arxiv(n: int) -> str:
    return f"arxiv:99{n % 12 + 1:02}.{n:05}"
