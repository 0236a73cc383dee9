"""arXiv's OAI-PMH, played: `{base}/oai`, GET or form POST; errors come with status 200, as the protocol wants.

Protocol: https://www.openarchives.org/OAI/openarchivesprotocol.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode
from xml.sax.saxutils import escape, quoteattr

from harvester.rehearsal.arxiv_records import METADATA, XSI, groups, sets
from harvester.rehearsal.budgets import Meter
from harvester.rehearsal.exchange import Call, Reply, html_reply, text_reply
from harvester.rehearsal.world import PaperNow, World

EARLIEST = date(2005, 9, 16)
PROTOCOL = "http://www.openarchives.org/OAI/2.0/"
PREFIX = "oai:arXiv.org:"
ARGUMENTS = {
    "Identify": frozenset[str](),
    "ListMetadataFormats": frozenset({"identifier"}),
    "ListSets": frozenset({"resumptionToken"}),
    "GetRecord": frozenset({"identifier", "metadataPrefix"}),
    "ListRecords": frozenset({"from", "until", "set", "metadataPrefix", "resumptionToken"}),
    "ListIdentifiers": frozenset({"from", "until", "set", "metadataPrefix", "resumptionToken"}),
}
PAGE = 1300  # records a page, as seen in May 2026


class OaiError(ValueError):
    """An error of the protocol: a code and a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list request asks for, and how many records of it were told already."""

    verb: str
    prefix: str
    since: date
    until: date
    group: str | None
    skip: int

    def token(self, at: date, skip: int) -> str:
        """A resumption token: the query itself, with an advancing `from` and a count to skip."""
        told = {"verb": self.verb, "metadataPrefix": self.prefix, "from": at, "until": self.until}
        return urlencode(told | ({"set": self.group} if self.group else {}) | {"skip": skip})


def answer(call: Call, world: World, meter: Meter, page: int = PAGE) -> Reply:
    """One call; `page` is the number of records in a page."""
    if call.path.rstrip("/") != "/oai":
        return html_reply(404, "404 Not Found")
    if call.method not in ("GET", "POST"):
        return html_reply(405, "405 Method Not Allowed")
    pairs = call.pairs()
    given = dict(pairs)
    try:
        if len(given) < len(pairs):
            raise OaiError("badArgument", "An argument is repeated.")
        content = "".join(_content(call, given, world, page))
    except OaiError as error:
        bare = error.code in ("badVerb", "badArgument")
        content = f'<error code="{error.code}">{escape(str(error))}</error>\n'
        return _document(call, {} if bare else given, content)
    return _document(call, given, content)


def _document(call: Call, given: dict[str, str], content: str) -> Reply:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in given.items())
    stamp = call.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="{PROTOCOL}" {XSI} xsi:schemaLocation="{PROTOCOL} {PROTOCOL}OAI-PMH.xsd">
<responseDate>{stamp}</responseDate>
<request{attributes}>{escape(call.base)}/oai</request>
{content}</OAI-PMH>
"""
    return text_reply(200, text, "text/xml")


def _content(call: Call, given: dict[str, str], world: World, page: int) -> Iterator[str]:
    verb = given.get("verb", "")
    if verb not in ARGUMENTS:
        raise OaiError("badVerb", f"Bad verb. Verb '{verb}' not implemented.")
    arguments = {name: value for name, value in given.items() if name != "verb"}
    illegal = sorted(set(arguments) - ARGUMENTS[verb])
    if illegal:
        raise OaiError("badArgument", f"Verb '{verb}', illegal argument '{illegal[0]}'.")
    if verb == "Identify":
        yield _identify(call)
    elif verb == "ListSets":
        yield _sets(arguments, world, call.at)
    elif verb == "ListMetadataFormats":
        yield _formats(arguments, world, call.at)
    elif verb == "GetRecord":
        yield _one(arguments, world, call.at)
    else:
        yield _page(_listing(verb, arguments, world, call.at), world, call.at, page)


def _identify(call: Call) -> str:
    return (
        f"<Identify>\n<repositoryName>arXiv (rehearsal)</repositoryName>\n<baseURL>{escape(call.base)}/oai</baseURL>\n"
        "<protocolVersion>2.0</protocolVersion>\n<adminEmail>nobody@example.org</adminEmail>\n"
        f"<earliestDatestamp>{EARLIEST}</earliestDatestamp>\n<deletedRecord>persistent</deletedRecord>\n"
        "<granularity>YYYY-MM-DD</granularity>\n</Identify>\n"
    )


def _sets(arguments: dict[str, str], world: World, at: datetime) -> str:
    if "resumptionToken" in arguments:
        raise OaiError("badResumptionToken", "The list of sets is complete in one page.")
    names = sorted({name for paper in world.papers_visible(at) for name in groups(paper.facts.categories)})
    rows = "".join(f"<set><setSpec>{name}</setSpec><setName>{name}</setName></set>\n" for name in names)
    return f"<ListSets>\n{rows}</ListSets>\n"


