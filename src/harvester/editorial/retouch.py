"""A list's TOML with other titles and prose, and new sections: everything else stays as it was written, comments too."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harvester.definitions import SectionDefinition
from harvester.errors import ListError

_SECTION = re.compile(r"\s*\[\[\s*sections\s*\]\]\s*(?:#.*)?$")
_TABLE = re.compile(r"\s*\[")


@dataclass(frozen=True, slots=True)
class Retouches:
    """What to change: the list's title, keys of sections by path (an empty text takes the key away), new sections.

    A new section comes with the path of the one that it follows, None for the first.
    """

    title: str | None = None
    keys: Mapping[str, Mapping[str, str]] | None = None
    new: Sequence[tuple[SectionDefinition, str | None]] = ()


def retouch(text: str, file: str, wanted: Retouches) -> str:
    """Returns the text of a definition with the changes; ListError where it is written so that they cannot be made."""
    before = tomllib.loads(text)
    blocks = _blocks(text.split("\n"))
    try:
        if wanted.title is not None:
            blocks[0] = _set(blocks[0], "title", wanted.title)
        paths = [section["path"] for section in before.get("sections", [])]
        for path, keys in (wanted.keys or {}).items():
            at = 1 + paths.index(path)
            for key, value in keys.items():
                blocks[at] = _set(blocks[at], key, value)
        for section, above in wanted.new:
            at = 1 + paths.index(above) if above is not None else 0
            paths.insert(at, section.path)
            blocks.insert(1 + at, _block(section))
        after = "\n".join(line for block in blocks for line in block)
        if tomllib.loads(after) == _expected(before, wanted):
            return after
    except (ValueError, LookupError, StopIteration):
        pass  # told in the next line
    raise ListError([f"{file}: titles and prose were changed on the page, and the file is written in a way that "
                     "harvester does not dare to change; change it by hand: " + _told(wanted)])  # fmt: skip


def _blocks(lines: list[str]) -> list[list[str]]:
    """Cuts the file before each section; what stands behind the last one, other tables too, belongs to it."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if _SECTION.match(line):
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _set(block: list[str], key: str, value: str) -> list[str]:
    """Sets a key of the table at the head of a block; a value over several lines is replaced whole."""
    first = next((at for at, line in enumerate(block) if re.match(rf"\s*{key}\s*=", line)), None)
    written = [f"{key} = {_text(value)}"] if value else []
    if first is None:
        return [*block[: _end(block)], *written, *block[_end(block) :]]
    last = next(end for end in range(first + 1, len(block) + 1) if _is_toml(block[first:end]))
    return [*block[:first], *written, *block[last:]]


def _end(block: list[str]) -> int:
    """The line behind the last key of the block's own table."""
    other = (at for at, line in enumerate(block) if at and _TABLE.match(line))
    end = next(other, len(block))
    while end and not block[end - 1].strip():
        end -= 1
    return end


def _is_toml(lines: list[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _block(section: SectionDefinition) -> list[str]:
    return ["[[sections]]", *(f"{key} = {_text(value)}" for key, value in _keys(section).items()), ""]


def _keys(section: SectionDefinition) -> dict[str, str]:
    named = section.path.rpartition(" / ")[2]
    title = "" if section.title == named else section.title
    keys = {"path": section.path, "title": title, "page": section.page or "", "prose": section.prose}
    return {key: value for key, value in keys.items() if value}


def _expected(before: Mapping[str, Any], wanted: Retouches) -> dict[str, Any]:
    sections = [dict(section) for section in before.get("sections", [])]
    for section in sections:
        for key, value in (wanted.keys or {}).get(section["path"], {}).items():
            section.pop(key, None)
            section |= {key: value} if value else {}
    for new, above in wanted.new:
        at = 1 + [section["path"] for section in sections].index(above) if above is not None else 0
        sections.insert(at, dict(_keys(new)))
    whole = {**before, "sections": sections}
    return whole | ({"title": wanted.title} if wanted.title is not None else {})


def _told(wanted: Retouches) -> str:
    parts = [f"title = {_text(wanted.title)}"] if wanted.title is not None else []
    parts += [
        f"{key} of {path!r} = {_text(value)}"
        for path, keys in (wanted.keys or {}).items()
        for key, value in keys.items()
    ]
    parts += [f"new section {section.path!r}" for section, _ in wanted.new]
    return "; ".join(parts)


def _text(text: str) -> str:
    """Writes a basic string of TOML, whose escapes are those of JSON, and DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
