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
