"""The rehearsal's own pages beside the upstreams: what this is, its clock, its log, its faults."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from harvester.rehearsal.clock import days_behind, wall
from harvester.rehearsal.exchange import Reply, json_reply, text_reply
from harvester.rehearsal.facts import moment
from harvester.rehearsal.fault_fields import checked
from harvester.rehearsal.faults import read
from harvester.rehearsal.upstreams import settings

if TYPE_CHECKING:
    from harvester.rehearsal.stage import Stage

ABOUT = """This is a REHEARSAL, not arXiv, GitHub, Semantic Scholar or OpenAlex.
It plays them on this machine for the harvester's demo, tests and benchmarks. Ids, titles, authors and dates of listed
papers are real; abstracts, most counts and everything that happens from night to night are made up.
"""

_UNKNOWN = """A repository that this small world does not know is answered as GitHub answers for one that is gone: on a
list of your own it gets a badge that says Gone, and papers that it does not know get no citations. So the
settings below keep data and lists in a folder of the rehearsal's own. Leave out the intervals of 0 where it
runs with --enforce-limits; after a 429 of arXiv a run waits 5 seconds here, and 600 where that line is left out.
"""
_BEHIND = """The commands of a maintainer take the machine's time, HARVESTER_DAYS_BEHIND whole days ago, which is less than
a day after the virtual time. Moving it answers with the number that fits then: export that as well.
"""
_KEYS = dict.fromkeys(("GITHUB_TOKEN", "SEMANTIC_SCHOLAR_API_KEY"), "a-key-of-the-rehearsal")  # any will do
_FOLDERS = {f"HARVESTER_{name}": f"rehearsal/{name.lower()}" for name in ("DATA", "LISTS", "STATE")}
# Seconds between requests.
_INTERVALS = [f"HARVESTER_{stem}_INTERVAL" for stem in ("ARXIV", "GITHUB", "SEMANTIC_SCHOLAR", "OPENALEX")]

_SILENCE = {"HARVESTER_ARXIV_SILENCE": "5"}  # seconds; arXiv's own ten minutes would have a person wait


def clock_settings(at: datetime) -> dict[str, str]:
    """The environment by which a maintainer's commands live in the day after the virtual time."""
    return {"HARVESTER_DAYS_BEHIND": str(days_behind(at, wall()))}


def banner(root: str, now: datetime) -> str:
    """What a person sees at the start and at `/`: what this is, and how a harvester is led to it."""
    at = now.isoformat()
    paces = {**dict.fromkeys(_INTERVALS, "0"), **_SILENCE}
    told = {**settings(root), **clock_settings(now), **_KEYS, **_FOLDERS, **paces}
    lines = [f"export {name}={value}" for name, value in told.items()]
    return (
        f"{ABOUT}\nVirtual time: {at}. It stands still until it is moved:\n"
        f'  curl -d \'{{"now": "2024-06-04T03:00:00Z"}}\' {root}/_rehearsal/clock\n\n'
        f"{_BEHIND}\n"
        f"{_UNKNOWN}\n"
        "In another terminal, in the checkout, all that leads here, and a night of that time:\n\n"
        + "\n".join(lines)
        + f"\npython flows/nightly.py --as-of {at}\n"
    )


def answer(stage: Stage, method: str, target: str, body: bytes, root: str) -> Reply:
    """One request to the rehearsal itself."""
    path = urlsplit(target).path
    try:
        match method, path:
            case "GET" | "HEAD", "/":
                return text_reply(200, banner(root, stage.clock.now()))
            case "GET", "/_rehearsal/clock":
                return json_reply(200, {"now": stage.clock.now().isoformat()})
            case "POST", "/_rehearsal/clock":
                stage.clock.move_to(moment(str(_told(body).get("now"))))
                now = stage.clock.now()
                return json_reply(200, {"now": now.isoformat(), "days_behind": days_behind(now, wall())})
            case "GET", "/_rehearsal/log":
                return json_reply(200, stage.log.told())
            case "DELETE", "/_rehearsal/log":
                stage.log.clear()
                return json_reply(200, {"requests": []})
            case "POST", "/_rehearsal/faults":
                stage.script.add(read(checked(_told(body))))
                return json_reply(200, {"faults": "on"})
            case "DELETE", "/_rehearsal/faults":
                stage.script.clear()
                return json_reply(200, {"faults": "off"})
    except (ValueError, TypeError) as error:
        return json_reply(400, {"error": str(error)})
    return json_reply(404, {"error": f"the rehearsal has no {method} {path}; see {root}/"})


def _told(body: bytes) -> dict[str, Any]:
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError("a JSON object is expected")
    return found
