"""A loopback upstream that answers with given bytes, also with what no proper server sends; a clock to wind; wires."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from builders import NIGHT

from harvester.raw.gate import Gate
from harvester.raw.patience import Limits
from harvester.raw.wire import Wire
from harvester.records import Request
from harvester.settings import Upstream

ASK = Request("github", "GET", "/repos/a/b", parameters=(("q", 'all:"KV cache"'),))

Play = bytes | Callable[[socket.socket], None]


@dataclass(frozen=True, slots=True)
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float  # time.monotonic
    connection: int  # the client's port: the same for a connection that was kept alive


def http(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """A whole answer; `content_type="text/plain"` becomes a header, Content-Length is added unless given."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if "transfer-encoding" not in named:
        named.setdefault("content-length", str(len(body)))
    head = f"HTTP/1.1 {status} Said\r\n" + "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return head.encode() + b"\r\n" + body


class Player:
    """Gives its answers in order, the last one for ever; remembers what was asked."""

    def __init__(self, *plays: Play) -> None:
        self.seen: list[Seen] = []
        player = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                with suppress(ConnectionError):
                    super().handle_one_request()

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                said = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(length)
                port = self.client_address[1]
                player.seen.append(Seen(self.command, self.path, said, body, time.monotonic(), port))
                play = plays[min(len(player.seen), len(plays)) - 1]
                if isinstance(play, bytes):
                    self.wfile.write(play)
                else:
                    self.close_connection = True
                    with suppress(OSError):
                        play(self.connection)

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, format: str, *words: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Player:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.socket.close()


class Time:
    """A clock that only sleeping moves."""

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self.seconds = start
        self.slept: list[float] = []

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


class Wires:
    """Builds wires to a player with a gate on a clock that only sleeping moves."""

    def __init__(self, folder: Path) -> None:
        self.time = Time()
        self.folder = folder

    def to(
        self,
        player: Player,
        limits: Limits | None = None,
        *,
        source: str = "github",
        key: str | None = None,
        silence: float = 0.0,
        base: str = "",
    ) -> Wire:
        gate = Gate(self.folder, source, 0.0, now=self.time.now, sleep=self.time.sleep)
        upstream = Upstream(source, source, player.url + base, 0.0, silence, key)
        secrets = (key,) if key else ()
        return Wire(upstream, "harvester/0", secrets, gate, lambda: NIGHT, lambda: 0.5, limits or Limits())

    @property
    def paused(self) -> list[float]:
        return [round(seconds, 2) for seconds in self.time.slept]
