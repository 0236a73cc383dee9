"""Counts what a hand-kept list holds from its raw text, with means of its own: nothing of our parsers is used here.

What must be found again, after the link normalisations of docs/lists.md: arXiv ids, GitHub repositories, all other links,
notes and headings.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"
SEEDS = {"001": "001_3d0a2a30dc170c29.txt", "004": "004_5ba7cabd43c95164.txt"}
_ENCODED = {"001": "cp1252", "004": "mac_roman"}
_ID = r"(?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})"
_REPOSITORY = re.compile(r"\]\(https?://github\.com/([\w.-]+/[\w.-]+)")
_URL = re.compile(r"\]\(\s*([^\s()]*(?:\([^()\s]*\)[^\s()]*)*)\s*\)|\bsrc=\"([^\"]*)\"")


def seed(name: str) -> str | None:
    """The seed as its authors wrote it, its wrong decoding undone; None where the shared folder is absent."""
    path = SHARED / "seeds" / SEEDS[name]
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    lines = []
    for line in text.split("\n"):
        try:
            lines.append(line.encode(_ENCODED[name]).decode("utf-8"))
        except UnicodeError:
            lines.append(line)
    return "\n".join(lines)


def hand_kept(*names: str) -> list[Path]:
    """The hand-kept lists below these folders of the shared ones; empty where the shared folder is absent."""
    return sorted(path for name in names for path in (SHARED / "realdata" / "lists" / name).rglob("*.md"))


def words(text: str) -> set[str]:
    """Every word that a reader sees, and none of an address, a badge or a comment."""
    seen = re.sub(r"<!--.*?-->|\[//\]: #.*|!\[[^\]]*\]\([^)]*\)", " ", text)
    seen = re.sub(r"^\s*[-*+] +\[[^\[\]]*\]\((?:#|[\w./]+\.md)[^()]*\)\s*$", " ", seen, flags=re.MULTILINE)  # the index
    seen = re.sub(r"(github\.com/([\w.-]+)/[^()]*\)) - \2\b", r"\1", seen)  # an owner, whom the address names too
    seen = re.sub(r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)|<[^<>]*>|https?://\S+", " ", seen)
    return set(
        re.findall(r"[^\W_]*[^\W\d_][^\W_]{2,}", html.unescape(re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", seen)).casefold())
    )


def linked_ids(text: str) -> list[str]:
    """Every arXiv id that a link names, new or old ("cs/0112017")."""
    return re.findall(rf"arxiv\.org/(?:abs|pdf|html)/({_ID})", text)


def arxiv_ids(text: str) -> list[str]:
    """Every arXiv id that a link names, or a text: "arXiv:2405.00001", "arXiv, 2405.00001", "[2405.00001] Title"."""
    told = rf"\barxiv(?:\s+preprint)?[\s:,]+(?:arxiv:)?({_ID})"
    return [*linked_ids(text), *re.findall(told, text, re.IGNORECASE), *re.findall(r"\[(\d{4}\.\d{4,5})\] ", text)]


def repositories(text: str) -> Counter[str]:
    """Every repository that a link (no badge's image) names, and how often."""
    found = (name.lower() for name in _REPOSITORY.findall(_without_badges(text)))
    return Counter(name for name in found if not name.startswith("tree/"))


def links(text: str) -> Counter[str]:
    """Every link and image, normalised, and how often it stands there.

    Badges, citation counts, the index and what is no address are left out.
    """
    return Counter(url for one, two in _URL.findall(_without_badges(text)) if (url := _normal(one or two)))


def once_a_paragraph(found: Callable[[str], Counter[str]], text: str) -> Counter[str]:
    """Counts a title and a link behind it that lead to the same page as one, as they are rendered."""
    paragraphs = re.sub(r"\n(?=[ \t]*[^\s*+|#>\d-])", " ", text).split("\n")
    return Counter(one for paragraph in paragraphs for one in found(paragraph))


def badges(text: str) -> Counter[tuple[str, str, str]]:
    """Every `Publish` and `Type` badge, with what it shows and its color, and how often it stands there."""
    found = re.findall(r"!\[(Publish|Type)\]\(https://img\.shields\.io/badge/([^()\s]*)-(\w+)\)", text)
    return Counter((name, unquote(shown).replace("_", " "), color) for name, shown, color in found)


def badge_targets(text: str) -> set[str]:
    """Where the links around these badges lead."""
    return set(re.findall(r"\[!\[(?:Publish|Type)\]\([^()]*\)\]\((http[^()\s]+)\)", text))


def _without_badges(text: str) -> str:
    """Leaves out star badges of lines that also link to a repository: badges are made anew from that link."""
    badge = re.compile(r"\[!\[Stars?[^\]]*\]\([^()]*\)\]\([^()]*\)")
    lines = ((line, badge.sub("", line)) for line in text.split("\n"))
    return "\n".join(bare if "](https://github.com/" in bare else line for line, bare in lines)


def _normal(url: str) -> str | None:
    url = html.unescape(url)
    if not url or url == "None" or "img.shields.io" in url:
        return None
    if url.startswith("#") or re.fullmatch(r"\w+\.md", url):  # the index
        return None
    if url == "https://github.com/tree/pv-tuning":  # a malformed badge, made anew from the real link
        return None
    if "scholar.google.com" in url or "semanticscholar.org" in url or "openalex.org" in url:
        return None
    arxiv = re.match(r"https?://(?:\w+\.)?arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5})(?:v\d*)?(?:\.pdf)?[?#]?$", url)
    if arxiv:
        return f"https://arxiv.org/abs/{arxiv[1]}"
    if "github.com/" in url:
        url = re.sub(r"\?tab=readme-ov-file", "", url).replace("://www.", "://").rstrip("/")
    return unquote(url)


def headings(text: str) -> list[str]:
    """Every heading, and every bold row that names a section."""
    found = re.findall(r"^#{1,6}\s+(.+?)\s*$", text, re.MULTILINE)
    return [*found, *re.findall(r"^\|\*\*(.+?)\*\* \| \| \|", text, re.MULTILINE)]


def notes(text: str) -> list[str]:
    """Every nested bullet that is no part of the index, and every description of a project."""
    nested = re.findall(r"^[ \t]+[-*] +(?!\[[^\]]*\]\(#)(?!\[[^\]]*\]\(\w+\.md)(.+?)\s*$", text, re.MULTILINE)
    described = re.findall(r"^- \[\*\*.*\n\n\s+\S?\*([^*]+)\*", text, re.MULTILINE)
    return [note.strip("`") for note in nested + described]


def titles(text: str) -> list[str]:
    """Every title of a bullet or of a table's row, wrapped lines joined."""
    joined = re.sub(r"\n  (?=\S)", " ", text)
    bold = re.findall(r"^-\s+\*\*(.+?)\*\*, `", joined, re.MULTILINE)
    linked = re.findall(r"^-\s+\[\**(.+?)\**\]\(http", joined, re.MULTILINE)
    rows = re.findall(r"^\|.*?(?:<br>)?\[([^\[\]!]{12,}?)\]\(http", text, re.MULTILINE)
    return [re.sub(r"^\[[\d.]+\] ", "", title) for title in bold + linked + rows]


def flat(text: str) -> str:
    """Text without escapes, entities and repeated spaces, for comparing."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)))
