"""A list's definition on disk: `editorial/lists/<slug>.toml` with head and foot beside it.  [door: disk]"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from harvester.definitions import ListDefinition, SectionDefinition
from harvester.errors import ListError

FOLDER = "lists"  # below `editorial/`
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check_new(editorial: Path, slug: str) -> None:
    """Raises ListError where no new list of that name can be made."""
    if not _SLUG.fullmatch(slug):
        raise ListError(
            [f"{slug!r} is no name for a list: write small letters, digits and hyphens, such as efficient-llm"]
        )
    path = editorial / FOLDER / f"{slug}.toml"
    if path.exists():
        remedy = (
            "take another --list NAME; or delete it and the sitting under decisions/ that adopted it, to begin anew"
        )
        raise ListError([f"{path} exists already, and adopting does not overwrite a list: {remedy}"])


def definition_texts(definition: ListDefinition) -> Mapping[str, str]:
    """Writes a definition as the texts of its files, by path below `editorial/`; an empty head or foot has no file."""
    texts = {f"{FOLDER}/{definition.slug}.toml": "\n".join(_toml(definition)) + "\n"}
    for part, text in (("head", definition.head), ("foot", definition.foot)):
        if text.strip():
            texts[f"{FOLDER}/{definition.slug}.{part}.md"] = text.strip("\n") + "\n"
    return texts


def write_texts(editorial: Path, texts: Mapping[str, str]) -> list[Path]:
    """Writes new files below `editorial/`, the definition last: a list is there when its TOML is."""
    written = []
    for name, text in sorted(texts.items(), key=lambda item: item[0].endswith(".toml")):
        path = editorial / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
        written.append(path)
    return written


def _toml(definition: ListDefinition) -> Iterator[str]:
    yield f"title = {_text(definition.title)}"
    yield f"style = {_text(definition.style)}"
    if definition.topics is not None:
        yield f"topics = {_texts(definition.topics)}"
    if definition.style == "table":
        yield f"recent_days = {definition.recent_days}  # window of the front page"
    for section in definition.sections:
        yield ""
        yield "[[sections]]"
        yield from _section(section)
    for exception in definition.lint_exceptions:
        about = ("subject", exception.subject) if exception.subject else ("path", exception.path or "")
        yield ""
        yield "[[lint_exceptions]]"
        yield f"rule = {_text(exception.rule)}"
        yield f"{about[0]} = {_text(about[1])}"
        yield f"reason = {_text(exception.reason)}"


def _section(section: SectionDefinition) -> Iterator[str]:
    """What follows from the path is left out."""
    parts = section.path.split(" / ")
    yield f"path = {_text(section.path)}"
    if section.title != parts[-1]:
        yield f"title = {_text(section.title)}"
    if section.level != len(parts):
        yield f"level = {section.level}"
    if section.topics:
        yield f"topics = {_texts(section.topics)}"
    if section.page:
        yield f"page = {_text(section.page)}"
    if section.formerly:
        yield f"formerly = {_texts(section.formerly)}"
    if section.prose:
        yield f"prose = {_text(section.prose)}"


def _texts(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(_text(text) for text in texts)}]"


def _text(text: str) -> str:
    """Writes a basic string of TOML, whose escapes are those of JSON, and DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
