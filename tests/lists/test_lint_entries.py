"""What lint finds in entries and definitions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from linting import P, listed
from list_builders import entry

from harvester.definitions import SectionDefinition
from harvester.lists.lint import lint_entries
from harvester.records import Entry, Link, Note


def rules(*entries: Entry, titles: dict[str, str] | None = None) -> list[str]:
    """The rules that find something, but for sections that these few entries leave empty."""
    found = lint_entries(listed(*entries, titles=titles))
    return [finding.rule for finding in found if finding.rule != "empty-section"]


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


def test_a_section_with_prose_is_not_empty() -> None:
    world = listed(entry(P, "Quantization / Papers"))
    more = SectionDefinition("License", "License", 1, prose="MIT.")
    definition = replace(world.definition, sections=(*world.definition.sections, more))
    assert list(lint_entries(replace(world, definition=definition))) == []


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
        "https://github.com/search-lab",
        "https://github.com/",
        "https://github.com/ada/cut.svg",
        "https://github.com/blob/main/README.md",
        "https://www.github.com/ada//",
    ],
)
def test_a_link_to_github_without_repository_is_malformed(url: str) -> None:
    assert rules(entry(P, links=(Link("Github", url),))) == ["malformed-repository"]
    assert rules(entry(f"url:{url}", title="What is linked alone")) == ["malformed-repository"]


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
