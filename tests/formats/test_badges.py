"""Editors' badges come back as they were written: what they show, in which color, and where they lead."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from harvester.formats import PARSE
from harvester.formats._badges import mark, read_mark
from harvester.formats._markdown import tokens


@pytest.mark.parametrize(
    ("alt", "badge", "text"),
    [
        ("Publish", "Conference-ICML'24-blue", "Publish: ICML'24"),
        ("Publish", "Workshop-ICLRW'24-blue", "Publish: Workshop | ICLRW'24"),
        ("Publish", "IEEE-TC'22-blue", "Publish: IEEE | TC'22"),
        ("Publish", "Competition-AIMO_2-yellow", "Publish: Competition | AIMO 2 | #yellow"),
        ("Publish", "ICLR'24-blue", "Publish: | ICLR'24"),
        ("Type", "Structural-C2A4A6", "Type: Structural"),
        ("Type", "Semi-structured-C2A4A6", "Type: Semi | structured"),
        ("Type", "Semi--structured-C2A4A6", "Type: Semi-structured"),
        ("Type", "w/Quantization-39B0A9", "Type: w/Quantization | #39B0A9"),
    ],
)
def test_a_mark_keeps_label_message_and_color(alt: str, badge: str, text: str) -> None:
    [image] = tokens(f"![{alt}](https://img.shields.io/badge/{badge})")
    [again] = tokens(mark(text))

    assert read_mark(image) == text == read_mark(again)
    assert unquote(again.url.rpartition("/badge/")[2]) == badge.replace("_", " ")


def test_what_a_badge_links_to_is_a_link_of_the_entry() -> None:
    badge = "[![Publish](https://img.shields.io/badge/Workshop-ICLR'24-green)](https://iclr.cc/virtual/1)"
    other = "[![Conference](https://img.shields.io/badge/ICLR-2024-blue)](https://iclr.cc/x)"
    row = f"|{badge}{other}<br>[A Title](https://arxiv.org/abs/2405.00001) <br> Ann | | |"
    [found] = PARSE["table"](f"## A\n| Title & Authors | Introduction | Links |\n|:--|:--|:--|\n{row}\n").entries

    assert found.wording.title == "A Title" and found.wording.marks == ("Publish: Workshop | ICLR'24 | #green",)
    assert [(link.label, link.url) for link in found.wording.links] == [
        ("ICLR'24", "https://iclr.cc/virtual/1"),
        ("ICLR 2024", "https://iclr.cc/x"),
    ]


STAR = "https://img.shields.io/github/stars/mit-han-lab/llm-awq"
BARE = f"![Star]({STAR}.svg)"
AWQ = "[AWQ paper here](https://arxiv.org/abs/2306.00978)"


@pytest.mark.parametrize(
    "entry",
    [
        f"- {AWQ} {BARE}",
        f"- {BARE} {AWQ}",
        f"1. {AWQ} {BARE}",
        f"- {AWQ} ![Star]({STAR}?style=social)",
        f"- {AWQ} ![GitHub Repo stars]({STAR}.svg?style=social&label=Star)",
        f'- {AWQ} <img alt="Star" src="{STAR}.svg">',
        f"- {AWQ}\n  {BARE}",
        f"- [{BARE}](https://arxiv.org/abs/2306.00978) {AWQ}",
        f"- AWQ: a paper on weights. {AWQ} [{BARE}](https://arxiv.org/abs/2306.00978)",
        f"| Title & Authors | Introduction | Links |\n|:--|:--|:--|\n| {BARE}<br>{AWQ} <br> Ann | | |",
        f"| Title & Authors | Introduction | Links |\n|:--|:--|:--|\n| {AWQ} <br> Ann | {BARE} | |",
    ],
)
def test_a_star_badge_that_leads_to_no_repository_is_a_link_to_the_one_it_counts(entry: str) -> None:
    parsed = PARSE["bullets"](f"# A\n\n## B\n\n{entry}\n")
    [found] = parsed.entries

    assert [(link.label, link.url) for link in found.wording.links] == [
        ("Github", "https://github.com/mit-han-lab/llm-awq")
    ]
    assert found.wording.figure is None
    assert not [repair for repair in parsed.repairs if "malformed" in repair.what]


def test_a_star_badge_behind_the_link_of_its_repository_adds_none() -> None:
    entry = f"- [AWQ](https://github.com/MIT-han-lab/llm-awq/tree/main) {BARE}"
    [found] = PARSE["bullets"](f"# A\n\n## B\n\n{entry}\n").entries
    assert found.subject == "github:mit-han-lab/llm-awq" and found.wording.links == ()


def test_a_star_badge_of_a_branch_names_no_repository() -> None:
    entry = f"- {AWQ} ![Star](https://img.shields.io/github/stars/tree/main.svg)"
    parsed = PARSE["bullets"](f"# A\n\n## B\n\n{entry}\n")
    assert parsed.entries[0].wording.links == () and "malformed" in parsed.repairs[0].what
