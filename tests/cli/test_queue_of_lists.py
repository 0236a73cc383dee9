"""`harvester queue` over several lists, and what it says of them: one order, lists that no row shows, words as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from deciding_world import settle_in

from harvester.cli import main
from harvester.cli.queue_search import read_words, that_say
from harvester.editorial.policy import merged
from harvester.records import Candidate
from harvester.scores import Rated, Score, percent
from harvester.steps.standing import read_standing

AT = ("--at", "2024-06-03T12:00:00Z")


def queue(folder: Path, rated: Mapping[str, Rated], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    settle_in(folder, rated)
    monkeypatch.chdir(folder)
    return CliRunner().invoke(main, ["queue", *arguments, *AT])


def scored(**scores: float) -> dict[str, Rated]:
    return {f"2405.0000{name[1:]}": Rated(Score(score), "topics") for name, score in scores.items()}


def test_the_queues_of_all_lists_are_one_the_likeliest_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rated = scored(p3=0.3, p2=0.2, p1=0.1, p4=0.35)  # in this order both lists have them
    shown = queue(tmp_path, rated, monkeypatch, "--json")
    worth = [row["score"] for row in json.loads(shown.stdout)]
    assert worth == [0.35, 0.3, 0.3, 0.2, 0.1]
    found = queue(tmp_path, rated, monkeypatch, "--search", "title", "--json")
    assert [row["score"] for row in json.loads(found.stdout)] == worth


def test_each_list_keeps_its_order_and_what_was_put_off_lifts_it(tmp_path: Path) -> None:
    standing = read_standing(settle_in(tmp_path), date(2024, 6, 3))
    some, today = standing.candidates[0], date(2024, 6, 3)

    def waits(slug: str, score: float | None, days: int = 0) -> Candidate:
        seen = some.first_seen_at.replace(year=2024, month=6, day=3) - timedelta(days=days)
        return replace(some, list=slug, first_seen_at=seen, rated=Rated(Score(score) if score is not None else None))

    put_off, good, none = waits("a", 0.1), waits("a", 0.9), waits("a", None)
    old, fair, poor = waits("b", 0.9, 14), waits("b", 0.4), waits("b", 0.2)
    assert merged([put_off, good, none, old, fair, poor], today) == [put_off, good, old, fair, poor, none]
    assert merged([old, fair, poor, put_off, good, none], today) == [put_off, good, old, fair, poor, none]


def test_the_foot_speaks_of_lists_whose_rows_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rated = scored(p1=0.3, p2=0.2, p3=0.1, p4=0.01)
    assert "moe: scores tell" in queue(tmp_path, rated, monkeypatch).stderr
    first = queue(tmp_path, rated, monkeypatch, "--limit", "1").stderr
    assert "efficient: scores tell" in first and "moe: scores tell" not in first


def test_one_paper_for_two_lists_is_one_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = queue(tmp_path, scored(p3=0.1), monkeypatch, "--search", "2405.00003").stderr
    assert told.startswith("2 in all (1 paper, for several lists): ")


def test_what_expired_in_a_snapshot_that_knows_no_day_is_said_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rated = {"2405.00001": Rated(Score(0.1), "learnt", place="expired")}
    [row] = json.loads(queue(tmp_path, rated, monkeypatch, "--search", "2405.00001", "--json").stdout)
    assert row["remark"] == "expired"


@pytest.mark.parametrize(
    ("words", "title", "finds"),
    [
        ("C++", "Kernels in C++", True),
        ("C++", "Kernels in C", False),
        ("(C#),", "From C# to IR", True),
        ("DEJAVU", "DéjàVu: contextual sparsity", True),
        ("Déjà", "Deja vu", True),
        ("-x", "Title", False),
        ("arxiv", "Title", False),
        ("2405.00001", "Title", True),
        ("arxiv:2405.00001v2", "Title", True),
    ],
)
def test_words_are_looked_for_as_they_are_without_accents(words: str, title: str, finds: bool, tmp_path: Path) -> None:
    standing = read_standing(settle_in(tmp_path), date(2024, 6, 3))
    one = next(c for c in standing.candidates if c.subject.endswith("00001"))
    shown = replace(standing.papers[one.subject], title=title, authors=(), abstract=None)
    known = replace(standing, papers={one.subject: shown})
    assert that_say(known, [one], read_words(words)) == ([one] if finds else [])


@pytest.mark.parametrize(
    ("probability", "said"),
    [(1.0, ">99%"), (0.996, ">99%"), (0.994, "99%"), (0.5, "50%"), (0.004, "0.4%"), (0.0, "<0.1%")],
)
def test_no_probability_is_certain(probability: float, said: str) -> None:
    assert percent(probability) == said
