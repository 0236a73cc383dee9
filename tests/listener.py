"""A webhook on loopback that keeps what it was told; with another status it refuses."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(slots=True)
class Listener:
    """Where the webhook is, and what it was told."""

    address: str  # for HARVESTER_NOTIFY
    told: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200

    def titles(self) -> list[str]:
        return [message["title"] for message in self.told]


@contextmanager
def listening(user: str = "") -> Iterator[Listener]:
    """Listens until the block ends; `user` is "name:password@"."""

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.told.append(json.loads(body))
            self.send_response(listener.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
    listener = Listener(f"json://{user}127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
