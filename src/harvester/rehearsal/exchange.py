"""What goes in and out of a played upstream: one call, one reply."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Call:
    """One request as a played upstream sees it: the prefix of the upstream is already gone from `path`."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    base: str  # this upstream's own address, e.g. http://127.0.0.1:8000/github
    at: datetime  # the virtual time of the call

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters in order, from the URL and from a form body, blank values included."""
        found = parse_qsl(self.query, keep_blank_values=True)
        if self.headers.get("content-type", "").startswith(FORM):
            found += parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return found

    def parameters(self) -> dict[str, str]:
        """The parameters by name; of a repeated one the last counts."""
        return dict(self.pairs())


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a reply is put on the wire when it is not to arrive whole and at once."""

    wait_seconds: float = 0.0  # silence before the first byte
    cut_after: int | None = None  # send only so many bytes of the body, then close
    announce_length: bool = True  # False: no Content-Length, the end of the connection ends the body
    reset: bool = False  # no answer at all: the connection is reset


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of a played upstream."""

    status: int
    body: bytes = b""
    headers: Sequence[tuple[str, str]] = ()
    delivery: Delivery = field(default_factory=Delivery)

    def header(self, name: str) -> str | None:
        """The first header of that name, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def json_reply(status: int, value: Any, headers: Sequence[tuple[str, str]] = ()) -> Reply:
    """A JSON document as an answer."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Reply(status, body, (("Content-Type", "application/json; charset=utf-8"), *headers))


def text_reply(status: int, text: str, kind: str = "text/plain", headers: Sequence[tuple[str, str]] = ()) -> Reply:
    """A text as an answer; `kind` is its media type."""
    return Reply(status, text.encode(), (("Content-Type", f"{kind}; charset=utf-8"), *headers))


def html_reply(status: int, title: str, headers: Sequence[tuple[str, str]] = ()) -> Reply:
    """The kind of page that a proxy shows in the upstream's place."""
    page = f"<html>\n<head><title>{title}</title></head>\n<body><center><h1>{title}</h1></center></body>\n</html>\n"
    return text_reply(status, page, "text/html", headers)
