from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from harvester.editorial.learning.past import History
from harvester.errors import SettingsError
from harvester.ids import Subject
from harvester.steps.recorded import read_folders
from harvester.steps.recorded_history import histories
from harvester.steps.recorded_rows import aside_words
from harvester.steps.texts import Reader, reader
from harvester.topics import Harvest, Topic

ONE = Subject("arxiv:2401.00001")


@pytest.fixture
def read() -> Reader:
    return reader([Topic("pruning", ("pruning",), (), ("cs.CL",))], Harvest(theme=("language model",)))


def lines(path: Path, *rows: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


def read_histories(folders: list[Path], read: Reader, later_texts: bool = False) -> list[History]:
    return histories(read_folders(folders), read, later_texts)


def record(number: str, version: str | None = "v1", title: str = "Pruning", **more: object) -> dict[str, Any]:
    abstract = f"{title} language models."
    return {"arxiv_id": number, "version_seen": version, "title": title, "abstract": abstract, **more}


def folder(
    where: Path, papers: list[dict[str, Any]], stream: list[dict[str, Any]], labels: list[dict[str, Any]]
) -> Path:
    lines(where / "arxiv-metadata/by_id_month/2401.jsonl.gz", *papers)
    lines(where / "arxiv-metadata/streams/rss.jsonl.gz", *stream)
    lines(where / "labels/mine_entries.jsonl", *labels)
    return where


def sight(number: str, day: str, version: str | None = "v1", flag: str | None = "NEW") -> dict[str, Any]:
    return {"arxiv_id": number, "harvested_at": f"{day}T22:40:11+08:00", "version": version, "flag": flag}


def listed(number: str, day: str, **more: object) -> dict[str, Any]:
    return {"arxiv_id": number, "date_first_added": day, "section_first": "Pruning", "title": "As listed", **more}


def test_a_folder_becomes_a_history(tmp_path: Path, read: Reader) -> None:
    made = folder(
        tmp_path, [record("2401.00001")], [sight("2401.00001", "2024-01-03")], [listed("2401.00001", "2024-01-05")]
    )
    (history,) = read_histories([made], read)
    trial = history.trial(date(2024, 1, 1), date(2024, 2, 1))
    assert history.name == "mine"
    assert trial.accepted == {ONE}
    (seen,) = trial.seen
    assert (seen.on, seen.text.hits[0].in_title, seen.text.theme) == (date(2024, 1, 3), 1, (0, 1))
    assert history.accepted[0].section == "Pruning"


def test_the_text_of_a_later_version_is_not_used(tmp_path: Path, read: Reader) -> None:
    made = folder(
        tmp_path,
        [record("2401.00001", "v3")],
        [sight("2401.00001", "2024-01-03")],
        [listed("2401.00001", "2024-01-05")],
    )
    (history,) = read_histories([made], read)
    trial = history.trial(date(2024, 1, 1), date(2024, 2, 1))
    assert (trial.seen, trial.unread) == ((), (ONE,))
    assert history.before(date(2024, 2, 1)).accepted == ()
    assert [one.text.title for one in trial.placed] == ["As listed"]


def test_later_texts_are_used_where_that_is_asked_for(tmp_path: Path, read: Reader) -> None:
    made = folder(
        tmp_path,
        [record("2401.00001", "v3")],
        [sight("2401.00001", "2024-01-03")],
        [listed("2401.00001", "2024-01-05")],
    )
    (history,) = read_histories([made], read, later_texts=True)
    assert [one.subject for one in history.trial(date(2024, 1, 1), date(2024, 2, 1)).seen] == [ONE]


def test_a_version_that_the_stream_showed_is_used_from_that_day_on(tmp_path: Path, read: Reader) -> None:
    stream = [sight("2401.00001", "2024-01-03", "v2", "CROSS LISTED")]
    made = folder(tmp_path, [record("2401.00001", "v2")], stream, [listed("2401.00001", "2024-01-02")])
    (history,) = read_histories([made], read)
    assert history.before(date(2024, 1, 3)).accepted == ()
    assert [one.subject for one in history.before(date(2024, 1, 4)).accepted] == [ONE]


def test_new_versions_of_older_papers_are_no_sightings(tmp_path: Path, read: Reader) -> None:
    stream = [sight("2401.00001", "2024-01-03", flag="UPDATED"), sight("2401.00002", "2024-01-04", flag="replace")]
    made = folder(tmp_path, [record("2401.00001"), record("2401.00002")], stream, [listed("2401.00001", "2024-01-05")])
    assert read_histories([made], read)[0].sightings == ()


def test_folders_are_merged_and_the_earliest_word_holds(tmp_path: Path, read: Reader) -> None:
    first = folder(
        tmp_path / "a",
        [record("2401.00001", "v2", "Later words")],
        [sight("2401.00001", "2024-01-09")],
        [listed("2401.00001", "2024-01-20")],
    )
    second = folder(
        tmp_path / "b",
        [record("2401.00001", "v1", "First words")],
        [sight("2401.00001", "2024-01-03")],
        [listed("2401.00001", "2024-01-05"), listed("2401.00002", "2024-01-06")],
    )
    for order in ([first, second], [second, first]):
        (history,) = read_histories(order, read)
        assert [one.on for one in history.sightings] == [date(2024, 1, 3)]
        assert [one.on for one in history.accepted] == [date(2024, 1, 5), date(2024, 1, 6)]
        assert history.trial(date(2024, 1, 1), date(2024, 2, 1)).seen[0].text.title == "First words"


def test_an_entry_without_an_id_is_the_paper_of_its_title(tmp_path: Path, read: Reader) -> None:
    title = "Deep pruning of very large models"
    nameless = {**listed("", "2024-01-02"), "arxiv_id": None, "title": title.upper()}
    made = folder(tmp_path, [record("2401.00001", title=title)], [sight("2401.00001", "2024-01-03")], [nameless])
    (history,) = read_histories([made], read)
    assert [(one.subject, one.on) for one in history.accepted] == [(ONE, date(2024, 1, 2))]
    assert history.trial(date(2024, 1, 1), date(2024, 2, 1)).listed_before == (ONE,)


def test_an_entry_without_an_id_and_with_a_short_title_is_of_no_paper(tmp_path: Path, read: Reader) -> None:
    nameless = {**listed("", "2024-01-02"), "arxiv_id": None, "title": "Pruning"}
    made = folder(tmp_path, [record("2401.00001")], [sight("2401.00001", "2024-01-03")], [nameless])
    assert read_histories([made], read)[0].accepted == ()


def test_authors_that_were_filled_in_afterwards_are_not_used(tmp_path: Path, read: Reader) -> None:
    sources = {"abstract": "feed", "authors": "collection"}
    papers = [
        record("2401.00001", authors=["Ada Author"], field_source=sources),
        record("2401.00002", authors=["Ada Author"], field_source={**sources, "authors": "feed"}),
    ]
    stream = [sight("2401.00001", "2024-01-03"), sight("2401.00002", "2024-01-03")]
    (history,) = read_histories([folder(tmp_path, papers, stream, [listed("2401.00001", "2024-01-05")])], read)
    seen = history.trial(date(2024, 1, 1), date(2024, 2, 1)).seen
    assert [one.text.authors for one in seen] == [(), ("Ada Author",)]


def test_a_text_of_no_named_version_is_used_from_the_day_it_was_harvested(tmp_path: Path, read: Reader) -> None:
    papers = [record("2401.00001", None, first_harvested="2024-01-04"), record("2401.00002", None)]
    stream = [sight("2401.00001", "2024-01-04"), sight("2401.00002", "2024-01-04")]
    (history,) = read_histories([folder(tmp_path, papers, stream, [listed("2401.00001", "2024-01-05")])], read)
    trial = history.trial(date(2024, 1, 1), date(2024, 2, 1))
    assert ([one.subject for one in trial.seen], trial.unread) == ([ONE], ("arxiv:2401.00002",))


def test_a_paper_of_which_not_all_categories_are_known_counts_as_one_of_those_asked_for(
    tmp_path: Path, read: Reader
) -> None:
    papers = [
        record("2401.00001", categories=["cs.CV"], categories_complete=False),
        record("2401.00002", categories=["cs.CV"], categories_complete=True),
    ]
    stream = [sight("2401.00001", "2024-01-03"), sight("2401.00002", "2024-01-03")]
    (history,) = read_histories([folder(tmp_path, papers, stream, [listed("2401.00001", "2024-01-05")])], read)
    seen = history.trial(date(2024, 1, 1), date(2024, 2, 1)).seen
    assert [bool(one.text.hits) for one in seen] == [True, False]


def test_entries_that_are_no_papers_are_no_labels(tmp_path: Path, read: Reader) -> None:
    rows = [listed("2401.00001", "2024-01-05", kind="project"), {**listed("", "2024-01-05"), "arxiv_id": None}]
    made = folder(tmp_path, [record("2401.00001")], [sight("2401.00001", "2024-01-03")], rows)
    assert read_histories([made], read)[0].accepted == ()


def test_a_folder_without_labels_says_what_is_missing(tmp_path: Path, read: Reader) -> None:
    with pytest.raises(SettingsError, match=r"there is no labels/<list>_entries\.jsonl"):
        read_histories([tmp_path], read)


def test_a_line_that_is_not_json_is_named(tmp_path: Path, read: Reader) -> None:
    made = folder(tmp_path, [record("2401.00001")], [sight("2401.00001", "2024-01-03")], [])
    (made / "labels/mine_entries.jsonl").write_text("{}\nnonsense\n")
    with pytest.raises(SettingsError, match=r"mine_entries\.jsonl, line 2: not JSON"):
        read_histories([made], read)


def damaged(tmp_path: Path, name: str, content: bytes) -> str:
    """Returns what is told of a folder in which one file is damaged."""
    made = folder(
        tmp_path, [record("2401.00001")], [sight("2401.00001", "2024-01-03")], [listed("2401.00001", "2024-01-05")]
    )
    (made / name).write_bytes(content)
    with pytest.raises(SettingsError) as told:
        read_folders([made])
    assert str(made / name) in str(told.value)
    return str(told.value)


MONTH, STREAM, LABELS = (
    "arxiv-metadata/by_id_month/2401.jsonl.gz",
    "arxiv-metadata/streams/rss.jsonl.gz",
    "labels/mine_entries.jsonl",
)


@pytest.mark.parametrize("name", [MONTH, STREAM])
def test_a_file_that_is_cut_off_or_no_gzip_is_named_with_the_remedy(tmp_path: Path, name: str) -> None:
    whole = gzip.compress(b"".join(json.dumps(record(f"2401.{n:05}")).encode() + b"\n" for n in range(999)))
    assert "cut off, the rest is missing; copy it anew, or delete it" in damaged(tmp_path, name, whole[:-9])
    for nothing in (b"", gzip.compress(b"")):
        assert f"{name}: empty; copy it anew" in damaged(tmp_path, name, nothing)
    for no_gzip in (b"no", b"hello\n"):
        assert f"{name}: no gzip file; copy it anew" in damaged(tmp_path, name, no_gzip)
    assert "not whole gzip" in damaged(tmp_path, name, whole[:200] + b"?" * 99 + whole[300:])
    assert "not UTF-8" in damaged(tmp_path, name, gzip.compress(b'{"title": "\xff"}\n'))


def test_labels_without_a_line_are_no_list_that_accepted_nothing(tmp_path: Path) -> None:
    assert f"{LABELS}: empty; copy it anew, or delete it" in damaged(tmp_path, LABELS, b"")


@pytest.mark.parametrize(
    ("name", "line", "why"),
    [
        (MONTH, '{"ident": "2401.00001"}', "no arxiv_id"),
        (MONTH, '{"arxiv_id": 5, "title": null}', "arxiv_id is 5, which is none of arXiv's"),
        (MONTH, '{"arxiv_id": "2401.00001", "title": null, "abstract": "x"}', "no text: title"),
        (MONTH, '{"arxiv_id": "2401.00001", "title": "x", "abstract": 3}', "no text: abstract"),
        (MONTH, '{"arxiv_id": "2401.00001", "title": "x", "abstract": "y", "categories": "cs.CL"}', "categories must"),
        (MONTH, '{"arxiv_id": "2401.00001", "title": "x", "abstract": "y", "version_seen": "new"}', "version_seen is"),
        (MONTH, "[1]", "no JSON object"),
        (STREAM, '{"x": 1}', "no arxiv_id"),
        (STREAM, '{"arxiv_id": "2401.00001", "day": "soon"}', "no day: harvested_at, announced or day"),
        (STREAM, "null", "no JSON object"),
        (LABELS, '{"a": 1}', "no day: date_first_added"),
        (LABELS, '{"date_first_added": "2024-01-05"}', "neither arxiv_id nor title"),
    ],
)
def test_one_odd_line_is_kept_aside_and_a_file_of_them_is_damaged(
    tmp_path: Path, name: str, line: str, why: str
) -> None:
    content = line.encode() + b"\n"
    told = damaged(tmp_path, name, gzip.compress(content) if name.endswith("gz") else content)
    assert f"line 1: {why}" in told and "no line of the file is of use" in told
    made = folder(
        tmp_path, [record("2401.00001")], [sight("2401.00001", "2024-01-03")], [listed("2401.00001", "2024-01-05")]
    )
    whole = (made / name).read_bytes()
    more = gzip.decompress(whole) + content if name.endswith("gz") else whole + content
    (made / name).write_bytes(gzip.compress(more) if name.endswith("gz") else more)
    read = read_folders([made])
    (aside,) = read.aside
    assert aside.startswith(f"{made / name}, line 2: {why}")
    assert len(read.seen) == len(read.lists["mine"]) == 1


def test_all_damaged_files_are_told_at_once(tmp_path: Path) -> None:
    made = folder(tmp_path, [record("2401.00001")], [], [])
    for name in (MONTH, STREAM):
        (made / name).write_bytes(b"hello")
    with pytest.raises(SettingsError) as told:
        read_folders([made])
    assert ["labels" in mistake for mistake in told.value.mistakes].count(True) == 1
    assert len(told.value.mistakes) == 3


def test_lines_kept_aside_are_counted_and_the_first_are_named() -> None:
    assert list(aside_words(())) == []
    told = list(aside_words([f"a.jsonl, line {n}: no arxiv_id" for n in range(1, 8)]))
    assert told[0] == "7 lines of the recorded data kept aside:" and len(told) == 7
    assert told[-1] == "  and 2 more"
