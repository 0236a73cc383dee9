"""What lint lets stand, what it says of its rules, and where it says the cause is."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

import pytest
from linting import TOML, P, listed
from list_builders import AS_OF, SNAPSHOT, a_list, entry

from harvester.definitions import read_editorial
from harvester.editorial.lists import definition_texts
from harvester.findings import Finding, LintException
from harvester.lists.lint import Linted, lint_entries, sort_out
from harvester.lists.lint_causes import with_causes
from harvester.lists.lint_entries import ENTRY_RULES
from harvester.lists.lint_pages import PAGE_RULES
from harvester.records import Note
from harvester.steps.render import render


def lint(*exceptions: LintException) -> Linted:
    found = listed(entry(P, title="TODO"), exceptions=exceptions)
    return sort_out(lint_entries(found), found)


def test_an_exception_lets_findings_stand_and_says_why() -> None:
    done = lint(LintException("suspicious-title", "its real title", subject=P))
    assert [one.rule for one in done.excepted] == ["suspicious-title"]
    assert "suspicious-title" not in [one.rule for one in done.findings] and done.errors == 0
    by_path = lint(LintException("empty-section", "filled next week", path="Quantization / Papers"))
    assert [one.rule for one in by_path.excepted] == ["empty-section"]


def test_an_exception_without_reason_is_an_error() -> None:
    done = lint(LintException("suspicious-title", "", subject=P))
    assert [one.rule for one in done.findings if one.severity == "error"] == ["exception-without-reason"]


@pytest.mark.parametrize(
    "exception",
    [
        LintException("suspicious-title", "for good", subject="arxiv:2405.00001"),
        LintException("suspicious-titles", "misspelt", subject=P),
    ],
)
def test_an_exception_that_no_longer_applies_is_an_error(exception: LintException) -> None:
    done = lint(exception)
    (unused,) = (one for one in done.findings if one.rule == "exception-unused")
    assert (unused.file, unused.line, done.errors) == ("editorial/lists/a-list.toml", 4, 1)


def test_exceptions_are_read_from_the_definition() -> None:
    text = TOML.replace('path = "Pruning"\n', 'path = "Pruning"\nreason = "soon"\n')
    assert read_editorial({"lists/a.toml": text}).definition("a").lint_exceptions == (
        LintException("empty-section", "soon", path="Pruning"),
    )


def test_exceptions_are_written_as_they_are_read() -> None:
    kept = (
        LintException("title-differs", 'renamed: "two"', subject=P),
        LintException("empty-section", "soon", path="B"),
    )
    definition = replace(a_list("table", "Pruning"), lint_exceptions=kept)
    assert read_editorial(dict(definition_texts(definition))).definition("a-list").lint_exceptions == kept


@pytest.mark.parametrize("wrong", ['rule = "x"\nreason = "y"', 'subject = "a"\npath = "b"\nreason = "y"'])
def test_an_exception_is_about_a_subject_or_a_path(wrong: str) -> None:
    from harvester.errors import SettingsError

    with pytest.raises(SettingsError, match="either a `subject` or a `path`"):
        read_editorial({"lists/a.toml": f"[[lint_exceptions]]\n{wrong}\n"})


def test_every_rule_says_what_it_looks_for() -> None:
    looks = [rule.look.__doc__ for rule in ENTRY_RULES.values()] + [rule.look.__doc__ for rule in PAGE_RULES.values()]
    for said in looks:
        first = (said or "").split("\n")[0]
        assert first.endswith(".") and len(first) < 130
    assert not set(ENTRY_RULES) & set(PAGE_RULES)


def test_the_rules_are_documented_as_they_are() -> None:
    root = Path(__file__).resolve().parents[2]
    written = runpy.run_path(str(root / "scripts" / "lint_doc.py"))["document"]()
    assert (root / "docs" / "lint.md").read_text(encoding="utf-8") == written, "run: python scripts/lint_doc.py"


def cause(line: str, *, head: str = "", foot: str = "", templates: dict[str, str] | None = None) -> str | None:
    """What is told as the cause of a finding in the one line of a rendered page that says this."""
    own = entry(P, "Quantization / Papers", 7, title="A paper", notes=(Note("a note"),))
    other = entry("arxiv:2405.00001", "Quantization / Papers", 8)
    world = listed(own, other)
    definition = replace(world.definition, style="bullets", head=head, foot=foot, templates=templates or {})
    text = TOML + '\n[[sections]]\npath = "Quantization / Papers"\nprose = """\nSome prose.\n"""\n'
    world = replace(world, definition=definition, definition_text=text)
    page = render([own, other], [], [], definition, AS_OF, SNAPSHOT)["README.md"]
    (number,) = [number for number, said in enumerate(page.split("\n"), 1) if said.strip() == line]
    found = Finding("page-link", "error", "lists/a-list/README.md", number, "-", None, "README.md")
    return next(with_causes([found], world, {"README.md": page})).cause


def test_the_cause_of_a_finding_on_a_page_is_the_decision_the_prose_or_the_template() -> None:
    adopt = "change the line on the page, and run `harvester adopt lists/a-list/README.md --list a-list`"
    assert cause("- a note") == f"editorial/decisions/sitting.jsonl:7: {adopt}"
    assert cause("[up](#x)", head="Hi.\n\n[up](#x)") == "editorial/lists/a-list.head.md:3: edit it there"
    assert cause("[up](#x)", foot="[up](#x)\n") == "editorial/lists/a-list.foot.md:1: edit it there"
    assert cause("### Papers") == "editorial/lists/a-list.toml:9: edit it there"
    assert cause("Mine", templates={"README.md": "Mine\n\n{{ stamp }}"}) == (
        "the template editorial/lists/a-list.README.md.j2: edit it there"
    )
    assert cause("<!-- entries -->") is None
