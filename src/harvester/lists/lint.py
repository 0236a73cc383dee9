"""What a reader would trip over: every rule on entries and pages, and the exceptions that a list's definition makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from harvester.findings import Finding, LintException, Severity
from harvester.lists.lint_entries import ENTRY_RULES, Listed, Spot
from harvester.lists.lint_pages import PAGE_RULES, Drawn

# Findings about exceptions themselves; they cannot be excepted.
EXCEPTION_RULES: dict[str, tuple[Severity, str]] = {
    "exception-without-reason": ("error", "An exception does not say why."),
    "exception-unused": ("error", "An exception lets nothing stand any more, or names a rule that there is not."),
}
# Decisions that cannot be read hold a list back, so lint tells them too.
DECISION_RULE = "broken-decision"
DEFINITION_RULE = "broken-definition"  # of a list, or of a template: it holds back the list alone
OUTDATED_RULE = "outdated-edit"  # its `from` is not what stands now: `harvester undo` takes it back


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found, in order of file and line; and what exceptions let stand."""

    findings: tuple[Finding, ...]
    excepted: tuple[Finding, ...] = ()

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity == "error" for finding in self.findings)


def lint_entries(listed: Listed) -> Iterator[Finding]:
    """Applies every rule on entries to one list."""
    for name, rule in ENTRY_RULES.items():
        yield from (_finding(name, rule.severity, spot) for spot in rule.look(listed))


def lint_pages(pages: Iterable[Drawn]) -> Iterator[Finding]:
    """Applies every rule on pages to each of them."""
    for drawn in pages:
        for name, rule in PAGE_RULES.items():
            yield from (_finding(name, rule.severity, spot) for spot in rule.look(drawn))


def _finding(rule: str, severity: Severity, spot: Spot) -> Finding:
    return Finding(rule, severity, spot.file, spot.line, spot.said, spot.subject, spot.path)


def sort_out(findings: Iterable[Finding], listed: Listed) -> Linted:
    """Takes out what the list's definition excepts, and adds what is wrong with its exceptions."""
    exceptions = listed.definition.lint_exceptions
    kept: list[Finding] = []
    excepted: list[Finding] = []
    used: set[LintException] = set()
    for finding in findings:
        fitting = [exception for exception in exceptions if _fits(exception, finding)]
        used.update(fitting)
        if fitting:
            excepted.append(replace(finding, excepted=fitting[0].reason))
        else:
            kept.append(finding)
    return Linted(in_order([*kept, *_about(exceptions, used, listed)]), in_order(excepted))


def _fits(exception: LintException, finding: Finding) -> bool:
    about = finding.subject if exception.subject else finding.path
    return exception.rule == finding.rule and about == (exception.subject or exception.path)


def _about(exceptions: Sequence[LintException], used: set[LintException], listed: Listed) -> Iterator[Finding]:
    for exception in exceptions:
        about = exception.subject or exception.path or ""
        words = f'"{about}"' if f'"{about}"' in listed.definition_text.partition("[[lint_exceptions]]")[2] else about
        named = f"exception from {exception.rule} for {about}"
        if not exception.reason:
            yield _told("exception-without-reason", f'{named} does not say why: add reason = "…"', words, listed)
        if exception.rule not in (*ENTRY_RULES, *PAGE_RULES):
            rules = ", ".join([*ENTRY_RULES, *PAGE_RULES])
            yield _told("exception-unused", f"{named}: there is no such rule; rules: {rules}", words, listed)
        elif exception not in used:
            yield _told("exception-unused", f"{named} lets nothing stand any more: delete it", words, listed)


def _told(rule: str, said: str, words: str, listed: Listed) -> Finding:
    """The line is that of the exception, behind the sections of the same name."""
    lines = listed.definition_text.split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip() == "[[lint_exceptions]]"), 0)
    line = next((at for at, text in enumerate(lines[first:], first + 1) if words in text), first + 1)
    return Finding(rule, EXCEPTION_RULES[rule][0], listed.definition_file, line, said)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorts findings by file and line, so that somebody mends from top to bottom."""
    return tuple(sorted(findings, key=lambda found: (found.file, found.line, found.rule, found.said)))
