"""OpenAlex: citations of papers that Semantic Scholar does not know, 100 DOIs a request.

Source: https://docs.openalex.org/api-entities/works. Its counts are lower than Semantic Scholar's and are kept under their
own source. An arXiv paper is asked by its DataCite DOI. After a merger with the published work that DOI is no longer the
work's own, and the paper is only one of its locations: what no DOI finds is looked for once more by its page at arXiv.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from harvester.counting import counted
from harvester.errors import Malformed
from harvester.ids import Doi, Subject, arxiv_of, arxiv_subject, doi_of, doi_subject, is_paper, read_arxiv_id, read_doi
from harvester.records import Conversation, Landing, Observation, Outcome, Reading, Request, Status
from harvester.sources._answers import (
    NOTHING_USABLE,
    budget_words,
    is_worthless,
    malformed,
    may_pass,
    read_count,
    read_header_count,
    read_json,
    refusal,
    said,
)
from harvester.sources._batches import Verdict, ask_batches, batches, outcome

NAME = "openalex"
BATCH = 100  # values in one OR filter, and results on one page
_PATH = "/works"
_FIELDS = ("id", "doi", "ids", "cited_by_count", "locations")
SECOND_LOOKS = 2  # requests for works that were merged; the oldest papers first, for a merger takes a publication
_FILTER = "doi:"
_PAGE_FILTER = "locations.landing_page_url:"
_PAGES = ("http://arxiv.org/abs/", "https://arxiv.org/abs/")  # both spellings occur among the locations


def ask(subjects: Sequence[Subject], size: int = BATCH) -> Conversation:
    """Asks for the citations of papers (arXiv ids and DOIs), `size` a request.

    An answer with more works than fit on its page is asked again in halves rather than by cursor: so each landing alone
    tells who is missing. A comma or bar in a DOI would be read as part of the filter; such papers are not asked for.
    """
    papers = [each for each in subjects if is_paper(each)]
    askable = [each for each in papers if not set(",|") & set(_doi(each))]
    absent: list[Subject] = []

    def judge(landing: Landing, batch: tuple[Subject, ...]) -> Verdict[Subject]:
        verdict = _judge(landing, batch)
        if not verdict.why:
            absent.extend(seen.subject for seen in read(landing).observations if seen.status == "not_found")
        return verdict

    tally = yield from ask_batches(batches(askable, min(size, BATCH)), _question, judge)
    end = outcome(tally, "paper")
    merged = batches(sorted(each for each in absent if arxiv_of(each)), BATCH // len(_PAGES))[:SECOND_LOOKS]
    if end.state == "complete" and not tally.spent:  # a second look: what fails in it leaves the first answer standing
        yield from ask_batches(merged, _question_by_page, _judge_second_look)
    if len(askable) == len(papers) or end.state != "complete":
        return end
    return Outcome("complete", f"{counted(len(papers) - len(askable), 'DOI')} with a comma or bar cannot be asked for")


def _doi(subject: Subject) -> str:
    arxiv_id = arxiv_of(subject)
    return f"10.48550/arxiv.{arxiv_id}".lower() if arxiv_id else str(doi_of(subject))


def _question(batch: tuple[Subject, ...]) -> Request:
    return _filtered(_FILTER + "|".join(_doi(each) for each in batch))


def _question_by_page(batch: tuple[Subject, ...]) -> Request:
    return _filtered(_PAGE_FILTER + "|".join(f"{page}{arxiv_of(each)}" for each in batch for page in _PAGES))


def _filtered(wanted: str) -> Request:
    parameters = (("filter", wanted), ("select", ",".join(_FIELDS)), ("per-page", str(BATCH)))
    return Request(NAME, "GET", _PATH, parameters)


def _judge(landing: Landing, batch: tuple[Subject, ...]) -> Verdict[Subject]:
    if landing.status in (401, 403, 429):
        return Verdict(lost=batch, why=refusal(landing, "OpenAlex"), stop=True, passing=may_pass(landing))
    if landing.status in (400, 413, 414, 504):  # too long or too slow, or one value that the filter does not take
        return Verdict(again=batch, why=f"OpenAlex: {said(landing)}")
    if landing.status != 200:
        return Verdict(lost=batch, why=f"OpenAlex: {said(landing)}")
    try:
        _works(landing)
    except Malformed as error:
        return Verdict(again=batch, why=f"OpenAlex: {error.why}")
    if is_worthless(read(landing)):
        return Verdict(lost=batch, why=f"OpenAlex: {NOTHING_USABLE}")
    return Verdict(spent=_budget_words(landing))


def _budget_words(landing: Landing) -> str:
    """Says when the day's credits are about to end; https://docs.openalex.org tells of the headers."""
    remaining = read_header_count(landing, "x-ratelimit-remaining")
    cost = read_header_count(landing, "x-ratelimit-credits-used")
    return "" if remaining is None else budget_words(landing, "OpenAlex", remaining, cost or 1)


def _judge_second_look(landing: Landing, batch: tuple[Subject, ...]) -> Verdict[Subject]:
    """Ends the second look with the first answer that is none: it is not worth asking in halves."""
    verdict = _judge(landing, batch)
    return Verdict(lost=batch, why=verdict.why, stop=True) if verdict.why else Verdict(spent=verdict.spent)


