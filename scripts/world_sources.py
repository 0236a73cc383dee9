"""What the shared folder knows about papers and repositories, read for `make_world.py`: facts, no sentences."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LINK = re.compile(r"\]\(https?://github\.com/([\w.-]+/[\w.-]+)")
PAPER = re.compile(r"arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5})")
NOT_A_REPOSITORY = {"tree/pv-tuning"}  # a badge in seed 004 took a path for an owner


@dataclass
class Listed:
    """What a list says about one paper."""

    title: str
    authors: tuple[str, ...] = ()
    repositories: list[str] = field(default_factory=list)


def read_json_lines(path: Path) -> Iterator[dict[str, Any]]:
    whole = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return (json.loads(line) for line in whole.decode("utf-8").split("\n") if line)


def read_seed(path: Path, misread_as: str) -> str:
    """The seed with its mojibake undone, line by line (a clean line cannot be encoded back and stays)."""
    return "\n".join(_undo(line, misread_as) for line in path.read_text(encoding="utf-8").splitlines())


def _undo(line: str, misread_as: str) -> str:
    try:
        return line.encode(misread_as).decode("utf-8")
    except UnicodeError:
        return line


def repositories_of(text: str) -> set[str]:
    """Every owner/name that the text links to."""
    return {name.removesuffix(".git") for name in LINK.findall(text)} - NOT_A_REPOSITORY


def bullets(text: str) -> dict[str, Listed]:
    """The papers of the bullet-style seed."""
    found: dict[str, Listed] = {}
    for block in re.split(r"(?m)^- ", text)[1:]:
        ids = PAPER.findall(block)
        title = re.match(r"\*\*(.+?)\*\*,", block, re.S) or re.match(r"\s*\[\[[\d.]+\] (.+?)\]\(", block)
        authors = re.search(r"(?m)^\s+\*(.+?)\*", block)
        if ids and title:
            found[ids[0]] = Listed(
                title=re.sub(r"\s+", " ", title[1]),
                authors=_names(authors[1]) if authors else (),
                repositories=_repositories(LINK.findall(block)),
            )
    return found


def rows(text: str) -> dict[str, Listed]:
    """The papers of the table-style seed."""
    found: dict[str, Listed] = {}
    for line in text.splitlines():
        cell = re.search(r"\[([^\]]+)\]\(https://arxiv\.org/(?:abs|pdf)/([\d.]+)\)\s*<br>\s*([^|]+)", line)
        if line.startswith("|") and cell:
            found[cell[2]] = Listed(cell[1].strip(), _names(cell[3]), _repositories(LINK.findall(line)))
    return found


def _repositories(names: list[str]) -> list[str]:
    return [name for name in names if name not in NOT_A_REPOSITORY]


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in re.split(r",| and ", text) if name.strip())


def metadata(shared: Path) -> dict[str, dict[str, Any]]:
    """Real metadata by arXiv id; a record of the lists' own papers goes before one of the months."""
    folder = shared / "realdata" / "arxiv-metadata"
    paths = [*sorted((folder / "by_id_month").glob("*.jsonl.gz")), folder / "listed_papers.jsonl.gz"]
    return {record["arxiv_id"]: record for path in paths for record in read_json_lines(path)}


def table_list_entries(shared: Path) -> dict[str, Listed]:
    """What the table-style list held over its history: ids with titles, authors and repositories."""
    path = shared / "realdata" / "labels" / "horseee_entries.jsonl"
    return {
        entry["arxiv_id"]: Listed(entry["title"], _names(entry["authors"] or ""), _repositories(entry["github"]))
        for entry in read_json_lines(path)
        if entry.get("arxiv_id")
    }


def dated_counts(shared: Path, name: str) -> dict[str, list[tuple[str, int, str]]]:
    """(day, value, source) by lower-case id, in the order of days; `name` is `citations` or `stars`."""
    found: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for line in read_json_lines(shared / "realdata" / "citations-and-stars" / f"{name}.jsonl.gz"):
        if line["value"] is not None and line["value"] >= 0:
            found[line["id"].lower()].append((line["as_of"], line["value"], line["source"]))
    return {key: sorted(values) for key, values in found.items()}
