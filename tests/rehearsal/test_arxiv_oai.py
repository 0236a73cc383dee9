from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
import requests

from harvester.rehearsal import NIGHTS, NOWHERE, Rehearsal, rehearse

OAI = "{http://www.openarchives.org/OAI/2.0/}"
RAW = "{http://arxiv.org/OAI/arXivRaw/}"


def ask(http: requests.Session, r: Rehearsal, **arguments: Any) -> ElementTree.Element:
    arguments = {name.rstrip("_"): value for name, value in arguments.items()}
    response = http.get(f"{r.url('arxiv_oai')}/oai", params=arguments)
    assert response.status_code == 200, "errors of the protocol come with 200"
    return ElementTree.fromstring(response.content)


def error(tree: ElementTree.Element) -> str | None:
    found = tree.find(f"{OAI}error")
    return None if found is None else found.get("code")


def identifiers(tree: ElementTree.Element) -> list[str]:
    return [str(e.text).removeprefix("oai:arXiv.org:") for e in tree.iter(f"{OAI}identifier")]


def token(tree: ElementTree.Element) -> ElementTree.Element | None:
    return next(tree.iter(f"{OAI}resumptionToken"), None)


@pytest.fixture
def paged() -> Iterator[Rehearsal]:
    with rehearse(oai_page=7) as running:
        yield running


def test_a_chain_of_tokens_brings_every_record_once(paged: Rehearsal, http: requests.Session) -> None:
    tree = ask(http, paged, verb="ListRecords", metadataPrefix="arXivRaw", set="cs:cs:CL")
    seen = identifiers(tree)
    while (onward := token(tree)) is not None and onward.text:
        tree = ask(http, paged, verb="ListRecords", resumptionToken=onward.text)
        seen += identifiers(tree)
    assert onward is not None, "the last page carries an empty token"
    visible = paged.world.papers_visible(paged.now())
    assert sorted(seen) == sorted(paper.id for paper in visible if "cs.CL" in paper.facts.categories)


def test_the_days_are_those_of_the_last_change(r: Rehearsal, http: requests.Session) -> None:
    tree = ask(http, r, verb="ListIdentifiers", metadataPrefix="oai_dc", from_="2024-06-03", until="2024-06-03")
    changed = [p.id for p in r.world.papers_visible(r.now()) if p.modified.date() == NIGHTS[0].date()]
    assert sorted(identifiers(tree)) == sorted(changed) != []


def test_raw_tells_every_version_and_the_withdrawal(r: Rehearsal, http: requests.Session) -> None:
    tree = ask(http, r, verb="GetRecord", metadataPrefix="arXivRaw", identifier="oai:arXiv.org:2405.90000")
    versions = list(tree.iter(f"{RAW}version"))
    assert [v.get("version") for v in versions] == ["v1", "v2"]
    assert [v.findtext(f"{RAW}source_type") for v in versions] == ["D", "I"]
    assert "ithdrawn" in str(next(tree.iter(f"{RAW}comments")).text)


@pytest.mark.parametrize("prefix", ["oai_dc", "arXiv", "arXivRaw"])
def test_every_format_carries_the_title(r: Rehearsal, http: requests.Session, prefix: str) -> None:
    tree = ask(http, r, verb="GetRecord", metadataPrefix=prefix, identifier="oai:arXiv.org:2404.14897")
    texts = [element.text for element in tree.iter() if element.tag.endswith("}title")]
    assert texts == ["Beyond the Speculative Game: A Survey of Speculative Execution in Large Language Models"]


def test_it_introduces_itself(r: Rehearsal, http: requests.Session) -> None:
    assert ask(http, r, verb="Identify").findtext(f".//{OAI}earliestDatestamp") == "2005-09-16"
    formats = ask(http, r, verb="ListMetadataFormats").iter(f"{OAI}metadataPrefix")
    assert [e.text for e in formats] == ["oai_dc", "arXiv", "arXivRaw"]
    specs = [e.text for e in ask(http, r, verb="ListSets").iter(f"{OAI}setSpec")]
    assert {"cs", "cs:cs", "cs:cs:CL", "cs:cs:LG"} <= set(specs)


def test_a_form_by_post_is_the_same_question(r: Rehearsal, http: requests.Session) -> None:
    response = http.post(f"{r.url('arxiv_oai')}/oai", data={"verb": "Identify"})
    assert b"<Identify>" in response.content


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Dance"}, "badVerb"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "arXiv", "identifier": "x"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "arXiv", "from": "June"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "arXiv", "from": "2005-09-15"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "arXiv", "until": "2024-06-05"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "arXiv", "set": "cs:cs:XX"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "arXiv", "set": "cs:cs:OH"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "resumptionToken": ""}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "nonsense"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "arXiv"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "arXiv"}, "badArgument"),
        (
            {"verb": "GetRecord", "metadataPrefix": "arXiv", "identifier": f"oai:arXiv.org:{NOWHERE}"},
            "idDoesNotExist",
        ),
    ],
)
def test_errors_have_their_code(r: Rehearsal, http: requests.Session, arguments: dict[str, str], code: str) -> None:
    assert error(ask(http, r, **arguments)) == code


def test_tomorrow_is_the_latest_day(r: Rehearsal, http: requests.Session) -> None:
    tree = ask(http, r, verb="ListIdentifiers", metadataPrefix="arXiv", until="2024-06-04")
    assert error(tree) is None
