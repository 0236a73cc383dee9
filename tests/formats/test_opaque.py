"""What stands between fences and in comments is kept as it is, and hides no entry of the page that is rendered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from list_builders import AS_OF, SNAPSHOT, entries_of
from markdown_it import MarkdownIt

from harvester.definitions import STYLES, Style
from harvester.formats import FORMS, PARSE, Form
from harvester.formats._opaque import cut
from harvester.steps.adopt import Adopted, Adopting, adopt
from harvester.steps.adopt_pages import read_pages
from harvester.steps.render import render

WHO = Adopting("import", datetime(2024, 5, 29, tzinfo=UTC), "list")
ENTRY = "- **Paper {0} of Several Words**, `arXiv, 2405.0000{0}`, [arxiv](https://arxiv.org/abs/2405.0000{0})"
CODE = "```bash\n# install it\n- no entry [x](https://arxiv.org/abs/2405.99999)\n| a | b |\n|---|---|\n```"
HIDDEN = "<!--\n- **Hidden Paper of Words**, [arxiv](https://arxiv.org/abs/2405.99998)\n\n-->"
# Marks at the starts of lines, as hostile and as careless authors leave them.
LINES = st.sampled_from(
    ["```", "```bash", "~~~", "````", "<!--", "-->", "<!-- x -->", "<pre>", "</pre>", "<script>", "  ```", "    ```",
     "- ```", "- <!--", "  <!--", "\t-->", "1. ~~~", "> ```", "<?php", "?>", "<![CDATA[", "### Heading", "- bullet", "",
     "| a | b |", "|---|---|", "| 1 | 2 |", "text", "<details>", "</details>", "  text", "\t```", "* * *",
     "```x`y", "<span>", "</b>", "<br/>", "> <!--", "> text", '<a b="c>d">',
     "- <iframe>", "1. <div>"]
)  # fmt: skip


def cells(lines: str) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    return cut(list(enumerate(lines.split("\n"), 1)))


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        (f"a\n{CODE}\nb", [CODE]),
        (f"a\n\n{HIDDEN}\n\nb", [HIDDEN]),
        ("````\n```\n````", ["````\n```\n````"]),
        ("~~~\n```\n~~~", ["~~~\n```\n~~~"]),
        ("<!-- x -->\n- a", []),
        ("```one line```\n- a", []),
        ("a\n\n    ```\n    b", []),
        ("- a\n\n\t```\n\tb\n\t```\n- c", ["\t```\n\tb\n\t```"]),
        ("- a\n  ```\n  b\n- c", ["  ```\n  b\n  ```"]),
        ("<pre>\n# a\n</pre>\n# b", ["<pre>\n# a\n</pre>"]),
        ("</pre>\n```\nb", ["</pre>\n```\nb"]),  # a lone end of a tag is HTML up to the next empty line
        ("> <!-- a\n> b -->\nc", []),
        ("- <iframe>\n- a\n```\nb\n```\n- c", ["```\nb\n```"]),  # HTML ends where the list item does that it stands in
        ("- <div>\n  ```\n  b\n- c", ["- <div>\n  ```\n  b"]),
        ("- <div>\n- a <!--\n  b\n  -->\n- c", []),
    ],
)
def test_blocks_are_found_where_commonmark_has_them(text: str, blocks: list[str]) -> None:
    kept, unclosed = cells(text)

    assert [line for _, line in kept if "\n" in line] == blocks
    assert unclosed == []


@pytest.mark.parametrize("mark", ["```", "~~~python", "<!--", "<!-- todo", "<pre>", "- <!--"])
def test_the_mark_of_a_block_that_nobody_ends_is_text(mark: str) -> None:
    kept, unclosed = cells(f"a\n\n{mark}\n\n- b")

    assert len(kept) == 5 and kept[2][1] in (mark.replace("<", "&lt;"), "\\" + mark)
    assert [number for number, _ in unclosed] == [3]


@given(st.lists(LINES, max_size=25))
def test_no_line_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    kept, _ = cells(text)

    told = "\n".join(line for _, line in kept).replace("\\", "").replace("&lt;", "<").split("\n")
    left = iter(told)  # an item's end may end a block of code, which then gets a fence
    assert all(line in left for line in lines)


def taken(text: str, form: Form | None) -> Adopted:
    with TemporaryDirectory() as folder:
        (Path(folder) / "topics.toml").write_text('categories = ["cs.CL"]\n[topics.a]\ninclude = ["a"]\n')
        return adopt(Path(folder), {"README.md": text}, "a-list", form, WHO, facts_only=False, dry_run=True)


def shown_links(text: str) -> set[str]:
    """The links that a reader of the page sees: none in code, and nothing behind a comment that nobody ends."""

    def links(tokens: list) -> Iterator[str]:  # type: ignore[type-arg]  # the parser's own
        for token in tokens:
            if token.type == "html_block" and "<!--" in token.content and "-->" not in token.content:
                return
            if token.type == "link_open":
                yield str(token.attrs["href"])
            yield from links(token.children or [])

    return set(links(MarkdownIt("commonmark").enable("table").parse(text)))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("form", FORMS)
@settings(deadline=None, max_examples=60)
@example([*CODE.split("\n"), *HIDDEN.split("\n")], [])
@example(["```"], ["<!--"])
@example(["- <!--"], ["<pre>", "```"])
@example(["</pre>", "```"], ["```"])
@example(["<details>", "- <!--", "-->"], ["- ```", "```", "\t```"])
@example(["<!-- x -->", "</pre>", "- ```"], ["```"])
@example(["> ```", "<span>", "```"], ["```"])
@example(["* * *", "</pre>", "```"], ["```"])
@example(["- <!--", "| a | b |", "  ```"], ["```"])
@example(["> <!--"], ["-->"])
@given(st.lists(LINES, max_size=8), st.lists(LINES, max_size=8))
def test_every_entry_of_a_rendered_page_shows(form: Form, style: Style, between: list[str], behind: list[str]) -> None:
    text = "\n".join(
        ["# L", "", "## A", "", ENTRY.format(1), "", *between, "", "## B", "", ENTRY.format(2), "", *behind, "", ""]
    )
    done = taken(text, form)
    entries = entries_of(done.decisions)
    pages = render(entries, [], [], replace(done.definition, style=style), AS_OF, SNAPSHOT)

    links = set().union(*(shown_links(page) for page in pages.values()))
    assert {f"https://arxiv.org/abs/{entry.subject[6:]}" for entry in entries} <= links
    if form != "generic":  # prose keeps what a list of other form holds, also twice
        again = read_pages(pages, style)
        assert [placed.entry.subject for placed in again.entries] == [entry.subject for entry in entries]
        found, said = ([one.prose for one in page if one.prose] for page in (again.sections, done.definition.sections))
        assert found == said


@pytest.mark.parametrize("form", FORMS)
def test_what_is_commented_out_or_code_is_no_entry(form: Form) -> None:
    page = PARSE[form]("\n\n".join(["# L", "## A", ENTRY.format(1), CODE, HIDDEN, ENTRY.format(2)]))

    assert [entry.subject for entry in page.entries] == ["arxiv:2405.00001", "arxiv:2405.00002"]
    assert [section.title for section in page.sections] == ["A"]
    assert CODE in page.sections[0].prose and HIDDEN in page.sections[0].prose
