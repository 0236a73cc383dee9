"""What the rehearsal sends has the shape of what the real upstreams once sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import requests

from harvester.rehearsal import Rehearsal

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "realdata" / "recorded-responses"
pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the shared folder with recorded responses is not beside this checkout"
)
ATOM = "{http://www.w3.org/2005/Atom}"


def shape(element: ElementTree.Element) -> list[tuple[str, tuple[str, ...]]]:
    """The children's names and attributes in order, repetitions once."""
    return list(dict.fromkeys((child.tag, tuple(sorted(child.keys()))) for child in element))


def test_an_atom_feed_is_built_like_arxivs(r: Rehearsal, http: requests.Session) -> None:
    recorded = json.loads((RECORDED / "arxiv-atom/arxiv.py/q_testing_s0_m15_80c242b59d59.json").read_text())
    theirs = ElementTree.fromstring(recorded["body"])
    ours = ElementTree.fromstring(http.get(f"{r.url('arxiv')}/api/query?search_query=all:rehearsal").content)
    assert shape(ours) == shape(theirs)
    whole = {pair for entry in theirs.iter(f"{ATOM}entry") for pair in shape(entry)}
    for entry in ours.iter(f"{ATOM}entry"):
        assert set(shape(entry)) <= whole


def test_a_raw_oai_record_is_built_like_arxivs(r: Rehearsal, http: requests.Session) -> None:
    theirs = ElementTree.parse(RECORDED / "arxiv-oai/arXivOAIHarvester/GetRecordResponse.xml").getroot()
    address = f"{r.url('arxiv_oai')}/oai?verb=GetRecord&metadataPrefix=arXivRaw&identifier=oai:arXiv.org:2405.90000"
    ours = ElementTree.fromstring(http.get(address).content)
    assert tags(ours) == tags(theirs)


def tags(tree: ElementTree.Element) -> list[str]:
    """All element names, each once, in order of appearance; without those that a paper need not have."""
    optional = ("journal-ref", "doi")
    return [tag for tag in dict.fromkeys(e.tag for e in tree.iter()) if not tag.endswith(optional)]


def test_a_repository_has_no_key_that_github_lacks(r: Rehearsal, http: requests.Session) -> None:
    fixture = RECORDED / "github-rest/octokit/get-repository/normalized-fixture.json"
    theirs: dict[str, Any] = json.loads(fixture.read_text(encoding="utf-8"))[0]["response"]
    ours = http.get(f"{r.url('github')}/repos/catid/dora").json()
    assert set(ours) - set(theirs) <= {"visibility", "disabled", "topics"}, "younger than the recording"


def test_a_work_has_no_key_that_openalex_lacks(r: Rehearsal, http: requests.Session) -> None:
    theirs: dict[str, Any] = json.loads((RECORDED / "openalex/work.json").read_text(encoding="utf-8"))
    ours = http.get(f"{r.url('openalex')}/works?per-page=1").json()["results"][0]
    assert set(ours) <= set(theirs)


def test_a_paper_has_the_fields_that_semantic_scholar_gave(r: Rehearsal, http: requests.Session) -> None:
    text = (RECORDED / "semantic-scholar/test_get_papers_not_found_warning.yaml").read_text(encoding="utf-8")
    url = f"{r.url('semantic_scholar')}/graph/v1/paper/ARXIV:2404.14897"
    fields = "paperId,corpusId,externalIds,url,title,abstract,venue,year,publicationDate,citationCount,authors"
    ours = http.get(url, params={"fields": fields}).json()
    assert all(f'"{name}"' in text for name in ours)
    assert set(ours) == set(fields.split(","))
