"""Where to mend what was found on a page: pages are rendered, so the cause is in a decision, a definition or a template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from harvester.findings import Finding
from harvester.ids import url_of
from harvester.lists.lint_entries import Listed
from harvester.records import Entry

_ENTRIES, _FOOT = "<!-- entries -->", "<!-- foot -->"  # what stands around the entries of every page
_ADDRESS = re.compile(r"\]\(([^()\s]+)")


def with_causes(findings: Iterable[Finding], listed: Listed, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Adds to findings on pages what made the line; `texts` are the pages by path. Others stay as they are."""
    by_address: dict[str, list[Entry]] = {}
    for entry in listed.entries:
        for url in dict.fromkeys((url_of(entry.subject), entry.wording.url or "")):
            by_address.setdefault(url.lower(), []).append(entry)
    for finding in findings:
        text = texts.get(finding.path or "")
        yield finding if text is None else replace(finding, cause=_cause(finding, text, listed, by_address))


def _cause(finding: Finding, text: str, listed: Listed, by_address: Mapping[str, Sequence[Entry]]) -> str | None:
    own = listed.definition_file.removesuffix(".toml")
    if finding.path in listed.definition.templates:
        return f"the template {own}.{finding.path}.j2: edit it there"
    lines = text.split("\n")
    at = finding.line - 1
    line = lines[at].strip()
    first = lines.index(_ENTRIES) if _ENTRIES in lines else 0
    last = lines.index(_FOOT) if _FOOT in lines else len(lines)
    if 0 < at < first and (found := _same_line(line, listed.definition.head)):
        return f"{own}.head.md:{found}: edit it there"
    if at > last and (found := _same_line(line, listed.definition.foot)):
        return f"{own}.foot.md:{found}: edit it there"
    entry = None if line.startswith("#") else _entry(lines[first + 1 : at + 1], by_address)
    if entry:
        spot = listed.at(entry, "")
        adopt = f"`harvester adopt {finding.file} --list {entry.list}`"
        return f"{spot.file}:{spot.line}: change the line on the page, and run {adopt}"
    found = _same_line(_words(line), listed.definition_text) if line and at > first else None
    return f"{listed.definition_file}:{found}: edit it there" if found else None


def _words(line: str) -> str:
    """A heading without its marks, as the definition has it behind the titles above; other lines as they are."""
    return re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", re.sub(r"^#+ +", "", line))


def _same_line(words: str, text: str) -> int | None:
    """The line of a text, from 1, that says these words; in a definition, that ends with them in quotes."""
    ends = (f'"{words}"', f' / {words}"')
    return next(
        (number for number, line in enumerate(text.split("\n"), 1) if line.strip() == words or line.endswith(ends)),
        None,
    )


def _entry(lines: Sequence[str], by_address: Mapping[str, Sequence[Entry]]) -> Entry | None:
    """The entry whose lines end these ones: the last one that is linked below the last heading."""
    for line in reversed(lines):
        if line.startswith("#"):
            return None
        found = [entry for url in _ADDRESS.findall(line) for entry in by_address.get(url.lower(), ())]
        if found:
            return found[0]
    return None
