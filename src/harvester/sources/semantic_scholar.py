"""Semantic Scholar: how often papers are cited, 500 a request, aligned by position.

Source: https://api.semanticscholar.org/api-docs/graph#tag/Paper-Data/operation/post_graph_get_papers. The
`semanticscholar` package gives the type of a paper; its client takes a 502 for "none of them exists" and drops the nulls
that keep the answer in line with the question, so answers are judged here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from harvester.errors import Malformed
from harvester.ids import Subject, arxiv_of, doi_of, is_paper, read_arxiv_id
from harvester.records import Conversation, Landing, Observation, Reading, Request, Status
from harvester.sources._answers import (
    NOTHING_USABLE,
    is_worthless,
    malformed,
    may_pass,
    read_count,
    read_json,
    refusal,
    said,
)
from harvester.sources._batches import Verdict, ask_batches, batches, outcome

NAME = "semantic_scholar"
BATCH = 500  # the documented maximum
_PATH = "/graph/v1/paper/batch"
_FIELDS = ("paperId", "externalIds", "citationCount")
_MANY = 5  # papers without a single count among them are no coincidence
_NO_COUNTS = "not one of the papers has a count"
_DISORDER = "the answer is not in the order of the question"
_NOBODY = "no valid paper ids given"  # HTTP 400 when not one id of a batch is known


def ask(subjects: Sequence[Subject], size: int = BATCH) -> Conversation:
    """Asks for citations (of arXiv ids and DOIs), `size` a request; an answer too large or too slow is asked in halves."""
    parted = batches(filter(is_paper, subjects), min(size, BATCH))
    tally = yield from ask_batches(parted, _question, _judge)
    return outcome(tally, "paper")


def _question(batch: tuple[Subject, ...]) -> Request:
    ids = [f"ARXIV:{arxiv_of(each)}" if arxiv_of(each) else f"DOI:{doi_of(each)}" for each in batch]
    body = json.dumps({"ids": ids}).encode()
    return Request(NAME, "POST", _PATH, (("fields", ",".join(_FIELDS)),), body=body, content_type="application/json")


def _judge(landing: Landing, batch: tuple[Subject, ...]) -> Verdict[Subject]:
    if landing.status in (401, 403, 429):
        return Verdict(lost=batch, why=refusal(landing, "Semantic Scholar"), stop=True, passing=may_pass(landing))
    if landing.status in (400, 413, 504):
        complaint = _complaint(landing)
        if _NOBODY in complaint.lower():
            return Verdict()
        too_much = landing.status != 400 or "too large" in complaint.lower()
        why = f"Semantic Scholar: {said(landing)} {complaint}".rstrip()
        return Verdict(again=batch, why=why) if too_much else Verdict(lost=batch, why=why)
    if landing.status != 200:
        return Verdict(lost=batch, why=f"Semantic Scholar: {said(landing)}")
    try:
        entries = _entries(landing, len(batch))
    except Malformed as error:
        return Verdict(again=batch, why=f"Semantic Scholar: {error.why}")
    if _lost_its_counts(entries):
        return Verdict(lost=batch, why=f"Semantic Scholar: {_NO_COUNTS}")
    if doubted := _in_doubt(batch, entries):
        return Verdict(lost=doubted, why=f"Semantic Scholar: {_DISORDER}")
    if is_worthless(read(landing)):
        return Verdict(lost=batch, why=f"Semantic Scholar: {NOTHING_USABLE}")
    return Verdict()


def _complaint(landing: Landing) -> str:
    try:
        content = read_json(landing)
    except Malformed:
        return ""
    words = (content.get("error") or content.get("message")) if isinstance(content, dict) else None
    return str(words)[:200] if words else ""


def _entries(landing: Landing, expected: int) -> list[object]:
    content = read_json(landing)
    if not isinstance(content, list) or len(content) != expected:
        came = f"a list of {len(content)}" if isinstance(content, list) else f"a {type(content).__name__}"
        raise malformed(landing, f"asked for {expected} papers, the answer is {came}")
    return content


def _lost_its_counts(entries: Sequence[object]) -> bool:
    """Tells whether many papers are known and not one has a count: the counts are lost, not the papers."""
    known = [entry for entry in entries if isinstance(entry, dict) and "citationCount" in entry]
    return len(known) >= _MANY and all(entry["citationCount"] is None for entry in known)


def _in_doubt(asked: Sequence[Subject], entries: Sequence[object]) -> tuple[Subject, ...]:
    """Returns whose answers cannot be told where a paper stands in the place of another one and not in its own.

    Then only those that name themselves are certain. A paper that stands in both places is two ids that were merged.
    """
    ids = [arxiv_of(subject) for subject in asked]
    named = [_arxiv_id(entry.get("externalIds")) if isinstance(entry, dict) else None for entry in entries]
    told: dict[str | None, str | None] = dict(zip(ids, named, strict=True))
    if not any(found in told and found != told[found] for found in named if found):
        return ()
    return tuple(one for one, own, found in zip(asked, ids, named, strict=True) if found is None or found != own)


def _arxiv_id(external: object) -> str | None:
    """Returns the arXiv id among a paper's ids, as far as it is one."""
    told = external.get("ArXiv") if isinstance(external, dict) else None
    return (read_arxiv_id(str(told)) or (None,))[0] if told is not None else None


