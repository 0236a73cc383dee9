"""Files are put in place only where they differ, and only files of ours are removed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.errors import ListError
from harvester.lists import shelf


def test_first_rendition_adds_everything(tmp_path: Path) -> None:
    changed = shelf.put(tmp_path / "a-list", {"README.md": "é\n", "deep/page.md": "x\n"})

    assert changed.added == ("README.md", "deep/page.md") and changed
    assert (tmp_path / "a-list" / "README.md").read_bytes() == "é\n".encode()


def test_an_unchanged_file_is_not_touched(tmp_path: Path) -> None:
    shelf.put(tmp_path, {"README.md": "a\n", "page.md": "b\n"})
    before = {path.name: path.stat().st_ino for path in tmp_path.iterdir()}

    changed = shelf.put(tmp_path, {"README.md": "a\n", "page.md": "c\n"})

    after = {path.name: path.stat().st_ino for path in tmp_path.iterdir()}
    assert changed.changed == ("page.md",)
    assert {name for name in before if before[name] != after[name]} == {"page.md"}
    assert not shelf.put(tmp_path, {"README.md": "a\n", "page.md": "c\n"})


def test_pages_of_earlier_renditions_go_and_files_of_others_stay(tmp_path: Path) -> None:
    shelf.put(tmp_path, {"README.md": "a\n", "deep/old.md": "b\n"})
    (tmp_path / "LICENSE").write_text("theirs")
    (tmp_path / "notes.md").write_text("theirs")

    changed = shelf.put(tmp_path, {"README.md": "a\n"})

    assert changed.removed == ("deep/old.md",)
    assert sorted(path.name for path in tmp_path.iterdir()) == [shelf.INDEX, "LICENSE", "README.md", "notes.md"]


@pytest.mark.parametrize("listing", ["{", "[]", '{"files": 3}', '{"files": ["../outside.md", "notes.md", 7]}'])
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
