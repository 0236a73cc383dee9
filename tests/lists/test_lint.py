"""What lint finds, and what it lets stand."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

import pytest
from list_builders import AS_OF, SNAPSHOT, a_list, entry

from harvester.definitions import read_editorial
from harvester.editorial.lists import definition_texts
from harvester.findings import Finding, LintException
from harvester.formats.markup import mend_encoding, read_markup
from harvester.ids import Subject
from harvester.lists.lint import Linted, lint_entries, lint_pages, sort_out
from harvester.lists.lint_causes import with_causes
from harvester.lists.lint_entries import ENTRY_RULES, Listed
from harvester.lists.lint_pages import LARGEST, PAGE_RULES, Drawn
from harvester.records import Entry, Link, Note
from harvester.steps.render import render

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


def rules(*entries: Entry, titles: dict[str, str] | None = None) -> list[str]:
    """The rules that find something, but for sections that these few entries leave empty."""
    found = lint_entries(listed(*entries, titles=titles))
    return [finding.rule for finding in found if finding.rule != "empty-section"]


def of_page(text: str, rule: str, **others: str) -> list[tuple[int, str]]:
    pages = {"README.md": read_markup(text)} | {f"{name}.md": read_markup(other) for name, other in others.items()}
    drawn = Drawn("lists/a-list/README.md", "README.md", pages, True, mend_encoding)
    return [(found.line, found.said) for found in lint_pages([drawn]) if found.rule == rule]


def test_a_sound_list_has_no_findings() -> None:
    sound = entry(
        P,
        "Quantization / Papers",
        title="FinerCut: Finer-grained Interpretable Layer Pruning",
        authors="Yang Zhang",
        links=(Link("Github", "https://github.com/ada/cut/tree/main"), Link("blog", "posts/cut.html")),
        notes=(Note("naïve café – “quoted” 博"),),
        citations_seen=278,
    )
    assert list(lint_entries(listed(sound, titles={P: "FinerCut"}))) == []


def test_a_finding_names_the_decision() -> None:
    dead = [
        one for one in lint_entries(listed(entry(P, "Quantization / Paper", order=7))) if one.severity == "error"
    ]  # order is the line
    assert 'did you mean "Quantization / Papers"?' in dead[0].said and dead[0].line == 7
    assert str(dead[0]).startswith("editorial/decisions/sitting.jsonl:7: error dead-section: ")


def test_a_section_is_empty_where_its_subsections_are_too() -> None:
    found = [one for one in lint_entries(listed(entry(P, "Quantization / Papers"))) if one.rule == "empty-section"]
    assert found == []
    empty = [one for one in lint_entries(listed()) if one.rule == "empty-section"]
    assert [(one.path, one.file, one.line) for one in empty] == [
        ("Quantization", "editorial/lists/a-list.toml", 2),
        ("Quantization / Papers", "editorial/lists/a-list.toml", 1),
    ]


def test_a_paper_without_id_is_told_and_a_post_is_not() -> None:
    assert rules(entry("url:https://example.org/paper.pdf", authors="Ada Author")) == ["missing-id"]
    linked = entry("url:https://example.org/cut", links=(Link("arxiv", "https://arxiv.org/abs/2405.18218"),))
    found = next(one for one in lint_entries(listed(linked)) if one.rule == "missing-id")
    assert "accept arxiv:2405.18218 in its place" in found.said
    assert rules(entry("url:https://example.org/a-post")) == []


def test_the_same_subject_twice_is_told_once() -> None:
    twice = (entry(P), entry(P, "Quantization / Papers", 2, place=2))
    assert rules(*twice) == ["duplicate-subject"]


def test_one_title_of_two_subjects_is_told() -> None:
    title = "Cutting Layers: A Study"
    assert rules(entry(P, title=title), entry("doi:10.1/abc", order=2, title="Cutting layers - a study")) == [
        "duplicate-title"
    ]
    assert rules(entry(P), entry("doi:10.1/abc", title=title), titles={P: title}) == ["duplicate-title"]
    assert rules(entry("github:a/cut", title="Cut it all"), entry("github:b/cut", title="Cut it all")) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/ada",
        "https://github.com/",
        "https://github.com/ada/cut.svg",
        "https://github.com/blob/main/README.md",
        "https://www.github.com/ada//",
    ],
)
def test_a_link_to_github_without_repository_is_malformed(url: str) -> None:
    assert rules(entry(P, links=(Link("Github", url),))) == ["malformed-repository"]


@pytest.mark.parametrize(
    "url", ["https://github.com/orgs/ada/teams", "https://gist.github.com/ada/1", "https://github.com/ada/cut.git#x"]
)
def test_other_links_to_github_are_sound(url: str) -> None:
    assert rules(entry(P, links=(Link("Github", url),))) == []


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("TODO", "placeholder"),
        ("", "placeholder"),
        ("Coming soon…", "placeholder"),
        ("Two  spaces in a title", "two spaces"),
        ("Ends in a comma,", "cut off"),
        ("EFFICIENT LARGE LANGUAGE MODELS", "capitals only"),
        ("SPP", "shorter than"),
        ("Long " * 60 + "title", "longer than"),
    ],
)
def test_titles_that_nobody_would_write_are_suspicious(title: str, why: str) -> None:
    found = [one for one in lint_entries(listed(entry(P, title=title))) if one.rule == "suspicious-title"]
    assert len(found) == 1 and why in found[0].said


@pytest.mark.parametrize("title", ["What is next?", "LLM.int8()", "Attention Is All You Need!", "博士 études of Q"])
def test_titles_that_people_write_are_not(title: str) -> None:
    assert rules(entry(P, title=title)) == []


def test_a_repository_may_have_a_short_name() -> None:
    assert rules(entry("github:ada/spp", title="SPP")) == []


def test_a_title_of_another_paper_is_told() -> None:
    titles = {P: "Exploiting LLM Quantization"}
    assert rules(entry(P, title="FinerCut: Layer Pruning for Language Models"), titles=titles) == ["title-differs"]
    assert rules(entry(P, title="Exploiting quantization of LLMs"), titles=titles) == []
    assert rules(entry(P, title="Exploiting LLM Quantization: In Depth"), titles=titles) == []


def test_mojibake_is_told_with_what_was_meant() -> None:
    found = [one for one in lint_entries(listed(entry(P, authors="JosÃ© Ã\u0081lvarez"))) if one.severity == "error"]
    assert [one.rule for one in found] == ["entry-mojibake"] and "José Álvarez" in found[0].said


@pytest.mark.parametrize(
    "url", ["", "None", "www.example.org/x", "github.com/ada/cut", "https://a.org/b c", "javascript:x"]
)
def test_links_that_lead_nowhere_are_told(url: str) -> None:
    assert "entry-link" in rules(entry(P, links=(Link("code", url),)))


def test_a_count_that_cannot_be_is_told() -> None:
    assert rules(entry(P, citations_seen=40_000_000)) == ["entry-count"]


def test_an_anchor_must_be_made_by_a_heading() -> None:
    text = "# List\n[a](#papers) [b](#papers-1) [c](#pappers) [d](sub.md#below) [e](sub.md#above) [f](#own)\n"
    text += '<a name="own"></a>\n## Papers\n### Papers\n'
    found = of_page(text, "broken-anchor", sub="# Sub\n\n## Below\n")
    assert [(line, said.partition(":")[0]) for line, said in found] == [
        (2, "no heading of README.md has the anchor #pappers"),
        (2, "no heading of sub.md has the anchor #above"),
    ]


def test_a_page_must_be_there() -> None:
    text = "[a](sub.md) [b](gone.md#x) [c](../other/x.md) [d](https://a.org/x.md)\n"
    assert [said.partition(":")[0] for _, said in of_page(text, "missing-page", sub="# Sub\n")] == [
        "there is no page gone.md"
    ]


def test_a_heading_may_stand_below_two_others() -> None:
    assert of_page("# L\n## A\n### Other\n## B\n### Other\n", "repeated-heading") == []
    assert [line for line, _ in of_page("# L\n## A\n### Other\n### Other\n## A\n", "repeated-heading")] == [4, 5]


def test_links_of_a_page_must_have_a_form() -> None:
    text = "[a]() [b](None) [c](www.x.org) [d](https://x.org/a b) [e](x.md) `[f]()`\n\n```\n[g]()\n```\n"
    assert [line for line, _ in of_page(text, "page-link")] == [1, 1, 1, 1]


def test_rows_must_fit_their_header() -> None:
    table = (
        "| A | B |\n|--|:-:|\n| 1 | 2 |\n| 1 | 2 |  [//]: #05/29\n| 1 |\n| a \\| b | 2 |\n|| |\n\n| not | a | table |\n"
    )
    assert [line for line, _ in of_page(table, "table-cells")] == [4, 5]


def test_a_page_must_not_be_too_large() -> None:
    assert of_page("x" * LARGEST, "page-size") == []
    assert len(of_page("ä" * LARGEST, "page-size")) == 1


def test_mojibake_of_a_page_is_told_where_it_is() -> None:
    ((line, said),) = of_page("fine — “so” 🚀\n#### ðŸš€ Updates\n", "page-mojibake")
    assert line == 2 and "🚀" in said


@pytest.mark.parametrize(
    "text",
    [
        "cication: [**-1**](None)",
        "citation: [**99999999**](https://x.org)",
        "![Star -3](https://img.shields.io/badge/Star--3-grey)",
        "![Star 3M](x.svg)",
    ],
)
def test_counts_that_cannot_be_are_told(text: str) -> None:
    assert len(of_page(text, "page-count")) >= 1


def test_counts_that_can_be_are_not() -> None:
    assert of_page("citation: [**0**](x) ![Star 1.2k](https://img.shields.io/badge/Star-1.2k-grey)", "page-count") == []


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
