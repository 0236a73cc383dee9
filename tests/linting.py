"""A list as lint looks at it, for the tests of its rules."""

from __future__ import annotations

from dataclasses import replace

from list_builders import a_list

from harvester.findings import LintException
from harvester.formats.markup import mend_encoding
from harvester.ids import Subject
from harvester.lists.lint_entries import Listed
from harvester.records import Entry

P = "arxiv:2405.18218"
TOML = '[[sections]]\npath = "Quantization"\n\n[[lint_exceptions]]\nrule = "empty-section"\npath = "Pruning"\n'


def listed(*entries: Entry, titles: dict[str, str] | None = None, exceptions: tuple[LintException, ...] = ()) -> Listed:
    return Listed(
        definition=replace(a_list("table", "Quantization", "Quantization / Papers"), lint_exceptions=exceptions),
        definition_file="editorial/lists/a-list.toml",
        definition_text=TOML,
        decisions_folder="editorial/decisions",
        entries=entries,
        titles={Subject(subject): title for subject, title in (titles or {}).items()},
        mend=mend_encoding,
    )
