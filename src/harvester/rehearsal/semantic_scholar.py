"""Semantic Scholar's Graph API, played: `{base}/graph/v1/paper/batch` and `{base}/graph/v1/paper/{id}`."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from harvester.rehearsal.budgets import Meter
from harvester.rehearsal.exchange import Call, Reply, json_reply
from harvester.rehearsal.facts import PaperFacts
from harvester.rehearsal.world import UNKNOWN, World, count

PAPER = "/graph/v1/paper/"
MOST_IDS = 500
DEFAULT_FIELDS = "paperId,title"
FIELDS = frozenset(
    "abstract authors citationCount citationStyles citations corpusId embedding externalIds fieldsOfStudy "
    "influentialCitationCount isOpenAccess journal openAccessPdf paperId publicationDate publicationTypes "
    "publicationVenue referenceCount references s2FieldsOfStudy textAvailability title tldr url venue year".split()
)


def answer(call: Call, world: World, meter: Meter) -> Reply:
    """One call; a key that contains "revoked" is refused, every other key is good."""
    if "revoked" in call.headers.get("x-api-key", ""):
        return json_reply(403, {"message": "Forbidden"})
    if not call.path.startswith(PAPER):
        return json_reply(404, {"message": "Not Found"})
    fields = (call.parameters().get("fields") or DEFAULT_FIELDS).split(",")
    unknown = [field for field in fields if field.split(".")[0] not in FIELDS]
    if unknown:
        return json_reply(400, {"error": f"Unrecognized or unsupported fields: [{', '.join(unknown)}]"})
    name = unquote(call.path.removeprefix(PAPER))
    if name == "batch":
        return _batch(call, world, fields)
    if call.method != "GET":
        return json_reply(405, {"message": "Method Not Allowed"})
    facts = _known(name, world, call.at)
    if facts is None:
        return json_reply(404, {"error": f"Paper with id {name} not found"})
    return json_reply(200, _shown(facts, fields, call.at))


def _batch(call: Call, world: World, fields: list[str]) -> Reply:
    """The papers in the order of the ids asked for, with null for each unknown one."""
    if call.method != "POST":
        return json_reply(405, {"message": "Method Not Allowed"})
    try:
        ids = json.loads(call.body)["ids"]
    except (ValueError, KeyError, TypeError):
        return json_reply(400, {"error": 'Could not parse the request body: expected {"ids": [...]}'})
    if not isinstance(ids, list) or not all(isinstance(name, str) for name in ids):
        return json_reply(400, {"error": "ids must be a list of strings"})
    if len(ids) > MOST_IDS:
        return json_reply(400, {"error": f"Too many paper ids: at most {MOST_IDS} are allowed, got {len(ids)}"})
    found = [_known(name, world, call.at) for name in ids]
    if not any(found):
        return json_reply(400, {"error": "No valid paper ids given"})
    return json_reply(200, [None if facts is None else _shown(facts, fields, call.at) for facts in found])


def _known(name: str, world: World, at: datetime) -> PaperFacts | None:
    """The paper of an id in any of the forms, if Semantic Scholar knows it at that time."""
    kind, colon, key = name.partition(":")
    kind = kind.upper() if colon else ""
    if kind == "ARXIV" and not key.lower().startswith("arxiv:"):
        facts = world.subject(key)
        facts = facts if facts is not None and facts.at_arxiv else None
    elif kind == "DOI":
        facts = world.subject(key)
    elif kind == "URL":
        match = re.search(r"arxiv\.org/(?:abs|pdf)/([^?#]+?)(?:\.pdf)?$", key)
        facts = world.subject(match[1]) if match else None
    elif kind == "CORPUSID":
        facts = next((p for p in world.papers.values() if str(corpus_id(p.id)) == key), None)
    else:
        facts = next((p for p in world.papers.values() if paper_id(p.id) == name), None)
    if facts is None or count(facts.semantic_scholar, at) is UNKNOWN:
        return None
    return facts


def paper_id(key: str) -> str:
    """Semantic Scholar's 40-hex id of a paper of this world."""
    return hashlib.sha1(f"semantic scholar {key}".encode()).hexdigest()


def corpus_id(key: str) -> int:
    """Semantic Scholar's number of a paper of this world."""
    return int(paper_id(key)[:7], 16) + 200_000_000


def _shown(facts: PaperFacts, fields: list[str], at: datetime) -> dict[str, Any]:
    whole = _whole(facts, at)
    return {"paperId": whole["paperId"]} | {name: whole.get(name) for name in (f.split(".")[0] for f in fields)}


def _whole(facts: PaperFacts, at: datetime) -> dict[str, Any]:
    citations = count(facts.semantic_scholar, at)
    first = facts.versions[0]
    external: dict[str, Any] = {"CorpusId": corpus_id(facts.id)}
    if facts.at_arxiv:
        external |= {"ArXiv": facts.id, "DOI": facts.doi or f"10.48550/arXiv.{facts.id}"}
    else:
        external["DOI"] = facts.id
    return {
        "paperId": paper_id(facts.id),
        "corpusId": corpus_id(facts.id),
        "externalIds": external,
        "url": f"https://www.semanticscholar.org/paper/{paper_id(facts.id)}",
        "title": facts.title,
        "abstract": first.abstract,
        "venue": "arXiv.org" if facts.at_arxiv else "",
        "year": first.submitted.year,
        "publicationDate": first.submitted.date().isoformat(),
        "citationCount": citations,
        "influentialCitationCount": citations // 12 if isinstance(citations, int) else None,
        "referenceCount": 20 + corpus_id(facts.id) % 40,
        "isOpenAccess": facts.at_arxiv,
        "authors": [
            {"authorId": str(int(hashlib.sha1(name.encode()).hexdigest()[:7], 16)), "name": name}
            for name in facts.authors
        ],
    }
