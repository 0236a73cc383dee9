"""Write docs/lint.md from the rules themselves: `python scripts/lint_doc.py`. A test compares."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from harvester.lists.lint import DECISION_RULE, DEFINITION_RULE, EXCEPTION_RULES, OUTDATED_RULE
from harvester.lists.lint_entries import ENTRY_RULES, EntryRule
from harvester.lists.lint_pages import PAGE_RULES, PageRule

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "lint.md"
AWESOME = ROOT / "scripts" / "awesome-lint"

HEAD = """\
# Lint

<!-- written by scripts/lint_doc.py from the rules; edit them there -->

    harvester lint                          # all lists, as they would be published now
    harvester lint --list my-list --json
    harvester lint README.md other.md       # any Markdown page, by the rules on pages

`harvester lint` looks at today's decisions and definitions, and at the pages that would be published from them with the
facts of the latest snapshot. Nothing is asked of any upstream. Every finding names its rule, file and line: for an entry,
those of the decision that put it where it stands. On a page it also names what made the line, decision, head, foot,
definition or template, and what to do there. The exit code is 1 where there are errors; warnings fail nothing.
"""

EXCEPTIONS = """\
## Exceptions

A list lets findings stand in its definition, `editorial/lists/<name>.toml`, each with its reason:

```toml
[[lint_exceptions]]
rule = "duplicate-subject"
subject = "arxiv:2309.14717"    # or `path`: a section, or a page below the list's folder
reason = "It is about finetuning as much as about quantization."
```

`path = "Quantization / Papers"` is about findings in a section, `path = "survey.md"` about those on a page. What is excepted
is told behind the findings with its reason, and `--json` shows it with `"excepted": true`. What is wrong with an exception
is a finding that cannot be excepted:
"""

AWESOME_HEAD = """\
## awesome-lint

The tests also run [awesome-lint](https://github.com/sindresorhus/awesome-lint) {version} on the shipped lists, and expect no
error but those of the rules below (`scripts/awesome-lint/exceptions.toml`). It is an npm package: with npm and Node 20 on
the machine, `pytest tests/test_awesome_lint.py` installs it into a temporary folder, at the versions and digests of a lock
file; where they are missing, that test is skipped and says so. `python scripts/awesome_lint.py lists/` does the same for
any pages.

For comparison: as they were kept by hand, the two lists that the shipped ones come from have 238 and 241 errors by
awesome-lint, and 28 and 441 by the rules on pages above. What awesome-lint was right about is mended in the layouts:
padded table cells, no cell behind the last one of a row (a date stood there), index lines without indentation. What is
left:
"""


def document() -> str:
    """Returns docs/lint.md."""
    parts = [
        HEAD,
        "## Rules on entries\n\n" + _table(_rules(ENTRY_RULES)),
        "## Rules on pages\n\n" + _table(_rules(PAGE_RULES)),
        "A decision line that cannot be read is told too, as error `" + DECISION_RULE + "`: it holds its list back. So "
        "is what is\nwrong with the definition or a template of a list, as error `"
        + DEFINITION_RULE
        + "`; the other lists go "
        "on. And so is an edit\nthat says it changed something else than what stands now, as warning `"
        + OUTDATED_RULE
        + "`.\n",
        EXCEPTIONS,
        _table((name, severity, said) for name, (severity, said) in EXCEPTION_RULES.items()),
        AWESOME_HEAD.format(version=_pinned()),
        _awesome(),
    ]
    return "\n".join(parts)


def _pinned() -> str:
    pinned: str = json.loads((AWESOME / "package.json").read_text(encoding="utf-8"))["dependencies"]["awesome-lint"]
    return pinned


def _rules(rules: Mapping[str, EntryRule] | Mapping[str, PageRule]) -> Iterator[tuple[str, str, str]]:
    for name, rule in rules.items():
        yield name, rule.severity, (rule.look.__doc__ or "").split("\n")[0]


def _table(rows: Iterator[tuple[str, str, str]]) -> str:
    lines = [f"| `{name}` | {severity} | {said} |" for name, severity, said in rows]
    return "\n".join(["| Rule | Severity | What it finds |", "|---|---|---|", *lines, ""])


def _awesome() -> str:
    told = tomllib.loads((AWESOME / "exceptions.toml").read_text(encoding="utf-8"))["exceptions"]
    lines = [f"| `{one['rule']}` | {one['reason']} |" for one in told]
    return "\n".join(["| Rule | Why our pages do not keep it |", "|---|---|", *lines, ""])


if __name__ == "__main__":
    PAGE.write_text(document(), encoding="utf-8")
