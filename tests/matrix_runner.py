"""Plays one fault at one place of a run, has the judge look at it, and says in words what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from matrix_judge import PACES, Told, attempts, kept, read, reported, secret, spacing, true
from matrix_world import AFTER, DISTURBED, LATER, QUICK, foreign, stage

from harvester.rehearsal.matrix import FOREIGN, OAI, REST, Trial
from harvester.report import Report, RunKind

Place = Literal["first", "middle", "last", "all"]
PLACES: tuple[Place, ...] = ("first", "middle", "last", "all")


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """The same runs without a fault."""

    before: Told
    disturbed: Told
    after: Told
    requests: Mapping[str, int]
    later: Told


@lru_cache(maxsize=3)
def undisturbed(token: bool, kind: RunKind) -> Undisturbed:
    with stage(token) as played:
        before = read(played.home)
        report = played.run(DISTURBED, kind)
        assert (report.state, report.causes) == ("done", ()), report
        requests = {name: len(played.rehearsal.requests(name)) for name in (*PACES, "arxiv_oai")}
        disturbed = read(played.home)
        again = played.run(AFTER, kind)
        assert again.state == "done", again
        after = read(played.home)
        played.run(LATER, kind)
        return Undisturbed(before, disturbed, after, requests, read(played.home))


def _kind(trial: Trial) -> RunKind:
    """OAI-PMH is asked by the week, everybody else by the night."""
    return "weekly" if trial.upstream == OAI else "nightly"


def positions(trial: Trial) -> dict[Place, dict[str, Any]]:
    """The fault at each place; `all` is every request of the run."""
    number = undisturbed(trial.upstream != REST, _kind(trial)).requests[trial.played]
    assert number >= 3, f"{trial.upstream} is asked {number} times only"
    after: dict[Place, int] = {"first": 0, "middle": max(1, number // 2 - 1), "last": number - 1}
    fault = dict(trial.fault)
    if fault.get("location") == FOREIGN:
        fault["location"] = foreign().url + "/"
    once = {place: {**fault, "after": at, "times": 1} for place, at in after.items()}
    return {**once, "all": {**fault, "times": None}}


def outcome(trial: Trial, place: Place) -> str:
    """Plays, judges (AssertionError with what is wrong), and returns in words what came of it."""
    token, kind = trial.upstream != REST, _kind(trial)
    limits = replace(QUICK, read_seconds=0.5) if trial.fault["kind"] == "stall" else QUICK
    usual = undisturbed(token, kind)
    with stage(token, limits) as played:
        played.rehearsal.play(positions(trial)[place])
        report = played.run(DISTURBED, kind)
        log, told = played.rehearsal.requests(), read(played.home)
        asked = len(played.rehearsal.requests(trial.played))
        attempts(asked, usual.requests[trial.played], lasting=place == "all")
        spacing(log)
        kept(usual.before, told)
        true(trial, usual.before, told, report)
        words = _words(usual, told, report, asked > usual.requests[trial.played])
        reported(trial, played, report, amiss=not words.endswith("nothing missing"))
        played.rehearsal.behave()
        if words.endswith("nothing missing") and report.state == "done":
            secret(played)
            return words
        again = played.run(AFTER, kind)
        again = played.run(LATER, kind) if trial.slow else again
        secret(played)
        assert again.exit_code == 0, again.causes
        mended, wanted = read(played.home).known(), (usual.later if trial.slow else usual.after).known()
        if trial.credible:  # a first number that looked true stands until three days contradict it
            for subject in usual.after.papers.keys() - usual.before.papers.keys():
                del mended[subject], wanted[subject]
        assert mended == wanted, _differences(wanted, mended)
        return words


def _differences(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    keys = sorted(wanted.keys() | found.keys())
    differing = [f"{key}: {wanted.get(key)} != {found.get(key)}" for key in keys if wanted.get(key) != found.get(key)]
    return "not repaired: " + "\n".join(differing[:4])[:2000]


def _words(usual: Undisturbed, told: Told, report: Report, more: bool) -> str:
    """Says what a reader of the snapshot notices."""
    if report.held_back:
        return "held back: nothing that readers see changes"
    noticed = []
    if usual.disturbed.papers.keys() - told.papers.keys():
        noticed.append("new papers wait")
    if any(told.papers[s]["version"] < row["version"] for s, row in usual.disturbed.papers.items() if s in told.papers):
        noticed.append("older metadata kept")
    pairs = [(row["citations"], row["citations_status"]) for row in told.papers.values()]
    pairs += [(row["stars"], row["stars_status"]) for row in told.repos.values()]
    states = {status for value, status in pairs if value is not None}
    noticed += ["last values kept"] if "failed" in states else []
    noticed += ["odd values set aside, last ones kept"] if "suspect" in states else []
    noticed += ["last values kept, called gone"] if "gone" in states else []
    noticed += ["last values kept, without a count now"] if "no_count" in states else []
    known = {s for s, row in usual.disturbed.papers.items() if row["citations"] is not None}
    if {s for s in known if s in told.papers and told.papers[s]["citations"] is None}:
        noticed.append("new counts wait")
    others = _otherwise(usual.disturbed, told) if not noticed else []
    noticed += others
    end = ", degraded" if report.state == "degraded" else ""
    if not noticed:
        return f"repeated{end}, nothing missing" if more else f"passed over{end}, nothing missing"
    return f"{', '.join(noticed)}{end}"


def _otherwise(usual: Told, told: Told) -> list[str]:
    one, other = usual.known(), told.known()
    if one == other:
        return []
    if any(
        row["citations"] != usual.papers[s]["citations"] and row["citations_status"] == "ok"
        for s, row in told.papers.items()
    ):
        return ["a first number is believed"]
    if any(told.repos[s]["node_id"] != row["node_id"] for s, row in usual.repos.items() if s in told.repos):
        return ["taken for another repository"]
    if any(told.papers[s]["citations_source"] != row["citations_source"] for s, row in usual.papers.items()):
        return ["the other source's count, labelled"]
    if any(told.repos[s]["stars"] != row["stars"] for s, row in usual.repos.items() if s in told.repos):
        return ["last values confirmed"]
    return ["details wait"]
