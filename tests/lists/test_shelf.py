"""Files are put in place only where they differ, and only files of ours are removed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import ListError
from harvester.lists import shelf


def test_first_rendition_adds_everything(tmp_path: Path) -> None:
    changed = shelf.put(tmp_path / "a-list", {"README.md": "é\n", "deep/page.md": "x\n"})

    assert changed.added == ("README.md", "deep/page.md") and changed
    assert (tmp_path / "a-list" / "README.md").read_bytes() == "é\n".encode()


def test_an_unchanged_file_is_not_touched(tmp_path: Path) -> None:
    pages, kept = tmp_path / "pages", tmp_path / "kept"
    shelf.put(pages, {"README.md": "a\n", "page.md": "b\n"})
    kept.mkdir()
    for path in pages.iterdir():
        (kept / path.name).hardlink_to(path)

    changed = shelf.put(pages, {"README.md": "a\n", "page.md": "c\n"})

    assert changed.changed == ("page.md",)
    assert {path.name for path in pages.iterdir() if not path.samefile(kept / path.name)} == {"page.md", shelf.INDEX}
    assert not shelf.put(pages, {"README.md": "a\n", "page.md": "c\n"})
    assert (pages / "README.md").samefile(kept / "README.md")


def test_pages_of_earlier_renditions_go_and_files_of_others_stay(tmp_path: Path) -> None:
    shelf.put(tmp_path, {"README.md": "a\n", "deep/old.md": "b\n"})
    (tmp_path / "LICENSE").write_text("theirs")
    (tmp_path / "notes.md").write_text("theirs")

    changed = shelf.put(tmp_path, {"README.md": "a\n"})

    assert changed.removed == ("deep/old.md",)
    assert sorted(path.name for path in tmp_path.iterdir()) == [shelf.INDEX, "LICENSE", "README.md", "notes.md"]


def test_a_page_that_somebody_edited_stays_until_the_edit_is_taken_over(tmp_path: Path) -> None:
    shelf.put(tmp_path, {"README.md": "a\n", "page.md": "b\n"})
    (tmp_path / "page.md").write_text("b, by hand\n")

    for _ in range(2):  # the next night knows it, too
        changed = shelf.put(tmp_path, {"README.md": "c\n", "page.md": "d\n"})
        assert changed.edited == ("page.md",)
        assert (tmp_path / "page.md").read_text() == "b, by hand\n" and (tmp_path / "README.md").read_text() == "c\n"

    shelf.take(tmp_path, ["b, by hand\n"])
    changed = shelf.put(tmp_path, {"README.md": "c\n", "page.md": "d\n"})
    assert (changed.rewritten, changed.edited) == (("page.md",), ())
    assert (tmp_path / "page.md").read_text() == "d\n"


def test_an_edited_page_that_the_list_has_no_more_stays(tmp_path: Path) -> None:
    shelf.put(tmp_path, {"README.md": "a\n", "old.md": "b\n"})
    (tmp_path / "old.md").write_text("by hand\n")

    assert shelf.put(tmp_path, {"README.md": "a\n"}).edited == ("old.md",)
    assert (tmp_path / "old.md").read_text() == "by hand\n"


def test_a_persons_own_file_in_the_place_of_a_page_stays(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("theirs\n")

    assert shelf.put(tmp_path, {"README.md": "a\n"}).edited == ("README.md",)
    assert (tmp_path / "README.md").read_text() == "theirs\n"
    shelf.take(tmp_path, ["theirs\n"])
    assert shelf.put(tmp_path, {"README.md": "a\n"}).rewritten == ("README.md",)


def test_a_page_that_was_deleted_is_written_again(tmp_path: Path) -> None:
    shelf.put(tmp_path, {"README.md": "a\n"})
    (tmp_path / "README.md").unlink()

    assert shelf.put(tmp_path, {"README.md": "a\n"}).added == ("README.md",)


def test_line_ends_that_an_editor_or_git_changed_are_no_edit(tmp_path: Path) -> None:
    shelf.put(tmp_path, {"README.md": "a\nb\n"})
    (tmp_path / "README.md").write_bytes(b"a\r\nb\r\n")

    assert shelf.put(tmp_path, {"README.md": "c\n"}) == shelf.Changed(rewritten=("README.md",))


def test_what_a_killed_run_wrote_is_no_persons_edit(tmp_path: Path) -> None:
    shelf.put(tmp_path, {"a.md": "1\n", "b.md": "1\n"})
    before = (tmp_path / "b.md").read_text()
    shelf.put(tmp_path, {"a.md": "2\n", "b.md": "2\n"})
    whole = json.loads((tmp_path / shelf.INDEX).read_text())["files"]
    (tmp_path / "b.md").write_text(before)  # killed between the two: the listing names both
    both = {path: [*digests, hashlib.sha256(b"1\n").hexdigest()] for path, digests in whole.items()}
    (tmp_path / shelf.INDEX).write_text(json.dumps({"files": both}))

    assert shelf.put(tmp_path, {"a.md": "3\n", "b.md": "3\n"}).edited == ()


def test_a_listing_of_an_older_version_knows_names_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("a\n")
    (tmp_path / "old.md").write_text("b\n")
    (tmp_path / shelf.INDEX).write_text('{"files": ["README.md", "old.md"]}')

    assert shelf.put(tmp_path, {"README.md": "c\n"}) == shelf.Changed(rewritten=("README.md",), removed=("old.md",))


@pytest.mark.parametrize(
    "listing",
    [
        "{",
        "[]",
        '{"files": {"../outside.md": []}}',
        '{"files": {}, "taken": 3}',
        '{"files": 3}',
        '{"files": ["../outside.md", "notes.md", 7]}',
    ],
)
def test_a_damaged_listing_removes_nothing_outside(tmp_path: Path, listing: str) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("theirs")
    folder = tmp_path / "a-list"
    folder.mkdir()
    (folder / shelf.INDEX).write_text(listing)

    shelf.put(folder, {"README.md": "a\n"})

    assert outside.exists()


@pytest.mark.parametrize("path", ["../x.md", "/x.md", "", "a/../../x.md", shelf.INDEX, "a\\b.md"])
def test_a_page_outside_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ListError, match="change `page`"):
        shelf.put(tmp_path, {path: "x"})


@settings(deadline=None)  # each example writes files, on a disk that others use too
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["README.md", "a.md", "b/c.md", "b/d.md"]), st.text(max_size=3)), max_size=4
    )
)
def test_the_folder_holds_what_was_put_last(
    tmp_path_factory: pytest.TempPathFactory, puts: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("shelf")
    for texts in puts:
        shelf.put(folder, {path: text.encode("utf-8", "replace").decode() for path, text in texts.items()})

    if puts:
        found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.name != shelf.INDEX}
        assert found == set(puts[-1])


@pytest.mark.parametrize(
    "text",
    [
        "- **A**, citation: [**{}**](https://www.semanticscholar.org/arxiv/2405.00001)\n",
        "| a | [**{}**](https://openalex.org/works?filter=doi:10.1/2) |\n",
        "![Star {0}](https://img.shields.io/badge/Star-{0}-lightgrey?style=social&logo=github)\n",
    ],
    ids=["bullets", "column", "badge"],
)
def test_a_count_that_changed_changes_its_page_and_not_the_listing(tmp_path: Path, text: str) -> None:
    shelf.put(tmp_path, {"page.md": text.format("1.2k" if "Star" in text else 12)})
    listing = (tmp_path / shelf.INDEX).read_bytes()

    assert shelf.put(tmp_path, {"page.md": text.format("1.3k" if "Star" in text else 13)}).rewritten == ("page.md",)
    assert (tmp_path / shelf.INDEX).read_bytes() == listing
    (tmp_path / "page.md").write_text(text.format(99) + "and a word", encoding="utf-8")
    assert shelf.put(tmp_path, {"page.md": text.format(14)}).edited == ("page.md",)
