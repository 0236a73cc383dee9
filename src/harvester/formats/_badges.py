"""Badges: static ones from the snapshot, so that a page asks nobody for a number and shows none that is wrong.

Address: `https://img.shields.io/badge/LABEL-MESSAGE-COLOR`; in both texts `-` and `_` are doubled, a space may be `_`.
What this module writes is the machine's word: a parser knows it by host and name and leaves it out.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from harvester.definitions import Badges
from harvester.formats._markdown import Token, escape, plain
from harvester.formats._text import one_line
from harvester.ids import RepoName, read_repo, split_url
from harvester.pages import PageLink

_STATIC = "https://img.shields.io/badge/"
_MACHINES = ("Star", "Stars", "Archived", "Gone", "Renamed", "Withdrawn", "Recommended")
# How the editors' marks are dressed: `Publish: ICML'24`, `Type: Structural`. Another label stands in front of a bar,
# another color behind one: `Publish: Workshop | ICLR'24`, `Type: w/Quantization | #39B0A9`.
_MARKS = {"Publish": ("Conference", "blue"), "Type": ("", "C2A4A6")}
_COLOR = re.compile(r"-([A-Za-z0-9]+)$")
_SOURCE = re.compile(r"""<img\b[^<>]*?\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_COLORED = re.compile(r"(.*?)\s*\| #([A-Za-z0-9]+)$")


def stars(count: int) -> str:
    """Writes the badge of a number of stars."""
    return _badge(f"Star {_short(count)}", "Star", _short(count), "lightgrey", "?style=social&logo=github")


def of_stars(link: PageLink, badges: Badges) -> str:
    """Writes the badge of a link's stars as the list wants it; nothing where they are unknown."""
    repo = read_repo(link.url) if link.stars is not None and badges != "none" else None
    if repo is None or link.stars is None:
        return ""
    return stars(link.stars) if badges == "static" else dynamic_stars(repo)


def dynamic_stars(repo: RepoName) -> str:
    """Writes a badge whose number shields.io looks up whenever a reader opens the page."""
    return f"![Star](https://img.shields.io/github/stars/{quote(repo, safe='/')}.svg?style=social&label=Star)"


def recommended() -> str:
    """Writes the mark of a recommended paper."""
    return _badge("Recommended", None, "recommended", "success")


def _short(count: int) -> str:
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if count >= size:
            digits = f"{count / size:.1f}" if count < 100 * size else f"{count // size}"
            return digits.removesuffix(".0") + unit
    return str(count)


def archived() -> str:
    """Writes the mark of a repository that takes no more changes."""
    return _badge("Archived", None, "archived", "lightgrey")


def gone() -> str:
    """Writes the mark of a repository that does not answer any more."""
    return _badge("Gone", None, "gone", "red")


def renamed(formerly: RepoName) -> str:
    """Writes the mark of a repository that had another name when it was listed; a reader who points at it sees which."""
    return _badge("Renamed", None, "renamed", "lightgrey").removesuffix(")") + f' "formerly {formerly}")'


def withdrawn() -> str:
    """Writes the mark of a withdrawn paper."""
    return _badge("Withdrawn", None, "withdrawn", "red")


def mark(text: str) -> str:
    """Writes one of the editors' marks: a badge where it has a known name, else the text itself."""
    name, colon, rest = text.partition(": ")
    if not colon or name not in _MARKS or not rest.strip():
        return escape(text)
    label, color = _MARKS[name]
    if colored := _COLORED.match(rest):
        rest, color = colored.groups()
    before, bar, message = rest.rpartition(" | ") if not rest.startswith("| ") else ("", " | ", rest[2:])
    label, message = (before, message) if bar else (label, rest)
    return _badge(name, label or None, message, color) if message.strip() else escape(text)


def _badge(alt: str, label: str | None, message: str, color: str, query: str = "") -> str:
    texts = [_dress(part) for part in (label, message) if part is not None]
    return f"![{escape(alt)}]({_STATIC}{'-'.join([*texts, color])}{query})"


def _dress(text: str) -> str:
    return quote(text.replace("-", "--").replace("_", "__"), safe="'!.,:~")


def is_machines(token: Token) -> bool:
    """Tells whether an image is one of the badges that are made anew for every page."""
    host = split_url(token.url).netloc if "://" in token.url else ""
    name = plain(token.text).partition(" ")[0]
    return token.kind == "image" and host.endswith("shields.io") and name in _MACHINES


def star_repo(url: str) -> RepoName | None:
    """Reads the repository out of a dynamic star badge; None for other images and for what is no repository."""
    path = split_url(url).path if "shields.io/github/stars/" in url else ""
    return read_repo(path.removeprefix("/github/stars/").removesuffix(".svg")) if path else None


def source(token: Token) -> str:
    """Returns where an image of Markdown or HTML is; nothing for what is none."""
    if token.kind == "image":
        return token.url
    found = _SOURCE.match(token.raw) if token.kind == "html" else None
    return plain(found[1] or found[2] or "") if found else ""


def read_mark(token: Token) -> str | None:
    """Reads one of the editors' marks back from its badge; None for any other image."""
    name = plain(token.text)
    if token.kind != "image" or name not in _MARKS or not (read := read_static(token.url)):
        return None
    label, message, color = read
    usual, usually = _MARKS[name]
    said = message if label == usual and " | " not in message else f"{label} | {message}".lstrip()
    return f"{name}: {said}" if color == usually else f"{name}: {said} | #{color}"


def read_static(url: str) -> tuple[str, str, str] | None:
    """Reads label (may be empty), message and color of a static badge; None for others, and for those with options."""
    parts = split_url(url) if "shields.io/badge/" in url else None
    if parts is None or parts.query or parts.fragment:
        return None
    path = parts.path.partition("/badge/")[2].removesuffix(".svg").replace("--", "\0")
    color = _COLOR.search(path)
    before = path[: color.start()] if color else ""
    label, dash, message = before.rpartition("-") if before.count("-") <= 1 else ("", "", "")
    label, message = _undress(label), _undress(message)
    return (label, message, color[1]) if color and message and (label or not dash) else None


def _undress(text: str) -> str:
    return one_line(unquote(re.sub(r"(?<!_)_(?!_)", " ", text.replace("\0", "-")).replace("__", "_")))
