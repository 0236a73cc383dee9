"""arXiv's query API, played: `{base}/api/query`, an Atom feed in the style of 2026."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from harvester.rehearsal import arxiv_grammar, arxiv_search
from harvester.rehearsal.budgets import Meter
from harvester.rehearsal.exchange import Call, Reply, html_reply, text_reply
from harvester.rehearsal.world import PaperNow, World

PATH = "/api/query"
LONGEST_URL = 8192  # bytes; beyond it the real one answers 414
LARGEST_PAGE = 2000
RESULT_WINDOW = 10_000
SORTS = ("relevance", "lastUpdatedDate", "submittedDate")
ORDERS = ("ascending", "descending")
WELL_FORMED = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Za-z-]+)?/\d{7})(?:v(\d+))?")
ATOM = "application/atom+xml"


class BadRequest(ValueError):
    """A parameter that arXiv answers with 400 and an "Error" entry."""


def answer(call: Call, world: World, meter: Meter, page: int = LARGEST_PAGE) -> Reply:
    """One call of the query API, by GET or form POST; no page holds more than `page` papers."""
    if call.path.rstrip("/") != PATH:
        return html_reply(404, "404 Not Found")
    if call.method not in ("GET", "HEAD", "POST"):
        return html_reply(405, "405 Method Not Allowed")
    if len(call.path) + len(call.query) + 1 > LONGEST_URL:
        return html_reply(414, "414 Request-URI Too Large")
    try:
        return _answer(call, world, page)
    except (BadRequest, arxiv_grammar.QueryError) as error:
        return text_reply(400, _error_feed(call, str(error)), ATOM)


def _answer(call: Call, world: World, most: int) -> Reply:
    parameters = call.parameters()
    start = _whole_number(parameters, "start", 0)
    wanted = _whole_number(parameters, "max_results", 10)
    if wanted > LARGEST_PAGE:
        raise BadRequest(f"max_results must not be above {LARGEST_PAGE} in one slice")
    if wanted == 0 or start + wanted > RESULT_WINDOW:
        return html_reply(500, "500 Internal Server Error")
    found = _found(parameters, world, call.at)
    page = found[start : start + min(wanted, most)]
    return text_reply(200, feed(call, page, len(found), start, wanted), ATOM)


def _whole_number(parameters: dict[str, str], name: str, default: int) -> int:
    text = parameters.get(name) or str(default)
    if not text.isascii() or not text.isdigit():
        raise BadRequest(f"{name} must be a non-negative integer")
    return int(text)


def _found(parameters: dict[str, str], world: World, at: datetime) -> list[PaperNow]:
    search, ids = parameters.get("search_query", "").strip(), parameters.get("id_list", "").strip()
    if not search and not ids:
        raise BadRequest("search_query or id_list is needed")
    papers = _by_ids(ids, world, at) if ids else world.papers_visible(at)
    query = arxiv_grammar.parse(search) if search else None
    if query is not None:
        papers = [paper for paper in papers if arxiv_search.finds(query, paper)]
    return _sorted(papers, query, parameters)


def _by_ids(ids: str, world: World, at: datetime) -> list[PaperNow]:
    """The papers of an id_list; one malformed id fails all of them, unknown ones are silently absent."""
    matches = {text: WELL_FORMED.fullmatch(text) for text in (part.strip() for part in ids.split(",")) if text}
    malformed = next((text for text, match in matches.items() if match is None), None)
    if malformed is not None:
        raise BadRequest(f"incorrect id format for {malformed}")
    found = [world.paper(m[1], at, int(m[2]) if m[2] else None) for m in matches.values() if m is not None]
    return [paper for paper in found if paper is not None]


def _sorted(papers: list[PaperNow], query: arxiv_grammar.Query | None, parameters: dict[str, str]) -> list[PaperNow]:
    by, order = parameters.get("sortBy") or SORTS[0], parameters.get("sortOrder") or "descending"
    if by not in SORTS:
        raise BadRequest(f"sortBy must be in: {', '.join(SORTS)}")
    if order not in ORDERS:
        raise BadRequest(f"sortOrder must be in: {', '.join(ORDERS)}")
    papers = sorted(papers, key=lambda paper: paper.id, reverse=True)
    backwards = order == "descending"
    if by == "submittedDate":
        return sorted(papers, key=lambda paper: paper.published, reverse=backwards)
    if by == "lastUpdatedDate":
        return sorted(papers, key=lambda paper: paper.updated, reverse=backwards)
    return sorted(papers, key=lambda paper: arxiv_search.score(query, paper) if query else 0, reverse=backwards)


def feed(call: Call, page: list[PaperNow], total: int, start: int, per_page: int) -> str:
    """The Atom feed of one page; its `updated` is the time of the request."""
    asked = call.parameters()
    words = f"search_query={asked.get('search_query', '')}&id_list={asked.get('id_list', '')}"
    words += f"&start={start}&max_results={per_page}"
    digest = base64.b64encode(hashlib.sha1(words.encode()).digest()).decode().rstrip("=")
    entries = "".join(_entry(paper) for paper in page)
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/{digest}</id>
  <title>arXiv Query: {escape(words)}</title>
  <updated>{_stamp(call.at)}</updated>
  <link href={quoteattr(f"https://arxiv.org/api/query?{words}")} type="application/atom+xml"/>
  <opensearch:itemsPerPage>{per_page}</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
{entries}</feed>
"""


def _entry(paper: PaperNow) -> str:
    name, facts = f"{paper.id}v{paper.number}", paper.facts
    categories = "".join(
        f'    <category term="{c}" scheme="http://arxiv.org/schemas/atom"/>\n' for c in facts.categories
    )
    authors = "".join(f"    <author>\n      <name>{escape(a)}</name>\n    </author>\n" for a in facts.authors)
    optional = "".join(
        f"    <arxiv:{tag}>{escape(text)}</arxiv:{tag}>\n"
        for tag, text in (("comment", paper.version.comment), ("journal_ref", facts.journal_ref), ("doi", facts.doi))
        if text
    )
    return f"""  <entry>
    <id>http://arxiv.org/abs/{name}</id>
    <title>{escape(facts.title)}</title>
    <updated>{_stamp(paper.updated)}</updated>
    <link href="https://arxiv.org/abs/{name}" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/{name}" rel="related" type="application/pdf" title="pdf"/>
    <summary>{escape(paper.version.abstract)}</summary>
{categories}    <published>{_stamp(paper.published)}</published>
{optional}    <arxiv:primary_category term="{facts.categories[0]}"/>
{authors}  </entry>
"""


def error_entry(at: datetime, message: str, published: bool = False) -> str:
    """The "Error" entry that arXiv puts in a paper's place."""
    anchor = re.sub(r"\W+", "_", message)
    first = f"    <published>{_stamp(at)}</published>\n" if published else ""
    return f"""  <entry>
    <id>https://arxiv.org/api/errors#{anchor}</id>
    <title>Error</title>
    <updated>{_stamp(at)}</updated>
    <link href="https://arxiv.org/api/errors#{anchor}" rel="alternate" type="text/html"/>
    <summary>{escape(message)}</summary>
{first}    <author>
      <name>arXiv api core</name>
    </author>
  </entry>
"""


def _error_feed(call: Call, message: str) -> str:
    empty = feed(call, [], 1, 0, 1)
    return empty.replace("</feed>", error_entry(call.at, message) + "</feed>")


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
