"""Bodies as they come over the wire: put together and inflated within bounds; answers that repeat a key told apart."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from harvester.records import Pairs

_PIECE = 65_536  # bytes inflated at once: a bomb never takes more than this beyond its limit
_GZIP = 31  # zlib's window bits for gzip with its header and checksum


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no usable body, in words; `again` when another attempt may bring one."""

    words: str
    again: bool


def gather(chunks: Iterable[bytes], encoding: str, most: int) -> bytes | Trouble:
    """Returns the body behind `Content-Encoding`, of at most `most` bytes, or why there is none."""
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        return Trouble("the body comes in an encoding that was not asked for", again=False)
    body = bytearray()
    try:
        for piece in chunks if encoding in ("", "identity") else _inflate(chunks):
            body += piece
            if len(body) > most:
                return Trouble(f"the body inflates to more than {most:,} bytes", again=False)
    except zlib.error:
        return Trouble("the compressed body is damaged", again=True)
    except EOFError:
        return Trouble("the compressed body was cut", again=True)
    return bytes(body)


def _inflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yields pieces of bounded size; gzip allows several members, and padding after the last."""
    member = zlib.decompressobj(_GZIP)
    begun = False
    for chunk in chunks:
        rest = chunk
        while rest:
            if member.eof and not rest.startswith(b"\x1f"):
                return
            if member.eof:
                member = zlib.decompressobj(_GZIP)
            begun = True
            yield member.decompress(rest, _PIECE)
            rest = member.unused_data if member.eof else member.unconsumed_tail
    yield member.flush()
    if begun and not member.eof:
        raise EOFError


def repeats_key(secrets: Iterable[str], headers: Pairs, body: bytes) -> bool:
    """Whether an answer holds a configured key: as it is, quoted for an address, or as JSON may escape it."""
    spellings = {spelt for key in secrets for spelt in (key, quote(key, safe=""), key.replace("/", "\\/")) if key}
    values = [text for header in headers for text in header]
    return any(spelt.encode() in body or any(spelt in text for text in values) for spelt in spellings)
