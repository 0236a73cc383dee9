"""arXiv's query API: which papers of some days match the topics, and what it knows about papers by id.

Source: https://info.arxiv.org/help/api/user-manual.html and, for the backend since November 2025, its published code
(arXiv/arxiv-search): result window of 10,000, no tie-breaker in the order, a grammar without precedence. The `arxiv` package
knows the query's arguments and builds the entries of a feed; sockets, pace and attempts belong to the wire.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Generator, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from harvester.counting import counted
from harvester.errors import Malformed
from harvester.ids import ArxivId, Subject, arxiv_subject, read_arxiv_id
from harvester.phrases import AUTHOR, spellings
from harvester.records import Absence, Conversation, Landing, Outcome, Pairs, Reading, Request
from harvester.sources._answers import refusal, said
from harvester.sources._atom import Page, error_text, read_page
from harvester.sources._batches import Tally, Verdict, ask_batches, batches, outcome
from harvester.sources._spans import Span
from harvester.windows import Search

NAME = "arxiv_api"
PAGE = (
    500  # allowed are 2,000, but big pages come short or fail more often; at 500 a usual window is one or two requests
)
RESULT_WINDOW = 10_000  # start + max_results beyond it ends as a server error
IDS = 400  # 642 ids by GET were answered 414
MOST_REFUSALS = 60  # six malformed ids found by halves; more 400s mean that something else is refused
FEW = 3  # papers, or a hundredth of them, that may lack for good; where more lack, something is wrong that may end
LONGEST_GET = 7_000  # bytes of the encoded path; the server refuses somewhat above 8,000
_PATH = "/api/query"
_LACKING = re.compile(r"([\d,]+) of [\d,]+ papers? never arrived")
_FORM = "application/x-www-form-urlencoded"


# --- what to ask -------------------------------------------------------------------------------------------------------


def query(search: Search) -> str:
    """Writes the query for a search: any phrase in title or abstract, in any category, first submitted in the window.

    Fully parenthesised, because the grammar is right-associative without precedence. Every spelling that the local match
    accepts is asked for; inflections and hyphens are covered by the index, which is stemmed and splits words at hyphens.
    """
    return _query(search, Span.of(search.window))


def _query(search: Search, span: Span) -> str:
    forms = dict.fromkeys(_quotable(form) for phrase in search.phrases for form in spellings(phrase))
    phrases = [_term(form) for form in forms if form]
    groups = (" OR ".join(phrases), " OR ".join(f"cat:{name}" for name in dict.fromkeys(search.categories)))
    return " AND ".join([*(f"({group})" for group in groups if group), span.dates])


def _term(form: str) -> str:
    if form.startswith(AUTHOR):
        return f'au:"{form.removeprefix(AUTHOR)}"'
    return f'ti:"{form}" OR abs:"{form}"'


def _quotable(form: str) -> str:
    """Leaves out what would end the quotes; the index holds words only, so nothing is missed."""
    return " ".join(form.replace('"', " ").replace("\\", " ").split())


def _request(arguments: Iterable[tuple[str, str]]) -> Request:
    """Asks by GET as long as the address stays short enough, else by a form with the same arguments."""
    pairs: Pairs = tuple((key, value) for key, value in arguments if value)
    form = urlencode(pairs)
    if len(_PATH) + 1 + len(form) < LONGEST_GET:
        return Request(NAME, "GET", _PATH, pairs)
    return Request(NAME, "POST", _PATH, body=form.encode("ascii"), content_type=_FORM)


def _page_request(search: Search, span: Span, start: int) -> Request:
    import arxiv

    size = min(PAGE, RESULT_WINDOW - start)
    wanted = arxiv.Search(
        query=_query(search, span), sort_by=arxiv.SortCriterion.SubmittedDate, sort_order=arxiv.SortOrder.Ascending
    )
    return _request([*wanted._url_args().items(), ("start", str(start)), ("max_results", str(size))])


def _ids_request(ids: tuple[ArxivId, ...]) -> Request:
    # Without max_results the server sends ten.
    return _request([("id_list", ",".join(ids)), ("start", "0"), ("max_results", str(len(ids)))])


# --- a window of days --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """What asking for one window brought: how many papers there are, how many never arrived, or why it failed."""

    total: int
    missing: int
    failed: str = ""


def ask(search: Search, lacked: Collection[int] = ()) -> Conversation:
    """Asks for every paper of a search; complete when as many distinct papers arrived as arXiv says there are.

    `lacked` tells how many never arrived in an earlier night: a few, and as many again, will not arrive. arXiv counts
    papers that it does not send then, or sends entries that nobody can use; what there is, a sweep brings.
    """
    if not any(_quotable(phrase) for phrase in search.phrases):
        return Outcome("complete", "no phrases to look for")
    found = yield from _ask_span(search, Span.of(search.window))
    if found.failed:
        return Outcome("failed", found.failed, degraded=True)
    if not found.missing:
        return Outcome("complete")
    words = f"{found.missing:,} of {counted(found.total, 'paper')} never arrived"
    if found.missing in lacked and found.missing <= max(FEW, found.total // 100):
        return Outcome("complete", f"{words}, as in an earlier night: not asked again")
    return Outcome("partial", words, degraded=True)


def lacking(why: str) -> int:
    """Returns how many papers never arrived, from the words that a search ended with."""
    said = _LACKING.match(why)
    return int(said[1].replace(",", "")) if said else 0


def _ask_span(search: Search, span: Span) -> Generator[Request, Landing, _Found]:
    """Asks page by page; a span with more than the server can page through is asked in two halves instead."""
    seen: set[ArxivId] = set()
    short: list[int] = []
    start = total = unusable = longest = 0
    while start < RESULT_WINDOW:
        page = yield from _ask_page(search, span, start)
        if isinstance(page, str):
            return _Found(total, total - len(seen), page)
        if start == 0 and page.total > RESULT_WINDOW:
            return (yield from _ask_halves(search, span, page.total))
        new = page.ids - seen
        unusable += page.distinct - len(page.ids)
        total = max(total, page.total, len(seen | new) + unusable if new else 0)
        if page.entries and len(new) < min(PAGE, total - start):
            short.append(_where_to_look_again(page, start, total))
        seen |= page.ids
        start += min(page.distinct, PAGE) or PAGE  # a server may send smaller pages than it was asked for
        came_full = page.distinct >= min(PAGE, longest or PAGE)
        longest = max(page.distinct, longest)
        if start >= total and not _goes_on(page, start, len(new), total - len(seen), came_full):
            break
    for start in dict.fromkeys(short) if len(seen) < total else ():
        again = yield from _ask_page(search, span, start)
        seen |= again.ids if isinstance(again, Page) else set()
    return _Found(total, max(0, total - len(seen)))


def _where_to_look_again(page: Page, start: int, total: int) -> int:
    """Returns where to ask again for what a page did not bring.

    A page that came short is asked for once more. One that is full, but repeats papers, tells that papers of one second
    changed places between two answers: both sides of its beginning are asked for in one.
    """
    came_whole = page.distinct >= min(PAGE, total - start)
    return max(0, start - page.distinct // 2) if came_whole else start


def _goes_on(page: Page, end: int, new: int, missing: int, came_full: bool) -> bool:
    """Tells whether papers may stand behind the total: a page contradicts its own, or pages overlap and papers lack.

    A total that ends just where a full page does may be too low: only the next page shows whether it is the end.
    """
    behind = page.total < end or (page.total == end and came_full)
    return new > 0 and (behind or (new < page.distinct and missing > 0))


def _ask_halves(search: Search, span: Span, total: int) -> Generator[Request, Landing, _Found]:
    halves = span.halves()
    if halves is None:
        words = f"{total} papers match in the minute of {span.since:%Y-%m-%d %H:%M}, more than arXiv lists"
        return _Found(total, total, f"{words}: narrow the topics")
    early = yield from _ask_span(search, halves[0])
    if early.failed:
        return early
    late = yield from _ask_span(search, halves[1])
    return _Found(early.total + late.total, early.missing + late.missing, late.failed)


def _ask_page(search: Search, span: Span, start: int) -> Generator[Request, Landing, Page | str]:
    """Asks for one page, once more when it is not a feed or empty; returns in words why there is none, if so."""
    page: Page | str = ""
    for _ in range(2):
        landing = yield _page_request(search, span, start)
        if landing.status != 200:
            return _refusal(landing)
        try:
            page = read_page(landing)
        except Malformed as error:
            page = error.why
        if isinstance(page, Page) and (page.entries or page.total <= start):
            break
    return page


def _refusal(landing: Landing) -> str:
    if landing.status == 400:
        return f"arXiv refused the question: {error_text(landing)[:200] or 'HTTP 400'}"
    return refusal(landing, "arXiv") if landing.status in (403, 429) else f"arXiv: {said(landing)}"


# --- papers by id ------------------------------------------------------------------------------------------------------


def ask_ids(ids: Sequence[ArxivId]) -> Conversation:
    """Asks for papers by id, newest version each.

    One malformed id fails its whole batch (HTTP 400), so such a batch is asked in halves until it stands alone. Ids that
    arXiv does not know are absent from the answer; papers that it counted but did not send are asked for once more.
    """
    short: list[ArxivId] = []
    refused: list[str] = []
    broken: list[str] = []

    def judge(landing: Landing, batch: tuple[ArxivId, ...]) -> Verdict[ArxivId]:
        if landing.status == 400:
            refused.append(_refusal(landing))
            if not error_text(landing) or len(refused) > MOST_REFUSALS:
                return Verdict(lost=batch, why=refused[-1], stop=True)
            return Verdict(again=batch, why=refused[-1]) if len(batch) > 1 else Verdict()
        if landing.status != 200:
            return Verdict(lost=batch, why=_refusal(landing), stop=True)
        try:
            page = read_page(landing)
        except Malformed as error:
            broken.append(error.why)
            return Verdict(again=batch, why=error.why, stop=len(broken) > 1)
        if not _is_whole(page):
            short.extend(each for each in batch if each not in page.ids)
        return Verdict()

    tally = yield from ask_batches(batches(ids, IDS), _ids_request, judge)
    if not short or tally.left:
        return outcome(tally, "paper")
    left, why = len(short), ""
    while short and not why:
        missing, short = tuple(short), []
        again = yield from ask_batches(batches(missing, IDS), _ids_request, judge)
        left, why = again.left + len(short), again.why
        if len(short) == len(missing):  # a server may send small pages, but this one sends nothing more
            break
    if left and not why:  # arXiv is known to count ids that do not exist: a night is not degraded by that for ever
        return Outcome("partial", f"{left:,} of {counted(tally.asked, 'paper')} are counted by arXiv, but never sent")
    return outcome(Tally(tally.asked, left, why), "paper")


# --- what a landing says -----------------------------------------------------------------------------------------------


def read(landing: Landing) -> Reading:
    """Reads the papers of one landing and, where it was asked by id, the ids that arXiv does not have."""
    asked = _asked_ids(landing.request)
    if landing.status == 400 and len(asked) == 1 and error_text(landing):
        return Reading(absences=_absences(asked, landing))
    if landing.status != 200:
        return Reading()
    try:
        page = read_page(landing)
    except Malformed as error:
        return Reading(problems=(error.why,))
    # Fewer usable papers than counted: what is missing here may exist.
    absent = [each for each in asked if each not in page.ids] if _is_whole(page) else []
    return Reading(papers=page.records, absences=_absences(absent, landing), problems=page.problems)


def _is_whole(page: Page) -> bool:
    """Tells whether a page of papers asked for by id brought as many as it counts; fewer or more, and it cannot be told."""
    return len(page.ids) == page.total


def _absences(ids: Iterable[ArxivId], landing: Landing) -> tuple[Absence, ...]:
    return tuple(Absence(Subject(arxiv_subject(each)), NAME, landing.fetched_at) for each in ids)


def _asked_ids(request: Request) -> tuple[ArxivId, ...]:
    arguments = dict(request.parameters)
    if request.body:
        arguments |= {key: values[0] for key, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
    asked = [text for text in arguments.get("id_list", "").split(",") if text]
    return tuple((read_arxiv_id(text) or (ArxivId(text), None))[0] for text in asked)