def read(landing: Landing) -> Reading:
    """Reads the citations in one landing: exactly one observation for every paper that it was asked for."""
    asked = _asked(landing.request)
    if landing.status == 400 and _NOBODY in _complaint(landing).lower():
        return _all(landing, asked, "not_found")
    if landing.status != 200:
        return _all(landing, asked, "failed")
    try:
        entries = _entries(landing, len(asked))
    except Malformed as error:
        return _all(landing, asked, "failed", error.why)
    if _lost_its_counts(entries):
        return _all(landing, asked, "failed", _NO_COUNTS)
    doubted = frozenset(_in_doubt(asked, entries))
    observations: list[Observation] = []
    problems: dict[str, None] = {}
    for subject, entry in zip(asked, entries, strict=True):
        value, status, found = (None, "failed", [_DISORDER]) if subject in doubted else _read_entry(subject, entry)
        observations.append(Observation(subject, "citations", NAME, landing.fetched_at, value, status))
        problems |= dict.fromkeys(found)
    return Reading(observations=tuple(observations), problems=tuple(problems))


def _read_entry(subject: Subject, entry: object) -> tuple[int | None, Status, list[str]]:
    """Reads one place of the list; null says that Semantic Scholar does not know the paper."""
    from semanticscholar.Paper import Paper

    if entry is None:
        return None, "not_found", []
    if not isinstance(entry, dict):
        return None, "failed", [f"{subject}: the answer is no paper"]
    new = sorted(str(key) for key in entry if key not in Paper.FIELDS)  # known fields beyond the three are ignored
    problems = [f"Semantic Scholar sent a field this version does not know: {key[:60]}" for key in new]
    paper = Paper({key: entry[key] for key in _FIELDS if key in entry})
    external = paper.externalIds if isinstance(paper.externalIds, dict) else {}
    theirs = external.get("ArXiv")
    if theirs is not None and (mine := arxiv_of(subject)) and (read_arxiv_id(str(theirs)) or (None,))[0] != mine:
        # After a merger two ids lead to one paper; whose count it is cannot be told, so the next source is asked.
        return None, "no_count", [*problems, f"{subject}: the answer is about another paper, arXiv {str(theirs)[:40]}"]
    if "citationCount" in entry and entry["citationCount"] is None:
        return None, "no_count", problems  # the next source may know it
    if (count := read_count(paper.citationCount)) is None:
        return None, "failed", [*problems, f"{subject}: citationCount is {str(paper.citationCount)[:40]}"]
    return count, "ok", problems


def _asked(request: Request) -> tuple[Subject, ...]:
    """Recovers the subjects from the ids of our own question."""
    prefixes = {"ARXIV": "arxiv", "DOI": "doi"}
    parted = (each.partition(":") for each in json.loads(request.body or b"{}").get("ids", []))
    return tuple(Subject(f"{prefixes[kind]}:{key}") for kind, _, key in parted)


def _all(landing: Landing, asked: tuple[Subject, ...], status: Status, problem: str = "") -> Reading:
    seen = tuple(Observation(each, "citations", NAME, landing.fetched_at, None, status) for each in asked)
    return Reading(observations=seen, problems=(problem,) if problem else ())
