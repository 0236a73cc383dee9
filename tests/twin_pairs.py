"""Pairs of papers that are one, and hard pairs that are two, made by seed from real titles and authors."""

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
OTHERS = ("Ingeborg Waldtraut", "Tobias Quirrenbach", "Mafalda Estevão", "Piotr Żółkiewski")


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


def _word_order(rng: random.Random, paper: Material) -> str | None:
    head, colon, tail = paper.title.partition(": ")
    if colon and len(tail.split()) > 1 and len(head.split()) > 1:
        return f"{tail}: {head}"
    before, of, after = paper.title.partition(" for ")
    return f"{after}: {before}" if of and len(after.split()) > 1 and len(before.split()) > 1 else None


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


def _generic_word(rng: random.Random, paper: Material) -> str | None:
    parts = paper.title.split()
    if len(parts) < 6:
        return None
    return rng.choice(["Towards ", "Efficient ", "A Novel Approach to ", "On the "]) + paper.title


CHANGES: tuple[Change, ...] = (
    _case, _punctuation, _subtitle_dropped, _word_order, _marked, _hyphens, _spelt_out, _latex, _slip, _generic_word,
)  # fmt: skip


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
    for n, paper in enumerate(papers):
        if len(pairs) == most:
            break
        pairs += _by_identifier(n, paper) if n % 12 == 0 else _by_title(rng, n, paper)
    return pairs


def _by_identifier(n: int, paper: Material) -> list[Pair]:
    """The published twin has a title of its own, and the publisher's DOI is what arXiv gives."""
    doi = Subject(f"doi:10.1145/{n}.{n + 7}")
    other = Work(doi, ("Proceedings version, with another name",), paper.authors[:1])
    return [Pair(work(paper, names=frozenset((doi,))), other, True, "publisher's DOI")]


def _by_title(rng: random.Random, n: int, paper: Material) -> list[Pair]:
    change = CHANGES[n % len(CHANGES)]
    title = change(rng, paper)
    if title is None or len(paper.title.split()) < 3:
        return []
    twin = rng.choice(
        [
            f"doi:10.18653/v1/x{n}",
            f"openreview:Abcdef{n}",
            f"url:https://example.org/{n}",
            f"arxiv:99{n % 12 + 1:02}.{n:05}",
        ]
    )
    other = work(paper, twin, titles=(title,), authors=_as_page(rng, paper.authors))
    return [Pair(work(paper), other, True, change.__name__.strip("_"))]


# --- two papers that look alike ----------------------------------------------------------------------------------------


def other_pairs(rng: random.Random, papers: Sequence[Material], most: int) -> list[Pair]:
    """Makes pairs of two papers: series, other fields, other authors, surveys, and what one group really wrote."""
    made: list[Callable[[Material], tuple[str, str, str, tuple[str, ...]]]] = [
        lambda p: ("series", f"{p.title} Part I", f"{p.title} Part II", p.authors),
        lambda p: ("field", f"{_short(p)} for Vision", f"{_short(p)} for Language", p.authors),
        lambda p: ("other authors", p.title, p.title, OTHERS),
        lambda p: ("survey", f"A Survey of {_last(p)} in Medicine", f"A Survey of {_last(p)} in Finance", p.authors),
        lambda p: ("next version", f"{_head(p)}Net: {p.title}", f"{_head(p)}Net2: {p.title}", p.authors),
        lambda p: ("reply", p.title, f"Comment on: {p.title}", p.authors),
        lambda p: ("survey by others", f"A Survey on {_last(p)}", f"{_last(p)}: A Survey", OTHERS),
    ]
    pairs = []
    for n, paper in enumerate(papers[: most * 4 // 5]):
        how, one, other, authors = made[n % len(made)](paper)
        theirs = work(paper, f"url:https://example.org/other/{n}", titles=(other,), authors=authors)
        pairs.append(Pair(work(paper, f"doi:10.1/{n}", titles=(one,)), theirs, False, how))
    return pairs + _of_one_group(papers)[: most - len(pairs)]


def _short(paper: Material) -> str:
    return paper.title.partition(":")[0] if len(paper.title.partition(":")[0].split()) > 2 else paper.title


def _last(paper: Material) -> str:
    return " ".join(paper.title.split()[-4:])


def _head(paper: Material) -> str:
    return paper.title.split()[0].strip(":,.").capitalize()


def _of_one_group(papers: Sequence[Material]) -> list[Pair]:
    """Real papers of one first author whose titles share most words would be twins; the others are none."""
    by_first: dict[tuple[str, ...], list[Material]] = {}
    for paper in papers:
        by_first.setdefault((paper.authors[0], paper.authors[-1]), []).append(paper)
    return [
        Pair(work(group[0]), work(second), False, "one group")
        for group in by_first.values()
        for second in group[1:]
        if group[0].title.lower() != second.title.lower()
    ]