def _works(landing: Landing) -> list[Any]:
    """Returns the works of an answer that holds all it counts; raises `Malformed` otherwise."""
    content = read_json(landing)
    meta, works = (content.get("meta"), content.get("results")) if isinstance(content, dict) else (None, None)
    if not isinstance(meta, dict) or not isinstance(works, list):
        raise malformed(landing, "the answer has no results")
    count = read_count(meta.get("count", len(works)))
    if len(works) != count or len(works) > BATCH:
        raise malformed(landing, f"{count} works counted, {len(works)} sent")
    return works


def read(landing: Landing) -> Reading:
    """Reads the citations in one landing: one observation for every paper that it was asked for by DOI.

    A second look, by page, adds what it found; what it did not find has its observation from the first.
    """
    filtered = dict(landing.request.parameters).get("filter", "")
    if filtered.startswith(_PAGE_FILTER):
        told = _read_works(landing, _asked_by_page(filtered))
        found = tuple(seen for seen in told.observations if seen.status == "ok")
        return Reading(observations=found, problems=told.problems)
    return _read_works(landing, _asked(filtered))


def _read_works(landing: Landing, asked: tuple[Subject, ...]) -> Reading:
    if landing.status != 200:
        return _all(landing, asked, "failed")
    try:
        works = _works(landing)
    except Malformed as error:
        return _all(landing, asked, "failed", error.why)
    problems = _new_fields(works)
    by_own_doi: dict[str, dict[str, Any]] = {}
    by_location: dict[str, dict[str, Any]] = {}
    wanted, strangers = {_doi(each) for each in asked}, 0
    for work in works:
        described = work if isinstance(work, dict) else {}
        own, located = _read_doi(described.get("doi")), set(_named_by_locations(described))
        if _contradicts_itself(described, own) or not wanted & {own, *located}:
            strangers += 1
            continue
        if own:
            by_own_doi.setdefault(own, described)
        for named in located:
            by_location.setdefault(named, described)
    if strangers:
        problems.append(f"OpenAlex sent {counted(strangers, 'work')} that nobody asked for")
    observations = []
    for subject in asked:
        found = by_own_doi.get(_doi(subject)) or by_location.get(_doi(subject))
        value = read_count(found.get("cited_by_count")) if found else None
        # A page with works that nobody asked for answers another question: it makes nothing absent.
        status: Status = "ok" if value is not None else "failed" if found or strangers else "not_found"
        if found and value is None:
            problems.append(f"{subject}: cited_by_count is {str(found.get('cited_by_count'))[:40]}")
        observations.append(Observation(subject, "citations", NAME, landing.fetched_at, value, status))
    return Reading(observations=tuple(observations), problems=tuple(problems))


def _new_fields(works: list[Any]) -> list[str]:
    new = {str(key)[:60] for work in works if isinstance(work, dict) for key in work if key not in _FIELDS}
    return [f"OpenAlex sent a field that was not asked for: {key}" for key in sorted(new)]


def _contradicts_itself(work: dict[str, Any], own: Doi | None) -> bool:
    """Tells whether a work names another DOI among its ids than as its own: whose count it is cannot be told."""
    ids = work.get("ids")
    other = _read_doi(ids.get("doi")) if isinstance(ids, dict) else None
    return own is not None and other is not None and own != other


def _read_doi(value: object) -> Doi | None:
    return read_doi(value) if isinstance(value, str) else None


def _named_by_locations(work: dict[str, Any]) -> Iterator[str]:
    """Yields the DOIs, also those of arXiv ids, that the work's locations name."""
    locations = work.get("locations")
    for location in locations if isinstance(locations, list) else []:
        if not isinstance(location, dict):
            continue
        for text in (location.get("landing_page_url"), location.get("doi"), location.get("id")):
            if not isinstance(text, str):
                continue
            if arxiv := read_arxiv_id(text.removeprefix("doi:")):
                yield _doi(arxiv_subject(arxiv[0]))
            elif doi := read_doi(text):
                yield doi


def _asked(filtered: str) -> tuple[Subject, ...]:
    """Recovers the subjects from the filter of our own question."""
    wanted = filtered.removeprefix(_FILTER)
    subjects = []
    for doi in wanted.split("|") if wanted else ():
        arxiv = read_arxiv_id(doi)
        subjects.append(arxiv_subject(arxiv[0]) if arxiv else doi_subject(Doi(doi)))
    return tuple(subjects)


def _asked_by_page(filtered: str) -> tuple[Subject, ...]:
    read = (read_arxiv_id(page) for page in filtered.removeprefix(_PAGE_FILTER).split("|"))
    return tuple(dict.fromkeys(arxiv_subject(arxiv[0]) for arxiv in read if arxiv))


def _all(landing: Landing, asked: tuple[Subject, ...], status: Status, problem: str = "") -> Reading:
    seen = tuple(Observation(each, "citations", NAME, landing.fetched_at, None, status) for each in asked)
    return Reading(observations=seen, problems=(problem,) if problem else ())
