"""The report: three forms of one truth."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

from harvester.report import (
    Figures,
    Freshness,
    Report,
    RunKind,
    RunState,
    Talk,
    requests_by_source,
    to_json,
)
from harvester.report_words import to_markdown, to_text
from harvester.scores import ListQueue, Threshold

AT = datetime(2024, 6, 3, 3, 0, tzinfo=UTC)
TALKS = (
    Talk("arxiv_api", "search", "2024-05-27 to 2024-06-04", "complete", requests=2, kilobytes=812.5),
    Talk(
        "github",
        "stars",
        "102 repositories",
        "failed",
        "status 502 three times | still",
        degraded=True,
        requests=4,
        due=109,
        left=7,
    ),
)


def report(state: RunState = "degraded") -> Report:
    figures = Figures(
        papers=300,
        papers_new=12,
        citations_wanted=187,
        citations_asked=100,
        citations_known=170,
        citations_known_before=160,
        citations_age=Freshness(170, 153, 0.5, 8.25),
    )
    return Report(
        as_of=AT,
        started_at=AT,
        state=state,
        talks=TALKS,
        figures=figures,
        snapshot="2024-06-03T030000Z",
        causes=("github stars: 502",),
    )


def test_exit_codes_are_0_done_3_degraded_1_failed() -> None:
    assert [report(state).exit_code for state in ("done", "degraded", "failed")] == [0, 3, 1]


def test_json_holds_everything_and_plain_times() -> None:
    said = json.loads(json.dumps(to_json(report())))
    assert said["as_of"] == "2024-06-03T03:00:00Z"
    assert said["exit_code"] == 3
    assert said["talks"][1]["degraded"] is True
    assert said["figures"]["citations_known"] == 170


def test_the_text_says_what_was_asked_and_why_it_is_degraded() -> None:
    text = to_text(report())
    assert "Night of 2024-06-03 03:00 UTC: degraded" in text
    assert "170 (before: 160); 100 of 187 asked tonight" in text
    assert "median 0.5 days, oldest 8.25 days; 90.0% of 170 no older than the policy allows" in text
    assert "102 repositories, 7 left for tomorrow" in text
    assert "age of stars" not in text
    assert "cause: github stars: 502" in text


def test_markdown_tables_survive_pipes_in_what_upstreams_say() -> None:
    rows = [line for line in to_markdown(report()).splitlines() if line.startswith("| github")]
    assert rows and rows[0].count(" | ") == 8
    assert "three times \\| still" in rows[0]


def test_a_snapshot_that_was_held_back_is_told_with_what_to_do() -> None:
    held = replace(report(), held_back=("3 entries would go",), published=False)
    assert "2024-06-03T030000Z stands: the new one is held back" in to_text(held)
    assert "--publish-anyway" in to_markdown(held)
    assert to_json(held)["held_back"] == ["3 entries would go"]


def test_requests_are_counted_per_source() -> None:
    assert requests_by_source(report()) == {"arxiv_api": 2, "github": 4}


def test_a_queue_is_told_with_what_it_learnt_from_and_what_its_threshold_keeps() -> None:
    grown = ListQueue("pruning", "learnt", None, 217, 3, 900, 12, 4, 30, 2, 1, 30, Threshold(0.0042, 215, 217))
    new = ListQueue(
        "moe", "topics", shown=5, without_threshold="it takes 50 accepted papers that had come by, and there are 0"
    )
    broken = ListQueue("kv", None, "ranking failed: no sklearn", shown=7)
    told = to_text(replace(report(), figures=Figures(queues=(grown, new, broken))))
    assert (
        "  queue pruning      12 shown (1 again), 4 wait (30 new ones a day), 2 expired; 30 below the threshold of 0.4%, "
        "which keeps 99.1% of what this list accepted (215 of 217); learnt from 217 accepted papers, 3 rejected and 900 "
        "others that came by\n"
    ) in told
    assert "  queue moe          5 shown; no threshold (it takes 50 accepted" in told and "what topics hit" in told
    assert (
        "  queue kv           7 shown; no threshold (there are no scores); not ranked: ranking failed: no sklearn"
        in told
    )
    assert (
        to_json(replace(report(), figures=Figures(queues=(grown,))))["figures"]["queues"][0]["threshold"]["of"] == 217
    )


def failed(kind: RunKind = "nightly") -> Report:
    return Report(as_of=AT, started_at=AT, state="failed", talks=TALKS, causes=("curate: no space left",), kind=kind)


def test_what_was_not_computed_is_told_so_and_is_no_zero() -> None:
    text = to_text(failed())
    assert re.search(r"papers +not computed", text) and re.search(r"stars known +not computed", text)
    assert not re.search(r"^  (papers|candidates|entries|citations known|stars known) +0", text, re.MULTILINE)
    assert re.search(r"snapshot +none was made; what stood before stands", text)
    assert "| papers | not computed |" in to_markdown(failed())
    assert json.loads(json.dumps(to_json(failed())))["figures"] is None


def test_a_week_that_could_not_compare_what_it_swept_says_so() -> None:
    assert re.search(r"searches' recall +not computed", to_text(failed("weekly")))
    assert to_json(failed("weekly"))["sweep"] is None


def test_a_figure_that_is_zero_stays_a_zero() -> None:
    nothing = replace(report(), figures=Figures())
    assert re.search(r"papers +0 \(\+0 new\)", to_text(nothing))
    assert to_json(nothing)["figures"]["papers"] == 0


def test_lists_that_may_or_may_not_have_been_written_are_not_known() -> None:
    assert re.search(r"list files changed +not known", to_text(replace(report(), lists_changed=None)))
    assert to_json(replace(report(), lists_changed=None))["lists_changed"] is None


def test_every_line_of_a_cause_says_that_it_is_one() -> None:
    torn = replace(report(), causes=("all lists stay: a.jsonl, line 1: left over\na.jsonl, line 3: left over",))
    told = [line for line in to_text(torn).splitlines() if "left over" in line]
    assert len(told) == 2 and all(line.startswith("  cause: ") for line in told)
    assert "- a.jsonl, line 3: left over" in to_markdown(torn)


def test_conversations_are_named_in_words() -> None:
    windows = replace(report(), talks=(replace(TALKS[0], what="search-w2"),))
    assert "arxiv_api search, second window" in to_text(windows)
    assert "search, second window" in to_markdown(windows)
