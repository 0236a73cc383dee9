"""`harvester queue`: scores with reasons, what is hidden and why, search, and what a decision says it saw."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from deciding_world import settle_in

from harvester.cli import main
from harvester.ids import Subject
from harvester.scores import Guess, Nearest, Rated, Reason, Score, Threshold

Harvester = Callable[..., Result]
AT = ("--at", "2024-06-03T12:00:00Z")
LIMIT = Threshold(0.004, 99, 100)
SCORE = Score(
    0.8312,
    (Reason("topic pruning", 1.2), Reason("sparse", 0.4), Reason("survey", -0.3)),
    (Nearest(Subject("arxiv:2405.00002"), 0.42),),
)
RATED = {
    "2405.00001": Rated(
        SCORE,
        "learnt",
        guesses=(Guess("Quantization", 0.71), Guess("Network Pruning", 0.2)),
        version=2,
        threshold=LIMIT,
    ),
    "2405.00002": Rated(Score(0.001), "learnt", place="below", threshold=LIMIT),
    "2405.00003": Rated(Score(0.01), "learnt", place="expired", let_in_on=date(2024, 6, 1), threshold=LIMIT),
    "2405.00004": Rated(None, why="ranking failed: ImportError: no sklearn"),
}


@pytest.fixture
def harvester(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Harvester:
    """Runs a command in a folder with a snapshot whose candidates are ranked, as ann."""
    settle_in(tmp_path, RATED)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        signed = ("--by", "ann") if arguments[0] in ("accept", "reject", "defer", "undo") else ()
        return CliRunner().invoke(main, [*arguments, *signed, *AT])

    return run


def rows(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    found: list[dict[str, object]] = json.loads(result.stdout)
    return found


def test_a_row_shows_score_section_and_reasons(harvester: Harvester) -> None:
    shown = harvester("queue", "--list", "efficient")
    head, first = shown.stdout.splitlines()
    assert head.split() == ["id", "score", "title", "section", "why", "age"]
    assert first.split() == [
        *("2405.00001", "83%", "Title", "of", "2405.00001"),
        *("Quantization", "71%", "pruning,", "sparse", "0", "d"),
    ]


@pytest.mark.parametrize(
    ("reasons", "why"),
    [
        ([("topic pruning", 1.2), ("sparse", 0.4), ("weights", 0.3), ("survey", -0.6)], "pruning, sparse"),
        ([("sparse", 0.4), ("survey", -0.2), ("no repository", -0.7)], "sparse; but no repository"),
        ([("topic survey", -1.0)], "but survey"),
        ([("topic low bit", 2.4), ("sparse", 0.3), ("low bit", -0.9)], "low bit, sparse"),
        ([("topic low bit", 0.4), ("sparse", 0.3), ("low bit", -1.3)], "sparse; but low bit"),
        ([], ""),
    ],
)
def test_why_is_the_two_strongest_reasons_and_a_strong_one_against_whatever_else_is_shown(
    reasons: list[tuple[str, float]], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    score = Score(0.3, tuple(Reason(what, weight) for what, weight in reasons))
    settle_in(tmp_path, {**RATED, "2405.00001": Rated(score, "learnt"), "2405.00002": Rated(SCORE, "learnt")})
    monkeypatch.chdir(tmp_path)
    for limit in ("1", "2"):
        shown = CliRunner().invoke(main, ["queue", "--list", "efficient", "--search", "2405.00001", "--limit", limit])
        head, row = shown.stdout.splitlines()
        assert (row[head.index("why") : head.index("age")].strip() if "why" in head else "") == why


def test_phrases_stand_for_reasons_where_there_is_no_score(harvester: Harvester) -> None:
    assert "moe" in harvester("queue", "--list", "moe").stdout.splitlines()[1].split()


def test_what_is_hidden_is_counted_with_what_the_threshold_keeps(harvester: Harvester) -> None:
    told = harvester("queue", "--list", "efficient").stderr.splitlines()
    assert told[0].startswith("3 in all: 1 to decide now, 1 below the threshold, 1 expired (snapshot ")
    assert told[1] == "--all shows the hidden ones too"
    keeps = "which keeps 99.0% of what this list accepted (99 of 100)"
    assert told[2] == f"efficient: 1 below the threshold of 0.4%, {keeps}"


def test_all_shows_the_hidden_ones_with_the_reason(harvester: Harvester) -> None:
    found = {row["id"]: row for row in rows(harvester("queue", "--list", "efficient", "--all", "--json"))}
    assert found["2405.00002"]["remark"] == "withdrawn; below the threshold"
    assert found["2405.00003"]["remark"] == "expired, in the queue since 2024-06-01"
    assert [found[one]["place"] for one in sorted(found, key=str)] == ["shown", "below", "expired"]


def test_the_foot_counts_each_kind_by_its_name_however_many_are_shown(harvester: Harvester) -> None:
    assert harvester("defer", "2405.00001", "--list", "efficient").exit_code == 0
    kinds = "3 in all: 1 below the threshold, 1 expired, 1 deferred (snapshot "
    foot = harvester("queue", "--list", "efficient", "--all", "--limit", "2").stderr.splitlines()
    assert foot[0].startswith(kinds) and foot[1] == "2 of 3 shown: --limit 0 shows all of them"
    assert harvester("queue", "--list", "efficient", "--all").stderr.splitlines()[0].startswith(kinds)
    assert harvester("queue", "--list", "efficient", "--search", "title").stderr.splitlines()[0].startswith(kinds)
    both = harvester("queue", "--all").stderr.splitlines()[0]
    assert both.startswith("5 in all (4 papers, some of them for several lists): 1 to decide now, 1 below ")


def test_place_and_state_are_those_of_the_tables(harvester: Harvester) -> None:
    assert harvester("defer", "2405.00001", "--list", "efficient").exit_code == 0
    found = {row["id"]: row for row in rows(harvester("queue", "--list", "efficient", "--all", "--json"))}
    assert {one: (row["state"], row["place"]) for one, row in found.items()} == {
        "2405.00001": ("deferred", "shown"),
        "2405.00002": ("waiting", "below"),
        "2405.00003": ("waiting", "expired"),
    }


@pytest.mark.parametrize(
    "words",
    ["2405.00002", "2405.00002v2", "arxiv:2405.00002", "https://arxiv.org/abs/2405.00002", '"title of" (2405.00002),'],
)
def test_search_finds_identifiers_and_minds_no_quotes(words: str, harvester: Harvester) -> None:
    found = rows(harvester("queue", "--list", "efficient", "--search", words, "--json"))
    assert [row["id"] for row in found] == ["2405.00002"]


@pytest.mark.parametrize("words", ["", " ", "(", "\\", '" "', "_"])
def test_a_search_without_a_letter_or_digit_is_refused(words: str, harvester: Harvester) -> None:
    refused = harvester("queue", "--search", words)
    assert refused.exit_code == 2 and "has neither a letter nor a digit to look for" in refused.stderr


def test_a_search_that_finds_nothing_says_so(harvester: Harvester) -> None:
    shown = harvester("queue", "--list", "moe", "--search", '"sparse nowhere"')
    assert shown.stdout == ""
    assert shown.stderr.startswith("nothing waits for moe that says 'sparse nowhere' (snapshot ")


@pytest.mark.parametrize(("state", "held", "ended"), [("degraded", ["why"], "was held back"), ("failed", [], "failed")])
def test_the_foot_says_where_the_last_night_made_no_snapshot(
    state: str, held: list[str], ended: str, harvester: Harvester, tmp_path: Path
) -> None:
    assert "the last night" not in harvester("queue").stderr
    record = tmp_path / "data" / "runs" / "2024-06-07T030000Z.json"
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps({"kind": "nightly", "state": state, "held_back": held}), encoding="utf-8")
    snapshot = (tmp_path / "data" / "curated" / "LATEST").read_text(encoding="utf-8").strip()
    told = f"the last night, 2024-06-07, {ended}: this is the snapshot {snapshot}; `harvester status` says why"
    assert told in harvester("queue").stderr.splitlines()


def test_search_looks_in_hidden_ones_too(harvester: Harvester) -> None:
    assert [row["id"] for row in rows(harvester("queue", "--search", "title 2405.00002 ADA", "--json"))] == [
        "2405.00002"
    ]
    assert rows(harvester("queue", "--search", "nowhere", "--json")) == []


def test_json_has_everything(harvester: Harvester) -> None:
    [row] = rows(harvester("queue", "--list", "efficient", "--json"))
    assert (row["score"], row["basis"], row["unscored"], row["scored_version"]) == (0.8312, "learnt", None, 2)
    assert row["reasons"][2] == {"what": "survey", "weight": -0.3}  # type: ignore[index]  # JSON
    assert row["nearest"] == [{"subject": "arxiv:2405.00002", "title": "Title of 2405.00002", "similarity": 0.42}]
    assert row["sections"] == [
        {"section": "Quantization", "probability": 0.71},
        {"section": "Network Pruning", "probability": 0.2},
    ]
    assert row["threshold"] == {"score": 0.004, "kept": 99, "of": 100}


def test_one_paper_is_shown_with_what_speaks_for_and_against_it(harvester: Harvester) -> None:
    shown = harvester("queue", "--show", "2405.00001").stdout
    assert "suggested for Quantization 71%, Network Pruning 20%" in shown
    assert "\n  score 83%, learnt from what the list accepted\n" in shown
    assert "\n  for: topic pruning +1.20, sparse +0.40\n  against: survey -0.30\n" in shown
    assert "\n  weights are log-odds beside the average paper that was passed over (0.7 doubles the odds," in shown
    assert "\n  with all else, +0.29, they are +1.59, which is 83%\n" in shown
    assert "\n  near arxiv:2405.00002 (0.42): Title of 2405.00002\n" in shown


def test_a_candidate_without_score_is_shown_and_the_foot_says_why(harvester: Harvester) -> None:
    shown = harvester("queue", "--list", "moe")
    assert "?" in shown.stdout.splitlines()[1].split()
    assert "moe is not ranked, the strongest match comes first: ranking failed: ImportError: no sklearn" in shown.stderr
    assert rows(harvester("queue", "--list", "moe", "--json"))[0]["score"] is None


def test_a_decision_says_which_version_and_score_were_seen(harvester: Harvester, tmp_path: Path) -> None:
    assert harvester("accept", "2405.00001").exit_code == 0
    assert harvester("reject", "2405.00004", "--reason", "no").exit_code == 0
    sittings = sorted((tmp_path / "editorial" / "decisions").iterdir())
    lines = [json.loads(path.read_text(encoding="utf-8")) for path in sittings]
    seen = {line["subject"]: line["saw"] for line in lines}
    assert seen == {"arxiv:2405.00001": {"version": 2, "score": 0.8312}, "arxiv:2405.00004": {"version": 2}}


def test_a_snapshot_of_an_older_version_has_a_queue_without_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_in(tmp_path)
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(main, ["queue", "--list", "efficient", *AT])
    assert len(shown.stdout.splitlines()) == 4
    assert "efficient is not ranked, the strongest match comes first: no night has ranked it yet" in shown.stderr
