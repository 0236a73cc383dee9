"""A landing's head as JSON, and back: everything but the body, and nothing secret.

Times are ISO 8601 in UTC; the body is named by file, size in bytes and SHA-256.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from harvester.records import Landing, Pairs, Request

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

# What a server may repeat of a session or of a key; none of it says anything about papers.
_SECRET_HEADERS = frozenset(
    ("authorization", "cookie", "set-cookie", "set-cookie2", "x-api-key", "proxy-authorization", "proxy-authenticate")
)
_SUFFIXES = (("xml", "xml"), ("json", "json"), ("text/", "txt"), ("html", "txt"))

README = """\
What upstreams said, as it came: one folder per conversation. Files are appended and never edited.
Everything in `data/curated` and `lists` is made from here; `harvester replay` makes it anew.
"""


@dataclass(frozen=True, slots=True)
class Head:
    """A landing without its body, and the body's file with its digest, to compare with what lies on disk."""

    landing: Landing
    body_file: str | None  # None: the body is empty
    body_sha256: str

    def fits(self, body: bytes) -> bool:
        """Whether these bytes are the body that landed."""
        return hashlib.sha256(body).hexdigest() == self.body_sha256


def write_time(moment: datetime) -> str:
    """Writes a time as "2026-11-20T03:00:04Z", with microseconds where it has them."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def open_headers(headers: Pairs) -> Pairs:
    """Returns the headers that may be kept: lower-case names, without sessions and keys."""
    lower = ((name.lower(), value) for name, value in headers)
    return tuple((name, value) for name, value in lower if name not in _SECRET_HEADERS)


def body_file(number: int, landing: Landing) -> str | None:
    """Names the file of a body after what the server says it is; an empty body has none."""
    if not landing.body:
        return None
    said = (landing.header("content-type") or "").lower()
    suffix = next((suffix for mark, suffix in _SUFFIXES if mark in said), "bin")
    return f"{number:03}.body.{suffix}.gz"


def write_head(number: int, landing: Landing) -> str:
    """Writes the head of a landing as indented JSON."""
    request = landing.request
    head: dict[str, Json] = {
        "request": {
            "source": request.source,
            "method": request.method,
            "path": request.path,
            "parameters": request.parameters,
            "headers": open_headers(request.headers),
            "content_type": request.content_type,
            **_write_body(request.body),
        },
        "status": landing.status,
        "failure": landing.failure,
        "headers": open_headers(landing.headers),
        "fetched_at": write_time(landing.fetched_at),
        "attempts": landing.attempts,
        "waited_seconds": landing.waited_seconds,
        "body": {
            "file": body_file(number, landing),
            "size": len(landing.body),
            "sha256": hashlib.sha256(landing.body).hexdigest(),
        },
    }
    return json.dumps(head, indent=1) + "\n"


def read_head(text: bytes, address: str) -> Head:
    """Reads a head; raises ValueError, KeyError or TypeError where it is not one."""
    head = json.loads(text)
    asked = head["request"]
    request = Request(
        source=asked["source"],
        method=asked["method"],
        path=asked["path"],
        parameters=_pairs(asked["parameters"]),
        headers=_pairs(asked["headers"]),
        body=_read_body(asked),
        content_type=asked["content_type"],
    )
    landing = Landing(
        request=request,
        status=head["status"],
        headers=_pairs(head["headers"]),
        body=b"",
        fetched_at=datetime.fromisoformat(head["fetched_at"]),
        attempts=head["attempts"],
        waited_seconds=head["waited_seconds"],
        failure=head["failure"],
        address=address,
    )
    return Head(landing, head["body"]["file"], head["body"]["sha256"])


def _pairs(rows: Sequence[Sequence[str]]) -> Pairs:
    return tuple((name, value) for name, value in rows)


def _write_body(body: bytes | None) -> dict[str, Json]:
    if body is None:
        return {"body": None}
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode("ascii")}


def _read_body(asked: Mapping[str, str | None]) -> bytes | None:
    packed = asked.get("body_base64")
    if packed is not None:
        return base64.b64decode(packed)
    text = asked["body"]
    return None if text is None else text.encode("utf-8")


def dump(value: Json) -> bytes:
    """Writes JSON as files of landings hold it."""
    return (json.dumps(value, indent=1) + "\n").encode("utf-8")