def _formats(arguments: dict[str, str], world: World, at: datetime) -> str:
    if "identifier" in arguments:
        _paper(arguments["identifier"], world, at)
    rows = "".join(
        f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>{schema}</schema>"
        f"<metadataNamespace>{namespace}</metadataNamespace></metadataFormat>\n"
        for prefix, (schema, namespace, _) in METADATA.items()
    )
    return f"<ListMetadataFormats>\n{rows}</ListMetadataFormats>\n"


def _one(arguments: dict[str, str], world: World, at: datetime) -> str:
    for name in ("identifier", "metadataPrefix"):
        if name not in arguments:
            raise OaiError("badArgument", f"Verb 'GetRecord', required argument '{name}' is missing.")
    prefix = _known_prefix(arguments["metadataPrefix"])
    return f"<GetRecord>\n{_record(_paper(arguments['identifier'], world, at), prefix)}</GetRecord>\n"


def _paper(identifier: str, world: World, at: datetime) -> PaperNow:
    found = world.paper(identifier.removeprefix(PREFIX), at) if identifier.startswith(PREFIX) else None
    if found is None:
        raise OaiError("idDoesNotExist", f"Identifier '{identifier}' does not correspond to a record.")
    return found


def _known_prefix(prefix: str) -> str:
    if prefix not in METADATA:
        raise OaiError("cannotDisseminateFormat", f"Metadata format '{prefix}' is not supported.")
    return prefix


def _listing(verb: str, arguments: dict[str, str], world: World, at: datetime) -> Listing:
    token = arguments.get("resumptionToken")
    if token is None:
        return _asked(verb, arguments, world, at, 0)
    if len(arguments) > 1:
        raise OaiError("badArgument", "resumptionToken is an exclusive argument.")
    told = dict(parse_qsl(token))
    skip = told.pop("skip", "")
    try:
        if told.pop("verb", "") != verb or not skip.isdigit():
            raise OaiError("badArgument", "not one of ours")
        return _asked(verb, told, world, at, int(skip))
    except OaiError as error:
        raise OaiError("badResumptionToken", f"The token {token!r} cannot be used.") from error


def _asked(verb: str, arguments: dict[str, str], world: World, at: datetime, skip: int) -> Listing:
    if "metadataPrefix" not in arguments:
        raise OaiError("badArgument", f"Verb '{verb}', required argument 'metadataPrefix' is missing.")
    prefix = _known_prefix(arguments["metadataPrefix"])
    today = at.astimezone(UTC).date()
    since, until = _day(arguments.get("from"), EARLIEST), _day(arguments.get("until"), today)
    if since < EARLIEST or until > today + timedelta(days=1) or since > until:
        raise OaiError("badArgument", f"The dates {since} to {until} are out of range.")
    group = arguments.get("set")
    if group is not None and group not in sets():
        raise OaiError("badArgument", f"Set '{group}' does not exist.")
    return Listing(verb, prefix, since, until, group, skip)


def _day(text: str | None, default: date) -> date:
    try:
        return default if text is None else datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise OaiError("badArgument", f"'{text}' is not a date of the form YYYY-MM-DD.") from error


def _page(listing: Listing, world: World, at: datetime, page: int) -> str:
    found = [paper for paper in world.papers_visible(at) if _listed(paper, listing)]
    found.sort(key=lambda paper: (_datestamp(paper), paper.id))
    shown, rest = found[listing.skip : listing.skip + page], found[listing.skip + page :]
    if not shown:
        raise OaiError("noRecordsMatch", "The combination of the arguments results in an empty list.")
    rows = "".join(_header(p) if listing.verb == "ListIdentifiers" else _record(p, listing.prefix) for p in shown)
    return f"<{listing.verb}>\n{rows}{_resume(listing, shown, rest, at)}</{listing.verb}>\n"


def _listed(paper: PaperNow, listing: Listing) -> bool:
    in_group = listing.group is None or listing.group in groups(paper.facts.categories)
    return in_group and listing.since <= _datestamp(paper) <= listing.until


def _resume(listing: Listing, shown: Sequence[PaperNow], rest: Sequence[PaperNow], at: datetime) -> str:
    if not rest:  # the last page of several ends with an empty token
        return "" if listing.skip == 0 else "<resumptionToken/>\n"
    onward = _datestamp(shown[-1])
    same_day = sum(_datestamp(paper) == onward for paper in shown)
    same_day += listing.skip if onward == listing.since else 0
    expires = (at.astimezone(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT00:00:00Z")
    token = escape(listing.token(onward, same_day))
    return f'<resumptionToken expirationDate="{expires}">{token}</resumptionToken>\n'


def _datestamp(paper: PaperNow) -> date:
    return paper.modified.astimezone(UTC).date()


def _header(paper: PaperNow) -> str:
    specs = "".join(f" <setSpec>{name}</setSpec>\n" for name in groups(paper.facts.categories))
    stamp = _datestamp(paper)
    return (
        f"<header>\n <identifier>{PREFIX}{paper.id}</identifier>\n <datestamp>{stamp}</datestamp>\n{specs}</header>\n"
    )


def _record(paper: PaperNow, prefix: str) -> str:
    _, _, write = METADATA[prefix]
    return f"<record>\n{_header(paper)}<metadata>\n{write(paper)}</metadata>\n</record>\n"
