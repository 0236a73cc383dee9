"""What goes around a request: its headers, the key for its upstream, and how far a redirect may lead."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote, urlsplit

from harvester.raw.patience import Answer
from harvester.records import Request
from harvester.settings import Upstream

FOLLOWED = "x-harvester-followed"  # header of ours in a landing: the address that a redirect led to
MOVED = frozenset((301, 302, 307, 308))
_REDIRECTS = MOVED | {303}

_KEY_HEADERS = {
    "github": ("Authorization", "Bearer {}"),
    "openalex": ("Authorization", "Bearer {}"),
    "semantic_scholar": ("x-api-key", "{}"),
}
# GitHub's ETags and fields depend on both: https://docs.github.com/rest/about-the-rest-api/api-versions
_OWN_HEADERS = {"github": {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}}


def headers_for(upstream: Upstream, user_agent: str, request: Request) -> dict[str, str]:
    """Returns all headers of a request; raises ValueError where one cannot be sent."""
    agent = quote(user_agent, safe=" !#$&'()*+,-./:;=?@[]_~%")  # headers are ASCII, a contact need not be
    headers = {"User-Agent": agent, "Accept-Encoding": "gzip", "Accept": "*/*"}
    headers |= _OWN_HEADERS.get(upstream.source, {})
    headers |= dict(request.headers)
    if request.content_type:
        headers["Content-Type"] = request.content_type
    if upstream.key and upstream.source in _KEY_HEADERS:
        name, form = _KEY_HEADERS[upstream.source]
        headers[name] = form.format(upstream.key)
    for name, value in headers.items():
        if not (name.isascii() and value.isascii() and f"{name}{value}".isprintable()):
            raise ValueError(f"header {name!r} holds characters that no header has")
    return headers


def is_below(address: str, base: str) -> bool:
    """Whether an address has scheme, host and port of the base, and a path below it."""
    here, there = urlsplit(base), urlsplit(address)
    same = (here.scheme, here.netloc.lower()) == (there.scheme, there.netloc.lower())
    return same and there.path.startswith(here.path.rstrip("/") + "/")


def settle(answer: Answer, followed: str | None) -> Answer:
    """Returns the answer to keep: it says where a redirect led, or in words that one was not followed."""
    if answer.status in _REDIRECTS:
        location = "".join(c for c in answer.header("location") or "nowhere" if c.isprintable())[:200]
        return Answer(None, failure=f"the answer ({answer.status}) redirects to {location}, which is not followed")
    if followed is None or answer.status is None:
        return answer
    return replace(answer, headers=(*answer.headers, (FOLLOWED, followed)))
